"""What can stand in the way of a change to a post, in sentences for the person who made it."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict, Invalid


class ChangedMeanwhile(Conflict):
    """Somebody saved the post since the caller read it."""

    message = _("Someone else saved this post after you opened it.")


class SlugTaken(Conflict):
    """Another post has, or once had, this address."""

    message = _("Another post has, or once had, this address. Please choose another one.")


class AlreadyPublished(Conflict):
    """Readers see exactly this revision."""

    message = _("This text is published already.")


class NotLive(Conflict):
    """There is nothing to take down."""

    message = _("This post is not published.")


class InTrash(Conflict):
    """The post must be taken out of the trash first."""

    message = _("This post is in the trash. Restore it first.")


class NotScheduled(Conflict):
    """There is nothing to call off."""

    message = _("This post is not scheduled.")


class NothingToEnd(Conflict):
    """An end is planned for something readers do not see and will not see."""

    message = _("This post is not published and nothing is planned, so there is nothing to take down.")


class LiveChanged(Conflict):
    """Readers see another text than when the change was planned."""

    message = _("The live text changed after this was planned. Please look at both texts and decide again.")


class InRelease(Conflict):
    """A post goes out in one way at a time."""

    message = _("This post goes out with a release. Take it out there first.")


class AlreadyReleased(Conflict):
    """What went out cannot be changed any more."""

    message = _("This release went out already.")


class ReleaseStopped(Conflict):
    """One post cannot go out, so none does; the message holds every reason, one a line."""

    message = _("Nothing went out.")


class NeverRead(Conflict):
    """There is nothing to correct before readers."""

    message = _("Nobody has read this yet, so there is nothing to correct in public. Change the text itself.")


class Embargoed(Conflict):
    """Nobody publishes this yet."""

    message = _("An embargo stands.")


class NotEmbargoed(Conflict):
    """There is nothing to lift."""

    message = _("No embargo stands on this post.")


class LiveUnderEmbargo(Conflict):
    """Readers see it already."""

    message = _("Readers see this post already. Take it down first, then set the embargo.")


class TranslationExists(Conflict):
    """One story has one post in each language."""

    message = _("This story is told in that language already.")


class AlreadyImported(Conflict):
    """A post with this source or GUID exists."""

    message = _("This was imported already.")


class NotReady(Invalid):
    """Something that readers need is missing."""

    message = _("This cannot be published yet.")
