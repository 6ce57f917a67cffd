"""The public log of corrections: below the article, in one list, in feeds; and who may write it when."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.people.models import AuditEntry, Person
from cms.posts import services
from cms.posts.models import Correction, Post
from tests.factories import make_post, nadia, read_again, revise, sign_in

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("app")
WRONG = {"changed": "The mast is 40 m high, not 60 m.", "reason": "We misread the plan."}


def correct(post: Post, *, waits: bool = False, by: Person | None = None, **words: object) -> int:
    with transaction():
        one = services.add_correction(
            post.id,
            waits=waits,
            by=by,
            at=clock.now(),
            **{**WRONG, **words},  # type: ignore[arg-type]
        )
        return one.id


def below(client: FlaskClient, path: str = "/posts/spring-notes") -> list[str]:
    """What stands below the article, line by line."""
    page = html.fromstring(client.get(path).text)
    return [
        " ".join(one.text_content().split()) for one in page.xpath("//section[@id='corrections']//li/p[2]")
    ]


def test_a_correction_stands_below_the_article_and_in_the_list_with_a_permalink(client: FlaskClient) -> None:
    post = make_post()
    assert below(client) == []
    number = correct(post)
    assert below(client) == [WRONG["changed"]]
    page = html.fromstring(client.get("/corrections").text)
    assert page.xpath("//ol//p[@class='correction__when']/a/@href") == [
        f"/posts/spring-notes#correction-{number}"
    ]
    assert WRONG["reason"] in client.get("/zh/corrections").text
    assert '"correction":[{"@type":"CorrectionComment"' in client.get("/posts/spring-notes").text.replace(
        ": ", ":"
    )


def test_a_correction_moves_updated_in_feeds(client: FlaskClient) -> None:
    post = make_post()
    with clock.stopped(NOON + 60 * MINUTE):
        correct(post)
    again = read_again(Post, post.id)
    assert (again.updated_at, again.corrected_at) == (NOON + 60 * MINUTE, NOON + 60 * MINUTE)
    assert "<updated>2026-11-21T13:00:00+00:00</updated>" in client.get("/atom.xml").text


def test_a_correction_waits_for_its_text(client: FlaskClient) -> None:
    post = make_post()
    revise(post, publish=False)
    correct(post, waits=True)
    assert (below(client), db.session.scalars(select(Correction.at)).all()) == ([], [None])
    with clock.stopped(NOON + 60 * MINUTE), transaction():
        services.publish_post(post.id, by=None, at=clock.now())
    assert below(client) == [WRONG["changed"]]
    assert db.session.scalars(select(Correction.at)).all() == [NOON + 60 * MINUTE]


def test_an_older_text_does_not_show_what_waits_for_a_newer_one(client: FlaskClient) -> None:
    post = make_post()
    older = revise(post, publish=False, body="Older.").latest_revision_id
    revise(post, publish=False, body="Newer.")
    correct(post, waits=True)
    with transaction():
        services.publish_post(post.id, revision_id=older, by=None, at=NOON)
    assert below(client) == []


def test_a_correction_that_has_nothing_to_wait_for_stands_at_once(client: FlaskClient) -> None:
    correct(make_post(), waits=True)
    assert below(client) == [WRONG["changed"]]


def test_a_correction_is_mended_for_ten_minutes_and_amended_afterwards(client: FlaskClient) -> None:
    post = make_post()
    number = correct(post)
    with clock.stopped(NOON + 10 * MINUTE - timedelta(seconds=1)), transaction():
        services.change_correction(number, changed="41 m, not 60 m.", reason="", by=None, at=clock.now())
    assert below(client) == ["41 m, not 60 m."]
    with clock.stopped(NOON + 10 * MINUTE):
        with pytest.raises(Conflict, match="older than ten minutes"), transaction():
            services.change_correction(number, changed="x", reason="", by=None, at=clock.now())
        correct(post, amends_id=number, changed="42 m.")
    assert below(client) == ["42 m.", "41 m, not 60 m."]


def test_what_readers_could_see_is_not_taken_back_and_what_waits_is(client: FlaskClient) -> None:
    post = make_post()
    shown = correct(post)
    revise(post, publish=False)
    waiting = correct(post, waits=True)
    with pytest.raises(Conflict), transaction():
        services.remove_correction(shown, by=None, at=NOON)
    with transaction():
        services.remove_correction(waiting, by=None, at=NOON)
    assert db.session.scalars(select(Correction.id)).all() == [shown]


def test_a_post_nobody_has_read_is_not_corrected_in_public() -> None:
    with pytest.raises(services.NeverRead):
        correct(make_post(publish=False))


def test_a_correction_of_another_post_is_not_amended() -> None:
    first, second = make_post("A"), make_post("B")
    number = correct(first)
    with pytest.raises(NotFound):
        correct(second, amends_id=number)


@pytest.mark.parametrize(
    ("words", "field"), [({"changed": " "}, "changed"), ({"reason": "x" * 1001}, "reason")]
)
def test_a_correction_says_something_that_fits(words: dict[str, str], field: str) -> None:
    post = make_post()
    with pytest.raises(Invalid) as problem:
        correct(post, **words)
    assert list(problem.value.errors) == [field]


def test_corrections_of_what_is_not_live_are_nowhere(client: FlaskClient) -> None:
    hidden, shown = make_post("Hidden"), make_post("Shown")
    correct(hidden, changed="Only in the hidden one.")
    correct(shown)
    assert "Only in the hidden one." in client.get("/corrections").text
    with transaction():
        services.take_down_post(hidden.id, by=None, at=NOON)
    page = client.get("/corrections").text
    assert ("Only in the hidden one." in page, WRONG["changed"] in page) == (False, True)


def test_the_list_is_paged_by_key_and_honest_when_empty(client: FlaskClient) -> None:
    assert "Nothing had to be corrected yet." in client.get("/corrections").text
    post = make_post()
    for number in range(32):
        with clock.stopped(NOON + number * MINUTE):
            correct(post, changed=f"Line {number:02}.")
    first = client.get("/corrections").text
    [following] = html.fromstring(first).xpath("//a[@rel='next']/@href")
    second = client.get(following).text
    assert ("Line 31." in first, "Line 02." in first, "Line 01." in first) == (True, True, False)
    assert ("Line 01." in second, "Line 00." in second, "Line 02." in second) == (True, True, False)


def test_an_editor_writes_mends_and_takes_back_on_the_desk(client: FlaskClient) -> None:
    editor, post = nadia(), make_post()
    sign_in(client, editor)
    revise(post, publish=False)
    address = f"/desk/posts/{post.id}/corrections"
    client.post(address, data={**WRONG, "when": "waits"})
    [one] = db.session.scalars(select(Correction)).all()
    assert (one.at, one.by_id) == (None, editor.id)
    assert WRONG["changed"] in client.get(f"{address}/{one.id}").text
    client.post(f"{address}/{one.id}", data={"changed": "Mended.", "reason": ""})
    assert "Mended." in client.get(address).text
    client.post(f"{address}/{one.id}/removal")
    client.post(address, data={**WRONG, "when": "now"})
    assert below(client) == [WRONG["changed"]]
    assert "post.corrected" in db.session.scalars(select(AuditEntry.act)).all()


def test_what_is_wrong_with_a_correction_is_said_with_what_was_typed(client: FlaskClient) -> None:
    post = make_post()
    sign_in(client, nadia())
    page = client.post(f"/desk/posts/{post.id}/corrections", data={"changed": "", "reason": "Typed <b>"})
    assert page.status_code == 422
    assert "Please say what was wrong and is right now." in page.text
    assert "Typed &lt;b&gt;" in page.text


def test_hostile_words_stay_words(client: FlaskClient) -> None:
    post = make_post()
    correct(post, changed="<script>alert(1)</script>", reason='"><img src=x onerror=alert(1)>')
    for path in ("/posts/spring-notes", "/corrections"):
        page = client.get(path).text
        assert ("<script>alert" in page, "<img src=x" in page) == (False, False)
