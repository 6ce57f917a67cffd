"""Finding every page of the desk by following its links, one address for each route."""

from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

MOST = 400  # links followed; the desk of the sample site has fewer
START = ("/desk", "/me")
NOT_PAGES = (".csv", ".ics", ".json", ".png", ".svg")


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form, as anybody."""
    page.goto("/en/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk**")


def desk_pages(page: Page, app: Flask) -> dict[str, str]:
    """`{endpoint: path}` of everything that can be reached from the desk's first page and one's own pages.

    The page must be signed in. The first address found of a route stands for all of its kind.
    """
    adapter = app.url_map.bind("localhost")
    found: dict[str, str] = {}
    todo, seen = list(START), set(START)
    while todo and len(seen) < MOST:
        path = todo.pop(0)
        endpoint = _endpoint(adapter, path)
        if endpoint is None or endpoint in found:
            continue
        found[endpoint] = path
        answer = page.goto(path)
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            del found[endpoint]
            continue
        for href in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
            link = urlsplit(href)._replace(fragment="").geturl()
            if link.startswith(START) and link not in seen and not link.split("?")[0].endswith(NOT_PAGES):
                seen.add(link)
                todo.append(link)
    return found


def _endpoint(adapter: object, path: str) -> str | None:
    parts = urlsplit(path)
    try:
        endpoint, _values = adapter.match(parts.path, method="GET")  # type: ignore[attr-defined]
    except (RequestRedirect, HTTPException):
        return None
    return str(endpoint)
