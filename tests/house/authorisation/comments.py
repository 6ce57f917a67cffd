"""Who may read, send and decide on comments."""

from cms.comments.models import Comment, Question
from cms.comments.sending import visitors_token
from cms.core import clock
from cms.core.database import transaction
from tests.factories import make_person, make_post, read_again, save
from tests.house.authorisation import GOES, HIDDEN, REFUSED, SIGN_IN, each, everyone, only, signed_in, staff

RUNS = ("editor", "manager", "admin")
TEXT = {"body": "One.", "html": "<p>One.</p>", "plain": "One.", "renderer": 2, "language": "en"}


def make_comment(state: str = "visible") -> Comment:
    now = clock.now()
    rest = {"subject_kind": "post", "subject_id": make_post("Spring notes").id, "note": "", "appeal": ""}
    comment = save(
        Comment(
            author_name="Somebody", state=state, held_for=[], created_at=now, shown_at=now, **TEXT, **rest
        )
    )
    with transaction():
        comment.root_id = comment.id
    return read_again(Comment, comment.id)


def at(rest: str = "", state: str = "visible") -> str:
    return f"/comments/{make_comment(state).id}{rest}"


def asked(rest: str = "") -> str:
    return f"/desk/questions/{make_comment().id}{rest}"


def owed(rest: str, *, is_answered: bool) -> str:
    now = clock.now()
    done = {"answered_at": now, "answer_number": 1, "faq_at": now} if is_answered else {}
    comment_id = make_comment().id
    save(Question(comment_id=comment_id, marked_at=now, faq_question="", **done))
    return f"/desk/questions/{comment_id}{rest}"


def writer(rest: str = "") -> str:
    return f"/desk/comments/people/{make_person('Walt Writer', 'member', handle='walt').id}{rest}"


def waiting(rest: str = "") -> str:
    return f"/comments/waiting/{visitors_token(make_comment('waiting').id)}{rest}"


NOT_THEIRS = {
    "visitor": SIGN_IN,
    **dict.fromkeys(("member", "expert", "author", "editor", "manager", "admin"), HIDDEN),
}
DECIDES = {
    "visitor": SIGN_IN,
    "member": HIDDEN,
    "expert": HIDDEN,
    "author": REFUSED,
    **dict.fromkeys(RUNS, GOES),
}
WRITES = {
    "visitor": SIGN_IN,
    **dict.fromkeys(("member", "expert", "author", "editor", "manager", "admin"), GOES),
}
ROWS = {
    "comments.show_of_post GET": everyone(lambda: f"/posts/{make_post().slug}/comments"),
    "comments.show_best_of_post GET": everyone(lambda: f"/posts/{make_post().slug}/comments/best"),
    "comments.show_of_note GET": everyone(lambda: f"/notes/{make_post('', kind='note').id}/comments"),
    "comments.show_best_of_note GET": everyone(
        lambda: f"/notes/{make_post('', kind='note').id}/comments/best"
    ),
    "comments.show_thread GET": everyone(lambda: f"/comments/post/{make_post().id}"),
    "comments.show_comment GET": everyone(at),
    "comments.show_history GET": each(at=lambda: at("/history"), **dict.fromkeys(NOT_THEIRS, HIDDEN)),
    "comments.write_comment GET": each(at=lambda: f"/comments/post/{make_post().id}/new", **WRITES),
    "comments.post_comment POST": each(at=lambda: f"/comments/post/{make_post().id}", **WRITES),
    "comments.show_to_visitor GET": everyone(waiting),
    "comments.remove_as_visitor POST": everyone(lambda: waiting("/removal")),
    "comments.show_acts GET": signed_in(lambda: at("/acts")),
    "comments.react POST": signed_in(lambda: at("/reactions"), {"kind": "agree"}),
    "comments.report_comment POST": signed_in(lambda: at("/reports")),
    "comments.edit_comment GET": each(at=lambda: at("/edit"), **NOT_THEIRS),
    "comments.save_comment POST": each(at=lambda: at("/edit"), **NOT_THEIRS),
    "comments.remove_comment POST": each(at=lambda: at("/removal"), **NOT_THEIRS),
    "comments.appeal_comment POST": each(at=lambda: at("/appeal"), **NOT_THEIRS),
    "comments.list_mine GET": signed_in("/me/comments"),
    "comments.export_mine GET": signed_in("/me/comments.json"),
    "comments.remove_mine POST": signed_in("/me/comments/removal"),
    "comments.approve POST": each(at=lambda: at("/approval", "waiting"), **DECIDES),
    "comments.hide POST": each(at=lambda: at("/hiding"), **DECIDES),
    "comments.refuse_appeal POST": each(at=lambda: at("/appeal/refusal"), **DECIDES),
    "comments.keep POST": each(at=lambda: at("/reports/dismissal"), **DECIDES),
    "comments.show_queue GET": only(*RUNS, at="/desk/comments"),
    "comments.show_person GET": only(*RUNS, at=writer),
    "comments.block_person POST": only(*RUNS, at=lambda: writer("/block")),
    "comments.unblock_person POST": only(*RUNS, at=lambda: writer("/block/removal")),
    "comments.hide_all POST": only(*RUNS, at=lambda: writer("/hiding")),
    "comments.save_policy POST": only(*RUNS, at=lambda: f"/desk/posts/{make_post().id}/comments"),
    "comments.list_answers GET": everyone("/answers"),
    "comments.list_questions GET": staff("/desk/questions"),
    "comments.show_question GET": staff(asked),
    "comments.assign_question POST": only(*RUNS, at=asked),
    "comments.drop_question POST": only(*RUNS, at=lambda: owed("/removal", is_answered=False)),
    "comments.answer_question POST": staff(lambda: asked("/answer")),
    "comments.list_answer POST": only(*RUNS, at=lambda: owed("/listing", is_answered=True)),
    "comments.unlist_answer POST": only(*RUNS, at=lambda: owed("/listing/removal", is_answered=True)),
    "comments.draft_from_comment POST": each(
        at=lambda: asked("/draft"),
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=GOES,
        author=GOES,
        editor=GOES,
        manager=GOES,
        admin=GOES,
    ),
}
