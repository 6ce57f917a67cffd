"""The database's schema: creating it, migrating it, and refusing one that is newer than this program."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from cms.core.errors import Problem

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class NewerSchema(Problem):
    """The database was migrated by a newer Parley."""

    message = "This database belongs to a newer Parley. Start that one, or restore a backup taken before the upgrade."


def migrate(engine: Engine, *, to: str = "head") -> tuple[str | None, str]:
    """Bring the schema to a step, the newest if none is named; safe to call again. Gives the step before and after.

    Raises `NewerSchema` when the database has, or should get, a step this program does not know.
    """
    from alembic import command  # not at every start: it takes a while
    from alembic.config import Config as AlembicConfig
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(settings)
    with engine.connect() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
    try:
        known = [script.get_revision(step) for step in (before, to) if step is not None]
    except CommandError as error:
        raise NewerSchema from error
    settings.attributes["engine"] = engine
    command.upgrade(settings, to)
    return before, known[-1].revision


def current_and_head(connection: Connection) -> tuple[str | None, str | None]:
    """The schema step of the database, and the newest this program knows."""
    from alembic.config import Config as AlembicConfig
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(settings).get_current_head()
