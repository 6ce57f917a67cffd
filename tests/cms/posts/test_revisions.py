"""The texts a post had: their names, what changed between them, bringing one back; and two saves that collide."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update

from cms.core.database import db, transaction
from cms.drafts.models import Draft
from cms.people.models import Person
from cms.posts import comparing, queries, services
from cms.posts.models import Post, Revision
from cms.posts.services import Attachment
from tests.factories import make_media, make_person, make_post, nadia, read_again, revise, sign_in, tom


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


def latest(post: Post) -> Revision:
    db.session.expire_all()
    found = queries.get_post(post.id).latest
    assert found is not None
    return found


def words_of(page: str, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath(path)]


def test_a_revision_says_how_many_words_changed(editor: Person) -> None:
    post = make_post(body="One two three.")
    assert (latest(post).words_added, latest(post).words_removed) == (None, None)
    revise(post, body="One two four five.")
    assert (latest(post).words_added, latest(post).words_removed) == (2, 1)
    first = queries.revisions(post.id)[-1]
    with transaction():
        services.restore_revision(post.id, first.id, by=editor, at=latest(post).created_at)
    assert (latest(post).words_added, latest(post).words_removed) == (1, 2)


def test_a_name_is_given_changed_and_removed(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    address = f"/desk/posts/{post.id}/revisions/{post.latest_revision_id}/name"
    version = post.version
    assert client.post(address, data={"name": "  As sent to\nlegal "}).status_code == 303
    assert (latest(post).name, latest(post).named_by_id) == ("As sent to legal", editor.id)
    client.post(address, data={"name": "送审稿"})
    assert latest(post).name == "送审稿"
    client.post(address + "/removal")
    assert (latest(post).name, latest(post).named_by_id, latest(post).named_at) == (None, None, None)
    assert read_again(Post, post.id).version == version


@pytest.mark.parametrize(
    ("name", "sentence"), [(" ", "Please give it a name."), ("x" * 121, "Please use at most 120 characters.")]
)
def test_a_bad_name_is_refused_in_words(
    client: FlaskClient, editor: Person, name: str, sentence: str
) -> None:
    post = make_post()
    answer = client.post(
        f"/desk/posts/{post.id}/revisions/{post.latest_revision_id}/name", data={"name": name}
    )
    assert sentence in client.get(answer.location).text
    assert latest(post).name is None


def test_the_revision_of_another_post_is_not_named(client: FlaskClient, editor: Person) -> None:
    post, other = make_post(), make_post("Other")
    assert (
        client.post(
            f"/desk/posts/{post.id}/revisions/{other.latest_revision_id}/name", data={"name": "x"}
        ).status_code
        == 404
    )


def test_a_restored_text_does_not_take_the_name_along(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    first = post.latest_revision_id
    client.post(f"/desk/posts/{post.id}/revisions/{first}/name", data={"name": "First"})
    revise(post)
    client.post(f"/desk/posts/{post.id}/revisions/{first}/restoration")
    assert [one.name for one in queries.revisions(post.id)] == [None, None, "First"]
    assert [one.number for one in queries.revisions(post.id, named=True)] == [1]


def test_the_history_is_read_page_by_page(
    client: FlaskClient, editor: Person, count_queries: list[str]
) -> None:
    post = make_post()
    for number in range(59):
        revise(post, publish=False, body=f"Text {number}")
    page = client.get(f"/desk/posts/{post.id}/revisions")
    assert len(words_of(page.text, "//tbody/tr")) == 50
    rest = client.get(html.fromstring(page.text).xpath("//a[@rel='next']/@href")[0])
    assert len(words_of(rest.text, "//tbody/tr")) == 10
    count_queries.clear()
    client.get(f"/desk/posts/{post.id}/revisions")
    with_many = len(count_queries)
    alone = make_post("Alone")
    client.get(f"/desk/posts/{alone.id}/revisions")
    count_queries.clear()
    client.get(f"/desk/posts/{alone.id}/revisions")
    assert len(count_queries) == with_many


def test_two_texts_are_compared_in_every_part(client: FlaskClient, editor: Person) -> None:
    cover, other, picture = make_media(filename="mast.jpg"), make_media(), make_media(alt="Rain")
    post = make_post(
        "Spring notes", body="我们建了三座基站。\n\nStays.", cover_id=cover.id, cover_alt="A mast"
    )
    revise(
        post,
        title="Spring news",
        summary="In short.",
        body="我们建了五座基站。\n\nStays.",
        cover_id=other.id,
        cover_alt="A mast",
        media=[Attachment(picture.id, "Rain", "In the rain")],
    )
    page = client.get(f"/desk/posts/{post.id}/comparison").text
    assert words_of(page, "//section[@class='difference__part']/h2") == [
        "Title",
        "Summary",
        "Text",
        "Cover",
        "Pictures and recordings",
    ]
    assert words_of(page, "//ins") == [
        "+4",
        "[added: news]",
        "[added: In short.]",
        "[added: 五]",
        f"[added: {other.id}]",
        f"[added: #{picture.id} · Rain · In the rain]",
    ]
    assert words_of(page, "//del") == ["−2", "[removed: notes]", "[removed: 三]", f"[removed: {cover.id}]"]


def test_texts_are_compared_from_old_to_new_whichever_is_named_first(
    client: FlaskClient, editor: Person
) -> None:
    post = make_post(body="Old words.")
    old = post.latest_revision_id
    new = revise(post, body="New words.").latest_revision_id
    for address in (f"old={old}&new={new}", f"old={new}&new={old}", f"new={new}&view=inline", ""):
        page = client.get(f"/desk/posts/{post.id}/comparison?{address}").text
        assert words_of(page, "//p//ins") == ["[added: New]"]


def test_a_text_compared_with_itself_says_so(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    assert "The two say exactly the same." in client.get(f"/desk/posts/{post.id}/comparison").text


@pytest.mark.parametrize("asked", ["old=4711", "new=4711", "new=x&old=99999999999"])
def test_a_revision_that_is_not_there_is_404_or_the_latest(
    client: FlaskClient, editor: Person, asked: str
) -> None:
    post = make_post()
    assert client.get(f"/desk/posts/{post.id}/comparison?{asked}").status_code == (
        404 if "4711" in asked else 200
    )


def test_hostile_words_stay_words_in_a_comparison(client: FlaskClient, editor: Person) -> None:
    post = make_post(body="<script>alert(1)</script>")
    revise(post, body="<script>alert(2)</script>")
    assert "<script>alert" not in client.get(f"/desk/posts/{post.id}/comparison").text


def test_a_revision_is_shown_as_its_real_page(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    old = post.latest_revision_id
    revise(post)
    page = client.get(f"/desk/posts/{post.id}/revisions/{old}").text
    framed = html.fromstring(page).xpath("//iframe/@src")
    assert framed == [f"/desk/posts/{post.id}/preview?revision={old}"]
    assert "frame-ancestors 'self'" in client.get(framed[0]).headers["Content-Security-Policy"]


# Two saves that collide -------------------------------------------------------------------------------------------


def collide(client: FlaskClient, app: Flask, **mine: str) -> tuple[Post, dict[str, str], str]:
    post, colleague = make_post(title="Spring", body="Common words."), tom()
    form = html.fromstring(client.get(f"/desk/posts/{post.id}").text).get_element_by_id("post-form")
    sent = dict(form.form_values()) | {"body": "Common words of mine.", **mine}
    revise(post, title="Spring", body="Common words of theirs.", by=colleague)
    answer = client.post(f"/desk/posts/{post.id}", data=sent)
    assert answer.status_code == 409
    again = html.fromstring(answer.text).get_element_by_id("post-form")
    return post, dict(again.form_values()), answer.text


def test_a_collision_shows_both_texts_side_by_side(client: FlaskClient, editor: Person, app: Flask) -> None:
    _post, again, page = collide(client, app)
    assert again["body"].strip() == "Common words of mine."
    assert words_of(page, "//p//ins")[-1:] == ["[added: mine]"]
    assert words_of(page, "//p//del")[-1:] == ["[removed: theirs]"]
    assert "Common words of theirs." in page


def test_both_texts_are_kept_when_mine_becomes_the_newest(
    client: FlaskClient, editor: Person, app: Flask
) -> None:
    post, again, _page = collide(client, app)
    assert client.post(f"/desk/posts/{post.id}", data=again).status_code == 303
    assert latest(post).body == "Common words of mine."
    bodies = db.session.scalars(select(Revision.body).order_by(Revision.number)).all()
    assert bodies == ["Common words.", "Common words of theirs.", "Common words of mine."]


def test_mine_is_kept_apart_when_theirs_stays(client: FlaskClient, editor: Person, app: Flask) -> None:
    post, again, _page = collide(client, app)
    answer = client.post(f"/desk/posts/{post.id}", data={**again, "apart": "1", "tab": "tab-one-1.3"})
    assert (answer.status_code, answer.location) == (303, f"/desk/posts/{post.id}")
    assert latest(post).body == "Common words of theirs."
    kept = db.session.scalars(select(Draft).where(Draft.kept_at.is_not(None))).one()
    assert (kept.person_id, kept.fields["body"].strip()) == (editor.id, "Common words of mine.")
    # Going on with it and saving finds the newer text again: nothing is overwritten unseen.
    page = client.get(f"/desk/posts/{post.id}?draft={kept.id}").text
    sent = dict(html.fromstring(page).get_element_by_id("post-form").form_values())
    assert client.post(f"/desk/posts/{post.id}", data=sent).status_code == 409


def test_ones_own_other_tab_is_called_that(client: FlaskClient, editor: Person, app: Flask) -> None:
    post = make_post()
    form = html.fromstring(client.get(f"/desk/posts/{post.id}").text).get_element_by_id("post-form")
    sent = dict(form.form_values())
    assert client.post(f"/desk/posts/{post.id}", data={**sent, "body": "From one tab."}).status_code == 303
    answer = client.post(f"/desk/posts/{post.id}", data={**sent, "body": "From the other."})
    assert answer.status_code == 409
    assert "You saved this post in another tab after you opened it here" in answer.text


def test_a_save_that_changes_nothing_makes_no_revision(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    form = html.fromstring(client.get(f"/desk/posts/{post.id}").text).get_element_by_id("post-form")
    client.post(f"/desk/posts/{post.id}", data=dict(form.form_values()))
    assert len(queries.revisions(post.id)) == 1


def test_unsaved_texts_wait_on_today(client: FlaskClient, editor: Person, app: Flask) -> None:
    post = make_post()
    for address, title in (
        (f"/desk/posts/{post.id}/draft", "Spring, unsaved"),
        ("/desk/posts/new/draft", "A beginning"),
    ):
        client.post(address, json={"tab": "tab-one-1", "sequence": 1, "fields": {"title": title}})
    other = app.test_client()
    sign_in(other, tom())
    assert words_of(client.get("/desk").text, "//section[@aria-labelledby='unsaved']//li/a") == [
        "A beginning",
        "Spring, unsaved",
    ]
    assert words_of(other.get("/desk").text, "//section[@aria-labelledby='unsaved']") == []
    draft = db.session.scalars(select(Draft).where(Draft.subject == "post:new")).one()
    answer = client.post(f"/desk/posts/drafts/{draft.id}/removal", data={"back": "today"})
    page = client.get(answer.location).text
    assert words_of(page, "//section[@aria-labelledby='unsaved']//li/a") == ["Spring, unsaved"]
    assert f"/desk/posts/drafts/{draft.id}/restoration" in page


def test_the_beginning_of_somebody_who_may_not_write_any_more_is_an_editors_to_continue(
    client: FlaskClient, editor: Person, app: Flask
) -> None:
    author, other = make_person("Ana Author", "author"), app.test_client()
    sign_in(other, author)
    other.post(
        "/desk/posts/new/draft",
        json={"tab": "tab-one-1", "sequence": 1, "fields": {"title": "Ana's beginning"}},
    )
    draft_id = db.session.scalars(select(Draft.id)).one()
    address = f"/desk/posts/new?draft={draft_id}"
    assert "Ana&#39;s beginning" not in client.get(address).text
    with transaction():
        db.session.execute(update(Person).where(Person.id == author.id).values(role="member"))
    assert "Ana&#39;s beginning" in client.get(address).text


def test_a_wording_is_the_same_from_a_revision_and_from_a_form() -> None:
    empty = {
        "title": "",
        "summary": "",
        "body": "",
        "transcript": "",
        "cover_id": None,
        "cover_alt": "",
        "media": [],
    }
    assert comparing.compare(empty, {**empty, "body": "\r\n"}) == []
    assert [one.name for one in comparing.compare(empty, {**empty, "transcript": "Said."})] == ["transcript"]
