"""What a reader would trip over in a text that is being written."""

from typing import Any

from flask import request

from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.core.pages import page
from cms.posts import rules as post_rules
from cms.posts import services as posts
from cms.reviews import quality, queries
from cms.reviews.quality import Writing
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer


@bp.post("/desk/quality")
@allowed(post_rules.can_write)
def check_text() -> Answer:
    """Look at the text of a form that is not saved yet; nothing is kept. Answers a piece of a page."""
    asked = request.form
    try:
        content = posts.prepare(
            title=asked.get("title", ""), summary=asked.get("summary", ""), body=asked.get("body", "")
        )
    except Invalid as problem:
        sentence = next(iter(problem.errors.values()), problem.message)
        return page("cms/reviews/_quality.html", advice=[], reading=None, sentence=sentence), 422
    cover = _number("cover_number") or _number("cover")
    files = [
        (number, asked.get(f"files-{row}-alt", ""))
        for row in range(60)
        if (number := _number(f"files-{row}-media_id"))
    ]
    if cover:
        files.append((cover, asked.get("cover_alt", "")))
    writing = Writing(
        kind=asked.get("kind", "article"),
        language=asked.get("language", ""),
        title=content.title,
        summary=content.summary,
        html=content.html,
        plain=content.plain,
        has_cover=bool(cover),
        alts=queries.alts_of(files),
    )
    return page("cms/reviews/_quality.html", **looked_at(writing))


def looked_at(writing: Writing) -> dict[str, Any]:
    """What the template of the findings needs."""
    words = [word for words in queries.claim_words().values() for word in words]
    advice = quality.advise(writing, words=words, broken=queries.broken_links(writing.html))
    return {"advice": advice, "reading": quality.reading_of(writing)}


def _number(name: str) -> int | None:
    value = request.form.get(name, "")
    return int(value) if value.isdecimal() and 0 < len(value) < 10 else None
