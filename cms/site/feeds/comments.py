"""Comments as a feed: what was said below one post, or last on the whole site."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cms.comments.queries import Told
from cms.core.text import excerpt, strip_control
from cms.site.edition import Edition
from cms.site.feeds.document import LANGUAGES, Author, Document, Entry, absolute_html
from cms.site.queries.site import Site, in_words


def comment_document(
    site: Site, edition: Edition, told: Sequence[Told], *, title: str, about: str, path: str, file: str
) -> Document:
    """Put the feed together. `edition.prefix` begins with the host."""
    parts = urlsplit(edition.prefix)
    host = f"{parts.scheme}://{parts.netloc}"
    entries = [_entry(host, one) for one in told]
    return Document(
        title=strip_control(title),
        description=strip_control(about or in_words(site.tagline, edition.locale) or title),
        page_url=edition.to(path),
        self_url=edition.to(f"{path.rstrip('/')}/{file}"),
        language=LANGUAGES.get(edition.locale, edition.locale),
        entries=entries,
        updated_at=max((one.updated_at for one in entries), default=None),
        begun_at=site.updated_at.replace(microsecond=0),
        podcast=None,
    )


def _entry(host: str, told: Told) -> Entry:
    comment, url = told.comment, f"{host}/comments/{told.comment.id}"
    published = _second(comment.shown_at or comment.created_at)
    author = comment.author
    name = author.name if author else comment.author_name
    address = f"{host}/@{author.handle}" if author else url
    return Entry(
        guid=url,
        url=url,
        external_url=None,
        title=strip_control(f"{name}: {excerpt(comment.plain, 80)}"),
        has_title=True,
        summary=strip_control(excerpt(comment.plain, 300)),
        html=strip_control(absolute_html(comment.html, url)),
        language=LANGUAGES.get(comment.language, comment.language),
        published_at=published,
        updated_at=max(published, _second(comment.edited_at or published)),
        authors=[Author(strip_control(name), address, None)],
        categories=[],
        picture=None,
        picture_url=None,
        enclosure=None,
        transcript_url=None,
    )


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
