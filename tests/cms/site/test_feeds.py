"""Feeds: one test for each way in which the feeds of others go wrong."""

import io
import json
import re
import time
import uuid
from datetime import timedelta
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree
from PIL import Image

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pagecache import touch
from cms.posts import services as posts
from cms.site.models import SiteSettings
from cms.topics import services as topics
from tests import factories as make
from tests.conftest import NOW

FORMATS = ("feed.xml", "atom.xml", "feed.json")
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def settings(**changes: object) -> None:
    """Set the site up."""
    row = {"id": 1, "name": {"en": "Parley"}, "tagline": {"en": "We talk."}, "updated_at": clock.now()}
    with transaction():
        db.session.merge(SiteSettings(**{**row, **changes}))
        touch("site")


def tree(client: FlaskClient, path: str = "/feed.xml") -> etree._Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return etree.fromstring(answer.data)


def guids(client: FlaskClient, path: str = "/feed.xml") -> list[str]:
    return tree(client, path).xpath("//item/guid/text()")


@pytest.mark.parametrize("file", FORMATS)
def test_a_feed_says_what_a_reader_needs(client: FlaskClient, file: str) -> None:
    post = make.make_post(
        "Towers sleep",
        bylines=[make.nadia(), make.tom()],
        section=make.make_section(),
        tags=[make.make_tag()],
        summary="In short.",
    )
    feed = feedparser.parse(client.get(f"/{file}").data)
    if file != "feed.json":
        assert (feed.bozo, feed.version) == (False, "rss20" if file == "feed.xml" else "atom10")
        entry = feed.entries[0]
        assert entry.id == post.guid
        assert entry.title == "Towers sleep"
        assert entry.link == "http://localhost/posts/towers-sleep"
        assert entry.summary == "In short."
        assert entry.content[0].value == "<p>The network is <strong>quiet</strong> in spring.</p>"
        assert [tag.term for tag in entry.tags] == ["Hot focus", "5G"]
        assert feed.feed.link == "http://localhost/"
        return
    item = json.loads(client.get("/feed.json").data)["items"][0]
    assert item == {
        "id": post.guid,
        "url": "http://localhost/posts/towers-sleep",
        "title": "Towers sleep",
        "content_html": "<p>The network is <strong>quiet</strong> in spring.</p>",
        "summary": "In short.",
        "date_published": "2026-11-21T12:00:00Z",
        "date_modified": "2026-11-21T12:00:00Z",
        "authors": [
            {"name": "Nadia Rahimi", "url": "http://localhost/@nadia"},
            {"name": "Tom Okafor", "url": "http://localhost/@tom"},
        ],
        "tags": ["Hot focus", "5G"],
        "language": "en",
    }


def test_every_author_is_named_in_order(client: FlaskClient) -> None:
    make.make_post(bylines=[make.tom(), make.nadia()])
    assert tree(client).xpath("//item/dc:creator/text()", namespaces=NAMES) == ["Tom Okafor", "Nadia Rahimi"]
    atom = tree(client, "/atom.xml")
    assert atom.xpath("//atom:entry/atom:author/atom:name/text()", namespaces=NAMES) == [
        "Tom Okafor",
        "Nadia Rahimi",
    ]


def test_the_guid_is_the_stored_one_and_survives_a_new_address(client: FlaskClient) -> None:
    post = make.make_post(guid="https://old.example/?p=12")
    guid = tree(client).find("channel/item/guid")
    assert (guid.text, guid.get("isPermaLink")) == ("https://old.example/?p=12", "false")
    with transaction():
        posts.set_details(post.id, slug="another-name", by=None, at=clock.now())
    assert guids(client) == ["https://old.example/?p=12"]
    assert tree(client).findtext("channel/item/link") == "http://localhost/posts/another-name"


def test_an_identifier_that_is_no_iri_becomes_one_in_atom_only(client: FlaskClient) -> None:
    make.make_post(guid="12345 of the old system")
    identifier = tree(client, "/atom.xml").findtext("atom:entry/atom:id", namespaces=NAMES)
    assert identifier == uuid.uuid5(uuid.NAMESPACE_URL, "12345 of the old system").urn
    assert guids(client) == ["12345 of the old system"]


@pytest.mark.parametrize("file", FORMATS)
def test_the_same_rows_give_the_same_bytes(client: FlaskClient, file: str) -> None:
    make.make_post(bylines=[make.nadia()], tags=[make.make_tag()])
    first = client.get(f"/{file}").data
    client.application.extensions["parley_pages"].forget_everything()
    with clock.stopped(NOW + timedelta(days=3)):
        assert client.get(f"/{file}").data == first


