"""One call of the API: declared beside its view, and the declaration is what checks, answers and describes it.

@bp.post("/posts")
@allowed(rules.can_write)
@operation("posts", _("Begin a post"), scope="posts:write", body=NewPost, answer=Post, status=201, once=True)
def create_post(body: NewPost) -> Response: ...
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast, get_origin

from flask import Flask, request
from flask_babel import LazyString
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import UnsupportedMediaType

from cms.api.strictly import BadJSON, read_json
from cms.core.errors import Invalid

View = TypeVar("View", bound=Callable[..., Any])
Model = TypeVar("Model", bound=BaseModel)
MOST_ERRORS = 30
_ARGUMENT = re.compile(r"<(?:([^<>]+):)?([^<>:]+)>")


@dataclass(frozen=True)
class Operation:
    """What one call takes, answers and needs."""

    group: str
    summary: LazyString
    scope: str
    answer: type[BaseModel] | None = None
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_may_lack: bool = False
    upload: type[BaseModel] | None = None  # the fields beside a file, in a multipart form
    if_match: bool = False  # honours If-Match
    once: bool = False  # honours Idempotency-Key
    conflicts: bool = False  # may answer 409


@dataclass(frozen=True)
class Call:
    """An operation at its address."""

    endpoint: str
    method: str
    path: str  # "/posts/{post_id}"
    arguments: Mapping[str, bool]  # name -> whether it is a number
    operation: Operation


def operation(group: str, summary: LazyString, *, scope: str, **rest: Any) -> Callable[[View], View]:
    """Declare what a view takes and answers. It gets `asked=` (after the `?`), `body=` or `form=`, checked."""
    declared = Operation(group, summary, scope, **rest)

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(**kwargs: Any) -> Any:
            asked = read_query(declared.query)
            if asked is not None:
                kwargs["asked"] = asked
            if declared.body is not None:
                kwargs["body"] = read_body(declared.body, may_lack=declared.body_may_lack)
            if declared.upload is not None:
                kwargs["form"] = read_form(declared.upload)
            return view(**kwargs)

        checked.parley_operation = declared  # type: ignore[attr-defined]
        return cast(View, checked)

    return decorate


def operation_of(app: Flask, endpoint: str | None) -> Operation | None:
    """What was declared of an endpoint."""
    return getattr(app.view_functions.get(endpoint or ""), "parley_operation", None)


def calls(app: Flask, prefix: str) -> Iterator[Call]:
    """Every operation of the application, in the order the routes were added."""
    for rule in app.url_map.iter_rules():
        declared = operation_of(app, rule.endpoint)
        if declared is None:
            continue
        path, numbers = _ARGUMENT.sub(r"{\2}", rule.rule), {}
        for kind, name in _ARGUMENT.findall(rule.rule):
            numbers[name] = kind == "number"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Call(rule.endpoint, method, path.removeprefix(prefix), numbers, declared)


def read_query(model: type[Model] | None) -> Model | None:
    """What stands after the `?`. A name that is unknown is an error, and one that comes twice unless it is a list."""
    fields = {one.alias or name: one for name, one in model.model_fields.items()} if model else {}
    lists = {name for name, one in fields.items() if get_origin(one.annotation) is list}
    said = {name: request.args.getlist(name) for name in request.args}
    errors = {one: _("There is no such parameter.") for one in said if one not in fields}
    errors |= {
        one: _("This came more than once.")
        for one, values in said.items()
        if len(values) > 1 and one not in lists
    }
    if errors:
        raise Invalid(errors=dict(list(errors.items())[:MOST_ERRORS]))
    asked = {name: values if name in lists else values[0] for name, values in said.items()}
    return None if model is None else _validated(lambda: model.model_validate(asked))


def read_body(model: type[Model], *, may_lack: bool) -> Model:
    """The JSON of the request, checked twice: as JSON, and against the schema."""
    data = request.get_data(cache=False)
    if may_lack and not data:
        return model()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType
    if not data:
        raise BadJSON(_("The body is empty. Please send JSON."))
    if not isinstance(read_json(data), dict):
        raise Invalid(errors={"body": _("Please send an object: names and values in braces.")})
    return _validated(lambda: model.model_validate_json(data))


def read_form(model: type[Model]) -> Model:
    """The fields of a multipart form that carries one file, called `file`."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    errors = {one: _("There is no such field.") for one in request.form if one not in model.model_fields}
    errors |= {one: _("There is no such field.") for one in request.files if one != "file"}
    errors |= {
        one: _("This came more than once.") for one in request.form if len(request.form.getlist(one)) > 1
    }
    if len(request.files.getlist("file")) != 1:
        errors["file"] = _("Please send one file in the field “file”.")
    if errors:
        raise Invalid(errors=dict(list(errors.items())[:MOST_ERRORS]))
    return _validated(lambda: model.model_validate(request.form.to_dict()))


def _validated(validate: Callable[[], Model]) -> Model:
    try:
        return validate()
    except ValidationError as error:
        found: dict[str, str] = {}
        for one in error.errors(include_url=False, include_input=False)[:MOST_ERRORS]:
            found.setdefault(".".join(map(str, one["loc"])) or "body", _sentence(one))
        raise Invalid(errors=found) from error


def _sentence(error: ErrorDetails) -> str:
    """pydantic's findings in our words; those that our schemas do not produce keep pydantic's."""
    context = error.get("ctx", {})
    kind = error["type"]
    sentences: dict[str, Callable[[], str]] = {
        "extra_forbidden": lambda: _("There is no such field."),
        "missing": lambda: _("This is needed."),
        "string_type": lambda: _("This must be text."),
        "int_type": lambda: _("This must be a whole number."),
        "int_parsing": lambda: _("This must be a whole number."),
        "int_from_float": lambda: _("This must be a whole number."),
        "list_type": lambda: _("This must be a list."),
        "model_type": lambda: _("This must be an object."),
        "bool_type": lambda: _("This must be true or false."),
        "date_from_datetime_parsing": lambda: _("This must be a day, such as 2026-12-01."),
        "date_from_datetime_inexact": lambda: _("This must be a day, such as 2026-12-01."),
        "date_parsing": lambda: _("This must be a day, such as 2026-12-01."),
        "date_type": lambda: _("This must be a day, such as 2026-12-01."),
        "string_too_long": lambda: _("Please use at most %(count)d characters.", count=context["max_length"]),
        "string_too_short": lambda: _("This must not be empty."),
        "too_short": lambda: _("Please send at least %(count)d.", count=context["min_length"]),
        "too_long": lambda: _("Please send at most %(count)d.", count=context["max_length"]),
        "literal_error": lambda: _(
            "Please choose one of %(choices)s.", choices=str(context["expected"]).replace(" or ", ", ")
        ),
        "greater_than_equal": lambda: _("This must be at least %(number)d.", number=context["ge"]),
        "less_than_equal": lambda: _("This must be at most %(number)d.", number=context["le"]),
        "string_pattern_mismatch": lambda: _(
            "This is not written as it must be; the documentation says how."
        ),
    }
    return str(sentences[kind]()) if kind in sentences else error["msg"]
