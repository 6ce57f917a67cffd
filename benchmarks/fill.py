"""Fills an instance with many believable posts, straight into the tables: for measuring, not for reading."""

import random
import sys
import uuid
from datetime import datetime, timedelta

from harness import ROOT
from sqlalchemy import Connection, insert

from cms.core.markup import RENDERER, content_hash, render_markdown
from cms.core.text import count_words, reading_minutes
from cms.people.models import Person
from cms.posts.models import Byline, Post, PostSlug, PostTag, Revision
from cms.topics.models import Section, Tag

assert str(ROOT) in sys.path
LATIN = (
    "network river school antenna engineer village measure season quiet signal repair bridge light answer question field"
    " power story teacher market winter lesson trial garden customer battery carbon harbour"
).split()
HAN = "基站通信网络工程师学校河流信号维修春天夜晚城市海边故事测量问题回答能源市场电池"
TEXTS = 24
BATCH = 2_000


def fill(connection: Connection, *, posts: int, now: datetime, seed: int = 7) -> None:
    """Write `posts` live articles by 60 people in 4 sections with 5 of 200 tags each; half of them in Chinese."""
    chance = random.Random(seed)
    connection.execute(
        insert(Section),
        [
            {
                "id": i,
                "slug": f"section-{i}",
                "name": {"en": f"Section {i}"},
                "description": {},
                "position": i,
            }
            for i in range(1, 5)
        ],
    )
    connection.execute(
        insert(Tag),
        [
            {"id": i, "slug": f"tag-{i}", "name": {"en": f"Tag {i}"}, "label": {}, "hot": "auto"}
            for i in range(1, 201)
        ],
    )
    connection.execute(insert(Person), [_person(i, now) for i in range(1, 61)])
    texts = {language: [_text(language, chance) for _ in range(TEXTS)] for language in ("en", "zh")}
    for start in range(0, posts, BATCH):
        _write_batch(connection, range(start + 1, min(start + BATCH, posts) + 1), posts, texts, chance, now)


def _write_batch(
    connection: Connection, ids: range, total: int, texts: dict, chance: random.Random, now: datetime
) -> None:
    rows = {kind: [] for kind in ("posts", "revisions", "bylines", "tags", "slugs")}
    for number in ids:
        language = "zh" if number % 2 else "en"
        at = now - timedelta(minutes=7 * (total - number), hours=2)
        title = _words(language, chance, 6)
        rows["posts"].append(
            {
                "id": number,
                "guid": f"tag:bench,2026:post/{number}",
                "kind": "article",
                "language": language,
                "story_id": str(uuid.UUID(int=number)),
                "is_original": True,
                "slug": f"post-{number}",
                "section_id": number % 4 + 1,
                "live_revision_id": None,
                "published_at": at,
                "first_published_at": at,
                "updated_at": at,
                "created_at": at,
                "edited_at": at,
                "version": 1,
            }
        )
        rows["revisions"].append(
            dict(chance.choice(texts[language]), id=number, post_id=number, title=title, created_at=at)
        )
        people = chance.sample(range(1, 61), 2)
        rows["bylines"] += [
            {"post_id": number, "person_id": one, "role": "author", "position": i, "live_at": at}
            for i, one in enumerate(people)
        ]
        tags = {min(200, 1 + int(chance.paretovariate(0.7))) for _ in range(5)}
        rows["tags"] += [
            {"post_id": number, "tag_id": one, "position": i, "live_at": at} for i, one in enumerate(tags)
        ]
        rows["slugs"].append({"slug": f"post-{number}", "post_id": number, "created_at": at})
    for model, kind in (
        (Post, "posts"),
        (Revision, "revisions"),
        (Byline, "bylines"),
        (PostTag, "tags"),
        (PostSlug, "slugs"),
    ):
        connection.execute(insert(model), rows[kind])
    between = Post.id.between(ids[0], ids[-1])
    connection.execute(
        Post.__table__.update().where(between).values(live_revision_id=Post.id, latest_revision_id=Post.id)
    )


def _person(number: int, now: datetime) -> dict:
    return {
        "id": number,
        "name": f"Writer {number}",
        "handle": f"writer{number}",
        "handle_key": f"writer{number}",
        "role": "author",
        "email": f"w{number}@bench.invalid",
        "headline": {},
        "bio": {},
        "locale": "en",
        "timezone": "UTC",
        "created_at": now,
    }


def _text(language: str, chance: random.Random) -> dict:
    paragraphs = [
        f"## {_words(language, chance, 4)}\n\n" + "\n\n".join(_words(language, chance, 90) for _ in range(3))
        for _ in range(3)
    ]
    body = "\n\n".join(paragraphs)
    rendered = render_markdown(body)
    return {
        "number": 1,
        "summary": _words(language, chance, 20),
        "body": body,
        "format": "markdown",
        "html": rendered.html,
        "plain": rendered.plain,
        "outline": [[h.level, h.id, h.text] for h in rendered.outline],
        "transcript": "",
        "transcript_html": "",
        "renderer": RENDERER,
        "content_hash": content_hash(body),
        "word_count": count_words(rendered.plain),
        "reading_minutes": reading_minutes(rendered.plain),
        "cover_alt": "",
    }


def _words(language: str, chance: random.Random, count: int) -> str:
    if language == "zh":
        return "".join(chance.choice(HAN) for _ in range(count * 2))
    return " ".join(chance.choice(LATIN) for _ in range(count)).capitalize()