def test_the_build_date_is_the_newest_change_and_absent_from_an_empty_feed(client: FlaskClient) -> None:
    assert tree(client).find("channel/lastBuildDate") is None
    post = make.make_post()
    later = NOW + timedelta(hours=2)
    with clock.stopped(later):
        make.revise(post)
        built = tree(client).findtext("channel/lastBuildDate")
    assert parsedate_to_datetime(built) == later


def test_dates_are_in_english_whatever_the_language(client: FlaskClient) -> None:
    make.make_post("你好", language="zh")
    assert tree(client, "/zh/feed.xml").findtext("channel/item/pubDate") == "Sat, 21 Nov 2026 12:00:00 +0000"
    answer = client.get("/zh/feed.xml", headers={"Accept-Language": "zh"})
    assert answer.headers["Last-Modified"] == "Sat, 21 Nov 2026 12:00:00 GMT"


def test_atom_updated_moves_only_when_readers_see_a_change(client: FlaskClient) -> None:
    post = make.make_post()
    with clock.stopped(NOW + timedelta(hours=1)):
        make.revise(post, publish=False)
        entry = tree(client, "/atom.xml").find("atom:entry", NAMES)
    assert entry.findtext("atom:updated", namespaces=NAMES) == "2026-11-21T12:00:00+00:00"
    with clock.stopped(NOW + timedelta(hours=2)):
        make.revise(post)
        entry = tree(client, "/atom.xml").find("atom:entry", NAMES)
    assert entry.findtext("atom:updated", namespaces=NAMES) == "2026-11-21T14:00:00+00:00"
    assert entry.findtext("atom:published", namespaces=NAMES) == "2026-11-21T12:00:00+00:00"


# Conditional requests -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/feed.xml", "/atom.xml", "/feed.json", "/tags/5g/feed.xml", "/zh/feed.xml"]
)
def test_each_validator_alone_is_honoured_and_repeated(client: FlaskClient, path: str) -> None:
    make.make_post(tags=[make.make_tag()])
    make.make_post("你好", language="zh")
    whole = client.get(path)
    tag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    assert not tag.startswith("W/")
    for condition in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.data) == (304, b"")
        assert (again.headers["ETag"], again.headers["Last-Modified"]) == (tag, modified)


def test_the_tag_wins_over_the_date(client: FlaskClient) -> None:
    make.make_post()
    modified = client.get("/feed.xml").headers["Last-Modified"]
    answer = client.get("/feed.xml", headers={"If-None-Match": '"other"', "If-Modified-Since": modified})
    assert answer.status_code == 200


def test_head_answers_like_get_without_a_body(client: FlaskClient) -> None:
    make.make_post()
    whole, head = client.get("/feed.xml"), client.head("/feed.xml")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("change", ["edit", "take down", "trash", "rename author", "rename section"])
def test_both_validators_cover_every_change(client: FlaskClient, change: str) -> None:
    nadia, section = make.nadia(), make.make_section()
    make.make_post("Stays", section=section, bylines=[nadia])
    post = make.make_post("Changes", section=section, bylines=[nadia])
    before = client.get("/sections/hot-focus/feed.xml")
    later = NOW + timedelta(minutes=1)
    with clock.stopped(later):
        if change == "edit":
            make.revise(post)
        else:
            with transaction():
                if change == "take down":
                    posts.take_down_post(post.id, by=None, at=later)
                elif change == "trash":
                    posts.trash_post(post.id, by=None, at=later)
                elif change == "rename author":
                    nadia = db.session.merge(nadia)
                    nadia.name = "Nadia R."
                    touch(f"person:{nadia.id}")
                else:
                    topics.change_section(section.id, name={"en": "Very hot"})
        for condition in (
            {"If-None-Match": before.headers["ETag"]},
            {"If-Modified-Since": before.headers["Last-Modified"]},
        ):
            assert client.get("/sections/hot-focus/feed.xml", headers=condition).status_code == 200


def test_a_change_within_the_same_second_is_seen(client: FlaskClient) -> None:
    half = NOW + timedelta(milliseconds=500)
    post = make.make_post()
    with clock.stopped(half):
        make.revise(post)
        assert client.get("/feed.xml").headers["Last-Modified"] == "Sat, 21 Nov 2026 12:00:00 GMT"
    client.application.extensions["parley_pages"].forget_everything()
    with clock.stopped(NOW + timedelta(seconds=2)):
        seen_before = {"If-Modified-Since": "Sat, 21 Nov 2026 12:00:00 GMT"}
        assert client.get("/feed.xml", headers=seen_before).status_code == 200
        assert client.get("/feed.xml").headers["Last-Modified"] == "Sat, 21 Nov 2026 12:00:01 GMT"


# What is inside -------------------------------------------------------------------------------------------------


