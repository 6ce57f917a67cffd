"""What checking a text needs to know besides the text."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from cms.core.database import db
from cms.core.markup import content_hash
from cms.media.models import Media
from cms.posts.models import Post, Revision
from cms.reviews.claimwords import WORDS
from cms.reviews.models import ClaimWords, LinkCheck
from cms.reviews.quality import Writing, links_in


def claim_words() -> dict[str, list[str]]:
    """The words that want a source, by language: an editor's list, else the one in the program."""
    own = {row.language: row.words for row in db.session.scalars(select(ClaimWords))}
    return {language: list(own.get(language, words)) for language, words in WORDS.items()}


def broken_links(html: str) -> dict[str, str]:
    """What is wrong with addresses that a text links to, as far as the worker has looked."""
    return broken_among(links_in(html))


def broken_among(urls: Iterable[str]) -> dict[str, str]:
    """What is wrong with these addresses, as far as the worker has looked."""
    digests = {link_digest(url): url for url in urls}
    if not digests:
        return {}
    rows = db.session.execute(
        select(LinkCheck.digest, LinkCheck.problem).where(
            LinkCheck.digest.in_(digests), LinkCheck.problem != ""
        )
    )
    return {digests[digest]: problem for digest, problem in rows}


def link_digest(url: str) -> str:
    """The key of an address."""
    return content_hash(url)


def alts_of(files: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """The words for each picture of `(media id, own words)`: its own, else those kept with the file."""
    wanted = list(files)
    kept = {
        media_id: alt
        for media_id, alt, kind in db.session.execute(
            select(Media.id, Media.alt, Media.kind).where(Media.id.in_([one for one, _alt in wanted]))
        )
        if kind == "image"
    }
    return tuple(alt or kept[media_id] for media_id, alt in wanted if media_id in kept)


def writing_of(post: Post, revision: Revision) -> Writing:
    """A saved text, as it is checked. Needs `revision.media`."""
    files = [(row.media_id, row.alt) for row in revision.media]
    if revision.cover_id:
        files.append((revision.cover_id, revision.cover_alt))
    return Writing(
        kind=post.kind,
        language=post.language,
        title=revision.title,
        summary=revision.summary,
        html=revision.html,
        plain=revision.plain,
        has_cover=revision.cover_id is not None,
        alts=alts_of(files),
    )


def links_due(at: datetime, *, limit: int) -> list[tuple[str, str, datetime]]:
    """Addresses to look at now, as `(key, address, due)`, the longest waiting first."""
    rows = db.session.execute(
        select(LinkCheck.digest, LinkCheck.url, LinkCheck.due_at)
        .where(LinkCheck.due_at <= at)
        .order_by(LinkCheck.due_at)
        .limit(limit)
    )
    return [(digest, url, due_at) for digest, url, due_at in rows if due_at is not None]
