"""The REST API of WordPress 6, with the answers that a real one gave (`tests/peers` asks a real one the same)."""

import base64
import itertools
from typing import Any

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

USER, PASSWORD = "mara", "abcd EFGH ijkl MNOP qrst UVWX"
_POST = {"title", "content", "excerpt", "slug", "status", "categories", "tags", "featured_media"}


class WordPressSite(Network):
    """One site with one author."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(10)
        self.posts: dict[int, dict[str, Any]] = {}
        self.media: dict[int, dict[str, Any]] = {}
        self.terms: dict[str, dict[int, str]] = {"tags": {3: "Sea"}, "categories": {1: "Uncategorized"}}
        self.comments: dict[int, int] = {}
        self.able = {"publish_posts": True, "upload_files": True, "edit_posts": True}

    def answer(self, request: Request) -> Answer:
        """By route, as `?rest_route=` names it."""
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return _no(401, "rest_not_logged_in", "You are not currently logged in.")
        route = request.query.get("rest_route", "")
        if request.path != "/" or not route.startswith("/"):
            return Answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})
        if route == "/":
            return Answer(200, {"name": "Mast and sail", "home": self.url})
        kind, _slash, id = route.removeprefix("/wp/v2/").partition("/")
        known = {"posts": self._posts, "media": self._media, "comments": self._comments, "users": self._me}
        if kind in self.terms:
            return self._terms(request, kind)
        return (
            known[kind](request, id)
            if kind in known
            else _no(404, "rest_no_route", "No route was found matching the URL and request method.")
        )

    def visible(self) -> list[dict[str, Any]]:
        """What readers see."""
        return [one for one in self.posts.values() if one["status"] == "publish"]

    def _me(self, request: Request, id: str) -> Answer:
        return Answer(200, {"id": 2, "name": "Mara", "capabilities": self.able})

    def _posts(self, request: Request, id: str) -> Answer:
        if not id:
            return self._listed(request) if request.method == "GET" else self._created(request)
        post = self.posts.get(int(id))
        if post is None:
            return _no(404, "rest_post_invalid_id", "Invalid post ID.")
        if request.method == "DELETE":
            if request.query.get("force") == "true":
                del self.posts[int(id)]
            elif post["status"] == "trash":
                return _no(410, "rest_already_trashed", "The post has already been deleted.")
            else:
                post |= {"status": "trash", "slug": post["slug"] + "__trashed"}
            return Answer(200, self._shown(post))
        wrong = _wrong(request.json)
        if wrong:
            return wrong
        post |= request.json
        return Answer(200, self._shown(post))

    def _listed(self, request: Request) -> Answer:
        wanted = [
            self._shown(one)
            for one in self.posts.values()
            if one["slug"] == request.query.get("slug") and one["status"] != "trash"
        ]
        return Answer(200, wanted)

    def _created(self, request: Request) -> Answer:
        said = request.json
        wrong = _wrong(said)
        if wrong:
            return wrong
        if said["status"] == "publish" and not self.able["publish_posts"]:
            return _no(
                403, "rest_cannot_publish", "Sorry, you are not allowed to publish posts in this post type."
            )
        with self.lock:
            id = next(self.numbers)
            slug, taken = said["slug"], {one["slug"] for one in self.posts.values()}
            while slug in taken:
                slug = f"{said['slug']}-2"
            self.posts[id] = {**said, "id": id, "slug": slug}
            self.accept(slug, said)
        return Answer(201, self._shown(self.posts[id]))

    def _shown(self, post: dict[str, Any]) -> dict[str, Any]:
        return post | {"link": f"{self.url}/{post['slug']}/", "content": {"raw": post["content"]}}

    def _media(self, request: Request, id: str) -> Answer:
        fields, files = read_form(request)
        name, mime, content = files["file"]
        if not mime.startswith("image/"):
            said = "Sorry, you are not allowed to upload this file type."
            return _no(500, "rest_upload_sideload_error", said)
        made = next(self.numbers)
        self.media[made] = {**fields, "name": name, "content": content}
        return Answer(201, {"id": made, "source_url": f"{self.url}/uploads/{name}"})

    def _terms(self, request: Request, kind: str) -> Answer:
        terms = self.terms[kind]
        if request.method == "GET":
            wanted = request.query["search"].lower()
            return Answer(
                200, [{"id": id, "name": name} for id, name in terms.items() if wanted in name.lower()]
            )
        name = request.json["name"]
        if kind == "categories":
            return _no(
                403, "rest_cannot_create", "Sorry, you are not allowed to create terms in this taxonomy."
            )
        for id, known in terms.items():
            if known.lower() == name.lower():
                said = "A term with the name provided already exists in this taxonomy."
                return _no(400, "term_exists", said, term_id=id)
        id = next(self.numbers)
        terms[id] = name
        return Answer(201, {"id": id, "name": name})

    def _comments(self, request: Request, id: str) -> Answer:
        if request.method == "GET":
            return Answer(200, [], {"X-WP-Total": str(self.comments.get(int(request.query["post"]), 0))})
        return _no(404, "rest_no_route", "No route")


def _wrong(said: Any) -> Answer | None:
    if set(said) - _POST:
        return _no(400, "rest_invalid_param", f"Invalid parameter(s): {min(set(said) - _POST)}")
    for name in ("tags", "categories"):
        if not all(isinstance(one, int) for one in said.get(name, [])):
            return _no(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return None


def _no(status: int, code: str, message: str, **data: Any) -> Answer:
    return Answer(status, {"code": code, "message": message, "data": {"status": status, **data}})
