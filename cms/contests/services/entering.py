"""Writing an entry, alone or together, handing it in, taking it back.

Many people hand in within the last minute, so handing in locks the entry alone and only shares its contest: closing waits
for those who are under way, and who comes after it finds the contest sealed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cms.contests import phases, seals
from cms.contests.content import LONGEST_TEXT
from cms.contests.events import EntrySubmitted, EntryWithdrawn
from cms.contests.models import Contest, Entry, EntryAuthor, EntrySnapshot
from cms.contests.news import tell_authors
from cms.contests.services.loading import load_entry, share, shown
from cms.core.database import db
from cms.core.errors import Conflict, Invalid, NotFound
from cms.core.markup import plain_text, render_markdown
from cms.core.seams import announce
from cms.core.secrets import keyed_hash
from cms.core.text import count_words, strip_control
from cms.people import handles
from cms.people.emails import mailbox
from cms.people.models import Person
from cms.posts.models import Byline, Post, Revision

LONGEST_TITLE, LONGEST_STATEMENT, LONGEST_BODY = 200, 3_000, max(LONGEST_TEXT, 100_000)


class NotOpen(Conflict):
    """The contest takes no entries at this moment."""

    message = lazy_gettext("This contest takes no entries now. What you wrote is kept, and stays yours.")


class NotEligible(Conflict):
    """This person cannot enter this contest; the sentence says why."""


class TooMany(Conflict):
    """As many entries as the rules allow one person, alone or with others."""

    message = lazy_gettext("You have as many entries in this contest as its rules allow.")


class EntryChanged(Conflict):
    """Somebody it is written with saved it since the caller read it."""

    message = lazy_gettext(
        "Somebody you write with has saved this while you were writing. Nothing of yours is lost."
    )


@dataclass(frozen=True)
class ReadyEntry:
    """The words of an entry, tidied and rendered outside the transaction."""

    title: str
    body: str
    statement: str
    language: str
    html: str
    plain: str
    word_count: int


@dataclass(frozen=True)
class Consent:
    """What whoever hands in agrees to."""

    rules: int  # number of the rules that were shown
    has_agreed: bool
    may_republish: bool = False
    is_adult: bool = True
    guardian: str = ""


def prepare_entry(*, title: str, body: str, statement: str, language: str) -> ReadyEntry:
    """Tidy and render. An empty or short text is fine: it is looked at when it is handed in."""
    title, body, statement = " ".join(strip_control(title).split()), _text(body), _text(statement)
    errors = {}
    for name, words, longest in (
        ("title", title, LONGEST_TITLE),
        ("body", body, LONGEST_BODY),
        ("statement", statement, LONGEST_STATEMENT),
    ):
        if len(words) > longest:
            errors[name] = _("Please use at most %(count)d characters.", count=longest)
    if language not in ("en", "zh"):
        errors["language"] = _("Please choose the language it is written in.")
    if errors:
        raise Invalid(errors=errors)
    html = render_markdown(body).html
    plain = plain_text(html)
    return ReadyEntry(title, body, statement, language, html, plain, count_words(plain))


def begin_entry(
    contest_id: int, *, language: str, post_id: int | None = None, by: Person, at: datetime
) -> Entry:
    """An empty entry, or one from something that they published. The moment counts for the grace of the deadline."""
    contest = share(contest_id)
    if not phases.is_open(contest, "entries", at) or contest.sealed_at is not None:
        raise NotOpen
    refuse_ineligible(contest, by, at)
    entry = Entry(
        contest_id=contest_id,
        person_id=by.id,
        language=language,
        begun_at=at,
        edited_at=at,
        authors=[],
        snapshots=[],
    )
    if post_id is not None:
        _take_post(entry, contest, post_id, by)
    author = EntryAuthor(contest_id=contest_id, person_id=by.id, position=0, invited_at=at, accepted_at=at)
    entry.authors.append(author)
    _take_slot(contest, entry, author, by)
    return entry


def save_entry(entry_id: int, ready: ReadyEntry, *, expected: int | None, by: Person, at: datetime) -> Entry:
    """Keep what is written. What was handed in does not change by it, so it is kept after the deadline too."""
    entry = load_entry(entry_id)
    if entry.withdrawn_at is not None:
        raise Conflict(_("This entry was withdrawn."))
    if expected is not None and expected != entry.edits:
        raise EntryChanged
    _write(entry, ready, at)
    return entry


def submit_entry(
    entry_id: int, ready: ReadyEntry, consent: Consent, *, expected: int | None, by: Person, at: datetime
) -> Entry:
    """Hand in: seal exactly this text. Handing in again, until the deadline, seals a new version in its place."""
    entry = load_entry(entry_id, alone=True)
    contest = share(entry.contest_id)
    if entry.withdrawn_at is not None:
        raise Conflict(_("This entry was withdrawn."))
    if expected is not None and expected != entry.edits:
        raise EntryChanged
    when = when_taken(contest, entry, at)
    if when is None:
        raise NotOpen
    refuse_ineligible(contest, by, at)
    _refuse_incomplete(contest, ready, consent)
    _write(entry, ready, at)
    if _seal(entry, ready, consent, at):
        _note_submission(entry, contest, consent, is_late=when == "late", by=by, at=at)
    return entry


def when_taken(contest: Contest, entry: Entry, at: datetime) -> str | None:
    """Whether this entry may be handed in now: `in_time`, `late`, `reopened` because a change was asked for, or None."""
    if contest.announced_at is None or contest.cancelled_at is not None:
        return None
    if entry.verdict == "asked" and entry.reopened_until is not None and at < entry.reopened_until:
        return "reopened"
    return phases.takes_entry(contest, entry.begun_at, at) if contest.sealed_at is None else None


def withdraw_entry(entry_id: int, *, by: Person, at: datetime) -> None:
    """Take it out of the contest for good, whatever was scored or voted so far. The text stays with its authors."""
    entry = load_entry(entry_id)
    contest = share(entry.contest_id)
    if entry.withdrawn_at is not None:
        return
    if contest.results_state == "final":
        raise Conflict(_("The results are final. Please write to the organisers."))
    entry.withdrawn_at = at
    for one in entry.authors:
        one.slot = None
    db.session.flush()
    if entry.submitted_at is not None:
        announce(EntryWithdrawn(entry.id, entry.contest_id, at))
        shown(contest)


def invite_author(entry_id: int, handle: str, *, by: Person, at: datetime) -> EntryAuthor:
    """Ask somebody to enter together. They are an author only once they say yes."""
    entry = load_entry(entry_id)
    contest = share(entry.contest_id)
    if when_taken(contest, entry, at) is None:
        raise NotOpen
    key = handles.key(handle.strip().removeprefix("@"))
    person = db.session.scalar(select(Person).where(Person.handle_key == key)) if key else None
    if person is None or not person.is_active:
        raise Invalid(errors={"handle": _("There is nobody with an account of this name.")})
    found = next((one for one in entry.authors if one.person_id == person.id), None)
    if found is not None and found.declined_at is None:
        return found
    asked = [one for one in entry.authors if one.declined_at is None]
    if len(asked) >= contest.most_authors:
        raise Invalid(
            errors={"handle": _("An entry has %(count)d authors at most.", count=contest.most_authors)}
        )
    refuse_ineligible(contest, person, at, about="other")
    if found is None:
        found = EntryAuthor(
            contest_id=contest.id, person_id=person.id, position=len(entry.authors), invited_at=at
        )
        entry.authors.append(found)
    found.invited_at, found.declined_at = at, None
    db.session.flush()
    tell_authors(entry, "invited", by=by, at=at, to=[person.id])
    return found


def answer_invitation(entry_id: int, *, says_yes: bool, by: Person, at: datetime) -> None:
    """Become an author, or not. Who wrote with others may leave the same way, but for the one who began."""
    entry = load_entry(entry_id)
    contest = share(entry.contest_id)
    author = next((one for one in entry.authors if one.person_id == by.id), None)
    if author is None:
        raise NotFound
    if not says_yes:
        if author.person_id == entry.person_id:
            raise Conflict(_("You began this entry. To take it out of the contest, withdraw it."))
        author.declined_at, author.accepted_at, author.slot = at, None, None
        return
    if author.accepted_at is not None:
        return
    if when_taken(contest, entry, at) is None:
        raise NotOpen
    refuse_ineligible(contest, by, at)
    author.accepted_at, author.declined_at = at, None
    _take_slot(contest, entry, author, by)


def refuse_ineligible(contest: Contest, person: Person, at: datetime, *, about: str = "self") -> None:
    """Raises `NotEligible` with the reason when this person cannot enter."""
    sentence = ""
    if any(one.person_id == person.id for one in contest.people):
        sentence = _("Who runs or judges a contest cannot enter it.")
    elif contest.eligible == "members" and person.is_staff:
        sentence = _("This contest is for members, not for staff.")
    elif contest.eligible == "staff" and not person.is_staff:
        sentence = _("This contest is for staff only.")
    elif person.created_at > at - timedelta(days=contest.least_days):
        sentence = _(
            "An account must be at least %(count)d days old to enter this contest.", count=contest.least_days
        )
    if sentence and about == "other":
        raise Invalid(errors={"handle": sentence})
    if sentence:
        raise NotEligible(sentence)


def _text(words: str) -> str:
    return strip_control(words).replace("\r\n", "\n").strip()


def _take_post(entry: Entry, contest: Contest, post_id: int, by: Person) -> None:
    if not contest.takes_posts:
        raise Invalid(errors={"post": _("This contest takes only what was not published before.")})
    query = (
        select(Post.language, Revision.title, Revision.body)
        .join(Revision, Revision.id == Post.live_revision_id)
        .join(Byline, Byline.post_id == Post.id)
        .where(
            Post.id == post_id,
            Byline.person_id == by.id,
            Byline.role == "author",
            Revision.format == "markdown",
        )
    )
    row = db.session.execute(query).first()
    if row is None:
        raise Invalid(errors={"post": _("Please choose something that you published under your name.")})
    entry.post_id, entry.language, entry.title, entry.body = post_id, row.language, row.title, row.body


def _take_slot(contest: Contest, entry: Entry, author: EntryAuthor, by: Person) -> None:
    """Take the first of the person's entries that is free. The database refuses what comes twice at one moment, and what
    another account with the same mail address took."""
    if by.email:
        author.mailbox_key = keyed_hash(f"contest entry {contest.id} address {mailbox(by.email)}")
    for slot in range(contest.most_entries):
        try:
            with db.session.begin_nested():
                author.slot = slot
                db.session.add(entry)
                db.session.flush()
        except IntegrityError:
            continue
        return
    mine = (
        EntryAuthor.contest_id == contest.id,
        EntryAuthor.person_id == by.id,
        EntryAuthor.slot.is_not(None),
    )
    own = db.session.scalar(select(func.count()).select_from(EntryAuthor).where(*mine)) or 0
    raise (
        TooMany
        if own >= contest.most_entries
        else TooMany(
            _(
                "An account with your mail address is in this contest already. Each person enters it with one account."
            )
        )
    )


def _write(entry: Entry, ready: ReadyEntry, at: datetime) -> None:
    before = (entry.title, entry.body, entry.statement, entry.language)
    if before == (ready.title, ready.body, ready.statement, ready.language):
        return
    entry.title, entry.body, entry.statement, entry.language = (
        ready.title,
        ready.body,
        ready.statement,
        ready.language,
    )
    entry.edits, entry.edited_at = entry.edits + 1, at


def _refuse_incomplete(contest: Contest, ready: ReadyEntry, consent: Consent) -> None:
    errors = {}
    if not ready.title:
        errors["title"] = _("Please give it a title.")
    if not ready.plain.strip():
        errors["body"] = _("There is no text to hand in yet.")
    elif ready.word_count < contest.least_words:
        errors["body"] = _(
            "It has %(count)d words, and needs at least %(least)d.",
            count=ready.word_count,
            least=contest.least_words,
        )
    elif contest.most_words is not None and ready.word_count > contest.most_words:
        errors["body"] = _(
            "It has %(count)d words, and %(most)d are allowed.",
            count=ready.word_count,
            most=contest.most_words,
        )
    newest = contest.rules[-1].number
    if not consent.has_agreed:
        errors["agrees"] = _("Please agree to the rules to hand it in.")
    elif consent.rules != newest:
        errors["agrees"] = _("The rules were changed meanwhile. Please read them again and agree.")
    if contest.least_age is not None and not consent.is_adult and not consent.guardian.strip():
        errors["guardian"] = _("Please name the grown-up who agrees that you enter.")
    if errors:
        raise Invalid(errors=errors)


def _seal(entry: Entry, ready: ReadyEntry, consent: Consent, at: datetime) -> bool:
    """Whether there is a new snapshot: sent twice, the same text is one."""
    said: dict[str, int | str] = {
        "entry_id": entry.id,
        "language": ready.language,
        "title": ready.title,
        "body": ready.body,
        "statement": ready.statement,
        "rules": consent.rules,
    }
    if entry.version and seals.seal(version=entry.version, **said) == entry.sealed_hash:
        return False
    newest = (
        db.session.scalar(select(func.max(EntrySnapshot.version)).where(EntrySnapshot.entry_id == entry.id))
        or 0
    )
    version = newest + 1
    value = seals.seal(version=version, **said)
    db.session.add(
        EntrySnapshot(
            entry_id=entry.id,
            version=version,
            language=ready.language,
            title=ready.title,
            body=ready.body,
            html=ready.html,
            plain=ready.plain,
            statement=ready.statement,
            word_count=ready.word_count,
            rules_number=consent.rules,
            content_hash=value,
            sealed_at=at,
        )
    )
    entry.version, entry.sealed_hash = version, value
    return True


def _note_submission(
    entry: Entry, contest: Contest, consent: Consent, *, is_late: bool, by: Person, at: datetime
) -> None:
    is_first = entry.submitted_at is None
    entry.submitted_at, entry.resubmitted_at = entry.submitted_at or at, at
    entry.is_late = is_late
    entry.consented_at, entry.consented_rules = at, consent.rules
    entry.may_republish, entry.is_adult = consent.may_republish, consent.is_adult
    entry.guardian = " ".join(strip_control(consent.guardian).split())[:120] if not consent.is_adult else ""
    entry.verdict, entry.verdict_reason, entry.verdict_at, entry.reopened_until = None, "", None, None
    db.session.flush()
    announce(EntrySubmitted(entry.id, contest.id, by.id, is_first, at))
