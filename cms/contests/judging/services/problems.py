"""What may stand in the way, in sentences for people."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict


class JudgingFrozen(Conflict):
    """Somebody scored or voted by the rules as they are."""

    message = _("Somebody has scored or voted by these rules, so they stay as they are until the end.")


class NotJudgingNow(Conflict):
    """The phase is not open, or scores are sealed."""

    message = _("The jury is not at work now, so nothing can be scored or changed.")


class NotVotingNow(Conflict):
    """The public vote is not open."""

    message = _("The public vote is not open now, so your vote was not counted.")


class MayNotVote(Conflict):
    """Who asks is nobody who may vote here."""


class NotYours(Conflict):
    """A juror in conflict, or an entry that is not theirs to judge."""

    message = _("This entry is not yours to judge.")


class TextChanged(Conflict):
    """The entry, or the score, is not what the form showed."""

    message = _(
        "The entry or your marks changed since you opened this page. Please look again and save once more."
    )


class NotYet(Conflict):
    """Something else comes first."""
