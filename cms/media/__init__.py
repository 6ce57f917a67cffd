"""Uploads: pictures with their sizes and formats, audio and video, alternative text and credit."""
