"""A contest from its announcement to winners on the home page: three jurors, one of whom is recused from an entry, a tie,
a public vote; and what came out is worked out again by the command from the bundle that anybody can fetch.

Entrants, jurors and voters are here without scripts, who runs it with them."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from app import create_app
from cms.contests.jobs import follow_phases
from cms.contests.judging.jobs import seal_scores
from cms.contests.models import Contest, ContestPhase
from cms.core import clock
from cms.core.config import read_config
from cms.core.database import db, transaction
from cms.people import passwords
from cms.people import services as people
from tests.databases import close_databases
from tests.journeys.conftest import PATIENCE, Instance
from tests.journeys.looking import faults

Enter = Callable[[str, str], Page]
TITLE, SLUG = "The door that stayed open", "the-door-that-stayed-open"
PASSWORD = "parley-contest"
ENTRANTS = {
    "ada-entrant": "Salt on the line",
    "ben-entrant": "A lamp in the yard",
    "cleo-entrant": "Third bell",
}
JURORS = ("joan-juror", "kim-juror", "lev-juror")
TIED = ("Salt on the line", "A lamp in the yard")
RUBRIC = "Idea | 立意 | 1\n1 Heard before | 老生常谈\n2 Its own | 有新意\n3 Stays with you | 难忘"


@pytest.fixture
def behind(instance: Instance) -> Iterator[Flask]:
    """The application on the same database, for what no journey can wait for."""
    app = create_app(read_config(instance.environment))
    yield app
    close_databases(app)


def make_people(behind: Flask) -> None:
    """Members who have been here for a year."""
    password_hash, joined = passwords.make_hash(PASSWORD), datetime.now(UTC) - timedelta(days=365)
    with behind.app_context(), transaction():
        for handle in (*ENTRANTS, *JURORS, "vera-voter"):
            people.add_account(
                email=f"{handle}@example.com",
                name=handle.replace("-", " ").title(),
                role="member",
                password_hash=password_hash,
                handle=handle,
                at=joined,
                by=None,
            )


def let_days_pass(behind: Flask, days: int) -> None:
    """Everything of the contest is so much earlier; then what the worker does at these times is done."""
    with behind.app_context():
        with transaction():
            mine = select(ContestPhase).join(Contest).where(Contest.slug == SLUG)
            for phase in db.session.scalars(mine):
                phase.starts_at -= timedelta(days=days)
                if phase.ends_at is not None:
                    phase.ends_at -= timedelta(days=days)
        with clock.stopped(datetime.now(UTC)):  # tests stop the clock elsewhere; the server's goes on
            follow_phases()
            seal_scores()


@pytest.fixture
def enter(browser: Browser, instance: Instance) -> Iterator[Enter]:
    """Signs somebody in on their way to a page, in a browser of their own that runs no scripts."""
    contexts: list[BrowserContext] = []

    def signed_in(handle: str, path: str) -> Page:
        contexts.append(browser.new_context(base_url=instance.url, locale="en-GB", java_script_enabled=False))
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.goto(f"/en/sign-in?next=/en{path}")
        page.get_by_label("E-mail").fill(f"{handle}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile(f"{path}$"))
        return page

    yield signed_in
    for context in contexts:
        context.close()


def make_contest(desk: Page) -> str:
    """In a week of days that begins in two; gives its place at the desk."""
    desk.goto("/en/desk/contests/new")
    desk.get_by_label("Title in English").fill(TITLE)
    desk.get_by_label("The theme, in English").fill("A door, a gate, a line that **stayed open**.")
    desk.get_by_label("Time zone").fill("UTC")
    start = datetime.now(UTC) - timedelta(hours=1)  # a phase that began stays open while the browser works
    for kind, first, last in (
        ("entries", 2, 3),
        ("check", 3, 4),
        ("jury", 4, 5),
        ("vote", 4, 5),
        ("results", 6, None),
    ):
        desk.locator(f"[name={kind}_starts]").fill(f"{start + timedelta(days=first):%Y-%m-%dT%H:%M}")
        if last:
            desk.locator(f"[name={kind}_ends]").fill(f"{start + timedelta(days=last):%Y-%m-%dT%H:%M}")
    desk.get_by_label("Prize in English").first.fill("A week at the sea")
    desk.locator("[name=prize_0_places]").fill("2")
    desk.get_by_label("Rules in English").fill("One entry each.")
    desk.get_by_label("What entrants agree to, in English").fill("I wrote it myself.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(TITLE)
    return re.sub(r"[?#].*", "", desk.url)


def set_jury(desk: Page, base: str) -> None:
    """Three jurors, one criterion, a fifth of the weight to the public; then readers are told."""
    for juror in JURORS:
        desk.get_by_label("Handle").fill(juror)
        desk.locator("[name=role]").select_option("juror")
        desk.get_by_role("button", name="Add", exact=True).click()
        expect(desk.get_by_role("region", name="Who runs and judges it")).to_contain_text(
            juror.replace("-", " ").title()
        )
    desk.goto(f"{base}/judging")
    desk.get_by_label("Criteria").fill(RUBRIC)
    desk.get_by_label("Weight of the public vote, in per cent").fill("20")
    desk.get_by_label("Entries each member may vote for").fill("2")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("It can be changed until somebody scores or votes.")).to_be_visible()
    desk.goto(base)
    desk.get_by_role("button", name="Announce").click()
    expect(desk.get_by_text("Announced. From here on")).to_be_visible()


def hand_in(entrant: Page, title: str) -> None:
    """Write an entry and hand it in."""
    entrant.get_by_role("button", name="Write an entry").click()
    entrant.get_by_label("Title").fill(title)
    entrant.locator("textarea[name=body]").fill("It stayed **open** all night, and nobody had asked it to.")
    entrant.locator("[name=agrees]").check()
    entrant.locator("[name=may_republish]").check()
    entrant.get_by_role("button", name="Hand in", exact=True).click()
    expect(entrant.get_by_role("button", name="Hand in again")).to_be_visible()


def accept_all(desk: Page, base: str) -> None:
    """Look at each entry and let it in; each answer leads back to those that wait."""
    desk.goto(f"{base}/entries?state=unchecked")
    for title in ENTRANTS.values():
        desk.get_by_role("link", name=title).click()
        box = desk.get_by_role("region", name="Does it fit the rules?")
        box.get_by_label("Accept it").check()
        box.get_by_role("button", name="Save", exact=True).click()
        expect(desk.get_by_text("Saved. The authors are told.")).to_be_visible()


def judge(juror: Page, marks: dict[str, int | None]) -> None:
    """Give each entry its mark, in the order it is shown; None: this juror should not judge it."""
    juror.get_by_role("link", name=TITLE).click()
    assert not any(handle.split("-")[0].title() in juror.content() for handle in ENTRANTS)  # it is blind
    for title in [one for one, points in marks.items() if points is None]:
        juror.get_by_role("link", name=title).click()
        juror.get_by_text("I should not judge this entry").click()
        juror.get_by_label("Reason").fill("She is my neighbour.")
        juror.get_by_role("button", name="Give it to somebody else").click()
        expect(juror.get_by_text("You do not judge this entry.")).to_be_visible()
    juror.get_by_text("To read").first.locator("xpath=..").get_by_role("link").click()
    left = {title: points for title, points in marks.items() if points is not None}
    while left:  # saving leads to the next one
        points = left.pop(juror.get_by_role("heading", level=1).inner_text())
        juror.locator(f"[name=mark-idea][value='{points}']").check()
        juror.get_by_role("button", name="Save the marks").click()
        expect(juror.get_by_text("Your marks are saved.")).to_be_visible()


def vote(voter: Page, *titles: str) -> None:
    """Give a vote to each of these."""
    for title in titles:
        voter.get_by_role("button", name=f"Vote for “{title}”").click()
        expect(voter.locator("li").filter(has_text=title)).to_contain_text("Your vote")


def finish(desk: Page, base: str) -> None:
    """Open names, set the places, check them, make them final, and publish who won."""
    desk.goto(f"{base}/judging")
    desk.get_by_role("button", name="Open names and scores").click()
    desk.get_by_role("button", name="Set these as results").click()
    desk.goto(f"{base}/results")
    desk.get_by_role("button", name="I have checked every place").click()
    desk.get_by_role("button", name="Make the results final").click()
    expect(desk.get_by_text("The results are final, and everybody is told.")).to_be_visible()
    for title in TIED:
        desk.goto(f"{base}/entries")
        desk.get_by_role("link", name=title).click()
        desk.get_by_role("button", name="Publish it as a post").click()
        expect(desk.get_by_role("link", name=re.compile("It is published as post"))).to_be_visible()


def test_a_contest_goes_from_announcement_to_winners_and_is_worked_out_again(
    page: Page, enter: Enter, behind: Flask, instance: Instance, tmp_path: Path
) -> None:
    make_people(behind)
    page.goto("/en/sign-in?next=/en/desk/contests")
    page.get_by_label("E-mail").fill("editor@example.com")
    page.get_by_label("Password").fill("parley-editor")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/desk/contests$"))
    base = make_contest(page)
    set_jury(page, base)
    reader = page.context.new_page()
    reader.goto("/en/contests")
    expect(reader.get_by_role("link", name=TITLE).first).to_be_visible()

    let_days_pass(behind, 2)
    for handle, title in ENTRANTS.items():
        hand_in(enter(handle, f"/contests/{SLUG}/enter"), title)
    let_days_pass(behind, 1)
    accept_all(page, base)

    let_days_pass(behind, 1)
    page.goto(f"{base}/judging")
    page.get_by_role("button", name="Share the entries out").click()
    first, second, third = ENTRANTS.values()
    judge(enter(JURORS[0], "/me/juries"), {first: 3, second: 3, third: None})
    judge(enter(JURORS[1], "/me/juries"), {first: 3, second: 3, third: 1})
    judge(enter(JURORS[2], "/me/juries"), {first: 2, second: 2, third: 2})
    vote(enter("vera-voter", f"/contests/{SLUG}/vote"), *TIED)

    let_days_pass(behind, 2)
    finish(page, base)
    reader.goto("/en/")
    winners = reader.get_by_role("region", name="Contest winners")
    for title in TIED:
        expect(winners.get_by_role("link", name=title)).to_be_visible()
    reader.goto(f"/en/contests/{SLUG}")
    assert faults(reader, (390, 1440)) == []
    reader.goto(f"/en/contests/{SLUG}/proof")
    places = reader.get_by_role("region", name="Places").locator("tbody tr")
    expect(places).to_have_count(3)
    for row, place in ((0, "1"), (1, "1"), (2, "3")):
        expect(places.nth(row)).to_contain_text(place)
    with reader.expect_download() as fetched:
        reader.get_by_role("link", name="Fetch the bundle").click()
    bundle = tmp_path / "results.zip"
    fetched.value.save_as(bundle)
    seals = reader.locator(".judged__command").inner_text().split(" ")[4:]
    said = instance.shell("contest", "verify", str(bundle), *seals)
    assert "WRONG" not in said
    assert said.count("right") >= 5
