"""The walk: everywhere a text that is only in somebody's blog stands, and everywhere it does not."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.queries import just_published, mentions_since
from cms.site.services.index import index_posts
from cms.topics.models import Tag
from tests.cms.blogs.blogging import feature, open_blog, write
from tests.conftest import NOW
from tests.factories import make_note, make_post, make_section, make_tag, nadia, rae, read_again

MARK = "Trams at night"
HELD = ["/en/@rae", "/en/@rae/feed.xml", "/en/@rae/atom.xml", "/en/@rae/feed.json", "/en/tags/trams",
        "/en/tags/trams/feed.xml", "/en/search?q=trams", "/sitemap-posts-0.xml"]  # fmt: skip
MAIN = [
    "/en/",
    "/en/feed.xml",
    "/en/atom.xml",
    "/en/feed.json",
    "/en/archive/2026/11",
    "/zh/",
    "/zh/feed.xml",
    "/feed.xml",
]


@pytest.fixture
def editor(app: object) -> Person:
    """Somebody who features."""
    return nadia()


@pytest.fixture
def blogged(editor: Person) -> Post:
    """A live text that is only in a blog, between two posts of the main site."""
    tag: Tag = make_tag("trams")
    section = make_section()
    make_post("Before it", section=section, published_at=NOW.replace(hour=8))
    with clock.stopped(NOW.replace(hour=9)):
        post = write(open_blog(rae(), editor), tags=("trams",))
    make_post("After it", section=section, tags=[tag], published_at=NOW.replace(hour=10))
    with transaction():
        index_posts([post.id])
    return read_again(Post, post.id)


def test_it_is_on_its_writers_page_its_tags_and_in_the_search(client: FlaskClient, blogged: Post) -> None:
    assert client.get(f"/en/posts/{blogged.slug}").status_code == 200
    missing = [url for url in HELD[:-1] if MARK not in client.get(url).text]
    assert missing == []
    assert f"/posts/{blogged.slug}" in client.get("/sitemap.xml").text + _sitemaps(client)


def test_it_is_on_no_main_list(client: FlaskClient, blogged: Post) -> None:
    assert [url for url in MAIN if MARK in client.get(url).text] == []
    assert [url for url in MAIN[:5] if "After it" not in client.get(url).text] == []


def test_its_notes_are_not_among_the_notes_of_the_site(client: FlaskClient, editor: Person) -> None:
    write(open_blog(rae(), editor), "", body="Late again.", kind="note")
    make_note("Ours.")
    page, feed = client.get("/en/notes").text, client.get("/en/notes/feed.xml").text
    assert ("Late again" in page, "Ours." in page) == (False, True)
    assert ("Late again" in feed, "Ours." in feed) == (False, True)
    assert "Late again" in client.get("/en/@rae").text


def test_it_weighs_nothing_among_hot_words_and_is_not_just_published(blogged: Post) -> None:
    assert blogged.id not in {one.id for one in just_published()}
    stories = {one.story_id for one in mentions_since(NOW.replace(day=1))}
    assert blogged.story_id not in stories
    assert len(stories) == 1


def test_its_page_has_no_neighbours_and_it_is_nobodys(client: FlaskClient, blogged: Post) -> None:
    own, after = client.get(f"/en/posts/{blogged.slug}").text, client.get("/en/posts/after-it").text
    assert ('rel="prev"' in own, "Before it" in own) == (False, False)
    assert "Before it" in after


def test_months_count_what_they_list(client: FlaskClient, blogged: Post) -> None:
    from cms.site.queries.directory import months

    assert [(one.month, one.posts) for one in months("UTC")] == [(11, 2)]


def test_featured_it_is_on_all_of_them_at_once_and_taken_back_on_none(
    client: FlaskClient, blogged: Post, editor: Person
) -> None:
    for url in MAIN:
        client.get(url)  # what is kept of them must go
    feature(blogged, editor)
    assert [url for url in MAIN[:5] if MARK not in client.get(url).text] == []
    home = client.get("/en/").text
    assert home.index("Staff and members’ blogs") < home.index(MARK)
    assert home.count(f'/posts/{blogged.slug}"') >= 1
    from cms.blogs import services

    with transaction():
        services.unfeature_post(blogged.id, by=editor, at=clock.now())
    assert [url for url in MAIN if MARK in client.get(url).text] == []


def test_taken_down_it_is_nowhere(client: FlaskClient, blogged: Post) -> None:
    from cms.blogs import services

    by = read_again(Person, blogged.created_by_id or 0)
    with transaction():
        services.take_down_text(blogged.id, by=by, at=clock.now())
    assert client.get(f"/en/posts/{blogged.slug}").status_code == 404
    assert [url for url in (*HELD[:-1], *MAIN) if MARK in client.get(url).text] == []


@pytest.mark.once  # on SQLite, which plans without statistics; PostgreSQL measures
@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("", "ix_posts_main"),
        ("kind = 'note' AND", "ix_posts_main_kind"),
        ("language = 'en' AND", "ix_posts_main_language"),
        ("section_id = 1 AND", "ix_posts_live_section"),
    ],
)
def test_a_main_list_is_one_walk_along_its_index(app: object, where: str, index: str) -> None:
    condition = "live_revision_id IS NOT NULL AND (blog_id IS NULL OR featured_at IS NOT NULL)"
    query = f"SELECT id FROM posts WHERE {where} {condition} ORDER BY published_at DESC, id DESC LIMIT 21"
    lines = [row.detail for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert len(lines) == 1, lines
    assert f"INDEX {index} " in lines[0] + " ", lines


def _sitemaps(client: FlaskClient) -> str:
    import re

    found = re.findall(r"<loc>http://localhost([^<]+)</loc>", client.get("/sitemap.xml").text)
    return "".join(client.get(one).text for one in found)
