"""What the library announces, inside the transaction that makes it true."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class MediaReplaced:
    """A file is served under another name from now on. Texts that were rendered with one of the old names show `now`."""

    media_id: int
    before: tuple[str, ...]  # stored names, of every size
    now: str
    at: datetime
