"""Notes on days."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from campaigns.plans.models import Campaign
from campaigns.reports.models import NAME_LIMIT, Annotation
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person


def annotate(
    annotation_id: int | None,
    *,
    day: date,
    words: Mapping[str, str],
    campaign_id: int | None,
    is_private: bool,
    by: Person,
    at: datetime,
) -> Annotation:
    """Write a note, or write one anew. `words` are by language, "en" and "zh"; one of them is enough."""
    said = {language: " ".join(words.get(language, "").split()) for language in ("en", "zh")}
    if not any(said.values()):
        raise Invalid(errors={"words": _("Please say what happened.")})
    if any(len(one) > NAME_LIMIT for one in said.values()):
        raise Invalid(errors={"words": _("A note has %(most)s characters at most.", most=NAME_LIMIT)})
    if campaign_id is not None and db.session.get(Campaign, campaign_id) is None:
        raise Invalid(errors={"campaign_id": _("There is no such campaign.")})
    row = Annotation(owner_id=by.id) if annotation_id is None else db.session.get(Annotation, annotation_id)
    if row is None:
        raise NotFound
    row.day, row.words_en, row.words_zh = day, said["en"], said["zh"]
    row.campaign_id, row.is_private, row.edited_at = campaign_id, is_private, at
    db.session.add(row)
    db.session.flush()
    return row


def remove_annotation(annotation_id: int) -> None:
    """Take it away; one that is gone already changes nothing."""
    row = db.session.get(Annotation, annotation_id)
    if row is not None:
        db.session.delete(row)
