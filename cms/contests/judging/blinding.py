"""A text without who wrote it, as far as a program can see. Pure.

What certainly names the author (name, handle, mail address, the address of their page or blog) is covered; what only looks
like a signature is left and pointed out, for a person to decide.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

COVER = "█████"
_SIGNATURES = re.compile(
    r"(?im)^[ \t>*_#-]*(?:(?:written |posted |photo(?:graph)?s? |text )?by[ \t:]|author[ \t]*:|作者[ \t:：]|撰文[ \t:：]|"
    r"文[ \t]*[/／:：]|笔名[ \t:：]|署名[ \t:：]|投稿人[ \t:：]|姓名[ \t:：]).{1,60}$"
)
_REACHABLE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<>()\"'，。；！？、）】]+|"
    r"(?<!\d)(?:\+?\d[\d -]{8,15}\d)(?!\d)|(?<![\w/@])@[\w.-]{2,}"
)
_OWN = re.compile(
    r"(?i)\b(?:my (?:blog|website|channel|company|employer|column)|as I wrote (?:in|on))\b|"
    r"我的(?:博客|微博|公众号|网站|公司|专栏)|本人(?:姓名|系)|我在.{1,12}(?:公司|集团)(?:工作|上班|任职)"
)


@dataclass(frozen=True)
class Author:
    """What names one of those who wrote an entry."""

    name: str
    handle: str = ""
    email: str = ""
    others: Sequence[str] = ()  # the address of their blog, the company in their headline


@dataclass(frozen=True)
class Hint:
    """Something that may say who wrote it."""

    kind: str  # "named", "signature", "reachable", "own"
    passage: str


def blind(text: str, authors: Iterable[Author]) -> str:
    """The text with everything covered that names its authors."""
    pattern = _names(authors)
    return pattern.sub(COVER, text) if pattern else text


def hints(text: str, authors: Iterable[Author]) -> list[Hint]:
    """What names the authors, and what looks as if it did; each passage once."""
    pattern = _names(authors)
    named = [Hint("named", found.group()) for found in pattern.finditer(text)] if pattern else []
    rest = [
        Hint(kind, found.group().strip())
        for kind, wanted in (("signature", _SIGNATURES), ("reachable", _REACHABLE), ("own", _OWN))
        for found in wanted.finditer(text)
    ]
    return list(dict.fromkeys([*named, *rest]))


def _names(authors: Iterable[Author]) -> re.Pattern[str] | None:
    wanted = sorted({name for one in authors for name in _spellings(one)}, key=len, reverse=True)
    return re.compile("|".join(map(_as_word, wanted)), re.IGNORECASE) if wanted else None


def _spellings(author: Author) -> Iterator[str]:
    """Every way they are likely to be written: not single letters, and not the single characters of a Chinese name."""
    name = unicodedata.normalize("NFC", " ".join(author.name.split()))
    said = [name, author.email, author.email.partition("@")[0], *author.others]
    if author.handle:
        said += [f"@{author.handle}", author.handle]
    if " " in name:
        said += [part for part in name.split() if len(part) > 2]
    yield from (one for one in map(str.strip, said) if len(one) > 1)


def _as_word(name: str) -> str:
    """Latin names only where a word begins and ends; any space stands for any white space."""
    pattern = r"\s+".join(map(re.escape, name.split()))
    before = r"(?<![^\W_])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![^\W_])" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{before}{pattern}{after}"
