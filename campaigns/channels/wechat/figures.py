"""How often articles are read, as WeChat counts: told the next morning, by the day they were published, for thirty days.

What it answers of a day is everything that was published on it, each with a line for every day since. A line is taken to
hold the sum until then, so the largest is the newest; were it of its day alone, it would still be no more than the truth.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from campaigns.channels import answers
from campaigns.channels.adapter import Later, Paused
from campaigns.channels.wechat.calls import Calls
from campaigns.channels.wechat.meaning import BEIJING, NOT_GRANTED, meaning, number, said

_DAY = timedelta(days=1)


def day_of(at: datetime) -> str:
    """The day in Beijing, as WeChat writes it."""
    return at.astimezone(BEIJING).date().isoformat()


def reads_of(calls: Calls, days: Sequence[str], *, now: datetime) -> Mapping[str, int] | Later | Paused:
    """People who read what was published on these days, by `msgid`; today is not told yet. Raises `Lost` and `NoToken`."""
    found: dict[str, int] = {}
    for day in days:
        if day > day_of(now - _DAY):
            continue
        reply = calls.ask("/datacube/getarticletotaldetail", {"begin_date": day, "end_date": day})
        listed = reply.json.get("list")
        if number(reply) == NOT_GRANTED:
            return Later(said(reply), code=str(NOT_GRANTED))  # it says nothing of publishing: that goes on
        if not isinstance(listed, list):
            return answers.untold(meaning(reply, now=now, publishes=False))
        for one in listed:
            told = [line["read_user"] for line in one.get("detail_list") or [] if _is_told(line)]
            if told:
                found[str(one.get("msgid"))] = max(told)
    return found


def _is_told(line: Mapping[str, Any]) -> bool:
    return isinstance(line.get("read_user"), int)
