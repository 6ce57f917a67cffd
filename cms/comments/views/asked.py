"""What the views of this room share: who asks, links that keep the language, pages that nobody else may keep."""

from typing import Any
from urllib.parse import quote

from flask import flash, make_response, redirect, request
from werkzeug.wrappers import Response

from cms.comments.subjects import Subject
from cms.core.access import SignInNeeded, person
from cms.core.errors import Problem
from cms.core.pages import page
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who is signed in."""
    account = person()
    if account is None:
        raise SignInNeeded
    return account


def to(path: str) -> str:
    """A link to a path of ours, in the language of the page."""
    return request.script_root + quote(path, safe="/@:;,+~!$'()*=&?#%")


def thread_link(subject: Subject, comment_id: int | None = None, query: str = "") -> str:
    """The page with the comments of a subject, at one of them."""
    return to(subject.thread + query + (f"#c{comment_id}" if comment_id else ""))


def private(template: str, status: int = 200, **context: Any) -> Response:
    """A page for one person. Asked for as a part (by script), it is that without what stands around it."""
    is_part = request.headers.get("Parley-Part") == "1"
    response = make_response(page(template, layout=_layout(is_part), is_part=is_part, **context), status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Parley-Part"
    return response


def sentence_of(problem: Problem) -> str:
    """What a problem says, in one line."""
    return str(next(iter(problem.errors.values()), problem.message))


def back_with(problem: Problem | None, url: str, done: str = "") -> Response:
    """Return with a sentence: what was done, or why it was not."""
    flash(sentence_of(problem) if problem else done, "bad" if problem else "good")
    return redirect(url, 303)


def _layout(is_part: bool) -> str:
    return "cms/comments/_part.html" if is_part else "layouts/site.html"
