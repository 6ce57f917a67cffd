"""Ghost's JSON export, from the integers and milliseconds of version 0 to the Lexical texts of version 5."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms.core.markup import plain_text
from cms.core.text import make_slug, strip_control
from cms.transfer.reading.addresses import host_of, normal_address
from cms.transfer.reading.bodies import Body, settle
from cms.transfer.reading.dates import instant_of
from cms.transfer.reading.ghost_texts import html_of_lexical, html_of_mobiledoc
from cms.transfer.reading.vocabulary import (
    LONGEST_BODY,
    MOST_ITEMS,
    Loss,
    ReadingOptions,
    SourceComment,
    SourceItem,
    SourcePerson,
    SourcePost,
    SourceRedirect,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)

LARGEST_FILE = 512 * 1024 * 1024
Row = Mapping[str, Any]
_HELD_BACK = {
    "members": "posts for members became drafts",
    "paid": "posts for paying members became drafts",
    "tiers": "posts for paying members became drafts",
}
_NOT_OURS = {
    "members": "members were not imported: import them where you send letters from",
    "newsletters": "newsletter settings were not imported",
    "snippets": "snippets were not imported",
    "webhooks": "webhooks were not imported",
    "offers": "offers were not imported",
}


@dataclass(frozen=True)
class _Export:
    """The tables of an export, and the joins between posts, tags and authors worked out."""

    tables: Mapping[str, list[Row]]
    settings: Mapping[str, str]
    url: str
    language: str
    tags_of: Mapping[str, list[str]]
    authors_of: Mapping[str, list[str]]
    meta_of: Mapping[str, Row]
    tags: Mapping[str, SourceTag]  # by the export's own id
    people: Mapping[str, SourcePerson]


def read_ghost(path: Path, options: ReadingOptions) -> Iterator[SourceItem]:
    """Everything in a Ghost export that a site is made of."""
    export = _understand(_load(path), options)
    posts = export.tables.get("posts", [])
    yield SourceSite(
        format="ghost",
        id=options.site or host_of(export.url) or _site_name(export),
        url=export.url,
        title=export.settings.get("title", ""),
        expected={"person": len(export.people), "tag": len(export.tags), "post": len(posts)},
        losses=tuple(
            Loss(sentence, times=len(export.tables[table]))
            for table, sentence in _NOT_OURS.items()
            if export.tables.get(table)
        ),
    )
    credited = {one for row in posts for one in _authors(row, export)}
    for person in export.people.values():
        yield person if person.id in credited else SourceSkip("person", person.id, "they wrote nothing")
    yield from export.tags.values()
    comments = _comments(export, options)
    paths = {
        normal_address(f"/{_text(row, 'slug')}"): _text(row, "id")
        for row in posts
        if _text(row, "status") == "published"
    }
    for row in posts:
        yield _post_or_skip(row, export, options, comments, paths)
    yield from _redirects(export, sorted(credited))


# Opening the file -----------------------------------------------------------------------------------------------


def _load(path: Path) -> Row:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableSource(f"{path.name} is larger than {LARGEST_FILE // 1024 // 1024} MB.")
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableSource(f"{path.name} is not readable JSON. Nothing was imported.") from error
    if isinstance(document, dict) and isinstance(document.get("db"), list) and document["db"]:
        document = document["db"][0]
    if isinstance(document, dict) and isinstance(document.get("data"), dict):
        data: Row = document["data"]
        if isinstance(data.get("posts"), list):
            return data
    raise UnreadableSource(f"{path.name} is not a Ghost export: it has no posts. Nothing was imported.")


def _understand(data: Row, options: ReadingOptions) -> _Export:
    tables = {name: _rows(value) for name, value in data.items() if isinstance(value, list)}
    if sum(map(len, tables.values())) > MOST_ITEMS:
        raise UnreadableSource(f"This file holds more than {MOST_ITEMS:,} items. Nothing was imported.")
    settings = {_text(row, "key"): _text(row, "value") for row in tables.get("settings", [])}
    language = settings.get("lang") or settings.get("locale") or settings.get("defaultLang") or "en"
    return _Export(
        tables=tables,
        settings=settings,
        url=(options.url or settings.get("url", "")).rstrip("/"),
        language=options.language or language.replace("_", "-").partition("-")[0].lower()[:8] or "en",
        tags_of=_joined(tables.get("posts_tags", []), "tag_id"),
        authors_of=_joined(tables.get("posts_authors", []), "author_id"),
        meta_of={_text(row, "post_id"): row for row in tables.get("posts_meta", [])},
        tags={_text(row, "id"): _tag(row) for row in tables.get("tags", []) if not _is_internal(row)},
        people={_text(row, "id"): _person(row) for row in tables.get("users", []) if _text(row, "slug")},
    )


def _rows(value: list[Any]) -> list[Row]:
    return [row for row in value if isinstance(row, dict)]


def _joined(rows: list[Row], column: str) -> dict[str, list[str]]:
    """Ids by post, in the order the join table gives them."""
    found: dict[str, list[tuple[float, str]]] = {}
    for number, row in enumerate(rows):
        order = row.get("sort_order")
        rank = float(order) if isinstance(order, int | float) else float(number)
        found.setdefault(_text(row, "post_id"), []).append((rank, _text(row, column)))
    return {
        post_id: [one for _, one in sorted(pairs, key=lambda pair: pair[0])]
        for post_id, pairs in found.items()
    }


def _site_name(export: _Export) -> str:
    return export.settings.get("db_hash") or make_slug(export.settings.get("title", "")) or "ghost"


def _is_internal(row: Row) -> bool:
    return _text(row, "visibility") == "internal" or _text(row, "name").startswith("#")


def _tag(row: Row) -> SourceTag:
    slug, name = _text(row, "slug"), plain_text(_text(row, "name"))
    return SourceTag(f"tag:{slug}", slug, name or slug, description=plain_text(_text(row, "description")))


def _person(row: Row) -> SourcePerson:
    slug = _text(row, "slug")
    return SourcePerson(
        id=slug, name=plain_text(_text(row, "name")) or slug, bio=plain_text(_text(row, "bio"))
    )


# Posts ----------------------------------------------------------------------------------------------------------


def _post_or_skip(
    row: Row,
    export: _Export,
    options: ReadingOptions,
    comments: Mapping[str, list[SourceComment]],
    paths: Mapping[str, str],
) -> SourceItem:
    post_id = _text(row, "id")
    is_page = _text(row, "type") == "page" or row.get("page") in (1, True)
    if not post_id:
        return SourceSkip("post", "", "it has no id")
    if is_page and options.pages == "skip":
        return SourceSkip("post", post_id, "pages were left out, as asked")
    if any(len(_text(row, name)) > LONGEST_BODY for name in ("html", "mobiledoc", "lexical", "markdown")):
        return SourceSkip("post", post_id, f"it is longer than {LONGEST_BODY:,} characters")
    return _post(row, export, options, tuple(comments.get(post_id, ())), paths, is_page=is_page)


def _post(
    row: Row,
    export: _Export,
    options: ReadingOptions,
    comments: tuple[SourceComment, ...],
    paths: Mapping[str, str],
    *,
    is_page: bool,
) -> SourcePost:
    post_id, slug = _text(row, "id"), _text(row, "slug")
    body = _body(row, export, paths)
    published = instant_of(row.get("published_at"), options.zone)
    held_back = _why_draft(row, is_page=is_page, has_date=published is not None, options=options)
    created = instant_of(row.get("created_at"), options.zone)
    updated = instant_of(row.get("updated_at"), options.zone)
    meta = {**export.meta_of.get(post_id, {}), **{k: v for k, v in row.items() if v}}
    as_article = (Loss("pages became articles, because Parley has no pages"),) if is_page else ()
    canonical = _text(meta, "canonical_url").replace("__GHOST_URL__", export.url)
    return SourcePost(
        id=post_id,
        kind="article",
        title=plain_text(_text(row, "title")),
        slug=slug,
        body=body.html,
        summary=plain_text(_text(row, "custom_excerpt") or _text(meta, "meta_description")),
        guid=post_id,  # what Ghost's own feed says
        language=_text(row, "locale").partition("-")[0].lower()[:8] or export.language,
        is_published=not held_back,
        created_at=created or published,
        published_at=None if held_back else published,
        updated_at=max(filter(None, (updated, published)), default=None),
        authors=tuple(_authors(row, export)),
        tags=tuple(export.tags[tag].id for tag in export.tags_of.get(post_id, ()) if tag in export.tags),
        cover=_absolute(_text(row, "feature_image") or _text(row, "image"), export),
        cover_alt=plain_text(_text(meta, "feature_image_alt")),
        canonical_url=canonical,
        addresses=tuple(filter(None, [normal_address(f"/{slug}")])) if slug else (),
        comments=comments,
        losses=(*held_back, *as_article, *body.losses),
    )


def _why_draft(row: Row, *, is_page: bool, has_date: bool, options: ReadingOptions) -> list[Loss]:
    status, seen_by = _text(row, "status") or "draft", _text(row, "visibility") or "public"
    if status == "scheduled":
        return [Loss("scheduled posts became drafts: schedule them again here", _text(row, "published_at"))]
    if status == "sent":
        return [Loss("posts that were only sent by mail became drafts")]
    if status != "published":
        return [Loss("drafts stayed drafts")]
    if seen_by != "public":
        return [Loss(_HELD_BACK.get(seen_by, "posts for some readers only became drafts"))]
    if not has_date:
        return [Loss("published posts without a usable date became drafts")]
    return [Loss("pages became drafts, as asked")] if is_page and options.pages == "draft" else []


def _authors(row: Row, export: _Export) -> Iterator[str]:
    ids = export.authors_of.get(_text(row, "id")) or [_text(row, "author_id")]
    for one in dict.fromkeys(ids):
        if one in export.people:
            yield export.people[one].id


def _body(row: Row, export: _Export, paths: Mapping[str, str]) -> Body:
    """Ghost's own rendering where there is one; else its source made HTML here."""
    losses: list[Loss] = []
    html = _text(row, "html")
    if not html.strip() and _text(row, "lexical"):
        html, losses = html_of_lexical(_text(row, "lexical"))
    elif not html.strip() and _text(row, "mobiledoc"):
        html, losses = html_of_mobiledoc(_text(row, "mobiledoc"))
    if _text(row, "codeinjection_head") or _text(row, "codeinjection_foot"):
        losses = [*losses, Loss("code injected into single posts was left out")]
    body = settle(_absolute(html, export), host=host_of(export.url), paths=paths)
    return Body(body.html, (*losses, *body.losses), body.pictures)


