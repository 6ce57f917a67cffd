"""What can go wrong in a way a person should read about.

One parent and four kinds. A room names its own (`class AlreadyPublished(Conflict)`) with a sentence fit for
a person; the edge of the program (page, API, shell) turns the kind into a status once. Sentences are lazy: in which
language they are read is known when they are shown, not here.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _


class Problem(Exception):
    """Something expected went wrong; `message` says what, and how to mend it."""

    status = 400
    message = _("That did not work.")

    def __init__(self, message: str | None = None, *, errors: Mapping[str, str] | None = None) -> None:
        self.message = message or self.message
        self.errors = dict(errors or {})
        super().__init__(self.message)


class NotFound(Problem):
    """It does not exist, or not for this person: the two must look alike."""

    status = 404
    message = _("There is nothing at this address.")


class NotAllowed(Problem):
    """The person may see it, but not do this to it."""

    status = 403
    message = _("You may not do this.")


class Conflict(Problem):
    """The request made sense once, but not any more."""

    status = 409
    message = _("Someone changed this in the meantime.")


class Invalid(Problem):
    """The input is wrong; `errors` maps field names to sentences."""

    status = 422
    message = _("Please correct what is marked.")
