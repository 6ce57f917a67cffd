"""Handles: the part of an address that names somebody, in any script, and never to be mistaken for another.

Two handles that look alike have the same key (Unicode TR 39, "skeleton"), and keys are unique. A handle is NFKC,
in lower case, of one script or of a mixture that people really write (Han with Latin, Japanese, Korean).
"""

import unicodedata
from collections.abc import Collection
from functools import lru_cache

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data
from flask_babel import gettext as _

from cms.core.errors import Invalid
from cms.core.secrets import keyed_hash
from cms.core.text import make_slug

LONGEST = 30
MIXTURES = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
RESERVED_WORDS = """
    admin administrator answers api archive atom audit author authors calendar campaign campaigns certificates channel
    circle circles comments contact contest contests contract contribute contributions corrections dashboard demo
    desk e editor editors en everyone expert experts favicon feed feeds follow guest health help here home host
    hostmaster info invitation invitations jobs json l legal letters link links live llms login logout mail
    mailer-daemon manager me media member members metrics moderator moderators news newsletter no-reply
    nobody noreply note notes notices notifications null official opml owner parley password people photos
    podcast poll polls post postmaster posts press privacy profile public report reports robots root rss
    search section sections security settings shared sign-in sign-out sign-up signin signout signup site
    sitemap sitemaps staff static status styles support system tag tags team terms test tokens u undefined
    unknown user users webmaster well-known what-we-count www you zh
    公司 公告 匿名 官方 客户服务 客服 所有人 新闻 测试 游客 版主 站长
    管理员 管理員 系統 系统 編輯 编辑 编辑部
""".split()
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")  # Hangul fillers: letters that show nothing


class BadHandle(Invalid):
    """The handle cannot be used; the message says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, errors={"handle": sentence})


def normal(text: str) -> str:
    """The handle as it is stored and shown: NFKC, lower case, without a leading @."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip().lstrip("@")).casefold())


def check(text: str) -> str:
    """The normal form of a handle somebody chose; raises `BadHandle` with a sentence."""
    handle = normal(text)
    if not 2 <= len(handle) <= LONGEST:
        raise BadHandle(_("A handle has 2 to 30 characters."))
    if not all(_is_usable(character) for character in handle):
        raise BadHandle(_("A handle is made of letters, digits, hyphens and underscores."))
    if not (_is_word(handle[0]) and _is_word(handle[-1])) or _piles_up_marks(handle):
        raise BadHandle(_("A handle begins and ends with a letter or a digit."))
    if not _is_of_one_script(handle):
        raise BadHandle(_("This handle mixes alphabets that look alike. Please write it in one."))
    if key(handle) in _reserved_keys():
        raise BadHandle(_("This handle is reserved. Please choose another."))
    return handle


@lru_cache(maxsize=4096)
def key(handle: str) -> str:
    """What a handle looks like: equal for handles that a reader could take for each other."""
    text = normal(handle)
    for _round in range(3):  # the look of a look-alike may fold again: 0 looks like O, which folds to o
        seen = "".join(_prototype(character) for character in text)
        seen = normal(seen.replace("-", "_"))
        if seen == text:
            break
        text = seen
    return text[:80]


def left(look: str) -> str:
    """What is kept of the key of somebody who was erased: it can be compared, and never read."""
    return f"left:{keyed_hash(f'handle:{look}')}"


def is_reserved(look: str) -> bool:
    """Whether a key looks like a word that only the company may use."""
    return look in _reserved_keys()


def suggest(name: str, taken: Collection[str]) -> str:
    """A free handle made from a name; `taken` holds keys in use."""
    base = make_slug(name, longest=LONGEST - 4)
    if not _could_be_one(base):
        base = "reader"
    for number in range(1, 10_000):
        try:
            handle = check(base if number == 1 else f"{base}-{number}")
        except BadHandle:  # reserved; with a number it is not
            continue
        if key(handle) not in taken:
            return handle
    raise BadHandle(_("Please choose a handle."))


def _could_be_one(text: str) -> bool:
    handle = normal(text)
    return (
        2 <= len(handle) <= LONGEST
        and all(_is_usable(character) for character in handle)
        and _is_word(handle[0])
        and _is_word(handle[-1])
        and not _piles_up_marks(handle)
        and _is_of_one_script(handle)
    )


def _is_usable(character: str) -> bool:
    return character in "-_" or _is_word(character) or unicodedata.category(character) in ("Mn", "Mc")


def _is_word(character: str) -> bool:
    if character in _INVISIBLE_LETTERS:
        return False
    return unicodedata.category(character)[0] == "L" or character in "0123456789"


def _piles_up_marks(handle: str) -> bool:
    run = 0
    for character in handle:
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        if run > 2:
            return True
    return False


def _is_of_one_script(handle: str) -> bool:
    scripts = categories.unique_aliases(handle) - {"COMMON", "INHERITED"}
    return len(scripts) <= 1 or any(scripts <= mixture for mixture in MIXTURES)


@lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """The character that stands for all that look like this one; it is the one with most look-alikes."""
    group = {character, *(one["c"] for one in confusables_data.get(character, ()))}
    for one in list(group):
        group.update(other["c"] for other in confusables_data.get(one, ()))
    best: str = min(group, key=lambda one: (-len(confusables_data.get(one, ())), one))
    return best


@lru_cache(maxsize=1)
def _reserved_keys() -> frozenset[str]:
    return frozenset(key(word) for word in RESERVED_WORDS)
