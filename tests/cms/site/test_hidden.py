"""What readers may not see is nowhere: no page, list, feed, sitemap, search, count, neighbour or redirect tells of it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cms.core.database import transaction
from cms.posts import services as posts
from cms.posts.models import Post
from tests import factories as make
from tests.conftest import NOW

HIDDEN_KINDS = ("draft", "taken down", "trashed", "due", "newer text")
SECRET = "Xyzzy"
FEEDS = ("feed.xml", "atom.xml", "feed.json")
LISTS = ("", "/sections/hot-focus", "/tags/5g", "/@nadia", "/notes", "/podcast")
ADDRESSES = [
    "/",
    "/sections",
    "/tags",
    "/archive",
    "/archive/2026/11",
    "/search?q=xyzzy",
    "/search?q=plan",
    "/posts/open-plan",
    "/opml.xml",
    "/llms.txt",
    "/sitemap.xml",
    "/sitemaps/lists.xml",
    "/robots.txt",
    *(path for path in LISTS if path),
    *(f"{path}/{file}" for path in LISTS for file in FEEDS),
]


def hide(how: str, **fields: object) -> Post:
    """A post that readers may not see, and that says so in every place a reader could look."""
    name = f"{SECRET} {how} plan"
    common = {
        "summary": f"{SECRET} plan",
        "body": f"{SECRET} plan",
        "slug": "unsaid",
        **fields,
    }
    if how == "draft":
        return make.make_post(name, publish=False, **common)  # type: ignore[arg-type]
    if how == "due":
        return make.make_post(name, due_at=NOW + timedelta(hours=1), **common)  # type: ignore[arg-type]
    if how == "trashed":
        return make.make_post(name, trashed=True, **common)  # type: ignore[arg-type]
    post = make.make_post(name, **common)  # type: ignore[arg-type]
    with transaction():
        posts.take_down_post(post.id, by=None, at=NOW)
    return post


@pytest.fixture(params=[one for one in HIDDEN_KINDS if one != "newer text"])
def how(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def text_of(answer: TestResponse) -> str:
    return answer.text.replace("找到 0 篇", "0 posts found").replace("0 篇", "0 posts found")


def everything(how: str) -> tuple[Post, Post]:
    """An open post, and a hidden one that shares its author, section, tags, file and story."""
    nadia, section, tag, only = (
        make.nadia(),
        make.make_section(),
        make.make_tag(),
        make.make_tag("xyzzy-only"),
    )
    sound = make.make_media("audio", filename="xyzzy.mp3")
    shared = {"bylines": [nadia], "section": section}
    shown = make.make_post("Open plan", slug="open-plan", body="The plan.", tags=[tag], **shared)  # type: ignore[arg-type]
    hidden = hide(
        how,
        tags=[tag, only],
        kind="audio",
        media=[posts.Attachment(sound.id)],
        transcript=f"{SECRET} plan",
        translation_of=shown,
        language="zh",
        **shared,
    )
    return shown, hidden


def test_a_hidden_post_is_at_no_address(app: Flask, client: FlaskClient, how: str) -> None:
    shown, hidden = everything(how)
    told = []
    for prefix in ("", "/en", "/zh"):
        for path in [*ADDRESSES, f"/sitemaps/posts-{shown.id // 5000}.xml"]:
            answer = client.get(prefix + path)
            assert answer.status_code == 200, prefix + path
            is_the_question = "q=xyzzy" in path  # which the page repeats
            leaks = "0 posts found" not in text_of(answer) if is_the_question else SECRET in answer.text
            if leaks or "unsaid" in answer.text:
                told.append(prefix + path)
    assert told == []
    for path in (f"/posts/{hidden.slug}", f"/posts/{hidden.slug}/transcript.txt", f"/notes/{hidden.id}"):
        answer = client.get(path)
        assert (answer.status_code, SECRET.lower() in answer.text.lower()) == (404, False)


def test_a_hidden_post_counts_nowhere(client: FlaskClient, how: str) -> None:
    shown, _hidden = everything(how)
    assert "1 post found" in client.get("/en/search?q=plan").text
    assert "1 post<" in client.get("/en/archive").text
    assert "(1 post)" in client.get("/en/tags").text
    assert (
        client.get("/sitemaps/lists.xml").text.count("/tags/") == 4
    )  # one tag: itself, and in three languages
    assert shown.guid in client.get("/feed.xml").text


def test_a_hidden_post_is_nobodys_neighbour(client: FlaskClient, how: str) -> None:
    tag = make.make_tag()
    make.make_post("Open plan", slug="open-plan", tags=[tag], published_at=NOW - timedelta(hours=2))
    hide(how, tags=[tag])
    text = client.get("/posts/open-plan").text
    assert SECRET.lower() not in text.lower()
    assert 'rel="next"' not in text


def test_a_hidden_post_was_there_to_be_hidden(client: FlaskClient) -> None:
    """The same post, published, is in all these places: so the tests above look where there is something to find."""
    nadia, section, tag = make.nadia(), make.make_section(), make.make_tag()
    make.make_post("Open plan", slug="open-plan", tags=[tag])
    sound = make.make_media("audio")
    make.make_post(
        f"{SECRET} plan",
        kind="audio",
        media=[posts.Attachment(sound.id)],
        tags=[tag],
        bylines=[nadia],
        section=section,
    )
    silent = {"/notes", "/notes/feed.xml", "/notes/atom.xml", "/notes/feed.json", "/robots.txt", "/opml.xml"}
    silent |= {"/sections", "/tags", "/archive", "/sitemap.xml", "/sitemaps/lists.xml"}
    for path in ADDRESSES:
        if path not in silent:
            assert SECRET.lower() in client.get(path).text.lower(), path


def test_readers_see_the_live_text_while_a_newer_one_is_written(client: FlaskClient) -> None:
    post = make.make_post("Open plan", slug="open-plan", tags=[make.make_tag()])
    make.revise(post, publish=False, title=f"{SECRET} plan", summary=SECRET, body=SECRET)
    for path in (
        "/",
        "/posts/open-plan",
        "/tags/5g",
        "/feed.xml",
        "/atom.xml",
        "/feed.json",
        "/search?q=plan",
    ):
        text = client.get(path).text
        assert "Open plan" in text
        assert SECRET not in text


def test_a_private_name_is_not_told_by_the_error_page(client: FlaskClient) -> None:
    make.make_person("Gone Away", "author", handle="gone", disabled_at=NOW)
    answer = client.get("/@gone")
    assert (answer.status_code, "Gone" in answer.text) == (404, False)
