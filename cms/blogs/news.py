"""What members and editors are told about blogs."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cms.blogs import rules
from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.people.models import Person
from cms.posts.models import Post


def _runs(person: Person, subject: str) -> bool:
    return rules.can_run_blogs(person)


def _anybody(person: Person, subject: str = "") -> bool:
    """It was told to whoever it is about; what it leads to asks again."""
    return person.is_active


def _applied(detail: Mapping[str, Any]) -> str:
    return str(gettext("%(name)s asks for a blog: “%(title)s”.", name=detail["name"], title=detail["title"]))


def _decided(detail: Mapping[str, Any]) -> str:
    title = detail["title"]
    return {
        "opened": str(gettext("Your blog “%(title)s” is open. You can write now.", title=title)),
        "reopened": str(gettext("Your blog “%(title)s” is open again.", title=title)),
        "refused": str(gettext("Your blog “%(title)s” was not opened. The editors say why.", title=title)),
        "closed": str(gettext("Your blog “%(title)s” was closed. The editors say why.", title=title)),
    }[detail["state"]]


def _featured(detail: Mapping[str, Any]) -> str:
    return str(gettext("“%(title)s” from your blog is shown on the home page.", title=detail["title"]))


def _lapsed(detail: Mapping[str, Any]) -> str:
    sentence = gettext("“%(title)s” was changed in its blog and left the home page.", title=detail["title"])
    return str(sentence)


def _pitched(detail: Mapping[str, Any]) -> str:
    name, title = detail["name"], detail["title"]
    return str(gettext("%(name)s offers “%(title)s” to the main blog.", name=name, title=title))


def _pitch_decided(detail: Mapping[str, Any]) -> str:
    if detail["state"] == "accepted":
        return str(gettext("“%(title)s” is on the main blog now, with your name.", title=detail["title"]))
    sentence = gettext("The main blog does not take “%(title)s”. The editors say why.", title=detail["title"])
    return str(sentence)


def _to_applications(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("blogs.show_blog", blog_id=int(subject.partition(":")[2]))


def _to_own(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("blogs.show_own_blog")


def _to_posts(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("blogs.list_posts")


def _to_pitch(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("blogs.show_pitch", pitch_id=int(subject.partition(":")[2]))


def _is_there(person: Person, subject: str) -> bool:
    post = db.session.get(Post, int(subject.partition(":")[2]))
    return rules.can_run_blogs(person) and post is not None and post.is_live


NOTICES = [
    NoticeKind(
        "blog.applied",
        _("Somebody asks for a blog"),
        _applied,
        _to_applications,
        _runs,
        concerns=rules.can_run_blogs,
    ),
    NoticeKind(
        "blog.pitched",
        _("A text of a blog is offered to the main blog"),
        _pitched,
        _to_pitch,
        _runs,
        concerns=rules.can_run_blogs,
    ),
    NoticeKind(
        "blog.feature_lapsed",
        _("A featured text was changed in its blog"),
        _lapsed,
        _to_posts,
        _is_there,
        concerns=rules.can_run_blogs,
    ),
    NoticeKind(
        "blog.decided", _("Your blog is opened or closed"), _decided, _to_own, _anybody, concerns=_anybody
    ),
    NoticeKind(
        "blog.featured",
        _("Editors show a text of your blog on the home page"),
        _featured,
        _to_own,
        _anybody,
        concerns=_anybody,
    ),
    NoticeKind(
        "blog.pitch_decided",
        _("Whether the main blog takes what you offered"),
        _pitch_decided,
        _to_own,
        _anybody,
        concerns=_anybody,
    ),
]
