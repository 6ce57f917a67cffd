"""What somebody sets of a circle, checked: its name, address, words, and the three settings that are three."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from cms.circles.models import AUDIENCES, JOIN_POLICIES, VISIBILITIES, Circle, CircleSlug
from cms.circles.services.problems import NameTaken
from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.markup import render_markdown
from cms.core.text import make_slug, strip_control
from cms.people import handles

RESERVED = frozenset("new mine invitations feeds topics members settings hours all".split())
LONGEST_NAME, LONGEST_PURPOSE, MOST_TAGS = 60, 300, 8
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Settings:
    """What a form or the API gives. Made by `prepare`, outside of any transaction."""

    name: str
    purpose: str
    about: str = ""
    about_html: str = ""
    language: str = "en"
    visibility: str = "public"
    join_policy: str = "open"
    content_default: str = "all"
    tags: tuple[str, ...] = ()


def prepare(
    *,
    name: str,
    purpose: str,
    about: str = "",
    language: str = "en",
    visibility: str = "public",
    join_policy: str = "open",
    content_default: str = "all",
    tags: Sequence[str] = (),
) -> Settings:
    """Check what was given and render its words; `Invalid` names every field that is wrong."""
    name, purpose = (" ".join(strip_control(one).split()) for one in (name, purpose))
    words = tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in tags))))
    wrong = _wrong_words(name, purpose) | _wrong_choices(visibility, join_policy, content_default, language)
    if len(words) > MOST_TAGS or any(len(one) > 40 for one in words):
        wrong["tags"] = _("At most eight topics, each of at most 40 characters.")
    if wrong:
        raise Invalid(errors=wrong)
    html = render_markdown(about).html if about.strip() else ""
    return Settings(
        name=name,
        purpose=purpose,
        about=about,
        about_html=html,
        language=language,
        visibility=visibility,
        join_policy=join_policy,
        content_default=content_default,
        tags=words,
    )


def name_key(settings: Settings, *, is_staff: bool) -> str | None:
    """What the name looks like, so that nobody takes it for another; none for a hidden circle."""
    key = handles.key(make_slug(settings.name, longest=80) or settings.name)
    if not is_staff and handles.is_reserved(key):
        sentence = _("This name is reserved for the company. Please choose another.")
        raise Invalid(errors={"name": sentence})
    return None if settings.visibility == "hidden" else key


def refuse_taken(key: str | None, *, except_id: int | None = None) -> None:
    """A name is taken by a circle that may be known; hidden ones hold none, so that a refusal tells nothing."""
    if key is None:
        return
    query = select(Circle.id).where(Circle.name_key == key, Circle.id != (except_id or 0))
    if db.session.scalar(query) is not None:
        raise NameTaken(errors={"name": str(NameTaken.message)})


def free_slug(settings: Settings, *, circle_id: int | None = None) -> str:
    """An address that is free; a hidden circle gets one that cannot be guessed from its name."""
    base = make_slug(settings.name, longest=60) or "circle"
    if settings.visibility == "hidden":
        return f"{base}-{_random(10)}"
    wanted = base
    while wanted in RESERVED or _is_another(wanted, circle_id):
        wanted = f"{base}-{_random(4)}"
    return wanted


def _is_another(slug: str, circle_id: int | None) -> bool:
    found = db.session.get(CircleSlug, slug)
    return found is not None and found.circle_id != circle_id


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _number in range(length))


def _wrong_words(name: str, purpose: str) -> dict[str, str]:
    wrong = {}
    if not 2 <= len(name) <= LONGEST_NAME:
        wrong["name"] = _("Please give it a name of 2 to 60 characters.")
    if not 1 <= len(purpose) <= LONGEST_PURPOSE:
        wrong["purpose"] = _("Please say in at most 300 characters what it is for.")
    return wrong


def _wrong_choices(visibility: str, join_policy: str, content_default: str, language: str) -> dict[str, str]:
    choices = {
        "visibility": (visibility, VISIBILITIES),
        "join_policy": (join_policy, JOIN_POLICIES),
        "content_default": (content_default, AUDIENCES),
        "language": (language, LOCALES),
    }
    return {
        name: _("Please choose one of the possibilities.")
        for name, (value, of) in choices.items()
        if value not in of
    }
