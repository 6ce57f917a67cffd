"""Who may do what here. Pure: they look at what they are given and nothing else."""

from campaigns.plans.rules import can_see_campaigns
from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from cms.people.models import Person

GOVERNS = ("manager", "admin")


def can_read_reports(person: Person | None) -> bool:
    """Read figures of campaigns, and compare them: those who run campaigns. Money is among them."""
    return can_see_campaigns(person)


def can_see_view(person: Person | None, view: SavedView | None) -> bool:
    """Open a saved view, and let it come by mail: one's own, and what is shared with the team."""
    if person is None or not can_read_reports(person):
        return False
    return view is None or view.is_shared or view.owner_id == person.id


def can_remove_view(person: Person | None, view: SavedView | None) -> bool:
    """Forget a saved view: one's own."""
    return person is not None and can_read_reports(person) and view is not None and view.owner_id == person.id


def can_revoke_share(person: Person | None, share: ReportShare | None) -> bool:
    """End a link: who made it, and who governs."""
    if person is None or not can_read_reports(person) or share is None:
        return False
    return share.made_by_id == person.id or person.role in GOVERNS


def can_change_annotation(person: Person | None, annotation: Annotation | None) -> bool:
    """Write a note anew or take it away: one's own; those for everybody also who governs."""
    if person is None or not can_read_reports(person) or annotation is None:
        return False
    return annotation.owner_id == person.id or (not annotation.is_private and person.role in GOVERNS)


def can_end_mail(person: Person | None, mail: ReportMail | None) -> bool:
    """Stop what comes by mail: one's own."""
    return person is not None and mail is not None and mail.person_id == person.id
