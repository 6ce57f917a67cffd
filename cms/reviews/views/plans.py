"""Which steps the texts of a section go through."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.pages import page
from cms.posts import queries as posts
from cms.reviews import forms, queries, rules, services
from cms.reviews.models import DEFAULT
from cms.reviews.views import bp
from cms.reviews.views.asked import Answer, me
from cms.topics import queries as topics
from cms.topics.models import Section


@bp.get("/desk/reviews/steps")
@allowed(rules.can_set_steps)
def list_plans() -> str:
    """Every section with the steps its texts go through."""
    return page(
        "cms/reviews/plans.html",
        sections=topics.sections(),
        plans=queries.plans_by_scope(),
        default=DEFAULT,
        scope_of=queries.scope_of,
    )


@bp.get("/desk/reviews/steps/default")
@allowed(rules.can_set_steps)
def edit_default_plan() -> str:
    """The steps of posts without a section, and of sections without steps of their own."""
    return _form(None, _filled(None))


@bp.post("/desk/reviews/steps/default")
@allowed(rules.can_set_steps)
def save_default_plan() -> Answer:
    """Set them."""
    return _save(None)


@bp.get("/desk/sections/<int:section_id>/review")
@allowed(rules.can_set_steps)
def edit_plan(section_id: int) -> str:
    """The steps of one section."""
    section = topics.get_section(section_id)
    return _form(section, _filled(section))


@bp.post("/desk/sections/<int:section_id>/review")
@allowed(rules.can_set_steps)
def save_plan(section_id: int) -> Answer:
    """Set them, set none, or go by the default."""
    return _save(topics.get_section(section_id))


def _save(section: Section | None) -> Answer:
    form, by = forms.PlanForm(), me()
    section_id = section.id if section else None
    if not form.validate():
        return _form(section, form), 422
    if form.is_undecided and not _filled(section).rows.data:
        form.kind.errors = [_("You wrote down steps. To use them, choose the first answer.")]
        return _form(section, form), 422
    try:
        steps = form.steps(posts.people_named(form.named))
        with transaction():
            if section_id is not None and form.goes_by_default:
                services.drop_plan(section_id, by=by, at=clock.now())
            else:
                services.set_plan(section_id, steps, by=by, at=clock.now())
    except Invalid as problem:
        form.complain(problem)
        return _form(section, form), 422
    flash(_("Saved. Texts that are in review now keep the steps they were sent with."), "good")
    return redirect(url_for(".list_plans"), 303)


def _form(section: Section | None, form: forms.PlanForm) -> str:
    form.add_empty_rows()
    return page("cms/reviews/plan.html", section=section, form=form, people=posts.creditable_people())


def _filled(section: Section | None) -> forms.PlanForm:
    scope = queries.scope_of(section.id if section else None)
    plan = queries.plans_by_scope().get(scope)
    steps = services.planned_steps(plan)
    people = queries.people_in(plan.steps if plan else [])
    return forms.PlanForm(formdata=None, data=forms.from_plan(plan, steps, people, section=section))
