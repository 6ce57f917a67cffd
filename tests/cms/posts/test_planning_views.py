"""Times of a post by the answers of their pages: forms, scripts of the calendar, and what the page then says."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from lxml import html

from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import services
from cms.posts.jobs import publish_due_posts
from cms.posts.models import Post
from tests.factories import make_person, make_post, nadia, read_again, revise, sign_in

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JSON = {"Accept": "application/json"}


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def box(client: FlaskClient, post: Post) -> str:
    """The words of the box of times on the page of a post."""
    page = html.fromstring(client.get(f"/desk/posts/{post.id}").text)
    [found] = page.xpath("//section[@aria-labelledby='plans']")
    return " ".join(found.text_content().split())


def test_an_end_is_planned_shown_and_called_off(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    client.post(f"/desk/posts/{post.id}/end", data={"wall": "2026-12-01T09:30", "zone": "Asia/Shanghai"})
    again = read_again(Post, post.id)
    assert (again.removal_at, again.removal_by_id) == (datetime(2026, 12, 1, 1, 30, tzinfo=UTC), editor.id)
    assert "Is taken down on 2026-12-01 09:30 (Asia/Shanghai)." in box(client, post)
    client.post(f"/desk/posts/{post.id}/end/removal")
    assert read_again(Post, post.id).removal_at is None


def test_an_embargo_is_set_shown_and_lifted(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    sent = {"wall": "2026-12-01T09:30", "zone": "Asia/Shanghai", "reason": "The fair opens then."}
    assert client.post(f"/desk/posts/{post.id}/embargo", data=sent).status_code == 303
    words = box(client, post)
    assert "Embargo until 2026-12-01 09:30 (Asia/Shanghai)The fair opens then." in words
    page = client.post(f"/desk/posts/{post.id}/publication", follow_redirects=True).text
    assert (
        "An embargo stands until 2026-12-01 09:30 (Asia/Shanghai): The fair opens then. "
        "Nobody publishes this earlier unless the embargo is lifted."
    ) in unescape(page)
    assert "An embargo stands until" in client.get(f"/desk/posts/{post.id}/outgoing").text
    client.post(f"/desk/posts/{post.id}/embargo/removal")
    client.post(f"/desk/posts/{post.id}/publication")
    assert read_again(Post, post.id).is_live


@pytest.mark.parametrize(
    ("noun", "sent", "sentence"),
    [
        ("schedule", {"wall": "2026-11-20T09:30", "zone": "UTC"}, "This time has passed."),
        (
            "schedule",
            {"wall": "2027-03-28T02:30", "zone": "Europe/Berlin"},
            "does not exist in Europe/Berlin",
        ),
        (
            "schedule",
            {"wall": "2026-12-01T09:30", "zone": "Mars/Base"},
            "Please choose a time zone from the list.",
        ),
        ("schedule", {"wall": "2027-10-31T02:30", "zone": "Europe/Berlin"}, "this time happens twice"),
        ("schedule", {"wall": "2026-12-01T09:30", "zone": "x" * 99}, "Please use at most 64 characters."),
        ("embargo", {"wall": "2026-12-01T09:30", "zone": "UTC", "reason": ""}, "Please say why"),
        ("embargo", {"wall": "", "zone": "UTC", "reason": "A fair"}, "Please give a date and a time."),
    ],
)
def test_what_is_wrong_with_a_time_is_said_beside_it_and_to_scripts(
    client: FlaskClient, editor: Person, noun: str, sent: dict[str, str], sentence: str
) -> None:
    post = make_post(publish=False)
    page = client.post(f"/desk/posts/{post.id}/{noun}", data=sent)
    assert page.status_code == 422
    [details] = html.fromstring(page.text).xpath(f"//details[@open][.//*[@id='{noun}-wall']]")
    assert sentence in details.text_content()
    assert details.xpath(".//input[@name='wall']/@value") == [sent["wall"]]
    answer = client.post(f"/desk/posts/{post.id}/{noun}", data=sent, headers=JSON)
    assert answer.status_code == 422
    assert sentence in answer.json["message"]
    assert len(answer.json["choices"]) == (2 if "twice" in sentence else 0)


def test_no_two_fields_of_the_page_share_an_id(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    page = html.fromstring(client.get(f"/desk/posts/{post.id}").text)
    ids = page.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))


def test_the_calendar_moves_a_plan_and_hears_why_not(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    planned = revise(post, publish=False).latest_revision_id
    with transaction():
        services.schedule_post(post.id, wall="2026-12-01T09:30", zone="UTC", by=editor, at=NOON)
    revise(post, publish=False, body="Saved since.")
    moved = {"wall": "2026-12-02T09:30", "zone": "Asia/Shanghai"}
    answer = client.post(f"/desk/posts/{post.id}/schedule/time", data=moved, headers=JSON)
    assert (answer.status_code, answer.json) == (200, {"message": "Moved."})
    again = read_again(Post, post.id)
    assert (again.due_at, again.due_revision_id) == (datetime(2026, 12, 2, 1, 30, tzinfo=UTC), planned)
    with transaction():
        services.take_down_post(post.id, by=editor, at=NOON)
    answer = client.post(f"/desk/posts/{post.id}/schedule/time", data=moved, headers=JSON)
    assert (answer.status_code, answer.json) == (
        409,
        {
            "message": "The live text changed after this was planned. Please look at both texts and decide again.",
            "choices": [],
        },
    )


def test_a_stopped_update_shows_both_texts_and_what_can_be_done(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    fix = revise(post, publish=False, body="A fix.").latest_revision_id
    planned = revise(post, publish=False, body="The planned text.").latest_revision_id
    with transaction():
        services.schedule_post(post.id, wall="2026-11-21T14:00", zone="UTC", by=editor, at=NOON)
    assert "Planned by Nadia Rahimi." in box(client, post)
    with transaction():
        services.publish_post(post.id, revision_id=fix, by=editor, at=NOON)
    assert "so it will stop and ask at its time." in box(client, post)
    with clock.stopped(NOON + timedelta(hours=2)):
        publish_due_posts()
        page = html.fromstring(client.get(f"/desk/posts/{post.id}").text)
        assert "Missed on 2026-11-21 14:00 (UTC)" in box(client, post)
        texts = page.xpath("//p[@class='plan__texts']/a/@href")
        assert texts == [f"/desk/posts/{post.id}/revisions/{one}" for one in (planned, fix)]
        client.post(f"/desk/posts/{post.id}/publication", data={"revision_id": planned})
    assert read_again(Post, post.id).live_revision_id == planned


def test_the_planned_text_or_the_newest_is_planned_again(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    planned = post.latest_revision_id
    when = {"wall": "2026-12-01T09:30", "zone": "UTC"}
    client.post(f"/desk/posts/{post.id}/schedule", data=when)
    newest = revise(post, publish=False).latest_revision_id
    for chosen, wanted in ((planned, planned), (0, newest)):
        client.post(f"/desk/posts/{post.id}/schedule", data={**when, "revision_id": chosen})
        assert read_again(Post, post.id).due_revision_id == wanted


def test_who_planned_what_was_missed_is_told_and_so_is_the_author(client: FlaskClient) -> None:
    author, editor = make_person("Mei", "author"), nadia()
    post = make_post("Ice", publish=False, bylines=[author])
    with transaction():
        services.schedule_post(post.id, wall="2026-11-21T14:00", zone="UTC", by=editor, at=NOON)
    with transaction():
        services.trash_post(post.id, by=editor, at=NOON)
    with clock.stopped(NOON + timedelta(hours=2)):
        publish_due_posts()
    told = [(one.kind, one.person_id) for one in db.session.query(Notice).order_by(Notice.person_id)]
    assert told == [("post.missed", one) for one in sorted([author.id, editor.id])]


def test_an_author_is_told_when_somebody_else_publishes_and_not_when_they_plan_it_themselves(
    client: FlaskClient,
) -> None:
    author, editor = make_person("Mei", "author"), nadia()
    by_hand, planned = (make_post(one, publish=False, bylines=[author, editor]) for one in ("A", "B"))
    with transaction():
        services.publish_post(by_hand.id, by=editor, at=NOON)
    with transaction():
        services.schedule_post(planned.id, wall="2026-11-21T14:00", zone="UTC", by=editor, at=NOON)
    with clock.stopped(NOON + timedelta(hours=2)):
        publish_due_posts()
    told = [(one.kind, one.person_id, one.subject) for one in db.session.query(Notice).order_by(Notice.id)]
    assert told == [("post.published", author.id, f"post:{one.id}") for one in (by_hand, planned)]
    sign_in(client, author)
    assert "“A” was published." in client.get("/desk/notices").text


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send for the form of a post."""
    return dict(html.fromstring(page).xpath("//form[@enctype]")[0].form_values())


