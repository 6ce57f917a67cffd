"""`parley export` and `parley import archive`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from tqdm import tqdm

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.pagecache import touch
from cms.core.pages import config
from cms.core.storage import storage
from cms.people import audit
from cms.transfer.archive.contents import contents
from cms.transfer.archive.filling import refuse_filled
from cms.transfer.archive.reading import fill, put_files, read_about
from cms.transfer.archive.writing import Progress, write_archive
from cms.transfer.services import place_waiting


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write everything into a new folder: a file for each table, and every upload. No secrets."""
    with progress_bar() as progress:
        told = write_archive(
            db.engine,
            storage(),
            folder.absolute(),
            held=contents(),
            base_url=config().base_url,
            at=clock.now(),
            progress=progress,
        )
    with transaction():
        audit.record("archive.written", "site", by=None, at=clock.now())
    rows = sum(one["count"] for one in told["tables"].values())
    click.echo(
        f"{rows} rows of {len(told['tables'])} tables and {told['files']['count']} files are in {folder}."
    )


@click.command("archive", help="A folder that `parley export` wrote, into an empty database.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def bring_archive(folder: Path) -> None:
    """Read it, check it, and put it in: all of it or nothing."""
    held, told = contents(), read_about(folder)
    with db.engine.connect() as connection:
        refuse_filled(connection, held.tables)
    with progress_bar() as progress:
        put_files(folder, storage(), told, progress)
        with transaction():
            fill(folder, told, held, at=clock.now(), progress=progress)
            touch("site")
        for placed in iter(_place_comments, 0):
            progress("comments that waited", placed)
    rows = sum(one["count"] for one in told["tables"].values())
    click.echo(f"{rows} rows and {told['files']['count']} files are here. Next:")
    click.echo("  `parley reindex` makes the search index; `parley user link EMAIL` lets somebody in.")
    click.echo("  Accounts on networks have no credentials yet: connect them again at /desk/channels.")


def _place_comments() -> int:
    """Comments that waited where the archive was written need not wait for a worker here."""
    with transaction():
        return place_waiting(at=clock.now())


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Says what is done and how many of it, on a terminal only."""
    done: dict[str, int] = {}
    with tqdm(disable=None, leave=False, bar_format="{desc} ({elapsed})") as bar:

        def tell(what: str, count: int) -> None:
            done[what] = done.get(what, 0) + count
            bar.set_description_str(
                ", ".join(f"{number:,} {name}" for name, number in done.items()), refresh=False
            )
            bar.update()

        yield tell


COMMANDS: list[click.Command] = [export]
