"""What every page needs: rendering, absolute addresses, bundled files, dates in words, security headers."""

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date, format_datetime
from flask import Blueprint, Flask, Response, current_app, render_template, request, send_from_directory
from werkzeug.routing import IntegerConverter, Map, ValidationError

from cms.core import languages, walltime
from cms.core.access import public
from cms.core.clock import now
from cms.core.config import LOCALES, Config
from cms.core.embeds import FRAME_HOSTS
from cms.core.errors import Problem
from cms.core.markup import trusted
from cms.core.pagecache import cached_page, without_noise
from cms.core.text import hours_and_minutes

STATIC = Path(__file__).parents[2] / "static"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self' "
        f"{' '.join(FRAME_HOSTS)}; frame-ancestors 'none'; "
        "manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
_OF_DOCUMENTS = ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options")


bp = Blueprint("pages", __name__)


@bp.get("/static/<any(dist, img):folder>/<path:name>")
@public
@cached_page
def show_static(folder: str, name: str) -> Response:
    """A bundled file, whose name changes with its content so that a browser may keep it for ever, or a picture."""
    response = send_from_directory(STATIC / folder, name)
    if folder == "dist":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def config() -> Config:
    """The settings of the running application."""
    value: Config = current_app.config["PARLEY"]
    return value


def zone() -> str:
    """The zone of the site: as chosen at the desk, else as the operator set it."""
    chosen: str = current_app.extensions["parley_zone"]() if "parley_zone" in current_app.extensions else ""
    return chosen or config().timezone


def page(template: str, **context: object) -> str:
    """Render a template of ours."""
    return render_template(template, **context)


def frameable(response: Response) -> Response:
    """Let our own pages, and nobody else's, show this answer in a frame: the previews of the desk."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    return response


def absolute(path: str) -> str:
    """The full public address of a path; from the settings, never from the request's Host header."""
    return config().base_url + path


def asset(name: str) -> str:
    """The address of a bundled file: `site.css` becomes `/static/dist/site.3F2A.css`, good for ever."""
    return f"/static/dist/{_manifest()[name]}"


def switch_address(locale: str) -> str:
    """The same page in another language. It stands in pages that are kept, so it says nothing of how one came."""
    query = without_noise(request.query_string.decode("ascii", "replace"))
    return f"/{locale}{request.path}" + (f"?{query}" if query else "")


def long_date(at: datetime) -> str:
    """`21 November 2026` or `2026年11月21日`, in the site's zone."""
    local, locale = at.astimezone(ZoneInfo(zone())).date(), _locale()
    return _day_said(local, "y年M月d日" if locale.startswith("zh") else "d MMMM y", locale)


def day(at: datetime) -> str:
    """A short date for lists, with the year only when it is not this one."""
    clock = ZoneInfo(zone())
    local = at.astimezone(clock).date()
    this_year = local.year == now().astimezone(clock).year
    locale = _locale()
    chinese = locale.startswith("zh")
    form = ("M月d日" if this_year else "y年M月d日") if chinese else ("d MMM" if this_year else "d MMM y")
    return _day_said(local, form, locale)


def exact_time(at: datetime) -> str:
    """Date, time and zone in full, for a `title`."""
    return _moment_said(at, zone(), _locale())


@lru_cache(maxsize=4096)  # a list that changes says most of its times again
def _day_said(local: date, form: str, locale: str) -> str:
    return str(format_date(local, form, locale=locale))


@lru_cache(maxsize=16_384)
def _moment_said(at: datetime, zone_name: str, locale: str) -> str:
    local = at.astimezone(ZoneInfo(zone_name))
    return f"{format_datetime(local, 'medium', locale=locale)} {local.tzname()}"


def iso(at: datetime) -> str:
    """RFC 3339, in UTC, to the second."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _locale() -> str:
    return str(flask_babel.get_locale() or "en")


class BoundedIntegerConverter(IntegerConverter):
    """A number in an address; one that no row can have is no address of ours, and never reaches the database."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**31 - 1)
        super().__init__(map, *args, **kwargs)

    def to_python(self, value: str) -> int:
        """The number; Python itself refuses to read thousands of digits."""
        if len(value) > 10:
            raise ValidationError
        return int(super().to_python(value))


def install(app: Flask) -> None:
    """Give templates what they may use, and every response its security headers."""
    app.jinja_env.filters.update(
        localized=languages.localized,
        long_date=long_date,
        day=day,
        exact_time=exact_time,
        iso=iso,
        duration=hours_and_minutes,
        in_zone=walltime.shown,
    )
    app.jinja_env.globals.update(asset=asset, absolute=absolute, clean=trusted)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_language_context)
    app.after_request(_secure)
    app.url_map.converters["int"] = BoundedIntegerConverter


def _language_context() -> dict[str, object]:
    locale = languages.request_locale() or LOCALES[0]
    other = next(one for one in LOCALES if one != locale)
    return {
        "locale": locale,
        "html_lang": languages.HTML_LANG[locale],
        "switch_label": languages.NAMES[other],
        "switch_lang": languages.HTML_LANG[other],
        "switch_url": switch_address(other),
    }


def _secure(response: Response) -> Response:
    leads_on = response.location is not None and response.is_sequence and not response.get_data()
    for name, value in security_headers(config().base_url, leads_on=leads_on).items():
        response.headers.setdefault(name, value)
    return response


def security_headers(base_url: str, *, leads_on: bool = False) -> dict[str, str]:
    """What every answer carries, also one that is given before Flask is asked. One that only leads on shows nothing: what
    speaks of a document is left out, and what the way to the next address depends on stays."""
    headers = {
        name: value for name, value in SECURITY_HEADERS.items() if not (leads_on and name in _OF_DOCUMENTS)
    }
    if base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = STATIC / "dist" / "manifest.json"
    if not path.exists():
        raise Problem("The front end is not built: run `make setup`.")
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names
