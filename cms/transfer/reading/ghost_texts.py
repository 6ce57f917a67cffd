"""Ghost's two source formats as HTML: Mobiledoc (versions 1 to 4) and Lexical (from 5).

Needed only where an export has no rendered HTML. Cards that are HTML already stay HTML; a card without an
equivalent keeps its words and is counted.
"""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from cms.core.errors import Invalid
from cms.core.markup import render_markdown
from cms.transfer.reading.bodies import figure, gallery, link_paragraph
from cms.transfer.reading.vocabulary import Loss

DEEPEST = 40
Node = Mapping[str, Any]
_MARKS = ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark"))
_UNREADABLE = Loss("texts in a form that cannot be read became empty")


def html_of_mobiledoc(text: str) -> tuple[str, list[Loss]]:
    """The HTML of a Mobiledoc document, and what it lost."""
    losses: list[Loss] = []
    try:
        document = json.loads(text)
        parts = [_section(section, document, losses) for section in _list(document, "sections")]
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, RecursionError):
        return "", [_UNREADABLE]
    return "".join(parts), losses


def html_of_lexical(text: str) -> tuple[str, list[Loss]]:
    """The HTML of a Lexical document, and what it lost."""
    losses: list[Loss] = []
    try:
        root = json.loads(text)["root"]
        return _children(root, losses, 0), losses
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, RecursionError):
        return "", [_UNREADABLE]


# Mobiledoc ------------------------------------------------------------------------------------------------------


def _section(section: list[Any], document: Node, losses: list[Loss]) -> str:
    match section:
        case [1, str(tag), markers, *_]:
            inside = _markers(markers, document)
            tag = tag if tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside") else "p"
            return f"<{tag}>{inside}</{tag}>"
        case [2, str(source), *_]:
            return figure(f'<img src="{escape(source)}" alt="">')
        case [3, str(tag), items, *_]:
            inside = "".join(f"<li>{_markers(item, document)}</li>" for item in items)
            return f"<{tag}>{inside}</{tag}>" if tag in ("ul", "ol") else inside
        case [10, int(number), *_]:
            name, payload = _list(document, "cards")[number][:2]
            return _card(str(name), payload, losses)
    return ""


def _markers(markers: list[Any], document: Node) -> str:
    """Runs of text that open and close marks as they go; atoms stand for line breaks and mentions."""
    made: list[str] = []
    opened: list[str] = []
    for kind, opens, closes, value in (marker[:4] for marker in markers):
        for number in opens:
            tag, *attributes = _list(document, "markups")[number]
            tag = str(tag)
            href = (
                dict(zip(attributes[0][::2], attributes[0][1::2], strict=False)).get("href")
                if attributes
                else None
            )
            made.append(f'<a href="{escape(str(href))}">' if tag == "a" else f"<{escape(tag)}>")
            opened.append(escape(tag))
        if kind == 0:
            made.append(escape(str(value), quote=False))
        else:
            name, words = _list(document, "atoms")[value][:2]
            made.append("<br>" if name == "soft-return" else escape(str(words), quote=False))
        for _ in range(min(closes, len(opened))):
            made.append(f"</{opened.pop()}>")
    return "".join(made) + "".join(f"</{tag}>" for tag in reversed(opened))


