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


class TranslationExists(Conflict):
    """One story has one post in each language."""

    message = _("This story is told in that language already.")


class AlreadyImported(Conflict):
    """A post with this source or GUID exists."""

    message = _("This was imported already.")


class NotReady(Invalid):
    """Something that readers need is missing."""

    message = _("This cannot be published yet.")
