"""Walks the authorisation table: role x route x method, with real requests on a real database."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter
from werkzeug.test import TestResponse

from cms.core.database import db
from tests.factories import make_person, sign_in, token_headers
from tests.house.authorisation import GOES, HIDDEN, REFUSED, ROLES, SIGN_IN, Answer, Row

FOLDER = Path(__file__).parent / "authorisation"
CORE = ("pages", "health")
NOT_WRITTEN_YET: set[str] = set()  # blueprints whose owners are still at it; empty this
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def tables() -> dict[str, ModuleType]:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    return {name: importlib.import_module(f"tests.house.authorisation.{name}") for name in names}


def all_rows() -> dict[str, Row]:
    return {key: row for table in tables().values() for key, row in table.ROWS.items()}


def said(name: str) -> dict[str, str]:
    return {key: why for table in tables().values() for key, why in getattr(table, name, {}).items()}


def routes(app: Flask) -> dict[str, str]:
    """`endpoint METHOD` of every route, and its rule."""
    return {
        f"{rule.endpoint} {method}": rule.rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(whole_app: Flask) -> None:
    have, want = set(all_rows()), set(routes(whole_app))
    lacking = {key: table_of(key) for key in sorted(want - have) if key.split(".")[0] not in NOT_WRITTEN_YET}
    assert not lacking, (
        "add a row to the named file (see tests/house/authorisation/__init__.py): "
        + "; ".join(f"{key} in {table}" for key, table in lacking.items())
    )
    assert sorted(have - want) == [], "rows without a route"


def table_of(key: str) -> str:
    blueprint = key.split()[0].split(".")[0]
    return f"tests/house/authorisation/{'core' if blueprint in CORE else blueprint}.py"


def test_a_row_is_in_the_file_of_its_blueprint() -> None:
    misplaced = [
        key for name, table in tables().items() for key in table.ROWS if Path(table_of(key)).stem != name
    ]
    assert misplaced == []


@pytest.mark.parametrize("key", sorted(all_rows()))
def test_each_role_gets_what_the_table_says(app: Flask, key: str) -> None:
    row, method = all_rows()[key], key.split()[1]
    if key.split()[0] not in app.view_functions:
        pytest.fail(f"no such route: {key}")
    address = row.at if isinstance(row.at, str) else row.at()
    data = row.data() if callable(row.data) else row.data
    by_token = address.startswith("/api/")
    got = {}
    for role in ROLES:
        with undone(app):
            client = app.test_client()
            headers = {}
            if role != "visitor":
                walker = make_person(f"Walker {role}", role, handle=f"walker-{role}")
                headers = token_headers(walker) if by_token else {}
                if not by_token:
                    sign_in(client, walker)
            with writes_noted() as writes:
                response = client.open(
                    address, method=method, data=data or None, headers=headers, follow_redirects=False
                )
            response.close()
            assert response.status_code < 500, f"{role}: {response.status_code} at {address}"
            got[role] = understood(response)
            if method == "GET" and key.split()[0] not in said("WRITES"):
                assert writes == [], f"a GET writes, as {role}"
    assert got == row.answers


def understood(response: TestResponse) -> Answer:
    if response.status_code == 401 or "/sign-in?next=" in response.headers.get("Location", ""):
        return SIGN_IN
    return {403: REFUSED, 404: HIDDEN}.get(response.status_code, GOES)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Take back whatever the block did to the database."""
    connection = db.engines[None]
    assert isinstance(connection, Connection)
    db.session.remove()
    point = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        point.rollback()
        app.extensions["parley_pages"].forget_everything()


@contextmanager
def writes_noted() -> Iterator[list[str]]:
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")):
            found.append(statement)

    event.listen(db.engines[None], "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engines[None], "before_cursor_execute", note)


def test_every_unsafe_route_wants_a_csrf_token(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    sign_in(client, make_person("Ada Admin", "admin"))
    app.config["WTF_CSRF_ENABLED"] = True
    open_to_forgery = []
    try:
        for key, rule in routes(app).items():
            endpoint, method = key.split()
            if method in UNSAFE and not rule.startswith("/api/") and endpoint not in said("COOKIELESS"):
                answer = client.open(any_address(app, rule), method=method)
                if answer.status_code != 400:
                    open_to_forgery.append(f"{key}: {answer.status_code}")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert open_to_forgery == []


def any_address(app: Flask, rule_text: str) -> str:
    rule = next(one for one in app.url_map.iter_rules() if one.rule == rule_text)
    values = {name: any_value(converter) for name, converter in rule._converters.items()}
    built = rule.build({**(rule.defaults or {}), **values})
    assert built is not None
    return built[1]


def any_value(converter: BaseConverter) -> int | str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_a_cross_site_form_is_refused_whatever_it_carries(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    let_in = [
        key
        for key, rule in routes(app).items()
        if key.split()[1] in UNSAFE
        and not rule.startswith("/api/")
        and key.split()[0] not in said("COOKIELESS")
        for site in ("cross-site", "same-site")
        if client.open(
            any_address(app, rule), method=key.split()[1], headers={"Sec-Fetch-Site": site}
        ).status_code
        != 403
    ]
    assert let_in == []
