"""The places of the desk, by task, in the order of its rail. Rooms say where they are; `app.py` writes the list out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _

from cms.core import seams
from cms.core.access import person

GROUPS = {
    "today": _("Today"),
    "write": _("Write"),
    "calendar": _("Calendar"),
    "campaigns": _("Campaigns"),
    "community": _("Community"),
    "reports": _("Reports"),
    "settings": _("Settings"),
}
ALWAYS_AT_HAND = ("today", "write", "calendar")  # the first place of each stays in reach on a phone


@dataclass(frozen=True)
class Place:
    """Somewhere staff go: what it is called, where it is, how it is drawn, who may go there, and for which task."""

    label: Any  # a lazy sentence
    endpoint: str
    icon: str
    rule: Callable[..., bool]
    group: str = "settings"
    covers: tuple[str, ...] = ()  # paths that belong to it though they do not begin like its own


@dataclass(frozen=True)
class Found:
    """Something on the desk that holds the words somebody looks for."""

    title: str
    url: str
    kind: str  # what it is, in the reader's language
    language: str | None = None  # of the title


Finder = Callable[[str, Any, int], Iterable[Found]]  # words, the person who looks, how many at most


def found_elsewhere(words: str, by: Any, *, limit: int) -> list[dict[str, Any]]:
    """What rooms below find, which `app.py` lists in `parley_finders`; nothing for no words."""
    finders: Sequence[Finder] = current_app.extensions.get("parley_finders", ())
    return [asdict(one) for find in finders for one in find(words, by, limit)] if words else []


def install(app: Flask, places: list[Place]) -> None:
    """Give desk pages the places their reader may go to; a task with no place to go to is not shown."""

    def desk_context() -> dict[str, Any]:
        if not request.path.startswith("/desk"):
            return {}
        by = person()
        mine = [(place, url_for(place.endpoint)) for place in places if place.rule(by)]
        here = max((url for place, url in mine if _is_at(url, place.covers)), key=len, default=None)
        groups = [
            {
                "key": key,
                "label": label,
                "is_at_hand": key in ALWAYS_AT_HAND,
                "places": [
                    {"label": place.label, "url": url, "icon": place.icon, "is_here": url == here}
                    for place, url in mine
                    if place.group == key
                ],
            }
            for key, label in GROUPS.items()
        ]
        return {
            "person": by,
            "desk_groups": [group for group in groups if group["places"]],
            "desk_banners": _banners,
        }

    app.context_processor(desk_context)


def _banners() -> list[str]:
    """What everybody at the desk has to know now; asked once a page, by the layout."""
    return [html for html in (render() for render in seams.panels("desk.banner")) if html]


def _is_at(url: str, covers: tuple[str, ...]) -> bool:
    if any(f"{request.path}/".startswith(f"{path}/") for path in covers):
        return True
    path, is_root = request.script_root + request.path, url.rstrip("/").endswith("/desk")
    return path == url or (not is_root and path.startswith(url.rstrip("/") + "/"))
