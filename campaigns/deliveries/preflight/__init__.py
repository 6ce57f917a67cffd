"""What to know before a post is sent to accounts: everything that would make it fail, be late, or be regretted.

Nothing here writes, and nothing goes over the network: links are looked at by the worker, when texts are saved.
"""

from campaigns.deliveries.preflight.asking import Proposed, blocking, preflight

__all__ = ["Proposed", "blocking", "preflight"]
