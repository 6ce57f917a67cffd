import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.media.models import Media
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import services
from cms.posts.cards import keeping
from cms.posts.cards.pages import PageFacts
from cms.posts.models import Post, Revision
from cms.posts.services import notes
from cms.posts.services.notes import Plan
from tests import factories
from tests.cms.media import samples
from tests.conftest import NOW
from tests.factories import make_media, make_note, make_person, make_post, read_again, sign_in

Sent = dict[str, object]


@pytest.fixture
def nadia(client: FlaskClient) -> Person:
    """Nadia is signed in."""
    person = factories.nadia()
    sign_in(client, person)
    return person


def newest() -> Post:
    db.session.expire_all()
    return db.session.scalars(select(Post).order_by(Post.id.desc()).limit(1)).one()


def latest(post: Post) -> Revision:
    revision = db.session.get(Revision, post.latest_revision_id)
    assert revision is not None
    return revision


def write(text: str, *, by: Person, act: str = "publish", **more: object) -> Post:
    note = notes.prepare_note(text, own_language="en", **more)  # type: ignore[arg-type]
    with transaction():
        post_id = notes.create_note(note, Plan(act), by=by, at=clock.now()).id
    return read_again(Post, post_id)


def ready_card(url: str) -> None:
    with transaction():
        keeping.ask_for_card(url, at=clock.now())
        claim = keeping.claim_card(at=clock.now())
        assert claim is not None
        media = make_media_in(alt="")
        keeping.fill_card(
            claim, PageFacts("Towers that sleep", "How.", "Mast Weekly", None), picture_id=media
        )


def make_media_in(**fields: object) -> int:
    media = Media(
        kind="image",
        state="ready",
        digest="d" * 64,
        file="ca/rd/card.jpg",
        mime="image/jpeg",
        byte_size=9,
        width=600,
        height=400,
        created_at=NOW,
        **fields,
    )
    db.session.add(media)
    db.session.flush()
    return media.id


def test_a_note_is_published_with_one_request(client: FlaskClient, nadia: Person) -> None:
    answer = client.post("/desk/notes", data={"text": "今天 #5G 开通了", "act": "publish", "with_card": "y"})
    post = newest()

    assert (answer.status_code, answer.location) == (303, f"/desk/notes/{post.id}")
    assert (post.kind, post.language, post.is_live, post.slug) == ("note", "zh", True, None)
    assert latest(post).html == ('<p>今天 <a href="/tags/5g" rel="noopener nofollow ugc">#5G</a> 开通了</p>')
    shown = client.get(f"/notes/{post.id}")
    assert shown.status_code == 200
    assert "Nadia Rahimi" in shown.text
    assert 'rel="tag">5G</a>' in shown.text


def test_the_dialog_is_told_where_the_note_is(client: FlaskClient, nadia: Person) -> None:
    form = client.get("/desk/notes/new?part=1")
    answer = client.post("/desk/notes", data={"text": "Hello", "act": "publish", "part": "1"})
    post = newest()

    assert form.text.lstrip().startswith("<form")
    assert (answer.status_code, answer.json) == (
        201,
        {"message": "Published.", "url": f"/notes/{post.id}", "edit_url": f"/desk/notes/{post.id}"},
    )


def test_an_empty_note_is_sent_back(client: FlaskClient, nadia: Person) -> None:
    answer = client.post("/desk/notes", data={"text": "  \n ", "tags": "5G", "act": "publish", "part": "1"})
    assert answer.status_code == 422
    assert "A note needs some words or a picture." in answer.text
    assert 'value="5G"' in answer.text


def test_pictures_are_taken_without_script_and_asked_about_once(client: FlaskClient, nadia: Person) -> None:
    file = (io.BytesIO(samples.picture()), "mast.jpg")
    sent: Sent = {"text": "The mast", "act": "publish", "pictures-0-file": file}
    asked = client.post("/desk/notes", data=sent, content_type="multipart/form-data")
    media_id = db.session.scalars(select(Media.id)).one()

    assert asked.status_code == 422
    assert "Say what somebody would miss who cannot see it. Publish again to go without." in asked.text
    assert f'value="{media_id}"' in asked.text
    assert db.session.scalar(select(Post.id)) is None

    again: Sent = {"text": "The mast", "act": "publish", "asked": "alt", "pictures-0-media_id": str(media_id)}
    assert client.post("/desk/notes", data=again).status_code == 303
    assert newest().is_live


