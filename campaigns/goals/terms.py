"""What people say of a goal, checked and made ready to be kept."""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.goals.models import KINDS
from campaigns.links.models import Link
from campaigns.links.targets import is_ours
from campaigns.plans.money import DIGITS, LARGEST, to_smallest
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.languages import split_prefix
from cms.core.pages import config
from cms.core.text import strip_control
from cms.posts.models import Post

FACTS = ("share", "download", "outbound", "signup", "comment", "reaction", "vote", "entry", "answer", "join")
LONGEST_NAME, LONGEST_PATH, LONGEST_KEY = 120, 200, 160
_KEY = re.compile(r"[\w.:/@-]{0,160}")


@dataclass(frozen=True)
class GoalTerms:
    """As people say it; `amount` in the main unit of the currency, such as yuan."""

    name: str
    kind: str
    path: str = ""
    link_id: int | None = None
    fact: str = ""
    fact_key: str = ""
    is_each: bool = False
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class ReadyGoal:
    """As it is kept: nothing is said that its kind does not need."""

    name: str
    kind: str
    path: str
    subject: str
    link_id: int | None
    fact: str
    fact_key: str
    is_each: bool
    value_units: int | None
    currency: str | None


def read_terms(terms: GoalTerms, *, campaign_id: int) -> ReadyGoal:
    """Make ready; raises `Invalid` with a sentence for each mistake."""
    errors: dict[str, str] = {}
    name = " ".join(strip_control(terms.name).split())
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = _("Please give it a name of at most %(number)s characters.", number=LONGEST_NAME)
    if terms.kind not in KINDS:
        errors["kind"] = _("Please choose what has to happen.")
    path = subject = ""
    if terms.kind == "page":
        path, subject = _page(terms.path, errors)
    if terms.kind == "link" and not _is_of(campaign_id, terms.link_id):
        errors["link"] = _("Please choose a link of this campaign that leads to a page of ours.")
    if terms.kind == "fact":
        if terms.fact not in FACTS:
            errors["fact"] = _("Please choose what people have to do.")
        if not _KEY.fullmatch(terms.fact_key.strip()):
            errors["fact_key"] = _("This can only hold letters, digits and . : / @ - _, without spaces.")
    units, currency = _value(terms, errors)
    if errors:
        raise Invalid(errors=errors)
    is_fact = terms.kind == "fact"
    return ReadyGoal(
        name=name,
        kind=terms.kind,
        path=path,
        subject=subject,
        link_id=terms.link_id if terms.kind == "link" else None,
        fact=terms.fact if is_fact else "",
        fact_key=terms.fact_key.strip() if is_fact else "",
        is_each=terms.is_each,
        value_units=units,
        currency=currency,
    )


def _page(typed: str, errors: dict[str, str]) -> tuple[str, str]:
    """The path without language and query, and how visits name it: a post by its number, so that it may move."""
    parts = urlsplit(typed.strip())
    hosts = config().hosts
    if parts.netloc and parts.hostname not in hosts:
        errors["path"] = _("This is a page of another site: nobody tells us who opens it. Use a link goal.")
        return "", ""
    path = split_prefix(unquote(parts.path))[1].rstrip("/") or "/"
    if not path.startswith("/") or len(path) > LONGEST_PATH or re.search(r"\s", path) or not typed.strip():
        errors["path"] = _("Please type the address of a page of ours, such as /posts/spring-notes.")
        return "", ""
    return path, subject_of(path)


def subject_of(path: str) -> str:
    """`post:12` for the address of a post or note that is there, else the page itself."""
    kind, _slash, name = path[1:].partition("/")
    found = None
    if kind == "posts" and name:
        found = db.session.scalar(select(Post.id).where(Post.slug == name))
    elif kind == "notes" and name.isdecimal() and len(name) < 10:
        found = db.session.scalar(select(Post.id).where(Post.id == int(name)))
    return f"post:{found}" if found else f"page:{path}"


def _is_of(campaign_id: int, link_id: int | None) -> bool:
    link = db.session.get(Link, link_id) if link_id else None
    return link is not None and link.campaign_id == campaign_id and is_ours(link.target)


def _value(terms: GoalTerms, errors: dict[str, str]) -> tuple[int | None, str | None]:
    if terms.amount is None:
        return None, None
    currency = terms.currency.strip().upper()
    if currency not in DIGITS:
        errors["currency"] = _("Please give the currency by its three letters, such as CNY.")
        return None, None
    try:
        units = to_smallest(terms.amount, currency)
    except ValueError:
        errors["amount"] = _("This currency has no parts that small.")
        return None, None
    if not 0 <= units <= LARGEST:
        errors["amount"] = _("Please give an amount from nought to ten trillion.")
        return None, None
    return units, currency