def test_an_author_drafts_on_a_live_post_of_their_own_and_readers_see_none_of_it(client: FlaskClient) -> None:
    author = make_person("Mei", "author")
    post = make_post(bylines=[author], tags=["5g"])
    sign_in(client, author)
    live = post.live_revision_id
    sent = fields_of(client.get(f"/desk/posts/{post.id}").text)
    wanted = {**sent, "body": "Newer.", "slug": "stolen", "tags": "", "language": "zh", "publish": "1"}
    assert client.post(f"/desk/posts/{post.id}", data=wanted).status_code == 303
    again = read_again(Post, post.id)
    assert (again.slug, again.language, again.live_revision_id) == ("spring-notes", "en", live)
    assert again.latest_revision_id != live
    assert "The network is" in client.get("/posts/spring-notes").text
    for noun in (
        "publication",
        "publication/removal",
        "schedule",
        "end",
        "embargo",
        "trash",
        "story",
        "release",
    ):
        assert client.post(f"/desk/posts/{post.id}/{noun}").status_code == 403


@pytest.mark.parametrize(
    "spelled", ["{id}", "/desk/posts/{id}", "http://localhost/posts/old-name?x=1", "/en/posts/new-name/"]
)
def test_a_post_is_linked_to_its_original_by_number_or_address(
    client: FlaskClient, editor: Person, spelled: str
) -> None:
    original, telling = make_post("Old name"), make_post("春天", language="zh")
    with transaction():
        services.set_details(original.id, slug="new-name", by=None, at=NOON)
    client.post(f"/desk/posts/{telling.id}/story", data={"original": spelled.format(id=original.id)})
    again = read_again(Post, telling.id)
    assert (again.story_id, again.is_original) == (read_again(Post, original.id).story_id, False)


