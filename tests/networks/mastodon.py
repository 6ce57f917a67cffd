"""The client API of Mastodon 4.5, with the rules its documentation and source give. `test_mastodon.py` drives it with
Mastodon.py too, so that it is not ours alone that understands it."""

import html
import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import regex

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"
BEGINNING = datetime(2026, 11, 21, 11, 59, tzinfo=UTC)
_STATUS = {"status", "media_ids", "in_reply_to_id", "visibility", "language", "sensitive", "spoiler_text"}
_EDIT = {"status", "media_ids", "media_attributes", "language", "sensitive", "spoiler_text"}
_LINK = re.compile(r"https?://[^\s<>\"，。]+")
_MENTION = re.compile(r"@(\w+)@[\w.-]+\w")


class MastodonServer(Network):
    """One server with one account."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(109)
        self.statuses: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}  # idempotency key: status
        self.processing = 0  # how often a new picture is not ready yet
        self.most = 500
        self.scopes: list[str] | None = ["profile", "read:statuses", "write:statuses", "write:media"]
        self.is_older = False  # than 4.3: no statuses by several ids
        self.minutes = 1  # between posts
        self.figures: dict[str, dict[str, int | None]] = {}  # by status, where they are not the usual ones
        self.followers = 1204

    def texts(self) -> list[str]:
        """What readers see, oldest first."""
        return [one["text"] for one in self.statuses.values()]

    def say(self, text: str) -> str:
        """Somebody posts without us; gives the number of the post."""
        id = str(next(self.numbers))
        at = BEGINNING + timedelta(minutes=self.minutes * (len(self.statuses) + 1))
        usual = {"media": [], "in_reply_to_id": None, "visibility": "public", "language": "en"}
        self.statuses[id] = {"id": id, "text": text, "at": at, **usual}
        return id

    def answer(self, request: Request) -> Answer:
        """By path, after the token."""
        if request.path.rstrip("/") == "/api/v2/instance":
            return self._instance()
        if request.path.rstrip("/") == "/api/v1/instance":
            return Answer(200, {"uri": "social.test", "version": "4.5.2"})
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _no(401, "The access token is invalid")
        parts = request.path.strip("/").split("/")
        match [request.method, *parts[2:]]:
            case ["GET", "accounts", "verify_credentials"]:
                return Answer(
                    200,
                    {
                        "id": "7",
                        "username": "mast",
                        "acct": "mast",
                        "url": f"{self.url}/@mast",
                        "followers_count": self.followers,
                    },
                )
            case ["GET", "apps", "verify_credentials"]:
                return Answer(200, {"name": "Parley"} | ({"scopes": self.scopes} if self.scopes else {}))
            case ["POST", "media"] if parts[1] == "v2":
                return self._upload(request)
            case ["GET", "media", id]:
                return self._media_of(id)
            case ["POST", "statuses"]:
                return self._say(request)
            case ["GET", "statuses"]:
                return self._several(request)
            case [method, "statuses", id]:
                return self._one(request, method, id)
            case ["GET", "accounts", "7", "statuses"]:
                return self._own(request)
        return _no(404, "Record not found")

    def _instance(self) -> Answer:
        statuses = {
            "max_characters": self.most,
            "characters_reserved_per_url": 23,
            "max_media_attachments": 4,
        }
        media = {
            "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"],
            "image_size_limit": 16777216,
            "description_limit": 1500,
        }
        told = {"statuses": statuses, "media_attachments": media}
        return Answer(
            200,
            {
                "domain": "social.test",
                "version": "4.5.2",
                "api_versions": {"mastodon": 7},
                "configuration": told,
            },
        )

    def _upload(self, request: Request) -> Answer:
        fields, files = read_form(request)
        _name, mime, content = files["file"]
        if not mime.startswith("image/"):
            return _no(422, "Validation failed: File content type is invalid")
        if len(fields.get("description", "")) > 1500:
            return _no(422, "Validation failed: Description is too long")
        id = str(next(self.numbers))
        self.media[id] = {
            "description": fields.get("description"),
            "size": len(content),
            "left": self.processing,
            "status": None,
        }
        return self._shown_media(id, 202 if self.processing else 200)

    def _media_of(self, id: str) -> Answer:
        if id not in self.media:
            return _no(404, "Record not found")
        self.media[id]["left"] = max(0, self.media[id]["left"] - 1)
        return self._shown_media(id, 206 if self.media[id]["left"] else 200)

    def _shown_media(self, id: str, status: int) -> Answer:
        url = None if status != 200 else f"{self.url}/media/{id}"
        told = {"id": id, "type": "image", "url": url, "description": self.media[id]["description"]}
        return Answer(status, told)

    def _say(self, request: Request) -> Answer:
        said = request.json or _listed(dict(request.form))
        key = request.headers.get("idempotency-key", "")
        with self.lock:
            if key and key in self.keys and self.keys[key] in self.statuses:
                return Answer(200, self._shown(self.statuses[self.keys[key]]))
            wrong = self._wrong(said, _STATUS)
            if wrong:
                return wrong
            id = str(next(self.numbers))
            self.statuses[id] = {
                "id": id,
                "text": said["status"],
                "media": said.get("media_ids", []),
                "in_reply_to_id": said.get("in_reply_to_id"),
                "visibility": said.get("visibility", "public"),
                "language": said.get("language"),
                "at": BEGINNING + timedelta(minutes=self.minutes * (len(self.statuses) + 1)),
            }
            for one in said.get("media_ids", []):
                self.media[one]["status"] = id
            if key:
                self.keys[key] = id
            self.accept(id, self.statuses[id])
        return Answer(200, self._shown(self.statuses[id]))

    def _wrong(self, said: dict[str, Any], known: set[str], mine: str = "") -> Answer | None:
        text, media = said.get("status", ""), said.get("media_ids", [])
        if set(said) - known:
            return _no(422, f"Unknown parameter {min(set(said) - known)}")
        if not text and not media:
            return _no(422, "Validation failed: Text can't be blank")
        counted = _MENTION.sub(r"@\1", _LINK.sub("x" * 23, text))
        if len(regex.findall(r"\X", counted)) > self.most:
            return _no(422, f"Validation failed: Text character limit of {self.most} exceeded")
        if len(media) > 4:
            return _no(422, "Cannot attach more than 4 files")
        if said.get("visibility", "public") not in ("public", "unlisted", "private", "direct"):
            return _no(422, "Validation failed: Visibility is not included in the list")
        if not re.fullmatch(r"[a-z]{2,3}", said.get("language") or "en"):
            return _no(422, "Validation failed: Language is invalid")
        for one in media:
            if one not in self.media or self.media[one]["status"] not in (None, mine):
                return _no(422, "Media was already attached or is not there")
            if self.media[one]["left"]:
                return _no(
                    422, "Cannot attach files that have not finished processing. Try again in a moment!"
                )
        parent = said.get("in_reply_to_id")
        return _no(404, "Record not found") if parent and parent not in self.statuses else None

    def _one(self, request: Request, method: str, id: str) -> Answer:
        status = self.statuses.get(id)
        if status is None:
            return _no(404, "Record not found")
        if method == "DELETE":
            del self.statuses[id]
            if request.query.get("delete_media") == "true":
                for one in status["media"]:
                    self.media.pop(one, None)
        if method == "PUT":
            said = request.json
            wrong = self._wrong(said, _EDIT, mine=id)
            if wrong:
                return wrong
            status |= {"text": said["status"], "media": said.get("media_ids", []), "edited": True}
            for one in said.get("media_attributes", []):
                self.media[one["id"]]["description"] = one["description"]
        return Answer(200, self._shown(status))

    def _several(self, request: Request) -> Answer:
        if self.is_older:
            return _no(404, "Record not found")
        wanted = request.several("id[]")
        if len(wanted) > 20:
            return _no(422, "Too many statuses")
        return Answer(200, [self._shown(self.statuses[one]) for one in wanted if one in self.statuses])

    def _own(self, request: Request) -> Answer:
        before = int(request.query.get("max_id", 10**9))
        wanted = [one for one in reversed(self.statuses.values()) if int(one["id"]) < before]
        return Answer(200, [self._shown(one) for one in wanted[: int(request.query.get("limit", 20))]])

    def _shown(self, status: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": status["id"],
            "url": f"{self.url}/@mast/{status['id']}",
            "uri": f"{self.url}/users/mast/statuses/{status['id']}",
            "content": _as_html(status["text"]),
            "in_reply_to_id": status["in_reply_to_id"],
            "created_at": status["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "visibility": status["visibility"],
            "media_attachments": [{"id": one, "type": "image"} for one in status["media"]],
            "replies_count": 2,
            "reblogs_count": 0,
            "favourites_count": 5,
            **self.figures.get(status["id"], {}),
        }


def _as_html(text: str) -> str:
    """Links are shown shortened, mentions without their server, as Mastodon does."""

    def link(found: re.Match[str]) -> str:
        shown = found[0].partition("://")[2]
        return (
            f'<a href="{found[0]}" target="_blank"><span class="invisible">https://</span>'
            f'<span class="ellipsis">{shown[:30]}</span><span class="invisible">{shown[30:]}</span></a>'
        )

    said = _LINK.sub(link, html.escape(text, quote=False))
    said = _MENTION.sub(
        r'<span class="h-card"><a href="https://x.test/@\1">@<span>\1</span></a></span>', said
    )
    return "<p>" + said.replace("\n\n", "</p><p>").replace("\n", "<br />") + "</p>"


def _listed(form: dict[str, Any]) -> dict[str, Any]:
    if "media_ids[]" in form:
        form["media_ids"] = [form.pop("media_ids[]")]
    return form


def _no(status: int, error: str) -> Answer:
    return Answer(status, {"error": error})
