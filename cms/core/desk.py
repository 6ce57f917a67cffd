"""The places of the desk, in the order of its rail. Rooms say where they are; `app.py` writes the list out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from cms.core.access import person


@dataclass(frozen=True)
class Place:
    """Somewhere staff go: what it is called, where it is, how it is drawn, and who may go there."""

    label: Any  # a lazy sentence
    endpoint: str
    icon: str
    rule: Callable[..., bool]


def install(app: Flask, places: list[Place]) -> None:
    """Give desk pages the places their reader may go to."""

    def desk_context() -> dict[str, Any]:
        if not request.path.startswith("/desk"):
            return {}
        by = person()
        mine = [place for place in places if place.rule(by)]
        here = max(
            (url_for(place.endpoint) for place in mine if _is_at(url_for(place.endpoint))),
            key=len,
            default=None,
        )
        return {
            "person": by,
            "desk_places": [
                {
                    "label": place.label,
                    "url": url_for(place.endpoint),
                    "icon": place.icon,
                    "is_here": url_for(place.endpoint) == here,
                }
                for place in mine
            ],
        }

    app.context_processor(desk_context)


def _is_at(url: str) -> bool:
    path = request.script_root + request.path
    return path == url or path.startswith(url.rstrip("/") + "/")
