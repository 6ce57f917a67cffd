"""WordPress eXtended RSS. The file is read twice: once to check all of it and learn the names, once for the posts.

Only what has to be known beforehand is kept in memory: authors, terms, attachments and addresses. Posts, the
bulk of a file, pass one by one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from cms.core.markup import plain_text
from cms.core.text import strip_control
from cms.transfer.reading import wordpress
from cms.transfer.reading.addresses import host_of, normal_address
from cms.transfer.reading.bodies import Body
from cms.transfer.reading.dates import instant_of, mail_date
from cms.transfer.reading.vocabulary import (
    LONGEST_BODY,
    MOST_ITEMS,
    Loss,
    ReadingOptions,
    SourceComment,
    SourceItem,
    SourceMedia,
    SourcePerson,
    SourcePost,
    SourceRedirect,
    SourceSite,
    SourceSkip,
    SourceTag,
    UnreadableSource,
)
from cms.transfer.reading.xml import elements, local

UTC_ZONE = ZoneInfo("UTC")
_KINDS = {
    "gallery": "photo",
    "image": "photo",
    "audio": "audio",
    "video": "video",
    "status": "note",
    "aside": "note",
    "link": "note",
    "quote": "note",
}
_MONTH = re.compile(r"/(\d{4}/\d{2})/")
_RECORDING = re.compile(r"<(audio|video)\s[^<>]*src=\"([^\"<>]+)\"")
_OWN_TYPES = {
    "nav_menu_item": "menu entries belong to the old theme",
    "revision": "old revisions are not imported",
    "custom_css": "styles belong to the old theme",
    "customize_changeset": "settings belong to the old theme",
    "wp_global_styles": "styles belong to the old theme",
    "wp_template": "templates belong to the old theme",
    "wp_template_part": "templates belong to the old theme",
    "wp_navigation": "menu entries belong to the old theme",
    "wp_block": "reusable blocks are not texts of their own",
    "oembed_cache": "a cache of other people's pages",
}


@dataclass
class _Known:
    """What the first reading learned."""

    title: str = ""
    url: str = ""
    language: str = ""
    people: dict[str, SourcePerson] = field(default_factory=dict)
    tags: dict[str, SourceTag] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)  # category slug -> slug of the one above it
    media: dict[str, SourceMedia] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)  # post id -> attachment ids
    paths: dict[str, str] = field(default_factory=dict)  # old path of a live post -> post id
    counts: Counter[str] = field(default_factory=Counter)
    losses: list[Loss] = field(default_factory=list)


def read_wxr(path: Path, options: ReadingOptions) -> Iterator[SourceItem]:
    """Everything in a WordPress export, people and media before the posts that name them."""
    known = _survey(path)
    yield SourceSite(
        format="wxr",
        id=options.site or host_of(known.url) or "wordpress",
        url=(options.url or known.url).rstrip("/"),
        title=known.title,
        expected={
            "person": len(known.people),
            "tag": len(known.tags),
            "media": len(known.media),
            "post": known.counts["post"],
        },
        losses=tuple(known.losses),
    )
    yield from known.people.values()
    yield from known.tags.values()
    yield from known.media.values()
    for element in elements(path, parents=("channel",)):
        if local(element.tag) == "item":
            item = _post_or_skip(element, known, options)
            if item is not None:
                yield item
    yield from _redirects(known)


# The first reading ----------------------------------------------------------------------------------------------


def _survey(path: Path) -> _Known:
    known = _Known()
    items, has_channel, has_version = 0, False, False
    for element in elements(path, parents=("channel",)):
        has_channel = True
        match local(element.tag):
            case "title":
                known.title = _plain(element.text or "")
            case "link":
                known.url = known.url or (element.text or "").strip()
            case "base_blog_url":
                known.url = (element.text or "").strip() or known.url
            case "language":
                known.language = (element.text or "").strip()
            case "wxr_version":
                has_version = True
            case "author":
                _learn_author(element, known)
            case "category" | "tag" | "term":
                _learn_term(element, known)
            case "item":
                items += 1
                if items > MOST_ITEMS:
                    raise UnreadableSource(
                        f"This file holds more than {MOST_ITEMS:,} items. Nothing was imported."
                    )
                _learn_item(element, known)
    if not has_channel or not (has_version or items):
        raise UnreadableSource(
            f"{path.name} is not a WordPress export: it has no channel with items. Nothing was imported."
        )
    return known


def _learn_author(element: Element, known: _Known) -> None:
    values = _values(element)
    login = values.get("author_login", "")
    if login:
        name = values.get("author_display_name") or login
        known.people[login] = SourcePerson(id=login, name=_plain(name) or login)


def _learn_term(element: Element, known: _Known) -> None:
    """`wp:category`, `wp:tag`, or `wp:term` with its taxonomy; other taxonomies are not ours to keep."""
    values = _values(element)
    match local(element.tag), values.get("term_taxonomy", ""):
        case ("category", _):
            slug, name, about = "category_nicename", "cat_name", "category_description"
            is_category = True
        case ("tag", _):
            slug, name, about, is_category = "tag_slug", "tag_name", "tag_description", False
        case (_, "category" | "post_tag" as taxonomy):
            slug, name, about = "term_slug", "term_name", "term_description"
            is_category = taxonomy == "category"
        case (_, taxonomy):
            sentence = f"terms of the taxonomy {taxonomy or 'without a name'} were left out"
            known.losses.append(Loss(sentence, values.get("term_slug", "")))
            return
    if is_category and values.get("category_parent"):
        known.parents[unquote(values.get(slug, ""))] = unquote(values["category_parent"])
    _learn_tag(values.get(slug, ""), values.get(name, ""), known, is_category, values.get(about, ""))


def _learn_tag(slug: str, name: str, known: _Known, is_category: bool, description: str = "") -> str:
    """Remember a tag the first time it is met; gives its id, empty when it has no name at all."""
    slug, name = unquote(slug).strip() or name, _plain(name) or unquote(slug)
    if not slug or (is_category and slug == "uncategorized"):
        return ""
    tag_id = f"{'category' if is_category else 'tag'}:{slug}"
    if tag_id not in known.tags:
        known.tags[tag_id] = SourceTag(tag_id, slug, name, is_category, _plain(description))
    return tag_id


def _learn_item(element: Element, known: _Known) -> None:
    values = _values(element)
    kind, post_id = values.get("post_type", "post"), values.get("post_id", "")
    for login, name in _creators(element, values):
        known.people.setdefault(login, SourcePerson(id=login, name=_plain(name) or login))
    if kind == "attachment":
        _learn_attachment(element, values, known)
        return
    known.counts["post"] += 1
    if kind in ("post", "page"):
        for slug, name, is_category in _terms(element):
            _learn_tag(slug, name, known, is_category)
        if values.get("status") == "publish" and not values.get("post_password"):
            address = normal_address(values.get("link", ""))
            if address:
                known.paths[address] = post_id


def _learn_attachment(element: Element, values: dict[str, str], known: _Known) -> None:
    post_id, parent = values.get("post_id", ""), values.get("post_parent", "0")
    url = values.get("attachment_url", "") or values.get("guid", "")
    addresses = [normal_address(values.get("link", "")), normal_address(f"/?attachment_id={post_id}")]
    known.media[post_id] = SourceMedia(
        id=post_id,
        url=url,
        title=_plain(values.get("title", "")),
        alt=_plain(_meta(element).get("_wp_attachment_image_alt", "")),
        caption=_plain(values.get("excerpt", "")),
        parent="" if parent == "0" else parent,
        addresses=tuple(dict.fromkeys(filter(None, addresses))),
    )
    if parent != "0":
        known.attached.setdefault(parent, []).append(post_id)


# The second reading ---------------------------------------------------------------------------------------------


def _post_or_skip(element: Element, known: _Known, options: ReadingOptions) -> SourceItem | None:
    values = _values(element)
    kind, status = values.get("post_type", "post"), values.get("status", "publish")
    post_id = values.get("post_id", "")
    if kind == "attachment":
        return None  # told in the first reading
    reason = None
    if not post_id:
        reason = "it has no id"
    elif kind not in ("post", "page"):
        reason = _OWN_TYPES.get(kind, f"Parley has nothing like the post type {kind}")
    elif kind == "page" and options.pages == "skip":
        reason = "pages were left out, as asked"
    elif status in ("trash", "auto-draft", "inherit"):
        reason = f"its status is {status}"
    elif len(values.get("content", "")) > LONGEST_BODY:
        reason = f"it is longer than {LONGEST_BODY:,} characters"
    if reason:
        return SourceSkip("post", post_id, reason)
    return _post(element, values, known, options)


def _post(element: Element, values: dict[str, str], known: _Known, options: ReadingOptions) -> SourcePost:
    post_id, meta = values["post_id"], _meta(element)
    body = wordpress.body_of(values.get("content", ""), _surroundings(post_id, known, options))
    kind, media = _kind(element, meta, body)
    comments, left_out = _comments(element, options)
    dated = _date(values, "post_date", options) or mail_date(values.get("pubDate", ""), options.zone)
    held_back = _why_draft(values, dated, options)
    cover = known.media.get(meta.get("_thumbnail_id", ""))
    tags = [_learn_tag(slug, name, known, is_category) for slug, name, is_category in _terms(element)]
    return SourcePost(
        id=post_id,
        kind=kind,
        title=_plain(values.get("title", "")),
        slug=unquote(values.get("post_name", "")),
        body=body.html,
        summary=_plain(values.get("excerpt", "")),
        guid=values.get("guid", ""),
        language=_language(known, options),
        is_published=not held_back,
        created_at=dated,
        published_at=None if held_back else dated,
        updated_at=_date(values, "post_modified", options) or dated,
        authors=tuple(dict.fromkeys(login for login, _ in _creators(element, values))),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        cover=cover.url if cover else "",
        cover_alt=(cover.alt or cover.title) if cover else "",
        media=media,
        addresses=_addresses(values, meta),
        comments=comments,
        left_out=left_out,
        losses=(*held_back, *_small_losses(values), *body.losses),
    )


def _surroundings(post_id: str, known: _Known, options: ReadingOptions) -> wordpress.Surroundings:
    return wordpress.Surroundings(
        media=known.media,
        attached=tuple(known.attached.get(post_id, ())),
        host=host_of(options.url or known.url),
        paths=known.paths,
    )


def _why_draft(values: dict[str, str], dated: datetime | None, options: ReadingOptions) -> list[Loss]:
    """Why the post is not live here; nothing when it is."""
    status = values.get("status", "publish")
    if values.get("post_password"):
        return [Loss("password-protected posts became drafts")]
    if status == "future":
        return [
            Loss("scheduled posts became drafts: schedule them again here", f"was due {dated or 'some day'}")
        ]
    if status == "private":
        return [Loss("private posts became drafts")]
    if status not in ("publish", "draft", "pending"):
        return [Loss(f"posts with the status {status} became drafts")]
    if status != "publish":
        return [Loss("drafts stayed drafts")]
    if dated is None:
        return [Loss("published posts without a usable date became drafts")]
    if values.get("post_type") == "page" and options.pages == "draft":
        return [Loss("pages became drafts, as asked")]
    return []


def _small_losses(values: dict[str, str]) -> Iterator[Loss]:
    if values.get("is_sticky") == "1":
        yield Loss("sticky posts are no longer pinned: choose a lead story for the home page instead")
    if values.get("post_type") == "page":
        yield Loss("pages became articles, because Parley has no pages")


def _kind(element: Element, meta: dict[str, str], body: Body) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """The kind that a post format stands for, and the pictures or the recording that it is about."""
    formats = [
        child.get("nicename", "").removeprefix("post-format-")
        for child in element
        if local(child.tag) == "category" and child.get("domain") == "post_format"
    ]
    kind = next((_KINDS[one] for one in formats if one in _KINDS), "article")
    if kind == "photo":
        return kind, body.pictures
    if kind in ("audio", "video"):
        enclosure = meta.get("enclosure", "").strip().splitlines()
        played = [url for tag, url in _RECORDING.findall(body.html) if tag == kind]
        found = next(iter([*enclosure[:1], *played]), "")
        return kind, ((unescape(found.strip()), "", ""),) if found else ()
    return kind, ()


def _addresses(values: dict[str, str], meta: dict[str, str]) -> tuple[str, ...]:
    """Every address that led to the post: its permalink, the short one by number, and slugs it had before."""
    post_id, link = values["post_id"], values.get("link", "")
    number = "page_id" if values.get("post_type") == "page" else "p"
    found = [normal_address(link), normal_address(f"/?{number}={post_id}"), normal_address(f"/?p={post_id}")]
    old_slug, slug = unquote(meta.get("_wp_old_slug", "")), unquote(values.get("post_name", ""))
    if old_slug and slug and found[0].endswith("/" + slug):
        found.append(normal_address(found[0].removesuffix(slug) + old_slug))
    return tuple(dict.fromkeys(filter(None, found)))


def _comments(
    element: Element, options: ReadingOptions
) -> tuple[tuple[SourceComment, ...], tuple[SourceSkip, ...]]:
    """Comments with parents before their answers. Trackbacks and spam are counted and left behind."""
    found: dict[str, SourceComment] = {}
    left_out: list[SourceSkip] = []
    for child in element:
        if local(child.tag) != "comment":
            continue
        values = _values(child)
        kind, approved = values.get("comment_type", ""), values.get("comment_approved", "")
        comment = _comment(values, is_approved=approved in ("1", "approve"), options=options)
        if kind not in ("", "comment"):
            left_out.append(SourceSkip("comment", comment.id, f"it is a {kind}"))
        elif approved not in ("0", "1", "hold", "approve"):
            left_out.append(SourceSkip("comment", comment.id, f"it was marked as {approved or 'nothing'}"))
        elif comment.id in found or not comment.id:
            left_out.append(SourceSkip("comment", comment.id, "another comment has its number"))
        else:
            found[comment.id] = comment
    return tuple(_parents_first(found)), tuple(left_out)


def _comment(values: dict[str, str], *, is_approved: bool, options: ReadingOptions) -> SourceComment:
    return SourceComment(
        id=values.get("comment_id", ""),
        parent=values.get("comment_parent", "0"),
        author=_plain(values.get("comment_author", "")),
        html=wordpress.autop(values.get("comment_content", "")),
        at=_date(values, "comment_date", options),
        is_approved=is_approved,
    )


def _parents_first(comments: dict[str, SourceComment]) -> Iterator[SourceComment]:
    """In an order that can be written: an answer after what it answers, whatever order the file had."""
    done: set[str] = set()
    for comment in comments.values():
        line = []
        one: SourceComment | None = comment
        while one is not None and one.id not in done:
            done.add(one.id)
            line.append(one)
            one = comments.get(one.parent)
        yield from reversed(line)


def _redirects(known: _Known) -> Iterator[SourceRedirect]:
    """Addresses of lists, as WordPress names them by default: tags, categories, authors, months and feeds."""
    for tag in known.tags.values():
        for address in _list_addresses(tag, known):
            yield SourceRedirect(address, "tag", tag.id)
    for person in known.people.values():
        yield SourceRedirect(normal_address(f"/author/{person.id.lower()}"), "person", person.id)
    months = {match[1] for path in known.paths if (match := _MONTH.match(path))}
    for month in sorted(months):
        yield SourceRedirect(f"/{month}", "path", f"/archive/{month}")
    for address in ("/feed", "/feed/rss2", "/?feed=rss2", "/feed/atom", "/?feed=atom"):
        yield SourceRedirect(address, "path", "/atom.xml" if "atom" in address else "/feed.xml")


def _list_addresses(tag: SourceTag, known: _Known) -> list[str]:
    """`/tag/x`, or `/category/x` and `/category/above/x`."""
    if not tag.is_category:
        return [normal_address(f"/tag/{tag.slug}")]
    line = [tag.slug]
    while (above := known.parents.get(line[0])) and above not in line:
        line.insert(0, above)
    found = [normal_address(f"/category/{tag.slug}"), normal_address("/category/" + "/".join(line))]
    return list(dict.fromkeys(filter(None, found)))


# Looking into elements ------------------------------------------------------------------------------------------


def _values(element: Element) -> dict[str, str]:
    """The texts of the children by their local names. The two `encoded` are told apart by their namespaces."""
    values: dict[str, str] = {}
    for child in element:
        name = local(child.tag)
        if name == "encoded":
            name = "excerpt" if "excerpt" in child.tag else "content"
        text = strip_control(child.text or "")
        if not values.get(name):
            values[name] = text if name in ("content", "comment_content") else text.strip()
    return values


def _meta(element: Element) -> dict[str, str]:
    """The post's meta fields, the first of each name, as text: serialised PHP is never unpacked."""
    meta: dict[str, str] = {}
    for child in element:
        if local(child.tag) == "postmeta":
            values = _values(child)
            meta.setdefault(values.get("meta_key", ""), values.get("meta_value", ""))
    return meta


