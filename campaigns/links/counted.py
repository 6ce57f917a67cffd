"""How often links were followed. Engagement knows; it stands above this room, so `app.py` says whom to ask."""

from collections.abc import Callable, Collection, Mapping

from flask import Flask, current_app

Clicks = tuple[int, int]  # by people, and of those the ones after which a page of ours was shown
Source = Callable[[Collection[int]], Mapping[int, Clicks]]


def install(app: Flask, source: Source) -> None:
    """Tell the application whom to ask."""
    app.extensions["parley_link_clicks"] = source


def clicks_of(link_ids: Collection[int]) -> Mapping[int, Clicks]:
    """By link; a link of which nothing is known is not there, which is not the same as nought."""
    source: Source | None = current_app.extensions.get("parley_link_clicks")
    return source(link_ids) if source and link_ids else {}
