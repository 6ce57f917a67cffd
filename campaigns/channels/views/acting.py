"""What these views share: who acts, and one act that needs no form."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import available_timezones

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import find_adapter
from cms.core import clock
from cms.core.access import person
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def me() -> Person:
    """Who acts; the rule of the route let nobody else in."""
    by = person()
    assert by is not None
    return by


def adapter_or_404(key: str) -> Adapter:
    """The network of an address. Raises `NotFound`."""
    adapter = find_adapter(key)
    if adapter is None:
        raise NotFound
    return adapter


def zones() -> list[str]:
    """What a field for a zone offers."""
    return sorted(available_timezones())


def done(account_id: int, act: Callable[[Person, datetime], object], said: str) -> Response:
    """Do one thing and show the account again; what does not make sense is said on the page."""
    by, at = me(), clock.now()
    try:
        with transaction():
            act(by, at)
    except (Invalid, Conflict) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
    else:
        flash(said, "good")
    return redirect(url_for(".show_account", account_id=account_id), 303)
