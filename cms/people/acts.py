"""What the audit log says in words: each act that rooms record, where its subject is found, what its details are.

Rooms record acts by name and this is the one place that words them; an act that is not here is shown by its name.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from cms.core.pages import exact_time
from cms.people.models import AuditEntry

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")
ACTS: dict[str, Any] = {
    "account.added": _("made an account"),
    "account.changed": _("changed the account on a network"),
    "account.connected": _("connected an account on a network"),
    "account.disabled": _("closed the account"),
    "account.enabled": _("opened the account again"),
    "account.paused": _("paused the account on a network"),
    "account.recipient_removed": _("took somebody out of the letters"),
    "account.recipients_added": _("added recipients of letters"),
    "account.reconnected": _("gave the account on a network new credentials"),
    "account.removed": _("removed the account on a network and its credentials"),
    "account.resumed": _("let the account on a network send again"),
    "account.slots_added": _("added times to the queue of the account"),
    "account.slots_removed": _("took times out of the queue of the account"),
    "archive.imported": _("brought the whole site in from an archive"),
    "archive.written": _("wrote the whole site out as an archive"),
    "backup.restored": _("restored the site from a backup"),
    "backup.written": _("wrote a backup of the site"),
    "blog.closed": _("closed a blog"),
    "blog.featured": _("featured a text of a blog"),
    "blog.opened": _("opened a blog"),
    "blog.pitch_accepted": _("took a text of a blog over"),
    "blog.pitch_declined": _("declined a text of a blog"),
    "blog.refused": _("refused a blog"),
    "blog.reopened": _("opened a blog again"),
    "blog.unfeatured": _("left a text to its blog"),
    "calendar.address_made": _("made a private address of the calendar"),
    "calendar.address_revoked": _("ended the private address of the calendar"),
    "campaign.changed": _("changed the campaign"),
    "campaign.created": _("began a campaign"),
    "campaign.moved": _("moved the campaign to another state"),
    "campaign.post_added": _("added a post to the campaign"),
    "campaign.post_removed": _("took a post out of the campaign"),
    "circle.backed": _("put the company behind the circle"),
    "circle.appeal_refused": _("left somebody shut out of the circle after an appeal"),
    "circle.ban_lifted": _("let somebody who was shut out ask again"),
    "circle.banned": _("shut somebody out of the circle"),
    "circle.call_ended": _("ended a call for texts in the circle"),
    "circle.call_moved": _("gave a call for texts in the circle another end"),
    "circle.call_opened": _("called for texts in the circle"),
    "circle.changed": _("changed the circle"),
    "circle.closed": _("closed the circle"),
    "circle.created": _("made a circle"),
    "circle.hour_cancelled": _("called an hour with an expert off"),
    "circle.hour_moved": _("moved an hour with an expert"),
    "circle.hour_planned": _("announced an hour with an expert"),
    "circle.link_made": _("made a link into the circle"),
    "circle.link_revoked": _("ended a link into the circle"),
    "circle.member_removed": _("showed somebody out of the circle"),
    "circle.merged": _("merged the circle into another"),
    "circle.owner_changed": _("gave the circle another owner"),
    "circle.picture_removed": _("removed the picture of the circle"),
    "circle.picture_set": _("chose the picture of the circle"),
    "circle.reopened": _("opened the circle again"),
    "circle.request_refused": _("refused a request to join the circle"),
    "circle.role_changed": _("changed somebody's role in the circle"),
    "circle.taken_over": _("took the circle over"),
    "circle.topic_hidden": _("hid a topic of the circle"),
    "circle.topic_kept": _("left a topic of the circle that was reported"),
    "circle.topic_shown": _("showed a topic of the circle again"),
    "circle.unbacked": _("took the company's badge from the circle"),
    "contest.certificate_reissued": _("issued a certificate anew"),
    "contest.certificate_revoked": _("revoked a certificate"),
    "contest.certificates_issued": _("issued certificates"),
    "contest.comment_held": _("held a juror's comment back"),
    "contest.comment_passed": _("let a juror's comment through"),
    "contest.judging_set": _("set how the contest is judged"),
    "contest.juror_left": _("noted that a juror left"),
    "contest.juror_recused": _("took a juror off an entry"),
    "contest.jury_headed": _("set who heads the jury"),
    "contest.jury_shared": _("shared the entries among the jury"),
    "contest.jury_swapped": _("gave an entry to another juror"),
    "contest.likeness_seen": _("looked at what an entry has in common with another text"),
    "contest.names_opened": _("opened the names and the scores"),
    "contest.score_amended": _("put a sealed score right"),
    "contest.scores_sealed": _("sealed the scores"),
    "contest.votes_decided": _("decided whether somebody's votes count"),
    "contest.announced": _("announced the contest"),
    "contest.appeal_decided": _("decided an objection in the contest"),
    "contest.cancelled": _("called the contest off"),
    "contest.changed": _("changed the contest"),
    "contest.created": _("began a contest"),
    "contest.entry_appealed": _("objected to the refusal of an entry"),
    "contest.entry_checked": _("checked an entry of the contest"),
    "contest.entry_published": _("published an entry of the contest"),
    "contest.extended": _("extended a phase of the contest"),
    "contest.feedback_given": _("gave feedback on an entry of the contest"),
    "contest.results_checked": _("checked the results of the contest"),
    "contest.results_corrected": _("corrected the results of the contest"),
    "contest.results_final": _("made the results of the contest final"),
    "contest.results_preliminary": _("set preliminary results of the contest"),
    "contest.role_given": _("gave somebody a part in the contest"),
    "contest.role_taken": _("took a part in the contest from somebody"),
    "contest.rules_changed": _("changed the rules of the contest"),
    "contest.sealed": _("sealed the entries of the contest"),
    "contribution.account_offered": _("offered the expert an account"),
    "contribution.asked": _("asked the expert for changes"),
    "contribution.byline_approved": _("approved the byline"),
    "contribution.changed": _("changed what the expert is asked for"),
    "comment.all_hidden": _("hid all comments of somebody"),
    "comment.appeal_refused": _("left the comment hidden after an appeal"),
    "comment.approved": _("let the comment be seen"),
    "comment.hidden": _("hid the comment"),
    "comment.kept": _("kept the comment that readers reported"),
    "contribution.commented": _("commented on the contribution"),
    "contribution.consented": _("consented to the use of the text"),
    "contribution.handed_back": _("handed the text back to the expert"),
    "contribution.handed_in": _("handed the text in"),
    "contribution.invited": _("invited somebody from outside"),
    "contribution.moved": _("moved the deadline of the contribution"),
    "contribution.profile_changed": _("changed the profile by a link"),
    "contribution.reminded": _("reminded the expert"),
    "contribution.reminders_stopped": _("stopped the reminders"),
    "contribution.renewed": _("made a new link for the expert"),
    "contribution.revoked": _("revoked the link of the expert"),
    "contribution.said": _("answered by a link"),
    "delivery.cancelled": _("called the delivery off"),
    "delivery.confirmed": _("said that the delivery was sent by hand"),
    "delivery.decided": _("decided on a delivery that was held"),
    "delivery.delete_wished": _("asked to delete what was sent"),
    "delivery.edit_wished": _("asked to change what was sent"),
    "delivery.gone": _("noted that what was sent is gone"),
    "delivery.hold": _("held deliveries back"),
    "delivery.hold_lifted": _("let deliveries go on"),
    "delivery.retried": _("sent the delivery once more"),
    "delivery.settled": _("said whether the delivery had arrived"),
    "email.changed": _("changed the e-mail"),
    "goal.changed": _("changed the goal of a campaign"),
    "goal.ended": _("ended the goal of a campaign"),
    "goal.resumed": _("let the goal of a campaign count again"),
    "goal.set": _("set a goal of a campaign"),
    "home.arranged": _("arranged the home page"),
    "inbound_utm.ignored": _("set UTM values aside that came in"),
    "inbound_utm.mapped": _("said which campaign UTM values belong to"),
    "inbound_utm.merged": _("merged UTM values that came in"),
    "inbound_utm.parted": _("parted UTM values that had been merged"),
    "inbound_utm.reopened": _("let UTM values wait again"),
    "invitation.accepted": _("accepted the invitation"),
    "invitation.resent": _("sent the invitation again"),
    "invitation.revoked": _("withdrew the invitation"),
    "invitation.sent": _("sent an invitation"),
    "link.changed": _("changed the short link"),
    "link.created": _("made a short link"),
    "link.ended": _("ended the short link"),
    "link.resumed": _("let the short link lead again"),
    "media.cropped": _("cropped a picture"),
    "media.replaced": _("replaced a file"),
    "media.restored": _("took the file out of the trash"),
    "media.trashed": _("put the file into the trash"),
    "media.uploaded": _("uploaded a file"),
    "password.changed": _("changed the password"),
    "password.link_made": _("made a link that sets a new password"),
    "password.reset": _("set a new password by a link"),
    "poll.asked": _("asked readers a question"),
    "poll.changed": _("changed a question to readers"),
    "poll.closed": _("closed a question to readers"),
    "poll.reopened": _("asked readers a question again"),
    "person.blocked": _("kept somebody from commenting"),
    "person.erased": _("erased the account and what was held about somebody"),
    "person.handed_out": _("handed out what is held about somebody"),
    "person.unblocked": _("let somebody comment again"),
    "post.changed": _("changed the post"),
    "post.corrected": _("noted a correction of the post"),
    "post.created": _("began a post"),
    "post.embargo_lifted": _("lifted the embargo of the post"),
    "post.embargoed": _("put the post under an embargo"),
    "post.published": _("published the post"),
    "post.purged": _("removed the post for good"),
    "post.removal_planned": _("planned the end of the post"),
    "post.removal_unplanned": _("called the end of the post off"),
    "post.restored": _("took the post out of the trash"),
    "post.scheduled": _("scheduled the post"),
    "post.taken_down": _("took the post down"),
    "post.trashed": _("put the post into the trash"),
    "post.unscheduled": _("cancelled the schedule of the post"),
    "profile.changed": _("changed the profile"),
    "recovery_codes.renewed": _("made new recovery codes"),
    "question.answer_changed": _("changed the company's answer"),
    "question.answered": _("answered for the company"),
    "question.assigned": _("gave the question to somebody"),
    "question.dropped": _("dropped the question"),
    "question.listed": _("put the question among the answered ones"),
    "question.unlisted": _("took the question off the answered ones"),
    "release.published": _("published the release"),
    "release.scheduled": _("scheduled the release"),
    "release.unscheduled": _("cancelled the schedule of the release"),
    "review.claim_settled": _("settled a claim"),
    "review.person_asked": _("asked one more person for a review"),
    "review.set_aside": _("published in spite of an open review"),
    "review.steps_changed": _("changed the steps of review"),
    "review.steps_dropped": _("dropped the steps of review"),
    "review.words_changed": _("changed the words that need a source"),
    "report.share_revoked": _("ended the link of a report"),
    "report.shared": _("gave a report out by link"),
    "role.changed": _("changed the role"),
    "second_step.off": _("turned the second step off"),
    "second_step.on": _("turned the second step on"),
    "section.archived": _("put the section away"),
    "section.changed": _("changed the section"),
    "section.created": _("added a section"),
    "section.deleted": _("removed the section"),
    "section.restored": _("brought the section back"),
    "sign_ins.ended": _("signed them out everywhere"),
    "site.changed": _("changed the settings of the site"),
    "tag.changed": _("changed the tag"),
    "tag.created": _("added a tag"),
    "tag.deleted": _("removed the tag"),
    "tag.merged": _("merged the tag into another"),
    "tag.synonym_added": _("gave the tag another word"),
    "tag.synonym_removed": _("took a word from the tag"),
    "token.created": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "utm_value.allowed": _("allowed a UTM value"),
    "utm_value.disallowed": _("took a UTM value off the list"),
}
SUBJECTS: dict[str, Any] = {
    "account": _("Account on a network"),
    "blog": _("Blog"),
    "campaign": _("Campaign"),
    "comment": _("Comment"),
    "circle": _("Circle"),
    "contest": _("Contest"),
    "delivery": _("Delivery"),
    "goal": _("Goal"),
    "poll": _("Question to readers"),
    "home": _("Home page"),
    "invitation": _("Invitation"),
    "inbound_utm": _("UTM values"),
    "link": _("Short link"),
    "media": _("File"),
    "person": _("Person"),
    "post": _("Post"),
    "release": _("Release"),
    "report": _("Report"),
    "section": _("Section"),
    "site": _("Site"),
    "tag": _("Tag"),
    "token": _("API token"),
    "utm_value": _("UTM value"),
}
PAGES = {  # where a subject is looked at: endpoint, and the name of its number
    "account": ("channels.show_account", "account_id"),
    "blog": ("blogs.show_blog", "blog_id"),
    "campaign": ("plans.show_campaign", "campaign_id"),
    "contest": ("contests.manage_contest", "contest_id"),
    "delivery": ("deliveries.show_delivery", "delivery_id"),
    "goal": ("goals.edit_goal", "goal_id"),
    "poll": ("polls.show_results", "poll_id"),
    "home": ("site.show_arrangement", None),
    "link": ("links.edit_link", "link_id"),
    "media": ("media.show_media", "media_id"),
    "person": ("people.show_person", "account_id"),
    "post": ("posts.edit_post", "post_id"),
    "release": ("posts.show_release", "release_id"),
    "section": ("topics.edit_section", "section_id"),
    "site": ("site.show_settings", None),
    "tag": ("topics.edit_tag", "tag_id"),
}
_DETAILS: dict[str, Any] = {
    "changed": _("changed"),
    "channel": _("network"),
    "code": _("reason"),
    "comments": _("comments"),
    "contribution": _("request"),
    "correction": _("correction"),
    "due": _("time"),
    "end": _("time"),
    "days": _("days"),
    "fields": _("changed"),
    "from": _("before"),
    "hold": _("hold"),
    "locale": _("language"),
    "name": _("name"),
    "number": _("number"),
    "person": _("person"),
    "post": _("post"),
    "purpose": _("purpose"),
    "revision": _("text number"),
    "reason": _("reason"),
    "recipient": _("recipient"),
    "role": _("role"),
    "secrets": _("secrets"),
    "step": _("step"),
    "steps": _("steps"),
    "texts": _("texts too"),
    "tested": _("passed the test"),
    "text": _("text number"),
    "to": _("now"),
    "until": _("until"),
    "verdict": _("decision"),
    "wall": _("time"),
    "who": _("person"),
    "words": _("in words"),
    "zone": _("time zone"),
}
_STATES: dict[str, Any] = {  # of campaigns
    "planned": _("planned"),
    "running": _("running"),
    "paused": _("paused"),
    "finished": _("finished"),
    "archived": _("archived"),
}


def act_name(act: str) -> str:
    """The act in words, in the language of the page."""
    return str(ACTS.get(act, act))


def subject_name(subject: str) -> str:
    """`post:12` as “Post 12”."""
    kind, _colon, number = subject.partition(":")
    name = str(SUBJECTS.get(kind, kind))
    return f"{name} {number}" if number else name


def page_of(subject: str) -> tuple[str, dict[str, int]] | None:
    """The endpoint of the page of a subject, and what its address needs; None when it has none."""
    kind, _colon, number = subject.partition(":")
    if kind not in PAGES:
        return None
    endpoint, name = PAGES[kind]
    if name is None:
        return endpoint, {}
    is_number = number.isascii() and number.isdecimal() and int(number) > 0
    return (endpoint, {name: int(number)}) if is_number else None


def details(entry: AuditEntry, role_names: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The details of an entry: what each is called, and its value in words."""
    return [
        (str(_DETAILS.get(name, name)), _value(value, role_names)) for name, value in entry.detail.items()
    ]


def csv_cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _value(value: object, role_names: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str):
        named = _STATES.get(value) or role_names.get(value, value)
        return exact_time(datetime.fromisoformat(value)) if _INSTANT.match(value) else str(named)
    if isinstance(value, Iterable):
        return ", ".join(str(one) for one in value)
    return str(value)
