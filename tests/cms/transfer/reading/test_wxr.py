"""Reading WordPress exports: what is kept, what is named as lost, and what is refused."""

import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cms.transfer.reading.vocabulary import (
    ReadingOptions,
    SourceItem,
    SourceMedia,
    SourcePerson,
    SourcePost,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)
from cms.transfer.reading.wxr import read_wxr
from tests.cms.transfer.real_files import real_file
from tests.cms.transfer.wxr_files import HEAD, attachment, comment, item, meta, term, write_wxr

OPTIONS = ReadingOptions(zone=ZoneInfo("Asia/Shanghai"))


def read(path: Path, options: ReadingOptions = OPTIONS) -> list[SourceItem]:
    return list(read_wxr(path, options))


def posts_of(items: list[SourceItem]) -> list[SourcePost]:
    return [one for one in items if isinstance(one, SourcePost)]


def only_post(path: Path, options: ReadingOptions = OPTIONS) -> SourcePost:
    (post,) = posts_of(read(path, options))
    return post


def sentences(post: SourcePost) -> list[str]:
    return [loss.sentence for loss in post.losses]


def test_the_theme_test_file_is_read_whole() -> None:
    items = read(real_file("theme"))
    site = items[0]
    assert isinstance(site, SourceSite)
    assert (site.id, site.title) == ("wpthemetestdata.wordpress.com", "Theme Unit Test Data")
    counted = {
        kind.__name__: sum(isinstance(one, kind) for one in items)
        for kind in (SourcePerson, SourceTag, SourceMedia, SourcePost, SourceSkip)
    }
    assert counted == {
        "SourcePerson": 2,
        "SourceTag": 181,
        "SourceMedia": 37,
        "SourcePost": 79,
        "SourceSkip": 70,
    }
    assert dict(site.expected) == {"person": 2, "tag": 181, "media": 37, "post": 149}
    assert (
        sum(post.is_published for post in posts_of(items)) == 76
    )  # one draft, one scheduled, one with a password
    assert sum(len(post.comments) for post in posts_of(items)) == 29
    assert {post.language for post in posts_of(items)} == {"en"}


def test_the_small_export_keeps_its_draft_and_its_private_post_unpublished() -> None:
    drafts = [post for post in posts_of(read(real_file("small"))) if not post.is_published]
    assert [(post.title, sentences(post)[0]) for post in drafts] == [
        ("Draft Page", "drafts stayed drafts"),
        ("Private Post", "private posts became drafts"),
    ]


def test_the_malformed_export_is_refused_with_line_and_column() -> None:
    with pytest.raises(
        UnreadableSource, match=r"not well-formed XML: line 90, column 2 .*Nothing was imported"
    ):
        read(real_file("malformed"))


# Dates, states, names -------------------------------------------------------------------------------------------


def test_a_wall_time_without_gmt_is_of_the_sites_zone(tmp_path: Path) -> None:
    post = only_post(write_wxr(tmp_path, item(date_gmt="0000-00-00 00:00:00")))
    assert post.published_at == datetime(2020, 5, 1, 2, 0, tzinfo=UTC)


def test_gmt_wins_over_the_wall_time(tmp_path: Path) -> None:
    assert only_post(write_wxr(tmp_path, item())).published_at == datetime(2020, 5, 1, 8, 0, tzinfo=UTC)


def test_a_published_post_without_any_date_becomes_a_draft(tmp_path: Path) -> None:
    never = "0000-00-00 00:00:00"
    post = only_post(write_wxr(tmp_path, item(date=never, date_gmt=never)))
    assert not post.is_published
    assert sentences(post) == ["published posts without a usable date became drafts"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "drafts stayed drafts"),
        ({"status": "pending"}, "drafts stayed drafts"),
        ({"status": "private"}, "private posts became drafts"),
        ({"status": "future"}, "scheduled posts became drafts: schedule them again here"),
        ({"password": "enter"}, "password-protected posts became drafts"),
        ({"status": "odd"}, "posts with the status odd became drafts"),
    ],
)
def test_what_was_not_public_stays_unpublished(tmp_path: Path, fields: dict[str, str], sentence: str) -> None:
    post = only_post(write_wxr(tmp_path, item(**fields)))
    assert (post.is_published, post.published_at, sentences(post)) == (False, None, [sentence])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "trash"}, "its status is trash"),
        ({"status": "auto-draft"}, "its status is auto-draft"),
        ({"type": "nav_menu_item"}, "menu entries belong to the old theme"),
        ({"type": "revision", "status": "inherit"}, "old revisions are not imported"),
        ({"type": "product"}, "Parley has nothing like the post type product"),
    ],
)
def test_what_cannot_come_along_is_skipped_with_a_reason(
    tmp_path: Path, fields: dict[str, str], reason: str
) -> None:
    items = read(write_wxr(tmp_path, item(7, **fields)))
    assert [one for one in items if isinstance(one, SourceSkip)] == [SourceSkip("post", "7", reason)]
    assert posts_of(items) == []


