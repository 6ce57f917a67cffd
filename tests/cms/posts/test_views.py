"""The desk's pages about posts, by their answers."""

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts import queries, services
from cms.posts.models import Post, Revision
from tests.factories import (
    make_campaign,
    make_media,
    make_person,
    make_post,
    make_section,
    nadia,
    read_again,
    revise,
    sign_in,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def editor(client: FlaskClient) -> Person:
    """Nadia, signed in."""
    person = nadia()
    sign_in(client, person)
    return person


@pytest.mark.parametrize(
    "path",
    [
        "/desk/posts/new",
        "/desk/notes/new",
        "/desk/campaigns/new",
        "/desk/campaigns/7/plan",
        "/desk/links/new",
    ],
)
def test_an_attribute_that_says_nothing_is_not_there(client: FlaskClient, editor: Person, path: str) -> None:
    """`aria-invalid="None"` would tell a screen reader that a good field is wrong."""
    path = path.replace("7", str(make_campaign().id))
    answer = client.get(path)
    page = html.fromstring(answer.get_data())
    assert answer.status_code == 200
    assert page.xpath("//@*[. = 'None' or . = 'False' or . = 'none']") == []


def only_post() -> Post:
    db.session.expire_all()
    return queries.get_post(db.session.scalars(select(Post.id)).one())


WHOLE = {
    "kind": "article",
    "title": "Spring notes",
    "summary": "What we saw.",
    "body": "The **network**.",
    "language": "en",
    "section_id": "0",
    "tags": "5G, 基站，Rain",
    "credits-0-who": "Nadia Rahimi (@nadia)",
    "credits-0-role": "author",
    "credits-0-place": "2",
    "credits-1-who": "@lena",
    "credits-1-role": "photographer",
    "credits-1-place": "1",
}


def test_a_post_is_begun_with_everything_and_published(client: FlaskClient, editor: Person) -> None:
    section, cover, picture = make_section(), make_media(), make_media()
    make_person("Lena Ortiz", "guest", handle="lena")
    response = client.post(
        "/desk/posts",
        data={
            **WHOLE,
            "section_id": section.id,
            "cover": cover.id,
            "cover_alt": "A mast",
            "files-0-media_id": picture.id,
            "files-0-alt": "Rain",
            "files-0-caption": "In the rain",
            "guest_name": "Otto  Weiss",
            "guest_role": "speaker",
            "slug": "Spring 2026",
            "canonical_url": "https://example.com/spring",
            "publish": "1",
        },
    )
    post = only_post()
    assert (response.status_code, response.location) == (303, f"/desk/posts/{post.id}")
    assert (post.slug, post.section_id, post.canonical_url) == (
        "spring-2026",
        section.id,
        "https://example.com/spring",
    )
    assert [(one.person.name, one.role) for one in post.bylines] == [
        ("Lena Ortiz", "photographer"),
        ("Nadia Rahimi", "author"),
        ("Otto Weiss", "speaker"),
    ]
    assert [one.tag.slug for one in post.tags] == ["5g", "基站", "rain"]
    assert post.latest is not None
    assert (post.latest.cover_id, post.latest.cover_alt) == (cover.id, "A mast")
    assert [(one.media_id, one.alt, one.caption) for one in post.latest.media] == [
        (picture.id, "Rain", "In the rain")
    ]
    assert (post.is_live, post.created_by_id, post.latest.saved_by_id) == (True, editor.id, editor.id)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Please give it a title. Only notes go without one."),
        ({"title": "x" * 301}, "Please use at most 300 characters."),
        (
            {"credits-1-who": "Nobody Known"},
            "Nobody is called Nobody Known. To credit somebody without an account",
        ),
        ({"tags": ",".join(f"t{number}" for number in range(30))}, "Please use at most 20 tags."),
        ({"canonical_url": "javascript:alert(1)"}, "Please give a full address that begins with https://"),
        ({"files-0-media_id": "4711"}, "One of the chosen files does not exist any more."),
        (
            {"kind": "photo", "publish": "1"},
            "A photo post needs at least one picture before it can be published.",
        ),
        ({"slug": "taken"}, "Another post has, or once had, this address. Please choose another one."),
        ({"language": "xx-yy-zz"}, "Not a valid choice."),
    ],
)
def test_bad_input_is_422_with_a_sentence_and_everything_typed(
    client: FlaskClient, editor: Person, change: dict[str, str], sentence: str
) -> None:
    make_person("Lena Ortiz", "guest", handle="lena")
    make_post("Taken", slug="taken")
    sent = {**WHOLE, "guest_name": "Otto Weiss", "body": "Typed <for> hours & hours", **change}
    response = client.post("/desk/posts", data=sent)
    shown = unescape(response.text)
    assert response.status_code == 422
    assert sentence in shown
    for name in ("title", "summary", "body", "tags", "credits-0-who", "credits-1-who", "guest_name"):
        assert sent[name] in shown
    assert db.session.scalar(select(func.count()).select_from(Post)) == 1
    assert db.session.scalar(select(func.count()).where(Person.name == "Otto Weiss")) == 0


