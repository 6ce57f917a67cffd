"""`parley import`: bring a site in from the shell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import click
from tqdm import tqdm

from cms.core import clock
from cms.core.errors import Invalid
from cms.core.outbound import fetch
from cms.core.pages import config
from cms.transfer.archive.commands import bring_archive
from cms.transfer.importing import ImportOptions, run_import
from cms.transfer.reading.feed import LARGEST_FILE, read_feed
from cms.transfer.reading.ghost import read_ghost
from cms.transfer.reading.markdown import read_markdown
from cms.transfer.reading.vocabulary import ReadingOptions, SourceItem, SourceSite
from cms.transfer.reading.wxr import read_wxr

READERS: dict[str, Callable[[Path, ReadingOptions], Iterator[SourceItem]]] = {
    "wxr": read_wxr,
    "ghost": read_ghost,
    "markdown": read_markdown,
    "feed": read_feed,
}
_HELP = {
    "wxr": "A WordPress export (WXR, an .xml file).",
    "ghost": "A Ghost export (a .json file).",
    "markdown": "A folder or zip of Markdown files with front matter.",
    "feed": "RSS, Atom or JSON Feed, from a file (or, with --network, from an address).",
}
_OPTIONS = [
    click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing."),
    click.option(
        "--media",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A folder with the old site's files. May be repeated.",
    ),
    click.option(
        "--author",
        "authors",
        multiple=True,
        metavar="LOGIN=HANDLE",
        help="This author there is that person here.",
    ),
    click.option(
        "--section",
        "sections",
        multiple=True,
        metavar="SLUG[=SLUG]",
        help="This category becomes a section; others become tags.",
    ),
    click.option("--language", help="The language of texts that do not say (default: what the source says)."),
    click.option(
        "--pages",
        type=click.Choice(("article", "draft", "skip")),
        default="article",
        show_default=True,
        help="What pages become.",
    ),
    click.option("--site", help="The name of the source in source ids, when its own will not do."),
    click.option("--url", help="The address the old site had, when the file does not say."),
]


@click.group("import")
def import_group() -> None:
    """Bring posts in from another system. Safe to run again: what is here already stays as it is."""


def _command(name: str) -> click.Command:
    def run(path: str, **options: Any) -> None:
        with _at_hand(path, may_fetch=options.pop("network", False)) as file:
            bring(name, file, **options)

    command: Callable[..., None] = run
    for option in reversed(_OPTIONS):
        command = option(command)
    if name == "feed":
        command = click.option("--network", is_flag=True, help="PATH may be an address, which is fetched.")(
            command
        )
    command = click.argument("path")(command)
    return click.command(name, help=_HELP[name])(command)


for _name in READERS:
    import_group.add_command(_command(_name))
import_group.add_command(bring_archive)


@contextmanager
def _at_hand(path: str, *, may_fetch: bool) -> Iterator[Path]:
    """The file or folder; what an address gives only when that was asked for."""
    if not path.startswith(("http://", "https://")):
        if not Path(path).exists():
            raise Invalid(f"There is nothing at {path}.")
        yield Path(path)
        return
    if not may_fetch:
        raise Invalid(
            f"{path} is an address. An import reads files; add --network to `import feed` to fetch it."
        )
    answer = fetch(path, most_bytes=LARGEST_FILE)
    if answer.status != 200:
        raise Invalid(f"{path} answered with status {answer.status}. Nothing was imported.")
    with TemporaryDirectory(prefix="parley-import-") as folder:
        file = Path(folder) / "feed"
        file.write_bytes(answer.body)
        yield file


def bring(
    format_: str,
    path: Path,
    *,
    dry_run: bool,
    media: tuple[Path, ...],
    authors: tuple[str, ...],
    sections: tuple[str, ...],
    language: str | None,
    pages: str,
    site: str | None,
    url: str | None,
) -> None:
    """Read, write, and say how it went."""
    reading = ReadingOptions(
        zone=ZoneInfo(config().timezone), language=language, site=site, url=url, pages=pages
    )
    options = ImportOptions(
        is_dry_run=dry_run,
        media=media,
        authors=_pairs(authors, "--author"),
        sections=_pairs(sections, "--section", needs_both=False),
        language=language or config().locale,
    )
    with tqdm(disable=None, unit=" items", leave=False) as bar:

        def progress(item: SourceItem) -> None:
            if isinstance(item, SourceSite):
                bar.total = sum(item.expected.values()) or None
            bar.update()

        report = run_import(READERS[format_](path, reading), options, progress=progress)
    click.echo(report.as_text())
    if dry_run:
        click.echo("\nThis was a dry run: nothing was written.")
    else:
        saved = report.save(config().data / "imports", clock.now())
        click.echo(f"\nThe whole report: {saved}")


def _pairs(values: tuple[str, ...], name: str, *, needs_both: bool = True) -> dict[str, str]:
    pairs = {}
    for value in values:
        left, mark, right = value.partition("=")
        if not left or (needs_both and not right):
            raise Invalid(f"{name} takes two names parted by =, but it was given {value!r}.")
        pairs[left] = right.lstrip("@") if mark else left
    return pairs


COMMANDS: list[click.Command] = [import_group]
