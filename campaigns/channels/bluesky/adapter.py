"""Posts and threads on Bluesky (AT Protocol), with an app password.

Every record has a key of ours (`records.key_of`), so a lost answer is looked up by it, and writing it again could not
make a second post.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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
    Missing,
    Outcome,
    Paused,
    Refused,
    Seat,
    Sent,
    Step,
    Told,
)
from campaigns.channels.bluesky.records import (
    COLLECTION,
    facets,
    handles_in,
    images,
    key_of,
    pictures_of,
    record_of,
)
from campaigns.channels.bluesky.session import (
    BASE,
    NoSession,
    call,
    error_of,
    failed,
    handle_of,
    log_in,
    said_by,
)
from campaigns.channels.composing import thread_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story
from campaigns.channels.robots import ask

APP_VIEW = "https://public.api.bsky.app"
PEOPLE = Step("mentions")
AT_ONCE = 25  # posts of one question for figures
_FIGURES = {
    "likeCount": "likes",
    "repostCount": "reposts",
    "replyCount": "replies",
    "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}


class Bluesky(Adapter):
    """One post, or a thread; pictures, else a card of the link."""

    key = "bluesky"
    name = _("Bluesky")
    icon = "cloud"
    fields = (
        Field("handle", _("Handle"), _("As mast.bsky.social, or your own domain.")),
        Field(
            "password",
            _("App password"),
            _("Made for Parley in the settings; not the one used to sign in."),
            kind="secret",
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
        Field(
            "app_view",
            _("Where figures are asked for"),
            kind="url",
            is_required=False,
            default=APP_VIEW,
            is_advanced=True,
        ),
    )
    guide = (
        _("In Bluesky, open Settings, Privacy and Security, App Passwords."),
        _("Add one, call it Parley, and leave access to direct messages off."),
        _("Copy the password: it is shown once, as four groups of four letters."),
    )
    base_limits = Limits(
        text=300,
        counter="graphemes",
        also=(("bytes", 3000),),
        parts=25,
        pictures=4,
        picture_bytes=1_000_000,
        picture_side=2000,
        picture_types=("image/jpeg", "image/png", "image/webp"),
        alt=2000,
    )
    can_edit = True
    can_delete = True
    can_find = True
    proven_against = "server"
    counts = ("likes", "reposts", "replies", "quotes", "bookmarks")
    most_counted = AT_ONCE
    tells_followers = True

    def connect(self, seat: Seat) -> Identity:
        """Log in, once."""
        try:
            reply = log_in(seat)
        except Lost as problem:
            raise Disconnected(problem.reason, "base") from problem
        told = reply.json
        if not (reply.is_ok and told.get("accessJwt")):
            if error_of(reply) == "AuthenticationRequired":
                raise Disconnected(_("Bluesky does not know this handle and app password."), "password")
            raise Disconnected(_("Bluesky answered: %(said)s", said=said_by(reply)), "handle")
        if told.get("active") is False:
            raise Disconnected(_("This account is not active: %(why)s", why=told.get("status", "")), "handle")
        handle = str(told.get("handle", ""))
        return Identity(
            remote_id=str(told.get("did", "")), name=handle, url=f"https://bsky.app/profile/{handle}"
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """Title, summary, link and tags; a long note as a thread."""
        return thread_draft(story, limits, hashtags=True)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Pictures, people, then each part, which answers the one before."""
        uploads = [Step(f"upload:{number}") for number, _one in enumerate(pictures_of(message), 1)]
        people = [PEOPLE] if handles_in(message) else []
        parts = [Step(f"part:{number}", publishes=True) for number, _one in enumerate(message.parts, 1)]
        return (*uploads, *people, *parts)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Make one step."""
        for part in message.parts:
            refusal = answers.too_long(part.text, seat.limits)
            if refusal:
                return refusal
        kind, _colon, number = step.key.partition(":")
        try:
            if kind == "upload":
                return self._upload(pictures_of(message)[int(number) - 1], seat)
            if step == PEOPLE:
                return Done(self._people(message, seat))
            return self._write(step, message, seat, before)
        except NoSession as problem:
            return problem.outcome
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By the record's key."""
        if not step.publishes:
            return CannotTell()
        query = {
            "repo": handle_of(seat),
            "collection": COLLECTION,
            "rkey": key_of(message, _number(step)),
        }
        try:
            reply = call(seat, "GET", "com.atproto.repo.getRecord", query=query)
        except (Lost, NoSession) as problem:
            return CannotTell(str(problem))
        if reply.is_ok and reply.json.get("uri") and reply.json.get("cid"):
            return _made(step, message, seat, before, reply.json)
        if error_of(reply) == "RecordNotFound":
            return Missing()
        return CannotTell(said_by(reply))

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """The text of each part; pictures and cards stay, their words change."""
        parts = list(remote.get("parts") or [])
        if len(parts) != len(message.parts):
            return Refused(gettext("A thread keeps its number of posts when it is edited."), code="parts")
        for part in message.parts:
            refusal = answers.too_long(part.text, seat.limits)
            if refusal:
                return refusal
        try:
            people = self._people(message, seat)
            for number, one in enumerate(parts):
                outcome = self._rewrite(message, number, one["uri"], people, seat)
                if not isinstance(outcome, Done):
                    return outcome
                parts[number] = {**one, **outcome.data}
        except NoSession as problem:
            return problem.outcome
        except Lost as problem:
            return answers.lost(problem, publishes=False)  # saying the same again changes nothing
        return Sent(str(remote["remote_id"]), str(remote.get("url", "")), {"parts": parts})

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """Every part, the last first. Deleting what is gone is no error there."""
        for one in reversed(list(remote.get("parts") or [{"uri": remote["remote_id"]}])):
            body = {"repo": handle_of(seat), "collection": COLLECTION, "rkey": _key(one["uri"])}
            try:
                reply = call(seat, "POST", "com.atproto.repo.deleteRecord", body=body)
            except NoSession as problem:
                return problem.outcome
            except Lost as problem:
                return answers.lost(problem, publishes=False)
            if not reply.is_ok:
                return failed(reply, seat, publishes=False)
        return Done()

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Likes, reposts, replies, quotes and bookmarks of the first posts of threads."""
        found: dict[str, dict[str, int]] = {}
        ids = [str(one["remote_id"]) for one in remotes]
        for start in range(0, len(ids), AT_ONCE):
            query = [("uris", id) for id in ids[start : start + AT_ONCE]]
            reply = self._viewed(seat, "app.bsky.feed.getPosts", query)
            if isinstance(reply, Later):
                return reply
            for post in reply.json.get("posts") or []:
                found[str(post.get("uri"))] = {
                    ours: post[theirs]
                    for theirs, ours in _FIGURES.items()
                    if isinstance(post.get(theirs), int)
                }
        return found

    def followers(self, seat: Seat) -> int | Later | Paused | None:
        """As our profile says."""
        reply = self._viewed(seat, "app.bsky.actor.getProfile", [("actor", handle_of(seat))])
        if isinstance(reply, Later):
            return reply
        told = reply.json.get("followersCount")
        return told if isinstance(told, int) else None

    def _viewed(self, seat: Seat, name: str, query: Sequence[tuple[str, str]]) -> Reply | Later:
        """What everybody may see, asked without our token: no answer says anything of our credentials."""
        base = str(seat.settings.get("app_view") or APP_VIEW).strip().rstrip("/")
        try:
            reply = ask(seat, "GET", f"{base}/xrpc/{name}", query=query)
        except Lost as problem:
            return Later(problem.reason, code="unreachable")
        if reply.is_ok and reply.json:
            return reply
        untold = answers.untold(failed(reply, seat, publishes=False))
        return Later(untold.reason, untold.code) if isinstance(untold, Paused) else untold

    def _upload(self, picture: Picture, seat: Seat) -> Outcome:
        headers = {"Content-Type": picture.mime}
        content = seat.read(picture)
        reply = call(seat, "POST", "com.atproto.repo.uploadBlob", content=content, headers=headers)
        if reply.is_ok and isinstance(reply.json.get("blob"), dict):
            return Done({"media_id": picture.media_id, "blob": reply.json["blob"]})
        return failed(reply, seat, publishes=False)

    def _people(self, message: Message, seat: Seat) -> dict[str, str]:
        """Identifiers of those who are mentioned. Whom nobody knows stays plain text."""
        found = {}
        for handle in handles_in(message):
            reply = call(seat, "GET", "com.atproto.identity.resolveHandle", query={"handle": handle})
            if reply.is_ok and reply.json.get("did"):
                found[handle] = str(reply.json["did"])
        return found

    def _write(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        number = _number(step)
        blobs = {
            int(data["media_id"]): data["blob"] for key, data in before.items() if key.startswith("upload:")
        }
        reply_to = None
        if number:
            first, last = before["part:1"], before[f"part:{number}"]
            reply_to = {"root": _reference(first), "parent": _reference(last)}
        body = {
            "repo": handle_of(seat),
            "collection": COLLECTION,
            "rkey": key_of(message, number),
            "record": record_of(
                message, number, blobs=blobs, people=before.get(PEOPLE.key, {}), reply=reply_to
            ),
            "swapRecord": None,  # only when nothing is there yet
        }
        reply = call(seat, "POST", "com.atproto.repo.putRecord", body=body)
        if reply.is_ok and reply.json.get("uri") and reply.json.get("cid"):
            return _made(step, message, seat, before, reply.json)
        if error_of(reply) == "InvalidSwap":
            there = self.find(step, message, seat, before)
            if isinstance(there, Sent | Done):
                return there
        return failed(reply, seat, publishes=True)

    def _rewrite(
        self, message: Message, number: int, uri: str, people: Mapping[str, str], seat: Seat
    ) -> Outcome:
        where = {"repo": handle_of(seat), "collection": COLLECTION, "rkey": _key(uri)}
        there = call(seat, "GET", "com.atproto.repo.getRecord", query=where)
        if not (there.is_ok and isinstance(there.json.get("value"), dict)):
            return failed(there, seat, publishes=False)
        part = message.parts[number]
        record = {**there.json["value"], "text": part.text, "facets": facets(part.text, people)}
        known = ((record.get("embed") or {}).get("images")) or []
        if part.pictures and len(known) == len(part.pictures):
            blobs = {one.media_id: each["image"] for one, each in zip(part.pictures, known, strict=True)}
            record["embed"] = images(part.pictures, blobs)
        body = {**where, "record": record, "swapRecord": there.json["cid"]}
        reply = call(seat, "POST", "com.atproto.repo.putRecord", body=body)
        if reply.is_ok and reply.json.get("cid"):
            return Done({"cid": reply.json["cid"]})
        return failed(reply, seat, publishes=False)


def _number(step: Step) -> int:
    return int(step.key.partition(":")[2]) - 1


def _key(uri: str) -> str:
    return uri.rpartition("/")[2]


def _reference(data: Data) -> dict[str, str]:
    return {"uri": str(data["uri"]), "cid": str(data["cid"])}


def _made(step: Step, message: Message, seat: Seat, before: Before, told: Data) -> Sent | Done:
    """A part that is there. The last of them says what the whole is called: as its first."""
    number, mine = _number(step), _reference(told)
    if number + 1 < len(message.parts):
        return Done(mine)
    parts = [_reference(before[f"part:{earlier}"]) for earlier in range(1, number + 1)]
    parts.append(mine)
    first = parts[0]["uri"]
    url = f"https://bsky.app/profile/{handle_of(seat)}/post/{_key(first)}"
    return Sent(remote_id=first, url=url, data={**mine, "parts": parts})