def test_addresses_inside_are_absolute(client: FlaskClient) -> None:
    make.make_post(
        body='[a](/about "x > y") [b](other) [c](#part) [d](https://e.example/f) ![g](/media/h.webp) [m](mailto:a@b.c)'
    )
    html = tree(client).findtext("channel/item/content:encoded", namespaces=NAMES)
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == [
        "http://localhost/about",
        "http://localhost/posts/other",
        "http://localhost/posts/spring-notes#part",
        "https://e.example/f",
        "http://localhost/media/h.webp",
        "mailto:a@b.c",
    ]


@pytest.mark.parametrize("file", FORMATS)
def test_what_xml_forbids_and_what_ends_a_section_is_harmless(client: FlaskClient, file: str) -> None:
    tag = make.make_tag()
    with transaction():
        db.session.merge(tag).name = {"en": "a\x0bb"}
    make.make_post("A ]]> B \x08 & <b>", body="Code `]]>` and \x0c more", summary="C\x00D", tags=[tag])
    answer = client.get(f"/{file}")
    if file == "feed.json":
        assert json.loads(answer.data)["items"][0]["title"] == "A ]]> B & <b>"
        return
    parsed = feedparser.parse(answer.data)
    assert not parsed.bozo
    assert "]]&gt;" in parsed.entries[0].content[0].value
    assert [one.term for one in parsed.entries[0].tags] == ["ab"]


def test_the_address_comes_from_the_settings_not_from_the_request(client: FlaskClient) -> None:
    make.make_post()
    answer = client.get("/feed.xml", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert b"evil" not in answer.data


def test_summaries_only_when_the_company_wants_that(client: FlaskClient) -> None:
    settings(feed_content="summary")
    make.make_post(summary="In short.")
    item = tree(client).find("channel/item")
    assert item.findtext("description") == "In short."
    assert item.find("content:encoded", NAMES) is None
    assert json.loads(client.get("/feed.json").data)["items"][0]["content_text"] == "In short."


def test_a_feed_holds_the_newest_thirty_or_as_many_as_set(client: FlaskClient) -> None:
    for number in range(4):
        make.make_post(f"Post {number}", published_at=NOW - timedelta(hours=number))
    assert len(guids(client)) == 4
    settings(feed_items=2)
    assert tree(client).xpath("//item/title/text()") == ["Post 0", "Post 1"]


def test_a_held_back_post_appears_by_itself(client: FlaskClient) -> None:
    settings(hold_back_minutes=10)
    cache = client.application.extensions["parley_pages"]
    post = make.make_post()
    assert guids(client) == []
    page = next(page for key, page in cache.pages.items() if key[0] == "/feed.xml")
    with clock.stopped(NOW + timedelta(minutes=10)):
        assert 0 < page.expires - time.monotonic() <= 600
        page.expires = 0
        answer = client.get("/feed.xml", headers={"If-Modified-Since": "Sat, 21 Nov 2026 12:00:00 GMT"})
        assert post.guid in answer.text
        assert answer.headers["Last-Modified"] == "Sat, 21 Nov 2026 12:10:00 GMT"


# Languages ------------------------------------------------------------------------------------------------------


def test_each_feed_holds_the_language_it_says(client: FlaskClient) -> None:
    english = make.make_post("Hello")
    chinese = make.make_post("你好", language="zh", translation_of=english)
    only = make.make_post("只有中文", language="zh", published_at=NOW - timedelta(hours=1))
    assert guids(client, "/feed.xml") == [english.guid, only.guid]
    assert guids(client, "/zh/feed.xml") == [chinese.guid, only.guid]
    assert guids(client, "/en/feed.xml") == [english.guid]


def test_a_feed_does_not_depend_on_what_the_reader_accepts(client: FlaskClient) -> None:
    make.make_post("Hello", bylines=[(make.nadia(), "translator")], section=make.make_section())
    answers = [client.get("/feed.xml", headers={"Accept-Language": one}) for one in ("en", "zh", "fr")]
    assert len({answer.data for answer in answers}) == 1
    assert {answer.headers["Vary"] for answer in answers} == {"Accept-Encoding"}


def test_links_and_identifiers_are_the_same_in_every_feed(client: FlaskClient) -> None:
    make.make_post("你好", language="zh")
    for path in ("/feed.xml", "/zh/feed.xml"):
        assert tree(client, path).findtext("channel/item/link") == "http://localhost/posts/%E4%BD%A0%E5%A5%BD"
    self_link = tree(client, "/zh/feed.xml").find("channel/atom:link", NAMES)
    assert (self_link.get("rel"), self_link.get("href")) == ("self", "http://localhost/zh/feed.xml")


# Podcasts -------------------------------------------------------------------------------------------------------


def make_episode() -> object:
    sound = make.make_media("audio", byte_size=4_242_424, duration_seconds=1471.4)
    return make.make_post(
        "Voices", kind="audio", media=[posts.Attachment(sound.id)], transcript="Hello, and **welcome**."
    )


def test_a_list_with_audio_is_a_podcast_by_psp_1(client: FlaskClient) -> None:
    settings(podcast={"email": "radio@example.com", "category": "Business > Careers", "explicit": False})
    make_episode()
    channel = tree(client, "/podcast/feed.xml").find("channel")
    assert channel.find("itunes:image", NAMES).get("href") == "http://localhost/podcast/artwork.jpg"
    assert channel.findtext("itunes:explicit", namespaces=NAMES) == "false"
    assert channel.find("itunes:category", NAMES).get("text") == "Business"
    assert channel.find("itunes:category/itunes:category", NAMES).get("text") == "Careers"
    assert channel.findtext("itunes:owner/itunes:email", namespaces=NAMES) == "radio@example.com"
    assert channel.findtext("language") == "en"
    item = channel.find("item")
    enclosure = item.find("enclosure")
    assert (enclosure.get("length"), enclosure.get("type")) == ("4242424", "audio/mpeg")
    assert enclosure.get("url").startswith("http://localhost/media/")
    assert item.findtext("itunes:duration", namespaces=NAMES) == "1471"
    transcript = item.find("podcast:transcript", NAMES)
    assert transcript.get("url") == "http://localhost/posts/voices/transcript.txt"
    assert client.get("/posts/voices/transcript.txt").text == "Hello, and **welcome**."


def test_the_podcast_guid_is_the_uuid5_of_the_first_address(client: FlaskClient) -> None:
    make_episode()
    name_space = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    expected = str(uuid.uuid5(name_space, "localhost/podcast/feed.xml"))
    path = "channel/podcast:guid"
    assert tree(client, "/podcast/feed.xml").findtext(path, namespaces=NAMES) == expected
    settings(podcast={"guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810"})
    found = tree(client, "/podcast/feed.xml").findtext(path, namespaces=NAMES)
    assert found == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_a_list_without_audio_says_nothing_of_podcasts(client: FlaskClient) -> None:
    make.make_post()
    assert b"itunes" not in client.get("/feed.xml").data


def test_the_artwork_is_a_square_jpeg_that_directories_take(client: FlaskClient) -> None:
    answer = client.get("/podcast/artwork.jpg")
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (1400, 1400), "RGB")


