"""No page keeps anybody out: axe finds nothing in it, in either theme or language, and it is no wider than its window."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Instance
from tests.journeys.looking import faults
from tests.journeys.walking import sign_in

PUBLIC = [
    "/",
    "/posts/the-mast-that-learned-to-sleep",
    "/posts/lantern-harbour",
    "/posts/episode-one",
    "/posts/sleeping-mast-film",
    "/notes",
    "/podcast",
    "/sections",
    "/sections/staff-blogs",
    "/tags",
    "/tags/energy",
    "/@lin-yue",
    "/campaigns",
    "/campaigns/a-line-for-every-school",
    "/archive",
    "/search?q=river",
    "/search?q=xyzzyx",
    "/no/such/page",
    "/sign-in",
    "/sign-up",
    "/api/v1/docs",
]
DESK = [
    "/desk",
    "/desk/posts",
    "/desk/posts/new",
    "/desk/topics",
    "/desk/media",
    "/desk/site",
    "/desk/people",
    "/me",
]
BOTH = [("en", "light"), ("zh", "dark")]  # each language and each theme, once


@pytest.mark.parametrize(("language", "scheme"), BOTH)
def test_no_public_page_keeps_anybody_out(
    browser: Browser, instance: Instance, language: str, scheme: str
) -> None:
    with looked_at(browser, instance, scheme) as page:
        assert faults_of(page, language, PUBLIC) == {}


@pytest.mark.parametrize(("language", "scheme"), BOTH)
def test_no_page_of_the_desk_keeps_anybody_out(
    browser: Browser, instance: Instance, language: str, scheme: str
) -> None:
    with looked_at(browser, instance, scheme) as page:
        sign_in(page, "editor@example.com", "parley-editor")
        assert faults_of(page, language, DESK) == {}


@contextmanager
def looked_at(browser: Browser, instance: Instance, scheme: str) -> Iterator[Page]:
    """A tab in this theme."""
    context = browser.new_context(base_url=instance.url, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def faults_of(page: Page, language: str, paths: list[str]) -> dict[str, list[str]]:
    """What is wrong with these pages; those with nothing are left out."""
    found = {}
    for path in paths:
        page.goto(f"/{language}{path}")
        found[path] = faults(page)
    return {path: said for path, said in found.items() if said}
