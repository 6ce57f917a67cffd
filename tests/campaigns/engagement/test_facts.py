"""What pages say that somebody did, and what the application says itself: checked, after the commit, once."""

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from campaigns.engagement import facts
from campaigns.engagement.clients import Choices, Clients
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line, number_of
from campaigns.engagement.places import find_places
from campaigns.reports.queries import compare_campaigns
from campaigns.reports.shapes import Cell, ComparisonQuery
from cms.core import clock
from cms.core.database import transaction
from tests.campaigns.engagement.conftest import FIREFOX, NOW
from tests.campaigns.engagement.test_gate import beacon
from tests.cms.contests import held
from tests.cms.contests.judging import judged
from tests.cms.people.letters import letters_to, link_in
from tests.factories import make_campaign, make_post

Lines = Callable[[], list[Line]]
FACT = {"k": "fact", "s": "post:12", "v": "ff02", "f": "share:copy"}


@pytest.mark.parametrize(
    "value",
    ["share:copy", "share:device", "share:mail", "download:2026/plan-a.pdf", "outbound:shop.example.org"],
)
def test_what_somebody_did_becomes_a_line(reader: FlaskClient, lines: Lines, value: str) -> None:
    beacon(reader, {**FACT, "f": value})
    (line,) = lines()
    assert (line.kind, line.subject, line.value, line.view, line.agent) == (
        "fact",
        "post:12",
        value,
        0xFF02 >> 1,
        "browser:firefox",
    )
    assert line.visitor > 0


@pytest.mark.parametrize(
    "said",
    [
        {**FACT, "f": ""},
        {**FACT, "f": "share:everywhere"},
        {**FACT, "f": "signup"},
        {**FACT, "f": "answer:1:2"},
        {**FACT, "f": "goal:3"},
        {**FACT, "f": "vote:1"},
        {**FACT, "f": "outbound:https://shop.example.org/secret?token=1"},
        {**FACT, "f": "outbound:" + "a" * 121},
        {**FACT, "f": "download:../../etc/passwd"},
        {**FACT, "v": ""},
        {**FACT, "s": "link:3"},
        {key: value for key, value in FACT.items() if key != "v"},
    ],
)
def test_forged_kinds_and_what_cannot_be_told_apart_are_refused(
    reader: FlaskClient, counting: Gate, lines: Lines, said: dict[str, str]
) -> None:
    counting.refused.clear()
    beacon(reader, said)
    assert (lines(), dict(counting.refused)) == ([], {"nonsense": 1})


@pytest.mark.parametrize(("choice", "told"), [("drop", []), ("unlink", [0])])
def test_who_asks_not_to_be_tracked_is_no_person(
    reader: FlaskClient, counting: Gate, lines: Lines, choice: str, told: list[int]
) -> None:
    before = counting.clients
    counting.clients = Clients(before.salts, Choices(before.choices.hosts, choice))
    try:
        beacon(reader, FACT, DNT="1")
    finally:
        counting.clients = before
    assert [line.visitor for line in lines()] == told


@pytest.fixture
def asked(app: Flask):
    """A request of Firefox, in which the application says something."""
    with app.test_request_context(
        "/", headers={"User-Agent": FIREFOX}, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ):
        yield request._get_current_object()


def test_what_the_application_knows_is_said_once_it_is_certain(counting: Gate, lines: Lines, asked) -> None:
    with transaction():
        facts.tell("comment", "", "post:12", asked, once="comment:7")
        assert lines() == []
    (line,) = lines()
    assert line == Line(
        NOW, "fact", "G", line.visitor, "post:12", view=number_of("comment:7"), device="d",
        agent="browser:firefox", value="comment",
    )  # fmt: skip
    facts.tell("vote", "3", "post:12", asked)
    assert [(one.value, one.view) for one in lines()] == [("comment", line.view), ("vote:3", 0)]


def test_what_is_undone_was_never_said(counting: Gate, lines: Lines, asked) -> None:
    def fail() -> None:
        with transaction():
            facts.tell("comment", "", "post:12", asked)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction():
        pass
    assert lines() == []


