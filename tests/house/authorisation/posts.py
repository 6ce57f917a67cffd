"""The desk's pages about posts."""

from cms.core import clock
from cms.core.database import transaction
from cms.drafts import services as drafts
from cms.drafts.models import Draft
from cms.drafts.services import Sent
from cms.posts import services
from cms.posts.cards.keeping import ask_for_card
from cms.posts.models import Post
from tests.factories import make_note, make_person, make_post, read_again, revise
from tests.house.authorisation import GOES, HIDDEN, REFUSED, SIGN_IN, each, only, staff


def draft(rest: str = "") -> str:
    return f"/desk/posts/{make_post(publish=False).id}{rest}"


def live(rest: str = "") -> str:
    return f"/desk/posts/{make_post().id}{rest}"


def revision(rest: str = "") -> str:
    post: Post = revise(make_post())
    return f"/desk/posts/{post.id}/revisions/{post.latest_revision_id}{rest}"


def somebody_elses_bulk() -> str:
    by = make_person("Somebody Else", "editor", handle="somebody")
    post_id = make_post(publish=False).id
    with transaction():
        bulk = services.begin_bulk("publish", [post_id], detail={}, by=by, at=clock.now())
        return f"/desk/posts/bulk/{bulk.id}"


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


def unsaved(subject: str, *, who: str = "Ana Author", role: str = "author") -> Draft:
    sent, person = Sent(tab="tab-one-1", sequence=1, fields={"body": "Typed"}), make_person(who, role)
    with transaction():
        draft_id = drafts.keep(person.id, subject, sent, at=clock.now()).id
    return read_again(Draft, draft_id)


def colleagues_text() -> str:
    post = make_post(publish=False)
    return f"/desk/posts/{post.id}/drafts/{unsaved(f'post:{post.id}').id}"


# What one did not save is one's own, whatever one may do.
NOBODY_ELSE = {
    "visitor": SIGN_IN,
    "member": HIDDEN,
    "expert": HIDDEN,
    "author": REFUSED,
    "editor": REFUSED,
    "manager": REFUSED,
    "admin": REFUSED,
}
NOT_THEIRS = dict.fromkeys(
    ("visitor", "member", "expert", "author", "editor", "manager", "admin"), HIDDEN
) | {"visitor": SIGN_IN}
# An author and an expert read and change what is their own; these rows name somebody else's.
EDITORS = ("editor", "manager", "admin")


def note(rest: str = "") -> str:
    return f"/desk/notes/{make_note(publish=False).id}{rest}"


def card() -> str:
    with transaction():
        card_id = ask_for_card("https://example.com/", at=clock.now()).id
    return f"/desk/notes/cards/{card_id}"


def correction(rest: str = "") -> str:
    post = make_post()
    with transaction():
        written = services.add_correction(
            post.id, changed="x", reason="", waits=False, by=None, at=clock.now()
        )
        number = written.id
    return f"/desk/posts/{post.id}/corrections/{number}{rest}"


def release(rest: str = "") -> str:
    with transaction():
        number = services.create_release("Seen", by=None, at=clock.now()).id
    return f"/desk/releases/{number}{rest}"


