"""Answers: JSON with a validator, and the two headers that make changes safe: If-Match and Idempotency-Key."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from pydantic import BaseModel

from cms.api import services
from cms.core import clock
from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Invalid, Problem
from cms.people.models import Person

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Stale(Problem):
    """It changed since the caller read it."""

    status = 412
    message = lazy_gettext(
        "This changed since you read it. Please get it again, and repeat your change on that."
    )


@dataclass(frozen=True)
class Made:
    """Something new, and where it is."""

    told: BaseModel
    location: str
    version: int | None = None
    status: int = 201


def answer(told: BaseModel, *, version: int | None = None, status: int = 200, location: str = "") -> Response:
    """The answer that tells this; 304 when the caller has it already."""
    body = told.model_dump_json()
    return _response(body, etag=etag_of(body, version), status=status, location=location)


def nothing_left() -> Response:
    """It is done, and there is nothing to tell."""
    return Response(status=204)


def etag_of(body: str, version: int | None = None) -> str:
    """A strong validator: changes whenever one byte does. With a version, that is what If-Match looks at."""
    digest = hashlib.sha256(body.encode()).hexdigest()[:20]
    return digest if version is None else f"{version}.{digest}"


def expected_version(current: int) -> int | None:
    """The version that If-Match allows; None when it allows any. Raises `Stale` when it is another one.

    A name that somebody changed elsewhere makes the answer differ, but no change is lost by it: so only the
    version counts.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    if str(current) not in {tag.partition(".")[0] for tag in request.if_match.as_set()}:
        raise Stale
    return current


def refuse_stale(told: BaseModel) -> None:
    """Raise `Stale` unless If-Match, when it came, names exactly this; for things without a version."""
    named = request.if_match
    if "If-Match" in request.headers and not named.contains(etag_of(told.model_dump_json())):
        raise Stale


@contextmanager
def changing() -> Iterator[tuple[Person, datetime]]:
    """A transaction around one change: who makes it, and when."""
    by = person()
    assert by is not None
    with transaction():
        yield by, clock.now()


def made_once(said: str, make: Callable[[Person, datetime], Made]) -> Response:
    """Make something in a transaction of its own. With an Idempotency-Key, `said` is made once: a repeated request
    gets the first answer again."""
    key = _idempotency_key()
    with changing() as (by, at):
        if key is not None:
            asked = hashlib.sha256(f"{request.method} {request.path} {said}".encode()).hexdigest()
            earlier = services.claim_key(by.id, key, request_hash=asked, at=at)
            if earlier is not None:
                again = _response(
                    earlier.body, etag=earlier.etag, status=earlier.status, location=earlier.location
                )
                again.headers["Idempotent-Replayed"] = "true"
                return again
        made = make(by, at)
        body = made.told.model_dump_json()
        etag = etag_of(body, made.version)
        if key is not None:
            services.keep_answer(by.id, key, status=made.status, location=made.location, etag=etag, body=body)
    return _response(body, etag=etag, status=made.status, location=made.location)


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        sentence = _("A key has 1 to 200 visible ASCII characters.")
        raise Invalid(errors={"Idempotency-Key": sentence})
    return key


def _response(body: str, *, etag: str, status: int, location: str) -> Response:
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(body + "\n", status, mimetype="application/json")
    response.set_etag(etag)
    if location:
        response.headers["Location"] = location
    return response
