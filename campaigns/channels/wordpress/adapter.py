"""Posts on a WordPress site, as a user of it with an application password (REST API).

WordPress knows no keys of repeated requests, and a slug that is taken becomes another one without a word. So the slug
is made of the delivery's key: a lost answer is looked up by it, and a post that comes back under another slug is a
second one, which is taken away at once.
"""

import base64
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
from campaigns.channels.composing import article_draft
from campaigns.channels.http import Lost, Reply
from campaigns.channels.messages import Draft, Limits, Message, Picture, Story
from campaigns.channels.robots import ask
from cms.core.outbound import Upload

TERMS = Step("terms")
POST = Step("post", publishes=True)
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
_REFUSED_FILE = ("rest_upload_sideload_error", "rest_upload_unknown_error", "rest_upload_no_data")


class WordPress(Adapter):
    """The whole story, with its pictures in the site's own library."""

    key = "wordpress"
    name = _("WordPress")
    icon = "site"
    fields = (
        Field("url", _("Address of the site"), _("https://blog.example.com"), kind="url"),
        Field("user", _("User name"), _("Of a user who may publish posts: at least an author.")),
        Field(
            "password",
            _("Application password"),
            _("Made for Parley on the user's profile page; not the one used to sign in."),
            kind="secret",
        ),
        Field(
            "categories",
            _("Categories"),
            _("Names, separated by commas. Posts from here are filed under them."),
            is_required=False,
        ),
    )
    guide = (
        _("In WordPress, open Users, then Profile of the user who shall publish."),
        _("Under Application Passwords, type Parley and press Add New."),
        _("Copy the password that is shown, with or without its spaces."),
    )
    base_limits = Limits(
        carries_html=True,
        pictures=20,
        picture_bytes=2_000_000,  # what PHP takes when nobody set it otherwise
        picture_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
    )
    can_edit = True
    can_delete = True
    can_find = True
    can_draft = True
    medium = "referral"
    proven_against = "server"
    counts = ("comments",)

    def connect(self, seat: Seat) -> Identity:
        """Who we are there, and whether that user may do what is needed."""
        me = self._connected(seat, "users/me", {"context": "edit"})
        able = me.get("capabilities") or {}
        if seat.mode == "publish" and not able.get("publish_posts"):
            raise Disconnected(_("This user may not publish posts. Please make it an author."), "user")
        site = self._connected(seat, "", {})
        notes = () if able.get("upload_files") else (_("This user may not upload pictures."),)
        return Identity(
            remote_id=str(me.get("id", "")),
            name=str(site.get("name") or me.get("name", "")),
            url=str(site.get("home") or site.get("url") or ""),
            notes=notes,
        )

    def compose(self, story: Story, limits: Limits, settings: Mapping[str, Any]) -> Draft:
        """The whole story."""
        return article_draft(story, limits)

    def steps(self, message: Message, settings: Mapping[str, Any]) -> Sequence[Step]:
        """Pictures, then tags and categories, then the post."""
        uploads = [Step(f"upload:{number}") for number, _one in enumerate(pictures_of(message), 1)]
        terms = [TERMS] if message.tags or _names(settings) else []
        return (*uploads, *terms, POST)

    def send(self, step: Step, message: Message, seat: Seat, before: Before) -> Outcome:
        """Make one step."""
        try:
            if step == POST:
                return self._publish(message, seat, before)
            if step == TERMS:
                return Done(self._terms(message, seat))
            return self._upload(pictures_of(message)[int(step.key.partition(":")[2]) - 1], seat)
        except Lost as problem:
            return answers.lost(problem, publishes=step.publishes)

    def find(self, step: Step, message: Message, seat: Seat, before: Before) -> Found:
        """By the slug that only this delivery has."""
        try:
            reply = self._ask(seat, "GET", "posts", {"slug": slug_of(message), "status": "any", **_RAW})
        except Lost as problem:
            return CannotTell(problem.reason)
        if not reply.is_ok or reply.items is None:
            return CannotTell(_said(reply))
        for one in reply.items:
            if is_ours(message, str((one.get("content") or {}).get("raw", ""))):
                return _sent(one, before)
        return Missing()

    def edit(self, message: Message, seat: Seat, remote: Data) -> Outcome:
        """Text, title, pictures and tags of what is there."""
        uploads = {int(id): (int(one[0]), str(one[1])) for id, one in (remote.get("uploads") or {}).items()}
        try:
            for picture in pictures_of(message):
                if picture.media_id not in uploads:
                    made = self._upload(picture, seat)
                    if not isinstance(made, Done):
                        return made
                    uploads |= uploads_of({"upload:": made.data})
            fields = {**_fields(message, uploads), **self._terms(message, seat)}
            reply = self._ask(seat, "POST", f"posts/{remote['remote_id']}", _RAW, body=fields)
        except Lost as problem:
            return answers.lost(problem, publishes=False)  # saying the same again changes nothing
        if reply.is_ok and reply.json.get("id"):
            return _sent(reply.json, uploads=uploads)
        return self._failed(reply, seat, publishes=False)

    def delete(self, seat: Seat, remote: Data) -> Outcome:
        """To the site's trash, where a person can bring it back."""
        try:
            reply = self._ask(seat, "DELETE", f"posts/{remote['remote_id']}")
        except Lost as problem:
            return answers.lost(problem, publishes=False)
        if (reply.is_ok and reply.json.get("id")) or _code(reply) in (
            "rest_already_trashed",
            "rest_post_invalid_id",
        ):
            return Done()
        return self._failed(reply, seat, publishes=False)

    def metrics(self, seat: Seat, remotes: Sequence[Data]) -> Told | Later | Paused:
        """Comments: all that WordPress counts by itself."""
        found: dict[str, dict[str, int]] = {}
        for one in remotes:
            id = str(one["remote_id"])
            try:
                reply = self._ask(seat, "GET", "comments", {"post": id, "per_page": 1})
            except Lost as problem:
                return Later(problem.reason, code="unreachable")
            if not reply.is_ok and reply.status not in (400, 404):
                return answers.untold(self._failed(reply, seat, publishes=False))
            total = reply.headers.get("x-wp-total", "")
            if reply.is_ok and total.isdecimal():
                found[id] = {"comments": int(total)}
        return found

    def _publish(self, message: Message, seat: Seat, before: Before) -> Outcome:
        slug = slug_of(message)
        fields = {
            **_fields(message, uploads_of(before)),
            **before.get(TERMS.key, {}),
            "slug": slug,
            "status": "draft" if seat.mode == "draft" else "publish",
        }
        reply = self._ask(seat, "POST", "posts", _RAW, body=fields)
        if not (reply.is_ok and reply.json.get("id")):
            return self._failed(reply, seat, publishes=True)
        if reply.json.get("slug") not in (slug, None, ""):
            first = self.find(POST, message, seat, before)
            if isinstance(first, Sent) and first.remote_id != str(reply.json["id"]):
                self._ask(seat, "DELETE", f"posts/{reply.json['id']}", {"force": "true"})
                return first
        return _sent(reply.json, before)

    def _upload(self, picture: Picture, seat: Seat) -> Outcome:
        filename = f"picture-{picture.media_id}.{_ENDINGS.get(picture.mime, 'jpg')}"
        file: Upload = ("file", filename, picture.mime, seat.read(picture))
        reply = self._ask(seat, "POST", "media", form={"alt_text": picture.alt}, files=[file])
        if reply.is_ok and reply.json.get("id"):
            url = str(reply.json.get("source_url", ""))
            return Done({"media_id": picture.media_id, "id": reply.json["id"], "url": url})
        return self._failed(reply, seat, publishes=False)

    def _terms(self, message: Message, seat: Seat) -> dict[str, Any]:
        """Numbers of tags and categories. What this user may not make is left out: a post without a tag is still one."""
        found: dict[str, Any] = {}
        for kind, names in (("tags", message.tags), ("categories", _names(seat.settings))):
            ids = [self._term(kind, name, seat) for name in names]
            if any(ids):
                found[kind] = [one for one in ids if one]
        return found

    def _term(self, kind: str, name: str, seat: Seat) -> int | None:
        reply = self._ask(seat, "POST", kind, body={"name": name})
        if reply.is_ok and reply.json.get("id"):
            return int(reply.json["id"])
        if _code(reply) == "term_exists":
            return int((reply.json.get("data") or {}).get("term_id", 0)) or None
        listed = self._ask(seat, "GET", kind, {"search": name, "per_page": 100})
        for one in listed.items or []:
            if str(one.get("name", "")).casefold() == name.casefold():
                return int(one["id"])
        return None

    def _connected(self, seat: Seat, path: str, query: Mapping[str, str | int]) -> dict[str, Any]:
        try:
            reply = self._ask(seat, "GET", path, query)
        except Lost as problem:
            raise Disconnected(problem.reason, "url") from problem
        if reply.is_ok and reply.json:
            return reply.json
        if 300 <= reply.status < 400:
            where = reply.headers.get("location", "").partition("?")[0]
            raise Disconnected(_("The site is at another address: %(where)s", where=where), "url")
        if reply.status == 401:
            raise Disconnected(_("WordPress does not know this user and application password."), "password")
        if not reply.json:
            raise Disconnected(_("There is no WordPress at this address, or its REST API is closed."), "url")
        raise Disconnected(_("WordPress answered: %(said)s", said=_said(reply)), "user")

    def _ask(
        self,
        seat: Seat,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        **how: Any,
    ) -> Reply:
        # This form of the address works whichever way the site writes its own.
        route = f"/wp/v2/{path}" if path else "/"
        who = f"{seat.settings['user']}:{seat.secrets['password'].strip()}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(who).decode()}
        url = f"{str(seat.settings['url']).strip().rstrip('/')}/"
        return ask(seat, method, url, headers=headers, query={"rest_route": route, **(query or {})}, **how)

    def _failed(self, reply: Reply, seat: Seat, *, publishes: bool) -> Outcome:
        code, said = _code(reply), _said(reply)
        if code in _REFUSED_FILE or (reply.status == 413 and not publishes):
            return Refused(said, code=code or "413")
        if code and reply.status in (401, 403):
            return Paused(said, code=code)
        if code == "rest_no_route" or (not code and reply.status == 401):
            return Paused(said, code=code or "401")
        if not code and reply.status in (403, 404):  # a firewall, or maintenance
            return Later(said, code=str(reply.status))
        if 300 <= reply.status < 400:
            where = reply.headers.get("location", "").partition("?")[0]
            return Refused(
                gettext("The site is at another address: %(where)s", where=where), code=str(reply.status)
            )
        if reply.is_ok:
            return answers.no_word(reply, publishes=publishes)
        if code and reply.status < 500:
            return Refused(said, code=code) if reply.status != 429 else _later(reply, seat)
        return answers.failed(reply, publishes=publishes, now=seat.now())


