"""What the shell does with what was counted."""

from pathlib import Path

import click

from campaigns.engagement.exporting import export
from campaigns.engagement.installing import store
from campaigns.engagement.scoring import rescore


@click.group("figures")
def figures() -> None:
    """What readers did: score it again, take it elsewhere."""


@figures.command("rescore")
def rescore_raw() -> None:
    """Tell people from machines again, by the present rules, as far back as single events are kept."""
    with click.progressbar(length=1000, label="Scoring") as shown:
        count = rescore(store(), progress=lambda done, of: shown.update(1000 * done // of - shown.pos))
    click.echo(f"{count} events were scored and added up again.")


@figures.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_figures(folder: Path) -> None:
    """Write sums and single events as JSON lines into FOLDER; `docs/engagement.md` says what they hold."""
    told = export(store(), folder, progress=lambda name, count: click.echo(f"{name}: {count} …", err=True))
    click.echo(", ".join(f"{name}: {count}" for name, count in told.items()))


COMMANDS: list[click.Command] = [figures]
