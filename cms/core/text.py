"""Arithmetic on words that is right for Chinese and for Latin scripts: counting, cutting, slugs, search terms."""

import math
import re
import unicodedata

import regex
from slugify import slugify

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA_HANGUL = r"\u3040-\u30ff\uac00-\ud7af"
_IDEOGRAPH = re.compile(f"[{_HAN}{_KANA_HANGUL}]")
_IDEOGRAPH_RUN = re.compile(f"[{_HAN}{_KANA_HANGUL}]+")
_WORD = re.compile(f"[^\\W{_HAN}{_KANA_HANGUL}]+(?:['\u2019-][^\\W{_HAN}{_KANA_HANGUL}]+)*")
_RUN = re.compile(f"{_IDEOGRAPH_RUN.pattern}|{_WORD.pattern}")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

HAN_PER_MINUTE = 400  # silent reading of Chinese prose; see docs/decisions/0006
WORDS_PER_MINUTE = 230  # Brysbaert 2019, doi:10.1016/j.jml.2019.104047: 238 for non-fiction, rounded down
RESERVED_SLUGS = frozenset(
    "rss feed atom sitemap robots search archive new edit preview page posts notes tags sections".split()
)


def count_words(text: str) -> int:
    """Number of words: each Han, kana or hangul character counts one, each Latin word counts one."""
    return len(_IDEOGRAPH.findall(text)) + len(_WORD.findall(text))


def reading_minutes(text: str) -> int:
    """Whole minutes to read the plain text, at least one."""
    han, words = len(_IDEOGRAPH.findall(text)), len(_WORD.findall(text))
    return max(1, round(han / HAN_PER_MINUTE + words / WORDS_PER_MINUTE))


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a plain text, cut at a word or sentence and never inside a character.

    `length` is a width: a Han character is as wide as two Latin letters.
    """
    text = " ".join(text.split())
    width, cut = 0, 0
    for character in regex.findall(r"\X", text):  # what a person calls a character: UAX #29 grapheme clusters
        width += 2 if _IDEOGRAPH.match(character) else 1
        if width > length:
            break
        cut += len(character)
    else:
        return text
    head = text[:cut]
    if not _IDEOGRAPH.match(text[cut]):
        words, space, _ = head.rpartition(" ")
        head = words if space and len(words) > len(head) / 2 else head
    return head.rstrip(" ,;:.\u3001\uff0c\u3002") + "…"


def make_slug(text: str, *, longest: int = 80) -> str:
    """An address part that keeps Unicode letters (NFC, lower case); empty when nothing is left to use."""
    slug: str = slugify(text, allow_unicode=True, max_length=longest, word_boundary=True)
    slug = unicodedata.normalize("NFC", slug)
    return f"{slug}-1" if slug in RESERVED_SLUGS else slug


def strip_control(text: str) -> str:
    """The text without characters that XML 1.0 forbids; line ends become `\\n`."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def search_terms(text: str) -> list[str]:
    """The terms a text is found by, in order: Latin words folded, Han runs as characters, then as pairs.

    Neither full-text engine can part Chinese words, so index and query are parted here, the same way:
    `5G基站` becomes `5g 基 站 基站`. The pairs of a run stand side by side, so that a longer word is found as the
    phrase of its pairs, and only where it stands as it was typed.
    """
    terms: list[str] = []
    for run in search_runs(text):
        if is_ideographic(run):
            terms.extend(run)
            terms.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            terms.append(run)
    return terms


def search_runs(text: str) -> list[str]:
    """The folded words of a text and its unbroken runs of ideographs, in order: `5G基站` is `5g`, `基站`.

    NFKC folds full-width letters and digits, accents are dropped, and a hyphen or an apostrophe parts words
    (`well-known` is found by `known`, `Nadia's` by `nadia`).
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    runs: list[str] = []
    for found in _RUN.finditer(text):
        run = found.group()
        if is_ideographic(run):
            runs.append(run)
        else:
            runs.extend(_unaccented(part) for part in _parts(run))
    return runs


def is_ideographic(run: str) -> bool:
    """Whether a run from `search_runs` is made of Han, kana or hangul characters."""
    return bool(_IDEOGRAPH.match(run))


def _parts(word: str) -> list[str]:
    head, *tail = re.split(r"['\u2019_-]+", word)
    kept = [part for part in tail if len(part) > 2 or "-" in word or "_" in word]  # not the `s` of `it's`
    return [part for part in (head, *kept) if part]


def _unaccented(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def hours_and_minutes(seconds: float) -> str:
    """A length as a player shows it: `4:07`, or `1:02:30` from an hour on."""
    whole = math.floor(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
