"""Everything that can be done with accounts. All take ids, and run inside the caller's transaction."""

from campaigns.channels.services.changing import Details, change_account, check_details
from campaigns.channels.services.checking import (
    claim_check,
    due_checks,
    is_ending,
    note_failed,
    warn_of_ending,
)
from campaigns.channels.services.connecting import connect_account, merged, note_told, reconnect_account
from campaigns.channels.services.pausing import (
    BY_HAND,
    limit_account,
    pause_account,
    pause_without_credentials,
    resume_account,
)
from campaigns.channels.services.problems import (
    AlreadyConnected,
    AnotherAccount,
    ChangedMeanwhile,
    NotThisName,
)
from campaigns.channels.services.recipients import (
    UNSUBSCRIBED,
    Added,
    add_recipients,
    end_recipient,
    remove_recipient,
)
from campaigns.channels.services.removing import remove_account
from campaigns.channels.services.slots import add_slots, remove_slots, set_slots

__all__ = [
    "BY_HAND",
    "UNSUBSCRIBED",
    "Added",
    "AlreadyConnected",
    "AnotherAccount",
    "ChangedMeanwhile",
    "Details",
    "NotThisName",
    "add_recipients",
    "add_slots",
    "change_account",
    "check_details",
    "claim_check",
    "connect_account",
    "due_checks",
    "end_recipient",
    "is_ending",
    "limit_account",
    "merged",
    "note_failed",
    "note_told",
    "pause_account",
    "pause_without_credentials",
    "reconnect_account",
    "remove_account",
    "remove_recipient",
    "remove_slots",
    "resume_account",
    "set_slots",
    "warn_of_ending",
]
