"""A server of the AT Protocol, with the rules and words that a real one gave (`tests/peers` asks a real one the same)."""

import hashlib
import json
import re
from typing import Any

import regex

from tests.networks import Answer, Network, Request

HANDLE, PASSWORD, DID = "mast.test", "abcd-efgh-ijkl-mnop", "did:plc:abcdefghijklmnopqrstuvwx"
OTHER = ("mara.test", "did:plc:zyxwvutsrqponmlkjihgfedc")
COLLECTION = "app.bsky.feed.post"
_KEY = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_RECORD = {"$type", "text", "createdAt", "langs", "facets", "embed", "reply", "tags"}


class BlueskyServer(Network):
    """One account, and the app view that counts for it."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions = 0
        self.access, self.refresh = "access-0", "refresh-0"
        self.ended: set[str] = set()  # tokens
        self.records: dict[str, dict[str, Any]] = {}  # by rkey: value and cid
        self.blobs: dict[str, bytes] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.is_taken_down = False

    def texts(self) -> list[str]:
        """What readers see, in the order it was written."""
        return [one["value"]["text"] for one in self.records.values()]

    def answer(self, request: Request) -> Answer:
        """By the name of the call."""
        name = request.path.removeprefix("/xrpc/")
        open_to_all = {
            "com.atproto.server.createSession": self._log_in,
            "com.atproto.server.refreshSession": self._refresh,
            "app.bsky.feed.getPosts": self._counted,
            "app.bsky.actor.getProfile": self._profile,
        }
        if name in open_to_all:
            return open_to_all[name](request)
        refused = self._wrong_token(request, self.access)
        if refused:
            return refused
        calls = {
            "com.atproto.repo.putRecord": self._put,
            "com.atproto.repo.getRecord": self._get,
            "com.atproto.repo.deleteRecord": self._delete,
            "com.atproto.repo.uploadBlob": self._upload,
            "com.atproto.identity.resolveHandle": self._resolve,
        }
        return calls[name](request) if name in calls else _no(404, "MethodNotImplemented", name)

    def _wrong_token(self, request: Request, wanted: str) -> Answer | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return _no(401, "AuthMissing", "Authentication Required")
        if token in self.ended:
            return _no(400, "ExpiredToken", "Token has expired")
        return None if token == wanted else _no(400, "InvalidToken", "Token could not be verified")

    def _log_in(self, request: Request) -> Answer:
        if request.json != {"identifier": HANDLE, "password": PASSWORD}:
            return _no(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _refresh(self, request: Request) -> Answer:
        return self._wrong_token(request, self.refresh) or self._session()

    def _session(self) -> Answer:
        with self.lock:
            self.sessions += 1
            self.ended |= {self.access, self.refresh}  # a token is renewed once
            self.access, self.refresh = f"access-{self.sessions}", f"refresh-{self.sessions}"
        told = {"accessJwt": self.access, "refreshJwt": self.refresh, "handle": HANDLE, "did": DID}
        return Answer(200, told | {"active": True})

    def _put(self, request: Request) -> Answer:
        said = request.json
        if self.is_taken_down:
            return _no(401, "AccountTakedown", "Account has been taken down")
        if said["repo"] not in (HANDLE, DID) or said["collection"] != COLLECTION:
            return _no(400, "InvalidRequest", "Could not find repo")
        if not _KEY.fullmatch(said["rkey"]):
            return _no(400, "InvalidRequest", "Invalid record key")
        wrong = self._wrong_record(said["record"])
        if wrong:
            return _no(400, "InvalidRequest", f"Invalid {COLLECTION} record: {wrong}")
        with self.lock:
            there = self.records.get(said["rkey"])
            cid = "bafy" + hashlib.sha256(json.dumps(said["record"]).encode()).hexdigest()[:40]
            if there and there["cid"] == cid:
                return Answer(200, {"uri": _uri(said["rkey"]), "cid": cid})
            if "swapRecord" in said and said["swapRecord"] != (there and there["cid"]):
                return _no(400, "InvalidSwap", f"Record was at {there and there['cid']}")
            self.records[said["rkey"]] = {"value": said["record"], "cid": cid}
            if there is None:
                self.accept(said["rkey"], said["record"])
        return Answer(200, {"uri": _uri(said["rkey"]), "cid": cid})

    def _wrong_record(self, record: dict[str, Any]) -> str:
        if set(record) - _RECORD or record["$type"] != COLLECTION:
            return f"unknown field {set(record) - _RECORD}"
        text = record["text"]
        graphemes = len(regex.findall(r"\X", text))
        if graphemes > 300:
            return f"Record/text grapheme too big (maximum 300, got {graphemes})"
        if len(text.encode()) > 3000:
            return f"Record/text string too big (maximum 3000, got {len(text.encode())})"
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", record["createdAt"]):
            return "Record/createdAt must be an valid atproto datetime"
        at = 0
        for one in record.get("facets", []):
            start, end = one["index"]["byteStart"], one["index"]["byteEnd"]
            if not at <= start < end <= len(text.encode()):
                return "facets overlap, or end after the text"
            text.encode()[start:end].decode()  # raises inside a character
            at = end
        return self._wrong_embed(record.get("embed"))

    def _wrong_embed(self, embed: dict[str, Any] | None) -> str:
        if embed is None:
            return ""
        if embed["$type"] == "app.bsky.embed.external":
            found = [embed["external"]["thumb"]] if "thumb" in embed["external"] else []
        else:
            if len(embed["images"]) > 4:
                return "Record/embed/images array too big (maximum 4)"
            if any("alt" not in one or min(one["aspectRatio"].values()) < 1 for one in embed["images"]):
                return "Record/embed/images/0 must have the property alt"
            found = [one["image"] for one in embed["images"]]
        for blob in found:
            if blob["ref"]["$link"] not in self.blobs:
                return "Could not find blob"
            if len(self.blobs[blob["ref"]["$link"]]) > 1_000_000:
                return "blob too big (maximum 1000000)"
        return ""

    def _get(self, request: Request) -> Answer:
        there = self.records.get(request.query["rkey"])
        if there is None:
            return _no(400, "RecordNotFound", f"Could not locate record: {_uri(request.query['rkey'])}")
        return Answer(200, {"uri": _uri(request.query["rkey"]), **there})

    def _delete(self, request: Request) -> Answer:
        self.records.pop(request.json["rkey"], None)
        return Answer(200, {})

    def _upload(self, request: Request) -> Answer:
        if len(request.body) > 5 * 1024 * 1024:
            return _no(413, "PayloadTooLarge", "request entity too large")
        link = "bafk" + hashlib.sha256(request.body).hexdigest()[:40]
        self.blobs[link] = request.body
        mime = request.headers["content-type"]
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(request.body)}
        return Answer(200, {"blob": blob})

    def _resolve(self, request: Request) -> Answer:
        if request.query["handle"] == OTHER[0]:
            return Answer(200, {"did": OTHER[1]})
        return _no(400, "InvalidRequest", "Unable to resolve handle")

    def _profile(self, request: Request) -> Answer:
        if request.query["actor"] != HANDLE:
            return _no(400, "InvalidRequest", PROFILE_OF_NOBODY)
        return Answer(200, {"handle": HANDLE, "followersCount": 1204})

    def _counted(self, request: Request) -> Answer:
        posts = [{"uri": uri, **told} for uri, told in self.counts.items() if uri in request.several("uris")]
        return Answer(200, {"posts": posts})


PROFILE_OF_NOBODY = "Profile not found"


def _uri(key: str) -> str:
    return f"at://{DID}/{COLLECTION}/{key}"


def _no(status: int, error: str, message: str) -> Answer:
    return Answer(status, {"error": error, "message": message})
