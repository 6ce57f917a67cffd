"""Puts our own media addresses where a text had those of the old site. Pure: it is told what is here.

A page of ours shows nothing from other hosts, so a picture that did not come along becomes a link to where it was,
or its words when there is no such address.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import lxml.html
from lxml import etree

from cms.transfer.reading.addresses import host_of, is_web_address, of_asset
from cms.transfer.reading.vocabulary import Loss

_MARKDOWN_PICTURE = re.compile(r"!\[([^\[\]]{0,1000})\]\(\s?<?(asset:[^\s()<>\"']+)>?(\s[^()\n]{0,300})?\)")
_TOKEN = re.compile(r"asset:[A-Za-z0-9/%._~-]+")
_PLAYERS = ("audio", "video")


@dataclass(frozen=True)
class Held:
    """A file of the old site that is here now."""

    id: int
    src: str
    kind: str  # image, audio, video
    alt: str = ""


Resolve = Callable[[str], Held | None]


@dataclass(frozen=True)
class Placed:
    """A text whose files are ours, which ones it shows, and what could not be shown."""

    body: str
    shown: tuple[int, ...] = ()
    losses: tuple[Loss, ...] = ()


def place_in_html(html: str, resolve: Resolve, *, without: frozenset[int] = frozenset()) -> Placed:
    """Rewrite pictures, players and links to files. Pictures in `without` are shown elsewhere and taken out."""
    if not html.strip():
        return Placed(html)
    root = lxml.html.fragment_fromstring(
        html.encode(), create_parent="div", parser=lxml.html.HTMLParser(encoding="utf-8")
    )
    shown: list[int] = []
    losses: list[Loss] = []
    for element in list(root.iter("img", *_PLAYERS, "source", "a")):
        if element.tag == "a":
            _place_link(element, resolve, shown)
        elif element.tag == "img":
            _place_picture(element, resolve, shown, losses, without)
        else:
            _place_player(element, resolve, shown, losses, without)
    for figure in reversed(list(root.iter("figure"))):
        if not len(figure) and not (figure.text or "").strip():
            figure.drop_tree()
        elif [child.tag for child in figure] == ["figcaption"] and not (figure.text or "").strip():
            figure.tag, figure[0].tag = "p", "span"
    return Placed(_inside(root), tuple(dict.fromkeys(shown)), tuple(losses))


def place_in_markdown(text: str, resolve: Resolve) -> Placed:
    """Rewrite `asset:` addresses; the reader put them where files are named, and never inside code."""
    shown: list[int] = []
    losses: list[Loss] = []

    def picture(match: re.Match[str]) -> str:
        held, address = resolve(match[2]), of_asset(match[2])
        words = match[1] or address.rpartition("/")[2]
        if held is None:
            if is_web_address(address):
                losses.append(_remote_loss(address))
                return f"[{words}]({address})"
            return match[1]
        shown.append(held.id)
        if held.kind in _PLAYERS:
            return f'<{held.kind} controls src="{held.src}"></{held.kind}>'
        return f"![{match[1] or held.alt}]({held.src}{match[3] or ''})"

    def target(match: re.Match[str]) -> str:
        held, address = resolve(match[0]), of_asset(match[0])
        if held is not None:
            shown.append(held.id)
            return held.src
        return address if is_web_address(address) else "#"

    text = _TOKEN.sub(target, _MARKDOWN_PICTURE.sub(picture, text))
    return Placed(text, tuple(dict.fromkeys(shown)), tuple(losses))


def _place_link(element: Any, resolve: Resolve, shown: list[int]) -> None:
    target = element.get("href") or ""
    if re.search(r"\.[A-Za-z0-9]{2,5}$", target.partition("?")[0]):
        held = resolve(target)
        if held is not None:
            element.set("href", held.src)
            shown.append(held.id)


def _place_picture(
    element: Any, resolve: Resolve, shown: list[int], losses: list[Loss], without: frozenset[int]
) -> None:
    source = element.get("src") or ""
    held = resolve(source)
    if held is None:
        _to_words(element, source, losses)
    elif held.id in without:
        _drop_picture(element)
    elif held.kind == "image":
        element.set("src", held.src)
        element.set("alt", element.get("alt") or held.alt)
        shown.append(held.id)
    else:
        _to_words(element, held.src, losses)


def _drop_picture(element: Any) -> None:
    """With the link and the figure it stood in alone."""
    link = element.getparent()
    if link is not None and link.tag == "a" and len(link) == 1 and not (link.text_content() or "").strip():
        element = link
    figure = element.getparent()
    if figure is not None and figure.tag == "figure" and "gallery" not in (figure.get("class") or ""):
        element = figure
    around = element.getparent()
    element.drop_tree()
    if around is not None and around.tag == "p" and not len(around) and not (around.text or "").strip():
        around.drop_tree()


def _to_words(element: Any, source: str, losses: list[Loss]) -> None:
    """A picture that is not here: a link to where it was, unless it stood in a link, then its words."""
    words = (element.get("alt") or "").strip() or source.partition("?")[0].rpartition("/")[2] or "picture"
    in_link = next(element.iterancestors("a"), None) is not None
    if in_link or not is_web_address(source):
        new = lxml.html.Element("span")
        new.text = words
    else:
        losses.append(_remote_loss(source))
        new = lxml.html.fragment_fromstring(f'<a href="{escape(source)}">{escape(words)}</a>')
    new.tail = element.tail
    element.getparent().replace(element, new)


def _place_player(
    element: Any, resolve: Resolve, shown: list[int], losses: list[Loss], without: frozenset[int]
) -> None:
    source = element.get("src") or ""
    for name in set(element.attrib) - {"src", "type", "width", "height"}:
        del element.attrib[name]
    if not source:
        if element.tag in _PLAYERS:
            element.set("controls", "controls")
        return
    held = resolve(source)
    if held is not None and held.id in without:
        _drop_picture(element)
    elif held is not None and held.kind in _PLAYERS:
        element.set("src", held.src)
        element.attrib.pop("type", None)
        if element.tag in _PLAYERS:
            element.tag = held.kind
            element.set("controls", "controls")
        shown.append(held.id)
    else:
        player = element if element.tag in _PLAYERS else element.getparent()
        if player is not None and player.getparent() is not None:
            _to_words(player, source, losses)


def _remote_loss(source: str) -> Loss:
    return Loss("pictures and recordings that did not come along became links", host_of(source))


def _inside(root: Any) -> str:
    parts = [escape(root.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in root]
    return "".join(parts).strip()
