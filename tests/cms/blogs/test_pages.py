"""The pages: a member's way from asking to pitching, without script; nothing typed lost; the editors' answers."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.blogs import queries
from cms.core.database import db
from cms.drafts.models import Draft
from cms.people.models import Person
from cms.posts.models import Post
from tests.cms.blogs.blogging import applied, open_blog, pitch, write
from tests.factories import nadia, rae, read_again, sign_in

FIELDS = {
    "title": "Trams at night",
    "body": "They hum in **G**.",
    "summary": "",
    "tags": "Trams",
    "language": "en",
}


@pytest.fixture
def owner(client: FlaskClient) -> Person:
    """Rae, signed in, with an open blog."""
    person = rae()
    open_blog(person)
    sign_in(client, read_again(Person, person.id))
    return person


def own_posts(person: Person) -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.created_by_id == person.id)))


def test_asking_waiting_and_a_mistake_that_loses_nothing(client: FlaskClient) -> None:
    person = rae()
    sign_in(client, person)
    wrong = client.post(
        "/me/blog", data={"title": "", "about": "Trams.", "language": "en", "wish": "Please."}
    )
    assert wrong.status_code == 422
    assert "Trams.</textarea>" in wrong.text
    form = {"title": "Slow signals", "about": "Trams.", "language": "en", "wish": "Please."}
    assert client.post("/me/blog", data=form).status_code == 303
    assert "You asked for a blog on" in client.get("/en/me/blog").text


def test_a_text_is_written_published_and_read(client: FlaskClient, owner: Person) -> None:
    assert client.get("/en/me/blog/posts/new").status_code == 200
    answer = client.post("/me/blog/posts", data={**FIELDS, "publish": "1"})
    assert answer.status_code == 303
    (post,) = own_posts(owner)
    assert post.is_live
    public = client.application.test_client().get(f"/en/posts/{post.slug}").text
    assert "In the blog of Rae Sato:" in public
    page = client.application.test_client().get("/en/@rae").text
    assert ("Slow signals" in page, "What I hear on the way to work." in page) == (True, True)
    shown = html.fromstring(client.get(f"/en/me/blog/posts/{post.id}").text)
    assert shown.xpath("//input[@name='title']/@value") == ["Trams at night"]
    assert client.get(f"/en/me/blog/posts/{post.id}/preview").status_code == 200


def test_a_text_without_a_title_comes_back_with_what_was_typed(client: FlaskClient, owner: Person) -> None:
    answer = client.post("/me/blog/posts", data={**FIELDS, "title": ""})
    assert answer.status_code == 422
    assert "They hum in **G**.</textarea>" in answer.text
    assert own_posts(owner) == []


def test_a_note_is_published_in_one_step(client: FlaskClient, owner: Person) -> None:
    form = {"kind": "note", "body": "Late again #trams", "language": "en", "publish": "1"}
    assert client.post("/me/blog/posts", data=form).status_code == 303
    assert [one.kind for one in own_posts(owner)] == ["note"]


def test_a_stale_form_is_shown_both_texts(client: FlaskClient, owner: Person) -> None:
    blog = queries.find_blog_of(owner.id)
    assert blog is not None
    post = write(blog)
    answer = client.post(f"/me/blog/posts/{post.id}", data={**FIELDS, "version": "1", "body": "Mine."})
    stale = client.post(f"/me/blog/posts/{post.id}", data={**FIELDS, "version": "0", "body": "Lost?"})
    assert stale.status_code == 409
    assert "Lost?</textarea>" in stale.text
    assert answer.status_code in (303, 409)


def test_what_is_typed_is_kept_and_comes_back(client: FlaskClient, owner: Person) -> None:
    sent = {
        "tab": "tab-of-rae-1",
        "base": 0,
        "sequence": 1,
        "fields": {"title": "Half", "body": "Half a sentence"},
    }
    kept = client.post("/me/blog/posts/0/drafts/0", json=sent)
    assert kept.status_code == 200, kept.text
    page = client.get(f"/en/me/blog/posts/new?draft={kept.json['id']}").text  # type: ignore[index]
    assert "Half a sentence</textarea>" in page
    client.post("/me/blog/posts", data={**FIELDS, "tab": "tab-of-rae-1.2"})
    db.session.expire_all()
    assert db.session.get_one(Draft, kept.json["id"]).fields is None  # type: ignore[index]


def test_a_closed_blog_takes_nothing_new(client: FlaskClient, owner: Person) -> None:
    assert client.post("/me/blog/closing").status_code == 303
    assert client.get("/me/blog/posts/new").status_code in (403, 404)
    assert client.post("/me/blog/pictures").status_code == 422
    assert client.post("/me/blog/opening").status_code == 303
    assert client.get("/me/blog/posts/new").status_code == 200


def test_one_can_change_what_the_blog_says_of_itself(client: FlaskClient, owner: Person) -> None:
    client.post("/me/blog/face", data={"title": "Fast signals", "about": "", "language": "zh"})
    assert "Fast signals" in client.application.test_client().get("/en/@rae").text


def test_editors_open_feature_and_accept(client: FlaskClient) -> None:
    editor, person = nadia(), rae()
    blog_id = applied(person).id
    sign_in(client, read_again(Person, editor.id))
    assert "Slow signals" in client.get("/en/desk/blogs").text
    assert client.post(f"/desk/blogs/{blog_id}/opening").status_code == 303
    post = write(queries.get_blog(blog_id))
    assert "Trams at night" in client.get("/en/desk/blogs/posts").text
    assert client.post(f"/desk/blogs/posts/{post.id}/feature").status_code == 303
    assert "Featured" in client.get(f"/en/desk/posts/{post.id}").text
    offered = pitch(read_again(Post, post.id))
    assert "They hum in" in client.get(f"/en/desk/blogs/pitches/{offered.id}").text
    refused = client.post(f"/desk/blogs/pitches/{offered.id}/refusal", data={"reason": ""})
    assert refused.status_code == 422
    assert (
        client.post(f"/desk/blogs/pitches/{offered.id}/acceptance", data={"section": ""}).status_code == 303
    )
    assert read_again(Post, post.id).from_blog_id == blog_id
    assert "offered to the main blog" not in client.get("/en/desk").text


@pytest.mark.parametrize("path", ["/desk/blogs", "/desk/blogs/posts", "/desk/blogs/pitches"])
def test_a_list_takes_a_fixed_number_of_queries(
    client: FlaskClient, count_queries: list[str], path: str
) -> None:
    blog = open_blog(rae(), editor := nadia())
    sign_in(client, read_again(Person, editor.id))
    used = []
    for number in range(3):
        pitch(write(queries.get_blog(blog.id), f"Text {number}"))
        if number == 1:
            continue
        client.get(path)
        count_queries.clear()
        client.get(path)
        used.append(len(count_queries))
    assert used[0] == used[1]
