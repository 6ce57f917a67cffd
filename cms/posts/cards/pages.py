"""What a page says about itself: title, description, picture and site, read from its head. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from cms.core.text import excerpt, strip_control

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_SITE = 300, 400, 120
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "windows-1252", "ascii": "utf-8"}


@dataclass(frozen=True)
class PageFacts:
    """What a card shows. `picture` is an address on the other site, or None."""

    title: str
    description: str
    site_name: str
    picture: str | None


def read_page(body: bytes, *, content_type: str, url: str) -> PageFacts | None:
    """The facts of an HTML page that came from this address; None when it says not even its title."""
    if content_type.partition(";")[0].strip().lower() not in ("text/html", "application/xhtml+xml", ""):
        return None
    text = _decoded(body, content_type)
    try:
        tree = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, recover=True))
    except (etree.ParserError, ValueError):  # nothing in it
        return None
    said = _said(tree)
    title = _line(
        said.get("og:title") or said.get("twitter:title") or tree.findtext(".//title"), LONGEST_TITLE
    )
    if not title:
        return None
    description = said.get("og:description") or said.get("twitter:description") or said.get("description")
    host = urlsplit(url).hostname or ""
    return PageFacts(
        title=title,
        description=excerpt(_line(description, 2000), LONGEST_DESCRIPTION),
        site_name=_line(said.get("og:site_name"), LONGEST_SITE) or host.removeprefix("www.")[:LONGEST_SITE],
        picture=_picture(said.get("og:image") or said.get("twitter:image"), url),
    )


def _said(tree: html.HtmlElement) -> dict[str, str]:
    """What the page says in its `<meta>` elements; the first word counts."""
    said: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name and (meta.get("content") or "").strip():
            said.setdefault(name, meta.get("content"))
    return said


def _line(text: str | None, longest: int) -> str:
    return " ".join(strip_control(text or "").split())[:longest].strip()


def _picture(address: str | None, base: str) -> str | None:
    if not address:
        return None
    try:
        joined = urljoin(base, address.strip())
        is_web = urlsplit(joined).scheme in ("http", "https")
    except ValueError:
        return None
    return joined if is_web and len(joined) <= 2000 else None


def _decoded(body: bytes, content_type: str) -> str:
    """By the header, else by the page itself, else UTF-8. What the page calls GB2312 is read as its successor."""
    header = re.search(r"charset=\s*\"?([\w-]+)", content_type, re.IGNORECASE)
    found = _CHARSET.search(body[:4096])
    name = (header[1] if header else found[1].decode("ascii") if found else "utf-8").lower()
    try:
        text = body.decode(_WIDER.get(name, name), "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # its charset is settled, and lxml must not ask again
