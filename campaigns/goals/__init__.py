"""What a campaign wants people to do, and how many did it: open a page, follow a link, share, sign up, answer.

A conversion is counted for the campaign that brought the person: one that showed them something, in the same window and
no later. Each is a fact in the store of its own (`goal:3`), once for each person, goal and window, so nothing here is
estimated. `following` finds them while readers' lines are collected.
"""
