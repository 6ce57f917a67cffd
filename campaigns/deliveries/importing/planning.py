"""Trying a table without writing, and writing it line by line."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.channels.catalogue import adapter_for
from campaigns.channels.counting import excess
from campaigns.channels.messages import DraftPart
from campaigns.channels.models import Account
from campaigns.deliveries.composing.placeholder import with_link, with_mark
from campaigns.deliveries.importing.finding import Named, find_named
from campaigns.deliveries.importing.moments import read_when
from campaigns.deliveries.importing.reading import Row, Sheet
from campaigns.deliveries.models import Delivery, Variant
from campaigns.deliveries.preflight import Proposed, preflight
from campaigns.deliveries.services import Choice, move_delivery, plan_deliveries, save_variant
from campaigns.deliveries.services.planning import MOVABLE, refuse_double
from campaigns.deliveries.timing import AtWall, When
from campaigns.links.queries import sample_url
from cms.core.database import db, transaction
from cms.core.errors import Invalid, Problem
from cms.core.seams import Finding
from cms.media.models import Media
from cms.people.models import Person

Found = TypeVar("Found")


@dataclass(frozen=True)
class Line:
    """What becomes, or became, of one row. `outcome`: planned, moved, unchanged or wrong."""

    row: Row
    outcome: str
    sentences: tuple[str, ...] = ()  # why it is wrong; or what to know, where it is not
    post_id: int | None = None
    account_id: int | None = None
    account: str = ""
    delivery_id: int | None = None
    when: When | None = None


@dataclass(frozen=True)
class Report:
    """Every row of a table, in order."""

    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many by outcome; those of none are nought."""
        outcomes = ("planned", "moved", "unchanged", "wrong")
        return {name: sum(one.outcome == name for one in self.lines) for name in outcomes}


@dataclass(frozen=True)
class _Planned:
    """The delivery that a row made before."""

    id: int
    wall: str | None
    zone: str | None
    state: str


