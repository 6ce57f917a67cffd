"""What the shell does with deliveries: `parley deliveries release`."""

import click
from flask_babel import gettext

from campaigns.deliveries.engine import guarding
from cms.core import clock
from cms.core.database import transaction


@click.group("deliveries")
def deliveries() -> None:
    """What goes out to networks."""


@deliveries.command("release")
def release() -> None:
    """Let this machine send from this database: after a restore, or before a new machine starts its worker."""
    with transaction():
        ended = guarding.release(at=clock.now())
    if ended:
        click.echo(gettext("The pause is lifted. What was due meanwhile waits for a decision on each."))
    click.echo(gettext("This machine may send from this database."))


COMMANDS: list[click.Command] = [deliveries]
