"""What a reader would trip over in a text, as advice with a place to jump to. Pure, and never a score.

Nothing here forbids anything: only claims that somebody marked hold a text up.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from cms.core.text import count_words, is_ideographic
from cms.reviews.claimwords import find_claims
from cms.reviews.sentences import Reading, measure

LONGEST_TITLE = 60  # as wide as so many Latin letters: search engines show about that much
LONGEST_SUMMARY = 160
LONG_PARAGRAPH = {True: 300, False: 160}  # Han characters, words
SHOWN = 12  # places of one kind
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th", "figcaption"}


@dataclass(frozen=True)
class Writing:
    """A text as it is checked. `alts` are the words for each file of the post that is shown apart from the text."""

    kind: str
    language: str
    title: str
    summary: str
    html: str
    plain: str
    has_cover: bool
    alts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice:
    """One thing to look at. `quote` are words of the text at the place, when it has one."""

    code: str
    sentence: str
    quote: str = ""
    is_claim: bool = False  # the quoted sentence may be marked as needing a source


@dataclass
class Walked:
    """What stands in a piece of HTML, in order."""

    pictures: list[str | None] = field(default_factory=list)  # their alternative text
    headings: list[tuple[int, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # the words of every block, headings and cells too
    links: list[tuple[str, str]] = field(default_factory=list)  # address, words
    before_picture: list[str] = field(default_factory=list)  # the words that stood before each picture


def advise(
    writing: Writing, *, words: Sequence[str], broken: Mapping[str, str] | None = None
) -> list[Advice]:
    """Everything worth a look. `words` want a source; `broken` says what is wrong with addresses that were looked at."""
    walked = walk(writing.html)
    checks: list[Callable[[], Iterator[Advice]]] = [
        lambda: _heads(writing),
        lambda: _pictures(writing, walked),
        lambda: _headings(walked),
        lambda: _links(walked, broken or {}),
        lambda: _lengths(writing, walked),
        lambda: _claims(writing, walked, words),
    ]
    return [one for check in checks for one in check()]


def reading_of(writing: Writing) -> Reading | None:
    """How the text reads, in numbers."""
    return measure("\n".join(walk(writing.html).paragraphs))


def walk(html: str) -> Walked:
    """Pictures, headings, paragraphs and links of clean HTML."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    return walker.found


def links_in(html: str) -> list[str]:
    """Every address outside that a text links to, once, in order."""
    found = (url for url, _words in walk(html).links)
    return list(dict.fromkeys(url for url in found if re.match(r"https?://", url, re.IGNORECASE)))


def _heads(writing: Writing) -> Iterator[Advice]:
    if writing.kind == "note":
        return
    if not writing.title:
        yield Advice("title.empty", _("It has no title."))
    elif _width(writing.title) > LONGEST_TITLE:
        yield Advice(
            "title.long", _("The title is long: search engines and cards cut it off."), writing.title
        )
    if not writing.summary:
        yield Advice(
            "summary.empty", _("It has no summary. Lists and search engines show its beginning instead.")
        )
    elif _width(writing.summary) > LONGEST_SUMMARY:
        yield Advice(
            "summary.long", _("The summary is long: search engines cut it off."), writing.summary[:80]
        )
    if writing.kind == "article" and not writing.has_cover:
        yield Advice("cover.empty", _("It has no cover. Cards and shared links go without a picture."))


def _pictures(writing: Writing, walked: Walked) -> Iterator[Advice]:
    for alt, before in list(zip(walked.pictures, walked.before_picture, strict=True))[:SHOWN]:
        if not (alt or "").strip():
            yield Advice("picture.alt", _("A picture has no alternative text."), before[-60:])
    missing = sum(1 for alt in writing.alts if not alt.strip())
    if missing:
        sentence = ngettext(
            "%(num)d picture of the post has no alternative text.",
            "%(num)d pictures of the post have no alternative text.",
            missing,
        )
        yield Advice("file.alt", sentence)


def _headings(walked: Walked) -> Iterator[Advice]:
    before = 1
    for level, words in walked.headings[:200]:
        if not words:
            yield Advice("heading.empty", _("A heading is empty."))
        elif level > before + 1:
            yield Advice(
                "heading.skip",
                _(
                    "The heading “%(words)s” skips a level: after %(before)s comes %(level)s.",
                    words=words[:60],
                    before=f"H{before}",
                    level=f"H{level}",
                ),
                words,
            )
        before = level


def _links(walked: Walked, broken: Mapping[str, str]) -> Iterator[Advice]:
    sentences = {
        "gone": _("A link leads to a page that is gone: %(url)s"),
        "unreachable": _("A link leads to a site that did not answer: %(url)s"),
        "failing": _("A link leads to a page that fails: %(url)s"),
    }
    seen = set()
    for url, words in walked.links:
        problem = broken.get(url)
        if problem in sentences and url not in seen:
            yield Advice("link.broken", sentences[problem] % {"url": url}, words)
        seen.add(url)


def _lengths(writing: Writing, walked: Walked) -> Iterator[Advice]:
    for text in walked.paragraphs:
        is_han = sum(map(is_ideographic, text)) > count_words(text) / 2
        if count_words(text) > LONG_PARAGRAPH[is_han]:
            yield Advice(
                "paragraph.long",
                _("A paragraph is very long (%(count)d).", count=count_words(text)),
                text[:80],
            )
    reading = reading_of(writing)
    for sentence in reading.longest if reading else ():
        yield Advice(
            "sentence.long",
            _("A sentence is very long (%(count)d).", count=count_words(sentence)),
            sentence[:120],
        )


def _claims(writing: Writing, walked: Walked, words: Sequence[str]) -> Iterator[Advice]:
    text = "\n".join((writing.title, writing.summary, *walked.lines))
    for word, sentence in find_claims(text, words):
        yield Advice(
            "claim.word",
            _("“%(word)s” is a claim: say where it is from.", word=word),
            sentence,
            is_claim=True,
        )


def _width(text: str) -> int:
    return sum(2 if is_ideographic(one) else 1 for one in text)


class _Walker(HTMLParser):
    """Collects as it goes; our HTML is clean, so tags are closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Walked()
        self._open: list[tuple[str, list[str]]] = []
        self._links: list[tuple[str, list[str]]] = []
        self._last = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """A tag opens."""
        values = dict(attrs)
        if tag == "img":
            self.found.pictures.append(values.get("alt"))
            words = " ".join("".join(self._open[-1][1]).split()) if self._open else ""
            self.found.before_picture.append(words or self._last)
        elif tag == "a" and values.get("href"):
            self._links.append((values["href"], []))
        elif tag in _BLOCKS:
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        """Words."""
        for _tag, words in self._open[-1:]:
            words.append(data)
        for _url, words in self._links[-1:]:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag == "a" and self._links:
            url, words = self._links.pop()
            self.found.links.append((url, " ".join("".join(words).split())))
        elif tag in _BLOCKS and any(one == tag for one, _words in self._open):
            while self._open:
                opened, words = self._open.pop()
                self._note(opened, " ".join("".join(words).split()))
                if opened == tag:
                    break

    def _note(self, tag: str, words: str) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.found.headings.append((int(tag[1]), words))
        elif tag in ("p", "li", "blockquote") and words:
            self.found.paragraphs.append(words)
        if words:
            self.found.lines.append(words)
            self._last = words
