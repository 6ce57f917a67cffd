"""The desk's pages about posts."""

from cms.posts.models import Post
from tests.factories import make_post, revise
from tests.house.authorisation import GOES, HIDDEN, SIGN_IN, each, only, staff


def draft(rest: str = "") -> str:
    return f"/desk/posts/{make_post(publish=False).id}{rest}"


def live(rest: str = "") -> str:
    return f"/desk/posts/{make_post().id}{rest}"


def revision(rest: str = "") -> str:
    post: Post = revise(make_post())
    return f"/desk/posts/{post.id}/revisions/{post.latest_revision_id}{rest}"


WRITERS = each(
    visitor=SIGN_IN,
    member=HIDDEN,
    expert=GOES,
    author=GOES,
    editor=GOES,
    manager=GOES,
    admin=GOES,
    at="/desk/posts/new",
)
# An author and an expert read and change what is their own; these rows name somebody else's.
EDITORS = ("editor", "manager", "admin")

ROWS = {
    "posts.show_today GET": staff("/desk"),
    "posts.list_posts GET": staff("/desk/posts"),
    "posts.list_trash GET": only(*EDITORS, at="/desk/posts/trash"),
    "posts.new_post GET": WRITERS,
    "posts.create_post POST": each(at="/desk/posts", **WRITERS.answers),
    "posts.edit_post GET": only(*EDITORS, at=draft),
    "posts.save_post POST": only(*EDITORS, at=draft),
    "posts.publish_post POST": only(*EDITORS, at=lambda: draft("/publication")),
    "posts.take_down_post POST": only(*EDITORS, at=lambda: live("/publication/removal")),
    "posts.schedule_post POST": only(*EDITORS, at=lambda: draft("/schedule")),
    "posts.cancel_schedule POST": only(*EDITORS, at=lambda: draft("/schedule/removal")),
    "posts.trash_post POST": only(*EDITORS, at=lambda: live("/trash")),
    "posts.restore_post POST": only(*EDITORS, at=lambda: live("/trash/removal")),
    "posts.unlink_translation POST": only(*EDITORS, at=lambda: draft("/story/removal")),
    "posts.list_revisions GET": only(*EDITORS, at=lambda: draft("/revisions")),
    "posts.show_revision GET": only(*EDITORS, at=revision),
    "posts.restore_revision POST": only(*EDITORS, at=lambda: revision("/restoration")),
}
