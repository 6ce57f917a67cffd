"""What readers do beside reading: they share, save a file, leave for another site, sign up, answer a question.

A fact is a line of the spool with the value `KIND` or `KIND:KEY`. Shares, downloads and ways out come from pages, by the
beacon (`gate`). The others are known to the application, which says them with `tell`; no beacon can.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Request, current_app, has_request_context, request
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from campaigns.engagement.clients import method_of
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line, number_of
from cms.circles.events import CircleJoined
from cms.comments.events import CommentShown, ReactionGiven
from cms.contests.events import EntrySubmitted
from cms.contests.judging.events import VoteCast
from cms.contests.models import Contest
from cms.core import clock
from cms.core.database import db, is_writing
from cms.core.languages import split_prefix
from cms.core.pages import config
from cms.people.events import SignedUp

KINDS = ("share", "download", "outbound", "signup", "comment", "reaction", "vote", "entry", "answer", "join")
SUBJECTS = ("post",)  # what comments are about and readers are counted on
_WAITING = "parley_facts"
_POST = re.compile(r"/(?:posts|notes)/[^\s/?#]{1,190}")
_VALUE = re.compile(r"[a-z]{1,16}(?::[\w.:/@-]{1,160})?")


def tell(kind: str, key: str, subject: str, request: Request, *, once: str = "") -> None:
    """Note what somebody did: at once, or after the commit of the transaction that is open; a rollback forgets it.

    `subject` as for views: `post:12`, `page:/sign-up`. `once` names what can only be done once, such as
    `signup:person:7`: said again it counts once. Who asks not to be tracked is counted without a person, or not at all.
    """
    value = f"{kind}:{key}" if key else kind
    if kind not in KINDS or not _VALUE.fullmatch(value):
        raise ValueError(f"{value!r} is no fact: KIND or KIND:KEY, and the kind one of {', '.join(KINDS)}")
    gate: Gate = current_app.extensions["parley_gate"]
    at = clock.milliseconds()
    client = gate.clients.of(request.environ, at)
    if not client.is_counted:
        return
    line = Line(
        at=at,
        kind="fact",
        hints=method_of(request.environ) + client.marks,
        visitor=client.visitor,
        subject=subject,
        view=number_of(once) if once else 0,
        language=client.language,
        device=client.device,
        agent=client.agent,
        value=value,
        country=client.country,
    )
    if is_writing():
        db.session().info.setdefault(_WAITING, []).append((gate, line))
    else:
        gate.spool.write(line)


def hear_sign_up(fact: SignedUp) -> None:
    """Somebody made an account. One that a command or an import makes is nobody's visit."""
    if has_request_context():
        tell("signup", "", "page:/sign-up", request, once=f"signup:{fact.person_id}")


def hear_comment(fact: CommentShown) -> None:
    """A comment became visible. Counted with its writer's visit when that was at once; one that a moderator let through
    later is counted without a person, for the visit is long over."""
    subject, once = f"{fact.subject_kind}:{fact.subject_id}", f"comment:{fact.comment_id}"
    if not has_request_context() or fact.subject_kind not in SUBJECTS:
        return
    if fact.is_by_author:
        tell("comment", "", subject, request, once=once)
        return
    _tell_of_nobody("comment", subject, at=fact.at, once=once)


def hear_reaction(fact: ReactionGiven) -> None:
    """Somebody reacted to a comment."""
    if has_request_context() and fact.subject_kind in SUBJECTS:
        once = f"reaction:{fact.comment_id}:{fact.person_id}"
        tell("reaction", fact.kind, f"{fact.subject_kind}:{fact.subject_id}", request, once=once)


def hear_joined(fact: CircleJoined) -> None:
    """Somebody joined a circle by their own act; which, is told by its number. Who was let in did nothing just then."""
    if has_request_context() and fact.by_own_act:
        once = f"join:{fact.circle_id}:{fact.person_id}"
        tell("join", str(fact.circle_id), "page:/circles", request, once=once)


def hear_entry(fact: EntrySubmitted) -> None:
    """Somebody handed in an entry for the first time; for which contest, is told by its number."""
    if has_request_context() and fact.is_first:
        subject, once = _call_for(fact.contest_id), f"entry:{fact.entry_id}"
        tell("entry", str(fact.contest_id), subject, request, once=once)


def hear_vote(fact: VoteCast) -> None:
    """Somebody voted in a contest. Counted without a person: the ballot is published with its entry, and nobody may
    find out whose it is."""
    if has_request_context():
        once = f"vote:{fact.ballot}"
        _tell_of_nobody(f"vote:{fact.contest_id}", _call_for(fact.contest_id), at=fact.at, once=once)


def _call_for(contest_id: int) -> str:
    """The post of ours where the theme of a contest was said, so that its campaign counts what is handed in; else the
    list of contests."""
    address = db.session.scalar(select(Contest.theme_url).where(Contest.id == contest_id)) or ""
    parts = urlsplit(address)
    path = split_prefix(parts.path)[1]
    is_ours = not parts.netloc or parts.hostname in config().hosts
    return f"page:{path}" if is_ours and _POST.fullmatch(path) else "page:/contests"


def _tell_of_nobody(value: str, subject: str, *, at: datetime, once: str) -> None:
    """Note after the commit that something was done, without saying in whose visit."""
    gate: Gate = current_app.extensions["parley_gate"]
    line = Line(
        at=round(at.timestamp() * 1000),
        kind="fact",
        hints="P",
        visitor=0,
        subject=subject,
        view=number_of(once),
        agent="browser:other",
        value=value,
    )
    db.session().info.setdefault(_WAITING, []).append((gate, line))


@event.listens_for(Session, "after_commit")
def _write_waiting(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint: what is around it may still be undone
        return
    waiting: list[tuple[Any, Line]] = session.info.pop(_WAITING, [])
    for gate, line in waiting:
        gate.spool.write(line)


@event.listens_for(Session, "after_rollback")
def _forget_waiting(session: Session) -> None:
    session.info.pop(_WAITING, None)
