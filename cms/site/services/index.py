"""The search index. It holds what is live and nothing else, and changes in the transaction that changes the post."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select, text

from cms.core.database import db
from cms.core.markup import plain_text
from cms.core.text import is_ideographic, search_runs, search_terms
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown
from cms.posts.models import Post, PostTag, Revision
from cms.posts.queries import visible_to
from cms.site.queries.rows import AnyRow
from cms.topics.events import TagMerged
from cms.topics.models import Tag

LAST_POSITION = 16_383  # PostgreSQL counts no further
MOST_AT_ONE_TERM = 255
MOST_RETAGGED = 1_000  # a merge is one transaction; `parley reindex` does the rest
_INSERT_FTS5 = (
    "INSERT INTO post_search (rowid, title, tags, summary, body) VALUES (:id, :title, :tags, :summary, :body)"
)
_INSERT_TSVECTOR = "INSERT INTO post_search (post_id, terms) VALUES (:id, CAST(:terms AS tsvector))"
Fields = tuple[str, str, str, str]  # title, tags, summary, body: what counts most comes first


def index_changed_post(fact: PostPublished | LivePostChanged) -> None:
    """A post is live, or says something else: handler of both facts."""
    index_posts([fact.post_id])


def forget_post(fact: PostTakenDown) -> None:
    """Readers do not see a post any more: handler."""
    _remove([fact.post_id])


def index_retagged_posts(fact: TagMerged) -> None:
    """Posts carry another tag now: handler, called after the posts were changed. So many at most, newest first."""
    newest = select(PostTag.post_id).where(PostTag.tag_id == fact.into_id, PostTag.live_at.is_not(None))
    ids = db.session.scalars(newest.order_by(PostTag.live_at.desc()).limit(MOST_RETAGGED)).all()
    index_posts(ids)


def index_posts(post_ids: Sequence[int]) -> int:
    """Write these posts into the index as they are now, and take out those that are not live. Counts the first."""
    db.session.flush()
    _remove(post_ids)
    rows = db.session.execute(
        select(Post.id, Revision.title, Revision.summary, Revision.plain, Revision.transcript_html)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.id.in_(post_ids), visible_to(None, None))
    ).all()
    tags = _tags([row.id for row in rows])
    _insert([(row.id, _fields(row, tags[row.id])) for row in rows])
    return len(rows)


def empty_index() -> None:
    """Forget everything, before it is all written again."""
    db.session.execute(text("DELETE FROM post_search"))


def _fields(row: AnyRow, tags: Iterable[str]) -> Fields:
    spoken = plain_text(row.transcript_html) if row.transcript_html else ""
    return row.title, " \n".join(tags), row.summary, f"{row.plain}\n{spoken}"


def _tags(post_ids: Sequence[int]) -> dict[int, list[str]]:
    rows = db.session.execute(
        select(PostTag.post_id, Tag.name)
        .join(Tag, Tag.id == PostTag.tag_id)
        .where(PostTag.post_id.in_(post_ids))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.post_id] += (row.name or {}).values()
    return found


def _remove(post_ids: Sequence[int]) -> None:
    key = "rowid" if _is_sqlite() else "post_id"
    for post_id in post_ids:
        db.session.execute(text(f"DELETE FROM post_search WHERE {key} = :id"), {"id": post_id})  # noqa: S608


def _insert(rows: Sequence[tuple[int, Fields]]) -> None:
    for post_id, fields in rows:
        if _is_sqlite():
            words = dict(zip(("title", "tags", "summary", "body"), map(_spaced, fields), strict=True))
            db.session.execute(text(_INSERT_FTS5), {"id": post_id, **words})
        else:
            db.session.execute(text(_INSERT_TSVECTOR), {"id": post_id, "terms": vector(fields)})


def _spaced(words: str) -> str:
    return " ".join(search_terms(words))


def vector(fields: Fields) -> str:
    """The fields as text that PostgreSQL reads as a `tsvector`, with a weight for each field.

    The pairs of a run take one position each, side by side; a single ideograph shares its pair's. Beyond the last
    position that PostgreSQL knows, words are still found, but not as part of a longer phrase.
    """
    places: dict[str, list[str]] = defaultdict(list)
    position = 1
    for weight, words in zip("ABCD", fields, strict=True):
        for run in search_runs(words):
            for term, step in _placed(run):
                position = min(position + step, LAST_POSITION)
                if len(places[term]) < MOST_AT_ONE_TERM:
                    places[term].append(f"{position}{weight}")
        position = min(position + 1, LAST_POSITION)
    return " ".join(f"{_quoted(term)}:{','.join(dict.fromkeys(at))}" for term, at in places.items())


def _placed(run: str) -> Iterable[tuple[str, int]]:
    if not is_ideographic(run):
        yield run[:200], 1
        return
    for number, character in enumerate(run):
        step = 2 if number == 0 else 1  # a gap before every run, so that no phrase reaches across
        yield character, step if number < len(run) - 1 or len(run) == 1 else 0
        if number < len(run) - 1:
            yield run[number : number + 2], 0


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
