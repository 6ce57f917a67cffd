"""What can go wrong with circles, in sentences."""

from flask_babel import lazy_gettext as _

from cms.core.errors import Conflict


class CircleClosed(Conflict):
    """It is read, not written any more."""

    message = _("This circle is closed. It can be read, but nothing new is written in it.")


class NotOpenForAll(Conflict):
    """The way in that was tried is not the way that is set."""

    message = _("One gets into this circle by invitation.")


class LastOwner(Conflict):
    """A circle without an owner answers to nobody."""

    message = _("You own this circle. Please hand it over to another member or close it, then you can leave.")


class NameTaken(Conflict):
    """Another circle is called so, or looks as if it were."""

    message = _("Another circle has this name, or one that looks like it. Please choose another.")


class TooManyCircles(Conflict):
    """New accounts begin with one."""

    message = _(
        "A new account can make one circle in its first week, and ten later on. Please close one first or wait a little."
    )


class NotAMember(Conflict):
    """Only who belongs can be given this."""

    message = _("Only a member can be given this. Please look at the list again.")


class LeadsToItself(Conflict):
    """A chain of redirects that ends where it began."""

    message = _("This circle would lead on to itself. Please choose another one.")


class ProtectedMember(Conflict):
    """The owner, or a moderator whom only the owner may show out."""

    message = _("The owner cannot be shown out, and a moderator only by the owner.")


class AppealedAlready(Conflict):
    """One appeal against one ban."""

    message = _("You have appealed already. Its moderators answer once.")


class DeadCircleLink(Conflict):
    """A link that was used up, has expired, was revoked, or never was: the four look alike."""

    message = _("This link is used up or too old. Please ask a member for a new one.")


class CallOver(Conflict):
    """The moment it was open until has come."""

    message = _("This call is over, so it takes no texts any more.")


class AlreadyOffered(Conflict):
    """The text stands there already."""

    message = _("This text was offered to the call already.")
