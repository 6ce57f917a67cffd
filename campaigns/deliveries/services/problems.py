"""What can stand in the way of planning a delivery, or of deciding on it, in sentences for the person who does."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from cms.core.errors import Conflict, Invalid


class AlreadyPlanned(Conflict):
    """These accounts have a delivery of the post that is not done with; `delivery_ids` names them."""

    def __init__(self, names: Sequence[str], delivery_ids: Sequence[int] = ()) -> None:
        self.delivery_ids = tuple(delivery_ids)
        accounts = ", ".join(names)
        super().__init__(
            ngettext(
                "%(accounts)s has this post planned already. Move or cancel what is planned there first.",
                "%(accounts)s have this post planned already. Move or cancel what is planned there first.",
                len(names),
                accounts=accounts,
            )
        )


class AlreadySent(Conflict):
    """These accounts were sent the post, and nobody said that it shall go there again."""

    def __init__(self, names: Sequence[str], delivery_ids: Sequence[int] = ()) -> None:
        self.delivery_ids = tuple(delivery_ids)
        accounts = ", ".join(names)
        super().__init__(
            ngettext(
                "This post went to %(accounts)s already. Say that it shall go there again.",
                "This post went to %(accounts)s already. Say that it shall go there again.",
                len(names),
                accounts=accounts,
            )
        )


class NotMovable(Conflict):
    """It is being sent, or was, or is over."""

    message = lazy_gettext("This delivery is being sent, or was, so its time cannot be changed any more.")


class NotRefused(Conflict):
    """There is nothing to mend."""

    message = lazy_gettext("Only a delivery that was refused can be sent again.")


class ChangedMeanwhile(Conflict):
    """Somebody changed the delivery since the caller read it."""

    message = lazy_gettext("Someone else changed this delivery after you opened it.")


class NoFreeSlot(Invalid):
    """The account's queue has no place in the year to come."""

    def __init__(self, account: str, *, has_slots: bool) -> None:
        sentence = (
            _("The queue of %(account)s is full for a year. Please choose a time.", account=account)
            if has_slots
            else _(
                "%(account)s has no times in its queue. Add some on its page, or choose a time.",
                account=account,
            )
        )
        super().__init__(sentence, errors={"when": sentence})


class PostGone(Conflict):
    """The post is in the trash, or removed."""

    message = lazy_gettext("This post is in the trash. Restore it first.")


class InFlight(Conflict):
    """A worker has it."""

    message = lazy_gettext("This is being sent at this moment. Please look again in a minute.")


class NotStoppable(Conflict):
    """It is over, or nobody knows whether it is."""

    message = lazy_gettext("This was sent, or stopped, already.")


class NotAsked(Conflict):
    """It does not stand where this could be decided."""

    message = lazy_gettext("This delivery does not wait for such a decision any more.")


class CannotThere(Conflict):
    """The network has no way to do that."""

    message = lazy_gettext("This network gives no way to do that. Do it there by hand, and mark it here.")
