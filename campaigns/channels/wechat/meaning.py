"""What WeChat's numbers mean. It answers 200 whatever happens: `errcode` says what."""

from datetime import datetime, timedelta, timezone
from typing import Any

from campaigns.channels import answers
from campaigns.channels.adapter import Later, Outcome, Paused, Refused
from campaigns.channels.http import Reply

ENDED = (40001, 40014, 41001, 42001)  # the token
NOT_GRANTED = 48001  # this interface is not for this account
NO_SUCH_MEDIA = 40007
NO_SUCH_ARTICLE = 53600
BY_HAND = (53504, 53505)  # the draft can only be sent at WeChat's own site
_PAUSING = (*ENDED, 40013, 40125, 40164, NOT_GRANTED, 48004, 50002)
_DAILY = 45009
_BY_MINUTE = 45011
_BUSY = -1
_MINUTE = 60.0
BEIJING = timezone(timedelta(hours=8))


def number(reply: Reply) -> int | None:
    """`errcode`; 0 where WeChat answered without one, None where it was not WeChat that answered."""
    if not reply.json:
        return None
    code = reply.json.get("errcode", 0)
    return code if isinstance(code, int) else None


def said(reply: Reply) -> str:
    """`errmsg`, without the number of the request that WeChat adds."""
    words: Any = reply.json.get("errmsg")
    return str(words).partition(" rid: ")[0] if words else reply.text[:200] or str(reply.status)


def meaning(reply: Reply, *, now: datetime, publishes: bool) -> Outcome:
    """The outcome of an answer that is not what was asked for."""
    code = number(reply)
    if code is None or code == 0:
        if reply.is_ok:
            return answers.no_word(reply, publishes=publishes)
        return answers.failed(reply, publishes=publishes, now=now)
    if code in _PAUSING:
        return Paused(said(reply), code=str(code))
    if code == _DAILY:
        return Later(said(reply), code=str(code), until=_next_midnight(now), whole_account=True)
    if code == _BY_MINUTE:
        return Later(said(reply), code=str(code), after=_MINUTE, whole_account=True)
    if code == _BUSY:
        return Later(said(reply), code=str(code))
    return Refused(said(reply), code=str(code))


def _next_midnight(now: datetime) -> datetime:
    """In Beijing, where WeChat's days begin."""
    tomorrow = now.astimezone(BEIJING) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
