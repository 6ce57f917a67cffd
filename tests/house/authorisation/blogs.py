"""Blogs of members: their owner's pages, and the editors'."""

from cms.blogs.models import Blog, Pitch
from cms.core import clock
from cms.core.database import db, transaction
from cms.drafts import services as drafts
from cms.drafts.services import Sent
from cms.people.models import Person
from cms.posts.models import Post
from tests.cms.blogs.blogging import open_blog, pitch, write
from tests.factories import make_person
from tests.house.authorisation import HIDDEN, REFUSED, SIGN_IN, Row, each, only, signed_in

EDITORS = ("editor", "manager", "admin")


def _blog() -> Blog:
    editor = make_person("Edda Brandt", "editor", handle="edda-b")
    return open_blog(make_person("Olga Petrova", "member", handle="olga"), editor)


def _post() -> Post:
    return write(_blog())


def _pitch() -> Pitch:
    return pitch(_post())


def of_post(rest: str = "") -> str:
    return f"/me/blog/posts/{_post().id}{rest}"


def of_blog(rest: str = "") -> str:
    return f"/desk/blogs/{_blog().id}{rest}"


def of_pitch(rest: str = "") -> str:
    return f"/desk/blogs/pitches/{_pitch().id}{rest}"


def featuring(rest: str = "") -> str:
    return f"/desk/blogs/posts/{_post().id}/feature{rest}"


def nobodys(at: object) -> Row:
    """A text of somebody else's blog: nobody, editors neither, writes there."""
    return each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=REFUSED,
        editor=REFUSED,
        manager=REFUSED,
        admin=REFUSED,
        at=at,  # type: ignore[arg-type]
    )


def without_blog(at: object) -> Row:
    """Open to everybody with an account; but what has no blog is not found."""
    roles = dict.fromkeys(("member", "expert", "author", "editor", "manager", "admin"), HIDDEN)
    return each(visitor=SIGN_IN, at=at, **roles)  # type: ignore[arg-type]


def others_draft(act: str) -> str:
    person_id, at = _blog().person_id, clock.now()
    with transaction():
        sent = Sent(tab="tab-of-olga", sequence=1, fields={"body": "x"})
        draft_id = drafts.keep(person_id, "blog:new", sent, at=at).id
    assert db.session.get(Person, person_id) is not None
    return f"/me/blog/drafts/{draft_id}/{act}"


ROWS = {
    "blogs.show_own_blog GET": signed_in("/me/blog"),
    "blogs.apply_for_blog POST": signed_in("/me/blog"),
    "blogs.withdraw_application POST": without_blog("/me/blog/application/removal"),
    "blogs.change_face POST": without_blog("/me/blog/face"),
    "blogs.close_own_blog POST": without_blog("/me/blog/closing"),
    "blogs.open_own_blog POST": without_blog("/me/blog/opening"),
    "blogs.new_text GET": without_blog("/me/blog/posts/new"),
    "blogs.create_text POST": without_blog("/me/blog/posts"),
    "blogs.edit_text GET": nobodys(of_post),
    "blogs.save_text POST": nobodys(of_post),
    "blogs.take_down_text POST": nobodys(lambda: of_post("/publication/removal")),
    "blogs.discard_text POST": nobodys(lambda: of_post("/removal")),
    "blogs.preview_text GET": nobodys(lambda: of_post("/preview")),
    "blogs.pitch_post POST": nobodys(lambda: of_post("/pitch")),
    "blogs.withdraw_pitch POST": nobodys(lambda: of_post("/pitch/removal")),
    "blogs.show_draft GET": without_blog(lambda: of_post("/drafts/1")),
    "blogs.keep_draft POST": without_blog(lambda: of_post("/drafts/1")),
    "blogs.discard_draft POST": without_blog(lambda: others_draft("removal")),
    "blogs.take_draft_back POST": without_blog(lambda: others_draft("restoration")),
    "blogs.take_picture POST": signed_in("/me/blog/pictures"),
    "blogs.list_blogs GET": only(*EDITORS, at="/desk/blogs"),
    "blogs.show_blog GET": only(*EDITORS, at=of_blog),
    "blogs.open_blog POST": only(*EDITORS, at=lambda: of_blog("/opening")),
    "blogs.refuse_blog POST": only(*EDITORS, at=lambda: of_blog("/refusal")),
    "blogs.close_blog POST": only(*EDITORS, at=lambda: of_blog("/closing")),
    "blogs.list_posts GET": only(*EDITORS, at="/desk/blogs/posts"),
    "blogs.feature_post POST": only(*EDITORS, at=featuring),
    "blogs.unfeature_post POST": only(*EDITORS, at=lambda: featuring("/removal")),
    "blogs.list_pitches GET": only(*EDITORS, at="/desk/blogs/pitches"),
    "blogs.show_pitch GET": only(*EDITORS, at=of_pitch),
    "blogs.accept_pitch POST": only(*EDITORS, at=lambda: of_pitch("/acceptance")),
    "blogs.decline_pitch POST": only(*EDITORS, at=lambda: of_pitch("/refusal")),
}
