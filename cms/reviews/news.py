"""What people are told about reviews."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.core.errors import NotFound
from cms.notices.kinds import NoticeKind
from cms.people.models import Person
from cms.reviews import queries, rules

Detail = Mapping[str, Any]


def _asked(detail: Detail) -> str:
    who = detail.get("who")
    if who:
        return str(gettext("%(who)s asks for your review of “%(title)s”", who=who, title=detail["title"]))
    return str(gettext("Your review of “%(title)s” is asked for", title=detail["title"]))


def _decided(detail: Detail) -> str:
    title, who = detail["title"], detail.get("who") or ""
    sentences = {
        "approved": lambda: gettext("The review of “%(title)s” is done: everybody agreed", title=title),
        "changes": lambda: gettext("%(who)s asks for changes in “%(title)s”", who=who, title=title),
        "comment": lambda: gettext("%(who)s commented on “%(title)s”", who=who, title=title),
    }
    return str(sentences[detail["verdict"]]())


def _voided(detail: Detail) -> str:
    return str(
        gettext("“%(title)s” was changed after you approved it. Please look again", title=detail["title"])
    )


def _commented(detail: Detail) -> str:
    return str(
        gettext("%(who)s wrote about a passage of “%(title)s”", who=detail["who"], title=detail["title"])
    )


def _overdue(detail: Detail) -> str:
    title = detail["title"]
    if detail.get("is_late"):
        return str(gettext("Your review of “%(title)s” is overdue", title=title))
    return str(gettext("Your review of “%(title)s” is due soon", title=title))


def _address(subject: str, detail: Detail) -> str:
    return url_for("reviews.show_review", post_id=int(subject.removeprefix("post:")))


def _may_see(person: Person, subject: str) -> bool:
    try:
        return rules.can_see_review(person, queries.get_review(int(subject.removeprefix("post:"))))
    except NotFound:
        return False


def _visible(person: Person, subjects: Collection[str]) -> Collection[str]:
    ids = queries.reviewable(person, [int(one.removeprefix("post:")) for one in subjects])
    return {f"post:{one}" for one in ids}


def _kind(key: str, label: Any, sentence: Callable[[Detail], str], by_mail: str = "now") -> NoticeKind:
    return NoticeKind(
        key=key,
        label=label,
        sentence=sentence,
        address=_address,
        may_see=_may_see,
        visible=_visible,
        by_mail=by_mail,
        concerns=rules.can_see_queue,
    )


NOTICES = [
    _kind("review.asked", _("Your review is asked for"), _asked),
    _kind("review.decided", _("A text of yours was decided on"), _decided),
    _kind("review.voided", _("A text you approved was changed"), _voided),
    _kind("review.commented", _("Somebody wrote about a passage"), _commented, "digest"),
    _kind("review.overdue", _("A review you owe is due"), _overdue),
]
