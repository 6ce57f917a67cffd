"""The desk's pages about reviews. Those who are asked in a round get through too; `tests/cms/reviews` walks them."""

from cms.core import clock
from cms.core.database import transaction
from cms.reviews import queries, services
from cms.reviews.services import PlannedStep
from tests.factories import make_person, make_post, make_section
from tests.house.authorisation import GOES, HIDDEN, SIGN_IN, each, only

EDITORS = ("editor", "manager", "admin")
WRITERS = each(
    visitor=SIGN_IN,
    member=HIDDEN,
    expert=GOES,
    author=GOES,
    editor=GOES,
    manager=GOES,
    admin=GOES,
    at="/desk/reviews",
)


def draft(rest: str = "") -> str:
    return f"/desk/posts/{make_post(publish=False).id}/review{rest}"


def step(rest: str) -> str:
    post = make_post(publish=False)
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="admin")], by=None, at=clock.now())
        services.submit_post(post.id, by=None, at=clock.now())
    return f"/desk/posts/{post.id}/review/steps/{queries.get_review(post.id).steps[0].step.id}{rest}"


def comment(rest: str) -> str:
    post, by = make_post(publish=False), make_person("Sol Reyes", "editor")
    with transaction():
        made = services.comment_on(post.id, words="Why?", by=by, at=clock.now())
        number = made.id
    return f"/desk/posts/{post.id}/review/comments/{number}{rest}"


def claim(rest: str) -> str:
    post = make_post(publish=False)
    with transaction():
        made = services.raise_claim(post.id, quote="quiet in spring", by=None, at=clock.now())
        number = made.id
    return f"/desk/posts/{post.id}/review/claims/{number}{rest}"


def section() -> str:
    return f"/desk/sections/{make_section().id}/review"


ROWS = {
    "reviews.list_reviews GET": WRITERS,
    "reviews.show_review GET": only(*EDITORS, at=draft),
    "reviews.show_changes GET": only(*EDITORS, at=lambda: draft("/changes")),
    "reviews.submit_post POST": only(*EDITORS, at=draft),
    "reviews.withdraw_review POST": only(*EDITORS, at=lambda: draft("/removal")),
    "reviews.decide POST": only(*EDITORS, at=lambda: draft("/decisions")),
    "reviews.set_aside POST": only("admin", at=lambda: draft("/exception")),
    "reviews.ask_person POST": only(*EDITORS, at=lambda: step("/people")),
    "reviews.move_due POST": only(*EDITORS, at=lambda: step("/due")),
    "reviews.export_record GET": only(*EDITORS, at=lambda: draft("/record.csv")),
    "reviews.comment_on POST": only(*EDITORS, at=lambda: draft("/comments")),
    "reviews.answer_comment POST": only(*EDITORS, at=lambda: comment("/answers")),
    "reviews.resolve_comment POST": only(*EDITORS, at=lambda: comment("/resolution")),
    "reviews.reopen_comment POST": only(*EDITORS, at=lambda: comment("/resolution/removal")),
    "reviews.apply_suggestion POST": only(*EDITORS, at=lambda: comment("/application")),
    "reviews.source_claim POST": only(*EDITORS, at=lambda: claim("/source")),
    "reviews.withdraw_claim POST": only(*EDITORS, at=lambda: claim("/removal")),
    "reviews.list_claims GET": only(*EDITORS, at="/desk/reviews/claims"),
    "reviews.edit_claim_words GET": only(*EDITORS, at="/desk/reviews/words"),
    "reviews.save_claim_words POST": only(*EDITORS, at="/desk/reviews/words"),
    "reviews.check_text POST": each(at="/desk/quality", **WRITERS.answers),
    "reviews.list_plans GET": only(*EDITORS, at="/desk/reviews/steps"),
    "reviews.edit_default_plan GET": only(*EDITORS, at="/desk/reviews/steps/default"),
    "reviews.save_default_plan POST": only(*EDITORS, at="/desk/reviews/steps/default"),
    "reviews.edit_plan GET": only(*EDITORS, at=section),
    "reviews.save_plan POST": only(*EDITORS, at=section),
}
