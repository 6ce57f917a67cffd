"""Turns what went wrong into an answer, once, at the edge: a page that helps, or a problem document (RFC 9457)."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as BaseResponse

from cms.core.errors import Conflict, Problem
from cms.core.pages import page

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every kind of failure; nothing leaves as a traceback."""
    app.register_error_handler(Problem, _answer_problem)
    app.register_error_handler(StaleDataError, lambda error: _answer_problem(Conflict()))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DBAPIError, _answer_database)
    app.register_error_handler(PoolTimeout, _answer_database)
    app.register_error_handler(Exception, _answer_unexpected)


def wants_json() -> bool:
    """Whether the caller is a program: it called the API, or asks for JSON before HTML."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def problem_document(status: int, message: str, errors: dict[str, str] | None = None) -> Response:
    """An `application/problem+json` answer (RFC 9457) with our `errors` list."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
    }
    if errors:
        body["errors"] = [{"field": field, "message": str(words)} for field, words in errors.items()]
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _answer_problem(problem: Problem) -> BaseResponse | tuple[str, int]:
    if problem.status == 401 and not wants_json():
        here = request.full_path.rstrip("?") if request.method == "GET" else "/desk"
        return redirect(
            url_for("people.sign_in") + "?next=" + quote(request.script_root + here, safe="/"), 303
        )
    answer = _answer(problem.status, str(problem.message), problem.errors)
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if hasattr(problem, "retry_after"):
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _answer_http(error: HTTPException) -> BaseResponse | tuple[str, int]:
    if error.code is None or error.code < 400:
        return error.get_response()  # a redirect
    answer = _answer(error.code, _sentence(error.code, error))
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow", "WWW-Authenticate") and isinstance(answer, BaseResponse):
            answer.headers[name] = value
    return answer


def _answer_database(error: Exception) -> BaseResponse | tuple[str, int]:
    log.error("database: %s", type(error).__name__)
    return _answer(503, _sentence(503))


def _answer_unexpected(error: Exception) -> BaseResponse | tuple[str, int]:
    original = error.original_exception if isinstance(error, InternalServerError) else error
    log.error("unexpected failure at %s", request.path, exc_info=original)
    return _answer(500, _sentence(500))


def _answer(status: int, message: str, errors: dict[str, str] | None = None) -> BaseResponse:
    if wants_json():
        return problem_document(status, message, errors)
    response = Response(
        page("errors/error.html", status=status, message=message, errors=errors or {}), status
    )
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def _sentence(status: int, error: HTTPException | None = None) -> str:
    sentences = {
        400: _(
            "This request could not be understood. If it came from a form, please open the form again and retry."
        ),
        403: _("You may not do this."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        413: _("What you sent is too large."),
        415: _("This kind of content is not accepted here."),
        429: _("That was too often. Please wait a little and try again."),
        500: _("Something went wrong on our side. It has been noted; please try again in a moment."),
        503: _("The site is busy or being looked after. Please try again in a moment."),
    }
    return sentences.get(status) or (
        error.description if error and error.description else HTTPStatus(status).phrase
    )
