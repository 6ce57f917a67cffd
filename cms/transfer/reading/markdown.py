"""A folder (or zip) of Markdown files with front matter, as Hugo, Jekyll, Hexo, Astro, Obsidian and others write them.

The files are gone through twice: first for their names and fields, so that wiki links can find each other, then for
their texts. Only files inside the folder are read, and nothing that they name is fetched.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from cms.core.markup import plain_text
from cms.core.text import make_slug, strip_control
from cms.transfer.reading import front_matter
from cms.transfer.reading.addresses import asset_of, is_web_address, normal_address
from cms.transfer.reading.archives import unpacked
from cms.transfer.reading.dates import instant_of
from cms.transfer.reading.front_matter import BadFrontMatter, moment_of, text_of, words_of
from cms.transfer.reading.vocabulary import (
    LONGEST_BODY,
    MOST_ITEMS,
    Loss,
    ReadingOptions,
    SourceItem,
    SourcePerson,
    SourcePost,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)

ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
LARGEST_FILE = 2 * 1024 * 1024
_DATED = re.compile(r"^(\d{4}-\d{2}-\d{2})[-_ ]+(.+)$")
_WIKI = re.compile(r"(!?)\[\[([^\[\]|#\n]{1,300})(#[^\[\]|\n]{0,200})?(?:\|([^\[\]\n]{0,300}))?\]\]")
_TARGET = re.compile(r"(\]\(\s?<?)([^()<>\s]{1,500}(?:\([^()\s]{0,100}\)[^()<>\s]{0,200})?)")
_REFERENCE = re.compile(r"^( {0,3}\[[^\[\]\n]{1,200}\]:[ \t]{0,4}<?)([^\s<>]{1,500})", re.M)
_ATTRIBUTE = re.compile(
    r"(<(?:img|a|audio|video|source)\s[^<>]{0,500}?(?:src|href)=[\"'])([^\"'<>]{1,500})", re.I
)
_HUGO = re.compile(r"\{\{[<%]\s*/?\s*([\w./-]{1,60})[^{}]{0,1000}?[>%]\}\}")
_LIQUID = re.compile(r"\{%-?\s*(\w{1,40})[^{}%]{0,500}-?%\}")
_INLINE_CODE = re.compile(r"(`[^`\n]{1,500}`)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FILES = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|bmp|heic|mp3|m4a|ogg|oga|opus|wav|flac|mp4|m4v|webm|mov|pdf|zip|docx?|xlsx?|pptx?)$",
    re.I,
)
_LANGUAGE = re.compile(r"\.(en|zh|de|fr|es|it|pt|ja|ko|ru|nl|pl|sv|tr|ar)(?:-[A-Za-z]{2,4})?$")


@dataclass
class _File:
    """One text before it is read in full."""

    path: Path
    id: str  # its path in the folder
    slug: str
    title: str
    language: str
    story: str  # its path without ending and language
    fields: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_markdown(path: Path, options: ReadingOptions) -> Iterator[SourceItem]:
    """The texts of a folder, a zip of one, or a single file."""
    with ExitStack() as stack:
        if path.is_file() and path.suffix.lower() == ".zip":
            folder = stack.enter_context(unpacked(path))
        elif path.is_file() and path.suffix.lower() in ENDINGS:
            folder = path.parent
        elif path.is_dir():
            folder = path
        else:
            raise UnreadableSource(
                f"{path} is neither a folder nor a zip nor a Markdown file. Nothing was imported."
            )
        only = path if path.is_file() and folder == path.parent else None
        files = [_first_look(one, folder, options) for one in _texts(folder, only)]
        if not files:
            raise UnreadableSource(f"There is no Markdown file in {path.name}. Nothing was imported.")
        yield from _items(files, folder, path, options)


def _items(files: list[_File], folder: Path, path: Path, options: ReadingOptions) -> Iterator[SourceItem]:
    names = {name: None for file in files for name in words_of(file.fields, "author", "authors")}
    tags = {tag.id: tag for file in files for tag in _tags(file.fields)}
    yield SourceSite(
        format="markdown",
        id=options.site or make_slug(path.stem) or "markdown",
        url=(options.url or "").rstrip("/"),
        title=path.stem,
        expected={"person": len(names), "tag": len(tags), "post": len(files)},
        folder=folder,
    )
    yield from (SourcePerson(id=name, name=plain_text(name)) for name in names)
    yield from tags.values()
    known = _names(files)
    for file in files:
        yield (
            SourceSkip("post", file.id, file.problem) if file.problem else _post(file, known, folder, options)
        )


def _texts(folder: Path, only: Path | None) -> Iterator[Path]:
    """The Markdown files, in a steady order; hidden ones and links that lead out of the folder are not ours."""
    root = folder.resolve()
    found = [only] if only else sorted(folder.rglob("*"))
    if len(found) > MOST_ITEMS:
        raise UnreadableSource(f"This folder holds more than {MOST_ITEMS:,} files. Nothing was imported.")
    for path in found:
        relative = path.relative_to(folder)
        is_hidden = any(part.startswith(".") or part == "node_modules" for part in relative.parts)
        if (
            path.suffix.lower() in ENDINGS
            and path.is_file()
            and not is_hidden
            and path.resolve().is_relative_to(root)
        ):
            yield path


# The first look -------------------------------------------------------------------------------------------------


def _first_look(path: Path, folder: Path, options: ReadingOptions) -> _File:
    relative = PurePosixPath(path.relative_to(folder).as_posix())
    bare = relative.with_suffix("")
    suffix = _LANGUAGE.search(bare.name)
    bare = bare.with_name(bare.name[: suffix.start()]) if suffix else bare
    file = _File(path, str(relative), "", "", suffix[1] if suffix else "", str(bare))
    if bare.name == "_index":
        file.problem = "list pages have no text of their own here"
        return file
    try:
        file.fields, text = front_matter.split(_read(path))
    except BadFrontMatter as error:
        file.problem = f"its front matter cannot be read ({error})"
        return file
    except UnicodeDecodeError:
        file.problem = "it is not UTF-8 text"
        return file
    except ValueError as error:
        file.problem = str(error)
        return file
    name = _DATED.sub(r"\2", bare.name)
    name = bare.parent.name or name if name.lower() in ("index", "readme") else name
    permalink = text_of(file.fields, "permalink", "url")
    last = normal_address(permalink).rpartition("/")[2] if permalink and ":" not in permalink else ""
    file.slug = make_slug(text_of(file.fields, "slug") or last.removesuffix(".html") or name, longest=120)
    heading = re.match(r"\s*# +(.+)", text)
    file.title = text_of(file.fields, "title") or (
        heading[1].strip("# ") if heading else name.replace("-", " ")
    )
    file.language = (
        text_of(file.fields, "lang", "language", "locale").partition("-")[0].lower()[:8] or file.language
    )
    file.language = file.language or options.language or "en"
    return file


def _read(path: Path) -> str:
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE // 1024 // 1024} MB")
    return strip_control(path.read_bytes().decode("utf-8-sig"))


def _tags(fields: Mapping[str, Any]) -> Iterator[SourceTag]:
    for is_category, names in ((True, ("category", "categories")), (False, ("tag", "tags", "keywords"))):
        for word in words_of(fields, *names):
            yield SourceTag(
                f"{'category' if is_category else 'tag'}:{word}", word, plain_text(word), is_category
            )


def _names(files: list[_File]) -> dict[str, _File]:
    """What a wiki link may call a text: its path, its file name, its title. The first one keeps a name."""
    known: dict[str, _File] = {}
    for file in files:
        bare = PurePosixPath(file.id).with_suffix("")
        for name in (str(bare), file.story, bare.name, PurePosixPath(file.story).name, file.title):
            known.setdefault(name.casefold(), file)
    return known


# The second look ------------------------------------------------------------------------------------------------


def _post(file: _File, known: Mapping[str, _File], folder: Path, options: ReadingOptions) -> SourceItem:
    fields = file.fields
    _, text = front_matter.split(_read(file.path))
    if len(text) > LONGEST_BODY:
        return SourceSkip("post", file.id, f"it is longer than {LONGEST_BODY:,} characters")
    losses: list[Loss] = []
    published = _published(file, options)
    held_back = _why_draft(file, published)
    updated = instant_of(
        moment_of(fields, "updated", "lastmod", "modified", "last_modified_at", "updateddate"), options.zone
    )
    cover = text_of(
        fields,
        "cover",
        "image",
        "featured_image",
        "feature_image",
        "thumbnail",
        "banner",
        "images",
        "heroimage",
    )
    canonical = text_of(fields, "canonical_url", "canonicalurl", "canonical")
    return SourcePost(
        id=file.id,
        kind="article",
        title=plain_text(file.title),
        slug=file.slug,
        body=_body(text, file, known, folder, losses),
        format="markdown",
        summary=plain_text(text_of(fields, "summary", "description", "excerpt", "subtitle")),
        guid=text_of(fields, "guid"),
        language=file.language,
        is_published=not held_back,
        created_at=published,
        published_at=None if held_back else published,
        updated_at=updated or published,
        authors=tuple(words_of(fields, "author", "authors")),
        tags=tuple(tag.id for tag in _tags(fields)),
        cover=_target(cover, file, folder) if cover else "",
        cover_alt=text_of(fields, "cover_alt", "image_alt", "alt"),
        canonical_url=canonical if is_web_address(canonical) else "",
        translation_of=file.story,
        addresses=_addresses(file),
        losses=(*held_back, *losses),
    )


def _published(file: _File, options: ReadingOptions) -> datetime | None:
    """From the front matter, or else from the file's name. A date without a time is midnight in the site's zone."""
    given = moment_of(
        file.fields, "date", "published", "publishdate", "pubdate", "published_at", "created", "publish_date"
    )
    bare = PurePosixPath(file.story)
    dated = _DATED.match(bare.name) or _DATED.match(bare.parent.name)
    return instant_of(given, options.zone) or instant_of(dated[1] if dated else None, options.zone)


def _why_draft(file: _File, published: datetime | None) -> list[Loss]:
    fields = file.fields
    is_draft = fields.get("draft") in (True, "true", "yes") or fields.get("published") is False
    if (
        is_draft
        or text_of(fields, "status").lower() in ("draft", "private")
        or "_drafts" in PurePosixPath(file.id).parts
    ):
        return [Loss("drafts stayed drafts")]
    return [] if published else [Loss("texts without a date became drafts")]


def _addresses(file: _File) -> tuple[str, ...]:
    fields = file.fields
    permalink = text_of(fields, "permalink", "url")
    given = [permalink] if ":" not in permalink or is_web_address(permalink) else []
    given += words_of(fields, "aliases", "redirect_from", "redirects")
    return tuple(
        dict.fromkeys(filter(None, (normal_address(one if "/" in one else f"/{one}") for one in given)))
    )


def _body(text: str, file: _File, known: Mapping[str, _File], folder: Path, losses: list[Loss]) -> str:
    """The text with links that lead somewhere: to other texts here, or to files that come along (`asset:…`).

    Code keeps what it shows. Template calls stay visible and are counted.
    """
    heading = re.match(r"\s*# +(.+)\n?", text)
    if heading and heading[1].strip("# ") == file.title:
        text = text[heading.end() :]
    made: list[str] = []
    for is_code, part in _parts(text):
        pieces = [part] if is_code else _INLINE_CODE.split(part)
        pieces[::2] = (
            pieces[::2] if is_code else [_prose(one, file, known, folder, losses) for one in pieces[::2]]
        )
        made += pieces
    return "".join(made)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in turns of prose and fenced code."""
    gathered: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if not fence and mark:
            yield False, "".join(gathered)
            gathered, fence = [line], mark[1]
        elif fence and mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            yield True, "".join([*gathered, line])
            gathered, fence = [], ""
        else:
            gathered.append(line)
    yield bool(fence), "".join(gathered)


