"""Schemathesis asks what the document allows and what it does not, and compares every answer with the document."""

from collections.abc import Callable

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi_checks

from cms.api import limits
from cms.api.operations import calls
from tests.cms.api.conftest import Program
from tests.factories import make_media, make_person, make_post, make_section, make_tag, nadia

EXAMPLES = 10  # for each call
CHECKS = (
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.unsupported_method,
    openapi_checks.ignored_auth,
)


def checks_of(case: schemathesis.Case) -> list[Callable]:
    """All of them; but a form has only texts, so that a null, which no form can send, is no wrong value in one."""
    is_form = case.media_type == "multipart/form-data"
    return [one for one in CHECKS if not (is_form and one is openapi_checks.negative_data_rejection)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_every_call_does_what_the_document_says(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(limits, "MOST_CHANGES", 1_000_000)
    monkeypatch.setattr(limits, "MOST_READS", 1_000_000)
    with own_app.app_context():
        program = Program(own_app, nadia())
        make_person("Mei", "author")
        section, tag = make_section(), make_tag()
        make_post(section=section, tags=[tag], cover_id=make_media().id)
        make_post(publish=False)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", own_app)
    generation = [schemathesis.GenerationMode(mode)]
    tried = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        strategy = operation.as_strategy(generation_mode=generation[0])
        tried.add((operation.method.upper(), operation.path))

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=program.headers, checks=checks_of(case))

        ask()
    assert tried == {(one.method, one.path) for one in calls(own_app, "/api/v1")}
