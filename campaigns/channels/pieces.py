"""A text taken apart into what networks without markup in their texts want apart: title, addresses, and the rest."""

from dataclasses import dataclass
from typing import Literal

from campaigns.channels.counting import links_in


@dataclass(frozen=True)
class Piece:
    """A part of a text. Put together again, pieces are the text."""

    kind: Literal["text", "title", "link"]
    text: str


def pieces(text: str, title: str = "") -> list[Piece]:
    """The pieces of a text, in order. The title is one when the text begins with it as a line of its own."""
    found: list[Piece] = []
    if title and (text == title or text.startswith(title + "\n")):
        found.append(Piece("title", title))
        text = text[len(title) :]
    at = 0
    for start, end in links_in(text):
        found += [Piece("text", text[at:start]), Piece("link", text[start:end])]
        at = end
    found.append(Piece("text", text[at:]))
    return [one for one in found if one.text]
