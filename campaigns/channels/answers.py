"""From what happened on the line to an outcome: the part that is the same for every network."""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime

from flask_babel import gettext as _

from campaigns.channels.adapter import Later, Outcome, Paused, Refused, Unsure
from campaigns.channels.counting import excess
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Limits


def lost(problem: Lost, *, publishes: bool) -> Outcome:
    """No answer. Sent and lost is unsure where readers would see it; else it is surely not done, or can be done again."""
    if problem.was_refused:
        return Refused(problem.reason, code="address")
    if problem.was_sent and publishes:
        return Unsure(problem.reason, code="no_answer")
    return Later(problem.reason, code="unreachable")


def failed(reply: Reply, *, publishes: bool, now: datetime) -> Outcome:
    """An answer that is not 2xx and that the network has no word of its own for.

    5xx to a step that publishes is unsure: many servers fail after they have stored what was sent.
    """
    if reply.status == 429 or (reply.status == 503 and "retry-after" in reply.headers):
        after = retry_after(reply.headers, now)
        return Later(reply.text, code=str(reply.status), after=after, whole_account=True)
    if reply.status >= 500 or reply.status == 408:
        if publishes:
            return Unsure(reply.text, code=str(reply.status))
        return Later(reply.text, code=str(reply.status))
    return Refused(reply.text or str(reply.status), code=str(reply.status))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by `Retry-After` (RFC 9110, 10.2.3): a number, or a date."""
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        until = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())


def too_long(text: str, limits: Limits) -> Refused | None:
    """A text over its network's limit is refused here, before anybody is asked."""
    over = excess(text, limits)
    if not over:
        return None
    return Refused(_("The text is too long for this network, by %(over)s.", over=over), code="too_long")


def untold(outcome: Outcome) -> Later | Paused:
    """An outcome of asking for figures that told none: what is no matter of time or of credentials is asked again later."""
    if isinstance(outcome, Later | Paused):
        return outcome
    reason, code = (outcome.reason, outcome.code) if isinstance(outcome, Refused | Unsure) else ("", "")
    return Later(reason, code=code)


def no_word(reply: Reply, *, publishes: bool) -> Outcome:
    """2xx without the network's own word: a page of something in between. It may have passed our request on."""
    reason = _("The answer was not the network's own: %(said)s", said=reply.text[:200])
    return Unsure(reason, code="no_word") if publishes else Later(reason, code="no_word")
