"""An instance of the last release, with data in it, becomes one of this release and loses nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, select, text

from cms.core.database import engine_options
from cms.core.schema import MIGRATIONS, migrate
from tests.databases import fresh_database

RELEASED = "0004_imports"  # where 0.1 ended
AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own: migrations commit."""
    with fresh_database(tmp_path) as url:
        made = create_engine(url, **engine_options(url))
        yield made
        made.dispose()


def upgrade(engine: Engine, to: str) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["engine"] = engine
    command.upgrade(settings, to)


def rows() -> list[tuple[str, dict[str, Any]]]:
    """A person, a section, a tag, a picture, and a live post with two revisions, everything tied together."""
    text_of = {
        "summary": "",
        "body": "b",
        "format": "markdown",
        "html": "<p>b</p>",
        "plain": "b",
        "outline": [],
    }
    more = {"transcript": "", "transcript_html": "", "renderer": 1, "word_count": 1, "reading_minutes": 1}
    revision = {**text_of, **more, "post_id": 1, "cover_alt": "", "created_at": AT, "saved_by_id": 1}
    person = {"name": "Nadia", "handle": "nadia", "handle_key": "nadia", "role": "editor", "headline": {}}
    media = {"kind": "image", "state": "ready", "digest": "d", "file": "d.webp", "mime": "image/webp"}
    post = {"guid": "tag:a", "kind": "article", "language": "en", "story_id": "s", "is_original": True}
    return [
        ("people", {**person, "id": 1, "bio": {}, "email": "n@example.com", "locale": "en", "timezone": "UTC",
                    "created_at": AT}),
        ("handles", {"key": "nadia", "handle": "nadia", "person_id": 1, "created_at": AT}),
        ("sections", {"id": 1, "slug": "hot", "name": {"en": "Hot"}, "description": {}, "position": 1}),
        ("tags", {"id": 1, "slug": "5g", "name": {"en": "5G"}, "label": {}, "hot": "auto"}),
        ("tag_slugs", {"slug": "5g", "tag_id": 1}),
        ("media", {**media, "id": 1, "attempts": 0, "byte_size": 9, "width": 4, "height": 3, "focal_x": 0.5, "focal_y": 0.5,
                   "alt": "", "credit": "", "licence": "", "filename": "a.png", "created_at": AT}),
        ("portraits", {"person_id": 1, "media_id": 1}),
        ("posts", {**post, "id": 1, "slug": "one", "section_id": 1, "created_at": AT, "created_by_id": 1,
                   "edited_at": AT, "version": 2}),
        ("post_slugs", {"slug": "one", "post_id": 1, "created_at": AT}),
        ("revisions", {**revision, "id": 1, "number": 1, "title": "One", "content_hash": "h1", "cover_id": 1}),
        ("revisions", {**revision, "id": 2, "number": 2, "title": "Two", "content_hash": "h2", "cover_id": None}),
        ("revision_media", {"revision_id": 1, "position": 0, "media_id": 1, "alt": "", "caption": ""}),
        ("bylines", {"post_id": 1, "person_id": 1, "role": "author", "position": 0, "live_at": AT}),
        ("post_tags", {"post_id": 1, "tag_id": 1, "position": 0, "live_at": AT}),
        ("media_uses", {"holder": "post:1", "media_id": 1}),
    ]  # fmt: skip


def fill(connection: Connection) -> None:
    old = MetaData()
    old.reflect(connection)
    for name, values in rows():
        table = old.tables[name]
        if "JSON" not in {
            str(column.type) for column in table.columns
        }:  # reflected from SQLite, JSON is text
            values = {
                key: str(one).replace("'", '"') if isinstance(one, dict | list) else one
                for key, one in values.items()
            }
        connection.execute(table.insert(), values)
    live = {
        "live_revision_id": 1,
        "latest_revision_id": 2,
        "published_at": AT,
        "first_published_at": AT,
        "updated_at": AT,
    }
    connection.execute(old.tables["posts"].update().values(**live))


def counts(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for name in sorted({name for name, _values in rows()})
    }


def test_an_instance_with_data_is_upgraded_and_loses_nothing(engine: Engine) -> None:
    upgrade(engine, RELEASED)
    with engine.connect().execution_options(parley_write=True) as connection:
        fill(connection)
        connection.commit()
        before = counts(connection)
    assert before["revisions"] == 2
    migrate(engine)
    with engine.connect() as connection:
        assert counts(connection) == before
        now = MetaData()
        now.reflect(connection, only=["posts"])
        posts = now.tables["posts"]
        shown = select(posts.c.slug, posts.c.live_revision_id, posts.c.latest_revision_id, posts.c.version)
        assert connection.execute(shown).all() == [("one", 1, 2, 2)]


def test_an_upgraded_schema_has_the_foreign_keys_of_a_new_one(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine, RELEASED)
    migrate(engine)
    looked = inspect(engine)
    tied = {key["constrained_columns"][0] for key in looked.get_foreign_keys("posts")}
    assert tied >= {"section_id", "created_by_id", "due_by_id"}
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