def _absolute(text: str, export: _Export) -> str:
    """Ghost writes its own address as a word. Without a known address, paths of its uploads still say enough."""
    return text.replace("__GHOST_URL__", export.url)


def _comments(export: _Export, options: ReadingOptions) -> dict[str, list[SourceComment]]:
    names = {_text(row, "id"): plain_text(_text(row, "name")) for row in export.tables.get("members", [])}
    found: dict[str, list[SourceComment]] = {}
    rows = sorted(export.tables.get("comments", []), key=lambda row: _text(row, "created_at"))
    for row in rows:
        if _text(row, "status") in ("published", "hidden"):
            comment = SourceComment(
                id=_text(row, "id"),
                parent=_text(row, "parent_id"),
                author=names.get(_text(row, "member_id"), ""),
                html=_text(row, "html"),
                at=instant_of(row.get("created_at"), options.zone),
                is_approved=_text(row, "status") == "published",
            )
            found.setdefault(_text(row, "post_id"), []).append(comment)
    return found


def _redirects(export: _Export, credited: list[str]) -> Iterator[SourceRedirect]:
    for tag in export.tags.values():
        yield SourceRedirect(normal_address(f"/tag/{tag.slug}"), "tag", tag.id)
    for person in credited:
        yield SourceRedirect(normal_address(f"/author/{person}"), "person", person)
    yield SourceRedirect("/rss", "path", "/feed.xml")


def _text(row: Row, name: str) -> str:
    """A value as text; numbers (ids of version 0) included, everything else empty."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return strip_control(str(value))