@pytest.mark.parametrize("spelled", ["", "99999", "/posts/nowhere", "9" * 40])
def test_linking_to_what_is_not_there_is_said(client: FlaskClient, editor: Person, spelled: str) -> None:
    telling = make_post("春天", language="zh")
    page = client.post(f"/desk/posts/{telling.id}/story", data={"original": spelled}, follow_redirects=True)
    assert "There is no post with this number or address." in page.text


def test_today_says_what_waits_for_a_decision_to_those_who_decide(
    client: FlaskClient, editor: Person
) -> None:
    assert "Waits for a decision" not in client.get("/desk").text
    trashed, changed = make_post("Thrown away", publish=False), make_post("Changed")
    with transaction():
        services.schedule_post(trashed.id, wall="2026-11-21T14:00", zone="UTC", by=editor, at=NOON)
    with transaction():
        services.trash_post(trashed.id, by=editor, at=NOON)
    revise(changed, publish=False, title="Changed")
    with transaction():
        services.schedule_post(changed.id, wall="2026-12-01T09:30", zone="UTC", by=editor, at=NOON)
    revise(changed, title="Changed", body="Urgent.")
    draft = make_post("In the release", publish=False)
    with transaction():
        release_id = services.create_release("Autumn fair", by=editor, at=NOON).id
        services.add_to_release(release_id, draft.id, by=editor, at=NOON)
        services.schedule_release(release_id, wall="2026-11-21T14:00", zone="UTC", by=editor, at=NOON)
    with clock.stopped(NOON + timedelta(hours=3)):
        publish_due_posts()
        [box] = html.fromstring(client.get("/desk").text).xpath("//section[@aria-labelledby='stopped']")
        words = [" ".join(one.text_content().split()) for one in box.xpath(".//li")]
    assert words == [
        "Autumn fair Stopped 2026-11-21 14:00 (UTC): "
        "Nobody came to publish it. Is a worker running? It goes out as soon as one does.",
        "Thrown away Missed 2026-11-21 14:00 (UTC): It was in the trash when its time came.",
        "Changed Will stop 2026-12-01 09:30 (UTC): the live text changed since this was planned",
    ]
    sign_in(client, make_person("Mei", "author"))
    assert "Autumn fair" not in client.get("/desk").text
