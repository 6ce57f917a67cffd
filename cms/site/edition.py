"""In which language a page or feed is made, and how its links begin."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from cms.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Edition:
    """`prefix` stands before every link: nothing, `/zh` on fixed-language pages, the whole host in feeds."""

    locale: str
    prefix: str = ""

    def to(self, path: str) -> str:
        """A link to a path of ours; letters of any script are allowed in it."""
        return self.prefix + quote(path, safe="/@:;,+~!$'()*=&?#%")


def post_path(kind: str, post_id: int, slug: str | None) -> str:
    """Where a post lives: notes by number, everything else by slug."""
    return f"/notes/{post_id}" if kind == "note" or not slug else f"/posts/{slug}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list that runs from the newest to the oldest: after this post comes the next page."""

    at: datetime
    id: int

    def __str__(self) -> str:
        """As it stands in `?before=`."""
        return f"{self.at:%Y%m%dT%H%M%S%f}-{self.id}"


def read_place(text: str | None) -> Place | None:
    """The place that `?before=` names; None without one. One that we did not write is not there."""
    if not text:
        return None
    moment, _, number = text.partition("-")
    try:
        at = datetime.strptime(moment + "+0000", "%Y%m%dT%H%M%S%f%z")
        if len(moment) != 21 or not number.isascii() or not number.isdecimal() or len(number) > 12:
            raise NotFound
    except ValueError as error:
        raise NotFound from error
    return Place(at, int(number))
