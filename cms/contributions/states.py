"""Where a contribution stands, worked out from its facts. Pure."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from cms.contributions.models import Contribution

NAMES = {  # the word, and how it is drawn
    "revoked": (_("Withdrawn"), "quiet"),
    "expired": (_("Link expired"), "quiet"),
    "approved": (_("Approved"), "good"),
    "refused": (_("Refused"), "bad"),
    "void": (_("Approved an earlier text"), "warn"),
    "asked": (_("Waiting for approval"), "warn"),
    "handed_in": (_("Handed in"), "good"),
    "handed_back": (_("Handed back"), "warn"),
    "writing": (_("Writing"), "quiet"),
    "opened": (_("Opened"), "quiet"),
    "invited": (_("Invited"), "quiet"),
}
ROLE_NAMES = {
    "author": _("Author"),
    "editor": _("Editor"),
    "photographer": _("Photographer"),
    "translator": _("Translator"),
    "speaker": _("Speaker"),
    "legal": _("Legal"),
    "partner": _("Partner"),
    "expert": _("Expert opinion"),
    "brand": _("Brand"),
}

ACT_NAMES = {
    "invited": _("Invited"),
    "changed": _("Terms changed"),
    "moved": _("Deadline moved"),
    "renewed": lazy_pgettext("what happened", "New link"),
    "revoked": _("Withdrawn"),
    "consented": _("Agreed to the terms"),
    "handed_in": _("Handed in"),
    "handed_back": _("Handed back"),
    "asked": _("Asked to approve"),
    "byline_approved": _("Approved the byline"),
    "approved": _("Approved the text"),
    "refused": _("Refused the text"),
    "said": _("Wrote"),
    "reminded": _("Reminded"),
    "reminders_stopped": _("Wants no more reminders"),
    "profile_changed": _("Changed the profile"),
    "account_offered": _("Account offered"),
}


def state_of(contribution: Contribution, latest_hash: str | None, at: datetime) -> str:
    """One of `NAMES`. `latest_hash` is the content hash of the post's newest text."""
    one = contribution
    if one.revoked_at is not None:
        return "revoked"
    if one.decision is not None and one.decided_hash == latest_hash:
        return one.decision
    if at >= one.expires_at:
        return "expired"
    facts = (
        (one.decision == "approved", "void"),
        (one.handed_back_at is not None, "handed_back"),
        (one.is_writer and one.asked_at is not None, "asked"),
        (one.handed_in_at is not None, "handed_in"),
        (one.started_at is not None, "writing"),
        (one.seen_at is not None, "opened"),
    )
    return next((name for holds, name in facts if holds), "invited")


def is_approved(contribution: Contribution, content_hash: str | None) -> bool:
    """Whether exactly this text was approved."""
    return contribution.decision == "approved" and contribution.decided_hash == content_hash


def is_late(contribution: Contribution, at: datetime) -> bool:
    """Whether something is owed and its time has passed."""
    one = contribution
    owed = one.handed_in_at is None if one.is_writer else one.decision is None
    return owed and one.revoked_at is None and one.due_at is not None and at > one.due_at


def may_write(contribution: Contribution) -> bool:
    """Whether they may change the text now: they agreed to the terms, and it is with them."""
    one = contribution
    return one.is_writer and one.has_consented and one.handed_in_at is None


def may_decide(contribution: Contribution) -> bool:
    """Whether they are asked to approve or refuse."""
    return contribution.asked_at is not None and contribution.has_consented
