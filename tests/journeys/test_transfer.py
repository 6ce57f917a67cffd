"""An operator brings a real site in, twice, and readers follow old links to it."""

from playwright.sync_api import Page

from tests.cms.transfer.real_files import real_file
from tests.journeys.conftest import Instance


def row(output: str, kind: str) -> list[int]:
    """The numbers of one line of the report: in source, new, changed, unchanged, skipped."""
    line = next(line for line in output.splitlines() if line.startswith(kind))
    return [int(word) for word in line.split() if word.isdecimal()]


def test_an_operator_imports_the_theme_test_file_twice_and_old_links_lead_on(
    instance: Instance, page: Page
) -> None:
    theme = str(real_file("theme"))
    planned = instance.shell("import", "wxr", theme, "--dry-run")
    first = instance.shell("import", "wxr", theme)
    assert row(planned, "posts") == row(first, "posts") == [149, 79, 0, 0, 70]
    second = instance.shell("import", "wxr", theme)
    for kind in ("people", "tags", "posts", "comments", "old addresses"):
        assert row(second, kind)[1:3] == [0, 0], kind
    page.goto("/2018/11/02/block-quote/")
    assert page.url == f"{instance.url}/posts/block-quotes"
    assert page.locator("h1").inner_text() == "Block: Quote"
    assert page.locator("article blockquote").count() > 0
    page.goto("/author/themereviewteam/")
    assert page.url == f"{instance.url}/@theme-reviewer"
