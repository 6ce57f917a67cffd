"""What stands around a post: its translations, what was published before and after, what is on the same subject.

One query, whatever the post. It looks a few steps along an index in each direction and for each tag, so it takes as
long among a hundred posts as among a million. Its text depends only on how many tags there are, so it is built once.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal, select, tuple_, union_all

from cms.core.database import Instant, db
from cms.posts.models import Post, PostTag, Revision
from cms.posts.queries import in_main, visible_to
from cms.site.edition import Edition, post_path
from cms.site.queries.rows import AnyRow, AnySelect

RELATED = 3
NEAR = 6  # posts looked at on each side in time, for each tag
TAGS_LOOKED_AT = 6
WEIGHTS = {"tag": 2.0, "section": 0.5}
_EARLIEST = (Post.published_at, Post.id)
_LATEST = (Post.published_at.desc(), Post.id.desc())


class Translation(NamedTuple):
    """The same story in another language."""

    language: str
    url: str
    title: str


@dataclass(slots=True)
class Around:
    """Numbers of posts to load, and the other tellings of the story."""

    related: list[int]
    previous: int | None
    next: int | None
    translations: list[Translation]
    told_at: list[tuple[str, str]]  # language and path of the other tellings

    @property
    def all_ids(self) -> list[int]:
        """Every post to load."""
        return [*self.related, *(id_ for id_ in (self.previous, self.next) if id_)]


def around(edition: Edition, row: AnyRow, tag_ids: list[int]) -> Around:
    """What stands around this post."""
    looked_at = tag_ids[:TAGS_LOOKED_AT]
    has_neighbours = row.kind != "note" and row.is_main
    statement = _statement(len(looked_at), row.section_id is not None, has_neighbours)
    values = {
        "here": row.id,
        "at": row.published_at,
        "language": row.language,
        "story": row.story_id,
        "section": row.section_id,
        **{f"tag_{number}": tag_id for number, tag_id in enumerate(looked_at)},
    }
    found = db.session.execute(statement, values).all()
    made = Around([], None, None, [], [])
    for one in found:
        if one.why == "previous":
            made.previous = one.id
        elif one.why == "next":
            made.next = one.id
        elif one.why == "translation":
            path = post_path(row.kind, one.id, one.slug)
            made.translations.append(Translation(one.language, edition.to(path), one.title))
            made.told_at.append((one.language, path))
    made.translations.sort()
    made.related = _best(row, [one for one in found if one.why in WEIGHTS and one.story_id != row.story_id])
    return made


def _best(row: AnyRow, candidates: list[AnyRow]) -> list[int]:
    """Those with most in common, nearer in time first among equals; each story once, the post's language first."""
    scores: dict[int, float] = {}
    for one in candidates:
        scores[one.id] = scores.get(one.id, 0.0) + WEIGHTS[one.why]

    def rank(one: AnyRow) -> tuple[bool, float, float, int]:
        distance = abs((one.at - row.published_at).total_seconds())
        return one.language != row.language, -scores[one.id], distance, one.id

    best: dict[str, int] = {}
    for one in sorted(candidates, key=rank):
        best.setdefault(one.story_id, one.id)
    return list(best.values())[:RELATED]


@lru_cache(maxsize=64)
def _statement(tags: int, has_section: bool, has_neighbours: bool) -> Any:
    parts = [_translations()]
    if has_neighbours:
        parts += _neighbours()
    for number in range(tags):
        parts += _near_in_tag(number)
    if has_section:
        parts += _near_in_section()
    return union_all(*(select(part.subquery()) for part in parts))


def _line(why: str, title: Any = None) -> AnySelect:
    return select(
        literal(why).label("why"),
        Post.id.label("id"),
        Post.published_at.label("at"),
        Post.story_id.label("story_id"),
        Post.language.label("language"),
        Post.slug.label("slug"),
        (literal("") if title is None else title).label("title"),
    ).where(Post.id != bindparam("here"), visible_to(None, None))


def _at() -> Any:
    return bindparam("at", type_=Instant())


def _translations() -> AnySelect:
    told = _line("translation", Revision.title).join(Revision, Revision.id == Post.live_revision_id)
    return told.where(Post.story_id == bindparam("story"))


def _neighbours() -> list[AnySelect]:
    """What the main lists had just before and just after, in the same language. Notes and what is only in somebody's
    blog have no neighbours."""
    place, here = tuple_(Post.published_at, Post.id), tuple_(_at(), bindparam("here"))
    same = (Post.language == bindparam("language"), Post.kind != "note", in_main())
    return [
        _line("previous").where(*same, place < here).order_by(*_LATEST).limit(1),
        _line("next").where(*same, place > here).order_by(*_EARLIEST).limit(1),
    ]


def _near_in_tag(number: int) -> list[AnySelect]:
    tagged = _line("tag").join(PostTag, PostTag.post_id == Post.id)
    tagged = tagged.where(PostTag.tag_id == bindparam(f"tag_{number}"), Post.kind != "note")
    earlier, later = PostTag.live_at <= _at(), PostTag.live_at > _at()
    latest = (PostTag.live_at.desc(), PostTag.post_id.desc())
    return [
        tagged.where(earlier).order_by(*latest).limit(NEAR),
        tagged.where(later).order_by(PostTag.live_at, PostTag.post_id).limit(NEAR),
    ]


def _near_in_section() -> list[AnySelect]:
    same = _line("section").where(Post.section_id == bindparam("section"), Post.kind != "note", in_main())
    return [
        same.where(Post.published_at <= _at()).order_by(*_LATEST).limit(NEAR),
        same.where(Post.published_at > _at()).order_by(*_EARLIEST).limit(NEAR),
    ]