def test_authors_with_equal_names_stay_two_people(tmp_path: Path) -> None:
    authors = "".join(
        f"<wp:author><wp:author_login>{login}</wp:author_login><wp:author_display_name>Ana Li</wp:author_display_name>"
        "</wp:author>"
        for login in ("ana", "ana2")
    )
    people = [one for one in read(write_wxr(tmp_path, authors, item())) if isinstance(one, SourcePerson)]
    assert people == [SourcePerson("ana", "Ana Li"), SourcePerson("ana2", "Ana Li")]


def test_co_authors_come_in_their_order_and_authors_only_named_in_posts_are_met(tmp_path: Path) -> None:
    together = term("Zoe", "cap-zoe", "author") + term("Ana", "cap-ana", "author")
    items = read(write_wxr(tmp_path, item(inside=together)))
    assert posts_of(items)[0].authors == ("zoe", "ana")
    assert [one for one in items if isinstance(one, SourcePerson)] == [
        SourcePerson("zoe", "Zoe"),
        SourcePerson("ana", "Ana"),
    ]


def test_slugs_in_other_scripts_are_decoded(tmp_path: Path) -> None:
    post = only_post(
        write_wxr(tmp_path, item(name="%e7%83%ad%e7%82%b9", link="https://old.example/%e7%83%ad%e7%82%b9/"))
    )
    assert post.slug == "热点"
    assert post.addresses[0] == "/热点"


def test_every_address_that_led_to_a_post_is_remembered(tmp_path: Path) -> None:
    post = only_post(write_wxr(tmp_path, item(3, inside=meta("_wp_old_slug", "first-name"))))
    assert post.addresses == ("/2020/05/post-3", "/?p=3", "/2020/05/first-name")


def test_pages_become_articles_drafts_or_nothing_as_asked(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(type="page"))
    assert only_post(path).is_published
    drafted = ReadingOptions(zone=OPTIONS.zone, pages="draft")
    assert not only_post(path, drafted).is_published
    skipped = ReadingOptions(zone=OPTIONS.zone, pages="skip")
    assert posts_of(read(path, skipped)) == []


@pytest.mark.parametrize(
    ("format_", "kind"),
    [("gallery", "photo"), ("image", "photo"), ("status", "note"), ("aside", "note"), ("chat", "article")],
)
def test_post_formats_become_kinds(tmp_path: Path, format_: str, kind: str) -> None:
    terms = term(format_, f"post-format-{format_}", "post_format")
    assert only_post(write_wxr(tmp_path, item(inside=terms))).kind == kind


def test_a_recording_is_found_in_the_enclosure(tmp_path: Path) -> None:
    inside = term("Audio", "post-format-audio", "post_format") + meta(
        "enclosure", "https://old.example/wp-content/uploads/2020/05/talk.mp3\n1234\naudio/mpeg\n"
    )
    post = only_post(write_wxr(tmp_path, item(inside=inside)))
    assert (post.kind, post.media) == (
        "audio",
        (("https://old.example/wp-content/uploads/2020/05/talk.mp3", "", ""),),
    )


def test_a_featured_image_is_the_cover_with_its_alternative_text(tmp_path: Path) -> None:
    path = write_wxr(
        tmp_path, item(1, inside=meta("_thumbnail_id", "9")), attachment(9, "2020/05/pier.jpg", alt="A pier")
    )
    post = only_post(path)
    assert (post.cover, post.cover_alt) == (
        "https://old.example/wp-content/uploads/2020/05/pier.jpg",
        "A pier",
    )


def test_categories_and_tags_of_one_name_are_told_apart_and_uncategorized_is_none(tmp_path: Path) -> None:
    inside = term("News", "news") + term("News", "news", "post_tag") + term("Uncategorized", "uncategorized")
    assert only_post(write_wxr(tmp_path, item(inside=inside))).tags == ("category:news", "tag:news")


