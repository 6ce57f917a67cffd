"""What people decide about deliveries: stop, repair, settle, hold, and change what was sent."""

from campaigns.deliveries.services.deciding.changing import delete_sent, edit_sent, mark_gone
from campaigns.deliveries.services.deciding.holding import hold, lift_hold
from campaigns.deliveries.services.deciding.settling import confirm_by_hand, decide, settle
from campaigns.deliveries.services.deciding.stopping import cancel_delivery, retry_deliveries

__all__ = [
    "cancel_delivery",
    "confirm_by_hand",
    "decide",
    "delete_sent",
    "edit_sent",
    "hold",
    "lift_hold",
    "mark_gone",
    "retry_deliveries",
    "settle",
]
