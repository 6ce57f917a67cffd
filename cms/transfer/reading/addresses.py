"""Old addresses in one normal form, and what can be read off an address."""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

LONGEST_ADDRESS = 500
_SIZE = re.compile(r"(-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,13})+(?=\.[A-Za-z0-9]{2,5}$)")
_GHOST_SIZE = re.compile(r"/size/w\d+(h\d+)?(/format/\w+)?/")
_UPLOADS = ("/wp-content/uploads/", "/content/images/", "/content/media/", "/content/files/", "/uploads/")
_KEPT_QUERY = frozenset({"p", "page_id", "attachment_id", "cat", "author", "tag", "feed", "post_type"})


def normal_address(url: str) -> str:
    """The part of an address after the host, as old addresses are stored: decoded, without a slash at the end.

    A query is kept only where it is what the old system found its pages by (`/?p=12`). Empty when the address
    leads nowhere in particular.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    path = unicodedata.normalize("NFC", unquote(parts.path, errors="replace"))
    path = "/" + "/".join(part for part in path.split("/") if part)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name in _KEPT_QUERY]
    address = f"{path}?{urlencode(query)}" if query else path
    usable = address != "/" and len(address) <= LONGEST_ADDRESS and "\ufffd" not in address
    return address if usable and address.isprintable() else ""


def host_of(url: str) -> str:
    """The host of an address in lower case, without `www.`; empty when there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_web_address(url: str) -> bool:
    """Whether this is an address with a host that a browser would open."""
    return url.strip().lower().startswith(("http://", "https://")) and bool(host_of(url))


def upload_path(url: str) -> str:
    """The path of an uploaded file below the folder of uploads, without query.

    `https://a.example/wp-content/uploads/2008/06/canola2-300x200.jpg?w=150` is `2008/06/canola2-300x200.jpg`.
    """
    try:
        path = unquote(urlsplit(url.strip()).path, errors="replace")
    except ValueError:
        return ""
    path = _GHOST_SIZE.sub("/", path)
    for marker in _UPLOADS:
        if marker in path:
            path = path.rpartition(marker)[2]
    return path.strip("/")


def without_size(path: str) -> str:
    """The path that all sizes of one picture share: `2008/06/canola2-300x200.jpg` is `2008/06/canola2.jpg`."""
    return _SIZE.sub("", path)


def is_upload(url: str) -> bool:
    """Whether an address looks like an uploaded file rather than a page."""
    return any(marker in url for marker in _UPLOADS)


def asset_of(target: str) -> str:
    """How a Markdown text names a file that may come along: its path in the folder, or its web address."""
    return f"asset:{quote(target, safe='/-._~')}"


def of_asset(address: str) -> str:
    """The path or web address that `asset_of` was given; any other address as it is."""
    return unquote(address.removeprefix("asset:")) if address.startswith("asset:") else address
