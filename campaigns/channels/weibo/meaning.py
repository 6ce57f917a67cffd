"""What Weibo's numbers mean. It answers 400 or 403 with `error_code`; most of its numbers are from secondary sources."""

from datetime import datetime

from campaigns.channels import answers
from campaigns.channels.adapter import Later, Outcome, Paused, Refused
from campaigns.channels.http import Reply

POSTED_LATE = 20032  # posted, and not yet shown
DUPLICATES = (20017, 20019, 20111)
NOT_GRANTED = ("10005", "10014")  # this one call is not for this application
GONE = (20101,)  # there is no such post
_PAUSING = {
    *(10005, 10006, 10014, 20031, 20033),
    *range(21301, 21306),
    *range(21314, 21320),
    *(21327, 21332),
}
_LIMITED = (10004, 10022, 10023, 10024, 20016)
_BUSY = (10001, 10002, 10003, 10009, 10010, 10011)
_HOUR = 3600  # seconds; Weibo's quotas are by the hour


def number(reply: Reply) -> int:
    """Weibo's own number in an answer, or 0."""
    code = reply.json.get("error_code")
    return int(code) if isinstance(code, int | str) and str(code).isdecimal() else 0


def meaning(reply: Reply, said: str, *, now: datetime, publishes: bool) -> Outcome:
    """The outcome of an answer that is no post."""
    code = number(reply)
    if not code:
        if reply.status in (401, 403):
            return Paused(said, code=str(reply.status))
        if reply.is_ok:
            return answers.no_word(reply, publishes=publishes)
        return answers.failed(reply, publishes=publishes, now=now)
    if code in _PAUSING:
        return Paused(said, code=str(code))
    if code in _LIMITED:
        after = answers.retry_after(reply.headers, now)
        # Without a word about it: until the hour is over.
        wait = after if after is not None else _HOUR - now.timestamp() % _HOUR
        return Later(said, code=str(code), after=wait, whole_account=True)
    if code in _BUSY:
        return Later(said, code=str(code))
    return Refused(said, code=str(code))
