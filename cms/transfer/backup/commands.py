"""`parley backup` and `parley restore`."""

from pathlib import Path

import click

from cms.core import clock, doctor
from cms.core.database import db, transaction
from cms.core.pages import config
from cms.core.storage import storage
from cms.people import audit
from cms.transfer.archive.commands import progress_bar
from cms.transfer.backup.reading import Backup, restore_backup
from cms.transfer.backup.writing import write_backup


@click.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--without-files", is_flag=True, help="Leave the uploads out: they are kept safe in another way."
)
def backup(file: Path, without_files: bool) -> None:
    """Write the database and all uploads into one file, while Parley runs. Keys are not in it."""
    with progress_bar() as progress:
        write_backup(
            db.engine,
            storage(),
            file.absolute(),
            base_url=config().base_url,
            at=clock.now(),
            progress=progress,
            with_files=not without_files,
        )
    with transaction():
        audit.record("backup.written", "site", by=None, at=clock.now())
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB. Keep PARLEY_KEYS somewhere else.")


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put a backup back, into a database that holds nothing. Nothing is sent until somebody says so."""
    with progress_bar() as progress:
        restore_backup(db.engine, storage(), Backup(file), at=clock.now(), progress=progress)
    click.echo("Restored. Nothing goes out until somebody looks at /desk/deliveries and lets it.")
    keys = doctor.check_sealed()
    click.echo(f"{keys.name}: {keys.words}", err=not keys.is_well)


COMMANDS: list[click.Command] = [backup, restore]
