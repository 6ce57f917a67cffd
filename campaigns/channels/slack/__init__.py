"""Channels in Slack, through an incoming webhook."""
