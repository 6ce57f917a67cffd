"""What phases, verdicts and acts are called, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _

from cms.contests.models import Contest
from cms.core.languages import localized

PHASE_NAMES = {
    "announce": _("Announcement"),
    "entries": _("Entries"),
    "check": _("Checking"),
    "jury": _("Jury"),
    "vote": _("Public vote"),
    "appeal": _("Appeals"),
    "results": _("Results"),
}
PHASE_HELP = {
    "announce": _("Readers see it and can be reminded; nothing can be handed in yet."),
    "entries": _("Entries are written and handed in."),
    "check": _("The organisers look whether entries fit the rules."),
    "jury": _("The jury scores, without names."),
    "vote": _("Members vote; nobody sees counts until the end."),
    "appeal": _("Who was refused, or doubts the preliminary results, may object."),
    "results": _("The final results are public from then on."),
}
STAGE_NAMES = {
    "draft": _("Draft"),
    "cancelled": _("Called off"),
    "coming": _("Announced"),
    "announce": _("Announced"),
    "entries": _("Open for entries"),
    "check": _("Entries are checked"),
    "jury": _("With the jury"),
    "vote": _("Public vote"),
    "appeal": _("Appeals"),
    "between": _("Goes on soon"),
    "results": _("Results"),
    "finished": _("Finished"),
}
ELIGIBLE_NAMES = {
    "everyone": _("Everybody with an account"),
    "members": _("Everybody with an account, but not staff"),
    "staff": _("Staff only"),
}
VERDICT_NAMES = {
    None: _("To be checked"),
    "accepted": _("Accepted"),
    "asked": _("A change was asked for"),
    "refused": _("Refused"),
}
RESULT_NAMES = {
    "preliminary": lazy_pgettext("results", "Preliminary"),
    "checked": lazy_pgettext("results", "Checked"),
    "final": lazy_pgettext("results", "Final"),
}


def phase_name(kind: str) -> str:
    """What a phase is called."""
    return str(PHASE_NAMES[kind])


def full_title(contest: Contest) -> str:
    """Its name; one that comes again says its series and number before it."""
    title = localized(contest.title)
    if contest.series is None:
        return title
    series = {"series": localized(contest.series.name), "number": contest.number, "title": title}
    return str(gettext("%(series)s %(number)s: %(title)s", **series))


def moment_words(kind: str, what: str) -> str:
    """What a countdown counts to."""
    name = phase_name(kind)
    if kind == "entries":
        return str(gettext("Entries close") if what == "closes" else gettext("Entries open"))
    if what == "closes":
        return str(gettext("%(phase)s ends", phase=name))
    return str(gettext("%(phase)s begins", phase=name))


def act_words(act: str, detail: Mapping[str, Any]) -> str:
    """One thing that happened, in a sentence for everybody."""
    phase = phase_name(detail["phase"]) if "phase" in detail else ""
    sentences = {
        "announced": gettext("The contest was announced."),
        "changed": gettext("The description was changed."),
        "rules_changed": gettext(
            "The rules were changed: version %(number)s.", number=detail.get("number", "")
        ),
        "extended": gettext("“%(phase)s” now ends at %(to)s.", phase=phase, to=detail.get("to", "")),
        "opened": gettext("“%(phase)s” began.", phase=phase),
        "closed": gettext("“%(phase)s” ended.", phase=phase),
        "sealed": gettext("%(count)s entries were sealed.", count=detail.get("count", "")),
        "preliminary": gettext("Preliminary results were set."),
        "checked": gettext("The results were checked."),
        "final": gettext("The results are final."),
        "corrected": gettext("The results were corrected."),
        "cancelled": gettext("The contest was called off."),
    }
    return str(sentences[act])
