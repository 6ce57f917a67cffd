import gzip
import re
import time
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, delete, insert
from werkzeug.test import Client

from cms.core import clock
from cms.core.database import db, engine_options, transaction
from cms.core.models import PageChange
from cms.core.pagecache import ChangeListener, PageCache, touch

BODY = "<p>春天 spring</p>" * 50


class Site:
    """A WSGI application that counts how often it is asked and can be told to fail."""

    def __init__(self) -> None:
        self.asked = 0
        self.body = BODY
        self.status = "200 OK"
        self.while_rendering: Any = lambda: None
        self.extra: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked += 1
        body = self.body
        self.while_rendering()
        if self.status.startswith("200"):
            environ["parley.tags"] = {"posts", "post:1"}
            environ["parley.cacheable"] = True
            environ.update(self.extra)
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=b")])
        return [body.encode()]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def cache(site: Site) -> PageCache:
    return PageCache(site, default_locale="en")


@pytest.fixture
def browser(cache: PageCache) -> Client:
    return Client(cache)


def test_a_page_is_rendered_once(site: Site, browser: Client) -> None:
    first, second = browser.get("/"), browser.get("/")
    assert (first.text, second.text, site.asked) == (BODY, BODY, 1)


def test_a_kept_page_carries_no_byte_about_the_visitor(browser: Client) -> None:
    browser.get("/")
    answer = browser.get("/", headers={"Cookie": "parley=abc"})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding, Accept-Language"


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, zstd", "zstd", lambda body: zstandard.ZstdDecompressor().decompress(body)),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("", None, bytes),
        ("identity", None, bytes),
    ],
)
def test_it_is_sent_in_the_best_coding_the_visitor_takes(
    browser: Client, accepted: str, coding: Any, unpack: Any
) -> None:
    for _ in range(2):
        answer = browser.get("/", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding
        assert unpack(answer.data).decode() == BODY
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_each_language_has_its_own_copy_and_addresses_with_a_language_do_not_vary(
    site: Site, browser: Client
) -> None:
    for language in ("en", "zh-CN", "en", "zh;q=0.9"):
        browser.get("/", headers={"Accept-Language": language})
    assert site.asked == 2
    assert browser.get("/zh/").headers["Vary"] == "Accept-Encoding"


def test_a_validator_saves_the_body(browser: Client) -> None:
    answer = browser.get("/", headers={"Accept-Encoding": "br"})
    again = browser.get("/", headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert browser.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_is_get_without_the_body(browser: Client) -> None:
    for _ in range(2):
        answer = browser.head("/")
        assert (answer.status_code, answer.data) == (200, b"")
        assert int(answer.headers["Content-Length"]) == len(BODY.encode())


def test_touching_what_a_page_shows_makes_it_stale(site: Site, cache: PageCache, browser: Client) -> None:
    browser.get("/")
    cache.mark_stale(["post:2"])
    browser.get("/")
    assert site.asked == 1
    site.body = "new"
    cache.mark_stale(["post:1"])
    assert browser.get("/").text == "new"


def test_a_change_during_rendering_is_not_covered_up(site: Site, cache: PageCache, browser: Client) -> None:
    def change() -> None:
        site.body = "new"
        cache.mark_stale(["posts"])
        site.while_rendering = lambda: None

    site.while_rendering = change
    assert browser.get("/").text == BODY
    assert browser.get("/").text == "new"


def test_a_stale_page_is_served_while_the_application_cannot_answer(
    site: Site, cache: PageCache, browser: Client
) -> None:
    browser.get("/")
    site.status, site.body = "503 SERVICE UNAVAILABLE", "away"
    cache.mark_all_stale()
    assert [browser.get("/").text for _ in range(3)] == [BODY] * 3
    assert site.asked == 2  # asked once, then left in peace for a moment
    assert browser.get("/never-seen").status_code == 503


def test_a_page_that_fails_alone_keeps_no_other_page_stale(
    site: Site, cache: PageCache, browser: Client
) -> None:
    browser.get("/broken")
    browser.get("/whole")
    cache.mark_all_stale()
    site.status, site.body = "500 INTERNAL SERVER ERROR", "broken"
    assert browser.get("/broken").text == BODY
    site.status, site.body = "200 OK", "new"
    assert browser.get("/whole").text == "new"


def test_a_page_with_a_short_life_is_made_again(site: Site, browser: Client) -> None:
    site.extra = {"parley.keep_for": -1.0}
    browser.get("/")
    browser.get("/")
    assert site.asked == 2


def test_noise_in_the_query_shares_the_copy_and_real_queries_are_not_kept(
    site: Site, browser: Client
) -> None:
    for query in ("", "utm_source=x&utm_medium=y", "fbclid=1", "before=7", "before=7&utm_campaign=z"):
        browser.get("/", query_string=query)
    assert site.asked == 2
    browser.get("/", query_string="q=1")
    browser.get("/", query_string="q=1")
    assert site.asked == 4


def test_posting_is_never_kept(site: Site, browser: Client) -> None:
    browser.post("/")
    browser.post("/")
    assert site.asked == 2


def test_memory_is_bounded_and_used_pages_stay(site: Site) -> None:
    cache = PageCache(site, default_locale="en", capacity=20 * len(BODY.encode()))
    browser = Client(cache)
    for number in range(50):
        browser.get("/favourite")
        browser.get(f"/{number}")
    assert cache.size <= cache.capacity
    assert site.asked == 51
    assert len(cache.keys_by_tag["posts"]) == len(cache.pages)


# Across processes ------------------------------------------------------------------------------------------------


@pytest.fixture
def listener(settings: dict[str, str], whole_app: Flask, cache: PageCache) -> Iterator[ChangeListener]:
    """Another process's view of the same database."""
    with whole_app.app_context():
        url = db.engine.url
    engine = create_engine(url, **engine_options(url.render_as_string(hide_password=False)))
    yield ChangeListener(cache, engine)
    with engine.begin() as connection:
        connection.execute(delete(PageChange))
    engine.dispose()


def test_a_change_elsewhere_arrives_with_the_next_look(
    whole_app: Flask, site: Site, browser: Client, listener: ChangeListener
) -> None:
    listener.look()
    browser.get("/")
    with whole_app.app_context(), transaction():
        touch("post:1")
    listener.look()
    browser.get("/")
    assert site.asked == 2
    listener.look()  # the same row again changes nothing
    browser.get("/")
    assert site.asked == 2


def test_a_lower_id_that_commits_late_is_still_heard(
    site: Site, browser: Client, listener: ChangeListener
) -> None:
    with listener.engine.begin() as connection:
        connection.execute(insert(PageChange).values(id=500, tag="other", at=clock.now()))
    listener.look()
    browser.get("/")
    with listener.engine.begin() as connection:
        connection.execute(insert(PageChange).values(id=499, tag="post:1", at=clock.now()))
    listener.look()
    browser.get("/")
    assert site.asked == 2


def test_after_a_long_silence_no_copy_is_trusted(
    site: Site, browser: Client, listener: ChangeListener
) -> None:
    listener.look()
    browser.get("/")
    listener.last_answer = time.monotonic() - 3600
    listener.look()
    browser.get("/")
    assert site.asked == 2


def test_a_change_that_is_rolled_back_is_not_announced(app: Flask) -> None:
    cache = app.extensions["parley_pages"]
    number = cache.change_number

    class Stop(Exception):
        pass

    def change_and_fail() -> None:
        with transaction():
            touch("post:1")
            raise Stop

    with pytest.raises(Stop):
        change_and_fail()
    assert cache.change_number == number
    with transaction():
        touch("post:1")
    assert cache.change_number == number + 1


def test_bundled_files_are_kept_and_compressed_like_pages(client: FlaskClient) -> None:
    address = re.findall(r'href="(/static/dist/site[^"]+)"', client.get("/en/no/such/page").text)[0]
    answer = client.get(address, headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert b"@layer" in brotli.decompress(answer.data)
