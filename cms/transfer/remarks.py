"""Comments of other sites come as HTML; here their words are Markdown, which quoting and drafts begin from."""

import re

import lxml.html
from lxml.html import HtmlElement

_SPECIAL = re.compile(r"([\\`*_\[\]<~])")
_AROUND = {"em": "*", "strong": "**", "del": "~~"}


def as_markdown(html: str) -> str:
    """The Markdown of a comment that is clean HTML: paragraphs, emphasis, links, code, quotes and lists."""
    return _blocks(lxml.html.fragment_fromstring(html, create_parent="div")) if html.strip() else ""


def _blocks(element: HtmlElement) -> str:
    """What stands in an element: blocks parted by empty lines, and words between them as paragraphs."""
    found, words = [], _plain(element.text)
    for child in element:
        block = _block(child)
        if block is None:
            words += _inline(child)
        else:
            found += [words, block]
            words = ""
        words += _plain(child.tail)
    return "\n\n".join(tidy for one in [*found, words] if (tidy := one.strip()))


def _block(element: HtmlElement) -> str | None:
    """None for what stands within a line."""
    if element.tag == "p":
        return _inside(element)
    if element.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks(element).split("\n"))
    if element.tag == "pre":
        return f"```\n{element.text_content().strip(chr(10))}\n```"
    if element.tag in ("ul", "ol"):
        mark = "1. " if element.tag == "ol" else "- "
        items = [_blocks(one).replace("\n", "\n    ") for one in element if one.tag == "li"]
        return "\n".join(mark + one for one in items)
    return None


def _inside(element: HtmlElement) -> str:
    words = _plain(element.text) + "".join(_inline(one) + _plain(one.tail) for one in element)
    return words.replace("\n ", "\n")


def _inline(element: HtmlElement) -> str:
    if element.tag == "br":
        return "\n"
    if element.tag == "code":
        return f"`{element.text_content()}`"
    words = _inside(element)
    if element.tag == "a" and element.get("href"):
        return f"[{words}]({element.get('href')})"
    mark = _AROUND.get(str(element.tag), "")
    return f"{mark}{words}{mark}" if words.strip() else words


def _plain(words: str | None) -> str:
    """Text, in which a line break means nothing and nothing means markup."""
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", words or ""))
