"""The Admin API of Ghost 6, with the answers its documentation and a real one gave."""

import itertools
import json
import re
from typing import Any

import jwt

from tests.networks import Answer, Network, Request
from tests.networks.forms import read_form

ID, SECRET = "6489a1b2c3d4e5f6a7b8c9d0", "1f" * 32
KEY = f"{ID}:{SECRET}"
_POST = {
    "title",
    "html",
    "status",
    "slug",
    "canonical_url",
    "custom_excerpt",
    "tags",
    "feature_image",
    "feature_image_alt",
    "updated_at",
    "codeinjection_foot",
}
_COMMENT = re.compile(r"<!--(?!kg-card).*?-->")


class GhostSite(Network):
    """One site with one integration."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = itertools.count(1)
        self.posts: dict[str, dict[str, Any]] = {}
        self.images: list[str] = []
        self.letters: dict[str, dict[str, Any]] = {}
        self.is_being_edited = 0  # so many times somebody else is faster

    def visible(self) -> list[dict[str, Any]]:
        """What readers see."""
        return [one for one in self.posts.values() if one["status"] == "published"]

    def answer(self, request: Request) -> Answer:
        """By path, after the token."""
        route = request.path.removeprefix("/ghost/api/admin/")
        if route == request.path or not route.endswith("/"):
            return Answer(404, b"<html>404</html>", {"Content-Type": "text/html"})
        if route == "site/":
            return Answer(200, {"site": {"title": "Mast and sail", "url": self.url, "version": "6.65"}})
        refused = _wrong_token(request)
        if refused:
            return refused
        if route == "images/upload/":
            return self._image(request)
        id = route.removeprefix("posts/").rstrip("/")
        if request.method == "POST":
            return self._created(request)
        if route == "posts/":
            return Answer(200, {"posts": []})
        return self._one(request, id)

    def _one(self, request: Request, id: str) -> Answer:
        if id.startswith("slug/"):
            wanted = id.removeprefix("slug/")
            found = next((one for one in self.posts.values() if one["slug"] == wanted), None)
        else:
            found = self.posts.get(id)
        if found is None:
            return _no(404, "NotFoundError", "Resource not found error, cannot read post.", "Post not found.")
        if request.method == "DELETE":
            del self.posts[found["id"]]
            return Answer(204, b"")
        if request.method == "PUT":
            return self._changed(request, found)
        letters = {"email": self.letters.get(found["id"])} if request.query.get("include") == "email" else {}
        return self._shown(found | letters)

    def _created(self, request: Request) -> Answer:
        said = request.json["posts"][0]
        wrong = _wrong(said, request)
        if wrong:
            return wrong
        with self.lock:
            id, slug = f"64{next(self.numbers):022d}", said["slug"]
            while slug in {one["slug"] for one in self.posts.values()}:
                slug += "-2"
            said["html"] = _COMMENT.sub("", said["html"])
            self.posts[id] = {**said, "id": id, "slug": slug, "updated_at": "2026-11-21T12:00:00.000Z"}
            self.accept(slug, said)
        return self._shown(self.posts[id], 201)

    def _changed(self, request: Request, post: dict[str, Any]) -> Answer:
        said = request.json["posts"][0]
        wrong = _wrong(said, request)
        if wrong:
            return wrong
        if "updated_at" not in said:
            return _no(
                422, "ValidationError", "Validation error, cannot edit post.", "updated_at is required"
            )
        if self.is_being_edited:
            self.is_being_edited -= 1
            post["updated_at"] = f"2026-11-21T12:30:0{self.is_being_edited}.000Z"
        if said["updated_at"] != post["updated_at"]:
            said = "Saving failed! Someone else is editing this post."
            return _no(409, "UpdateCollisionError", said, code="UPDATE_COLLISION")
        post |= said | {"updated_at": "2026-11-21T13:00:00.000Z"}
        return self._shown(post)

    def _image(self, request: Request) -> Answer:
        _fields, files = read_form(request)
        name, mime, _content = files["file"]
        if mime not in ("image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"):
            return _no(415, "UnsupportedMediaTypeError", "Please select a valid image.")
        self.images.append(name)
        return Answer(201, {"images": [{"url": f"{self.url}/content/images/{name}", "ref": None}]})

    def _shown(self, post: dict[str, Any], status: int = 200) -> Answer:
        return Answer(status, {"posts": [post | {"url": f"{self.url}/{post['slug']}/"}]})


def _wrong_token(request: Request) -> Answer | None:
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    if kind != "Ghost" or request.headers.get("accept-version") != "v6.0":
        return _no(403, "NoPermissionError", "Authorization failed")
    if jwt.get_unverified_header(token).get("kid") != ID:
        return _no(401, "UnauthorizedError", "Unknown Admin API Key", code="UNKNOWN_ADMIN_API_KEY")
    try:  # tests stop our clock, not the library's
        options = {"verify_exp": False, "verify_iat": False}
        claims = jwt.decode(
            token, bytes.fromhex(SECRET), algorithms=["HS256"], audience="/admin/", options=options
        )
    except jwt.InvalidTokenError as error:
        return _no(401, "UnauthorizedError", f"Invalid token: {error}", code="INVALID_JWT")
    if not 0 < claims["exp"] - claims["iat"] <= 300:
        return _no(401, "UnauthorizedError", "Invalid token: maxAge exceeded", code="INVALID_JWT")
    return None


def _wrong(said: dict[str, Any], request: Request) -> Answer | None:
    problem = ""
    if request.query.get("source") != "html":
        problem = "html without source=html is dropped"
    elif set(said) - _POST:
        problem = f"unknown field {min(set(said) - _POST)}"
    elif len(said["title"]) > 255:
        problem = "Value in [posts.title] exceeds maximum length of 255 characters."
    elif len(said.get("feature_image_alt") or "") > 191:
        problem = "Value in [post_revisions.feature_image_alt] exceeds maximum length of 191 characters."
    elif len(said["custom_excerpt"] or "") > 300:
        problem = "Value in [posts.custom_excerpt] exceeds maximum length of 300 characters."
    elif not all(set(one) == {"name"} for one in said["tags"]):
        problem = json.dumps(said["tags"])
    return _no(422, "ValidationError", "Validation error, cannot save post.", problem) if problem else None


def _no(
    status: int, type: str, message: str, context: str | None = None, *, code: str | None = None
) -> Answer:
    return Answer(status, {"errors": [{"message": message, "context": context, "type": type, "code": code}]})
