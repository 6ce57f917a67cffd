"""What the API says about itself is what it does."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cms.api.operations import calls
from tests.cms.api.conftest import Program
from tests.factories import make_person, rae

PREFIX = "/api/v1"


def test_every_call_is_described_with_its_scope_and_answers(client: FlaskClient, whole_app: Flask) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://localhost/api/v1"}]
    described = {(m.upper(), path) for path, methods in document["paths"].items() for m in methods}
    assert described == {(one.method, one.path) for one in calls(whole_app, PREFIX)}
    routes = {
        (method, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule.removeprefix(PREFIX)))
        for rule in whole_app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes - described == {("GET", "/openapi.json"), ("GET", "/docs")}
    for methods in document["paths"].values():
        for call in methods.values():
            assert {"401", "403", "404", "429"} <= call["responses"].keys()
            assert len(call["security"][0]["token"]) == 1


def test_everything_the_document_points_at_is_in_it(client: FlaskClient) -> None:
    text = client.get("/api/v1/openapi.json").text
    known = client.get("/api/v1/openapi.json").json["components"]["schemas"]
    pointed = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert pointed <= known.keys()
    assert all(schema.get("additionalProperties", False) is not True for schema in known.values())


@pytest.mark.parametrize(("locale", "title"), [("en", "API for programs"), ("zh", "供程序使用的 API")])
def test_the_page_for_people_names_every_call_and_needs_no_script(
    client: FlaskClient, whole_app: Flask, locale: str, title: str
) -> None:
    page = client.get(f"/{locale}/api/v1/docs")
    assert page.status_code == 200
    assert f"<h1>{title}</h1>" in page.text
    for one in calls(whole_app, PREFIX):
        assert f"<code>{one.method} http://localhost/api/v1{one.path}</code>" in page.text
    assert " style=" not in page.text
    ids = re.findall(r' id="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    pointed = set(re.findall(r'href="#([^"]+)"', page.text))
    assert pointed <= set(ids)


def test_the_documents_are_public_and_kept(client: FlaskClient) -> None:
    for path in ("/api/v1/openapi.json", "/api/v1/docs"):
        first = client.get(path)
        assert first.status_code == 200
        assert "Authorization" not in first.headers.get("Vary", "")
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304


def test_a_reader_is_told_only_what_the_schema_names(api: Program, app: Flask) -> None:
    make_person("Mei", "author")
    text = Program(app, rae()).get("/people").text
    assert not re.search(r"password|email|token|@example", text)


def test_no_two_calls_or_schemas_share_a_name(whole_app: Flask) -> None:
    """Rooms add their own: a second `list_links` or `Link` would take the place of the first in the document."""
    found = list(calls(whole_app, PREFIX))
    named = Counter(one.endpoint.rpartition(".")[2] for one in found)
    assert [name for name, times in named.items() if times > 1] == []
    spoken = {
        model
        for one in found
        for model in (one.operation.query, one.operation.body, one.operation.answer, one.operation.upload)
        if model is not None
    }
    assert len({model.__name__ for model in spoken}) == len(spoken)
