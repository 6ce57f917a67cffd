"""What people are told about posts and time."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from cms.core.database import db
from cms.notices.kinds import NoticeKind
from cms.people.models import Person
from cms.posts import rules
from cms.posts.models import Post
from cms.posts.queries import open_to


def _visible(person: Person, subjects: Collection[str]) -> set[str]:
    """Those of the posts (`post:12`) that this person may open now."""
    numbers = {one.partition(":")[2] for one in subjects}
    ids = [int(one) for one in numbers if one.isdecimal()]
    found = db.session.scalars(select(Post.id).where(Post.id.in_(ids), open_to(person)))
    return {f"post:{one}" for one in found}


def _may_see(person: Person, subject: str) -> bool:
    return subject in _visible(person, [subject])


def _address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("posts.edit_post", post_id=int(subject.partition(":")[2]))


def _missed(detail: Mapping[str, Any]) -> str:
    return str(
        gettext("“%(title)s” did not go out as planned. Please decide what to do.", title=detail["title"])
    )


def _published(detail: Mapping[str, Any]) -> str:
    return str(gettext("“%(title)s” was published.", title=detail["title"]))


def _lifted(detail: Mapping[str, Any]) -> str:
    return str(gettext("The embargo on “%(title)s” was lifted.", title=detail["title"]))


def _release_missed(detail: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "The release “%(name)s” did not go out as planned. Please decide what to do.", name=detail["name"]
        )
    )


def _release_address(subject: str, detail: Mapping[str, Any]) -> str:
    return url_for("posts.show_release", release_id=int(subject.partition(":")[2]))


NOTICES = [
    NoticeKind(
        "post.missed", _("Something planned did not happen"), _missed, _address, _may_see, visible=_visible
    ),
    NoticeKind(
        "post.published", _("A text of yours was published"), _published, _address, _may_see, visible=_visible
    ),
    NoticeKind(
        "release.missed",
        _("A release did not go out"),
        _release_missed,
        _release_address,
        lambda person, subject: rules.can_publish(person),
        concerns=rules.can_publish,
    ),
    NoticeKind(
        "embargo.lifted", _("An embargo was lifted early"), _lifted, _address, _may_see, visible=_visible
    ),
]
