"""What the shell runs: `parley contest verify FILE`. It opens a file and no database."""

from pathlib import Path

import click

from cms.contests.judging.bundle import NoBundle, verify
from cms.core.errors import Invalid, Problem


@click.group("contest")
def contest() -> None:
    """Contests and their results."""


@contest.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--entries", default="", metavar="HASH", help="The seal of entries as it was published.")
@click.option("--scores", default="", metavar="HASH", help="The seal of scores as it was published.")
def verify_bundle(file: Path, entries: str, scores: str) -> None:
    """Work the results of a contest out again from its bundle."""
    try:
        with file.open("rb") as opened:
            checks = verify(opened, entries=entries, scores=scores)
    except NoBundle as error:
        raise Invalid(str(error)) from error
    for one in checks:
        click.echo(
            f"{'right' if one.is_right else 'WRONG':5}  {one.name}{f'  {one.detail}' if one.detail else ''}"
        )
    if not all(one.is_right for one in checks):
        raise Problem("This bundle does not give the result it states.")
    if not (entries and scores):
        click.echo(
            "Give --entries and --scores, the seals published on the contest's page, to compare those too."
        )


COMMANDS: list[click.Command] = [contest]
