"""What the public answers: comments in threads below a subject, their moderation, and what the company says back.

A subject is anything people talk about: a post here, a topic of a circle or a contest theme in the rooms below, which
offer theirs through `subjects`. A comment never knows more of it than its kind and number.
"""
