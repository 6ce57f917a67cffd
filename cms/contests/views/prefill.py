"""What a new contest begins with: the last one of its series, its times moved on by whole weeks, or what a reader wrote."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from cms.comments.models import Comment
from cms.comments.subjects import Subject
from cms.contests.forms import values_of, values_of_rules
from cms.contests.models import Contest
from cms.core.walltime import WALL

WEEK = timedelta(weeks=1)


def next_in_series(contest: Contest, at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """Values for both forms. Times keep their weekday and their clock, and lie ahead."""
    said = values_of(contest)
    weeks = _weeks_ahead(contest, at)
    for phase in contest.phases:
        for side in ("starts", "ends"):
            wall = said.get(f"{phase.kind}_{side}")
            if wall:
                said[f"{phase.kind}_{side}"] = (datetime.strptime(wall, WALL) + weeks).strftime(WALL)  # noqa: DTZ007
    for name in ("version", "slug", "theme_url", "theme_by", "title_en", "title_zh", "brief_en", "brief_zh"):
        said[name] = ""
    return said, values_of_rules(contest.rules[-1])


def from_comment(comment: Comment, subject: Subject) -> dict[str, str]:
    """A comment as the theme: its words quoted, where they were said, and whose they are.

    Who wrote without an account is named below the words, as in a draft that is begun from a comment.
    """
    language = "zh" if comment.language == "zh" else "en"
    said = "\n".join(f"> {line}".rstrip() for line in comment.body.splitlines())
    credit = _("From a comment by %(name)s", name=comment.author_name)
    address = f"{subject.thread}#c{comment.id}"
    return {
        f"brief_{language}": said if comment.author else f"{said}\n\n*[{credit}]({address})*",
        "theme_url": address,
        "theme_by": comment.author.handle if comment.author else "",
    }


def _weeks_ahead(contest: Contest, at: datetime) -> timedelta:
    """At least a week from now to the first beginning."""
    first = min((one.starts_at for one in contest.phases), default=at)
    weeks = 0
    while first + weeks * WEEK < at + WEEK:
        weeks += 1
    return weeks * WEEK
