"""What will go out, before it does."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core import seams
from cms.core.database import db
from cms.core.models import OutgoingMail
from cms.posts.models import Post
from tests import factories as make


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    make.sign_in(client, make.nadia())
    return client


@pytest.fixture
def somebody_objects() -> Iterator[None]:
    """A room that forbids whatever is called "Secret"."""

    def find(*, revision: object, **rest: object) -> list[seams.Finding]:
        is_secret = getattr(revision, "title", "") == "Secret"
        return [seams.Finding("test.secret", "It is secret.", is_blocking=True)] if is_secret else []

    seams.check("publication", find)
    yield
    seams._checks["publication"].remove(find)


def texts(page: str, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath(path)]


def live_number(post_id: int) -> int | None:
    db.session.expire_all()
    return db.session.get_one(Post, post_id).live_revision_id


def test_it_shows_the_card_and_the_feed_item_as_they_will_be(desk: FlaskClient) -> None:
    post = make.make_post("Masts in spring", summary="What we saw.", publish=False)
    page = desk.get(f"/desk/posts/{post.id}/outgoing").text
    assert texts(page, "//p[@class='outgoing__title']") == ["Masts in spring"] * 3
    assert texts(page, "//p[@class='outgoing__about']") == ["What we saw.", "What we saw."]
    assert html.fromstring(page).xpath("//iframe/@src") == [
        f"/desk/posts/{post.id}/preview?revision={post.latest_revision_id}"
    ]


def test_the_preview_may_be_framed_by_us_and_by_nobody_else(desk: FlaskClient) -> None:
    post = make.make_post(publish=False)
    preview = desk.get(f"/desk/posts/{post.id}/preview").headers["Content-Security-Policy"]
    page = desk.get(f"/desk/posts/{post.id}/outgoing").headers["Content-Security-Policy"]
    assert ("frame-ancestors 'self'" in preview, "frame-ancestors 'none'" in page) == (True, True)


def test_what_a_card_lacks_is_said(desk: FlaskClient) -> None:
    post = make.make_post("A" * 80, publish=False)
    page = desk.get(f"/desk/posts/{post.id}/outgoing").text
    assert texts(page, "//li[contains(@class,'outgoing__finding')]/span") == [
        "There is no summary: lists, feeds and cards show the text's beginning.",
        "The title is long: most networks cut it after about 70 characters.",
        "There is no cover: the card is shown without a picture.",
        "It is in no section.",
    ]


def test_one_button_publishes_every_language(desk: FlaskClient) -> None:
    english = make.make_post("Spring", publish=False)
    chinese = make.make_post("春天", publish=False, language="zh", translation_of=english)
    page = html.fromstring(desk.get(f"/desk/posts/{chinese.id}/outgoing").text)
    ticked = page.xpath("//input[@name='telling' and @checked]/@value")
    assert ticked == [f"{one.id}-{one.latest_revision_id}" for one in (chinese, english)]
    answer = desk.post(f"/desk/posts/{chinese.id}/outgoing", data={"telling": ticked})
    assert answer.status_code == 303
    assert live_number(english.id) == english.latest_revision_id
    assert live_number(chinese.id) == chinese.latest_revision_id


@pytest.mark.usefixtures("somebody_objects")
def test_when_one_language_is_forbidden_none_goes_out(desk: FlaskClient) -> None:
    english = make.make_post("Secret", publish=False)
    chinese = make.make_post("春天", publish=False, language="zh", translation_of=english)
    page = desk.get(f"/desk/posts/{chinese.id}/outgoing").text
    assert html.fromstring(page).xpath("//input[@name='telling' and @disabled]/@id") == [f"tick-{english.id}"]
    both = [f"{one.id}-{one.latest_revision_id}" for one in (chinese, english)]
    answer = desk.post(f"/desk/posts/{chinese.id}/outgoing", data={"telling": both})
    assert answer.status_code == 422
    assert "It is secret." in answer.text
    assert (live_number(english.id), live_number(chinese.id)) == (None, None)


def test_what_was_shown_is_what_goes_out(desk: FlaskClient) -> None:
    post = make.make_post(publish=False)
    shown = f"{post.id}-{post.latest_revision_id}"
    make.revise(post, publish=False, body="Written while somebody looked at the page.")
    desk.post(f"/desk/posts/{post.id}/outgoing", data={"telling": [shown]})
    assert live_number(post.id) == int(shown.partition("-")[2])


@pytest.mark.parametrize("telling", [[], ["x"], ["1-"], ["999999-1"], ["9" * 40]])
def test_choosing_nothing_or_nonsense_publishes_nothing(desk: FlaskClient, telling: list[str]) -> None:
    post = make.make_post(publish=False)
    answer = desk.post(f"/desk/posts/{post.id}/outgoing", data={"telling": telling})
    assert (answer.status_code, live_number(post.id)) == (422, None)
    assert "Please choose at least one language." in answer.text


def test_the_letter_can_be_sent_to_oneself(desk: FlaskClient) -> None:
    post = make.make_post("春天", body="一条**安静**的河。", publish=False, language="zh")
    page = desk.get(f"/desk/posts/{post.id}/outgoing").text
    shown = html.fromstring(page).xpath("//pre/text()")[0]
    assert desk.post(f"/desk/posts/{post.id}/outgoing/mail").status_code == 303
    sent = db.session.scalars(select(OutgoingMail)).one()
    assert (sent.recipient, sent.subject, sent.text) == ("nadia@example.com", "春天", shown)
    assert "<strong>安静</strong>" in (sent.html or "")


def test_an_author_sees_it_and_cannot_publish(client: FlaskClient) -> None:
    author = make.make_person("Ada Author", "author")
    post = make.make_post(publish=False, by=author)
    make.sign_in(client, author)
    page = client.get(f"/desk/posts/{post.id}/outgoing")
    assert (page.status_code, "Publish now" in page.text) == (200, False)
    answer = client.post(f"/desk/posts/{post.id}/outgoing", data={"telling": ["1-1"]})
    assert answer.status_code == 403
