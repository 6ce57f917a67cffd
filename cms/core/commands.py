"""What the shell runs: create the database, serve, work, check health, look after the words."""

import sys
from pathlib import Path

import click
from flask import current_app

from cms.core import doctor, schema, sealed, supervisor, words, worker
from cms.core.database import db
from cms.core.pages import config


@click.command("init")
def init() -> None:
    """Create the database, or migrate it to this version. Safe to run again."""
    before, after = schema.migrate(db.engine)
    done = (
        "is up to date"
        if before == after
        else "was created"
        if before is None
        else f"went from {before} to {after}"
    )
    click.echo(f"Database {done} ({after}).")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Serve pages only; run `parley worker` elsewhere.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the site, with a worker beside it, until SIGTERM."""
    supervisor.refuse_a_taken_port(host, port)
    click.echo(f"Parley on http://{host}:{port} (public address {config().base_url})")
    supervisor.become_supervisor(
        log_level=config().log_level, host=host, port=port, workers=workers, with_worker=not no_worker
    )


@click.command("worker")
def work() -> None:
    """Do what is due (publishing, mail, pictures) until SIGTERM. Any number may run."""
    worker.run_worker(current_app._get_current_object(), current_app.extensions["parley_jobs"])  # type: ignore[attr-defined]


@click.command("words")
@click.option("--update", is_flag=True, help="Write missing sentences into the catalogues, to be translated.")
def check_words(update: bool) -> None:
    """List sentences of the interface that have no Chinese translation, or two; compile the catalogues."""
    root = Path(current_app.root_path)
    missing = words.missing(root)
    for room, sentences in missing.items():
        for sentence in sentences:
            click.echo(f"{room}: {sentence!r}")
    contradictions = words.contradictions(root)
    for sentence, said in contradictions.items():
        click.echo(f"{sentence!r}: " + ", ".join(f"{room} says {one!r}" for room, one in said.items()))
    if update:
        words.update(root)
    words.compile_all(root)
    sys.exit(1 if contradictions or (missing and not update) else 0)


@click.command("doctor")
def see_doctor() -> None:
    """Check settings, database, storage, clocks and credentials. Exit code 0 when all is well."""
    findings = doctor.examine([*doctor.CHECKS, *current_app.extensions["parley_checks"]])
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_well else 'BAD '} {finding.name}: {finding.words}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


@click.group("secrets")
def secrets() -> None:
    """What is stored encrypted."""


@secrets.command("rotate")
def rotate_secrets() -> None:
    """Write every stored secret anew with the newest of PARLEY_KEYS; afterwards older keys can go. Safe to run again."""
    lost = 0
    for one in sealed.columns():
        found = sealed.rotate_all(one)
        lost += found.unreadable
        click.echo(
            f"{one.name}: {found.old} written anew, {found.all - found.old - found.unreadable} already were."
        )
        if found.unreadable:
            click.echo(f"{one.name}: no key opens {found.unreadable}; they stay as they are.", err=True)
    sys.exit(1 if lost else 0)


COMMANDS: list[click.Command] = [init, serve, work, see_doctor, secrets, check_words]
