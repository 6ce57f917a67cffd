"""Posts on Sina Weibo (新浪微博), through `statuses/share`, which ordinary applications may use.

It has rules of its own: an address on the safe domain of the application, no `#topic#`, at most 140 Han characters,
one picture, and the public address of the machine that asks. Weibo rewrites addresses, so a lost answer is looked up by
the whole text around them; and what its timeline does not show may still be on its way, which nobody can tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels import answers
from campaigns.channels.adapter import (
    Adapter,
    Before,
    CannotTell,
    Data,
    Disconnected,
    Done,
    Field,
    Found,
    Identity,
    Later,
    Outcome,
    Paused,
    Refused,
    Seat,
    Sent,
    Step,
    Told,
)
from campaigns.channels.composing import short_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Story
from campaigns.channels.robots import SEND, ask, told
from campaigns.channels.weibo.meaning import DUPLICATES, GONE, NOT_GRANTED, POSTED_LATE, meaning, number
from campaigns.channels.weibo.rules import check_settings, made_at, refused_by_rule, shape, without_topics

BASE = "https://api.weibo.com"
LONGEST = 138  # of Weibo's 140: how it weighs addresses and signs is not documented
MOST_COUNTED = 100  # ids in one question
_EARLIER = timedelta(hours=1)  # than planned: clocks differ, and an editor may have sent it by hand


class Weibo(Adapter):
    """One post."""

    key = "weibo"
    name = _("Sina Weibo")
    icon = "eye"
    fields = (
        Field("token", _("Access token"), kind="secret"),
        Field(
            "domain",
            _("Safe domain of the application"),
            _("As it is registered at open.weibo.com. Every post must have an address on it."),
        ),
        Field(
            "ip",
            _("Public address of this server"),
            _("Weibo asks for it with every post: 203.0.113.9, say."),
        ),
        Field(
            "base",
            _("Where its addresses begin"),
            _("Only for an installation of your own. Leave it as it is for the public service."),
            kind="url",
            is_required=False,
            default=BASE,
            is_advanced=True,
        ),
    )
    guide = (
        _(
            "At open.weibo.com, make an application for websites, and have it reviewed: tokens then live longer."
        ),
        _("In its settings, register the domain of your short links as a safe domain."),
        _("Authorise the application with the account that shall post, and copy the access token."),
    )
    base_limits = Limits(
        text=LONGEST,
        counter="weibo",
        pictures=1,
        picture_bytes=5_000_000,
        picture_types=("image/jpeg", "image/png", "image/gif"),
        alt=0,
    )
    can_edit = False
    counts = ("likes", "reposts", "comments")
    most_counted = MOST_COUNTED
    can_delete = True
    can_find = True

    def connect(self, seat: Seat) -> Identity:
        """Whose token it is, and when it ends."""
        check_settings(seat.settings)
        try:
            reply = ask(seat, "POST", self._url(seat, "/oauth2/get_token_info"), form=_token(seat))
            if not reply.json.get("uid"):
                raise Disconnected(_("Weibo answered: %(said)s", said=_said(reply)), "token")
            uid, left = str(reply.json["uid"]), reply.json.get("expire_in")
            shown = self._get(seat, "/2/users/show.json", {"uid": uid}).json
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        ends = seat.now() + timedelta(seconds=int(left)) if isinstance(left, int) and left > 0 else None
        return Identity(
            remote_id=uid,
            name=str(shown.get("screen_name") or uid),
            url=f"https://weibo.com/u/{uid}",
            expires_at=ends,
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary and link, without tags: between two `#` Weibo refuses them in shared posts."""
        plain = without_topics(story)
        draft = short_draft(plain, limits)
        return replace(draft, changes=(*draft.changes, "tags_removed")) if plain != story else draft

    def objection(self, message: Message, settings: Mapping[str, Any], limits: Limits) -> Refused | None:
        """Topics between `#`, and an address that is not on the safe domain."""
        return refused_by_rule(message, settings, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """One."""
        return (SEND,)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Post it. What Weibo calls a repeat is looked up, and never sent with a sign changed."""
        refusal = refused_by_rule(message, seat.settings, seat.limits)
        if refusal:
            return refusal
        form = {**_token(seat), "status": message.text, "rip": str(seat.settings["ip"]).strip()}
        files = [("pic", f"picture.{one.mime[6:]}", one.mime, seat.read(one)) for one in message.pictures[:1]]
        try:
            url = self._url(seat, "/2/statuses/share.json")
            reply = ask(seat, "POST", url, form=form, files=files or None)
        except Lost as problem:
            return answers.lost(problem, publishes=True)
        code = number(reply)
        if reply.is_ok and reply.json.get("idstr"):
            return _sent(reply.json)
        if code == POSTED_LATE:
            return Sent()  # it is there, or will be; Weibo does not say under which number
        if code in DUPLICATES:
            found = self.find(step, message, seat, before)
            return found if isinstance(found, Sent) else Refused(_said(reply), code=str(code))
        return meaning(reply, _said(reply), now=seat.now(), publishes=True)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """In our own timeline since it was planned: the same words, and as many addresses."""
        try:
            reply = self._get(seat, "/2/statuses/user_timeline.json", {"count": "100"})
        except Lost as problem:
            return CannotTell(problem.reason)
        since, looked_for = message.planned_at - _EARLIER, shape(message.text)
        for one in reply.json.get("statuses") or []:
            at = made_at(one)
            if at and at >= since and one.get("idstr") and shape(str(one.get("text", ""))) == looked_for:
                return _sent(one)
        return CannotTell("" if reply.is_ok else _said(reply))

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Where the application may."""
        form = {**_token(seat), "id": str(remote["remote_id"])}
        try:
            reply = ask(seat, "POST", self._url(seat, "/2/statuses/destroy.json"), form=form)
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if (reply.is_ok and reply.json.get("idstr")) or number(reply) in GONE:
            return Done()
        outcome = meaning(reply, _said(reply), now=seat.now(), publishes=False)
        if isinstance(outcome, Paused) and outcome.code in NOT_GRANTED:
            return Refused(outcome.reason, code=outcome.code)  # it may post all the same
        return outcome

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Reposts, comments and likes. Views are not told to ordinary applications."""
        ids, found = [str(one["remote_id"]) for one in remotes if one.get("remote_id")], {}
        for start in range(0, len(ids), MOST_COUNTED):
            asked = {"ids": ",".join(ids[start : start + MOST_COUNTED])}
            try:
                reply = self._get(seat, "/2/statuses/count.json", asked)
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if reply.items is None:
                return self._untold(reply, seat)
            for one in reply.items:
                names = {"reposts": "reposts", "comments": "comments", "attitudes": "likes"}
                found[str(one.get("id"))] = {
                    ours: int(one[theirs])
                    for theirs, ours in names.items()
                    if isinstance(one.get(theirs), int)
                }
        return found

    def _untold(self, reply: Reply, seat: Seat) -> Later | Paused:
        """A call that this application may not make says nothing of its token: the account goes on posting."""
        outcome = answers.untold(meaning(reply, _said(reply), now=seat.now(), publishes=False))
        if isinstance(outcome, Paused) and outcome.code in NOT_GRANTED:
            return Later(outcome.reason, code=outcome.code)
        return outcome

    def _get(self, seat: Seat, path: str, query: Mapping[str, str]) -> Reply:
        return ask(seat, "GET", self._url(seat, path), query={**_token(seat), **query})

    def _url(self, seat: Seat, path: str) -> str:
        return told(self, seat.settings, "base").rstrip("/") + path


def _token(seat: Seat) -> dict[str, str]:
    return {"access_token": seat.secrets["token"].strip()}


def _sent(post: Mapping[str, Any]) -> Sent:
    id, user = str(post["idstr"]), (post.get("user") or {}).get("idstr")
    return Sent(remote_id=id, url=f"https://weibo.com/{user}/{id}" if user else "")


def _said(reply: Reply) -> str:
    return str(reply.json.get("error") or reply.text[:200] or reply.status)
