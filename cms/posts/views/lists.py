"""The lists of posts: everything one may open, and the trash."""

from flask import request

from cms.core.access import allowed
from cms.core.pages import page
from cms.posts import forms, queries, rules
from cms.posts.queries import DeskFilter
from cms.posts.views import bp
from cms.posts.views.asked import PAGE_LENGTH, before, me, my_zone, paged
from cms.topics import queries as topics


@bp.get("/desk/posts")
@allowed(rules.can_enter_desk)
def list_posts() -> str:
    """Posts, last edited first, narrowed by state, section, kind, language, whose, and words of the title."""
    by = me()
    asked = request.args
    wanted = DeskFilter(
        status=_one_of("status", forms.STATUS_NAMES),
        section_id=_number("section"),
        tag_id=_number("tag"),
        kind=_one_of("kind", forms.KIND_NAMES),
        language=asked.get("language") or None,
        person_id=by.id if asked.get("mine") else None,
        title=" ".join(asked.get("q", "").split())[:100],
    )
    rows = queries.desk_posts(wanted, person=by, before=before(), limit=PAGE_LENGTH + 1)
    posts, next_url = paged(rows, lambda post: (post.edited_at, post.id))
    return page(
        "cms/posts/list.html",
        posts=posts,
        next_url=next_url,
        wanted=wanted,
        is_narrowed=wanted != DeskFilter(),
        is_first=before() is None,
        sections=topics.sections(),
        kind_names=forms.KIND_NAMES,
        status_names=forms.STATUS_NAMES,
        language_names=forms.LANGUAGE_NAMES,
        may_write=rules.can_write(by),
        may_see_trash=rules.can_see_every_draft(by),
        zone=my_zone(),
    )


@bp.get("/desk/posts/trash")
@allowed(rules.can_see_every_draft)
def list_trash() -> str:
    """What was thrown away in the last thirty days."""
    rows = queries.trashed_posts(before=before(), limit=PAGE_LENGTH + 1)
    posts, next_url = paged(rows, lambda post: (post.trashed_at, post.id))
    return page(
        "cms/posts/trash.html",
        posts=posts,
        next_url=next_url,
        form=forms.EmptyForm(),
        kind_names=forms.KIND_NAMES,
    )


def _one_of(name: str, names: dict[str, object]) -> str | None:
    value = request.args.get(name)
    return value if value in names else None


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None