@pytest.mark.parametrize(("kind", "key"), [("goal", "3"), ("", ""), ("vote", "a b"), ("vote", "x" * 161)])
def test_a_fact_without_a_name_is_a_mistake_of_ours(counting: Gate, asked, kind: str, key: str) -> None:
    with pytest.raises(ValueError, match="is no fact"):
        facts.tell(kind, key, "post:12", asked)


def test_a_sign_up_is_told_when_the_account_is_made(
    reader: FlaskClient, counting: Gate, lines: Lines
) -> None:
    reader.post("/en/sign-up", data={"name": "Rae Sato", "email": "rae@example.com"})
    assert lines() == []
    path = link_in(letters_to("rae@example.com")[0])
    assert reader.post(path, data={"password": "correct horse battery staple"}).status_code == 303
    (line,) = lines()
    assert (line.value, line.subject, line.view > 0, line.visitor > 0) == (
        "signup",
        "page:/sign-up",
        True,
        True,
    )


def test_an_entry_counts_once_for_the_campaign_of_the_post_that_calls_for_it(
    counting: Gate, lines: Lines, asked
) -> None:
    post = make_post("Write about rivers")
    campaign = make_campaign("Rivers", posts=[post])
    contest, rae = held.make_contest(), held.member()
    with transaction():
        contest.theme_url = f"/zh/posts/{post.slug}#c7"
    entry = held.begin(contest, rae)
    assert lines() == []
    held.hand_in(entry, rae)
    held.hand_in(entry, rae, body=held.BODY + " More.")
    (line,) = lines()
    assert (line.value, line.visitor > 0, line.view) == (
        f"entry:{contest.id}",
        True,
        number_of(f"entry:{entry.id}"),
    )
    assert find_places([line.subject], zone="UTC").of[line.subject][:3] == (post.id, None, campaign.id)


@pytest.mark.parametrize("address", ["https://other.example/posts/x", "/about", ""])
def test_an_entry_for_a_theme_from_elsewhere_counts_at_the_list_of_contests(
    counting: Gate, lines: Lines, asked, address: str
) -> None:
    contest, rae = held.make_contest(), held.member()
    with transaction():
        contest.theme_url = address or None
    held.enter(contest, rae)
    assert [line.subject for line in lines()] == ["page:/contests"]


def test_entries_arrive_in_the_comparison_and_without_a_contest_none_were_counted(
    counting: Gate, lines: Lines, asked, collect: Callable[[], dict[str, int]]
) -> None:
    post, other = make_post("Write about rivers"), make_post("Read about rivers")
    calling, quiet = make_campaign("Rivers", posts=[post]), make_campaign("Lakes", posts=[other])
    contest, rae = held.make_contest(), held.member()
    with transaction():
        contest.theme_url = f"/posts/{post.slug}"
    held.enter(contest, rae)
    with transaction():  # a vote in the same contest is a fact of its own, and no entry
        facts.tell("vote", str(contest.id), f"page:/posts/{post.slug}", asked, once="vote:1")
        facts.tell("join", "3", "page:/circles", asked, once="join:3:1")
    facts_told = sorted(line.value.partition(":")[0] for line in lines())
    collect()
    told = compare_campaigns(ComparisonQuery((calling.id, quiet.id)), at=clock.now())
    cells = [row.cells["total"]["entries"] for row in told.rows]
    assert facts_told == ["entry", "join", "vote"]
    assert cells == [Cell(1), Cell(None, why="no_contest")]


def test_a_vote_counts_once_and_as_nobodys(counting: Gate, lines: Lines, asked) -> None:
    contest = judged.make_contest(vote=0)
    (entry,) = judged.make_entries(contest, 1)
    judged.set_rules(contest)
    rae = judged.voter("Rae")
    judged.vote(contest, entry, rae)
    judged.vote(contest, entry, rae)
    assert [(line.value, line.visitor) for line in lines()] == [(f"vote:{contest.id}", 0)]
