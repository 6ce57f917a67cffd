"""Sina Weibo's API 2: its rules of sharing, its numbers, and its habit of rewriting addresses."""

import math
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

TOKEN = "2.00Zq8xLBmT4kPdf0a9c1b7e3nWvYrC"
DOMAIN = "example.com"
UID = "1740329954"
_LINK = re.compile(r"https?://[^\s，。]+")
_BEIJING = timezone(timedelta(hours=8))


class WeiboServer(Network):
    """One account of one application with one safe domain."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.domain = DOMAIN
        self.posts: list[dict[str, Any]] = []
        self.shows_late = False  # takes a post, and shows it later
        self.refuses_repeats = True
        self.may_destroy = True
        self.left = 86_400  # seconds of the token

    def answer(self, request: Request) -> Answer:
        """As the API does; errors come with 400 or 403."""
        fields, files = read_form(request)
        said = {**request.query, **fields}
        if said.pop("access_token", None) != TOKEN:
            return self._no(request, 21332, "invalid_access_token", 400)
        known = {
            "/oauth2/get_token_info": self._token_info,
            "/2/users/show.json": self._show,
            "/2/statuses/share.json": self._share,
            "/2/statuses/user_timeline.json": self._timeline,
            "/2/statuses/destroy.json": self._destroy,
            "/2/statuses/count.json": self._count,
        }
        if request.path not in known:
            return self._no(request, 10020, "Request api not found!", 404)
        return known[request.path](request, said, files)

    def _token_info(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        told = {"uid": int(UID), "appkey": "1740329954", "create_at": 1, "expire_in": self.left}
        return Answer(200, told)

    def _show(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        return Answer(200, {"idstr": UID, "screen_name": "海岸与桅杆"})

    def _share(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        wrong = self._wrong(request, said, files)
        if wrong:
            return wrong
        text = _LINK.sub("http://t.cn/A6xLZq8m", said["status"])
        with self.lock:
            if self.refuses_repeats and any(one["text"] == text for one in self.posts):
                return self._no(request, 20019, "repeat content!", 400)
            id = str(5_100_000_000_000_000 + len(self.posts))
            at = self.now.astimezone(_BEIJING).strftime("%a %b %d %H:%M:%S +0800 %Y")
            post = {"idstr": id, "id": int(id), "text": text, "created_at": at, "user": {"idstr": UID}}
            self.posts.append(post)
            self.accept(id, said | {"files": files})
        if self.shows_late:
            return self._no(
                request, 20032, "Update success, while server slow now, please wait 1-2 minutes!", 400
            )
        return Answer(200, post)

    def _wrong(self, request: Request, said: dict[str, str], files: dict[str, Any]) -> Answer | None:
        if set(said) - {"status", "rip"} or set(files) - {"pic"}:
            return self._no(request, 10008, "param error, see doc for more info", 400)
        if not said.get("rip"):
            return self._no(request, 10016, "miss required parameter (rip), see doc for more info", 400)
        if not said.get("status"):
            return self._no(request, 20008, "content is null!", 400)
        if math.ceil(sum(0.5 if ord(one) < 128 else 1 for one in said["status"])) > 140:
            return self._no(request, 20012, "text too long, please input text less than 140 characters!", 400)
        if re.search("#[^#]*#", said["status"]):
            return self._no(request, 10017, "parameter (status)'s value invalid, topics are not allowed", 400)
        hosts = [one.split("/")[2] for one in _LINK.findall(said["status"])]
        if not any(one == self.domain or one.endswith("." + self.domain) for one in hosts):
            return self._no(
                request, 10017, "parameter (status)'s value invalid, no url of the safe domain", 400
            )
        for _name, kind, content in files.values():
            if kind not in ("image/jpeg", "image/gif", "image/png"):
                return self._no(request, 20005, "unsupported image type, only suport JPG, GIF, PNG!", 400)
            if len(content) > 5_000_000:
                return self._no(request, 20006, "image size too large!", 400)
        return None

    def _timeline(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        return Answer(200, {"statuses": [] if self.shows_late else self.posts[::-1]})

    def _destroy(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        if not self.may_destroy:
            return self._no(request, 10014, "The requested api is denied, need higher permission", 403)
        found = [one for one in self.posts if one["idstr"] == said["id"]]
        if not found:
            return self._no(request, 20101, "target weibo does not exist!", 400)
        self.posts.remove(found[0])
        return Answer(200, found[0])

    def _count(self, request: Request, said: dict[str, str], files: Any) -> Answer:
        ids = said["ids"].split(",")
        if len(ids) > 100:
            return self._no(request, 10008, "param error, see doc for more info", 400)
        known = {one["idstr"] for one in self.posts}
        counted = [
            {"id": int(one), "reposts": 2, "comments": 1, "attitudes": 5} for one in ids if one in known
        ]
        return Answer(200, counted)

    def _no(self, request: Request, code: int, words: str, status: int) -> Answer:
        return Answer(status, {"error": words, "error_code": code, "request": request.path})
