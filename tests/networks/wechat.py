"""WeChat's interface for official accounts: tokens, pictures, drafts, publishing. It answers 200 whatever happens."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

APPID = "wx6f1d3c2b9a8e7f05"
SECRET = "0c79e1fa963cd80cc0be99b20a18faeb"
_LASTS = 7200  # seconds of a token
_EARLY = 300  # before its end there is a new one
_ARTICLE = {
    *("article_type", "title", "author", "digest", "content", "content_source_url", "thumb_media_id"),
    *("need_open_comment", "only_fans_can_comment"),
}
_IMAGE = re.compile(r'<img[^>]*src="(?!https://mmbiz\.qpic\.cn/)[^>]*>')


class WeChatServer(Network):
    """One account. `ledger_of` says what counts as seen: drafts, where people send them, or published articles."""

    def __init__(self, *, now: datetime, ledger_of: str = "drafts") -> None:
        super().__init__()
        self.now = now
        self.ledger_of = ledger_of
        self.knows_us = True  # our address is on its list
        self.may_publish = True
        self.is_slow = False  # in publishing
        self.drafts: dict[str, dict[str, Any]] = {}
        self.articles: dict[str, dict[str, Any]] = {}
        self.materials: set[str] = set()
        self.read: dict[str, dict[str, list[dict[str, Any]]]] = {}  # by day of publication and msgid
        self.status = 0  # what becomes of a publication
        self.forced: list[datetime] = []
        self._tokens: list[tuple[str, datetime]] = []
        self._refused = ""
        self._publications: dict[str, str] = {}

    def end_token(self, *, everywhere: bool = True) -> None:
        """The token is refused from now on; unless `everywhere`, the giver of tokens does not know it."""
        with self.lock:
            token, _ends = self._tokens[-1]
            self._refused = token
            if everywhere:
                self._tokens[-1] = (token, self.now)

    def answer(self, request: Request) -> Answer:
        """As the interface does."""
        path = request.path.removeprefix("/cgi-bin/")
        if path == "stable_token":
            return self._token(request)
        if not self._is_valid(request.query.get("access_token", "")):
            return _no(40001, "invalid credential, access_token is invalid or not latest")
        known = {
            "media/uploadimg": self._uploadimg,
            "material/add_material": self._add_material,
            "draft/add": self._draft_add,
            "draft/count": lambda one: Answer(200, {"total_count": len(self.drafts)}),
            "draft/batchget": self._draft_list,
            "draft/update": self._draft_update,
            "draft/delete": self._draft_delete,
            "freepublish/submit": self._submit,
            "freepublish/get": self._get,
            "freepublish/batchget": self._article_list,
            "freepublish/delete": self._article_delete,
            "/datacube/getarticletotaldetail": self._figures,
        }
        if path not in known:
            return _no(43002, "require POST method")
        if path.startswith(("freepublish/", "/datacube/")) and not self.may_publish:
            return _no(48001, "api unauthorized")
        return known[path](request)

    def _token(self, request: Request) -> Answer:
        said = request.json
        if set(said) != {"grant_type", "appid", "secret", "force_refresh"} or not isinstance(
            said["force_refresh"], bool
        ):
            return _no(47001, "data format error")
        if said["appid"] != APPID:
            return _no(40013, "invalid appid")
        if said["secret"] != SECRET:
            return _no(40125, "invalid appsecret")
        if not self.knows_us:
            return _no(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist")
        with self.lock:
            if said["force_refresh"]:
                if len(self.forced) >= 20:
                    return _no(45009, "reach max api daily quota limit")
                if self.forced and self.now - self.forced[-1] < timedelta(seconds=30):
                    return _no(45011, "api minute-quota reach limit, must slower")
                self.forced.append(self.now)
            last = self._tokens[-1] if self._tokens and not said["force_refresh"] else ("", self.now)
            if (last[1] - self.now).total_seconds() <= _EARLY:
                last = (f"81_{len(self._tokens):02d}" + "kT" * 60, self.now + timedelta(seconds=_LASTS))
                self._tokens.append(last)
            token, ends = last
        return Answer(200, {"access_token": token, "expires_in": int((ends - self.now).total_seconds())})

    def _is_valid(self, token: str) -> bool:
        return token != self._refused and any(one == token and ends > self.now for one, ends in self._tokens)

    def _uploadimg(self, request: Request) -> Answer:
        _fields, files = read_form(request)
        if set(files) != {"media"}:
            return _no(41005, "media data missing")
        _name, kind, content = files["media"]
        if kind not in ("image/jpeg", "image/png"):
            return _no(40005, "invalid file type")
        if len(content) >= 1024 * 1024:
            return _no(40009, "invalid image size")
        return Answer(200, {"url": f"https://mmbiz.qpic.cn/mmbiz_png/{len(content)}/0?from=appmsg&wx=1"})

    def _add_material(self, request: Request) -> Answer:
        _fields, files = read_form(request)
        if request.query.get("type") != "image" or set(files) != {"media"}:
            return _no(40004, "invalid media type")
        if len(files["media"][2]) > 10 * 1024 * 1024:
            return _no(40009, "invalid image size")
        with self.lock:
            id = f"material_{len(self.materials)}"
            self.materials.add(id)
        return Answer(200, {"media_id": id, "url": f"https://mmbiz.qpic.cn/{id}"})

    def _draft_add(self, request: Request) -> Answer:
        said = _as_shown(request)
        wrong = (
            self._wrong(said["articles"][0])
            if len(said.get("articles", [])) == 1
            else _no(47001, "data format error")
        )
        if wrong:
            return wrong
        with self.lock:
            id = f"draft_{len(self.drafts) + len(self.articles)}"
            self.drafts[id] = _kept(said["articles"][0])
            if self.ledger_of == "drafts":
                self.accept(id, self.drafts[id])
        return Answer(200, {"media_id": id})

    def _draft_update(self, request: Request) -> Answer:
        said = _as_shown(request)
        if said["media_id"] not in self.drafts:
            return _no(40007, "invalid media_id")
        wrong = self._wrong(said["articles"])
        if wrong is None:
            self.drafts[said["media_id"]] = _kept(said["articles"])
        return wrong or _no(0, "ok")

    def _wrong(self, article: dict[str, Any]) -> Answer | None:
        if set(article) - _ARTICLE:
            return _no(47001, "data format error")
        if not article["title"] or len(article["title"]) > 32:
            return _no(45003, "title size out of limit")
        if len(article.get("author", "")) > 16:
            return _no(45110, "author size out of limit")
        if len(article.get("digest", "")) > 128:
            return _no(45004, "description size out of limit")
        if len(article["content"]) >= 20_000 or len(article["content"].encode()) >= 1_000_000:
            return _no(45002, "content size out of limit")
        if "<script" in article["content"]:
            return _no(45166, "invalid content")
        if article["thumb_media_id"] not in self.materials:
            return _no(40007, "invalid media_id")
        return None

    def _draft_list(self, request: Request) -> Answer:
        return _page(
            request, [{"media_id": id, "content": {"news_item": [one]}} for id, one in self.drafts.items()]
        )

    def _draft_delete(self, request: Request) -> Answer:
        return (
            _no(0, "ok")
            if self.drafts.pop(request.json["media_id"], None)
            else _no(40007, "invalid media_id")
        )

    def _submit(self, request: Request) -> Answer:
        with self.lock:
            draft = self.drafts.get(request.json["media_id"])
            if draft is None:
                return _no(40007, "invalid media_id")
            if self.status:
                return Answer(
                    200, {"errcode": 0, "errmsg": "ok", "publish_id": "100000000", "msg_data_id": "1"}
                )
            publication = f"1000000{len(self._publications):02d}"
            self._publications[publication] = request.json["media_id"]
            if not self.is_slow:
                self.finish()
        return Answer(
            200, {"errcode": 0, "errmsg": "ok", "publish_id": publication, "msg_data_id": "2247483650"}
        )

    def finish(self) -> None:
        """Publish what waits. Its drafts disappear."""
        with self.lock:
            for publication, media_id in self._publications.items():
                if media_id in self.drafts:
                    id = f"article_{publication}"
                    article = self.drafts.pop(media_id)
                    self.articles[id] = {**article, "url": f"https://mp.weixin.qq.com/s/{publication}"}
                    if self.ledger_of == "articles":
                        self.accept(id, article)

    def _get(self, request: Request) -> Answer:
        publication = request.json["publish_id"]
        if self.status:
            return Answer(200, {"publish_id": publication, "publish_status": self.status, "fail_idx": [1]})
        id = f"article_{publication}"
        if id not in self.articles:
            return Answer(200, {"publish_id": publication, "publish_status": 1})
        detail = {"count": 1, "item": [{"idx": 1, "article_url": self.articles[id]["url"]}]}
        return Answer(
            200, {"publish_id": publication, "publish_status": 0, "article_id": id, "article_detail": detail}
        )

    def _article_list(self, request: Request) -> Answer:
        return _page(
            request,
            [{"article_id": id, "content": {"news_item": [one]}} for id, one in self.articles.items()],
        )

    def _figures(self, request: Request) -> Answer:
        """Of one day, which is over in Beijing: everything that was published on it, with a line for each day since."""
        said, yesterday = request.json, (self.now + timedelta(hours=8 - 24)).date().isoformat()
        if set(said) != {"begin_date", "end_date"} or said["begin_date"] != said["end_date"]:
            return _no(61501, "date range error")
        if said["end_date"] > yesterday:
            return _no(61500, "date format error")
        told = [
            {"ref_date": said["end_date"], "msgid": msgid, "publish_type": 1, "detail_list": lines}
            for msgid, lines in self.read.get(said["end_date"], {}).items()
        ]
        return Answer(200, {"list": told, "is_delay": False})

    def _article_delete(self, request: Request) -> Answer:
        if self.articles.pop(request.json["article_id"], None):
            return _no(0, "ok")
        return _no(53600, "invalid article id")


def _as_shown(request: Request) -> dict[str, Any]:
    """WeChat takes letters as they come: `\\u4f60` stays six signs."""
    shown: dict[str, Any] = json.loads(request.body.replace(b"\\u", b"\\\\u"))
    return shown


def _kept(article: dict[str, Any]) -> dict[str, Any]:
    """Pictures of other places are taken out."""
    return article | {"content": _IMAGE.sub("", article["content"])}


def _page(request: Request, found: list[dict[str, Any]]) -> Answer:
    said = request.json
    if not 1 <= said["count"] <= 20:
        return _no(40097, "invalid args")
    newest = found[::-1][said["offset"] : said["offset"] + said["count"]]
    return Answer(200, {"total_count": len(found), "item_count": len(newest), "item": newest})


def _no(code: int, words: str) -> Answer:
    return Answer(
        200, {"errcode": code, "errmsg": words + (" rid: 65c1a2b3-1f2e3d4c-5b6a7988" if code else "")}
    )
