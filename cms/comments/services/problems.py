"""What can stand in the way here, in sentences for a person."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict, Invalid, NotAllowed


class CommentsClosed(Conflict):
    """The time for comments is over, or was while it was written."""

    message = _("Comments are closed here. Your text is kept below, so that you can copy it.")


class Blocked(NotAllowed):
    """Somebody who may not comment."""

    message = _("You cannot comment at present. Your page of comments says why, and until when.")


class ParentGone(Conflict):
    """What is answered is not there any more."""

    message = _("The comment you answer is not there any more. You can still send yours as one of its own.")


class TooLate(Conflict):
    """The time to edit is over."""

    message = _("A comment can be changed for half an hour. After that, please add another one.")


class DecidedMeanwhile(Conflict):
    """Another moderator was faster."""

    message = _("Somebody else decided on this in the meantime. Nothing was changed.")


class NotAppealable(Conflict):
    """It is not hidden, or was looked at again already."""

    message = _("This cannot be looked at again: it is not hidden, or you have asked already.")


class Unreadable(Invalid):
    """Nothing is left to read."""

    message = _("Please write something.")