def test_a_note_shows_up_to_four_pictures_with_their_alternative_text(
    client: FlaskClient, nadia: Person
) -> None:
    files = [make_media().id for _number in range(4)]
    sent = {"text": "", "act": "publish"}
    for number, one in enumerate(files):
        sent |= {f"pictures-{number}-media_id": str(one), f"pictures-{number}-alt": f"Mast {number}"}
    client.post("/desk/notes", data=sent)
    shown = client.get(f"/notes/{newest().id}").text

    assert "note-pictures--4" in shown
    assert [f'alt="Mast {number}"' in shown for number in range(4)] == [True] * 4
    assert "Mast 3" in client.get("/notes").text
    assert "Mast 3" in client.get("/feed.xml").text


def test_what_is_no_picture_is_refused_and_the_text_kept(client: FlaskClient, nadia: Person) -> None:
    sound = make_media("audio").id
    answer = client.post(
        "/desk/notes", data={"text": "Listen", "act": "draft", "pictures-0-media_id": str(sound)}
    )
    svg = {"text": "Look", "act": "draft", "pictures-1-file": (io.BytesIO(b"<svg/>"), "x.svg")}
    refused = client.post("/desk/notes", data=svg, content_type="multipart/form-data")

    assert (answer.status_code, refused.status_code) == (422, 422)
    assert "There is no picture with this number." in answer.text
    assert "Listen</textarea>" in answer.text
    assert "SVG files are not taken." in refused.text


def test_five_pictures_are_too_many() -> None:
    pictures = [services.Attachment(number) for number in range(1, 6)]
    with pytest.raises(services.NotReady.__mro__[1]) as refused:
        notes.prepare_note("Look", own_language="en", pictures=pictures)
    assert refused.value.errors == {"pictures": "A note shows at most 4 pictures."}


def test_an_author_keeps_a_draft_and_cannot_publish(client: FlaskClient) -> None:
    sign_in(client, make_person("Zhao Min", "author", handle="zhao-min"))
    answer = client.post("/desk/notes", data={"text": "Not yet", "act": "publish"})
    assert answer.status_code == 303
    assert not newest().is_live
    assert client.get(answer.location).status_code == 200


def test_a_note_is_planned_and_asks_about_a_time_that_comes_twice(client: FlaskClient, nadia: Person) -> None:
    with transaction():
        db.session.merge(Person(id=nadia.id, timezone="Europe/Berlin"))
    sent = {"text": "Later", "act": "schedule", "wall": "2027-10-31T02:30"}
    asked = client.post("/desk/notes", data=sent)
    assert asked.status_code == 422
    assert "The clocks go back that night" in asked.text

    assert client.post("/desk/notes", data={**sent, "which": "1"}).status_code == 303
    post = newest()
    assert (post.is_live, post.due_wall, post.due_zone) == (False, "2027-10-31T02:30", "Europe/Berlin")
    past = client.post("/desk/notes", data={**sent, "wall": "2020-01-01T00:00"})
    assert past.status_code == 422
    assert "This time has passed." in past.text


def test_a_note_is_written_on_as_it_was_typed(client: FlaskClient, nadia: Person) -> None:
    make_person("Li Na", "author", handle="li-na")
    post = write("Thanks @li-na\n#5G", by=nadia, tags=["masts"])
    page = client.get(f"/desk/notes/{post.id}").text

    assert "Thanks @li-na\n#5G</textarea>" in page.replace("\r", "")
    assert 'value="masts"' in page

    sent = {
        "text": "Thanks @li-na\n#5G, again",
        "tags": "masts",
        "act": "publish",
        "version": str(post.version),
    }
    assert client.post(f"/desk/notes/{post.id}", data=sent).status_code == 303
    assert latest(read_again(Post, post.id)).number == 2
    unchanged = {**sent, "version": str(read_again(Post, post.id).version)}
    assert client.post(f"/desk/notes/{post.id}", data=unchanged).status_code == 303
    assert latest(read_again(Post, post.id)).number == 2


def test_two_people_on_one_note_lose_nothing(client: FlaskClient, nadia: Person) -> None:
    post = write("First", by=nadia)
    version = post.version
    factories.revise(post, title="", body="Second")
    answer = client.post(
        f"/desk/notes/{post.id}", data={"text": "Mine", "act": "publish", "version": str(version)}
    )
    assert answer.status_code == 409
    assert "Someone else saved this post after you opened it." in answer.text
    assert "Mine</textarea>" in answer.text


def test_an_article_has_no_page_among_the_notes(client: FlaskClient, nadia: Person) -> None:
    assert client.get(f"/desk/notes/{make_post().id}").status_code == 404
    assert client.get(f"/desk/notes/{make_note().id}").status_code == 200


