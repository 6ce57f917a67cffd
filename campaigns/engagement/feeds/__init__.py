"""Who follows our feeds: asked for by programs, so counted apart from visitors and never added to them.

A service that fetches for many says how many in its user agent; the newest number of each counts, not the sum of its
visits. A program that fetches for one person is told from others for a day. RSS, Atom and JSON are one feed.
"""
