"""What WordPress stores as a text: classic HTML with shortcodes, or blocks between comments. Made plain HTML here."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from json import JSONDecodeError, loads

from cms.transfer.reading.addresses import is_web_address
from cms.transfer.reading.autop import autop
from cms.transfer.reading.bodies import Body, figure, gallery, link_paragraph, player, settle
from cms.transfer.reading.vocabulary import Loss, SourceMedia

__all__ = ["Surroundings", "autop", "body_of"]

# Blocks whose own HTML says it all. Any other block keeps its HTML and is counted.
_PLAIN_BLOCKS = frozenset(
    "paragraph heading list list-item image gallery quote pullquote code preformatted verse table separator spacer "
    "group cover button buttons file video audio more nextpage html freeform shortcode embed details footnotes missing "
    "social-links social-link column classic".split()
)
_LAYOUT_BLOCKS = frozenset(("columns", "media-text"))
_BLOCK = re.compile(r"<!--\s?(/?)wp:([a-z][a-z0-9_/-]{0,80})\s?([^<>]{0,50000}?)(/?)-->")
_SHORTCODE = re.compile(r"(\[?)\[(/?)([A-Za-z][\w-]{0,60})((?:\s|=)[^\[\]]{0,4000})?(/?)\](\]?)")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|(\S+)""")
_CAPTION = re.compile(r"\s*((?:<a\s[^<>]*>\s?)?<img\s[^<>]*>(?:\s?</a>)?)(.*)", re.S)
_ENCLOSING = frozenset(("caption", "wp_caption", "embed", "audio", "video"))


@dataclass(frozen=True)
class Surroundings:
    """What a text is read against: the site's attachments, those of this post, its host and its addresses."""

    media: Mapping[str, SourceMedia] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    host: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)


def body_of(text: str, around: Surroundings) -> Body:
    """The text as HTML that our own cleaner understands, and what was lost on the way."""
    losses: list[Loss] = []
    text = _join_pages(text, losses)
    if "<!-- wp:" in text:
        html = _without_shortcodes(_without_blocks(text, losses), around, losses)
    else:
        html = autop(_without_shortcodes(text, around, losses))
    body = settle(html, host=around.host, paths=around.paths)
    return Body(body.html, (*losses, *body.losses), body.pictures)


def _join_pages(text: str, losses: list[Loss]) -> str:
    parts = re.split(r"<!--nextpage-->", text)
    if len(parts) > 1:
        losses.append(Loss("posts in several pages became one page", f"{len(parts)} pages"))
    return re.sub(r"<!--(more[^<>]{0,200}|noteaser)-->", "", "\n\n".join(parts))


# Blocks ---------------------------------------------------------------------------------------------------------


def _without_blocks(text: str, losses: list[Loss]) -> str:
    """The HTML between the block comments; a block that only a program can fill is left out and counted."""

    def answer(match: re.Match[str]) -> str:
        closing, name, attributes, is_alone = match[1], match[2].removeprefix("core/"), match[3], match[4]
        if closing:
            return ""
        if name == "social-link":
            return _social_link(_json(attributes))
        if is_alone:
            losses.append(Loss(f"block {name} was left out: it has no content of its own"))
        elif name in _LAYOUT_BLOCKS:
            losses.append(Loss(f"block {name}: its content stands one below the other"))
        elif name not in _PLAIN_BLOCKS and not name.startswith("core-embed/"):
            losses.append(Loss(f"block {name} is not known here: what was inside it was kept"))
        return ""

    return _BLOCK.sub(answer, text)


def _social_link(attributes: Mapping[str, object]) -> str:
    url, service = str(attributes.get("url", "")), str(attributes.get("service", "")) or "link"
    return f'<li><a href="{escape(url)}">{escape(service)}</a></li>' if is_web_address(url) else ""


