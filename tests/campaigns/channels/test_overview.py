"""The overview of all networks, `docs/channels/README.md`: its table is made from the adapters themselves.

.venv/bin/python -m tests.campaigns.channels.test_overview        # writes it anew
"""

import re
from pathlib import Path

import pytest

from app import create_app
from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.messages import Limits

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "channels"
OVERVIEW = PAGES / "README.md"
BEGIN, END = "<!-- networks: made from the adapters -->\n", "<!-- end -->\n"
SHARED_PAGES = {"discord_bot": "discord", "slack_bot": "slack"}
SHARED_TESTS = {"discord_bot": "discord"}
COUNTED = {
    "graphemes": "graphemes",
    "mastodon": "graphemes",
    "bytes": "bytes in UTF-8",
    "characters": "characters",
    "weibo": "Han characters, others half",
}
PROVEN = {"server": "the real server", "protocol": "the protocol's own library", "fake": "a fake"}
HEAD = (
    *("Network", "Text", "Counted in", "Title", "Pictures", "Alternative text"),
    *("Edit", "Delete", "Look up", "Draft", "Proven against"),
)


def page_of(adapter: Adapter) -> str:
    return f"{SHARED_PAGES.get(adapter.key, adapter.key)}.md"


def table() -> str:
    rows = [row(one) for one in ADAPTERS]
    lines = [f"| {' | '.join(one)} |" for one in (HEAD, ["---"] * len(HEAD), *rows)]
    return "\n".join(lines) + "\n"


def row(adapter: Adapter) -> list[str]:
    limits = adapter.base_limits
    by_hand = adapter.is_by_hand
    return [
        f"[{adapter.name}]({page_of(adapter)})",
        "as the site has it" if by_hand else _text(adapter),
        "" if limits.text is None else _counted(limits),
        f"{limits.title}" if limits.title else "any" if limits.carries_html else "",
        f"{limits.pictures}" if limits.pictures else "none",
        _alternative(limits),
        *(
            ("by hand",) * 3
            if by_hand
            else map(_yes, (adapter.can_edit, adapter.can_delete, adapter.can_find))
        ),
        _yes(adapter.can_draft),
        "nothing is sent" if by_hand else PROVEN[adapter.proven_against],
    ]


def _text(adapter: Adapter) -> str:
    limits = adapter.base_limits
    longest = "any" if limits.text is None else f"{limits.text:,}"
    more = [
        *([f"in threads of {limits.parts}"] if limits.parts > 1 else []),
        *(["whole articles"] if limits.carries_html else []),
        *(["can be set"] if any(one.name == "longest" for one in adapter.fields) else []),
    ]
    return ", ".join([longest, *more])


def _counted(limits: Limits) -> str:
    also = [f"and {most:,} {COUNTED[counter]}" for counter, most in limits.also]
    links = [f"an address is {limits.link_length}"] if limits.link_length is not None else []
    return ", ".join([COUNTED[limits.counter], *links, *also])


def _alternative(limits: Limits) -> str:
    if not limits.pictures:
        return ""
    return "any" if limits.alt is None else f"{limits.alt:,}" if limits.alt else "none"


def _yes(can: bool) -> str:
    return "yes" if can else "no"


def test_the_overview_says_what_the_adapters_do() -> None:
    found = OVERVIEW.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert found == table(), "write it anew: .venv/bin/python -m tests.campaigns.channels.test_overview"


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: one.key)
def test_each_network_has_its_folder_page_tests_and_drawing(adapter: Adapter) -> None:
    assert (ROOT / "campaigns" / "channels" / adapter.key / "adapter.py").is_file()
    tests = f"test_{SHARED_TESTS.get(adapter.key, adapter.key)}.py"
    assert (ROOT / "tests" / "campaigns" / "channels" / tests).is_file()
    assert (PAGES / page_of(adapter)).is_file()
    drawings = (ROOT / "templates" / "components" / "icon.html").read_text(encoding="utf-8")
    assert f'"{adapter.icon}": "M' in drawings


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: one.key)
def test_each_page_says_what_it_needs_and_how_it_was_proven(adapter: Adapter) -> None:
    page = (PAGES / page_of(adapter)).read_text(encoding="utf-8")
    assert "\n## How it was proven\n" in page
    proof = page.partition("\n## How it was proven\n")[2]
    if adapter.proven_against == "fake" and not adapter.is_by_hand:
        assert "fake" in proof
        assert re.search(r"\b([Nn]ot|No)\b", proof), (
            "a page has to say what was not proven, or is not repeated"
        )


if __name__ == "__main__":
    with create_app().app_context():
        before, _begin, rest = OVERVIEW.read_text(encoding="utf-8").partition(BEGIN)
        OVERVIEW.write_text(before + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
