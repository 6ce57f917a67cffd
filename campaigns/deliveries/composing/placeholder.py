"""The tracked link inside a variant. Each delivery has its own, so the variant keeps a mark in its place."""

from collections.abc import Iterable

MARK = "{link}"


def with_link(text: str, link: str) -> str:
    """The text with the link of this delivery."""
    return text.replace(MARK, link)


def with_mark(text: str, links: Iterable[str]) -> str:
    """The text with the mark where one of these links stands."""
    for link in sorted(links, key=len, reverse=True):
        text = text.replace(link, MARK)
    return text
