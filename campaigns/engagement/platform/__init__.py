"""What networks say of what we sent them: likes, reposts, replies, followers, asked again and again, and never overwritten.

Each delivery has a row that says when to ask next (`models.FigureWatch`); each account one that says who is asking
(`models.FigureSeat`). What a network told becomes rows that only grow (`models.PlatformFigure`).
"""
