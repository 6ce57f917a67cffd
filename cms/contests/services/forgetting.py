"""What stays of an entrant who is erased: what was handed in and sealed, which names nobody. The rest goes."""

from sqlalchemy import delete, select, update

from cms.contests.models import Entry, EntryAuthor
from cms.core.database import db
from cms.core.pagecache import touch
from cms.people.events import PersonErased


def hear_erased(fact: PersonErased) -> None:
    """Somebody is erased: handler. An entry written with others becomes the next author's; one never handed in goes."""
    who = fact.person_id
    mine = select(EntryAuthor.entry_id).where(EntryAuthor.person_id == who)
    entries = db.session.scalars(
        select(Entry).where((Entry.person_id == who) | Entry.id.in_(mine)).order_by(Entry.id)
    ).all()
    for entry in entries:
        others = db.session.scalars(
            select(EntryAuthor.person_id)
            .where(
                EntryAuthor.entry_id == entry.id,
                EntryAuthor.person_id != who,
                EntryAuthor.accepted_at.is_not(None),
            )
            .order_by(EntryAuthor.position)
        ).all()
        if entry.version == 0 and not others:
            db.session.execute(delete(Entry).where(Entry.id == entry.id))
            db.session.expunge(entry)
            continue
        if entry.person_id == who:
            entry.guardian = ""
            entry.person_id = others[0] if others else None
        touch("contests", f"contest:{entry.contest_id}")
    places = update(EntryAuthor).where(EntryAuthor.person_id == who).values(mailbox_key=None)
    db.session.execute(places.execution_options(synchronize_session=False))
    # A credit of what was handed in stays with the empty place; an invitation, a refusal or a draft's credit does not.
    open_ones = select(Entry.id).where(Entry.version == 0)
    db.session.execute(
        delete(EntryAuthor)
        .where(
            EntryAuthor.person_id == who,
            EntryAuthor.accepted_at.is_(None) | EntryAuthor.entry_id.in_(open_ones),
        )
        .execution_options(synchronize_session=False)
    )
