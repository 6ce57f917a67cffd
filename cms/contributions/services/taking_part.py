"""What whoever holds a link does: agree to the terms, write, hand in, say something, approve or refuse."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from cms.contributions.models import Contribution
from cms.contributions.services.loading import latest_text, load_open, note, person_of
from cms.contributions.services.problems import (
    AnotherText,
    ConsentMissing,
    NotAsked,
    NothingToHandIn,
    NotWithYou,
)
from cms.contributions.services.telling import tell_editors
from cms.core.database import db
from cms.core.errors import Invalid
from cms.core.markup import content_hash
from cms.media.models import Portrait
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Revision
from cms.posts.services import ChangedMeanwhile, Content
from cms.posts.services.loading import load as load_post
from cms.reviews import services as reviews
from cms.reviews.queries import open_steps_for


def note_seen(contribution_id: int, *, at: datetime) -> None:
    """Count that the page was opened."""
    seen = update(Contribution).where(Contribution.id == contribution_id)
    db.session.execute(seen.values(seen_at=at, times_seen=Contribution.times_seen + 1))


def consent(contribution_id: int, *, to: str, at: datetime) -> None:
    """Agree to exactly these words; other words than are asked for now are not agreed to."""
    contribution = load_open(contribution_id, at=at)
    if content_hash(contribution.rights) != to:
        raise AnotherText(_("The terms were changed while you read them. Please read them again."))
    if contribution.has_consented:
        return
    contribution.consented_at, contribution.consented_to = at, contribution.rights
    note(contribution, "consented", by=person_of(contribution), at=at, words=contribution.rights)


def save_text(
    contribution_id: int, content: Content, *, base_id: int | None, at: datetime, hand_in: bool = False
) -> Revision:
    """Keep what they wrote as the newest text of the post, and hand it in when asked.

    `base_id` is the revision the page was opened with; on top of another one, `ChangedMeanwhile`.
    """
    contribution = load_open(contribution_id, at=at)
    _refuse_not_writing(contribution)
    by = person_of(contribution)
    post = load_post(contribution.post_id)
    latest = latest_text(post.id)
    if base_id != latest.id and content.content_hash != latest.content_hash:
        raise ChangedMeanwhile
    revision = posts.save_revision(post.id, content, by=by, at=at)
    contribution.started_at = contribution.started_at or at
    if hand_in:
        _hand_in(contribution, revision, by=by, at=at)
    return revision


def _hand_in(contribution: Contribution, revision: Revision, *, by: Person, at: datetime) -> None:
    if not revision.plain:
        raise NothingToHandIn
    contribution.handed_in_at, contribution.handed_back_at = at, None
    note(contribution, "handed_in", by=by, at=at, text=revision)
    tell_editors(contribution, "handed_in", by=by, at=at)
    _credit(contribution, at=at)


def say(contribution_id: int, *, words: str, at: datetime) -> None:
    """Write to the editors."""
    contribution = load_open(contribution_id, at=at)
    if not words:
        raise Invalid(errors={"words": _("Please write something first.")})
    by = person_of(contribution)
    note(contribution, "said", by=by, at=at, words=words, is_audited=False)
    tell_editors(contribution, "commented", by=by, at=at)


def decide(contribution_id: int, *, decision: str, about: str, words: str, at: datetime) -> None:
    """Approve or refuse (`decision`) exactly the text that was read: `about` is its content hash."""
    contribution = load_open(contribution_id, at=at)
    if contribution.asked_at is None:
        raise NotAsked
    if not contribution.has_consented:
        raise ConsentMissing
    text = latest_text(contribution.post_id)
    if text.content_hash != about:
        raise AnotherText
    if decision == "refused" and not words:
        raise Invalid(errors={"words": _("Please say what stands in the way, so that it can be mended.")})
    contribution.decision, contribution.decided_hash, contribution.decided_at = decision, about, at
    contribution.decided_revision_id, contribution.change_told_at = text.id, None
    by = person_of(contribution)
    note(contribution, decision, by=by, at=at, words=words, text=text)
    if not contribution.is_writer:
        _decide_review(contribution, decision, text, words=words, by=by, at=at)
    tell_editors(contribution, decision, by=by, at=at)


def approve_byline(contribution_id: int, *, about: str, at: datetime) -> None:
    """Agree to name, headline, biography and picture as readers will see them."""
    contribution = load_open(contribution_id, at=at)
    if not contribution.has_consented:
        raise ConsentMissing
    if byline_hash(contribution, person_of(contribution)) != about:
        raise AnotherText(_("The profile was changed while you read it. Please look again."))
    contribution.byline_hash, contribution.byline_approved_at = about, at
    note(contribution, "byline_approved", by=person_of(contribution), at=at, hash=about)


def stop_reminders(contribution_id: int, *, at: datetime) -> None:
    """No more reminders for this one."""
    contribution = load_open(contribution_id, at=at)
    if contribution.reminders_stopped_at is None:
        contribution.reminders_stopped_at = at
        note(contribution, "reminders_stopped", by=person_of(contribution), at=at, is_audited=False)


def byline_hash(contribution: Contribution, person: Person) -> str:
    """A short name for exactly what readers are shown about somebody."""
    portrait = db.session.scalar(select(Portrait.media_id).where(Portrait.person_id == person.id))
    words = [sorted((one or {}).items()) for one in (person.headline, person.bio)]
    return content_hash(person.name, person.handle, *words, portrait, contribution.role)


def _credit(contribution: Contribution, *, at: datetime) -> None:
    """Put them behind those who are credited already; editors arrange the order. What readers see is theirs alone."""
    post_id, person_id = contribution.post_id, contribution.person_id
    post = load_post(post_id)
    if not post.is_live and all(one.person_id != person_id for one in post.bylines):
        credits = [(one.person_id, one.role) for one in post.bylines]
        role = contribution.role
        posts.set_details(post_id, bylines=[*credits, (person_id, role)], by=None, at=at)


def _decide_review(
    contribution: Contribution, decision: str, text: Revision, *, words: str, by: Person, at: datetime
) -> None:
    """When a step of the post's review waits for them by name, their answer is its answer too."""
    verdict = "approved" if decision == "approved" else "changes"
    for standing in open_steps_for(by.id, contribution.post_id):
        reviews.decide(standing.step.id, verdict=verdict, revision_id=text.id, words=words, by=by, at=at)


def _refuse_not_writing(contribution: Contribution) -> None:
    if not contribution.has_consented:
        raise ConsentMissing
    if contribution.handed_in_at is not None or not contribution.is_writer:
        raise NotWithYou
