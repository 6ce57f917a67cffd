"""The OpenAPI 3.1 document, written by the schemas that check and by what is declared beside the views."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from cms.api.operations import Call, Operation
from cms.api.schemas.base import LARGEST_ID, ProblemDocument

REF = "#/components/schemas/{model}"
PROBLEM = {"application/problem+json": {"schema": {"$ref": REF.format(model="ProblemDocument")}}}


def openapi(found: Sequence[Call], *, server: str, version: str) -> dict[str, Any]:
    """The whole document, in the language of the request."""
    paths: dict[str, dict[str, Any]] = {}
    for call in found:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": version,
            "description": _("Posts, media, topics, people and campaigns of this site, for programs."),
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _in_words(schemas(found)),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _("An API token, made on your account page or by “parley token add”."),
                }
            },
        },
    }


def in_words(description: str) -> str:
    """A description of a schema in the language of the request."""
    return str(_(description))


def schemas(found: Sequence[Call]) -> dict[str, Any]:
    """Every schema that the calls speak of, by name."""
    wanted: dict[type[BaseModel], JsonSchemaMode] = {ProblemDocument: "validation"}
    for call in found:
        declared = call.operation
        wanted |= {one: "validation" for one in (declared.query, declared.body, declared.upload) if one}
        if declared.answer:
            wanted[declared.answer] = "serialization"
    _names, document = models_json_schema(list(wanted.items()), ref_template=REF)
    definitions: dict[str, Any] = document["$defs"]
    return definitions


def statuses(call: Call) -> list[int]:
    """Every status this call may answer with, the good one first."""
    declared = call.operation
    takes = declared.body or declared.upload
    found = {400, 413, 415} if takes else set()
    found |= {412} if declared.if_match else set()
    found |= {409} if declared.conflicts else set()
    also_good = {304} if call.method == "GET" else {200} if declared.upload else set()
    return [declared.status, *sorted(also_good), *sorted(found | {401, 403, 404, 406, 422, 429, 503})]


def _operation(call: Call) -> dict[str, Any]:
    declared = call.operation
    written: dict[str, Any] = {
        "operationId": call.endpoint.rpartition(".")[2],
        "tags": [declared.group],
        "summary": str(declared.summary),
        "description": _("Scope: %(scope)s", scope=declared.scope),
        "security": [{"token": [declared.scope]}],
        "parameters": [*_in_path(call), *_in_query(declared), *_headers(declared)],
        "responses": {str(status): _response(declared, status) for status in statuses(call)},
    }
    if declared.body is not None:
        schema = {"$ref": REF.format(model=declared.body.__name__)}
        written["requestBody"] = {
            "required": not declared.body_may_lack,
            "content": {"application/json": {"schema": schema}},
        }
    if declared.upload is not None:
        written["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": _form(declared.upload)}},
        }
    return written


def _in_path(call: Call) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": number if is_number else {"type": "string", "minLength": 1},
        }
        for name, is_number in call.arguments.items()
    ]


def _in_query(declared: Operation) -> list[dict[str, Any]]:
    if declared.query is None:
        return []
    schema = declared.query.model_json_schema(ref_template=REF)
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": in_words(about.pop("description")),
            "schema": _without_null(about),
        }
        for name, about in schema["properties"].items()
    ]


def _headers(declared: Operation) -> list[dict[str, Any]]:
    found = []
    if declared.if_match:
        about = _(
            "The ETag of what you read; if it changed since, the answer is 412. * means: whatever it is now."
        )
        found.append({"name": "If-Match", "description": about, "schema": {"type": "string"}})
    if declared.once:
        about = _(
            "A name of your own for this request, such as a UUID: repeated within a day, it is done once."
        )
        pattern = {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"}
        found.append({"name": "Idempotency-Key", "description": about, "schema": pattern})
    return [{"in": "header", "required": False, **one} for one in found]


def _response(declared: Operation, status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status >= 400:
        response["content"] = PROBLEM
        if status == 429:
            response["headers"] = {"Retry-After": _header(_("Seconds to wait."), "integer")}
    elif status in (200, 201) and declared.answer is not None:
        response["content"] = {
            "application/json": {"schema": {"$ref": REF.format(model=declared.answer.__name__)}}
        }
        response["headers"] = {"ETag": _header(_("For If-Match and If-None-Match."), "string")}
        if declared.once:
            response["headers"]["Location"] = _header(_("Where it is."), "string")
    return response


def _header(about: str, kind: str) -> dict[str, Any]:
    return {"description": about, "schema": {"type": kind}}


def _form(model: type[BaseModel]) -> dict[str, Any]:
    """A multipart form: the file, and the fields beside it, which are all text."""
    schema = _in_words(model.model_json_schema(ref_template=REF))
    fields = {name: _without_null(about) for name, about in schema["properties"].items()}
    file = {"type": "string", "format": "binary", "description": _("The file itself.")}
    return {
        "type": "object",
        "properties": {"file": file, **fields},
        "required": ["file"],
        "additionalProperties": False,
    }


def _without_null(about: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; it is never null."""
    options = [one for one in about.get("anyOf", []) if one != {"type": "null"}]
    rest = {name: value for name, value in about.items() if name not in ("anyOf", "title")}
    if rest.get("default", "") is None:
        del rest["default"]
    return {**rest, **options[0]} if len(options) == 1 else rest


def _in_words(value: Any) -> Any:
    """The same schema with its descriptions in the language of the request."""
    if isinstance(value, dict):
        return {
            name: in_words(one) if name == "description" and isinstance(one, str) else _in_words(one)
            for name, one in value.items()
        }
    return [_in_words(one) for one in value] if isinstance(value, list) else value
