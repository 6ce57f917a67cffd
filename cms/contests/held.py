"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.contests.models import Contest, ContestFollower, ContestRole, Entry, EntryAuthor
from cms.people.held import Held

HELD = [
    Held(
        "contest_entries",
        lambda who: (
            select(
                Contest.slug.label("contest"),
                Entry.id,
                Entry.title,
                Entry.body,
                Entry.statement,
                Entry.guardian,
                Entry.begun_at,
                Entry.submitted_at,
                Entry.withdrawn_at,
                Entry.sealed_hash,
                Entry.verdict,
                Entry.verdict_reason,
                Entry.appeal,
                Entry.feedback,
                Entry.may_republish,
            )
            .join(Contest, Contest.id == Entry.contest_id)
            .join(EntryAuthor, EntryAuthor.entry_id == Entry.id)
            .where(EntryAuthor.person_id == who)
            .order_by(Entry.id)
        ),
    ),
    Held(
        "contests_followed",
        lambda who: (
            select(Contest.slug, ContestFollower.since)
            .join(Contest, Contest.id == ContestFollower.contest_id)
            .where(ContestFollower.person_id == who)
            .order_by(Contest.id)
        ),
    ),
    Held(
        "contest_roles",
        lambda who: (
            select(Contest.slug, ContestRole.role, ContestRole.added_at)
            .join(Contest, Contest.id == ContestRole.contest_id)
            .where(ContestRole.person_id == who)
            .order_by(Contest.id)
        ),
    ),
]
