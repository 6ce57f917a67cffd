"""Searching live posts: ranked, each story once, with the place where the words stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Float, Text, bindparam, cast, column, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from cms.core.database import db
from cms.core.text import is_ideographic, search_runs
from cms.posts.models import Post, Revision
from cms.posts.queries import visible_to
from cms.site.edition import Edition
from cms.site.highlight import highlighted
from cms.site.queries.cards import Card, cards
from cms.site.queries.rows import AnyRow

PAGE = 20
MOST = 2_000  # matches looked at, the latest ones; a word so common needs company
LONGEST = 100  # characters of a query
MOST_RUNS = 12
OWN_LANGUAGE = 1.25
RECENCY = 0.3  # how much more a post of today counts than an old one
RECENT_DAYS = 400
_INDEX = table("post_search", column("rowid"), column("post_id"), column("terms"))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, and how many there are."""

    results: list[Card]
    count: int
    has_more: bool


def search(edition: Edition, words: str, *, page: int, at: datetime) -> Found:
    """The live posts in which all of these words stand, best first. Six queries."""
    runs = search_runs(words[:LONGEST])[:MOST_RUNS]
    ranked = _ranked(edition, runs, at) if runs else []
    ids = ranked[(page - 1) * PAGE : page * PAGE]
    plain = _plain(ids)
    results = [
        replace(card, excerpt_html=highlighted(plain.get(card.id, ""), runs)) for card in cards(edition, ids)
    ]
    return Found(results, len(ranked), len(ranked) > page * PAGE)


def _ranked(edition: Edition, runs: Sequence[str], at: datetime) -> list[int]:
    rows = db.session.execute(_matches(runs)).all()
    best: dict[str, AnyRow] = {}
    for row in sorted(rows, key=lambda row: -_score(edition, row, at)):
        kept = best.setdefault(row.story_id, row)
        if kept.language != edition.locale and row.language == edition.locale:
            best[row.story_id] = row  # both tellings have the words: show the one in the reader's language
    return [row.id for row in best.values()]


def _score(edition: Edition, row: AnyRow, at: datetime) -> float:
    days = max(0.0, (at - row.published_at).total_seconds() / 86400)
    language = OWN_LANGUAGE if row.language == edition.locale else 1.0
    return float(row.score) * language * (1 + RECENCY * math.exp(-days / RECENT_DAYS))


def _matches(runs: Sequence[str]) -> Any:
    """The newest matching posts with their scores. Title counts most, then tags, summary, body."""
    if db.session.get_bind().dialect.name == "sqlite":
        score: Any = literal_column("-bm25(post_search, 8.0, 5.0, 3.0, 1.0)", Float)
        index_id: Any = _INDEX.c.rowid
        condition: Any = text("post_search MATCH :words").bindparams(words=sqlite_query(runs))
    else:
        words = cast(bindparam("words", postgresql_query(runs), Text), TSQUERY)
        score = func.ts_rank_cd(literal_column("'{0.1,0.3,0.6,1.0}'::float4[]"), _INDEX.c.terms, words, 1)
        index_id = _INDEX.c.post_id
        condition = _INDEX.c.terms.op("@@")(words)
    return (
        select(Post.id, Post.story_id, Post.language, Post.published_at, score.label("score"))
        .select_from(_INDEX)
        .join(Post, Post.id == index_id)
        .where(condition, visible_to(None, None))
        .order_by(index_id.desc())
        .limit(MOST)
    )


def sqlite_query(runs: Sequence[str]) -> str:
    """As FTS5 reads it: all of the words; ideographs as the phrase of their pairs, longer words with any ending."""
    return " AND ".join(_fts5(run) for run in runs)


def postgresql_query(runs: Sequence[str]) -> str:
    """The same for `tsquery`."""
    return " & ".join(_tsquery(run) for run in runs)


def _fts5(run: str) -> str:
    quoted = '"' + " ".join(_pairs(run)) + '"'
    return f"{quoted} *" if _may_end_otherwise(run) else quoted


def _tsquery(run: str) -> str:
    quoted = ["'" + pair.replace("\\", "\\\\").replace("'", "''") + "'" for pair in _pairs(run)]
    ending = ":*" if _may_end_otherwise(run) else ""
    return "(" + " <-> ".join(quoted) + ")" if len(quoted) > 1 else quoted[0] + ending


def _pairs(run: str) -> list[str]:
    if not is_ideographic(run) or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _may_end_otherwise(run: str) -> bool:
    return len(run) > 2 and not is_ideographic(run)


def _plain(ids: Sequence[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Post.id, Revision.plain)
        .join(Revision, Revision.id == Post.live_revision_id)
        .where(Post.id.in_(ids))
    )
    return {row.id: row.plain for row in rows}