ROWS = {
    "posts.new_note GET": each(at="/desk/notes/new", **WRITERS.answers),
    "posts.create_note POST": each(at="/desk/notes", **WRITERS.answers),
    "posts.edit_note GET": only(*EDITORS, at=note),
    "posts.save_note POST": only(*EDITORS, at=note),
    "posts.ask_for_card POST": each(at="/desk/notes/cards", **WRITERS.answers),
    "posts.show_card GET": each(at=card, **WRITERS.answers),
    "posts.suggest_people GET": each(at="/desk/notes/people?q=na", **WRITERS.answers),
    "posts.list_corrections GET": only(*EDITORS, at=lambda: live("/corrections")),
    "posts.add_correction POST": only(*EDITORS, at=lambda: live("/corrections")),
    "posts.edit_correction GET": only(*EDITORS, at=correction),
    "posts.change_correction POST": only(*EDITORS, at=correction),
    "posts.remove_correction POST": only(*EDITORS, at=lambda: correction("/removal")),
    "posts.list_releases GET": only(*EDITORS, at="/desk/releases"),
    "posts.create_release POST": only(*EDITORS, at="/desk/releases"),
    "posts.show_release GET": only(*EDITORS, at=release),
    "posts.rename_release POST": only(*EDITORS, at=release),
    "posts.remove_release POST": only(*EDITORS, at=lambda: release("/removal")),
    "posts.order_release POST": only(*EDITORS, at=lambda: release("/order")),
    "posts.publish_release POST": only(*EDITORS, at=lambda: release("/publication")),
    "posts.schedule_release POST": only(*EDITORS, at=lambda: release("/schedule")),
    "posts.cancel_release POST": only(*EDITORS, at=lambda: release("/schedule/removal")),
    "posts.add_to_release POST": only(*EDITORS, at=lambda: release(f"/posts/{make_post().id}")),
    "posts.take_from_release POST": only(*EDITORS, at=lambda: release(f"/posts/{make_post().id}/removal")),
    "posts.release_post POST": only(*EDITORS, at=lambda: draft("/release")),
    "posts.link_translation POST": only(*EDITORS, at=lambda: draft("/story")),
    "posts.show_today GET": staff("/desk"),
    "posts.list_posts GET": staff("/desk/posts"),
    "posts.show_board GET": staff("/desk/posts/board"),
    "posts.find_posts GET": staff("/desk/find?q=notes"),
    "posts.begin_bulk POST": staff("/desk/posts/bulk"),
    "posts.show_bulk GET": each(at=somebody_elses_bulk, **NOT_THEIRS),
    "posts.undo_bulk POST": each(at=lambda: f"{somebody_elses_bulk()}/removal", **NOT_THEIRS),
    "posts.list_trash GET": only(*EDITORS, at="/desk/posts/trash"),
    "posts.new_post GET": WRITERS,
    "posts.create_post POST": each(at="/desk/posts", **WRITERS.answers),
    "posts.edit_post GET": only(*EDITORS, at=draft),
    "posts.save_post POST": only(*EDITORS, at=draft),
    "posts.publish_post POST": only(*EDITORS, at=lambda: draft("/publication")),
    "posts.take_down_post POST": only(*EDITORS, at=lambda: live("/publication/removal")),
    "posts.schedule_post POST": only(*EDITORS, at=lambda: draft("/schedule")),
    "posts.move_schedule POST": only(*EDITORS, at=lambda: draft("/schedule/time")),
    "posts.plan_removal POST": only(*EDITORS, at=lambda: live("/end")),
    "posts.cancel_removal POST": only(*EDITORS, at=lambda: live("/end/removal")),
    "posts.set_embargo POST": only(*EDITORS, at=lambda: draft("/embargo")),
    "posts.lift_embargo POST": only(*EDITORS, at=lambda: draft("/embargo/removal")),
    "posts.cancel_schedule POST": only(*EDITORS, at=lambda: draft("/schedule/removal")),
    "posts.trash_post POST": only(*EDITORS, at=lambda: live("/trash")),
    "posts.restore_post POST": only(*EDITORS, at=lambda: live("/trash/removal")),
    "posts.unlink_translation POST": only(*EDITORS, at=lambda: draft("/story/removal")),
    "posts.list_revisions GET": only(*EDITORS, at=lambda: draft("/revisions")),
    "posts.show_revision GET": only(*EDITORS, at=revision),
    "posts.show_draft GET": only(*EDITORS, at=lambda: draft("/draft")),
    "posts.keep_draft POST": only(*EDITORS, at=lambda: draft("/draft")),
    "posts.show_new_draft GET": each(at="/desk/posts/new/draft", **WRITERS.answers),
    "posts.keep_new_draft POST": each(at="/desk/posts/new/draft", **WRITERS.answers),
    "posts.show_unsaved GET": only(*EDITORS, at=colleagues_text),
    "posts.discard_draft POST": each(
        at=lambda: f"/desk/posts/drafts/{unsaved('post:new').id}/removal", **NOBODY_ELSE
    ),
    "posts.take_draft_back POST": each(
        at=lambda: f"/desk/posts/drafts/{unsaved('post:new').id}/restoration", **NOBODY_ELSE
    ),
    "posts.compare_revisions GET": only(*EDITORS, at=lambda: draft("/comparison")),
    "posts.name_revision POST": only(*EDITORS, at=lambda: revision("/name")),
    "posts.unname_revision POST": only(*EDITORS, at=lambda: revision("/name/removal")),
    "posts.restore_revision POST": only(*EDITORS, at=lambda: revision("/restoration")),
}
