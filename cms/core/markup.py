"""Markdown in, clean HTML out. The only module that may declare HTML safe.

A text is rendered and cleaned when it is saved, not when it is read; `RENDERER` is stored beside it, so that
texts can be rendered again when the rules here change. Rendering is pure and may be slow for hostile input:
call it before a transaction, never inside one.
"""

import hashlib
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import nh3
from markdown import Markdown
from markupsafe import Markup

from cms.core import dialect, embeds
from cms.core.deadline import TooSlow, run_within
from cms.core.errors import Invalid
from cms.core.text import strip_control

RENDERER = 2  # 2: players of other sites, task lists, pull quotes
LONGEST = 100_000  # characters
DEADLINE = 4.0  # seconds; Python-Markdown is quadratic on some hostile inputs

_TAGS = set(
    "a abbr aside b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h2 h3 h4 h5 "
    "h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td "
    "tfoot th thead tr u ul var audio video source picture time".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "audio": {"src", "controls", "preload"},
    "code": set(),
    "col": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "figure": {"data-embed"},
    "img": {"src", "alt", "title", "width", "height", "loading", "decoding", "srcset", "sizes"},
    "ins": {"datetime"},
    "ol": {"start", "reversed", "type"},
    "source": {"src", "type", "srcset", "sizes"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "time": {"datetime"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
}
# Classes that our own renderer writes; any other class in a text is dropped, so that a text cannot dress
# itself up as part of the page.
_CLASSES = re.compile(
    r"^(highlight|language-[\w+-]{1,30}|admonition(-title)?|note|tip|info|warning|danger|quote|footnote(-ref|-backref)?|"
    r"pullquote|wide|full|gallery|lead|task-list(-item)?|embed(-film|-sound|-name)?|[a-z]{1,2}[a-z0-9]{0,2})$"
)
_IDS = re.compile(r"^(fn|fnref|toc|h)[:\-][\w\-.:]{1,100}$")
_ALLOWED: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    "text": (_TAGS, _ATTRIBUTES),
    "remark": (  # what comments are made of
        set("a blockquote br code del em li ol p pre strong ul".split()),
        {"a": {"href", "title"}, "ol": {"start"}},
    ),
}
_REMARK_EXTENSIONS = [
    "nl2br",
    "sane_lists",
    "pymdownx.superfences",
    "pymdownx.tilde",
    "pymdownx.betterem",
    "pymdownx.magiclink",
]
_EXTENSIONS = [
    "abbr",
    "def_list",
    "footnotes",
    "tables",
    "toc",
    "sane_lists",
    "smarty",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "pymdownx.tilde",
    "pymdownx.mark",
    "pymdownx.betterem",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.caption",
    "pymdownx.magiclink",
]


class TooLong(Invalid):
    """The text is longer than one post may be."""

    message = f"This text is longer than {LONGEST:,} characters. Please split it into several posts."


class TooInvolved(Invalid):
    """The text cannot be rendered in a reasonable time."""

    message = (
        "This text nests or repeats its formatting so deeply that it cannot be rendered. Please simplify it."
    )


@dataclass(frozen=True)
class Heading:
    """One line of a table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A text made ready for readers: clean HTML, its headings, and its words alone."""

    html: str
    plain: str
    outline: list[Heading] = field(default_factory=list)


def render_markdown(text: str) -> Rendered:
    """Render and clean a Markdown text. Raises `TooLong` or `TooInvolved`; both are `Invalid`."""
    return _render(text, _markdown_to_html)


def render_html(html: str) -> Rendered:
    """Clean a text that came as HTML (an import, an editor's paste). Raises as `render_markdown` does."""
    return _render(html, _same)


def render_remark(text: str) -> Rendered:
    """Render and clean a comment: paragraphs, emphasis, lists, quotes, code and links, whatever else was typed.

    Raises as `render_markdown` does.
    """
    return _render(text, _remark_to_html, "remark")


def clean_html(html: str, sort: str = "text") -> str:
    """HTML with nothing left but what our list allows; cleaning it again changes nothing.

    A "remark" may hold less than a "text". One pass is not a fixed point for some hostile inputs (a table's foster
    children), so it runs until stable.
    """
    tags, attributes = _ALLOWED[sort]
    for _ in range(5):
        cleaned = nh3.clean(
            html,
            tags=tags,
            attributes=attributes,
            attribute_filter=_filter_attribute,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener nofollow ugc",
            clean_content_tags={
                "script",
                "style",
                "template",
                "iframe",
                "object",
                "svg",
                "math",
                "noscript",
                "title",
            },
        )
        if cleaned == html:
            return cleaned
        html = cleaned
    return nh3.clean(html, tags=set())  # never settled: keep the words, drop the tags


def plain_text(html: str) -> str:
    """The words of a piece of HTML, one space where a block ended."""
    spaced = re.sub(r"</(p|h\d|li|tr|td|th|div|figcaption|blockquote|pre)>|<br[^>]*>", " \\g<0>", html)
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())


