"""Essay contests of the sample site, for `parley demo`: one that is over, one being judged, one that takes entries and one
that is to come. Each goes its way through the services at the times it would have gone them, so that seals and proofs
are real."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from cms.contests import queries, services
from cms.contests.content import PhaseLine, Plan, PrizeLine, ReadyPlan, ReadyRules, prepare, prepare_rules
from cms.contests.judging import services as judging
from cms.core.database import db
from cms.core.walltime import instant
from cms.people.models import Person
from cms.posts.models import Post
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("contests.yaml")
PUBLIC_WEIGHT, VOTER_DAYS = 25, 30
POST_IS_OLD = 2  # days, as `posts/essay-contest.*.md` say
HOME = "192.0.2.{}"  # addresses kept for examples
_SAME = "title summary brief most_words most_authors grace_minutes least_age".split()


@dataclass(frozen=True)
class Making:
    """What is needed to make the contests of one sample site."""

    site: DemoSite
    zone: str
    terms: Mapping[str, Any]

    @cached_property
    def today(self) -> date:
        """The day the sample is made, where the contests are."""
        return self.site.at.astimezone(ZoneInfo(self.zone)).date()

    @cached_property
    def month_end(self) -> date:
        """The last day of the month after the one in which the post about the running contest came out."""
        said = self.today - timedelta(days=POST_IS_OLD)
        year, month = said.year + said.month // 12, said.month % 12 + 1
        return date(year, month, calendar.monthrange(year, month)[1])

    def wall(self, said: str) -> str:
        """`-2 08:00` or `E+5 18:00` as a wall time."""
        days, _space, clock = said.partition(" ")
        start = self.month_end if days.startswith("E") else self.today
        return f"{start + timedelta(days=int(days.removeprefix('E')))}T{clock}"

    def at(self, said: str) -> datetime:
        """The same as an instant."""
        return instant(self.wall(said), self.zone)

    def person(self, handle: str) -> Person:
        """Somebody of the sample, or a reader who came with the comments."""
        return db.session.scalars(select(Person).where(Person.handle == handle)).one()


@dataclass
class Made:
    """One contest on its way."""

    id: int
    said: Mapping[str, Any]
    organiser: Person
    entries: dict[str, int] = field(default_factory=dict)  # by who wrote it
    seats: dict[str, int] = field(default_factory=dict)  # by who sits there


def make_contests(site: DemoSite) -> None:
    """Make them, with their entries, juries and votes. Inside the transaction of the sample site."""
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    making = Making(site, said["zone"], said)
    rules = prepare_rules(said["rules"]["text"], said["rules"]["consent"])
    series = services.create_series(said["series"], at=site.at)
    for one in said["contests"]:
        made = _announce(one, rules, making, series.id if one.get("is_series") else None)
        _enter(made, making)
        _judge(made, making)
        _vote(made, making)
        if "final" in one:
            _finish(made, making)
        _follow(made, site.at)


def _announce(said: Mapping[str, Any], rules: ReadyRules, making: Making, series_id: int | None) -> Made:
    at, organiser = making.at(said["announced"]), making.person(making.terms["organiser"])
    contest_id = services.create_contest(
        _plan(said, making),
        rules,
        slug=said["slug"],
        series_id=series_id,
        by=organiser,
        at=at - timedelta(days=1),
    ).id
    for handle in said["jurors"]:
        services.set_role(contest_id, making.person(handle).id, "juror", by=organiser, at=at)
    terms = judging.JudgingTerms(
        making.terms["rubric"],
        public_weight=PUBLIC_WEIGHT,
        votes_each=said["votes_each"],
        voter_days=VOTER_DAYS,
    )
    judging.set_judging(contest_id, terms, by=organiser, at=at)
    services.announce_contest(contest_id, by=organiser, at=at)
    for handle in said.get("followers", ()):
        services.follow_contest(contest_id, by=making.person(handle), at=making.site.at)
    return Made(contest_id, said, organiser)


def _plan(said: Mapping[str, Any], making: Making) -> ReadyPlan:
    more = {name: said[name] for name in _SAME if name in said}
    if "story" in said:
        more["theme_url"] = f"/posts/{db.session.get_one(Post, making.site.stories[said['story']]).slug}"
    if "theme_by" in said:
        more["theme_by_id"] = making.person(said["theme_by"]).id
    phases = [
        PhaseLine(kind, making.wall(times[0]), making.wall(times[1]) if len(times) > 1 else "")
        for kind, times in said["phases"].items()
    ]
    prizes = [PrizeLine(**one) for one in said["prizes"]]
    return prepare(Plan(zone=making.zone, phases=phases, prizes=prizes, **more))


def _enter(made: Made, making: Making) -> None:
    for one in sorted(made.said.get("entries", ()), key=lambda one: making.at(one["begun"])):
        entry_id = _write(one, made, making)
        at = making.at(one["begun"]) + timedelta(minutes=30)
        ready = services.prepare_entry(**_words(one))
        consent = services.Consent(rules=1, has_agreed=True, may_republish=True)
        by = making.person(one["by"])
        services.submit_entry(entry_id, ready, consent, expected=None, by=by, at=at)
        made.entries[one["by"]] = entry_id
    for one in made.said.get("drafts", ()):
        _write(one, made, making)


def _write(one: Mapping[str, Any], made: Made, making: Making) -> int:
    by, at = making.person(one["by"]), making.at(one["begun"])
    _follow(made, at)
    entry_id = services.begin_entry(made.id, language=one["language"], by=by, at=at).id
    services.save_entry(entry_id, services.prepare_entry(**_words(one)), expected=None, by=by, at=at)
    return entry_id


def _words(one: Mapping[str, Any]) -> dict[str, str]:
    return {"title": one["title"], "body": one["body"], "statement": "", "language": one["language"]}


def _judge(made: Made, making: Making) -> None:
    """Let entries in, seat the jury and give its marks, where the jury has begun."""
    begins = making.at(made.said["phases"]["jury"][0])
    if begins > making.site.at:
        return
    checked = making.at(made.said["phases"]["check"][0]) + timedelta(hours=2)
    _follow(made, checked)
    for entry_id in made.entries.values():
        version = queries.get_entry(entry_id).version
        services.check_entry(entry_id, "accepted", version=version, by=made.organiser, at=checked)
    _follow(made, begins)
    seats = {one.person_id: one.id for one in judging.take_seats(made.id, at=begins)}
    made.seats = {handle: seats[making.person(handle).id] for handle in made.said["jurors"]}
    for one in made.said.get("recusals", ()):
        seat, entry, by = made.seats[one["juror"]], made.entries[one["entry"]], making.person(one["juror"])
        judging.recuse(seat, entry, one["reason"], by=by, at=begins)
    judging.share_out(made.id, by=made.organiser, at=begins)
    for number, one in enumerate(made.said["entries"], 1):
        _mark(one, made, making, begins + timedelta(hours=number))


def _mark(one: Mapping[str, Any], made: Made, making: Making, at: datetime) -> None:
    entry = queries.get_entry(made.entries[one["by"]])
    assert entry.sealed_hash is not None
    keys = [criterion["key"] for criterion in making.terms["rubric"]]
    comment = one.get("comment", {})
    for handle, points in one["marks"].items():
        words = comment["words"] if comment.get("by") == handle else ""
        marks = dict(zip(keys, points, strict=True))
        score = judging.save_score(
            made.seats[handle],
            entry.id,
            marks,
            content_hash=entry.sealed_hash,
            version=0,
            comment=words,
            at=at,
        )
        if words and "final" in made.said:  # elsewhere it waits at the desk
            judging.moderate_comment(score.id, "approved", by=made.organiser, at=at)


def _vote(made: Made, making: Making) -> None:
    if "votes" not in made.said:
        return
    begins = making.at(made.said["phases"]["vote"][0])
    _follow(made, begins)
    for number, (handle, authors) in enumerate(made.said["votes"].items(), 1):
        by, at = making.person(handle), begins + timedelta(hours=number)
        for author in authors:
            judging.cast_vote(made.id, made.entries[author], by=by, network=HOME.format(number), at=at)


def _finish(made: Made, making: Making) -> None:
    """Seal scores, open names, take the places they come to, and publish who won."""
    over = making.at(made.said["phases"]["jury"][1])
    placed, checked, final = (making.at(made.said[name]) for name in ("places", "checked", "final"))
    _follow(made, placed)
    judging.seal_scores(made.id, by=None, at=over)
    judging.propose_places(made.id, by=made.organiser, at=placed)
    _follow(made, checked)
    services.check_results(made.id, by=made.organiser, at=checked)
    _follow(made, final)
    services.finish_results(made.id, by=made.organiser, at=final)
    for number, winner in enumerate(reversed(queries.winners(made.id)), 1):  # the best one last, so newest
        content = services.content_of(queries.get_entry(winner.entry_id))
        at = final + timedelta(minutes=number)
        services.publish_entry(winner.entry_id, content, by=made.organiser, at=at)
    judging.issue_certificates(made.id, by=made.organiser, at=final)


def _follow(made: Made, until: datetime) -> None:
    """Do what the clock would have done by then, at the moments at which it was due."""
    phases = queries.get_contest(made.id).phases
    moments = [(at, one.id) for one in phases for at in (one.starts_at, one.ends_at) if at and at <= until]
    for at, phase_id in sorted(moments):
        services.follow_phase(phase_id, at=at)
