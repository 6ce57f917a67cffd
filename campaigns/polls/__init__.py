"""One question to readers, below a post or on the page of a campaign: a choice, or how likely they are to recommend us.

The form stands on pages that are the same for everybody, so it carries no token: the browser says which page sends it,
and each visitor answers once in a window, which the database sees to. Answers hold nothing about who gave them beyond
what they say themselves.
"""
