"""What can stand in the way of a review, in sentences for the person who met it."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict


class NoReviewNeeded(Conflict):
    """The section has no steps."""

    message = _("Texts of this section go out without a review. Nobody needs to be asked.")


class AlreadyInReview(Conflict):
    """A round is open."""

    message = _("This text is in review already.")


class NotInReview(Conflict):
    """No round is open, or this one is over."""

    message = _("This review is over. What was said is kept in the record.")


class NotAsked(Conflict):
    """This person is not, or not any more, among those who decide in this step."""

    message = _("You are not asked in this step, or not any more.")


class NotReachedYet(Conflict):
    """A required step before it has not approved."""

    message = _("The steps before this one come first.")


class TextChanged(Conflict):
    """The decision was about a text that is not the newest."""

    message = _(
        "The text was changed after you opened it. Nothing was decided: please look at what changed, and decide again."
    )


class AlreadyDecided(Conflict):
    """This person said the same about the same text."""

    message = _("You approved exactly this text already.")


class OwnText(Conflict):
    """Authors do not approve their own text while somebody else can."""

    message = _("This is your own text, so your approval does not count while somebody else can give it.")


class SentBack(Conflict):
    """Changes were asked for; the author has the text."""

    message = _("This text was sent back to its author. It can be approved once it is sent for review again.")


class ClaimSettled(Conflict):
    """It was withdrawn."""

    message = _("This mark was withdrawn already.")


class AlreadyResolved(Conflict):
    """Somebody closed the thread, or took the suggestion."""

    message = _("Somebody has closed this already.")


class CannotApply(Conflict):
    """The passage does not stand in the source exactly once."""

    message = _(
        "These words do not stand in the text exactly once, or carry formatting. Please change them by hand."
    )


class ClaimsOpen(Conflict):
    """Sentences still need a source."""

    message = _("Sentences in this text still need a source. Settle them first; then it can be approved.")