def test_comments_come_with_parents_first_and_without_spam_and_trackbacks(tmp_path: Path) -> None:
    inside = (
        comment(3, parent=2)
        + comment(2, parent=1)
        + comment(1)
        + comment(4, kind="pingback")
        + comment(5, approved="spam")
        + comment(6, approved="0")
        + comment(8, parent=7)
        + comment(7, parent=8)
    )
    post = only_post(write_wxr(tmp_path, item(inside=inside)))
    assert [(one.id, one.parent, one.is_approved) for one in post.comments] == [
        ("1", "0", True),
        ("2", "1", True),
        ("3", "2", True),
        ("6", "0", False),
        ("7", "8", True),
        ("8", "7", True),
    ]
    assert [(one.id, one.reason) for one in post.left_out] == [
        ("4", "it is a pingback"),
        ("5", "it was marked as spam"),
    ]


def test_titles_names_and_summaries_are_plain_words(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>Tom & <b onclick=x>Ivy</b>"
    post = only_post(write_wxr(tmp_path, item(title=hostile, excerpt=hostile, inside=term(hostile, "x"))))
    assert (post.title, post.summary) == ("Tom & Ivy", "Tom & Ivy")


# Hostile and broken files ---------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
QUADRATIC = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>'
OUTSIDE = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
OUTSIDE_DTD = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/evil.dtd">'


@pytest.mark.parametrize("declaration", [LAUGHS, QUADRATIC, OUTSIDE, OUTSIDE_DTD, "<!DOCTYPE rss>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_declared(
    tmp_path: Path, declaration: str, encoding: str
) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<rss><channel><title>&a;&a;</title></channel></rss>'
    path = tmp_path / "bomb.xml"
    path.write_bytes(text.encode(encoding))
    started = time.monotonic()
    with pytest.raises(UnreadableSource, match="declares a document type or entities"):
        read(path)
    assert time.monotonic() - started < 2


def test_a_file_that_breaks_off_is_refused_before_its_first_post_is_given(tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(HEAD + item(1) + item(2)[:200], encoding="utf-8")
    with pytest.raises(UnreadableSource, match="not well-formed XML"):
        next(read_wxr(path, OPTIONS))


@pytest.mark.parametrize("reference", ["&#xD800;", "&#0;", "&#xFFFFFFFF;"])
def test_numbers_that_are_no_characters_are_refused(tmp_path: Path, reference: str) -> None:
    path = write_wxr(tmp_path, item(1).replace("Post 1", f"Post {reference}"))
    with pytest.raises(UnreadableSource, match="not well-formed XML"):
        read(path)


def test_control_characters_are_taken_out_on_the_way(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(1).replace("Post 1", "Po\x00s\x0bt\x1b 1"))
    assert only_post(path).title == "Post 1"


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, "<x>" * 5_000 + "</x>" * 5_000)
    with pytest.raises(UnreadableSource, match="nests deeper than 60 levels"):
        read(path)


def test_one_enormous_item_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.transfer.reading.xml.LARGEST_ITEM", 300_000)
    path = write_wxr(tmp_path, item(1, "x" * 400_000))
    with pytest.raises(UnreadableSource, match="One item of this file is larger"):
        read(path)


def test_a_long_body_is_skipped_and_the_rest_is_read(tmp_path: Path) -> None:
    items = read(write_wxr(tmp_path, item(1, "x" * 400_001), item(2)))
    assert SourceSkip("post", "1", "it is longer than 400,000 characters") in items
    assert [post.id for post in posts_of(items)] == ["2"]


@pytest.mark.parametrize("content", [b"", b"plain words", b"<rss></rss>", b"\x89PNG\r\n\x1a\n", b"<a/>"])
def test_another_kind_of_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "what.xml"
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match="Nothing was imported"):
        read(path)


def test_a_huge_file_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    body = "<p>" + "Words and more words. " * 500 + "</p>"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number in range(1, 1501):
            file.write(item(number, body))
        file.write("</channel></rss>")
    assert path.stat().st_size > 15_000_000
    tracemalloc.start()
    count = sum(isinstance(one, SourcePost) for one in read_wxr(path, OPTIONS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1500
    assert peak < 4_000_000