def test_a_long_description_is_cut_by_bytes_inside_no_character(client: FlaskClient) -> None:
    settings(podcast={"description": "播" * 2000})
    make_episode()
    about = tree(client, "/podcast/feed.xml").findtext("channel/description")
    assert (len(about.encode()), about) == (3999, "播" * 1333)


def test_atom_and_json_carry_the_file_too(client: FlaskClient) -> None:
    make_episode()
    link = tree(client, "/podcast/atom.xml").xpath(
        "//atom:entry/atom:link[@rel='enclosure']", namespaces=NAMES
    )[0]
    assert (link.get("length"), link.get("type")) == ("4242424", "audio/mpeg")
    item = json.loads(client.get("/podcast/feed.json").data)["items"][0]
    assert item["attachments"][0]["duration_in_seconds"] == 1471.4


# Where feeds are ------------------------------------------------------------------------------------------------


def test_every_list_has_its_feed(client: FlaskClient) -> None:
    nadia, section, tag = make.nadia(), make.make_section(), make.make_tag()
    post = make.make_post(bylines=[nadia], section=section, tags=[tag])
    make.make_post("Another")
    note = make.make_note()
    for path in ("/sections/hot-focus", "/tags/5g", "/@nadia"):
        assert [guids(client, f"{path}/feed.xml"), guids(client, f"{path}/feed.xml")][0] == [post.guid]
        assert tree(client, f"{path}/feed.xml").findtext("channel/link") == f"http://localhost{path}"
    assert guids(client, "/notes/feed.xml") == [note.guid]
    assert client.get("/sections/none/feed.xml").status_code == 404


def test_the_feed_of_a_merged_tag_moved_for_ever(client: FlaskClient) -> None:
    old, new = make.make_tag("5g-net"), make.make_tag("5g")
    with transaction():
        topics.merge_tags(old.id, into_id=new.id, at=clock.now())
    answer = client.get("/tags/5g-net/atom.xml")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/tags/5g/atom.xml")


def test_a_feed_takes_the_same_number_of_queries_whatever_it_holds(
    client: FlaskClient, count_queries: list[str]
) -> None:
    used = []
    for number in range(3):
        make.make_post(f"Post {number}", bylines=[make.make_person(f"P{number}")], tags=[f"tag {number}"])
        if number == 1:
            continue
        client.application.extensions["parley_pages"].forget_everything()
        client.get("/feed.xml")
        client.application.extensions["parley_pages"].mark_stale({"posts"})
        count_queries.clear()
        client.get("/feed.xml")
        used.append(len(count_queries))
    assert used == [7, 7]