def _json(text: str | None) -> Mapping[str, object]:
    try:
        value = loads(text or "{}")
    except (JSONDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


# Shortcodes -----------------------------------------------------------------------------------------------------


def _without_shortcodes(text: str, around: Surroundings, losses: list[Loss]) -> str:
    """The text with the shortcodes we know made HTML. Others stay visible as they were written, and are counted."""
    tokens = list(_SHORTCODE.finditer(text))
    ends: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        if token[2]:
            ends.setdefault(token[3].lower(), []).append(number)
    made, position, number = [], 0, 0
    while number < len(tokens):
        token, name = tokens[number], tokens[number][3].lower()
        number += 1
        if token[1] and token[6]:  # [[gallery]] says [gallery] and does nothing
            made += [text[position : token.start()], token[0][1:-1]]
            position = token.end()
            continue
        if token[2] or name not in _MAKERS:
            _count_unknown(token, name, ends, losses)
            continue
        end, inside = token.end() - len(token[6]), ""
        if name in _ENCLOSING and not token[5]:
            closing = _next(ends.get(name, []), number)
            if closing is not None:
                inside, end = (
                    text[end : tokens[closing].start()],
                    tokens[closing].end() - len(tokens[closing][6]),
                )
                number = closing + 1
        made += [
            text[position : token.start()],
            token[1],
            _MAKERS[name](_attributes(token[4]), inside, around, losses),
        ]
        position = end
    return "".join([*made, text[position:]])


def _next(numbers: list[int], after: int) -> int | None:
    place = bisect_left(numbers, after)
    return numbers[place] if place < len(numbers) else None


def _count_unknown(
    token: re.Match[str], name: str, ends: Mapping[str, list[int]], losses: list[Loss]
) -> None:
    """Many words stand in brackets; one with attributes, a partner or a compound name was meant as a shortcode."""
    looks_meant = "=" in (token[4] or "") or name in ends or "_" in name or "-" in name
    if looks_meant and not token[2]:
        losses.append(Loss(f"shortcode [{name}] is not known here: it was kept as text", token[0][:80]))


def _attributes(text: str | None) -> dict[str, str]:
    """Named values, and the unnamed ones under `0`, `1`, …"""
    values: dict[str, str] = {}
    unnamed = 0
    for match in _ATTRIBUTE.finditer(unescape((text or "").replace("\u201d", '"').replace("\u2033", '"'))):
        if match[1]:
            values[match[1].lower()] = match[2] or match[3] or match[4] or ""
        else:
            values[str(unnamed)] = match[5] or match[6] or ""
            unnamed += 1
    return values


def _make_caption(values: dict[str, str], inside: str, around: Surroundings, losses: list[Loss]) -> str:
    match = _CAPTION.fullmatch(inside)
    if match is None:
        return f"{inside}\n\n{escape(values.get('caption', ''))}"
    caption = match[2].strip() or escape(values.get("caption", ""))
    return f"\n\n{figure(match[1], caption)}\n\n"


def _make_gallery(values: dict[str, str], inside: str, around: Surroundings, losses: list[Loss]) -> str:
    chosen = values.get("ids") or values.get("include") or ""
    left_out = values.get("exclude", "").replace(" ", "").split(",")
    ids = [one.strip() for one in chosen.split(",") if one.strip()] or list(around.attached)
    pictures = []
    for one in ids[:500]:
        media = around.media.get(one)
        if media is None:
            losses.append(Loss("gallery pictures that are not in the export were left out", one))
        elif one not in left_out and (chosen or _is_picture(media.url)):
            pictures.append((media.url, media.alt or media.title, media.caption))
    if not pictures:
        losses.append(Loss("galleries without pictures were left out"))
        return ""
    return f"\n\n{gallery(pictures)}\n\n"


def _is_picture(url: str) -> bool:
    return url.lower().rpartition(".")[2] in (
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "avif",
        "bmp",
        "heic",
        "tiff",
    )


def _make_player(
    tag: str, names: tuple[str, ...]
) -> Callable[[dict[str, str], str, Surroundings, list[Loss]], str]:
    def make(values: dict[str, str], inside: str, around: Surroundings, losses: list[Loss]) -> str:
        named = next((values[name] for name in ("src", *names, "0") if values.get(name)), "")
        url = named.partition("|")[0].strip()
        if not url:
            losses.append(Loss(f"[{tag}] players without an address were left out"))
            return ""
        return f"\n\n{player(tag, url)}\n\n"

    return make


def _make_embed(values: dict[str, str], inside: str, around: Surroundings, losses: list[Loss]) -> str:
    url = inside.strip() or values.get("src", "")
    if not is_web_address(url):
        return escape(url)
    losses.append(Loss("embedded pages of others became links", url))
    return f"\n\n{link_paragraph(url)}\n\n"


_MAKERS: dict[str, Callable[[dict[str, str], str, Surroundings, list[Loss]], str]] = {
    "caption": _make_caption,
    "wp_caption": _make_caption,
    "gallery": _make_gallery,
    "audio": _make_player("audio", ("mp3", "m4a", "ogg", "wav", "flac")),
    "video": _make_player("video", ("mp4", "m4v", "webm", "ogv", "mov", "wmv", "flv")),
    "embed": _make_embed,
}
