"""Templates keep to the content security policy and never declare HTML safe."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/ld\+json\")(?![^>]*type=\"speculationrules\")",
        re.I,
    ),
    "something declared safe": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
    "a third party's file": re.compile(
        r"<(?:script|img|link|iframe)[^>]*(?:src|href)=\"(?:https?:)?//", re.I
    ),
}


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    found = [
        f"{path.relative_to(TEMPLATES)}: {what}"
        for path in sorted(TEMPLATES.rglob("*.*"))
        if path.suffix in (".html", ".xml", ".txt") and "emails" not in path.parts
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
