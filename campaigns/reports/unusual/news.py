"""What staff are told of unusual hours. `wiring.py` writes the list out."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from campaigns.reports import rules
from cms.notices.kinds import NoticeKind
from cms.people.models import Person


def sentence_of(detail: Mapping[str, Any]) -> str:
    """What happened, and what may have caused it."""
    figures = {"views": f"{detail.get('views', 0):,}", "usual": f"{detail.get('usual', 0):,}"}
    if detail.get("direction") == "less":
        said = gettext(
            "Far fewer readers than usual: %(views)s views in an hour that usually has %(usual)s.", **figures
        )
    else:
        said = gettext(
            "Far more readers than usual: %(views)s views in an hour that usually has %(usual)s.", **figures
        )
    return ("" if str(get_locale()).startswith("zh") else " ").join([str(said), *_causes(detail)])


def _causes(detail: Mapping[str, Any]) -> list[str]:
    """Candidates, not findings: that two things come together says nothing of which brought which."""
    found = []
    if detail.get("post"):
        found.append(gettext("Most of it is one post."))
    if detail.get("referrer"):
        found.append(gettext("Many came from %(place)s.", place=str(detail["referrer"])))
    if int(detail.get("machines") or 0) >= 50:
        found.append(gettext("%(share)s of 100 requests were machines.", share=detail["machines"]))
    return found


def address_of(detail: Mapping[str, Any]) -> str:
    """The post that it was about, else the dashboard of the site."""
    if detail.get("post"):
        return url_for("posts.edit_post", post_id=detail["post"])
    return url_for("reports.show_now", days=7)


def _address(_subject: str, detail: Mapping[str, Any]) -> str:
    return address_of(detail)


def _may_see(person: Person, subject: str) -> bool:
    return rules.can_read_reports(person)


NOTICES = [
    NoticeKind(
        key="reading.unusual",
        label=_("Far more or far fewer readers than usual"),
        sentence=sentence_of,
        address=_address,
        may_see=_may_see,
        by_mail="digest",
        concerns=rules.can_read_reports,
    )
]
