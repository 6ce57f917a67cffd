"""A program that calls the API for somebody."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from cms.api import limits
from cms.people.models import Person
from tests.factories import nadia, token_headers


class Program:
    """Calls `/api/v1` with one token; each call is a client of its own, so nothing is remembered between them."""

    def __init__(self, app: Flask, person: Person | None = None, *scopes: str) -> None:
        self.app = app
        self.headers = token_headers(person, *scopes) if person else {}

    def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **rest: Any
    ) -> TestResponse:
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, headers={**self.headers, **(headers or {})}, **rest
        )

    def get(self, path: str, **rest: Any) -> TestResponse:
        return self.call("GET", path, **rest)

    def post(self, path: str, **rest: Any) -> TestResponse:
        return self.call("POST", path, **rest)

    def put(self, path: str, **rest: Any) -> TestResponse:
        return self.call("PUT", path, **rest)

    def patch(self, path: str, **rest: Any) -> TestResponse:
        return self.call("PATCH", path, **rest)

    def delete(self, path: str, **rest: Any) -> TestResponse:
        return self.call("DELETE", path, **rest)


def errors(response: TestResponse) -> dict[str, str]:
    """What a problem document says field by field."""
    assert response.mimetype == "application/problem+json"
    return {one["field"]: one["message"] for one in response.json["errors"]}


@pytest.fixture(autouse=True)
def count_reads_anew() -> Iterator[None]:
    limits.forget_reads()
    yield
    limits.forget_reads()


@pytest.fixture
def api(app: Flask) -> Program:
    """Nadia's program: she edits, and it may do everything."""
    return Program(app, nadia())
