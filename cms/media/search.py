"""Finding files by words of name, alternative text and credit, in any script: FTS5 on SQLite, a tsvector on PostgreSQL.

The terms are parted as those of posts are (`cms.core.text.search_terms`); order does not matter in a file's name, so
they are kept without positions.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, column, false, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from cms.core.database import db
from cms.core.text import is_ideographic, search_runs, search_terms
from cms.media.models import Media

MOST_RUNS = 8
LONGEST_TERM = 200
_INDEX = table("media_search", column("rowid"), column("media_id"), column("terms"))


def index_media(media_ids: Sequence[int]) -> int:
    """Write these files into the index as they are described now."""
    db.session.flush()
    rows = db.session.execute(
        select(Media.id, Media.filename, Media.alt, Media.credit).where(Media.id.in_(media_ids))
    ).all()
    for row in rows:
        forget_media(row.id)
        terms = dict.fromkeys(
            term[:LONGEST_TERM] for term in search_terms(f"{row.filename} {row.alt} {row.credit}")
        )
        if _is_sqlite():
            insert = "INSERT INTO media_search (rowid, words) VALUES (:id, :words)"
            db.session.execute(text(insert), {"id": row.id, "words": " ".join(terms)})
        else:
            insert = (
                "INSERT INTO media_search (media_id, terms) VALUES (:id, CAST(:words AS tsvector))"
                " ON CONFLICT (media_id) DO UPDATE SET terms = EXCLUDED.terms"  # two may index one file at once
            )
            db.session.execute(text(insert), {"id": row.id, "words": " ".join(map(_quoted, terms))})
    return len(rows)


def forget_media(media_id: int) -> None:
    """Take a file out of the index."""
    key = "rowid" if _is_sqlite() else "media_id"
    db.session.execute(text(f"DELETE FROM media_search WHERE {key} = :id"), {"id": media_id})  # noqa: S608


def not_indexed(*, limit: int) -> Sequence[int]:
    """Files the index does not know: those that were there before it."""
    known = select(_INDEX.c.rowid if _is_sqlite() else _INDEX.c.media_id)
    return db.session.scalars(
        select(Media.id).where(Media.id.not_in(known)).order_by(Media.id).limit(limit)
    ).all()


def found_by(words: str) -> ColumnElement[bool]:
    """The condition for a file to have all of these words, or words that begin so; without a word nothing has them."""
    runs = search_runs(words[:200])[:MOST_RUNS]
    if not runs:
        return false()
    if _is_sqlite():
        condition: Any = text("media_search MATCH :found").bindparams(found=" AND ".join(map(_fts5, runs)))
        return Media.id.in_(select(_INDEX.c.rowid).where(condition))
    asked = cast(bindparam("found", " & ".join(map(_tsquery, runs)), Text), TSQUERY)
    return Media.id.in_(select(_INDEX.c.media_id).where(_INDEX.c.terms.op("@@")(asked)))


def _fts5(run: str) -> str:
    if is_ideographic(run):
        return " AND ".join(f'"{term}"' for term in _pairs(run))
    return f'"{run[:LONGEST_TERM]}"*'


def _tsquery(run: str) -> str:
    if is_ideographic(run):
        return " & ".join(map(_quoted, _pairs(run)))
    return _quoted(run[:LONGEST_TERM]) + ":*"


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
