"""Posts and threads on Mastodon, and on servers that speak its API.

A post carries an idempotency key, which Mastodon remembers for an hour. We do not count on that hour: a lost answer is
looked up among our own posts, by our link, or by the post it answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask_babel import gettext
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
    Pending,
    Refused,
    Seat,
    Sent,
    Step,
    Told,
)
from campaigns.channels.composing import thread_draft
from campaigns.channels.http import Lost
from campaigns.channels.mastodon.finding import find_part, names_link, own_statuses
from campaigns.channels.mastodon.server import call, failed, limits_told, said_by
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story

AT_ONCE = 20  # posts of one question for figures
ASK_AGAIN = 3.0  # seconds, while a picture is worked on
_FIGURES = {
    "replies_count": "replies",
    "reblogs_count": "reposts",
    "favourites_count": "likes",
    "quotes_count": "quotes",
}


class Mastodon(Adapter):
    """One post, or a thread; its server tells its own limits."""

    key = "mastodon"
    name = _("Mastodon")
    icon = "note"
    fields = (
        Field("url", _("Server"), _("As https://mastodon.social, where the account lives."), kind="url"),
        Field("token", _("Access token"), _("Of an application you make for Parley there."), kind="secret"),
        Field(
            "visibility",
            _("Who sees posts"),
            kind="choice",
            is_required=False,
            default="public",
            choices=(("public", _("Everybody")), ("unlisted", _("Everybody, outside public timelines"))),
        ),
    )
    guide = (
        _("On your server, open Preferences, Development, New application, and call it Parley."),
        _("Tick profile, read:statuses, write:statuses and write:media; leave everything else off."),
        _("Open the application you made, and copy its access token."),
    )
    base_limits = Limits(
        text=500,
        counter="mastodon",
        link_length=23,
        parts=25,
        pictures=4,
        picture_bytes=16_000_000,
        picture_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        alt=1500,
    )
    can_edit = True
    counts = ("likes", "reposts", "replies", "quotes")
    most_counted = AT_ONCE
    tells_followers = True
    can_delete = True
    can_find = True
    seconds = 60.0

    def connect(self, seat: Seat) -> Identity:
        """Who we are there, what the server's limits are, and whether the token may do what is needed."""
        me = self._connected(seat, "/api/v1/accounts/verify_credentials", "token")
        instance = self._connected(seat, "/api/v2/instance", "url")
        host = str(instance.get("domain") or "")
        name = str(me.get("acct") or me.get("username", ""))
        return Identity(
            remote_id=str(me.get("id", "")),
            name=f"@{name}@{host}" if host and "@" not in name else f"@{name}",
            url=str(me.get("url", "")),
            limits=limits_told(instance, self.base_limits),
            notes=self._notes(seat),
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary, link and tags; a long note as a thread."""
        return thread_draft(story, limits, hashtags=True)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Pictures, then each part, which answers the one before."""
        uploads = [Step(f"upload:{number}") for number, _one in enumerate(_pictures(message), 1)]
        parts = [Step(f"part:{number}", publishes=True) for number, _one in enumerate(message.parts, 1)]
        return (*uploads, *parts)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Make one step."""
        for part in message.parts:
            refusal = answers.too_long(part.text, seat.limits)
            if refusal:
                return refusal
        try:
            if step.publishes:
                return self._say(step, message, seat, before)
            if before.get(step.key, {}).get("id"):
                return self._ask_after(before[step.key], seat)
            return self._upload(_pictures(message)[_number(step)], seat)
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """Among our own posts since the planned time."""
        number = _number(step)
        parent = before.get(f"part:{number}", {}).get("id") if number else None
        if not step.publishes or not (parent or names_link(message, number)):
            return CannotTell(gettext("This post has no link of ours by which it could be found."))
        try:
            me = call(seat, "GET", "/api/v1/accounts/verify_credentials")
            if not (me.is_ok and me.json.get("id")):
                return CannotTell(said_by(me))
            found = find_part(message, number, parent, own_statuses(str(me.json["id"]), seat))
        except Lost as problem:
            return CannotTell(problem.reason)
        return _made(step, message, before, found) if isinstance(found, dict) else found

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """The text of each part and the words of its pictures; the pictures stay."""
        parts = list(remote.get("parts") or [])
        if len(parts) != len(message.parts):
            return Refused(gettext("A thread keeps its number of posts when it is edited."), code="parts")
        for part, there in zip(message.parts, parts, strict=True):
            refusal = answers.too_long(part.text, seat.limits)
            if refusal:
                return refusal
            media = list(there.get("media") or [])
            body: dict[str, Any] = {"status": part.text, "language": _language(message), "media_ids": media}
            if len(media) == len(part.pictures):
                body["media_attributes"] = [
                    {"id": id, "description": one.alt} for id, one in zip(media, part.pictures, strict=True)
                ]
            try:
                reply = call(seat, "PUT", f"/api/v1/statuses/{quote(str(there['id']))}", body=body)
            except Lost as problem:
                return answers.lost(problem, publishes=False)  # saying the same again changes nothing
            if not (reply.is_ok and reply.json.get("id")):
                return failed(reply, seat, publishes=False)
        return Sent(str(remote["remote_id"]), str(remote.get("url", "")), {"parts": parts})

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Every part with its pictures, the last first. Mastodon takes 30 deletions in half an hour."""
        for one in reversed(list(remote.get("parts") or [{"id": remote["remote_id"]}])):
            path = f"/api/v1/statuses/{quote(str(one['id']))}"
            try:
                reply = call(seat, "DELETE", path, query={"delete_media": "true"})
            except Lost as problem:
                return answers.lost(problem, publishes=False)
            is_gone = reply.status == 404 and isinstance(reply.json.get("error"), str)
            if not (reply.is_ok or is_gone):
                return failed(reply, seat, publishes=False)
        return Done()

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Replies, boosts, favourites and quotes, of the first posts of threads."""
        ids = [str(one["remote_id"]) for one in remotes]
        found: dict[str, dict[str, int]] = {}
        for start in range(0, len(ids), AT_ONCE):
            statuses = self._statuses(ids[start : start + AT_ONCE], seat)
            if isinstance(statuses, Later | Paused):
                return statuses
            for status in statuses:
                found[str(status["id"])] = {
                    ours: status[theirs]
                    for theirs, ours in _FIGURES.items()
                    if isinstance(status.get(theirs), int)
                }
        return found

    def followers(self, seat: Seat) -> int | Later | Paused | None:
        """As the server tells us of ourselves."""
        try:
            reply = call(seat, "GET", "/api/v1/accounts/verify_credentials")
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if not reply.is_ok:
            return answers.untold(failed(reply, seat, publishes=False))
        told = reply.json.get("followers_count")
        return told if isinstance(told, int) else None

    def _say(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        number = _number(step)
        part = message.parts[number]
        visibility = str(seat.settings.get("visibility") or "public")
        body: dict[str, Any] = {
            "status": part.text,
            "language": _language(message),
            "visibility": "unlisted" if number else visibility,  # only the first stands in public timelines
        }
        media = _media(message, number, before)
        if media:
            body["media_ids"] = media
        if number:
            body["in_reply_to_id"] = before[f"part:{number}"]["id"]
        key = {"Idempotency-Key": f"{message.key}-{number}"}
        reply = call(seat, "POST", "/api/v1/statuses", body=body, headers=key)
        if reply.is_ok and reply.json.get("id"):
            return _made(step, message, before, reply.json)
        return failed(reply, seat, publishes=True)

    def _upload(self, picture: Picture, seat: Seat) -> Outcome:
        ending = picture.mime.rpartition("/")[2]
        file = ("file", f"picture-{picture.media_id}.{ending}", picture.mime, seat.read(picture))
        form = {"description": picture.alt[: seat.limits.alt]} if picture.alt else {}
        reply = call(seat, "POST", "/api/v2/media", form=form, files=[file])
        if not (reply.is_ok and reply.json.get("id")):
            return failed(reply, seat, publishes=False)
        data = {"media_id": picture.media_id, "id": str(reply.json["id"])}
        return Pending(ASK_AGAIN, data) if reply.status == 202 else Done(data)

    def _ask_after(self, data: Data, seat: Seat) -> Outcome:
        """Whether a picture is ready: until then a post with it would be refused."""
        reply = call(seat, "GET", f"/api/v1/media/{quote(str(data['id']))}")
        if reply.status == 206:
            return Pending(ASK_AGAIN, data)
        return Done(data) if reply.status == 200 and reply.json else failed(reply, seat, publishes=False)

    def _statuses(self, ids: Sequence[str], seat: Seat) -> list[dict[str, Any]] | Later | Paused:
        """Several at once where the server can (Mastodon 4.3), else one by one; those that are gone are left out."""
        try:
            reply = call(seat, "GET", "/api/v1/statuses", query=[("id[]", one) for one in ids])
            if reply.is_ok and reply.items is not None:
                return reply.items
            if reply.status in (401, 403, 429) or reply.status >= 500:
                return answers.untold(failed(reply, seat, publishes=False))
            each = [call(seat, "GET", f"/api/v1/statuses/{quote(one)}") for one in ids]
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        for one in each:
            if not one.is_ok and one.status != 404:
                return answers.untold(failed(one, seat, publishes=False))
        return [one.json for one in each if one.json.get("id")]

    def _connected(self, seat: Seat, path: str, field: str) -> dict[str, Any]:
        try:
            reply = call(seat, "GET", path)
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        if reply.is_ok and reply.json:
            return reply.json
        if 300 <= reply.status < 400:
            where = reply.headers.get("location", "").partition("/api/")[0]
            raise Disconnected(_("The server is at another address: %(where)s", where=where), "url")
        if not isinstance(reply.json.get("error"), str):
            raise Disconnected(_("There is no Mastodon server at this address."), "url")
        raise Disconnected(_("The server answered: %(said)s", said=said_by(reply)), field)

    def _notes(self, seat: Seat) -> tuple[Any, ...]:
        """What the token may not do, where the server tells (Mastodon 4.3)."""
        try:
            reply = call(seat, "GET", "/api/v1/apps/verify_credentials")
        except Lost:
            return ()
        scopes = reply.json.get("scopes")
        if not isinstance(scopes, list) or "write" in scopes:
            return ()
        if "write:statuses" not in scopes:
            raise Disconnected(_("This token may not post: the application needs write:statuses."), "token")
        return () if "write:media" in scopes else (_("This token may not upload pictures: write:media."),)


def _pictures(message: Message) -> list[Picture]:
    """Those of every part, in order: Mastodon attaches an upload to one post only."""
    return [one for part in message.parts for one in part.pictures]


def _media(message: Message, number: int, before: Before) -> list[str]:
    """The uploads of a part."""
    first = sum(len(part.pictures) for part in message.parts[:number])
    count = len(message.parts[number].pictures)
    return [str(before[f"upload:{one}"]["id"]) for one in range(first + 1, first + count + 1)]


def _number(step: Step) -> int:
    return int(step.key.partition(":")[2]) - 1


def _language(message: Message) -> str:
    return message.language.partition("-")[0]


def _made(step: Step, message: Message, before: Before, status: Mapping[str, Any]) -> Sent | Done:
    """A part that is there. The last of them says what the whole is called: as its first."""
    number = _number(step)
    mine = {
        "id": str(status["id"]),
        "url": str(status.get("url") or status.get("uri") or ""),
        "media": _media(message, number, before),
    }
    if number + 1 < len(message.parts):
        return Done(mine)
    parts = [
        {name: before[f"part:{earlier}"][name] for name in ("id", "url", "media")}
        for earlier in range(1, number + 1)
    ]
    parts.append(mine)
    return Sent(remote_id=str(parts[0]["id"]), url=str(parts[0]["url"]), data={**mine, "parts": parts})
