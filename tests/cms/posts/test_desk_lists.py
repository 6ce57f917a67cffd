"""The list of posts in its orders and columns, the board, the palette's question, and Today's problems."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.models import OutgoingMail
from cms.people.models import Person
from cms.posts import services
from cms.posts.models import Post
from tests.factories import make_person, make_post, make_section, nadia, revise, save, sign_in

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def titles(page: str) -> list[str]:
    """The titles of the rows, in order."""
    return [
        str(one) for one in html.fromstring(page).xpath("//tr[@data-row]//a[@class='table__title']/text()")
    ]


def lanes(page: str) -> dict[str, list[str]]:
    """The titles on the board, by lane."""
    found = html.fromstring(page).xpath("//section[@data-lane]")
    return {one.get("data-lane"): one.xpath(".//a[@class='ticket__title']/text()") for one in found}


@pytest.mark.usefixtures("editor")
def test_the_list_is_sorted_by_saving_by_publication_and_by_what_comes_next(client: FlaskClient) -> None:
    with clock.stopped(NOON - timedelta(days=2)):
        make_post("Old")
    make_post("New", published_at=NOON - timedelta(days=3))
    make_post("Later", due_at=NOON + timedelta(days=2))
    make_post("Soon", due_at=NOON + timedelta(days=1))
    sorted_by = {
        sort: titles(client.get(f"/desk/posts?sort={sort}").text) for sort in ("", "published", "due")
    }
    assert sorted_by == {
        "": ["Soon", "Later", "New", "Old"],
        "published": ["Old", "New"],
        "due": ["Soon", "Later"],
    }


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("sort", ["edited", "published", "due"])
def test_every_order_goes_on_where_the_page_ended(client: FlaskClient, sort: str) -> None:
    for number in range(32):
        with clock.stopped(NOON - timedelta(minutes=number)):
            if sort == "due":
                make_post(f"Post {number:02}", due_at=NOON + timedelta(hours=number + 1))
            else:
                make_post(f"Post {number:02}")
    first = client.get(f"/desk/posts?sort={sort}&columns=kind&columns=published").text
    [following] = html.fromstring(first).xpath("//a[@rel='next']/@href")
    second = client.get(following).text
    assert titles(first) + titles(second) == [f"Post {number:02}" for number in range(32)]
    assert html.fromstring(second).xpath("//tr[@data-row][1]/td/@data-label") == ["Kind", "Published"]


@pytest.mark.usefixtures("editor")
def test_titles_are_found_in_any_language_and_only_as_they_are_now(client: FlaskClient) -> None:
    make_post("河岸上的新信号", language="zh")
    revise(make_post("Old name"), title="100% new_name")
    assert titles(client.get("/desk/posts?q=新信").text) == ["河岸上的新信号"]
    assert titles(client.get("/desk/posts?q=NEW_").text) == ["100% new_name"]
    assert titles(client.get("/desk/posts?q=%25").text) == ["100% new_name"]
    assert titles(client.get("/desk/posts?q=Old+name").text) == []


@pytest.mark.usefixtures("editor")
def test_what_a_list_is_narrowed_to_goes_with_the_act(client: FlaskClient) -> None:
    make_post("Draft", publish=False)
    page = html.fromstring(client.get("/desk/posts?status=draft&mine=&sort=edited&columns=kind&done=77").text)
    hidden = page.xpath("//form[@data-rows]//input[starts-with(@name, 'list_')]")
    assert {one.get("name"): one.get("value") for one in hidden} == {
        "list_status": "draft",
        "list_sort": "edited",
        "list_columns": "kind",
    }


def test_the_palette_finds_only_what_one_may_open(client: FlaskClient) -> None:
    author = make_person("Ana Lima", "author")
    sign_in(client, author)
    own = make_post("Rain on the mast", publish=False, by=author)
    make_post("Rain elsewhere", publish=False)
    found = client.get("/desk/find?q=rain")
    assert found.get_json() == {
        "posts": [{"title": "Rain on the mast", "url": f"/desk/posts/{own.id}", "language": "en"}]
    }
    assert found.headers["Cache-Control"] == "private, no-store"
    assert client.get("/desk/find?q=++").get_json() == {"posts": []}


@pytest.mark.usefixtures("editor")
def test_the_board_has_posts_where_they_stand(client: FlaskClient, app: Flask) -> None:
    draft, review, ready = (make_post(one, publish=False) for one in ("Draft", "Review", "Ready"))
    make_post("Planned", due_at=NOON + timedelta(days=1))
    make_post("Out")
    with clock.stopped(NOON - timedelta(days=8)):
        make_post("Out long ago")
    before = app.extensions["parley_stages"]
    app.extensions["parley_stages"] = [lambda: {review.id: "review", ready.id: "ready"}]
    try:
        page = client.get("/desk/posts/board").text
    finally:
        app.extensions["parley_stages"] = before
    assert lanes(page) == {
        "draft": ["Draft"],
        "review": ["Review"],
        "ready": ["Ready"],
        "scheduled": ["Planned"],
        "published": ["Out"],
    }
    cards = html.fromstring(page).xpath("//li[@data-card]")
    acts = {one.xpath("string(.//a)"): one.get("data-acts").split() for one in cards}
    assert acts["Draft"] == ["scheduled:schedule", "published:publish"]
    assert acts["Planned"] == ["published:publish", "draft:unschedule"]
    assert acts["Out"] == ["draft:take_down"]
    assert draft.id in [int(one.get("data-card")) for one in cards]


@pytest.mark.usefixtures("editor")
def test_a_card_is_published_from_the_board_and_can_be_brought_back(client: FlaskClient) -> None:
    post = make_post("Draft", publish=False)
    sent = {"act": "publish", "post_id": str(post.id), "to": "board", "wall": "", "zone": "UTC"}
    page = client.post("/desk/posts/bulk", data=sent, follow_redirects=True).text
    assert lanes(page)["published"] == ["Draft"]
    assert html.fromstring(page).xpath("//section[contains(@class, 'outcome')]//button/text()") == ["Undo"]


def test_who_may_not_publish_sees_the_board_without_acts(client: FlaskClient) -> None:
    author = make_person("Ana Lima", "author")
    sign_in(client, author)
    make_post("Own", publish=False, by=author)
    page = html.fromstring(client.get("/desk/posts/board").text)
    assert page.xpath("//li[@data-card]/@data-acts") == [""]
    assert page.xpath("//form[@data-board-form]") == []


@pytest.mark.parametrize(("role", "count"), [("admin", 1), ("editor", 0)])
def test_today_tells_admins_of_mail_that_failed(client: FlaskClient, role: str, count: int) -> None:
    sign_in(client, make_person("Ada Berg", role))
    for days in (1, 9):
        at = NOON - timedelta(days=days)
        save(
            OutgoingMail(
                recipient="a@example.com", subject="x", text="x", created_at=at, attempts=5, failed_at=at
            )
        )
    assert client.get("/desk").text.count("1 message could not be sent in the last week.") == count


@pytest.mark.usefixtures("editor")
def test_what_was_missed_is_published_from_today_with_one_press(client: FlaskClient) -> None:
    post = make_post("Was missed", due_at=NOON + timedelta(hours=1))
    with transaction():
        services.note_missed(post.id, why="The recording is gone.", at=clock.now())
    page = html.fromstring(client.get("/desk").text)
    assert page.xpath(f"//form[@action='/desk/posts/{post.id}/publication']//button/text()") == [
        "Publish now"
    ]


@pytest.mark.usefixtures("editor")
def test_from_today_the_planned_text_is_published_and_not_the_newest(client: FlaskClient) -> None:
    post = make_post("As planned", due_at=NOON + timedelta(hours=1))
    planned_id = post.due_revision_id
    revise(post, publish=False, title="Not finished")
    with transaction():
        services.note_missed(post.id, why="The recording is gone.", at=clock.now())
    page = html.fromstring(client.get("/desk").text)
    [form] = page.xpath(f"//form[@action='/desk/posts/{post.id}/publication']")
    client.post(form.get("action"), data=dict(form.fields))
    assert db.session.get(Post, post.id, populate_existing=True).live_revision_id == planned_id


@pytest.mark.usefixtures("editor")
def test_today_leads_to_a_missed_update_of_a_text_that_changed_since(client: FlaskClient) -> None:
    post = make_post("Live")
    newer = revise(post, publish=False, title="Planned")
    with transaction():
        services.schedule_post(
            post.id, wall="2026-11-25T09:30", zone="Asia/Shanghai", by=None, at=clock.now()
        )
    revise(newer, title="Corrected meanwhile")
    with transaction():
        services.note_missed(post.id, why="It changed.", at=clock.now())
    page = html.fromstring(client.get("/desk").text)
    assert page.xpath(f"//form[@action='/desk/posts/{post.id}/publication']") == []
    assert page.xpath("//section[@aria-labelledby='problems']//a[contains(@class, 'button')]/@href") == [
        f"/desk/posts/{post.id}"
    ]


@pytest.mark.usefixtures("editor")
def test_board_and_sorted_lists_ask_as_often_for_three_as_for_one(
    client: FlaskClient, count_queries: list[str]
) -> None:
    section = make_section()

    def asked(address: str) -> int:
        db.session.expire_all()
        count_queries.clear()
        assert client.get(address).status_code == 200
        return len(count_queries)

    def make(number: int) -> None:
        person = make_person(f"P{number} X", "author")
        make_post(f"Draft {number}", publish=False, section=section, bylines=[person])
        make_post(f"Live {number}", section=section, bylines=[person])
        make_post(f"Due {number}", due_at=NOON + timedelta(days=1), section=section, bylines=[person])

    addresses = (
        "/desk/posts/board",
        "/desk/posts?sort=due",
        "/desk/posts?sort=published&q=e",
        "/desk/find?q=e",
    )
    make(1)
    for address in addresses:
        asked(address)
    with_one = [asked(address) for address in addresses]
    make(2), make(3)
    for address in addresses:
        asked(address)
    assert [asked(address) for address in addresses] == with_one
