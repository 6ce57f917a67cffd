"""What the worker does for reviews."""

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from cms.calendar.sources import Wanted
from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.posts import services as posts
from cms.reviews import jobs, queries, services
from cms.reviews.models import LinkCheck, RoundStep
from cms.reviews.times import SOURCES
from tests.cms.reviews.conftest import Desk
from tests.cms.reviews.test_rounds import change
from tests.factories import make_person, read_again

DUE = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # of the first step


def reminders(at: datetime) -> int:
    with clock.stopped(at):
        return int(jobs.remind_reviewers().get("reminded", 0))


def test_reviewers_are_reminded_a_few_times_and_no_more(desk: Desk) -> None:
    desk.submit()
    days = [DUE + timedelta(hours=hours) for hours in range(-72, 24 * 30, 6)]
    told = [at for at in days if reminders(at)]
    assert told == [DUE + timedelta(days=day) for day in (-1, 0, 3, 6, 9)]
    kinds = db.session.execute(
        select(Notice.kind, Notice.times).where(Notice.person_id == desk.expert.id).order_by(Notice.id)
    ).all()
    assert sorted(map(tuple, kinds)) == [("review.asked", 1), ("review.overdue", 5)]


def test_nobody_is_reminded_of_a_text_that_was_sent_back(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert, "changes", "More, please.")
    assert reminders(DUE + timedelta(days=1)) == 0


def test_a_round_moves_on_when_the_last_one_missing_is_gone(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.decide(1, desk.lawyers[0])
    change(desk.lawyers[1], disabled_at=clock.now())
    assert jobs.settle_rounds() == {"moved": 1}
    assert desk.states == ["done", "done", "waiting"]
    assert jobs.settle_rounds() == {}


def test_links_of_a_new_text_are_noted_once_and_the_sites_own_are_not(desk: Desk) -> None:
    body = (
        "[a](https://example.com/a) [again](https://example.com/a) [own](http://localhost/posts/x) [rel](/y)"
    )
    desk.save(body, desk.author)
    assert db.session.scalars(select(LinkCheck.url)).all() == ["https://example.com/a"]
    desk.save(body + " More.", desk.author)
    assert db.session.scalars(select(LinkCheck.url)).all() == ["https://example.com/a"]


def test_links_of_an_import_are_not_looked_at(desk: Desk) -> None:
    ready = posts.prepare(title="A", body="[a](https://example.com/a)")
    with transaction():
        posts.save_revision(desk.post_id, ready, by=None, at=clock.now())
    assert db.session.scalars(select(LinkCheck.url)).all() == []


def test_an_address_that_may_not_be_asked_is_left_alone_and_looked_at_again_later(desk: Desk) -> None:
    desk.save("[inside](http://127.0.0.1/admin)", desk.author)
    assert jobs.check_links() == {"fine": 1}
    row = db.session.scalars(select(LinkCheck)).one()
    assert (row.status, row.problem, row.due_at) == (None, "", clock.now() + timedelta(days=7))
    assert jobs.check_links() == {}


def test_a_site_that_does_not_answer_gets_a_second_chance(desk: Desk) -> None:
    desk.save("[a](https://example.com/a)", desk.author)
    digest = db.session.scalars(select(LinkCheck.digest)).one()
    with transaction():
        services.note_checked(digest, status=None, problem="unreachable", at=clock.now())
    assert queries.broken_links(desk.review.post.latest.html) == {}
    row = db.session.scalars(select(LinkCheck)).one()
    assert row.due_at == clock.now() + timedelta(hours=1)
    with transaction():
        services.note_checked(digest, status=None, problem="unreachable", at=clock.now())
    assert queries.broken_links(desk.review.post.latest.html) == {"https://example.com/a": "unreachable"}
    with transaction():
        services.note_checked(digest, status=200, problem="", at=clock.now())
    assert queries.broken_links(desk.review.post.latest.html) == {}


def test_a_page_that_is_gone_is_said_at_once_and_two_workers_do_not_ask_twice(desk: Desk) -> None:
    desk.save("[a](https://example.com/a)", desk.author)
    [(digest, _url, due_at)] = queries.links_due(clock.now(), limit=5)
    with transaction():
        assert services.claim_link(digest, due_at=due_at, at=clock.now())
        assert not services.claim_link(digest, due_at=due_at, at=clock.now())
        services.note_checked(digest, status=404, problem="gone", at=clock.now())
    assert queries.broken_links(desk.review.post.latest.html) == {"https://example.com/a": "gone"}


def test_due_dates_are_on_the_calendar_of_those_who_may_see_them(desk: Desk) -> None:
    desk.submit()
    outsider = make_person("Otto Expert", "expert", handle="otto")
    start, end = DUE - timedelta(days=1), DUE + timedelta(days=1)
    with current_app.test_request_context("/desk"):
        seen = {
            who.handle: [
                (one.title, one.at, one.move_url is not None)
                for one in SOURCES[0].entries(who, start, end, Wanted())
            ]
            for who in (desk.chief, desk.expert, desk.author, outsider)
        }
    title = "Expert check: Spring notes"
    assert seen == {
        "nadia": [(title, DUE, True)],
        "eva": [(title, DUE, False)],
        "arno": [(title, DUE, False)],
        "otto": [],
    }
    assert read_again(RoundStep, desk.step_ids[0]).due_at == DUE