def _prose(text: str, file: _File, known: Mapping[str, _File], folder: Path, losses: list[Loss]) -> str:
    def wiki(match: re.Match[str]) -> str:
        name, words = match[2].strip(), (match[4] or match[2]).strip()
        if match[1] and not name.lower().endswith(ENDINGS):
            return f"![{'' if words == name else words}]({_asset(name, file, folder)})"
        found = known.get(name.casefold().removesuffix(".md"))
        if found is None or found.problem:
            losses.append(Loss("wiki links to texts that are not here became words", name))
            return words
        return f"[{words}](/posts/{quote(found.slug)})"

    def target(match: re.Match[str]) -> str:
        return match[1] + _link(match[2], file, known, folder)

    text = _WIKI.sub(wiki, text)
    for pattern in (_TARGET, _REFERENCE, _ATTRIBUTE):
        text = pattern.sub(target, text)
    for pattern, kind in ((_HUGO, "Hugo"), (_LIQUID, "Liquid")):
        for call in pattern.finditer(text):
            losses.append(Loss(f"{kind} tag {call[1]} is not known here: it was kept as text"))
    return text


def _link(target: str, file: _File, known: Mapping[str, _File], folder: Path) -> str:
    """A link to a text here becomes its address, one to a file becomes `asset:`; others stay."""
    if is_web_address(target) and _FILES.search(re.split("[?#]", target)[0]):
        return asset_of(target)
    if ":" in target.split("/")[0] or target.startswith(("#", "//")):
        return target
    path, mark, fragment = target.partition("#")
    plain = unquote(path)
    if plain.lower().endswith(ENDINGS):
        folded = _resolved(plain, file).removesuffix(PurePosixPath(plain).suffix).casefold()
        found = known.get(folded)
        if found is not None and not found.problem:
            return f"/posts/{quote(found.slug)}{mark}{fragment}"
    plain = plain.partition("?")[0]
    return _asset(plain, file, folder) if _FILES.search(plain) else target


def _target(target: str, file: _File, folder: Path) -> str:
    return target if is_web_address(target) else _asset(unquote(target), file, folder)


def _asset(name: str, file: _File, folder: Path) -> str:
    """`asset:` and the path in the folder; of a file that is not there, the path it should have."""
    near = PurePosixPath(_resolved(name, file))
    roots = ("", "static", "public", "assets", "content", "source", "images", "attachments")
    for candidate in (near, *(PurePosixPath(root) / name.lstrip("/") for root in roots)):
        path = folder / candidate
        inside = ".." not in candidate.parts and not candidate.is_absolute()
        if inside and path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return asset_of(str(candidate))
    return asset_of(str(near))


def _resolved(name: str, file: _File) -> str:
    """The path in the folder that a relative path in this file means; one that would leave it keeps its `..`."""
    if name.startswith("/"):
        return name.lstrip("/")
    parts = list(PurePosixPath(file.id).parent.parts)
    for part in PurePosixPath(name).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
