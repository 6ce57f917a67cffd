"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class BlogOpened:
    """Somebody may write a blog now who could not before."""

    blog_id: int
    person_id: int
    at: datetime


@dataclass(frozen=True)
class PitchAccepted:
    """A post of a blog is the main blog's now."""

    post_id: int
    person_id: int
    at: datetime
