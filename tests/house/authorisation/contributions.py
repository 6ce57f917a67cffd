"""People from outside: the desk's pages about them, and the page each of them has by link."""

from cms.contributions import services
from cms.contributions.queries import get_contribution
from cms.core import clock
from cms.core.database import transaction
from cms.drafts import services as drafts
from cms.drafts.services import Sent
from tests.factories import make_person, make_post
from tests.house.authorisation import everyone, only

EDITORS = ("editor", "manager", "admin")
WRITES = {"contributions.show_contribution": "counts that the link was opened"}


def _made() -> tuple[int, str]:
    post, editor = make_post(publish=False), make_person("Edda Brandt", "editor", handle="edda")
    terms = services.Terms(role="author", locale="en", rights="You may print it.")
    with transaction():
        one, token = services.invite(
            post.id, terms, purpose="write", name="Ana Writer", by=editor, at=clock.now()
        )
        return one.id, token


def of_post(rest: str) -> str:
    return f"/desk/posts/{make_post(publish=False).id}/{rest}"


def at_desk(rest: str = "") -> str:
    return f"/desk/contributions/{_made()[0]}{rest}"


def by_link(rest: str = "") -> str:
    return f"/contribute/{_made()[1]}{rest}"


def with_draft(act: str) -> str:
    contribution_id, token = _made()
    one, sent = get_contribution(contribution_id), Sent(tab="tab-of-ana", sequence=1, fields={"body": "x"})
    person_id, subject = one.person_id, f"post:{one.post_id}"
    with transaction():
        draft_id = drafts.keep(person_id, subject, sent, at=clock.now()).id
    return f"/contribute/{token}/drafts/{draft_id}/{act}"


ROWS = {
    "contributions.list_contributions GET": only(*EDITORS, at="/desk/contributions"),
    "contributions.new_contribution GET": only(*EDITORS, at=lambda: of_post("contributions/new")),
    "contributions.invite POST": only(*EDITORS, at=lambda: of_post("contributions")),
    "contributions.export_sign_offs GET": only(*EDITORS, at=lambda: of_post("sign-offs.csv")),
    "contributions.manage_contribution GET": only(*EDITORS, at=at_desk),
    "contributions.change_terms POST": only(*EDITORS, at=at_desk),
    "contributions.move_deadline POST": only(*EDITORS, at=lambda: at_desk("/deadline")),
    "contributions.revoke POST": only(*EDITORS, at=lambda: at_desk("/revocation")),
    "contributions.renew_link POST": only(*EDITORS, at=lambda: at_desk("/link")),
    "contributions.remind POST": only(*EDITORS, at=lambda: at_desk("/reminder")),
    "contributions.hand_back POST": only(*EDITORS, at=lambda: at_desk("/return")),
    "contributions.answer POST": only(*EDITORS, at=lambda: at_desk("/messages")),
    "contributions.ask_approval POST": only(*EDITORS, at=lambda: at_desk("/approval-request")),
    "contributions.show_contribution GET": everyone(by_link),
    "contributions.save_text POST": everyone(by_link),
    "contributions.consent POST": everyone(lambda: by_link("/consent")),
    "contributions.say POST": everyone(lambda: by_link("/messages")),
    "contributions.decide POST": everyone(lambda: by_link("/decision")),
    "contributions.approve_byline POST": everyone(lambda: by_link("/byline")),
    "contributions.preview GET": everyone(lambda: by_link("/preview")),
    "contributions.show_draft GET": everyone(lambda: by_link("/drafts/1")),
    "contributions.keep_draft POST": everyone(lambda: by_link("/drafts/1")),
    "contributions.discard_draft POST": everyone(lambda: with_draft("removal")),
    "contributions.take_draft_back POST": everyone(lambda: with_draft("restoration")),
    "contributions.take_picture POST": everyone(lambda: by_link("/pictures")),
    "contributions.show_profile GET": everyone(lambda: by_link("/profile")),
    "contributions.save_profile POST": everyone(lambda: by_link("/profile")),
    "contributions.set_portrait POST": everyone(lambda: by_link("/portrait")),
    "contributions.remove_portrait POST": everyone(lambda: by_link("/portrait/removal")),
    "contributions.ask_account POST": everyone(lambda: by_link("/account")),
    "contributions.show_reminders GET": everyone(lambda: by_link("/reminders")),
    "contributions.stop_reminders POST": everyone(lambda: by_link("/reminders")),
}
