"""Writing circles. Called inside a transaction, with numbers: what is changed is read inside it."""

from cms.circles.services.belonging import (
    accept,
    appeal,
    approve,
    ask_in,
    ban,
    change_role,
    hand_over,
    invite,
    leave,
    lift_ban,
    refuse,
    refuse_appeal,
    remove,
)
from cms.circles.services.calling import end_call, move_call, offer_text, open_call
from cms.circles.services.hours import cancel_hour, move_hour, plan_hour
from cms.circles.services.keeping import (
    back_circle,
    change_settings,
    close_circle,
    create_circle,
    merge_circle,
    reopen_circle,
)
from cms.circles.services.links import join_by_link, make_feed, make_link, revoke_feed, revoke_link
from cms.circles.services.picturing import remove_picture, set_picture
from cms.circles.services.reporting import keep_topic, report_topic
from cms.circles.services.settling import Settings
from cms.circles.services.succession import look_for_heir, take_over
from cms.circles.services.talking import (
    ReadyTopic,
    change_topic,
    hide_topic,
    pin_topic,
    prepare_topic,
    show_topic,
    start_topic,
    unpin_topic,
)

__all__ = [
    "ReadyTopic",
    "Settings",
    "accept",
    "appeal",
    "approve",
    "ask_in",
    "back_circle",
    "ban",
    "cancel_hour",
    "change_role",
    "change_settings",
    "change_topic",
    "close_circle",
    "create_circle",
    "end_call",
    "hand_over",
    "hide_topic",
    "invite",
    "join_by_link",
    "keep_topic",
    "leave",
    "lift_ban",
    "look_for_heir",
    "make_feed",
    "make_link",
    "merge_circle",
    "move_call",
    "move_hour",
    "offer_text",
    "open_call",
    "pin_topic",
    "plan_hour",
    "prepare_topic",
    "refuse",
    "refuse_appeal",
    "remove",
    "remove_picture",
    "reopen_circle",
    "report_topic",
    "revoke_feed",
    "revoke_link",
    "set_picture",
    "show_topic",
    "start_topic",
    "take_over",
    "unpin_topic",
]
