"""The interface's sentences in Chinese: each room keeps its own catalogue beside its code.

`cms/ROOM/translations/zh/LC_MESSAGES/messages.po` holds what `cms/ROOM/` and `templates/cms/ROOM/` say; layouts,
components and error pages belong to `core`.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOMS = ("core", "people", "media", "topics", "posts", "site", "transfer", "api")
SHARED_TEMPLATES = ("layouts", "components", "errors", "emails")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.xml", "jinja2")]


def catalogue_path(root: Path, room: str) -> Path:
    """Where a room keeps its Chinese sentences."""
    return root / "cms" / room / "translations" / "zh" / "LC_MESSAGES" / "messages.po"


def missing(root: Path) -> dict[str, list[str]]:
    """Sentences without a translation, by room. Empty when the interface is complete in both languages."""
    found: dict[str, list[str]] = {}
    for room in ROOMS:
        have = _read(catalogue_path(root, room))
        lacking = [str(_first(key)) for key in _said_in(root, room) if not _is_translated(have, key)]
        if lacking:
            found[room] = lacking
    return found


def update(root: Path) -> None:
    """Write every sentence a room says into its catalogue, keep what is translated, drop what is not said any more."""
    for room in ROOMS:
        path = catalogue_path(root, room)
        have, now = _read(path), Catalog(locale="zh", project="Parley", charset="utf-8")
        for key in sorted(_said_in(root, room), key=lambda one: str(_first(one))):
            old = have.get(key[0], key[1])
            now.add(key[0], old.string if old else "", context=key[1])
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


Key = tuple[str | tuple[str, ...], str | None]


def _said_in(root: Path, room: str) -> set[Key]:
    said = {key for folder in _folders(root, room) for key in _extract(folder)}
    if room == "core":
        said |= {
            (message, context)
            for _, message, _, context in extract_from_file("python", root / "app.py", _KEYWORDS)
        }
    return said


def _folders(root: Path, room: str) -> Iterator[Path]:
    yield root / "cms" / room
    yield root / "templates" / "cms" / room
    if room == "core":
        yield from (root / "templates" / name for name in SHARED_TEMPLATES)


def _extract(folder: Path) -> Iterator[Key]:
    if folder.is_dir():
        options = {"**.html": {"trimmed": "true"}}
        for _, _, message, _, context in extract_from_dir(folder, _METHODS, options, keywords=_KEYWORDS):
            yield (tuple(message) if isinstance(message, list | tuple) else message), context


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


def _first(key: Key) -> str:
    return key[0] if isinstance(key[0], str) else key[0][0]