def _creators(element: Element, values: dict[str, str]) -> list[tuple[str, str]]:
    """Logins and names of the authors: those of the co-authors plug-in when there are any, else the one creator."""
    together = [
        (unquote(child.get("nicename", "")).removeprefix("cap-"), child.text or "")
        for child in element
        if local(child.tag) == "category" and child.get("domain") == "author" and child.get("nicename")
    ]
    creator = values.get("creator", "").strip("<> ")
    return together or ([(creator, creator)] if creator else [])


def _terms(element: Element) -> Iterator[tuple[str, str, bool]]:
    """Slug, name and whether it is a category, of each category and tag of an item."""
    for child in element:
        domain = child.get("domain", "category")
        if local(child.tag) == "category" and domain in ("category", "post_tag", "tag"):
            yield child.get("nicename", ""), strip_control(child.text or ""), domain == "category"


def _date(values: dict[str, str], name: str, options: ReadingOptions) -> datetime | None:
    """The moment from the `_gmt` field, or else from the wall time, in the site's zone."""
    in_gmt = instant_of(values.get(f"{name}_gmt", ""), UTC_ZONE)
    return in_gmt or instant_of(values.get(name, ""), options.zone)


def _language(known: _Known, options: ReadingOptions) -> str:
    return options.language or known.language.replace("_", "-").partition("-")[0].lower()[:8] or "en"


def _plain(text: str) -> str:
    return plain_text(strip_control(text))
