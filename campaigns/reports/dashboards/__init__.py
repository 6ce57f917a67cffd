"""What is going on, one page a question: now, posts, accounts, links, authors, feeds, and campaigns against their targets.

Each module asks for one page, in a number of queries that does not grow with what is shown; arithmetic is in `pace`.
"""
