"""Everything that can be done with deliveries. All take ids, and run inside the caller's transaction."""

from campaigns.deliveries.services.deciding import (
    cancel_delivery,
    confirm_by_hand,
    decide,
    delete_sent,
    edit_sent,
    hold,
    lift_hold,
    mark_gone,
    retry_deliveries,
    settle,
)
from campaigns.deliveries.services.leaving import follow_account_removed
from campaigns.deliveries.services.pausing import follow_campaign
from campaigns.deliveries.services.planning import (
    Choice,
    follow_publication,
    follow_taken_down,
    move_delivery,
    plan_deliveries,
)
from campaigns.deliveries.services.problems import (
    AlreadyPlanned,
    AlreadySent,
    ChangedMeanwhile,
    NoFreeSlot,
    NotMovable,
    NotRefused,
    PostGone,
)
from campaigns.deliveries.services.repeating import end_repeat, start_repeat
from campaigns.deliveries.services.tailoring import Kept, VariantChanged, reset_variant, save_variant

__all__ = [
    "AlreadyPlanned",
    "AlreadySent",
    "ChangedMeanwhile",
    "Choice",
    "Kept",
    "NoFreeSlot",
    "NotMovable",
    "NotRefused",
    "PostGone",
    "VariantChanged",
    "cancel_delivery",
    "confirm_by_hand",
    "decide",
    "delete_sent",
    "edit_sent",
    "end_repeat",
    "follow_account_removed",
    "follow_campaign",
    "follow_publication",
    "follow_taken_down",
    "hold",
    "lift_hold",
    "mark_gone",
    "move_delivery",
    "plan_deliveries",
    "reset_variant",
    "retry_deliveries",
    "save_variant",
    "settle",
    "start_repeat",
]
