"""Campaigns: a purpose with dates, audiences, budget, targets and partners that posts, links and deliveries serve.

A campaign is planned, runs, may be paused, is finished, and is put into the archive. What it gathers, it names: a post
belongs to one campaign at most, so that what it reached is counted once.
"""
