"""Deliveries: one post to one account at one time, exactly once or a person is told.

The row is the queue. A worker claims a row with a lease, writes down what it is about to send before it sends it, and
writes down the answer. What is not known is looked up at the network, and never sent again blindly. `docs/delivery.md`
says what is promised and how it is proven.
"""
