"""What the cells of a table name: posts, accounts and pictures of ours, and nothing elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _
from sqlalchemy import func, select

from campaigns.channels.models import Account
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.pages import config
from cms.media.models import Media, MediaAlias, MediaVariant
from cms.posts.models import Post, PostSlug


@dataclass(frozen=True)
class Named:
    """Everything that could be meant, read once for the whole table."""

    posts: dict[str, int]  # by number and by slug
    accounts: dict[str, list[Account]]  # by number and by name
    media: dict[str, int]  # pictures, by number and by stored name

    def post(self, said: str) -> int:
        """By number, slug, or address on our site. Raises `Invalid`."""
        found = self.posts.get(_post_key(said))
        if found is None:
            raise Invalid(errors={"post": _("There is no post “%(said)s” here.", said=said[:80])})
        return found

    def account(self, said: str) -> Account:
        """By number or name. Raises `Invalid`."""
        found = self.accounts.get(_folded(said), [])
        if len(found) == 1:
            return found[0]
        sentence = (
            _("Several accounts are called “%(said)s”. Please give its number.", said=said[:80])
            if found
            else _("There is no account “%(said)s”.", said=said[:80])
        )
        raise Invalid(errors={"account": sentence})

    def pictures(self, said: str) -> list[int]:
        """By number, or by address in our library. Raises `Invalid`."""
        return [self._picture(one) for one in _pieces(said)]

    def _picture(self, said: str) -> int:
        found = self.media.get(_media_key(said))
        if found is None:
            raise Invalid(
                errors={
                    "media": _(
                        "“%(said)s” is no picture of the library. Upload it there, and give its number or address.",
                        said=said[:80],
                    )
                }
            )
        return found


def find_named(posts: Sequence[str], accounts: Sequence[str], media: Sequence[str]) -> Named:
    """Read what these cells may mean. A fixed number of queries."""
    return Named(
        _posts({_post_key(one) for one in posts if one}),
        _accounts({_folded(one) for one in accounts if one}),
        _media({_media_key(piece) for one in media for piece in _pieces(one)}),
    )


def _posts(keys: set[str]) -> dict[str, int]:
    numbers = [int(one) for one in keys if _is_number(one)]
    found = {str(one): one for one in db.session.scalars(select(Post.id).where(Post.id.in_(numbers)))}
    slugs = select(PostSlug.slug, PostSlug.post_id).where(PostSlug.slug.in_(keys))
    for slug, number in db.session.execute(
        slugs.union(select(Post.slug, Post.id).where(Post.slug.in_(keys)))
    ):
        found.setdefault(slug, number)
    return found


def _accounts(keys: set[str]) -> dict[str, list[Account]]:
    numbers = [int(one) for one in keys if _is_number(one)]
    rows = db.session.scalars(
        select(Account)
        .where(Account.state != "removed", Account.id.in_(numbers) | func.lower(Account.name).in_(keys))
        .order_by(Account.id)
    ).all()
    found: dict[str, list[Account]] = {}
    for one in rows:
        found.setdefault(_folded(one.name), []).append(one)
    for one in rows:
        found[str(one.id)] = [one]  # a number means the number, whatever an account is called
    return found


def _media(keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    numbers = [int(one) for one in keys if _is_number(one)]
    main = select(Media.file, Media.id).where(Media.file.in_(keys))
    size = select(MediaVariant.file, MediaVariant.media_id).where(MediaVariant.file.in_(keys))
    old = select(MediaAlias.name, MediaAlias.media_id).where(MediaAlias.name.in_(keys))
    found = {str(one): one for one in numbers}
    found |= {row[0]: row[1] for row in db.session.execute(main.union(size, old))}
    pictures = set(
        db.session.scalars(
            select(Media.id).where(
                Media.id.in_(found.values()), Media.kind == "image", Media.trashed_at.is_(None)
            )
        )
    )
    return {key: number for key, number in found.items() if number in pictures}


def _post_key(said: str) -> str:
    """`12`, `spring-notes`, `/posts/spring-notes`, `/notes/12`, or one of these with our host before it."""
    path = _own_path(said)
    found = re.fullmatch(r"(?:/(?:en|zh))?/(?:posts|notes)/([^/?#]+)/?", path)
    return unquote(found[1]) if found else said.strip()


def _media_key(said: str) -> str:
    path = _own_path(said)
    return path.removeprefix("/media/") if path.startswith("/media/") else said.strip()


def _own_path(said: str) -> str:
    """The path of an address on our own site; an address elsewhere stays what it is, and names nothing."""
    text = said.strip()
    if text.startswith("/"):
        return text
    try:
        parts, own = urlsplit(text), urlsplit(config().base_url)
    except ValueError:
        return text
    return parts.path if (parts.scheme, parts.netloc.lower()) == (own.scheme, own.netloc.lower()) else text


def _pieces(said: str) -> list[str]:
    return [one for one in re.split(r"[\s,;|，；、]+", said) if one]


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= 9


def _folded(said: str) -> str:
    return " ".join(said.split()).lower()
