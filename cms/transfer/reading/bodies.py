"""HTML from other programs, made ready for our cleaner: what it would drop silently is turned into something
that stays, and counted. Addresses are left as they were; the writing side knows which files it has."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import lxml.html
from lxml import etree

from cms.core.text import strip_control
from cms.transfer.reading.addresses import host_of, is_web_address, normal_address
from cms.transfer.reading.vocabulary import Loss

Picture = tuple[str, str, str]  # address, alternative text, caption

_RENAMED = {
    "strike": "s",
    "tt": "code",
    "acronym": "abbr",
    "center": "p",
    "dir": "ul",
    "menu": "ul",
    "xmp": "pre",
}
_BOXES = frozenset(
    ("div", "center", "address", "main", "article", "header", "footer", "nav", "hgroup", "fieldset")
)
_BLOCKS = frozenset(
    "p div ul ol dl table figure blockquote pre h1 h2 h3 h4 h5 h6 hr section aside details audio video address article "
    "header footer nav form fieldset main center".split()
)
_INLINE = frozenset("p span strong em b i li td h1 h2 h3 h4 h5 h6".split())
_FRAMES = frozenset(("iframe", "embed", "object", "frame", "amp-iframe", "amp-youtube"))
_SILENT = frozenset(("script", "style", "noscript", "template", "link", "meta", "base", "title", "head"))
_CONTROLS = frozenset(("form", "input", "select", "textarea", "button", "option", "label"))
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-full-url")
_BACKGROUND = re.compile(r"background(?:-image)?\s?:\s?url\(\s?[\"']?([^\"'()\s]+)", re.I)
_WIDTHS = {"alignwide": "wide", "kg-width-wide": "wide", "alignfull": "full", "kg-width-full": "full"}


@dataclass(frozen=True)
class Body:
    """HTML, what it lost, and the pictures in it in order."""

    html: str
    losses: tuple[Loss, ...] = ()
    pictures: tuple[Picture, ...] = ()


def figure(content: str, caption: str = "") -> str:
    """A picture or player with its caption."""
    return f"<figure>{content}" + (f"<figcaption>{caption}</figcaption>" if caption else "") + "</figure>"


def gallery(pictures: Iterable[Picture]) -> str:
    """Several pictures together."""
    inside = "".join(
        figure(f'<img src="{escape(url)}" alt="{escape(alt)}">', escape(caption))
        for url, alt, caption in pictures
    )
    return f'<figure class="gallery">{inside}</figure>'


def player(tag: str, url: str) -> str:
    """An audio or video element."""
    return f'<figure><{tag} controls src="{escape(url)}"></{tag}></figure>'


def link_paragraph(url: str) -> str:
    """An address that readers can follow."""
    return f'<p><a href="{escape(url)}">{escape(url)}</a></p>'


def settle(html: str, *, host: str = "", paths: Mapping[str, str] | None = None) -> Body:
    """Turn what we do not have into what we have: boxes into paragraphs, frames into links, galleries into ours.

    Links to pages of the old `host` that come along (`paths`) become links within this site, where the old
    addresses lead on to the new ones.
    """
    html = strip_control(html)
    if not html.strip():
        return Body("")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = lxml.html.fragment_fromstring(html.encode(), create_parent="div", parser=parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        words = escape(" ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split()))
        return Body(f"<p>{words}</p>", (Loss("texts nested too deeply kept only their words"),))
    counted: Counter[tuple[str, str]] = Counter()
    for element in list(root.iter(etree.Element)):
        if element is not root:
            _settle_element(element, counted)
    _settle_links(root, host, paths or {})
    _drop_empty(root)
    losses = tuple(Loss(*what, times) for what, times in counted.items())
    return Body(_inside(root), losses, tuple(_pictures(root)))


def _settle_element(element: Any, counted: Counter[tuple[str, str]]) -> None:
    tag = element.tag.lower() if isinstance(element.tag, str) else ""
    classes = set((element.get("class") or "").split())
    if element.getparent() is None:
        return
    if tag in _FRAMES:
        _frame_to_link(element, counted)
    elif tag in _SILENT:
        if tag in ("script", "style"):
            counted[(f"{tag}s inside texts were left out", "")] += 1
        _remove(element)
    elif tag in _CONTROLS:
        if tag == "form":
            counted[("forms inside texts lost their function", element.get("action") or "")] += 1
        element.drop_tag()
    elif tag == "img":
        _settle_picture(element, counted)
    elif classes & {"wp-block-embed", "kg-embed-card", "kg-bookmark-card"} or tag == "amp-embed":
        _embed_to_link(element, counted)
    elif classes & {"wp-block-gallery", "kg-gallery-card", "gallery"} and tag in ("figure", "ul", "div"):
        _settle_gallery(element)
    else:
        _settle_box(element, tag, classes)


def _settle_box(element: Any, tag: str, classes: set[str]) -> None:
    background = _BACKGROUND.search(element.get("style") or "")
    if background and is_web_address(background[1]) and element.find(".//img") is None:
        picture = lxml.html.Element("img", src=background[1], alt="")
        picture.tail, element.text = element.text, None
        element.insert(0, picture)
    if "wp-caption" in classes:
        element.tag = "figure"
        for text in element.find_class("wp-caption-text"):
            text.tag = "figcaption"
    elif tag in _BOXES:
        element.tag = "div" if _holds_blocks(element) else "p"
        if element.tag == "div":
            _wrap_loose_text(element)
            element.drop_tag()
    elif tag in _RENAMED:
        element.tag = _RENAMED[tag]
    width = next((ours for theirs, ours in _WIDTHS.items() if theirs in classes), None)
    if element.tag == "figure" and (width or "wp-block-pullquote" in classes):
        element.set("class", "pullquote" if "wp-block-pullquote" in classes else width)


def _holds_blocks(element: Any) -> bool:
    return any(isinstance(child.tag, str) and child.tag.lower() in _BLOCKS for child in element)


def _wrap_loose_text(element: Any) -> None:
    """Words that stood directly in a box must not run into what came before it."""
    if element.text and element.text.strip():
        loose = lxml.html.Element("p")
        loose.text, element.text = element.text, None
        element.insert(0, loose)


def _settle_picture(element: Any, counted: Counter[tuple[str, str]]) -> None:
    """One address per picture; lazy loaders hide the real one."""
    source = element.get("src") or ""
    real = next((element.get(name) for name in _LAZY if is_web_address(element.get(name) or "")), None)
    if real and not is_web_address(source):
        element.set("src", real)
        source = real
    if source.startswith("data:") or not source.strip():
        counted[("pictures written into the text itself, or without address, were left out", "")] += 1
        _remove(element)
        return
    for name in set(element.attrib) - {"src", "alt", "title", "width", "height"}:
        del element.attrib[name]
    if element.get("alt") is None:
        element.set("alt", "")


def _frame_to_link(element: Any, counted: Counter[tuple[str, str]]) -> None:
    source = element.get("src") or element.get("data") or element.get("data-src") or ""
    if source.startswith("//"):
        source = "https:" + source
    if not is_web_address(source):
        inner = [one.get("src") or "" for one in element.iter("embed", "iframe") if one is not element]
        source = next((one for one in inner if is_web_address(one)), "")
    _replace_with_link(element, source, counted)


def _embed_to_link(element: Any, counted: Counter[tuple[str, str]]) -> None:
    """A WordPress or Ghost card about somebody else's page: its address, under the title when it has one."""
    links = [one.get("href") or one.get("src") or "" for one in element.iter("a", "iframe", "blockquote")]
    words = " ".join(element.text_content().split())
    found = [one if not one.startswith("//") else "https:" + one for one in links]
    source = next((one for one in found if is_web_address(one)), words.partition(" ")[0])
    _replace_with_link(element, source, counted)


