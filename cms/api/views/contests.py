"""Contests: what readers may know, and for who runs one making it, changing it, announcing it, moving an end.

Names are as hidden as on the pages: who does not run a contest gets its entries without them while the vote is open, and
with them once results name them. Jurors get theirs on their own pages only.
"""

import re
from dataclasses import replace
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _

from cms.api.answering import Made, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_number
from cms.api.operations import operation
from cms.api.rules import can_call
from cms.api.schemas import contests as schemas
from cms.api.views import bp
from cms.contests import models, phases, queries, rules, services
from cms.contests.content import PhaseLine, Plan, PrizeLine, prepare, prepare_rules
from cms.contests.judging import queries as judging
from cms.core import clock
from cms.core.access import allowed, person
from cms.core.errors import Invalid, NotFound
from cms.core.pages import absolute

CONTEST = "/contests/<number:contest_id>"
READ, WRITE = "contests:read", "contests:write"
_LANGUAGE = re.compile(r"_(en|zh)$")


def get_contest(contest_id: int) -> models.Contest:
    """A contest that readers know, or that this caller runs."""
    contest = queries.get_contest(contest_id)
    if contest.announced_at is None and not rules.can_run(person(), contest):
        raise NotFound
    return contest


@bp.get("/contests")
@allowed(can_call)
@operation(
    "contests", _("List contests"), scope=READ, query=schemas.ContestsAsked, answer=schemas.ContestList
)
def list_contests(asked: schemas.ContestsAsked) -> Response:
    """Those that were announced, the last made first; for who may make contests also those that are not."""
    found = queries.contests_page(
        before=read_number("contests", asked.cursor),
        with_drafts=rules.can_make_contests(person()),
        limit=asked.limit + 1,
    )
    rows, following = cut("contests", found, asked.limit, lambda one: one.id)
    counts = queries.sort_of_entries([one.id for one in rows])
    items = [_told(one, counts.get(one.id, 0)) for one in rows]
    return answer(schemas.ContestList(items=items, next=following))


@bp.post("/contests")
@allowed(rules.can_make_contests)
@operation(
    "contests",
    _("Make a contest"),
    scope=WRITE,
    body=schemas.NewContest,
    answer=schemas.Contest,
    status=201,
    once=True,
    conflicts=True,
)
def create_contest(body: schemas.NewContest) -> Response:
    """Its caller runs it. Nobody else sees it until it is announced."""
    same = "zone eligible most_entries most_authors least_words most_words grace_minutes is_blind"
    ready = _prepared(
        Plan(
            title=schemas.words(body.title),
            summary=schemas.words(body.summary),
            brief=schemas.words(body.brief),
            phases=_lines(body.phases),
            prizes=_prizes(body.prizes),
            **{name: getattr(body, name) for name in same.split()},
        )
    )
    with_rules = _pointing(lambda: prepare_rules(schemas.words(body.rules), schemas.words(body.consent)))

    def make(by: Any, at: Any) -> Made:
        made = services.create_contest(ready, with_rules, slug=body.slug or "", by=by, at=at)
        contest = queries.get_contest(made.id)
        location = f"/api/v1/contests/{made.id}"
        return Made(_told(contest, 0), location=location, version=contest.version)

    return made_once(body.model_dump_json(), make)


@bp.get(CONTEST)
@allowed(can_call, contest=get_contest)
@operation("contests", _("Read about a contest"), scope=READ, answer=schemas.Contest)
def show_contest(contest_id: int, contest: models.Contest) -> Response:
    """By its number."""
    return _shown(contest)


@bp.patch(CONTEST)
@allowed(rules.can_run, contest=get_contest)
@operation(
    "contests",
    _("Change a contest"),
    scope=WRITE,
    body=schemas.ChangedContest,
    answer=schemas.Contest,
    if_match=True,
    conflicts=True,
)
def edit_contest(contest_id: int, contest: models.Contest, body: schemas.ChangedContest) -> Response:
    """Only what is named changes."""
    version = expected_version(contest.version)
    changed: dict[str, Any] = {
        name: schemas.words(said)
        for name in ("title", "summary", "brief")
        if (said := getattr(body, name)) is not None
    }
    if body.phases is not None:
        changed["phases"] = _lines(body.phases)
    if body.prizes is not None:
        changed["prizes"] = _prizes(body.prizes)
    ready = _prepared(replace(_as_it_is(contest), **changed))
    with changing() as (by, at):
        services.change_contest(contest_id, ready, expected_version=version, by=by, at=at)
    return _shown(queries.get_contest(contest_id))


@bp.put(f"{CONTEST}/announcement")
@allowed(rules.can_run, contest=get_contest)
@operation("contests", _("Announce a contest"), scope=WRITE, answer=schemas.Contest, conflicts=True)
def announce_contest(contest_id: int, contest: models.Contest) -> Response:
    """Readers see it, and from here on its phases begin and end by themselves."""
    with changing() as (by, at):
        services.announce_contest(contest_id, by=by, at=at)
    return _shown(queries.get_contest(contest_id))


@bp.post(f"{CONTEST}/extensions")
@allowed(rules.can_run, contest=get_contest)
@operation(
    "contests",
    _("Let a phase end later"),
    scope=WRITE,
    body=schemas.Extension,
    answer=schemas.Contest,
    conflicts=True,
)
def extend_contest(contest_id: int, contest: models.Contest, body: schemas.Extension) -> Response:
    """It is logged, everybody is told, and what follows moves by as much."""
    with changing() as (by, at):
        services.extend_phase(
            contest_id, body.phase, wall=body.ends, which=body.which, reason=body.reason, by=by, at=at
        )
    return _shown(queries.get_contest(contest_id))


