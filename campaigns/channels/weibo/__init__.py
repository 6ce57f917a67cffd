"""Sina Weibo, through the interface for sharing by third parties."""
