"""An operator brings a real WordPress blog in, looks first, and runs the same import again."""

from playwright.sync_api import Page, expect

from tests.cms.transfer.real_files import real_file
from tests.journeys.conftest import Instance

COLUMNS = ("in source", "new", "changed", "unchanged", "skipped")


def counts(report: str) -> dict[str, dict[str, int]]:
    """The table of a report: how many of each kind went which way."""
    rows: dict[str, dict[str, int]] = {}
    for line in report.splitlines():
        *words, last = line.split() or [""]
        if last.isdecimal() and len(words) >= len(COLUMNS) and words[-1].isdecimal():
            numbers = [int(word) for word in line.split()[-len(COLUMNS) :]]
            rows[" ".join(line.split()[: -len(COLUMNS)])] = dict(zip(COLUMNS, numbers, strict=True))
    return rows


def test_the_theme_test_file_comes_in_and_a_second_run_changes_nothing(
    page: Page, instance: Instance
) -> None:
    source = str(real_file("theme"))
    trial = counts(instance.shell("import", "wxr", source, "--dry-run"))
    first = counts(instance.shell("import", "wxr", source))
    second = counts(instance.shell("import", "wxr", source))
    assert trial == first
    assert (first["posts"]["in source"], first["posts"]["new"]) == (149, 79)
    assert {kind: (row["new"], row["changed"]) for kind, row in second.items()} == dict.fromkeys(
        second, (0, 0)
    )
    assert second["posts"]["unchanged"] == first["posts"]["new"]
    page.goto("/2013/01/11/markup-html-tags-and-formatting/")
    expect(page).to_have_url(instance.url + "/posts/markup-html-tags-and-formatting")
    expect(page.get_by_role("heading", level=1)).to_have_text("Markup: HTML Tags and Formatting")
