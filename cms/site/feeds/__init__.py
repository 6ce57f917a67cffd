"""Feeds: what a list holds, written as RSS 2.0, Atom and JSON Feed 1.1.

The same rows always give the same bytes: nothing in a feed is the moment it was made. Identifiers are the stored
ones; dates are of the posts.
"""
