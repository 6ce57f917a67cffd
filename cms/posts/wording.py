"""The words of a note: from what somebody types to Markdown and back, and what can be read out of them.

A note is kept as Markdown like any other text. `@people` and `#words` become links in it, line ends stay line ends,
and a line that begins with `#word` is no heading. `typed` gives back what was typed, to be written on.
"""

import re
from collections.abc import Callable, Mapping

from cms.core.text import make_slug

_PROTECTED = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|!?\[[^\]\n]*\]\([^)\s]*\)|<[^>\n]*>|(?:https?://|www\.)[^\s<>]*",
    re.DOTALL,
)
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+/@\\-])@([^\W_](?:[\w-]{0,38}[^\W_])?)")
_HASH = re.compile(r"(?<![A-Za-z0-9_&/#\\])#((?=[\d_-]*[^\W\d_])[^\W_](?:[\w-]{0,78}[^\W_])?)#?")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+", re.IGNORECASE)
_OPENING_HASH = re.compile(r"^(\s{0,3})#", re.MULTILINE)
_LINE_END = re.compile(r"(?<=\S)[ \t]*\n(?=[^\n])")
_LINKED = re.compile(r"\[([@#][^\]\n]+)\]\(/(?:@|tags/)[^)\s]*\)")
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = ("en", "de", "fr", "es", "pt", "it", "id", "vi")


def as_markdown(text: str, people: Mapping[str, str]) -> str:
    """What was typed, as Markdown. `people` says which mentioned words are handles: `{"Li-Na": "li-na"}`."""

    def linked(part: str) -> str:
        part = _MENTION.sub(lambda match: _mention(match, people), part)
        part = _HASH.sub(lambda match: f"[#{match[1]}](/tags/{make_slug(match[1])})", part)
        return _OPENING_HASH.sub(r"\1\\#", part)

    return _LINE_END.sub("  \n", _outside(text.strip(), linked))


def typed(markdown: str) -> str:
    """The text of a note as it was typed."""
    plain = _LINKED.sub(lambda match: match[1], markdown)
    return re.sub(r"^(\s{0,3})\\#", r"\1#", plain.replace("  \n", "\n"), flags=re.MULTILINE)


def mentioned(text: str) -> list[str]:
    """Words that may be handles, without their @, in order: also the beginning of one that Han characters follow."""
    return list(dict.fromkeys(word for one in _found(_MENTION, text) for word in _readings(one)))


def tagged(text: str) -> list[str]:
    """The words behind a #, in order, once each."""
    return list(dict.fromkeys(_found(_HASH, text)))


def first_address(text: str) -> str | None:
    """The first address on the web in a text, without the full stop that ends the sentence."""
    match = _ADDRESS.search(text)
    if match is None:
        return None
    address = match[0].rstrip(".,;:!?*_~'")
    while address.endswith((")", "]")) and address.count(address[-1]) > address.count(
        "([)]"[address[-1] == "]"]
    ):
        address = address[:-1]
    return address if len(address) <= 2000 else None


def guess_language(text: str, *, own: str) -> str:
    """The language a text is probably in, told by its script; Latin letters are taken for `own`, or English."""
    words = _ADDRESS.sub(" ", text)
    letters = len(_LETTER.findall(words))
    for language, script in _SCRIPTS.items():
        share = len(script.findall(words)) / letters if letters else 0
        if share >= (0.1 if language in ("ja", "ko") else 0.25):
            return language if language != "zh" or not own.startswith("zh") else own
    return own if not letters or own in _LATIN else "en"


def _mention(match: re.Match[str], people: Mapping[str, str]) -> str:
    for word in _readings(match[1]):
        if word in people:
            return f"[@{word}](/@{people[word]}){match[1][len(word) :]}"
    return match[0]


def _readings(word: str) -> list[str]:
    """`li-na的帮助` may mean `li-na`: Chinese puts no space behind a name."""
    head = re.match(r"[A-Za-z0-9][A-Za-z0-9_-]*", word)
    shorter = head[0].rstrip("-_") if head else ""
    return [word, shorter] if shorter and shorter != word else [word]


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    found: list[str] = []

    def look(part: str) -> str:
        found.extend(match[1] for match in pattern.finditer(part))
        return part

    _outside(text, look)
    return found


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change a text where it is neither code, link nor address."""
    parts, at = [], 0
    for match in _PROTECTED.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])
