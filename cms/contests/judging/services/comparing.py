"""What entries have in common with each other and with what the site published. Worked out outside any transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from cms.contests.judging.models import EntryLikeness
from cms.contests.judging.similarity import Index, Likeness
from cms.contests.models import Entry
from cms.core.database import db
from cms.core.errors import NotFound
from cms.core.markup import plain_text
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post, Revision

AT_ONCE = 200  # posts read at a time


def find_likenesses(contest_id: int) -> list[Likeness]:
    """Reads every entry and every live post once; `other` is `entry:N` or `post:N`. A post that is the entry is none."""
    rows = db.session.scalars(
        select(Entry)
        .where(Entry.contest_id == contest_id, Entry.submitted_at.is_not(None), Entry.withdrawn_at.is_(None))
        .options(joinedload(Entry.snapshot))
    ).all()
    index = Index({str(one.id): one.snapshot.plain for one in rows if one.snapshot is not None})
    own = {(str(one.id), number) for one in rows for number in (one.post_id, one.published_id) if number}
    found = [
        Likeness(one.entry, f"entry:{one.other}", one.contained, one.resemblance, one.longest, one.passages)
        for one in index.among_themselves()
    ]
    for post_id, text in _live_texts():
        found += [
            one for one in index.compare_with(f"post:{post_id}", text) if (one.entry, post_id) not in own
        ]
    return found


def keep_likenesses(contest_id: int, found: Sequence[Likeness], *, by: Person | None, at: datetime) -> None:
    """Write down what was found. What somebody looked at already stays as they left it."""
    mine = select(Entry.id).where(Entry.contest_id == contest_id)
    db.session.execute(
        delete(EntryLikeness).where(EntryLikeness.entry_id.in_(mine), EntryLikeness.seen_at.is_(None))
    )
    kept = {
        (row.entry_id, row.other_id, row.post_id)
        for row in db.session.execute(
            select(EntryLikeness.entry_id, EntryLikeness.other_id, EntryLikeness.post_id).where(
                EntryLikeness.entry_id.in_(mine)
            )
        )
    }
    for one in found:
        kind, _colon, number = one.other.partition(":")
        other, post = (int(number), None) if kind == "entry" else (None, int(number))
        if (int(one.entry), other, post) not in kept:
            db.session.add(
                EntryLikeness(
                    entry_id=int(one.entry),
                    other_id=other,
                    post_id=post,
                    contained=round(1000 * one.contained),
                    resemblance=round(1000 * one.resemblance),
                    longest=one.longest,
                    passages=list(one.passages),
                    found_at=at,
                )
            )
    db.session.flush()


def note_seen(likeness_id: int, remark: str, *, by: Person, at: datetime) -> None:
    """Somebody looked at it, and says what they make of it."""
    found = db.session.get(EntryLikeness, likeness_id)
    entry = db.session.get(Entry, found.entry_id) if found is not None else None
    if found is None or entry is None:
        raise NotFound
    found.seen_at, found.seen_by_id, found.remark = at, by.id, remark.strip()[:500]
    detail = {"entry_id": entry.id}
    audit.record("contest.likeness_seen", f"contest:{entry.contest_id}", by=by, at=at, detail=detail)


def _live_texts() -> Iterator[tuple[int, str]]:
    last = 0
    while True:
        rows = db.session.execute(
            select(Post.id, Revision.html)
            .join(Revision, Revision.id == Post.live_revision_id)
            .where(Post.id > last)
            .order_by(Post.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return
        yield from ((post_id, plain_text(html)) for post_id, html in rows)
        last = rows[-1][0]
