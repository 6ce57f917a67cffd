"""axe finds nothing on any public page, in either theme or language, and no page is wider than its window."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.journeys.conftest import Instance

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
    "/archive",
    "/search?q=river",
    "/search?q=xyzzyx",
    "/no/such/page",
    "/sign-in",
    "/sign-up",
    "/api/v1/docs",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_on_any_public_page(
    browser: Browser, instance: Instance, language: str, scheme: str
) -> None:
    context = browser.new_context(base_url=instance.url, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for path in PUBLIC:
        page.goto(f"/{language}{path}")
        said = Axe().run(page, options=RULES).response["violations"]
        problems = [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in said]
        if problems:
            found[path] = problems
    context.close()
    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_page_is_wider_than_its_window(browser: Browser, instance: Instance, width: int) -> None:
    context = browser.new_context(base_url=instance.url, viewport={"width": width, "height": 800})
    page = context.new_page()
    wide = []
    for language in ("en", "zh"):
        for path in PUBLIC:
            page.goto(f"/{language}{path}")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(f"/{language}{path}")
    context.close()
    assert wide == []