def _replace_with_link(element: Any, source: str, counted: Counter[tuple[str, str]]) -> None:
    if is_web_address(source):
        counted[("embedded pages of others became links", host_of(source))] += 1
        link = lxml.html.fragment_fromstring(link_paragraph(source.strip()))
        if element.getparent().tag in _INLINE:
            link = link[0]
        link.tail = element.tail
        element.getparent().replace(element, link)
    else:
        counted[("embedded objects without a usable address were left out", "")] += 1
        _remove(element)


def _settle_gallery(element: Any) -> None:
    """Any gallery becomes figures within one figure, whatever boxes it was built of."""
    made = lxml.html.Element("figure")
    made.set("class", "gallery")
    for picture in list(element.iter("img")):
        holder = next((up for up in picture.iterancestors("figure", "li") if up is not element), None)
        captions = holder.xpath("descendant::figcaption") if holder is not None else []
        inner = lxml.html.Element("figure")
        if captions:
            captions[0].tail = None
        picture.tail = None
        inner.append(picture)
        if captions:
            captions[0].attrib.clear()
            inner.append(captions[0])
        made.append(inner)
    for caption in list(element.iter("figcaption")):
        caption.tail = None
        made.append(caption)
    made.tail = element.tail
    parent = element.getparent()
    if len(made):
        parent.replace(element, made)


def _settle_links(root: Any, host: str, paths: Mapping[str, str]) -> None:
    for link in root.iter("a"):
        target = (link.get("href") or "").strip()
        if host and host_of(target) == host:
            path = normal_address(target)
            if path in paths:
                fragment = target.partition("#")[2]
                link.set("href", path + (f"#{fragment}" if fragment else ""))


def _drop_empty(root: Any) -> None:
    for element in reversed(list(root.iter("p", "span", "figure", "figcaption", "div", "ul"))):
        if element is not root and not len(element) and not (element.text or "").strip():
            _remove(element)
    for picture in root.findall("img"):
        around = lxml.html.Element("figure")
        around.tail, picture.tail = picture.tail, None
        root.replace(picture, around)
        around.append(picture)


def _remove(element: Any) -> None:
    """Take an element out and leave the text that followed it."""
    element.drop_tree()


def _inside(root: Any) -> str:
    parts = [escape(root.text or "", quote=False)]
    parts += [lxml.html.tostring(child, encoding="unicode") for child in root]
    return "".join(parts).strip()


def _pictures(root: Any) -> Iterator[Picture]:
    for element in root.iter("img"):
        holder = next(element.iterancestors("figure"), None)
        caption = holder.find("figcaption") if holder is not None else None
        words = " ".join(caption.text_content().split()) if caption is not None else ""
        yield element.get("src") or "", element.get("alt") or "", words
