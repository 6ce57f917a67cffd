"""Posts on a Ghost site, as a custom integration of it (Admin API).

Ghost gives a slug that is taken another ending without a word, as WordPress does. So the slug is made of the delivery's
key: a lost answer is looked up by it, and a post that comes back under another one is a second one and is taken away.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import jwt
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
    mark_of_address,
)
from campaigns.channels.articles import (
    Uploads,
    content_of,
    is_ours,
    mark_of,
    pictures_of,
    slug_of,
    title_of,
    uploads_of,
)
from campaigns.channels.composing import article_draft, within
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story
from campaigns.channels.robots import ask

POST = Step("post", publishes=True)
ALT = 191  # code points
GOOD_FOR = timedelta(minutes=4)  # of a token; Ghost takes five at most
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
_AS_HTML = {"source": "html"}
_FIGURES = {"email_count": "sent", "delivered_count": "delivered", "opened_count": "opened"}


class BadKey(Exception):
    """The key is no Admin API key."""


class Ghost(Adapter):
    """The whole story, kept as the HTML it is."""

    key = "ghost"
    name = _("Ghost")
    icon = "article"
    fields = (
        Field("url", _("Address of the site"), _("Where its desk is, before /ghost."), kind="url"),
        Field(
            "key",
            _("Admin API key"),
            _("Of a custom integration: letters and digits with a colon in the middle."),
            kind="secret",
        ),
    )
    guide = (
        _("In Ghost, open Settings, Advanced, Integrations, and add a custom integration called Parley."),
        _("Copy its Admin API key, not the Content API key."),
    )
    base_limits = Limits(
        carries_html=True,
        title=255,
        summary=300,
        pictures=20,
        picture_bytes=5_000_000,
        picture_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
        alt=ALT,
    )
    can_edit = True
    counts = ("sent", "delivered", "opened")
    can_delete = True
    can_find = True
    can_draft = True
    medium = "referral"

    def connect(self, seat: Seat) -> Identity:
        """What the site is called, and whether the key opens it."""
        site = self._connected(seat, "site/", {}).get("site") or {}
        self._connected(seat, "posts/", {"limit": "1", "fields": "id"})
        url = str(site.get("url", ""))
        mark = mark_of_address(f"{url.rstrip('/')}#{seat.secrets['key'].partition(':')[0].strip()}")
        return Identity(name=str(site.get("title", "")), url=url, mark=mark)

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole story."""
        return article_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Pictures, then the post."""
        uploads = [Step(f"upload:{number}") for number, _one in enumerate(pictures_of(message), 1)]
        return (*uploads, POST)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Make one step."""
        try:
            if step == POST:
                return self._publish(message, seat, before)
            return self._upload(pictures_of(message)[int(step.key.partition(":")[2]) - 1], seat)
        except BadKey:
            return _bad_key()
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By the slug that only this delivery has."""
        try:
            reply = self._ask(seat, "GET", f"posts/slug/{slug_of(message)}/", {"formats": "html"})
        except BadKey:
            return CannotTell()
        except Lost as problem:
            return CannotTell(problem.reason)
        post = _post(reply)
        if post:
            written = f"{post.get('html')}{post.get('codeinjection_foot')}"
            return _sent(post, uploads_of(before)) if is_ours(message, written) else Missing()
        return Missing() if reply.status == 404 and _error(reply) else CannotTell(_said(reply))

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """Text, title, pictures and tags of what is there; read again once when somebody was faster."""
        uploads = {int(id): (0, str(url)) for id, url in (remote.get("uploads") or {}).items()}
        where = f"posts/{quote(str(remote['remote_id']))}/"
        try:
            for picture in pictures_of(message):
                if picture.media_id not in uploads:
                    made = self._upload(picture, seat)
                    if not isinstance(made, Done):
                        return made
                    uploads |= uploads_of({"upload:": made.data})
            for _try in range(2):
                there = self._ask(seat, "GET", where)
                known = _post(there)
                if not known:
                    return self._failed(there, seat, publishes=False)
                fields = {**_fields(message, uploads), "updated_at": known.get("updated_at")}
                reply = self._ask(seat, "PUT", where, _AS_HTML, body={"posts": [fields]})
                if reply.status != 409:
                    break
        except BadKey:
            return _bad_key()
        except Lost as problem:
            return answers.lost(problem, publishes=False)  # saying the same again changes nothing
        post = _post(reply)
        if reply.status == 409:  # somebody is at it there
            return Later(_said(reply), code="UPDATE_COLLISION")
        return _sent(post, uploads) if post else self._failed(reply, seat, publishes=False)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """For good: Ghost has no trash."""
        try:
            reply = self._ask(seat, "DELETE", f"posts/{quote(str(remote['remote_id']))}/")
        except BadKey:
            return _bad_key()
        except Lost as problem:
            return answers.lost(problem, publishes=False)
        if reply.status == 204 or (reply.status == 404 and _error(reply)):
            return Done()
        return self._failed(reply, seat, publishes=False)

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Of posts that Ghost sent as a newsletter, how many letters were sent, delivered and opened."""
        found: dict[str, dict[str, int]] = {}
        for one in remotes:
            id = str(one["remote_id"])
            try:
                reply = self._ask(seat, "GET", f"posts/{quote(id)}/", {"include": "email"})
            except BadKey:
                return answers.untold(_bad_key())
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if not reply.is_ok and reply.status != 404:
                return answers.untold(self._failed(reply, seat, publishes=False))
            letters = _post(reply).get("email") or {}
            told = {
                ours: letters[theirs]
                for theirs, ours in _FIGURES.items()
                if isinstance(letters.get(theirs), int)
            }
            if told:
                found[id] = told
        return found

    def _publish(self, message: Message, seat: Seat, before: Before) -> Outcome:
        uploads, slug = uploads_of(before), slug_of(message)
        fields = {
            **_fields(message, uploads),
            "slug": slug,
            "status": "draft" if seat.mode == "draft" else "published",
            "canonical_url": message.url,
            "codeinjection_foot": mark_of(message),  # comments in a text do not stay
        }
        reply = self._ask(seat, "POST", "posts/", _AS_HTML, body={"posts": [fields]})
        post = _post(reply)
        if not post:
            return self._failed(reply, seat, publishes=True)
        if post.get("slug") not in (slug, None, ""):
            first = self.find(POST, message, seat, before)
            if isinstance(first, Sent) and first.remote_id != str(post["id"]):
                self._ask(seat, "DELETE", f"posts/{post['id']}/")
                return first
        return _sent(post, uploads)

    def _upload(self, picture: Picture, seat: Seat) -> Outcome:
        filename = f"picture-{picture.media_id}.{_ENDINGS.get(picture.mime, 'jpg')}"
        files = [("file", filename, picture.mime, seat.read(picture))]
        reply = self._ask(seat, "POST", "images/upload/", form={"purpose": "image"}, files=files)
        images = reply.json.get("images")
        if reply.is_ok and isinstance(images, list) and images and images[0].get("url"):
            return Done({"media_id": picture.media_id, "id": 0, "url": str(images[0]["url"])})
        return self._failed(reply, seat, publishes=False)

    def _connected(self, seat: Seat, path: str, query: Mapping[str, str | int]) -> dict[str, Any]:
        try:
            reply = self._ask(seat, "GET", path, query)
        except BadKey as problem:
            raise Disconnected(_("This is no Admin API key of Ghost."), "key") from problem
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        if reply.is_ok and reply.json:
            return reply.json
        if 300 <= reply.status < 400:
            where = reply.headers.get("location", "").partition("/ghost/api/")[0]
            raise Disconnected(_("The site is at another address: %(where)s", where=where), "url")
        if reply.status in (401, 403):
            raise Disconnected(_("Ghost does not take this key: %(said)s", said=_said(reply)), "key")
        raise Disconnected(_("There is no Ghost site at this address."), "url")

    def _ask(
        self,
        seat: Seat,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        **how: Any,
    ) -> Reply:
        base = str(seat.settings["url"]).strip().rstrip("/").removesuffix("/ghost")
        headers = {"Authorization": f"Ghost {_token(seat)}", "Accept-Version": "v6.0"}
        return ask(seat, method, f"{base}/ghost/api/admin/{path}", headers=headers, query=query, **how)

    def _failed(self, reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
        error, said = _error(reply), _said(reply)
        code = str(error.get("code") or error.get("type") or reply.status)
        if reply.status == 429:
            return answers.failed(reply, publishes=publishes, now=seat.now())
        if reply.status == 401 or (error and reply.status == 403):
            return Paused(said, code=code)
        if not error and reply.status in (403, 404):  # a firewall, or a proxy without its site
            return Later(said, code=code)
        if 300 <= reply.status < 400:
            where = reply.headers.get("location", "").partition("/ghost/api/")[0]
            return Refused(gettext("The site is at another address: %(where)s", where=where), code=code)
        if error and reply.status < 500:
            return Refused(said, code=code)
        if reply.is_ok:
            return answers.no_word(reply, publishes=publishes)
        return answers.failed(reply, publishes=publishes, now=seat.now())


def _token(seat: Seat) -> str:
    """Signed for this request. Raises `BadKey`."""
    id, _colon, secret = seat.secrets["key"].strip().partition(":")
    try:
        key = bytes.fromhex(secret)
    except ValueError as error:
        raise BadKey from error
    if not id or not key:
        raise BadKey
    now = seat.now()
    claims = {"iat": int(now.timestamp()), "exp": int((now + GOOD_FOR).timestamp()), "aud": "/admin/"}
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": id})


def _bad_key() -> Paused:
    return Paused(gettext("The key of this account is damaged."), code="key")


def _fields(message: Message, uploads: Uploads) -> dict[str, Any]:
    html = content_of(message, uploads)
    fields: dict[str, Any] = {
        "title": title_of(message),
        "html": f"<!--kg-card-begin: html-->{html}<!--kg-card-end: html-->",  # taken as it is
        "custom_excerpt": message.summary or None,
        "tags": [{"name": one} for one in message.tags],
    }
    if message.cover and message.cover.media_id in uploads:
        fields["feature_image"] = uploads[message.cover.media_id][1]
        fields["feature_image_alt"] = within(message.cover.alt, ALT) or None
    return fields


def _post(reply: Reply) -> dict[str, Any]:
    """The post of an answer; empty when it has none."""
    posts = reply.json.get("posts")
    found = posts[0] if reply.is_ok and isinstance(posts, list) and posts else None
    return found if isinstance(found, dict) and found.get("id") else {}


def _sent(post: Mapping[str, Any], uploads: Uploads) -> Sent:
    return Sent(
        remote_id=str(post["id"]),
        url=str(post.get("url", "")),
        data={"uploads": {str(id): url for id, (_none, url) in uploads.items()}} if uploads else {},
        is_draft=post.get("status") == "draft",
    )


def _error(reply: Reply) -> dict[str, Any]:
    errors = reply.json.get("errors")
    return errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}


def _said(reply: Reply) -> str:
    """Ghost's own words."""
    error = _error(reply)
    said = " ".join(str(error[name]) for name in ("message", "context") if error.get(name))
    return said or reply.text[:200]
