"""What stands in the way of acts in rooms above, or has to be known before them."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import ngettext

from campaigns.deliveries.queries.waiting import leaving
from cms.core.seams import Finding


def before_account_removal(account_id: int) -> Iterator[Finding]:
    """What waits to go to an account, and what becomes of it."""
    cancelled, unsettled = leaving(account_id)
    if cancelled:
        sentence = ngettext(
            "%(num)d delivery that has not gone out is cancelled. Its post and its text are kept.",
            "%(num)d deliveries that have not gone out are cancelled. Their posts and texts are kept.",
            cancelled,
        )
        yield Finding("deliveries.cancelled", str(sentence), url=url_for("deliveries.list_deliveries"))
    if unsettled:
        sentence = ngettext(
            "%(num)d delivery is on its way. Whether it arrives can then only be settled by hand.",
            "%(num)d deliveries are on their way. Whether they arrive can then only be settled by hand.",
            unsettled,
        )
        yield Finding("deliveries.unsettled", str(sentence), url=url_for("deliveries.list_deliveries"))
