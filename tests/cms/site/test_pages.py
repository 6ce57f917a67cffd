"""Public pages: what they say to readers, to search engines and to shared caches."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pagecache import touch
from cms.posts import services as posts
from cms.site.models import HomeBlock, OldAddress
from cms.topics import services as topics
from tests import factories as make
from tests.conftest import NOW


def read(client: FlaskClient, path: str, **headers: str) -> html.HtmlElement:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return html.fromstring(answer.text)


def titles(page: html.HtmlElement) -> list[str]:
    return [
        " ".join(one.text_content().split())
        for one in page.xpath("//main//*[contains(@class,'card__title')]/a")
    ]


def graph(page: html.HtmlElement) -> list[dict[str, object]]:
    return json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])["@graph"]


def meta(page: html.HtmlElement, name: str) -> list[str]:
    return page.xpath(f"//meta[@property='{name}']/@content")


# One post -------------------------------------------------------------------------------------------------------


def test_a_post_has_one_canonical_address_in_every_language_of_the_interface(client: FlaskClient) -> None:
    make.make_post("Towers sleep")
    for path in ("/posts/towers-sleep", "/zh/posts/towers-sleep", "/en/posts/towers-sleep"):
        assert read(client, path).xpath("//link[@rel='canonical']/@href") == [
            "http://localhost/posts/towers-sleep"
        ]


def test_a_post_that_first_appeared_elsewhere_says_so(client: FlaskClient) -> None:
    make.make_post("Elsewhere", canonical_url="https://first.example/a")
    page = read(client, "/posts/elsewhere")
    assert page.xpath("//link[@rel='canonical']/@href") == ["https://first.example/a"]
    assert b"elsewhere" not in client.get("/sitemaps/posts-0.xml").data


def test_translations_point_at_each_other(client: FlaskClient) -> None:
    english = make.make_post("Hello")
    make.make_post("你好", language="zh", translation_of=english)
    page = read(client, "/posts/hello")
    assert page.xpath("//link[@rel='alternate'][@hreflang]/@hreflang") == ["en", "zh-Hans", "x-default"]
    assert page.xpath("//link[@hreflang='zh-Hans']/@href") == ["http://localhost/posts/%E4%BD%A0%E5%A5%BD"]
    assert read(client, "/posts/你好").xpath("//link[@hreflang='x-default']") == []


def test_structured_data_names_every_author(client: FlaskClient) -> None:
    make.make_post(
        "Two", bylines=[make.tom(), make.nadia(), (make.rae(), "photographer")], section=make.make_section()
    )
    article, crumbs = graph(read(client, "/posts/two"))
    assert article["@type"] == "Article"
    assert article["author"] == [
        {"@type": "Person", "name": "Tom Okafor", "url": "http://localhost/@tom"},
        {"@type": "Person", "name": "Nadia Rahimi", "url": "http://localhost/@nadia"},
    ]
    assert [one["name"] for one in crumbs["itemListElement"]] == ["Parley", "Hot focus", "Two"]


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("article", "Article"),
        ("note", "SocialMediaPosting"),
        ("photo", "Article"),
        ("audio", "PodcastEpisode"),
        ("video", "VideoObject"),
    ],
)
def test_each_kind_is_shown_and_named_as_what_it_is(client: FlaskClient, kind: str, schema: str) -> None:
    file = make.make_media({"audio": "audio", "video": "video"}.get(kind, "image"))
    media = () if kind in ("article", "note") else (posts.Attachment(file.id),)
    post = make.make_post("" if kind == "note" else "A thing", kind=kind, media=media)
    path = f"/notes/{post.id}" if kind == "note" else f"/posts/{post.slug}"
    assert graph(read(client, path))[0]["@type"] == schema


def test_the_change_date_moves_only_when_readers_see_a_change(client: FlaskClient) -> None:
    post = make.make_post("Dated")
    later = NOW + timedelta(hours=3)
    with clock.stopped(later):
        make.revise(post, title="Dated", publish=False)
        assert graph(read(client, "/posts/dated"))[0]["dateModified"] == "2026-11-21T12:00:00Z"
        make.revise(post, title="Dated")
        assert graph(read(client, "/posts/dated"))[0]["dateModified"] == "2026-11-21T15:00:00Z"
        assert graph(read(client, "/posts/dated"))[0]["datePublished"] == "2026-11-21T12:00:00Z"


def test_nothing_in_a_text_ends_the_data_block(client: FlaskClient) -> None:
    make.make_post("</script><script>alert(1)</script><!--", summary="& \u2028 <b>", slug="harm")
    text = client.get("/posts/harm").text
    assert "<script>alert" not in text
    assert graph(html.fromstring(text))[0]["headline"] == "</script><script>alert(1)</script><!--"


def test_link_previews_get_picture_and_times(client: FlaskClient) -> None:
    cover = make.make_media(width=1600, height=900)
    make.make_post("Seen", cover_id=cover.id, cover_alt="A mast", tags=[make.make_tag()])
    page = read(client, "/posts/seen")
    assert meta(page, "og:image") == [f"http://localhost/media/{cover.file}"]
    assert (meta(page, "og:image:width"), meta(page, "og:image:alt")) == (["1600"], ["A mast"])
    assert (meta(page, "og:type"), meta(page, "article:tag")) == (["article"], ["5G"])
    assert meta(page, "article:published_time") == ["2026-11-21T12:00:00Z"]


def test_an_old_address_leads_on_for_ever(client: FlaskClient) -> None:
    post = make.make_post("First name")
    for slug in ("second-name", "third-name"):
        with transaction():
            posts.set_details(post.id, slug=slug, by=None, at=NOW)
    for slug in ("first-name", "second-name"):
        answer = client.get(f"/zh/posts/{slug}")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/zh/posts/third-name")


def test_related_posts_share_tags_and_neighbours_share_the_language(client: FlaskClient) -> None:
    tag, other = make.make_tag("fibre"), make.make_tag("rivers")
    make.make_post("Before", published_at=NOW - timedelta(hours=2))
    make.make_post("以前", language="zh", published_at=NOW - timedelta(hours=1))
    make.make_post("Here", tags=[tag, other])
    make.make_post("Related", tags=[tag, other], published_at=NOW - timedelta(days=9))
    make.make_post("A little related", tags=[tag], published_at=NOW - timedelta(days=8))
    page = read(client, "/posts/here")
    assert titles(page) == ["Related", "A little related"]
    assert page.xpath("//a[@rel='prev']/@href") == ["/posts/before"]
    assert page.xpath("//a[@rel='next']") == []


def test_the_older_post_learns_of_its_new_neighbour(client: FlaskClient) -> None:
    make.make_post("Older", published_at=NOW - timedelta(hours=1))
    assert read(client, "/posts/older").xpath("//a[@rel='next']") == []
    make.make_post("Newer")
    assert read(client, "/posts/older").xpath("//a[@rel='next']/@href") == ["/posts/newer"]


# Lists ----------------------------------------------------------------------------------------------------------


def test_a_list_names_itself_in_every_language(client: FlaskClient) -> None:
    make.make_tag()
    page = read(client, "/zh/tags/5g")
    assert page.xpath("//link[@rel='canonical']/@href") == ["http://localhost/zh/tags/5g"]
    assert page.xpath("//link[@hreflang]/@href") == [
        "http://localhost/en/tags/5g",
        "http://localhost/zh/tags/5g",
        "http://localhost/tags/5g",
    ]


def test_each_story_stands_once_in_the_readers_language(client: FlaskClient) -> None:
    english = make.make_post("Hello")
    make.make_post("你好", language="zh", translation_of=english)
    make.make_post("Only English", published_at=NOW - timedelta(hours=1))
    make.make_post("只有中文", language="zh", published_at=NOW - timedelta(hours=2))
    assert titles(read(client, "/en/archive/2026/11")) == ["Hello", "Only English", "只有中文"]
    assert titles(read(client, "/zh/archive/2026/11")) == ["你好", "Only English", "只有中文"]


def test_a_translation_without_the_tag_does_not_hide_the_post_that_has_it(client: FlaskClient) -> None:
    english = make.make_post("Hello", tags=[make.make_tag()])
    make.make_post("你好", language="zh", translation_of=english)
    assert titles(read(client, "/zh/tags/5g")) == ["Hello"]


def test_lists_are_paged_by_key_and_lose_nothing(client: FlaskClient) -> None:
    for number in range(45):
        make.make_post(f"Post {number:02}", published_at=NOW - timedelta(minutes=number // 2))
    seen: list[str] = []
    address: str | None = "/archive/2026/11"
    while address:
        page = read(client, address)
        seen += titles(page)
        address = next(iter(page.xpath("//main//a[@rel='next']/@href")), None)
        if len(seen) == 20:
            make.make_post("Published while reading")
    assert sorted(seen) == [f"Post {number:02}" for number in range(45)]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "place", ["x", "20261121T120000000000-", "99999999T999999999999-1", "20261121T120000000000-1e5"]
)
def test_a_made_up_place_in_a_list_is_not_there(client: FlaskClient, place: str) -> None:
    make.make_tag()
    assert client.get(f"/tags/5g?before={place}").status_code == 404


def test_a_renamed_or_merged_tag_leads_on(client: FlaskClient) -> None:
    old, new = make.make_tag("5g-net"), make.make_tag("5g")
    with transaction():
        topics.merge_tags(old.id, into_id=new.id, at=NOW)
    answer = client.get("/en/tags/5g-net")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/tags/5g")


def test_the_archive_counts_by_month_in_the_zone_of_the_site(client: FlaskClient) -> None:
    for days in (0, 1, 40, 400):
        make.make_post(f"Post {days}", published_at=NOW - timedelta(days=days))
    page = read(client, "/archive")
    links = page.xpath("//main//a[contains(@href,'/archive/')]")
    found = [(one.get("href"), re.findall(r"\d+", one.text_content())[0]) for one in links]
    assert found == [("/archive/2026/11", "2"), ("/archive/2026/10", "1"), ("/archive/2025/10", "1")]
    assert client.get("/archive/2024/01").status_code == 404
    assert client.get("/archive/2026/13").status_code == 404


def test_a_guest_has_a_page_while_something_of_theirs_is_live(client: FlaskClient) -> None:
    guest = make.make_person("Gil Guest", "guest", handle="gil")
    assert client.get("/@gil").status_code == 404
    make.make_post("By a guest", bylines=[guest])
    assert titles(read(client, "/@gil")) == ["By a guest"]


def test_what_somebody_says_of_themselves_is_text(client: FlaskClient) -> None:
    make.make_person("Bo Bold", "author", handle="bo", bio={"en": "<b>Bold</b>\n\nAnd more."})
    page = read(client, "/@bo")
    assert "<b>Bold</b>" in page.xpath("//main")[0].text_content()


def test_unicode_addresses_work_written_either_way(client: FlaskClient) -> None:
    make.make_post("春天的网络", language="zh", tags=[make.make_tag("网络")])
    for path in ("/posts/春天的网络", "/posts/%E6%98%A5%E5%A4%A9%E7%9A%84%E7%BD%91%E7%BB%9C", "/tags/网络"):
        assert client.get(path).status_code == 200


# The home page --------------------------------------------------------------------------------------------------


def arrange(*blocks: HomeBlock) -> None:
    with transaction():
        for position, block in enumerate(blocks):
            block.position = position
            block.title = block.title or {}
            db.session.add(block)
        touch("site")


def test_the_home_page_shows_no_story_twice(client: FlaskClient) -> None:
    section = make.make_section()
    for number in range(12):
        make.make_post(f"Post {number:02}", section=section, published_at=NOW - timedelta(hours=number))
    shown = titles(read(client, "/"))
    assert len(shown) == len(set(shown)) == 12


def test_the_editors_arrangement_is_followed(client: FlaskClient) -> None:
    chosen = make.make_post("Chosen", published_at=NOW - timedelta(days=5))
    make.make_post("Newest")
    make.make_note("A note")
    arrange(
        HomeBlock(kind="newest", count=1),
        HomeBlock(kind="lead", count=1, post_id=chosen.id),
        HomeBlock(kind="notes", count=1, is_shown=False),
    )
    page = read(client, "/")
    assert titles(page) == ["Newest", "Chosen"]
    assert "A note" not in page.text_content()


def test_a_chosen_lead_that_readers_may_not_see_gives_way(client: FlaskClient) -> None:
    hidden = make.make_post("Hidden", publish=False)
    make.make_post("Newest")
    arrange(HomeBlock(kind="lead", count=1, post_id=hidden.id))
    assert titles(read(client, "/")) == ["Newest"]


def test_hot_words_carry_the_label_an_editor_gave(client: FlaskClient) -> None:
    tag = make.make_tag("5g", label={"en": "The new network", "zh": "新网络"})
    with transaction():
        topics.store_hot_words({tag.id: 3.0}, at=NOW)
        touch("posts")
    make.make_post("Something", tags=[tag])
    assert "The new network" in read(client, "/en/").text_content()
    assert "新网络" in read(client, "/zh/").text_content()


def test_an_empty_site_says_so(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200


# Old addresses --------------------------------------------------------------------------------------------------


def remember(path: str, target: str) -> None:
    make.save(OldAddress(path=path, target=target))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/2019/05/hello/", "/2019/05/hello/"),
        ("/2019/05/hello", "/2019/05/hello/"),
        ("/2019/05/hello/?utm=1", "/2019/05/hello"),
        ("/?p=123", "/?p=123"),
        ("/index.php?p=123", "/index.php?p=123"),
        ("/2019/%E4%BD%A0%E5%A5%BD/", "/2019/你好/"),
        ("/2019/你好/", "/2019/%E4%BD%A0%E5%A5%BD/"),
    ],
)
def test_addresses_of_the_system_before_lead_on(client: FlaskClient, asked: str, kept: str) -> None:
    make.make_post("Hello")
    remember(kept, "/posts/hello")
    answer = client.get(asked)
    assert (answer.status_code, answer.headers.get("Location")) == (301, "/posts/hello")


def test_an_old_address_does_not_tell_of_a_hidden_post(client: FlaskClient) -> None:
    make.make_post("Secret plan", publish=False)
    remember("/old", "/posts/secret-plan")
    answer = client.get("/old")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_our_own_addresses_come_first(client: FlaskClient) -> None:
    remember("/archive", "/posts/hello")
    assert client.get("/archive").status_code == 200
    assert client.get("/?p=9").status_code == 200
    assert client.get("/nowhere").status_code == 404


# Caches and visitors --------------------------------------------------------------------------------------------

PUBLIC = (
    "/ /posts/hello /notes /sections /sections/hot-focus /tags /tags/5g /@nadia /archive /archive/2026/11 /podcast "
    "/search?q=hello /feed.xml /atom.xml /feed.json /sections/hot-focus/feed.xml /tags/5g/feed.xml /@nadia/feed.xml "
    "/notes/feed.xml /podcast/feed.xml /opml.xml /sitemap.xml /sitemaps/lists.xml /sitemaps/posts-0.xml /robots.txt "
    "/llms.txt /theme.css /favicon.ico /site.webmanifest /podcast/artwork.jpg /nowhere"
).split()


@pytest.mark.parametrize("path", PUBLIC)
def test_no_public_page_knows_who_asks(client: FlaskClient, app: Flask, path: str) -> None:
    nadia = make.nadia()
    make.make_post("Hello", bylines=[nadia], section=make.make_section(), tags=[make.make_tag()])
    visitor = app.test_client().get(path)
    make.sign_in(client, make.tom())
    client.set_cookie("anything", "at all")
    app.extensions["parley_pages"].forget_everything()
    signed_in = client.get(path)
    for answer in (visitor, signed_in):
        assert "Set-Cookie" not in answer.headers
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert "private" not in answer.headers.get("Cache-Control", "")
    assert (signed_in.status_code, signed_in.data) == (visitor.status_code, visitor.data)
    assert b"Tom Okafor" not in signed_in.data
    assert b"csrf" not in signed_in.data


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 12),
        ("/posts/post-0", 14),  # one of them for what it asks its readers, five for what they say below it
        ("/notes", 6),
        ("/sections/hot-focus", 6),
        ("/tags/5g", 6),
        ("/@nadia", 8),  # one more for the pages that notes link to, and one for their blog
        ("/archive", 6),
        ("/archive/2026/11", 6),
        ("/tags", 6),
    ],
)
def test_a_page_takes_a_fixed_number_of_queries(
    client: FlaskClient, app: Flask, count_queries: list[str], path: str, most: int
) -> None:
    nadia, section, tag = make.nadia(), make.make_section(), make.make_tag()
    cache = app.extensions["parley_pages"]
    used = []
    for number in range(3):
        cover = make.make_media()
        make.make_post(f"Post {number}", bylines=[nadia], section=section, tags=[tag], cover_id=cover.id)
        make.make_note(f"Note {number}", bylines=[nadia], cover_id=cover.id)
        if number == 1:
            continue
        client.get(path)
        cache.mark_stale({"posts", "site"})
        count_queries.clear()
        client.get(path)
        used.append(len(count_queries))
    site_itself = 2  # the settings and the sections, which a process asks for once
    assert used[0] == used[1] <= most + site_itself