def trusted(html: str) -> Markup:
    """Declare HTML safe that `clean_html` or one of our own templates made. Nothing else may call Markup."""
    return Markup(html)  # noqa: S704 - this is the one place


def content_hash(*parts: object) -> str:
    """A short name for exactly this content, for approvals and validators to bind to."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def _render(text: str, convert: Any, sort: str = "text") -> Rendered:
    text = strip_control(text)
    if len(text) > LONGEST:
        raise TooLong
    try:
        return run_within(DEADLINE, _rendered, text, convert, sort)
    except (RecursionError, TooSlow) as error:
        raise TooInvolved from error


def _rendered(text: str, convert: Any, sort: str) -> Rendered:
    html = clean_html(_demote_titles(convert(text)), sort)
    html, outline = _with_heading_ids(html)
    without_code = re.sub(r"<pre\b.*?</pre>", " ", html, flags=re.DOTALL)
    return Rendered(html=html, plain=plain_text(without_code), outline=outline)


def _markdown_to_html(text: str) -> str:
    converter = Markdown(
        extensions=[*_EXTENSIONS, dialect.Dialect(), dialect.PullQuotes()],
        extension_configs={
            "footnotes": {"BACKLINK_TITLE": ""},
            "toc": {"marker": ""},
            "pymdownx.highlight": {"use_pygments": True, "guess_lang": False, "anchor_linenums": False},
            "pymdownx.tilde": {"subscript": False},
        },
        output_format="html",
    )
    return converter.convert(text)


def _remark_to_html(text: str) -> str:
    converter = Markdown(
        extensions=_REMARK_EXTENSIONS,
        extension_configs={
            "pymdownx.tilde": {"subscript": False},
            "pymdownx.superfences": {"disable_indented_code_blocks": True},
        },
        output_format="html",
    )
    return converter.convert(text)


def _same(html: str) -> str:
    return html


def _demote_titles(html: str) -> str:
    """The page's title is its only first-level heading."""
    return re.sub(r"<(/?)h1\b", r"<\1h2", html)


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = " ".join(word for word in value.split() if _CLASSES.match(word))
        return kept or None
    if name == "id":
        return value if _IDS.match(value) else None
    if name == "data-embed":
        return value if embeds.is_frame(value) else None
    if name in ("href", "src", "poster"):
        return value if _is_plain_address(value) else None
    return value


def _is_plain_address(value: str) -> bool:
    """Drop addresses with control or separator characters: harmless in browsers today, not for ever."""
    return not re.search("[\x00-\x20\x7f-\x9f\u2028\u2029]", value.strip(" "))


def _with_heading_ids(html: str) -> tuple[str, list[Heading]]:
    """Number the headings, so that a table of contents and a shared link can point at them."""
    outline: list[Heading] = []

    def give_id(match: re.Match[str]) -> str:
        level, inside = int(match[1]), match[3]
        heading = Heading(level, f"h-{len(outline) + 1}", plain_text(inside))
        outline.append(heading)
        return f'<h{level} id="{heading.id}">{inside}</h{level}>'

    html = re.sub(r"<h([2-6])( [^>]*)?>(.*?)</h\1>", give_id, html, flags=re.DOTALL)
    return html, [h for h in outline if h.level <= 3 and h.text]
