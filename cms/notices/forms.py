"""What people say about being told."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

BY_MAIL = {"now": _("At once"), "digest": _("Once a day"), "never": lazy_pgettext("by mail", "Never")}


class PlainForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token against forgery."""


def read_choices(sent: MultiDict[str, str], kinds: Iterable[str]) -> list[tuple[str, str, bool]] | None:
    """What was chosen as `(kind, by_mail, is_on_desk)`; None when a choice is none of ours."""
    chosen = [(kind, sent.get(f"mail-{kind}", ""), f"desk-{kind}" in sent) for kind in kinds]
    return chosen if all(by_mail in BY_MAIL for _kind, by_mail, _desk in chosen) else None
