"""Channels in Slack, through a bot, which can also look at what it said."""
