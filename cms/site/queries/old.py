"""Where addresses of an earlier system lead now."""

from urllib.parse import quote, unquote, urlsplit

from sqlalchemy import select

from cms.core.database import db
from cms.posts.models import Post
from cms.posts.queries import find_redirect, visible_to
from cms.site.models import OldAddress

LONGEST = 500


def find_target(path: str, query: str = "") -> str | None:
    """The address an old one leads to, if that is open to readers. Its slash at the end does not matter."""
    asked = path + (f"?{query}" if query else "")
    forms = {form for one in (asked, path) for form in _spellings(one) if len(form) <= LONGEST}
    found = {
        row.path: row.target
        for row in db.session.execute(
            select(OldAddress.path, OldAddress.target).where(OldAddress.path.in_(sorted(forms)))
        )
    }
    target = next((found[form] for form in [*_spellings(asked), *_spellings(path)] if form in found), None)
    if target is None or not _is_open(target):
        return None
    return quote(target, safe="/:@?&=#%+,;~!$'()*")


def _spellings(address: str) -> list[str]:
    path, mark, query = address.partition("?")
    other = path.rstrip("/") if path.endswith("/") and path != "/" else path + "/"
    plain = [path + mark + query, other + mark + query]
    return [*plain, *(unquote(one) for one in plain), *(quote(one, safe="/?&=%") for one in plain)]


def _is_open(target: str) -> bool:
    """A redirect must not tell the address of a post that readers do not see."""
    path = unquote(urlsplit(target).path)
    if path.startswith("/posts/"):
        slug = path.removeprefix("/posts/")
        seen = select(Post.id).where(Post.slug == slug, visible_to(None, None))
    elif path.startswith("/notes/") and path.removeprefix("/notes/").isdecimal():
        seen = select(Post.id).where(Post.id == int(path.removeprefix("/notes/")), visible_to(None, None))
    else:
        return True
    return db.session.execute(seen).first() is not None or bool(
        path.startswith("/posts/") and find_redirect(path.removeprefix("/posts/"))
    )
