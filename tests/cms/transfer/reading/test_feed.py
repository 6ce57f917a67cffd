"""Reading RSS, Atom and JSON Feed files."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cms.transfer.reading.feed import read_feed
from cms.transfer.reading.vocabulary import (
    ReadingOptions,
    SourceItem,
    SourcePost,
    SourceSite,
    UnreadableSource,
)

OPTIONS = ReadingOptions(zone=ZoneInfo("UTC"))
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title><link>https://old.example/</link>
<language>zh-CN</language>{items}</channel></rss>"""
ITEM = """<item><title>Tom &amp;amp; Ivy</title><link>https://old.example/2020/one/</link>
<guid isPermaLink="false">g-1</guid>
<pubDate>Fri, 01 May 2020 10:00:00 +0200</pubDate><dc:creator>Ana</dc:creator><category>5G</category>
<description>Short.</description><content:encoded>&lt;p&gt;Long.&lt;/p&gt;</content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><link href="https://old.example/"/>
<entry><id>urn:1</id><title>One</title><link href="https://old.example/one"/><updated>2020-05-02T00:00:00Z</updated>
<published>2020-05-01T00:00:00Z</published><author><name>Ana</name></author><author><name>Bo</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Words.</p></div></content></entry></feed>"""


def read(folder: Path, content: str | bytes) -> list[SourceItem]:
    path = folder / "feed.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return list(read_feed(path, OPTIONS))


def posts_of(items: list[SourceItem]) -> list[SourcePost]:
    return [one for one in items if isinstance(one, SourcePost)]


def test_rss_keeps_dates_guid_author_tag_and_address(tmp_path: Path) -> None:
    items = read(tmp_path, RSS.format(items=ITEM))
    assert isinstance(items[0], SourceSite)
    assert items[0].id == "old.example"
    (post,) = posts_of(items)
    assert (post.id, post.guid, post.title, post.slug) == ("g-1", "g-1", "Tom & Ivy", "one")
    assert (post.body, post.summary, post.language) == ("<p>Long.</p>", "Short.", "zh")
    assert (post.authors, post.tags, post.addresses) == (("Ana",), ("tag:5G",), ("/2020/one",))
    assert post.published_at == datetime(2020, 5, 1, 8, 0, tzinfo=UTC)


def test_atom_keeps_several_authors_and_both_dates(tmp_path: Path) -> None:
    (post,) = posts_of(read(tmp_path, ATOM))
    assert (post.authors, post.body) == (("Ana", "Bo"), "<p>Words.</p>")
    assert post.published_at == datetime(2020, 5, 1, tzinfo=UTC)
    assert post.updated_at == datetime(2020, 5, 2, tzinfo=UTC)


def test_json_feed_is_read_too(tmp_path: Path) -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Old",
        "home_page_url": "https://old.example",
        "items": [
            {
                "id": 7,
                "url": "https://old.example/a",
                "content_text": "One & two\n\nThree",
                "date_published": "2020-05-01T00:00:00Z",
            },
            {
                "id": "b",
                "content_html": "<p>Talk</p>",
                "authors": [{"name": "Ana"}],
                "tags": ["x"],
                "attachments": [{"url": "https://old.example/t.mp3", "mime_type": "audio/mpeg"}],
            },
        ],
    }
    first, second = posts_of(read(tmp_path, json.dumps(document)))
    assert (first.id, first.body) == ("7", "<p>One &amp; two</p><p>Three</p>")
    assert (second.kind, second.media, second.is_published) == (
        "audio",
        (("https://old.example/t.mp3", "", ""),),
        False,
    )


def test_half_characters_and_javascript_links_do_no_harm(tmp_path: Path) -> None:
    item = ITEM.replace("Long.", "Long &amp;#xD800; &#xD800;&#0;!").replace(
        "https://old.example/2020/one/", "javascript:alert(1)"
    )
    (post,) = posts_of(read(tmp_path, RSS.format(items=item)))
    assert "javascript" not in repr(post)
    assert post.addresses == ()
    assert [loss.sentence for loss in post.losses] == ["links that are not web addresses were left out"]
    post.body.encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(tmp_path: Path, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">]><rss><channel><item><title>&a;</title></item></channel></rss>'  # noqa: E501
    with pytest.raises(UnreadableSource, match="declares a document type or entities"):
        read(tmp_path, bomb.encode(encoding))


@pytest.mark.parametrize(
    "content", [b"", b"words", b"\x00\x01", b"{}", b"{", b"<html><p>x</p></html>", b"{" * 100_000]
)
def test_another_kind_of_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="Nothing was imported"):
        read(tmp_path, content)


def test_entries_without_id_or_link_keep_one_name_by_what_they_say(tmp_path: Path) -> None:
    item = "<item><title>One</title><description>Words</description></item>"
    first, second = (posts_of(read(tmp_path, RSS.format(items=item)))[0] for _ in range(2))
    assert first.id == second.id
    assert first.id.startswith("hash:")
    assert not first.is_published
