"""Telegram channels and groups, through a bot."""