def _list(document: Node, name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []


# Lexical --------------------------------------------------------------------------------------------------------


def _children(node: Node, losses: list[Loss], depth: int) -> str:
    if depth > DEEPEST:
        raise RecursionError
    children = node.get("children") or []
    return "".join(_node(child, losses, depth + 1) for child in children if isinstance(child, dict))


def _node(node: Node, losses: list[Loss], depth: int) -> str:
    kind = str(node.get("type", "")).removeprefix("extended-")
    match kind:
        case "text":
            return _marked(str(node.get("text", "")), node.get("format", 0))
        case "linebreak":
            return "<br>"
        case "link" | "autolink":
            return f'<a href="{escape(str(node.get("url", "")))}">{_children(node, losses, depth)}</a>'
    if "children" not in node:
        return _card(kind, node, losses)
    inside = _children(node, losses, depth)
    match kind:
        case "paragraph":
            return f"<p>{inside}</p>"
        case "heading":
            tag = node.get("tag")
            tag = tag if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
            return f"<{tag}>{inside}</{tag}>"
        case "quote" | "aside":
            return f"<blockquote><p>{inside}</p></blockquote>"
        case "list":
            tag = "ol" if node.get("listType") == "number" else "ul"
            return f"<{tag}>{inside}</{tag}>"
        case "listitem":
            return f"<li>{inside}</li>"
    return inside


def _marked(text: str, marks: object) -> str:
    html = escape(text, quote=False)
    for bit, tag in _MARKS:
        if isinstance(marks, int) and marks & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html


# Cards of both --------------------------------------------------------------------------------------------------


def _card(name: str, payload: Any, losses: list[Loss]) -> str:
    if not isinstance(payload, dict):
        return ""
    maker = _CARDS.get(name)
    if maker:
        return maker(payload)
    words = [
        str(payload[key])
        for key in ("heading", "header", "content", "text", "title", "caption")
        if payload.get(key)
    ]
    losses.append(Loss(f"card {name} has no equivalent here: its words were kept"))
    return "".join(f"<p>{one}</p>" for one in words)


def _value(payload: Node, name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _image(payload: Node) -> str:
    source, alt = escape(_value(payload, "src")), escape(_value(payload, "alt"))
    return figure(f'<img src="{source}" alt="{alt}">', _value(payload, "caption")) if source else ""


def _gallery(payload: Node) -> str:
    images = payload.get("images")
    rows = [one for one in images if isinstance(one, dict)] if isinstance(images, list) else []
    return gallery((_value(one, "src"), _value(one, "alt"), "") for one in rows)


def _markdown(payload: Node) -> str:
    try:
        return render_markdown(_value(payload, "markdown")).html
    except Invalid:
        return f"<pre>{escape(_value(payload, 'markdown'))}</pre>"


def _code(payload: Node) -> str:
    caption = _value(payload, "caption")
    return f"<pre><code>{escape(_value(payload, 'code'))}</code></pre>" + (
        f"<p>{caption}</p>" if caption else ""
    )


def _linked(payload: Node) -> str:
    url = _value(payload, "url") or _value(payload, "buttonUrl")
    metadata = payload.get("metadata")
    title = _value(metadata, "title") if isinstance(metadata, dict) else ""
    words = title or _value(payload, "buttonText") or url
    return f'<p><a href="{escape(url)}">{escape(words)}</a></p>' if url else ""


def _embedded(payload: Node) -> str:
    url = _value(payload, "url")
    return link_paragraph(url) + (f"<p>{_value(payload, 'caption')}</p>" if payload.get("caption") else "")


def _player(tag: str) -> Callable[[Node], str]:
    def make(payload: Node) -> str:
        source = escape(_value(payload, "src"))
        return (
            figure(f'<{tag} controls src="{source}"></{tag}>', _value(payload, "caption")) if source else ""
        )

    return make


def _file(payload: Node) -> str:
    source = escape(_value(payload, "src"))
    words = escape(_value(payload, "fileTitle") or _value(payload, "fileName") or "file")
    return f'<p><a href="{source}">{words}</a></p>' if source else ""


def _callout(payload: Node) -> str:
    return f"<blockquote><p>{_value(payload, 'calloutText')}</p></blockquote>"


def _toggle(payload: Node) -> str:
    return f"<details><summary>{_value(payload, 'heading')}</summary>{_value(payload, 'content')}</details>"


_CARDS: dict[str, Callable[[Node], str]] = {
    "html": lambda payload: _value(payload, "html"),
    "markdown": _markdown,
    "card-markdown": _markdown,
    "image": _image,
    "gallery": _gallery,
    "hr": lambda payload: "<hr>",
    "horizontalrule": lambda payload: "<hr>",
    "code": _code,
    "codeblock": _code,
    "bookmark": _linked,
    "button": _linked,
    "embed": _embedded,
    "video": _player("video"),
    "audio": _player("audio"),
    "file": _file,
    "callout": _callout,
    "toggle": _toggle,
    "paywall": lambda payload: "",
}
