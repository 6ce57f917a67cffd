"""Tags: what they are called, which words mean them, and how they run as hot words."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.core.access import allowed
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.core.seams import panels
from cms.topics import queries, rules, services
from cms.topics.forms import (
    HOT_NAMES,
    EmptyForm,
    MergeForm,
    RemovalForm,
    SynonymForm,
    TagForm,
    TopicForm,
    from_tag,
)
from cms.topics.models import Tag
from cms.topics.views import bp
from cms.topics.views.saving import Answer, do, done, saved

PAGE_LENGTH = 60


@bp.get("/desk/tags")
@allowed(rules.can_edit_topics)
def list_tags() -> str:
    """Tags by address, narrowed by words and by how they run among the hot words."""
    return _tags(TopicForm(formdata=None))


@bp.post("/desk/tags")
@allowed(rules.can_edit_topics)
def create_tag() -> Answer:
    """Add a tag before any post carries it."""
    form = TopicForm()
    return saved(
        form,
        "tag.created",
        None,
        lambda at: services.create_tag(name=form.words("name"), slug=form.slug.data or ""),
        again=lambda: _tags(form),
        then=url_for(".list_tags"),
    )


@bp.get("/desk/tags/<int:tag_id>")
@allowed(rules.can_edit_topics)
def edit_tag(tag_id: int) -> str:
    """The form of a tag."""
    return _tag(queries.get_tag(tag_id))


@bp.post("/desk/tags/<int:tag_id>")
@allowed(rules.can_edit_topics)
def save_tag(tag_id: int) -> Answer:
    """Rename a tag, and say how it runs as a hot word."""
    form, tag = TagForm(), queries.get_tag(tag_id)
    return saved(
        form,
        "tag.changed",
        f"tag:{tag_id}",
        lambda at: services.change_tag(
            tag_id,
            name=form.words("name"),
            label=form.words("label"),
            hot=form.hot.data,
            slug=form.slug.data,
        ),
        again=lambda: _tag(tag, form),
        then=url_for(".edit_tag", tag_id=tag_id),
    )


@bp.post("/desk/tags/<int:tag_id>/synonyms")
@allowed(rules.can_edit_topics)
def add_synonym(tag_id: int) -> Answer:
    """Let another word mean this tag."""
    form, tag = SynonymForm(), queries.get_tag(tag_id)
    word = form.word.data or ""
    if not form.validate():
        return _tag(tag, synonym=form), 422
    try:
        do("tag.synonym_added", f"tag:{tag_id}", lambda at: services.add_synonym(tag_id, word))
    except (Invalid, Conflict) as problem:
        form.word.errors = [str(next(iter(problem.errors.values()), problem.message))]
        return _tag(queries.get_tag(tag_id), synonym=form), 422
    flash(_("From now on “%(word)s” means this tag.", word=word.strip()), "good")
    return redirect(url_for(".edit_tag", tag_id=tag_id), 303)


@bp.post("/desk/tags/<int:tag_id>/synonyms/removal")
@allowed(rules.can_edit_topics)
def remove_synonym(tag_id: int) -> Response:
    """Let a word mean nothing again."""
    slug = request.form.get("word", "")
    return done(
        "tag.synonym_removed",
        f"tag:{tag_id}",
        lambda at: services.remove_synonym(tag_id, slug),
        said=_("“%(word)s” does not lead here any more.", word=slug),
        then=url_for(".edit_tag", tag_id=tag_id),
    )


@bp.post("/desk/tags/<int:tag_id>/merger")
@allowed(rules.can_edit_topics)
def merge_tag(tag_id: int) -> Answer:
    """Let another tag take over; every old address leads there."""
    form, tag = MergeForm(), queries.get_tag(tag_id)
    into = queries.find_tag((form.into.data or "").strip().lower())
    if not form.validate() or into is None:
        form.into.errors = [*form.into.errors, _("There is no tag at this address.")]
        return _tag(tag, merge=form), 422
    into_id = into.id
    try:
        do("tag.merged", f"tag:{tag_id}", lambda at: services.merge_tags(tag_id, into_id=into_id, at=at))
    except Invalid as problem:
        form.into.errors = [str(problem.message)]
        return _tag(queries.get_tag(tag_id), merge=form), 422
    flash(_("Merged. Posts carry the tag that stays, and old addresses lead to it."), "good")
    return redirect(url_for(".edit_tag", tag_id=into_id), 303)


@bp.post("/desk/tags/<int:tag_id>/removal")
@allowed(rules.can_edit_topics)
def delete_tag(tag_id: int) -> Answer:
    """Take a tag off every post, and remove it. It cannot be undone, so its address is asked for."""
    form, tag = RemovalForm(), queries.get_tag(tag_id)
    if (form.slug.data or "").strip() != tag.slug:
        form.slug.errors = [_("Please type %(slug)s to remove it.", slug=tag.slug)]
        return _tag(tag, removal=form), 422
    do("tag.deleted", f"tag:{tag_id}", lambda at: services.delete_tag(tag_id))
    flash(_("The tag is gone."), "good")
    return redirect(url_for(".list_tags"), 303)


def _tags(form: TopicForm) -> str:
    asked = request.args
    search, after, hot = asked.get("q", "").strip()[:80], asked.get("after"), asked.get("hot")
    hot = hot if hot in HOT_NAMES else None
    rows = queries.tags(search=search, hot=hot, after=after, limit=PAGE_LENGTH + 1)
    tags = rows[:PAGE_LENGTH]
    next_url = (
        url_for(".list_tags", q=search or None, hot=hot, after=tags[-1].slug)
        if len(rows) > PAGE_LENGTH
        else None
    )
    return page(
        "cms/topics/tags.html",
        tags=tags,
        words=queries.words_for([one.id for one in tags]),
        form=form,
        search=search,
        hot=hot,
        is_first=not after,
        next_url=next_url,
        hot_names=HOT_NAMES,
    )


def _tag(
    tag: Tag,
    form: TagForm | None = None,
    *,
    merge: MergeForm | None = None,
    synonym: SynonymForm | None = None,
    removal: RemovalForm | None = None,
) -> str:
    return page(
        "cms/topics/tag.html",
        tag=tag,
        words=queries.words_for([tag.id])[tag.id],
        form=form or TagForm(formdata=None, data=from_tag(tag)),
        merge=merge or MergeForm(formdata=None),
        synonym=synonym or SynonymForm(formdata=None),
        removal=removal or RemovalForm(formdata=None),
        button=EmptyForm(formdata=None),
        panels=[render(tag=tag) for render in panels("desk.tag")],
    )
