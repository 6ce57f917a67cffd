"""The search index: FTS5 on SQLite, a tsvector on PostgreSQL, over terms that Parley parts itself."""

from alembic import op

revision = "0003_search"
down_revision = "0002_audit_is_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The terms are folded and parted before they come here; `ascii` takes everything else as it is.
        op.execute(
            "CREATE VIRTUAL TABLE post_search USING fts5("
            "title, tags, summary, body, content='', contentless_delete=1, tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE post_search ("
            "post_id integer CONSTRAINT pk_post_search PRIMARY KEY"
            " CONSTRAINT fk_post_search_post_id_posts REFERENCES posts (id) ON DELETE CASCADE,"
            " terms tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_post_search_terms ON post_search USING gin (terms)")
