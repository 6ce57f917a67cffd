"""What can stand in the way, in sentences for the person who reads them."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict


class ConsentMissing(Conflict):
    """Nothing is written before the terms are agreed to."""

    message = _("Please agree to the terms first. Nothing was saved.")


class NotWithYou(Conflict):
    """The text was handed in, so it is with the editors."""

    message = _("You have handed this in, so it is with the editors now. Nothing was saved.")


class NothingToHandIn(Conflict):
    """There is no text yet."""

    message = _("There is no text to hand in yet.")


class NotAsked(Conflict):
    """There is nothing to approve."""

    message = _("You are not asked to approve this at the moment.")


class AnotherText(Conflict):
    """The text that was read is not the newest any more."""

    message = _("The text was changed while you read it. Please look at what is different and decide again.")


class AlreadyOver(Conflict):
    """It was withdrawn."""

    message = _("This invitation was withdrawn already.")


class TooManyPictures(Conflict):
    """Enough for one text."""

    message = _("That is as many pictures as one text may have. Please ask the editors.")


class NoAddress(Conflict):
    """There is nowhere to send it."""

    message = _("No e-mail address is kept for this person. Make a new link and send it yourself.")
