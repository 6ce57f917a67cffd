"""Which language a page speaks: said by the address (`/zh/…`), else negotiated with the browser.

No cookie is involved, so a page stays cacheable by address and language. The prefix moves to SCRIPT_NAME,
which makes every link that Flask builds keep it without any view knowing.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import has_request_context, request
from flask_babel import get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from cms.core.config import LOCALES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HTML_LANG = {"en": "en", "zh": "zh-Hans"}  # BCP 47 tags for `lang` and hreflang
NAMES = {"en": "English", "zh": "简体中文"}


@lru_cache(maxsize=4096)
def negotiate(accept_language: str, default: str) -> str:
    """The interface language for an Accept-Language header; the site's own when the header says nothing we speak."""
    accepted = parse_accept_header(accept_language, LanguageAccept)
    return accepted.best_match(LOCALES, default) or default


def split_prefix(path: str) -> tuple[str | None, str]:
    """The language that an address says, and the address without it: `/zh/posts/x` is `zh` and `/posts/x`."""
    first, _, rest = path[1:].partition("/")
    return (first, "/" + rest) if first in LOCALES else (None, path)


class LanguagePrefix:
    """WSGI layer that reads the language once and leaves it in `environ["parley.locale"]`."""

    def __init__(self, app: "WSGIApplication", default: str) -> None:
        self.app = app
        self.default = default

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Strip the prefix, note the language, go on."""
        locale, path = split_prefix(environ.get("PATH_INFO", "/"))
        if locale:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + locale
            environ["PATH_INFO"] = path
        environ["parley.prefix"] = locale
        environ["parley.locale"] = locale or negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", ""), self.default)
        return self.app(environ, start_response)


def request_locale() -> str | None:
    """The language of this request, for Flask-Babel; None outside one."""
    return request.environ.get("parley.locale") if has_request_context() else None


def localized(words: dict[str, str] | None, locale: str | None = None) -> str:
    """The wording in the wanted language, else in any other; empty when there is none.

    By default it is this request's language; outside of one, that of the sentences around it: of who reads the mail.
    """
    if not words:
        return ""
    wanted = locale or request_locale() or str(get_locale() or LOCALES[0])
    return words.get(wanted) or next((words[key] for key in (*LOCALES, *words) if words.get(key)), "")