def test_a_note_shows_the_card_of_the_page_it_links_first(client: FlaskClient, nadia: Person) -> None:
    ready_card("https://example.com/a")
    post = write("Read https://example.com/a and https://example.com/b", by=nadia)
    shown, feed = client.get(f"/notes/{post.id}").text, client.get("/feed.xml").text

    assert 'class="link-card link-card--pictured" href="https://example.com/a"' in shown
    assert "Towers that sleep" in shown
    assert 'src="/media/ca/rd/card.jpg"' in shown
    assert "Towers that sleep" in client.get("/notes").text
    assert "Towers that sleep" in feed
    assert 'src="https://example.com' not in shown


def test_a_card_that_comes_later_reaches_the_kept_page(client: FlaskClient, nadia: Person) -> None:
    post = write("Read https://example.com/a", by=nadia)
    assert "link-card" not in client.get(f"/notes/{post.id}").text
    ready_card("https://example.com/a")
    client.application.extensions["parley_pages"].forget_everything()
    assert "link-card" in client.get(f"/notes/{post.id}").text


def test_a_card_can_be_left_out(client: FlaskClient, nadia: Person) -> None:
    ready_card("https://example.com/a")
    post = write("Read https://example.com/a", by=nadia, with_card=False)
    assert "link-card" not in client.get(f"/notes/{post.id}").text
    assert 'href="https://example.com/a"' in client.get(f"/notes/{post.id}").text


def test_the_composer_asks_for_a_card_and_is_told_when_it_is_ready(
    client: FlaskClient, nadia: Person
) -> None:
    asked = client.post("/desk/notes/cards", data={"text": "see https://example.com/a."})
    ready_card("https://example.com/a")
    told = client.get(f"/desk/notes/cards/{asked.json['id']}").json

    assert (asked.json["state"], asked.json["url"]) == ("waiting", "https://example.com/a")
    assert (told["state"], told["title"], told["picture"]) == (
        "ready",
        "Towers that sleep",
        "/media/ca/rd/card.jpg",
    )
    nothing = client.post("/desk/notes/cards", data={"text": "no address"})
    assert (nothing.status_code, nothing.json) == (422, {"message": "There is no address in this text."})
    assert client.get("/desk/notes/cards/999999").status_code == 404


def test_people_are_suggested_by_handle_and_name(client: FlaskClient, nadia: Person) -> None:
    make_person("Li Na", "author", handle="li-na")
    make_person("Gone Lima", "author", handle="lima", disabled_at=NOW)
    found = client.get("/desk/notes/people?q=LI").json["people"]
    by_name = client.get("/desk/notes/people?q=rah").json["people"]

    assert found == [{"handle": "li-na", "name": "Li Na"}]
    assert by_name == [{"handle": "nadia", "name": "Nadia Rahimi"}]
    assert client.get("/desk/notes/people?q=").json == {"people": []}


def told() -> list[tuple[int, str, str]]:
    rows = db.session.execute(
        select(Notice.person_id, Notice.kind, Notice.subject).order_by(Notice.person_id)
    )
    return [tuple(row) for row in rows]


def test_who_is_named_is_told_once_and_only_when_readers_can_see_it(
    client: FlaskClient, nadia: Person
) -> None:
    rae = factories.rae()
    make_person("Gu Wen", "guest", handle="gu-wen")
    text = "Thanks @rae, @gu-wen, @nobody and myself, @nadia"
    post = write(text, by=nadia, act="draft")
    assert told() == []

    with transaction():
        services.publish_post(post.id, by=nadia, at=clock.now())
    expected = [(rae.id, "note.mentioned", f"post:{post.id}")]
    assert told() == expected

    with transaction():
        db.session.query(Notice).delete()
        changed = notes.prepare_note(text + "!", own_language="en")
    with transaction():
        notes.save_note(post.id, changed, Plan("publish"), by=nadia, at=clock.now() + timedelta(hours=1))
    assert told() == []


def test_lists_of_notes_take_the_same_number_of_queries_however_many(
    client: FlaskClient, nadia: Person, count_queries: list[str]
) -> None:
    def ask() -> int:
        client.application.extensions["parley_pages"].forget_everything()
        count_queries.clear()
        assert client.get("/notes").status_code == 200
        return len(count_queries)

    ready_card("https://example.com/a")
    write("Read https://example.com/a", by=nadia)
    ask()
    with_one = ask()
    for number in range(3):
        write(f"Read https://example.com/a #{number}x", by=nadia)
    assert ask() == with_one
