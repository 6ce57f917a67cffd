"""What the API says about itself: for programs, and for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify
from flask_babel import gettext as _
from flask_babel import pgettext
from pydantic import BaseModel

from cms.api.description import in_words, openapi, schemas, statuses
from cms.api.gate import LARGEST_BODY, PREFIX, group_names
from cms.api.limits import CHANGES_PER, MOST_CHANGES, MOST_READS, READS_PER
from cms.api.operations import Call, calls
from cms.api.schemas.base import Told
from cms.api.views import bp
from cms.core.access import public
from cms.core.pagecache import cached_page
from cms.core.pages import absolute, page
from cms.media.sniffing import MEGABYTE


@dataclass(frozen=True)
class Field:
    """One line of a table of fields."""

    name: str
    kind: str
    about: str
    is_needed: bool


@bp.get("/openapi.json")
@public
@cached_page
def show_openapi() -> Response:
    """The OpenAPI document, in the language of the request."""
    return jsonify(openapi(list(calls(current_app, PREFIX)), server=absolute(PREFIX), version="1.0"))


@bp.get("/docs")
@public
@cached_page
def show_docs() -> str:
    """The same for people, readable without a script."""
    found = list(calls(current_app, PREFIX))
    groups: dict[str, list[Call]] = {}
    for call in found:
        groups.setdefault(call.operation.group, []).append(call)
    limits = {
        "changes": MOST_CHANGES,
        "changes_minutes": int(CHANGES_PER.total_seconds() // 60),
        "reads": MOST_READS,
        "reads_minutes": int(READS_PER.total_seconds() // 60),
        "megabytes": LARGEST_BODY // MEGABYTE,
    }
    return page(
        "cms/api/docs.html",
        groups=groups,
        group_names=group_names(current_app),
        models=_models(found),
        fields=fields,
        statuses=statuses,
        limits=limits,
        server=absolute(PREFIX),
    )


def fields(model: type[BaseModel]) -> list[Field]:
    """What may stand after the question mark."""
    return _rows(model.model_json_schema(), is_told=False)


def _models(found: list[Call]) -> dict[str, list[Field]]:
    """The fields of every schema, by name, as the document has them."""
    told = {"ProblemDocument", *_names_below(Told)}
    return {name: _rows(schema, is_told=name in told) for name, schema in sorted(schemas(found).items())}


def _rows(schema: dict[str, Any], *, is_told: bool) -> list[Field]:
    """A schema line by line, in the reader's language; what is needed is said of what they send."""
    needed = [] if is_told else schema.get("required", [])
    return [
        Field(name, _kind(about), in_words(about["description"]), name in needed)
        for name, about in schema.get("properties", {}).items()
    ]


def _names_below(model: type[BaseModel]) -> set[str]:
    below = model.__subclasses__()
    return {one.__name__ for one in below}.union(*(_names_below(one) for one in below))


def _kind(about: dict[str, Any]) -> str:
    """A JSON Schema in a few words."""
    kinds: str = _(" or ").join(_kinds(about))
    return kinds


def _kinds(about: dict[str, Any]) -> Iterator[str]:
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": pgettext("type", "number"),
        "boolean": _("true or false"),
        "null": _("null"),
        "object": _("object"),
    }
    if "anyOf" in about:
        for one in about["anyOf"]:
            yield from _kinds(one)
    elif "$ref" in about:
        yield about["$ref"].rpartition("/")[2]
    elif "enum" in about:
        yield " | ".join(map(str, about["enum"]))
    elif about.get("type") == "array":
        yield _("list of %(what)s", what=_kind(about["items"]))
    elif about.get("format") == "date-time":
        yield _("time")
    else:
        yield words.get(about.get("type", ""), "")
