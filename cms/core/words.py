"""The interface's sentences in Chinese: each room keeps its own catalogue beside its code.

At run time they are one catalogue, so a sentence has one translation in all rooms. Where an English word means two
things, its call sites say which: `pgettext("claim", "Open")`, `pgettext("link", "Open")`.

`HOUSE/ROOM/translations/zh/LC_MESSAGES/messages.po` holds what `HOUSE/ROOM/` and `templates/HOUSE/ROOM/` say, where
the house is `cms` or `campaigns`; layouts, components and error pages belong to `core`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CAMPAIGN_ROOMS = ("plans", "channels", "links", "deliveries", "engagement", "goals", "polls", "reports")
ROOMS = (
    "core",
    "people",
    "notices",
    "media",
    "topics",
    "calendar",
    "drafts",
    "posts",
    "reviews",
    "comments",
    "circles",
    "site",
    "contributions",
    "blogs",
    "following",
    "contests",
    "transfer",
    "api",
    *CAMPAIGN_ROOMS,
)
_SINCE = datetime(2026, 11, 21, tzinfo=UTC)  # one for all: a date of its own made every two changes collide
SHARED_TEMPLATES = ("layouts", "components", "errors", "emails")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
Said = str | tuple[str, ...]
Key = tuple[Said, str | None]  # the sentence, or its singular and plural, and its context

_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]


def home(room: str) -> str:
    """Where a room is: `cms/posts`, `campaigns/links`."""
    return f"{'campaigns' if room in CAMPAIGN_ROOMS else 'cms'}/{room}"


def catalogue_path(root: Path, room: str) -> Path:
    """Where a room keeps its Chinese sentences."""
    return root / home(room) / "translations" / "zh" / "LC_MESSAGES" / "messages.po"


def missing(root: Path) -> dict[str, list[str]]:
    """Sentences without a translation, by room. Empty when the interface is complete in both languages."""
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        have = _read(catalogue_path(root, room))
        lacking = [str(_first(key)) for key in _said_in(root, room) if not _is_translated(have, key)]
        if lacking:
            found[room] = lacking
    return found


def contradictions(root: Path) -> dict[str, dict[str, Said]]:
    """Sentences that rooms translate differently, with what each room says.

    Of these the last room read would speak for all of them.
    """
    found: dict[Key, dict[str, Said]] = {}
    for room in ROOMS:
        for key, said in translations(root, room):
            found.setdefault(key, {})[room] = said
    return {_first(key): said for key, said in found.items() if len(set(said.values())) > 1}


def translations(root: Path, room: str) -> Iterator[tuple[Key, Said]]:
    """Each sentence of a room's catalogue, and what it is in Chinese."""
    for message in _read(catalogue_path(root, room)):
        if message.id:
            yield (_said(message.id), message.context), _said(message.string or "")


def update(root: Path) -> None:
    """Write every sentence a room says into its catalogue, keep what is translated, drop what is not said any more.

    A sentence that another room has translated already is taken over from there.
    """
    known = {key: said for room in ROOMS for key, said in translations(root, room) if said and all(said)}
    for room in ROOMS:
        path = catalogue_path(root, room)
        have = _read(path)
        now = Catalog(locale="zh", project="Parley", charset="utf-8", creation_date=_SINCE)
        for key in sorted(_said_in(root, room), key=lambda one: str(_first(one))):
            old = have.get(key[0], key[1])
            said = old.string if old and _is_translated(have, key) else known.get(key, "")
            now.add(key[0], said, context=key[1])
        if len(now) == 0:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, now, width=110, omit_header=False, sort_output=True, ignore_obsolete=True)


def compile_all(root: Path) -> None:
    """Make the binary catalogues that are read at run time."""
    for room in ROOMS:
        path = catalogue_path(root, room)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(path))


def _said_in(root: Path, room: str) -> set[Key]:
    said = {key for folder in _folders(root, room) for key in _extract(folder)}
    if room == "core":
        said |= {
            (message, context)
            for _, message, _, context in extract_from_file("python", root / "app.py", _KEYWORDS)
        }
    return said


def _folders(root: Path, room: str) -> Iterator[Path]:
    yield root / home(room)
    yield root / "templates" / home(room)
    if room == "core":
        yield from (root / "templates" / name for name in SHARED_TEMPLATES)


def _extract(folder: Path) -> Iterator[Key]:
    if folder.is_dir():
        options = {"**.html": {"trimmed": "true"}}
        for _, _, message, _, context in extract_from_dir(folder, _METHODS, options, keywords=_KEYWORDS):
            yield _said(message), context


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="zh")
    with path.open("rb") as file:
        return read_po(file, locale="zh")


def _is_translated(catalogue: Catalog, key: Key) -> bool:
    message = catalogue.get(key[0], key[1])
    if message is None or message.fuzzy:
        return False
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(said)


def _said(words: str | list[str] | tuple[str, ...]) -> Said:
    return words if isinstance(words, str) else tuple(words)


def _first(key: Key) -> str:
    return key[0] if isinstance(key[0], str) else key[0][0]
