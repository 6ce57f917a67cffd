"""Channels in Discord, through a webhook."""
