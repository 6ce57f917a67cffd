"""Reading Ghost exports of every age."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cms.transfer.reading.ghost import read_ghost
from cms.transfer.reading.ghost_texts import html_of_lexical, html_of_mobiledoc
from cms.transfer.reading.vocabulary import (
    Loss,
    ReadingOptions,
    SourceItem,
    SourcePerson,
    SourcePost,
    SourceRedirect,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)
from tests.cms.transfer.real_files import real_file

OPTIONS = ReadingOptions(zone=ZoneInfo("UTC"), url="https://old.example")


def read(path: Path, options: ReadingOptions = OPTIONS) -> list[SourceItem]:
    return list(read_ghost(path, options))


def write_ghost(folder: Path, *posts: dict[str, Any], **tables: list[dict[str, Any]]) -> Path:
    path = folder / "ghost.json"
    path.write_text(
        json.dumps({"db": [{"meta": {"version": "5.0.0"}, "data": {"posts": list(posts), **tables}}]})
    )
    return path


def a_post(**fields: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "title": "One",
        "slug": "one",
        "html": "<p>Words.</p>",
        "status": "published",
        "published_at": "2021-03-24T04:34:09.000Z",
        **fields,
    }


def only_post(path: Path) -> SourcePost:
    (post,) = [one for one in read(path) if isinstance(one, SourcePost)]
    return post


def test_the_real_export_is_read_whole() -> None:
    items = read(real_file("ghost"), ReadingOptions(zone=ZoneInfo("UTC")))
    site = items[0]
    assert isinstance(site, SourceSite)
    assert (site.id, site.title) == ("c2d1fd9f-ab0d-4be9-9b52-1d251291a372", "Testing Export Fixtures")
    posts = [one for one in items if isinstance(one, SourcePost)]
    assert len(posts) == 11
    assert [post.title for post in posts if not post.is_published] == [
        "Selling premium memberships with recurring revenue"
    ]
    assert posts[0].published_at == datetime(2021, 3, 24, 4, 34, 9, tzinfo=UTC)
    assert (posts[0].guid, posts[0].addresses) == ("605ac141a2d5a6aa9e101ebd", ("/integrations",))
    assert [one for one in items if isinstance(one, SourceSkip)] == [
        SourceSkip("person", "fixture", "they wrote nothing")
    ]
    assert [one for one in items if isinstance(one, SourcePerson | SourceTag)] == [
        SourcePerson("ghost", "Ghost", "You can delete this user to remove all the welcome posts"),
        SourceTag("tag:getting-started", "getting-started", "Getting Started"),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "drafts stayed drafts"),
        ({"status": "scheduled"}, "scheduled posts became drafts: schedule them again here"),
        ({"status": "sent"}, "posts that were only sent by mail became drafts"),
        ({"visibility": "members"}, "posts for members became drafts"),
        ({"visibility": "paid"}, "posts for paying members became drafts"),
        ({"visibility": "anything"}, "posts for some readers only became drafts"),
        ({"published_at": None}, "published posts without a usable date became drafts"),
    ],
)
def test_what_not_everybody_could_read_stays_unpublished(
    tmp_path: Path, fields: dict[str, Any], sentence: str
) -> None:
    post = only_post(write_ghost(tmp_path, a_post(**fields)))
    assert (post.is_published, [loss.sentence for loss in post.losses]) == (False, [sentence])


def test_joins_keep_their_order_and_internal_tags_stay_out(tmp_path: Path) -> None:
    path = write_ghost(
        tmp_path,
        a_post(),
        users=[{"id": "u1", "slug": "ana", "name": "Ana"}, {"id": "u2", "slug": "bo", "name": "Bo"}],
        tags=[
            {"id": "t1", "slug": "a", "name": "A"},
            {"id": "t2", "slug": "b", "name": "B"},
            {"id": "t3", "slug": "hash-x", "name": "#x"},
        ],
        posts_authors=[
            {"post_id": "p1", "author_id": "u1", "sort_order": 1},
            {"post_id": "p1", "author_id": "u2", "sort_order": 0},
        ],
        posts_tags=[
            {"post_id": "p1", "tag_id": "t3", "sort_order": 0},
            {"post_id": "p1", "tag_id": "t2", "sort_order": 1},
            {"post_id": "p1", "tag_id": "t1", "sort_order": 2},
        ],
    )
    post = only_post(path)
    assert (post.authors, post.tags) == (("bo", "ana"), ("tag:b", "tag:a"))
    assert SourceRedirect("/tag/b", "tag", "tag:b") in read(path)


def test_members_and_settings_are_counted_not_imported(tmp_path: Path) -> None:
    path = write_ghost(tmp_path, a_post(), members=[{"id": "m1", "email": "a@b.c"}] * 3)
    site = read(path)[0]
    assert isinstance(site, SourceSite)
    assert site.losses == (
        Loss("members were not imported: import them where you send letters from", times=3),
    )
    assert "a@b.c" not in repr(read(path))


def test_the_old_address_is_put_for_its_word(tmp_path: Path) -> None:
    body = '<p><a href="__GHOST_URL__/one/">x</a><img src="__GHOST_URL__/content/images/a.png"></p>'
    post = only_post(
        write_ghost(tmp_path, a_post(html=body, feature_image="__GHOST_URL__/content/images/b.png"))
    )
    assert (
        post.body == '<p><a href="/one">x</a><img src="https://old.example/content/images/a.png" alt=""></p>'
    )
    assert post.cover == "https://old.example/content/images/b.png"


def test_version_zero_counted_milliseconds_and_numbered_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    row = a_post(id=5, published_at=1400000000000, page=1, author_id=1, image="/content/images/a.png")
    data = {"posts": [row], "users": [{"id": 1, "slug": "ana", "name": "Ana"}]}
    path.write_text(json.dumps({"meta": {"version": "003"}, "data": data}))
    post = only_post(path)
    assert (post.id, post.authors, post.cover) == ("5", ("ana",), "/content/images/a.png")
    assert post.published_at == datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)


def test_mobiledoc_without_html_is_rendered() -> None:
    document = {
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [
            ["image", {"src": "/a.png", "alt": "A", "caption": "C"}],
            ["hr", {}],
            ["html", {"html": "<b>h</b>"}],
            ["email-cta", {"html": "x", "title": "Offer"}],
        ],
        "markups": [["strong"], ["a", ["href", "https://x.example/?a=1&b=2"]]],
        "sections": [
            [1, "h2", [[0, [], 0, "Ti & tle"]]],
            [1, "p", [[0, [0], 1, "bold"], [1, [], 0, 0], [0, [1], 1, "link"]]],
            [3, "ul", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
            [10, 0],
            [10, 1],
            [10, 2],
            [10, 3],
        ],
    }
    html, losses = html_of_mobiledoc(json.dumps(document))
    assert html == (
        "<h2>Ti &amp; tle</h2><p><strong>bold</strong><br>"
        '<a href="https://x.example/?a=1&amp;b=2">link</a></p><ul><li>one</li><li>two</li></ul>'
        '<figure><img src="/a.png" alt="A"><figcaption>C</figcaption></figure><hr><b>h</b><p>Offer</p>'
    )
    assert losses == [Loss("card email-cta has no equivalent here: its words were kept")]


def test_lexical_without_html_is_rendered() -> None:
    children = [
        {"type": "extended-heading", "tag": "h2", "children": [{"type": "extended-text", "text": "Title"}]},
        {
            "type": "paragraph",
            "children": [
                {"type": "text", "text": "a<b", "format": 3},
                {"type": "linebreak"},
                {"type": "link", "url": "https://x.example", "children": [{"type": "text", "text": "link"}]},
            ],
        },
        {
            "type": "list",
            "listType": "number",
            "children": [{"type": "listitem", "children": [{"type": "text", "text": "one"}]}],
        },
        {"type": "image", "src": "/a.png", "alt": "A"},
        {"type": "codeblock", "code": "x < 1"},
        {"type": "signup", "header": "Join"},
    ]
    html, losses = html_of_lexical(json.dumps({"root": {"type": "root", "children": children}}))
    assert html == (
        '<h2>Title</h2><p><em><strong>a&lt;b</strong></em><br><a href="https://x.example">link</a></p>'
        '<ol><li>one</li></ol><figure><img src="/a.png" alt="A"></figure><pre><code>x &lt; 1</code></pre><p>Join</p>'
    )
    assert losses == [Loss("card signup has no equivalent here: its words were kept")]


@pytest.mark.parametrize("text", ["", "[]", '{"root": 5}', '{"sections": [[10, 99]]}', "[" * 100_000])
def test_unreadable_sources_become_empty_and_are_counted(text: str) -> None:
    for read_text in (html_of_lexical, html_of_mobiledoc):
        html, losses = read_text(text)
        assert html == ""
        assert len(losses) <= 1


@pytest.mark.parametrize(
    "content", ["", "no json", "[1]", '{"db": []}', '{"data": {"posts": 5}}', "[" * 100_000, '{"a": NaN}']
)
def test_another_kind_of_file_is_refused_with_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "what.json"
    path.write_text(content)
    with pytest.raises(UnreadableSource, match="Nothing was imported"):
        read(path)


def test_half_characters_and_odd_types_do_no_harm(tmp_path: Path) -> None:
    odd = a_post(
        title="One \ud800\x00", slug=None, tags={"a": 1}, custom_excerpt=["x"], html="<p>\udfff!</p>"
    )
    post = only_post(write_ghost(tmp_path, odd, posts_tags=[{"post_id": None}], settings=[{"key": 5}]))
    assert (post.title, post.body, post.addresses) == ("One", "<p>!</p>", ())