@bp.get(f"{CONTEST}/entries")
@allowed(can_call, contest=get_contest)
@operation("contests", _("List the entries of a contest"), scope=READ, answer=schemas.ContestEntryList)
def list_entries(contest_id: int, contest: models.Contest) -> Response:
    """All that were handed in, for who runs it; for others those with a place, and before that those that are voted on."""
    caller = person()
    assert caller is not None
    if rules.can_run(caller, contest):
        items = [_entry(one) for one in queries.entries_of(contest_id)]
        return answer(schemas.ContestEntryList(items=items, is_blind=False))
    if contest.results_state is not None:
        placed = [one.entry for one in queries.places_of(contest_id) if not one.disqualified_for]
        items = [_entry(one, verdict=False) for one in placed]
        return answer(schemas.ContestEntryList(items=items, is_blind=False))
    if not phases.is_open(contest, "vote", clock.now()):
        return answer(schemas.ContestEntryList(items=[], is_blind=True))
    paper, _mine = judging.ballot_paper(contest_id, caller.id)
    blind = [
        schemas.ContestEntry(
            id=one.entry_id,
            title=one.title,
            language=one.language,
            words=one.word_count,
            authors=None,
            sealed_hash=one.content_hash,
            verdict=None,
        )
        for one in paper
    ]
    return answer(schemas.ContestEntryList(items=blind, is_blind=True))


@bp.get(f"{CONTEST}/results")
@allowed(can_call, contest=get_contest)
@operation("contests", _("Read the results of a contest"), scope=READ, answer=schemas.ContestResults)
def show_results(contest_id: int, contest: models.Contest) -> Response:
    """There are none until they are preliminary."""
    if contest.results_state is None or contest.announced_at is None:
        raise NotFound
    judged = judging.find_judging(contest_id)
    page = absolute(f"/contests/{contest.slug}")
    is_open = judged is not None and judged.opened_at is not None
    told = schemas.ContestResults.model_validate(
        {
            "state": contest.results_state,
            "places": [_place(one) for one in queries.places_of(contest_id)],
            "proof": f"{page}/proof",
            "bundle": f"{page}/results.zip" if is_open else None,
        }
    )
    return answer(told)


def _shown(contest: models.Contest) -> Response:
    count = queries.sort_of_entries([contest.id]).get(contest.id, 0)
    return answer(_told(contest, count), version=contest.version)


def _told(contest: models.Contest, entries: int) -> schemas.Contest:
    at, newest = clock.now(), contest.rules[-1]
    same = "id slug title summary brief zone announced_at cancelled_at sealed_hash results_state"
    return schemas.Contest.model_validate(
        {
            **{name: getattr(contest, name) for name in same.split()},
            "url": absolute(f"/contests/{contest.slug}"),
            "stage": phases.stage(contest, at),
            "phases": [
                {
                    "kind": one.kind,
                    "starts_at": one.starts_at,
                    "ends_at": one.ends_at,
                    "starts": one.starts_wall,
                    "ends": one.ends_wall,
                    "is_open": phases.is_open(contest, one.kind, at),
                }
                for one in contest.phases
            ],
            "prizes": [
                {"name": one.name, "description": one.description, "places": one.places}
                for one in contest.prizes
            ],
            "rules": newest.text,
            "rules_number": newest.number,
            "entries": entries,
        }
    )


def _entry(entry: models.Entry, *, verdict: bool = True) -> schemas.ContestEntry:
    assert entry.snapshot is not None
    return schemas.ContestEntry(
        id=entry.id,
        title=entry.snapshot.title,
        language=entry.snapshot.language,
        words=entry.snapshot.word_count,
        authors=_handles(entry),
        sealed_hash=entry.snapshot.content_hash,
        verdict=entry.verdict if verdict else None,
    )


def _place(row: models.ContestPlace) -> dict[str, Any]:
    entry, is_out = row.entry, bool(row.disqualified_for)
    return {
        "place": None if is_out else row.place,
        "entry": entry.id,
        "title": entry.snapshot.title if entry.snapshot else entry.title,
        "authors": _handles(entry),
        "points": row.points,
        "prize": row.prize.name if row.prize and not is_out else None,
        "post": entry.published_id if entry.published and entry.published.is_live else None,
        "disqualified_for": row.disqualified_for or None,
    }


def _handles(entry: models.Entry) -> list[str]:
    return [one.person.handle for one in entry.authors if one.accepted_at is not None]


def _lines(said: dict[schemas.Phase, schemas.PhaseTimes]) -> list[PhaseLine]:
    return [
        PhaseLine(kind, one.starts, one.ends, (one.starts_which, one.ends_which))
        for kind, one in said.items()
    ]


def _prizes(said: list[schemas.Prize]) -> list[PrizeLine]:
    return [PrizeLine(schemas.words(one.name), schemas.words(one.description), one.places) for one in said]


def _as_it_is(contest: models.Contest) -> Plan:
    same = (
        "title summary brief eligibility zone eligible least_age least_days most_entries most_authors least_words"
        " most_words takes_posts grace_minutes is_blind theme_by_id"
    )
    return Plan(
        **{name: getattr(contest, name) for name in same.split()},
        theme_url=contest.theme_url or "",
        phases=[PhaseLine(one.kind, one.starts_wall, one.ends_wall or "") for one in contest.phases],
        prizes=[PrizeLine(one.name, one.description, one.places) for one in contest.prizes],
    )


def _prepared(plan: Plan) -> Any:
    return _pointing(lambda: prepare(plan))


def _pointing(make: Any) -> Any:
    """What is wrong stands at `title.en`, as the body has it, where a form has `title_en`."""
    try:
        return make()
    except Invalid as problem:
        errors = {_LANGUAGE.sub(r".\1", name): said for name, said in problem.errors.items()}
        raise Invalid(str(problem.message), errors=errors) from problem