@dataclass(frozen=True)
class _Meant:
    """A row whose cells were all understood."""

    row: Row
    post_id: int
    account: Account
    account_id: int
    account_name: str
    when: When
    pictures: tuple[tuple[int, str], ...]
    source: str
    known: _Planned | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it says words of its own."""
        return bool(self.row.text or self.pictures)


def try_sheet(sheet: Sheet, *, at: datetime) -> Report:
    """What would become of every row. Writes nothing."""
    return Report(tuple(_tried(one, at=at) for one in _read(sheet, at=at)))


def import_sheet(sheet: Sheet, *, by: Person, at: datetime) -> Report:
    """Plan what can be planned, each row in a transaction of its own: one that is refused says why, and the others go
    on. Importing the same table again changes nothing, so one that was cut off is simply imported again."""
    return Report(tuple(_written(one, by=by, at=at) for one in _read(sheet, at=at)))


def _read(sheet: Sheet, *, at: datetime) -> list[_Meant | Line]:
    """Every row understood, with what is found about it; or the line that says what is wrong with it."""
    named = find_named(
        [one.post for one in sheet.rows],
        [one.account for one in sheet.rows],
        [one.media for one in sheet.rows],
    )
    seen: dict[str, int] = {}
    pairs: dict[str, int] = {}
    read: list[_Meant | Line] = []
    for row in sheet.rows:
        try:
            meant = _meant(row, named, sheet.zone)
            if meant.source in seen:
                sentence = _("This is the same as line %(number)d.", number=seen[meant.source])
                raise Invalid(errors={"id": sentence})
            pair = f"{meant.post_id} {meant.account_id}"
            if pair in pairs:
                sentence = _("Line %(number)d sends this post to this account already.", number=pairs[pair])
                raise Invalid(errors={"id": sentence})
            seen[meant.source] = pairs[pair] = row.number
            read.append(meant)
        except Problem as problem:
            read.append(Line(row, "wrong", _sentences(problem)))
    known = _known(list(seen))
    read = [replace(one, known=known.get(one.source)) if isinstance(one, _Meant) else one for one in read]
    found = _found([one for one in read if isinstance(one, _Meant) and _outcome(one) != "unchanged"], at=at)
    return [
        replace(one, findings=tuple(found.get(one.source, ()))) if isinstance(one, _Meant) else one
        for one in read
    ]


def _found(rows: Sequence[_Meant], *, at: datetime) -> dict[str, list[Finding]]:
    """What preflight finds, by row. It is asked once for each post."""
    by_post: dict[int, list[_Meant]] = defaultdict(list)
    for one in rows:
        by_post[one.post_id].append(one)
    found: dict[str, list[Finding]] = {}
    for post_id, batch in by_post.items():
        proposed = [Proposed(one.account_id, one.when) for one in batch]
        but = [one.known.id for one in batch if one.known]
        told = preflight(post_id, proposed, at=at, but=but)
        found |= {one.source: told.get(one.account_id, []) for one in batch}
    return found


def _meant(row: Row, named: Named, zone: str) -> _Meant:
    """Raises `Invalid` with every cell that is wrong."""
    errors: dict[str, str] = {}

    def tried(read: Callable[[], Found]) -> Found | None:
        try:
            return read()
        except Invalid as problem:
            errors.update(problem.errors)
            return None

    post_id, account = tried(lambda: named.post(row.post)), tried(lambda: named.account(row.account))
    when = tried(lambda: read_when(row.at, row.zone or zone))
    numbers = tried(lambda: named.pictures(row.media)) or []
    if errors or post_id is None or account is None or when is None:
        raise Invalid(errors=errors)
    alts = {one.id: one.alt for one in db.session.scalars(select(Media).where(Media.id.in_(numbers)))}
    pictures = tuple((one, alts[one]) for one in numbers)
    key = row.id or f"{row.at} {row.zone or zone}"
    digest = hashlib.sha256(f"{key}\x1f{post_id}\x1f{account.id}".encode()).hexdigest()
    source = f"table:{digest[:48]}"
    return _Meant(row, post_id, account, account.id, account.name, when, pictures, source)


def _known(sources: Sequence[str]) -> dict[str, _Planned]:
    """What was planned by these rows before."""
    rows = db.session.execute(
        select(Delivery.source, Delivery.id, Delivery.wall, Delivery.zone, Delivery.state).where(
            Delivery.source.in_(sources)
        )
    )
    return {row.source: _Planned(row.id, row.wall, row.zone, row.state) for row in rows if row.source}


def _tried(one: _Meant | Line, *, at: datetime) -> Line:
    if isinstance(one, Line):
        return one
    try:
        _refuse(one)
    except Problem as problem:
        return _line(one, "wrong", _sentences(problem))
    return _line(one, _outcome(one), tuple(each.sentence for each in one.findings))


def _written(one: _Meant | Line, *, by: Person, at: datetime) -> Line:
    line = _tried(one, at=at)
    if isinstance(one, Line) or line.outcome not in ("planned", "moved"):
        return line
    try:
        with transaction():
            return replace(line, delivery_id=_write(one, by=by, at=at))
    except Problem as problem:
        return _line(one, "wrong", _sentences(problem))


def _write(one: _Meant, *, by: Person, at: datetime) -> int:
    if one.writes:
        _write_text(one, by=by, at=at)
    if one.known is not None:
        move_delivery(one.known.id, one.when, by=by, at=at)
        return one.known.id
    [made] = plan_deliveries(one.post_id, [Choice(one.account_id, one.when)], by=by, at=at)
    db.session.get_one(Delivery, made).source = one.source
    return made


def _outcome(one: _Meant) -> str:
    """A row that was planned before is moved where its time changed and it has not gone out; else it stays."""
    if one.known is None:
        return "planned"
    if not isinstance(one.when, AtWall):
        return "unchanged"
    same = (one.known.wall, one.known.zone) == (one.when.wall[:16], one.when.zone)
    return "unchanged" if same or one.known.state not in MOVABLE else "moved"


def _refuse(one: _Meant) -> None:
    """Raises what stands in its way."""
    if _outcome(one) == "unchanged":
        return
    if one.writes:
        _refuse_text(one)
    if one.known is None:
        refuse_double(one.post_id, {one.account_id: one.account}, again=False)
    blocking = [
        _twice() if each.code == "time.twice" else each.sentence for each in one.findings if each.is_blocking
    ]
    if blocking:
        raise Invalid(errors={str(place): sentence for place, sentence in enumerate(blocking)})


def _refuse_text(meant: _Meant) -> None:
    """Raises `Invalid` where the words cannot be kept: too long, or others were written before."""
    account = meant.account
    limits = adapter_for(account.channel).limits(account.settings, account.limits)
    over = excess(with_link(meant.row.text, sample_url()), limits)
    if over:
        raise Invalid(_("The text is too long for this network, by %(over)d.", over=over))
    if len(meant.pictures) > limits.pictures:
        raise Invalid(_("This network takes %(most)d pictures in one post at most.", most=limits.pictures))
    variant = _variant(meant.post_id, meant.account_id)
    if variant is not None and not _says(variant, meant):
        raise Invalid(
            _(
                "Somebody wrote a version of its own for this account. Leave the text empty here, or change it there."
            )
        )


def _write_text(meant: _Meant, *, by: Person, at: datetime) -> None:
    if _variant(meant.post_id, meant.account_id) is not None:
        _refuse_text(meant)
        return
    save_variant(
        meant.post_id,
        meant.account_id,
        parts=[DraftPart(meant.row.text, meant.pictures)],
        title=None,
        summary=None,
        expected_version=None,
        by=by,
        at=at,
    )


def _variant(post_id: int, account_id: int) -> Variant | None:
    return db.session.scalar(
        select(Variant).where(Variant.post_id == post_id, Variant.account_id == account_id)
    )


def _says(variant: Variant, meant: _Meant) -> bool:
    said = [
        {"text": with_mark(meant.row.text, [sample_url()]), "media": [list(one) for one in meant.pictures]}
    ]
    return variant.parts == said


def _line(meant: _Meant, outcome: str, sentences: tuple[str, ...]) -> Line:
    return Line(
        meant.row,
        outcome,
        sentences,
        post_id=meant.post_id,
        account_id=meant.account_id,
        account=meant.account_name,
        delivery_id=meant.known.id if meant.known else None,
        when=meant.when,
    )


def _twice() -> str:
    return str(
        _(
            "Clocks go back then, and this time comes twice. Say which by its offset, like 2026-10-25 02:30+02:00."
        )
    )


def _sentences(problem: Problem) -> tuple[str, ...]:
    return tuple(problem.errors.values()) or (str(problem.message),)
