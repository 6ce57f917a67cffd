"""The lists of posts: everything one may open, and the trash."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _

from cms.calendar import queries as calendar
from cms.calendar.sources import posts_of_campaign
from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.core.seams import panels
from cms.posts import forms, queries, rules
from cms.posts.models import Post
from cms.posts.queries import DeskFilter
from cms.posts.services.trash import KEPT_FOR
from cms.posts.views import bp
from cms.posts.views.asked import PAGE_LENGTH, me, my_zone
from cms.posts.views.outcome import outcome_here
from cms.topics import queries as topics

SORT_NAMES = {
    "edited": _("Last saved first"),
    "published": _("Last published first"),
    "due": _("Next to go out first"),
}
COLUMN_NAMES = {
    "kind": _("Kind"),
    "language": _("Language"),
    "section": _("Section"),
    "credits": _("Credits"),
    "published": _("Published"),
    "edited": _("Last saved"),
}
ACT_NAMES = {  # what was done to how many posts
    "publish": _("Published"),
    "take_down": _("Taken down"),
    "schedule": _("Planned"),
    "unschedule": _("Not planned any more"),
    "section": _("Moved"),
    "tag": _("Tag added"),
    "untag": _("Tag removed"),
    "trash": _("Moved to the trash"),
    "restore": _("Restored"),
}
USUAL_COLUMNS = ("section", "credits", "edited")
KEPT = (
    "status",
    "section",
    "tag",
    "campaign",
    "kind",
    "language",
    "mine",
    "q",
    "sort",
    "columns",
)  # what a view is made of


@bp.get("/desk/posts")
@allowed(rules.can_enter_desk)
def list_posts() -> str:
    """Posts, narrowed by state, section, kind, language, whose, and words of the title; sorted; in pages."""
    by, narrowed = me(), wanted(request.args)
    sort = _one_of(request.args, "sort", SORT_NAMES) or "edited"
    rows = queries.desk_posts(narrowed, person=by, sort=sort, before=before(), limit=PAGE_LENGTH + 1)
    posts, next_url = paged(rows, lambda post: (getattr(post, f"{sort}_at"), post.id), length=PAGE_LENGTH)
    return page(
        "cms/posts/list.html",
        posts=posts,
        next_url=next_url,
        wanted=narrowed,
        is_narrowed=narrowed != DeskFilter(),
        is_first=before() is None,
        sort=sort,
        sort_names=SORT_NAMES,
        columns=_columns(),
        column_names=COLUMN_NAMES,
        chips=_chips(narrowed),
        kept=_kept(),
        here=address_query(),
        views=calendar.kept_views(by.id, "posts"),
        outcome=outcome_here(),
        sections=topics.every_section(),
        kind_names=forms.KIND_NAMES,
        status_names=forms.STATUS_NAMES,
        language_names=forms.LANGUAGE_NAMES,
        choices=[render(campaign_id=narrowed.campaign_id) for render in panels("desk.posts.choices")],
        with_chosen=[render() for render in panels("desk.posts.chosen")],
        may_write=rules.can_write(by),
        may_publish=rules.can_publish(by),
        may_see_trash=rules.can_see_every_draft(by),
        zone=my_zone(),
        form=forms.EmptyForm(formdata=None),
        act_names=ACT_NAMES,
    )


@bp.get("/desk/posts/trash")
@allowed(rules.can_see_every_draft)
def list_trash() -> str:
    """What was thrown away in the last thirty days, narrowed by words of the title and by kind."""
    narrowed = wanted(request.args)
    title, kind = narrowed.title, narrowed.kind
    rows = queries.trashed_posts(person=me(), title=title, kind=kind, before=before(), limit=PAGE_LENGTH + 1)
    posts, next_url = paged(
        rows, lambda post: (post.trashed_at or post.edited_at, post.id), length=PAGE_LENGTH
    )
    return page(
        "cms/posts/trash.html",
        posts=posts,
        next_url=next_url,
        outcome=outcome_here(),
        form=forms.EmptyForm(formdata=None),
        title=title,
        kind=kind,
        is_first=before() is None,
        days_left={one.id: _days_left(one) for one in posts},
        kind_names=forms.KIND_NAMES,
        act_names=ACT_NAMES,
    )


def _days_left(post: Post) -> int:
    """Whole days until it is removed for good; 0 is today."""
    assert post.trashed_at is not None
    return max(0, (post.trashed_at + KEPT_FOR - clock.now()).days)


def wanted(values: Mapping[str, str]) -> DeskFilter:
    """What a list is narrowed to, from an address or from the form that was sent from it."""
    campaign_id = _number(values, "campaign")
    return DeskFilter(
        status=_one_of(values, "status", forms.STATUS_NAMES),
        section_id=_number(values, "section"),
        tag_id=_number(values, "tag"),
        kind=_one_of(values, "kind", forms.KIND_NAMES),
        language=values.get("language") or None,
        person_id=me().id if values.get("mine") else None,
        title=" ".join(values.get("q", "").split())[:100],
        campaign_id=campaign_id,
        post_ids=posts_of_campaign(campaign_id),
    )


def address_query() -> str:
    """What the address of this list says, without the page and without what was just done."""
    whole = url_for(".list_posts", **_kept())
    return whole.partition("?")[2]


def _kept() -> dict[str, Any]:
    kept = {name: request.args.getlist(name) for name in KEPT}
    return {name: values for name, values in kept.items() if any(values)}


def _chips(narrowed: DeskFilter) -> list[tuple[Any, str, bool, None]]:
    def chip(label: Any, value: str | None) -> tuple[Any, str, bool, None]:
        return label, url_for(".list_posts", **{**_kept(), "status": value}), narrowed.status == value, None

    return [chip(_("All"), None), *(chip(label, value) for value, label in forms.STATUS_NAMES.items())]


def _columns() -> list[str]:
    asked = [one for one in COLUMN_NAMES if one in request.args.getlist("columns")]
    return asked or [one for one in COLUMN_NAMES if one in USUAL_COLUMNS]


def _one_of(values: Mapping[str, str], name: str, names: Mapping[str, object]) -> str | None:
    value = values.get(name)
    return value if value in names else None


def _number(values: Mapping[str, str], name: str) -> int | None:
    value = values.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None
