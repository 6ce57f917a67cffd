"""What can stand in the way, in sentences for the person who reads them."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict


class HasBlog(Conflict):
    """One person has one blog."""

    message = _("You have a blog already.")


class BlogNotOpen(Conflict):
    """Nobody writes there now."""

    message = _("This blog is not open. Nothing was saved.")


class OtherState(Conflict):
    """Somebody was faster."""

    message = _("This was decided in the meantime. Please look again.")


class NotInBlog(Conflict):
    """The main blog has it."""

    message = _("The main blog has taken this text over, so editors look after it now.")


class NotShown(Conflict):
    """Only what readers see can be featured or pitched."""

    message = _("Readers do not see this text. Publish it in your blog first.")


class NewerText(Conflict):
    """What would be pitched is not what the blog shows."""

    message = _("There is a newer text that readers do not see yet. Publish it first.")


class PitchedAlready(Conflict):
    """One post waits once."""

    message = _("This text waits for the editors already.")


class PitchedAnother(Conflict):
    """The text changed since it was pitched."""

    message = _("The text was changed after it was pitched. Ask for it to be pitched again.")


class NotPitched(Conflict):
    """Nothing waits."""

    message = _("This pitch does not wait any more.")
