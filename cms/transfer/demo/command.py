"""`parley demo`: the sample site from the shell."""

import click
from flask import current_app

from cms.core import clock
from cms.core.pages import config
from cms.transfer.demo.build import SIGN_INS, build_demo, is_filled


@click.command("demo")
@click.option("--unless-filled", is_flag=True, help="Do nothing when there is something here already.")
def make_demo(unless_filled: bool) -> None:
    """Fill an empty database with a bilingual sample site."""
    if not (unless_filled and is_filled()):
        made = build_demo(clock.now())
        for job in current_app.extensions["parley_jobs"]:
            if job.name == "rank_hot_words":  # the worker would, a few minutes later
                job.run()
        click.echo(f"Made {made['posts']} posts, {made['files']} files, {made['people']} people.")
    click.echo(f"\nThe sample site is at {config().base_url}. Sample sign-ins:")
    for role, (_, password) in SIGN_INS.items():
        click.echo(f"  {role + '@example.com':<22} {password}")
    click.echo("Everybody knows these passwords: never run the sample site where others can reach it.\n")
