"""What the shell does for the site."""

import click
from sqlalchemy import select

from cms.core.database import db, transaction
from cms.posts.models import Post
from cms.posts.queries import visible_to
from cms.site.services.index import empty_index, index_posts

BATCH = 200


@click.command("reindex")
def reindex() -> None:
    """Write the search index again from the posts that are live."""
    ids = list(db.session.scalars(select(Post.id).where(visible_to(None, None)).order_by(Post.id)))
    with transaction():
        empty_index()
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    count = 0
    with click.progressbar(batches, label="Indexing", show_pos=True) as shown:
        for batch in shown:
            with transaction():
                count += index_posts(batch)
    click.echo(f"{count} posts can be found.")


COMMANDS: list[click.Command] = [reindex]