def test_saving_what_is_there_changes_nothing(client: FlaskClient, editor: Person) -> None:
    section = make_section()
    make_post(
        section=section, tags=["5G"], bylines=[editor], media=[services.Attachment(make_media().id, "A", "B")]
    )
    post = only_post()
    page = client.get(f"/desk/posts/{post.id}").text
    client.post(f"/desk/posts/{post.id}", data=fields_of(page))
    again = only_post()
    assert (again.version, again.latest_revision_id) == (post.version, post.latest_revision_id)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send for the form of a post."""
    form = html.fromstring(page).xpath("//form[@enctype]")[0]
    return dict(form.form_values())


def test_a_draft_of_a_live_post_waits_until_it_is_published(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    sent = fields_of(client.get(f"/desk/posts/{post.id}").text) | {"body": "Newer."}
    client.post(f"/desk/posts/{post.id}", data=sent)
    assert "The network is" in client.get("/posts/spring-notes").text
    client.post(f"/desk/posts/{post.id}/publication")
    page = client.get("/posts/spring-notes").text
    assert ("Newer." in page, "The network is" in page) == (True, False)


def test_saving_over_somebody_elses_text_shows_both(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    sent = fields_of(client.get(f"/desk/posts/{post.id}").text) | {"body": "What I typed"}
    revise(post, publish=False, body="What they saved")
    response = client.post(f"/desk/posts/{post.id}", data=sent)
    assert response.status_code == 409
    assert "What I typed" in response.text
    assert "What they saved" in response.text
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 2
    again = client.post(f"/desk/posts/{post.id}", data=fields_of(response.text))
    assert again.status_code == 303
    texts = db.session.scalars(select(Revision.body).order_by(Revision.number)).all()
    assert texts[1:] == ["What they saved", "What I typed"]


def test_times_are_read_in_the_zone_of_the_person(client: FlaskClient) -> None:
    sign_in(client, make_person("Wei Chen", "editor", timezone="Asia/Shanghai"))
    post = make_post()
    sent = fields_of(client.get(f"/desk/posts/{post.id}").text)
    assert sent["published_at"] == "2026-11-21T20:00"
    client.post(f"/desk/posts/{post.id}", data=sent | {"published_at": "2026-11-20T08:00"})
    assert read_again(Post, post.id).published_at == datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def test_an_author_saves_drafts_but_does_not_publish(client: FlaskClient) -> None:
    author = make_person("Ana Lima", "author")
    sign_in(client, author)
    client.post(
        "/desk/posts",
        data={"kind": "article", "title": "Mine", "body": "x", "language": "en", "publish": "1"},
    )
    post = only_post()
    assert (post.is_live, post.created_by_id) == (False, author.id)
    assert client.post(f"/desk/posts/{post.id}/publication").status_code == 403
    assert client.get(f"/desk/posts/{make_post('Other').id}").status_code == 403
    assert "Other" not in client.get("/desk/posts").text


def test_a_post_is_taken_down_thrown_away_and_restored(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    for act, live, trashed in (
        ("publication/removal", False, False),
        ("publication", True, False),
        ("trash", False, True),
        ("trash/removal", False, False),
    ):
        response = client.post(f"/desk/posts/{post.id}/{act}")
        again = read_again(Post, post.id)
        assert (response.status_code, again.is_live, again.trashed_at is not None) == (303, live, trashed)


def test_what_makes_no_sense_is_said_on_the_page(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    page = client.post(f"/desk/posts/{post.id}/publication", follow_redirects=True)
    assert page.status_code == 200
    assert "This text is published already." in page.text


def test_a_post_is_planned_and_called_off(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    client.post(f"/desk/posts/{post.id}/schedule", data={"wall": "2026-12-01T09:30", "zone": "Asia/Shanghai"})
    again = read_again(Post, post.id)
    assert (again.due_at, again.due_by_id) == (datetime(2026, 12, 1, 1, 30, tzinfo=UTC), editor.id)
    assert "Goes out on 2026-12-01 09:30 (Asia/Shanghai)." in client.get(f"/desk/posts/{post.id}").text
    client.post(f"/desk/posts/{post.id}/schedule/removal")
    assert read_again(Post, post.id).due_at is None


def test_a_time_that_comes_twice_is_asked_about_on_the_page(client: FlaskClient, editor: Person) -> None:
    post = make_post(publish=False)
    when = {"wall": "2027-10-31T02:30", "zone": "Europe/Berlin"}
    response = client.post(f"/desk/posts/{post.id}/schedule", data=when)
    assert response.status_code == 422
    assert "the first one, 00:30 UTC" in response.text
    assert 'value="2027-10-31T02:30"' in response.text
    client.post(f"/desk/posts/{post.id}/schedule", data={**when, "which": "1"})
    assert read_again(Post, post.id).due_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "when", [{"wall": "", "zone": "UTC"}, {"wall": "2026-12-01T09:30", "zone": "Nowhere"}]
)
def test_a_bad_time_is_422(client: FlaskClient, editor: Person, when: dict[str, str]) -> None:
    assert client.post(f"/desk/posts/{make_post(publish=False).id}/schedule", data=when).status_code == 422


def test_an_old_text_is_read_and_brought_back(client: FlaskClient, editor: Person) -> None:
    post = make_post()
    first = post.latest_revision_id
    revise(post, body="Second.")
    assert "Second." not in client.get(f"/desk/posts/{post.id}/revisions/{first}").text
    assert client.get(f"/desk/posts/{post.id}/revisions").status_code == 200
    answer = client.post(f"/desk/posts/{post.id}/revisions/{first}/restoration", follow_redirects=True)
    assert "The old text is the newest draft now." in answer.text
    assert [one.number for one in queries.revisions(post.id)] == [3, 2, 1]
    client.post(f"/desk/posts/{post.id}/publication", data={"revision_id": first})
    assert read_again(Post, post.id).live_revision_id == first


def test_a_translation_starts_from_the_text_and_joins_the_story(client: FlaskClient, editor: Person) -> None:
    post = make_post(section=make_section(), bylines=[editor])
    page = client.get(f"/desk/posts/new?translation_of={post.id}").text
    sent = fields_of(page)
    assert (sent["title"], sent["language"], sent["slug"], sent["version"]) == ("Spring notes", "zh", "", "")
    client.post("/desk/posts", data=sent | {"title": "春天笔记"})
    told = queries.story_posts(post.story_id)
    assert [(one.language, one.slug) for one in told] == [("en", "spring-notes"), ("zh", "春天笔记")]
    again = client.post("/desk/posts", data=sent | {"title": "再来"})
    assert again.status_code == 422
    assert "This story is told in that language already." in again.text
    client.post(f"/desk/posts/{told[1].id}/story/removal")
    assert [one.language for one in queries.story_posts(post.story_id)] == ["en"]


def test_today_shows_drafts_plans_news_and_what_was_missed(client: FlaskClient, editor: Person) -> None:
    page = client.get("/desk").text
    assert "Nothing waits for you" in page
    make_post("My draft", publish=False, by=editor)
    make_post("Just went out")
    make_post("Goes out", due_at=NOON + timedelta(days=1))
    missed = make_post("Was missed", due_at=NOON + timedelta(hours=1))
    with transaction():
        services.note_missed(missed.id, why="The recording is gone.", at=NOON)
    page = client.get("/desk").text
    for words in (
        "My draft",
        "Just went out",
        "2026-11-22 12:00 (UTC)",
        "Was missed",
        "The recording is gone.",
    ):
        assert words in page


def test_the_list_is_narrowed_and_honest_when_empty(client: FlaskClient, editor: Person) -> None:
    assert "No posts yet" in client.get("/desk/posts").text
    make_post("Draft about rain", publish=False)
    make_post("Live", language="zh")
    assert "Draft about rain" in client.get("/desk/posts?status=draft&q=RAIN&kind=article&language=en").text
    assert "Draft about rain" not in client.get("/desk/posts?status=live&section=").text
    page = client.get("/desk/posts?status=down&mine=1&before=nonsense").text
    assert "No post is like that" in page


def test_the_list_is_paged_by_key(client: FlaskClient, editor: Person) -> None:
    for number in range(32):
        with clock.stopped(NOON + timedelta(microseconds=number * 333)):
            make_post(f"Post {number:02}", publish=False)
    first = client.get("/desk/posts?kind=article").text
    [following] = html.fromstring(first).xpath("//a[@rel='next']/@href")
    second = client.get(following).text
    assert ("Post 31" in first, "Post 02" in first, "Post 01" in first) == (True, True, False)
    assert ("Post 01" in second, "Post 00" in second, "Post 02" in second) == (True, True, False)


def test_the_trash_is_searched_and_says_how_long_a_post_stays(client: FlaskClient, editor: Person) -> None:
    make_post("Old masts", trashed=True), make_post("Rain", trashed=True)
    text = client.get("/desk/posts/trash?q=MASTS").text
    assert ("Old masts" in text, "Rain" in text) == (True, False)
    assert "Removed for good in 30 days" in text
    assert "Nothing like that was thrown away" in client.get("/desk/posts/trash?kind=video").text


@pytest.mark.parametrize("address", ["/desk", "/desk/posts", "/desk/posts/trash"])
def test_a_list_of_three_takes_as_many_queries_as_a_list_of_one(
    client: FlaskClient, editor: Person, count_queries: list[str], address: str
) -> None:
    def make(number: int) -> None:
        make_post(f"Draft {number}", publish=False, by=editor, bylines=[editor])
        make_post(f"Live {number}", bylines=[editor])
        make_post(f"Due {number}", due_at=NOON + timedelta(days=1), bylines=[editor])
        make_post(f"Trash {number}", trashed=True, bylines=[editor])

    def asked() -> int:
        count_queries.clear()
        assert client.get(address).status_code == 200
        return len(count_queries)

    make(1)
    asked()
    with_one = asked()
    make(2), make(3)
    asked()
    assert asked() == with_one


def test_hostile_words_stay_words(client: FlaskClient, editor: Person) -> None:
    hostile = '"><script>alert(1)</script>'
    client.post(
        "/desk/posts",
        data={**WHOLE, "credits-1-who": "", "title": hostile, "tags": hostile[2:], "guest_name": hostile},
    )
    post = only_post()
    for address in ("/desk", "/desk/posts", f"/desk/posts/{post.id}", f"/desk/posts/{post.id}/revisions"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_a_preview_is_the_real_page_of_the_draft_and_is_not_kept(client: FlaskClient, editor: Person) -> None:
    post = make_post("Live title", tags=["5g"], bylines=[editor], cover_id=make_media().id)
    live = post.live_revision_id
    revise(post, publish=False, title="Draft title", body="## Part one\n\nDraft words.")
    page = client.get(f"/desk/posts/{post.id}/preview")
    assert page.status_code == 200
    assert "Draft words." in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Live title" in client.get(f"/desk/posts/{post.id}/preview?revision={live}").text
    assert "Draft title" not in client.get("/posts/live-title").text
    never = make_post("Never out", publish=False)
    assert "Never out" in client.get(f"/desk/posts/{never.id}/preview").text


def test_the_largest_post_can_be_saved(client: FlaskClient, editor: Person) -> None:
    picture, people = make_media(), [make_person(f"P{n}", "guest", handle=f"p{n}") for n in range(20)]
    files = [services.Attachment(picture.id, f"Alt {n}", f"Caption {n}") for n in range(60)]
    post = make_post(media=files, bylines=people, transcript="字" * 80_000)
    form = html.fromstring(client.get(f"/desk/posts/{post.id}").text).xpath("//form[@enctype]")[0]
    sent = dict(form.form_values()) | {"body": "字" * 40_000}
    response = client.post(f"/desk/posts/{post.id}", data=sent, content_type="multipart/form-data")
    saved = queries.get_post(post.id).latest
    assert response.status_code == 303
    assert saved is not None
    assert (len(saved.body), len(saved.transcript), len(saved.media)) == (40_000, 80_000, 60)


def test_a_text_that_is_too_long_is_422_and_kept(client: FlaskClient, editor: Person) -> None:
    text = "字" * 100_001
    response = client.post(
        "/desk/posts", data={**WHOLE, "credits-1-who": "", "body": text}, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert text in response.text
    assert "This text is longer than 100,000 characters." in response.text
