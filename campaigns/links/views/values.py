"""The UTM rules: which sources and mediums links made by hand may carry."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.links import queries, rules, services
from campaigns.links.forms import EmptyForm, ValueForm
from campaigns.links.views import bp
from campaigns.links.views.editing import Answer, me
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.pages import page
from cms.people import audit


@bp.get("/desk/links/values")
@allowed(rules.can_see_links)
def list_values() -> str:
    """The allowed values, and how values are read."""
    return _values(ValueForm(formdata=None))


@bp.post("/desk/links/values")
@allowed(rules.can_govern_values)
def allow_value() -> Answer:
    """Allow one more."""
    form, by, at = ValueForm(), me(), clock.now()
    if not form.validate():
        return _values(form), 422
    try:
        with transaction():
            row = services.allow_value(form.field.data, form.value.data or "", by=by, at=at)
            audit.record("utm_value.allowed", f"utm_value:{row.id}", by=by, at=at)
    except Invalid as problem:
        form.value.errors = [*problem.errors.values()]
        return _values(form), 422
    flash(_("Allowed."), "good")
    return redirect(url_for(".list_values"), 303)


@bp.post("/desk/links/values/<int:value_id>/removal")
@allowed(rules.can_govern_values)
def disallow_value(value_id: int) -> Response:
    """Take one off the list."""
    by, at = me(), clock.now()
    with transaction():
        value = services.disallow_value(value_id).value
        audit.record("utm_value.disallowed", f"utm_value:{value_id}", by=by, at=at)
    flash(_("“%(value)s” is off the list. Links that carry it keep it.", value=value), "good")
    return redirect(url_for(".list_values"), 303)


def _values(form: ValueForm) -> str:
    rows = queries.utm_values()
    return page(
        "campaigns/links/values.html",
        form=form,
        button=EmptyForm(formdata=None),
        sources=[row for row in rows if row.field == "source"],
        mediums=[row for row in rows if row.field == "medium"],
        may_govern=rules.can_govern_values(me()),
    )