_RAW = {"context": "edit"}


def _fields(message: Message, uploads: Uploads) -> dict[str, Any]:
    """Title, content and excerpt; the cover where it was uploaded."""
    fields: dict[str, Any] = {
        "title": title_of(message),
        "content": content_of(message, uploads) + mark_of(message),
        "excerpt": message.summary,
    }
    if message.cover and message.cover.media_id in uploads:
        fields["featured_media"] = uploads[message.cover.media_id][0]
    return fields


def _later(reply: Reply, seat: Seat) -> Outcome:
    return answers.failed(reply, publishes=False, now=seat.now())


def _names(settings: Mapping[str, Any]) -> list[str]:
    written = str(settings.get("categories") or "").replace("，", ",").replace("、", ",")
    return [one.strip() for one in written.split(",") if one.strip()]


def _sent(
    post: Mapping[str, Any], before: Before | None = None, *, uploads: Mapping[int, Any] | None = None
) -> Sent:
    known = uploads if uploads is not None else uploads_of(before or {})
    return Sent(
        remote_id=str(post["id"]),
        url=str(post.get("link", "")),
        data={"uploads": {str(id): list(one) for id, one in known.items()}} if known else {},
        is_draft=post.get("status") in ("draft", "pending"),
    )


def _code(reply: Reply) -> str:
    found = reply.json.get("code")
    return found if isinstance(found, str) else ""


def _said(reply: Reply) -> str:
    """WordPress's own words."""
    said = reply.json.get("message")
    return said if isinstance(said, str) and said else reply.text[:200]
