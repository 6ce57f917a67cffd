"""The texts a post had: finding one, naming it, seeing what changed, and bringing it back."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page
from cms.media import queries as media
from cms.posts import comparing, forms, queries, rules, services
from cms.posts.comparing import Part
from cms.posts.models import Post
from cms.posts.views import bp
from cms.posts.views.asked import Answer, done, me

SHOWN = 50


@bp.get("/desk/posts/<int:post_id>/revisions")
@allowed(rules.can_see_draft, post=queries.get_post)
def list_revisions(post_id: int, post: Post) -> str:
    """Every text, newest first; with `?named=1`, those with a name."""
    number, named = _number("before"), bool(request.args.get("named"))
    rows = queries.revisions(post_id, before=number, named=named, limit=SHOWN + 1)
    return page(
        "cms/posts/revisions.html",
        post=post,
        revisions=rows[:SHOWN],
        next_before=rows[SHOWN - 1].number if len(rows) > SHOWN else None,
        is_named=named,
        form=forms.EmptyForm(formdata=None),
        may_edit=rules.can_edit(me(), post),
        may_publish=rules.can_publish(me(), post),
    )


@bp.get("/desk/posts/<int:post_id>/revisions/<int:revision_id>")
@allowed(rules.can_see_draft, post=queries.get_post)
def show_revision(post_id: int, revision_id: int, post: Post) -> str:
    """One text as readers would see it, to bring back, and as it was typed, to copy from."""
    revision = queries.get_revision(post_id, revision_id)
    return page(
        "cms/posts/revision.html",
        post=post,
        revision=revision,
        before_id=queries.revision_before(post_id, revision.number),
        form=forms.EmptyForm(formdata=None),
        may_edit=rules.can_edit(me(), post),
    )


@bp.get("/desk/posts/<int:post_id>/comparison")
@allowed(rules.can_see_draft, post=queries.get_post)
def compare_revisions(post_id: int, post: Post) -> str:
    """What differs between two texts: `?old=` and `?new=`, by default the latest and the one before it."""
    new = queries.get_revision(post_id, _number("new") or post.latest_revision_id or 0)
    old_id = _number("old") or queries.revision_before(post_id, new.number) or new.id
    old = queries.get_revision(post_id, old_id)
    if old.number > new.number:
        old, new = new, old
    parts = comparing.compare(comparing.wording(old), comparing.wording(new))
    return page(
        "cms/posts/comparison.html",
        post=post,
        old=old,
        new=new,
        form=forms.EmptyForm(formdata=None),
        may_edit=rules.can_edit(me(), post),
        **shown_parts(parts),
    )


@bp.post("/desk/posts/<int:post_id>/revisions/<int:revision_id>/restoration")
@allowed(rules.can_edit, post=queries.get_post)
def restore_revision(post_id: int, revision_id: int, post: Post) -> Answer:
    """Make an old text the newest again; readers go on seeing the live one."""
    return done(
        post_id,
        lambda by: services.restore_revision(post_id, revision_id, by=by, at=clock.now()),
        _("The old text is the newest draft now."),
    )


@bp.post("/desk/posts/<int:post_id>/revisions/<int:revision_id>/name")
@allowed(rules.can_edit, post=queries.get_post)
def name_revision(post_id: int, revision_id: int, post: Post) -> Answer:
    """Give a text a name, or another one."""
    return done(
        post_id,
        lambda by: services.name_revision(
            post_id, revision_id, request.form.get("name", ""), by=by, at=clock.now()
        ),
        _("Named."),
        to=url_for(".list_revisions", post_id=post_id),
    )


@bp.post("/desk/posts/<int:post_id>/revisions/<int:revision_id>/name/removal")
@allowed(rules.can_edit, post=queries.get_post)
def unname_revision(post_id: int, revision_id: int, post: Post) -> Answer:
    """Take its name away."""
    return done(
        post_id,
        lambda by: services.unname_revision(post_id, revision_id, by=by, at=clock.now()),
        _("The name was removed."),
        to=url_for(".list_revisions", post_id=post_id),
    )


def shown_parts(parts: list[Part]) -> dict[str, Any]:
    """What `_difference.html` needs: the parts, the pictures in them, the words that changed, and the way it is drawn."""
    ids = {number for part in parts for number in (*part.old_ids, *part.new_ids)}
    added, removed = comparing.counted(parts)
    return {
        "parts": parts,
        "part_media": {one.id: one for one in media.media_by_ids(sorted(ids))} if ids else {},
        "added": added,
        "removed": removed,
        "is_inline": request.args.get("view") == "inline",
    }


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None
