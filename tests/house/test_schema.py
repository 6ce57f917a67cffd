"""One straight line of migrations, and it builds exactly what the models describe."""

import importlib
import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from cms.core.database import Base, db
from cms.core.schema import MIGRATIONS

ROOT = Path(__file__).parents[2]


def test_there_is_one_head_and_one_line() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(settings)
    assert len(script.get_heads()) == 1
    assert all(not isinstance(one.down_revision, tuple) for one in script.walk_revisions())


def test_migrations_never_import_the_application() -> None:
    importing = [
        path.name
        for path in (MIGRATIONS / "versions").glob("*.py")
        if re.search(r"^\s*(from|import) (cms|campaigns|app)\b", path.read_text(encoding="utf-8"), re.M)
    ]
    assert importing == []


def test_the_schema_is_what_the_models_describe(whole_app: Flask) -> None:
    for models in sorted(ROOT.glob("c*/*/models.py")):
        importlib.import_module(".".join(models.relative_to(ROOT).with_suffix("").parts))
    tables = Base.metadata.tables

    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or name in tables  # full-text tables are the migrations' own

    with whole_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_and_index_has_a_name() -> None:
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in (*table.constraints, *table.indexes)
        if not constraint.name
    ]
    assert nameless == []


def test_relationships_never_load_by_themselves() -> None:
    eager = [
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in mapper.relationships
        if relation.lazy not in ("raise", "raise_on_sql", "noload", "write_only")
    ]
    assert eager == []
