"""The desk's pages about reviews, by their answers."""

import csv
import io
from datetime import timedelta

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from cms.core import clock
from cms.core.database import db, transaction
from cms.notices.models import Notice
from cms.reviews import queries, services
from cms.reviews.models import ReviewPlan
from cms.reviews.services import PlannedStep
from tests.cms.reviews.conftest import Desk
from tests.factories import make_person, make_post, make_section, sign_in, tom


def texts(response: TestResponse, path: str) -> list[str]:
    """The words of what a path finds; `.name` finds whatever has that class."""
    if path.startswith("."):
        path = f"//*[contains(concat(' ', @class, ' '), ' {path[1:]} ')]"
    return [" ".join(one.text_content().split()) for one in html.fromstring(response.text).xpath(path)]


def review(desk: Desk, rest: str = "") -> str:
    return f"/desk/posts/{desk.post_id}/review{rest}"


def test_an_author_sends_and_the_expert_finds_it_decides_and_it_moves_on(
    client: FlaskClient, desk: Desk
) -> None:
    sign_in(client, desk.author)
    answer = client.post(review(desk), data={"words": "Please look.", "from": "review"})
    assert (answer.status_code, answer.location) == (303, review(desk))
    sign_in(client, desk.expert)
    assert texts(client.get("/desk/reviews"), ".table__title") == ["Spring notes"]
    page = client.get(review(desk))
    assert texts(page, ".review-step__head") == [
        "Expert check Waits",
        "Legal Comes later",
        "Chief editor Comes later",
    ]
    form = {"step": desk.step_ids[0], "revision": desk.review.post.latest_revision_id}
    answer = client.post(review(desk, "/decisions"), data={**form, "verdict": "approved"})
    assert (answer.status_code, answer.location) == (303, review(desk))
    assert texts(client.get("/desk/reviews"), ".table__title") == []
    assert desk.states == ["done", "waiting", "later"]


def test_who_is_not_asked_and_did_not_write_it_sees_nothing(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    outsider = make_person("Otto Expert", "expert", handle="otto")
    sign_in(client, outsider)
    assert client.get(review(desk)).status_code == 404
    assert texts(client.get("/desk/reviews?whose=all"), ".table__title") == []
    sign_in(client, desk.expert)
    assert client.get(review(desk)).status_code == 200


def test_a_reviewer_who_is_disabled_sees_nothing_any_more(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    with transaction():
        db.session.merge(desk.expert).role = "member"
    sign_in(client, desk.expert)
    assert client.get(review(desk)).status_code == 404


def test_deciding_about_an_older_text_is_answered_with_the_newest_and_what_was_typed(
    client: FlaskClient, desk: Desk
) -> None:
    desk.submit()
    seen = desk.review.post.latest_revision_id
    desk.save("Changed meanwhile.", desk.author)
    sign_in(client, desk.expert)
    answer = client.post(
        review(desk, "/decisions"),
        data={
            "step": desk.step_ids[0],
            "revision": seen,
            "verdict": "approved",
            "words": "Fine with me.",
        },
    )
    assert answer.status_code == 409
    assert texts(answer, "//*[@role='alert']//p[@class='notice__title']")[0] == "Below is the newest text."
    assert texts(answer, "//section//textarea[@name='words']") == ["Fine with me."]
    assert texts(answer, "//*[@data-review-body]") == ["Changed meanwhile."]


def test_asking_for_changes_without_words_is_asked_back(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    sign_in(client, desk.expert)
    form = {"step": desk.step_ids[0], "revision": desk.review.post.latest_revision_id}
    answer = client.post(review(desk, "/decisions"), data={**form, "verdict": "changes"})
    assert answer.status_code == 422
    assert texts(answer, ".field__error") == ["Please say what should change, or what you think."]


def test_a_step_of_another_review_is_refused(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    sign_in(client, desk.chief)
    answer = client.post(review(desk, "/decisions"), data={"step": "999999", "verdict": "approved"})
    assert answer.status_code == 422
    assert client.post(review(desk, "/steps/999999/due"), data={}).status_code == 404


def test_confirming_after_a_change_is_one_button(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.save("The network is quiet in the spring.", desk.chief)
    sign_in(client, desk.expert)
    page = client.get(review(desk))
    assert texts(page, "//section[contains(@class, 'review-decide')]/form[1]/p") == [
        "The text was changed after you approved revision 1. See what changed"
    ]
    first = html.fromstring(page.text).forms
    confirm = next(
        one for one in first if "decisions" in (one.action or "") and one.fields.get("verdict") == "approved"
    )
    answer = client.post(confirm.action, data=dict(confirm.form_values()))
    assert answer.status_code == 303
    assert desk.states == ["done", "waiting", "later"]


def test_what_changed_since_an_approval_is_shown_to_who_is_asked(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    seen = desk.review.post.latest_revision_id
    desk.save("The network is loud in spring.", desk.chief)
    sign_in(client, desk.expert)
    page = client.get(review(desk, f"/changes?since={seen}"))
    assert texts(page, "//*[@class='difference']//del") == ["[removed: quiet]"]
    assert texts(page, "//*[@class='difference']//ins") == ["[added: loud]"]
    assert texts(page, "//button[@type='submit']")[0] == "Confirm for the new text"
    other = make_post("Elsewhere", publish=False)
    assert client.get(review(desk, f"/changes?since={other.latest_revision_id}")).status_code == 404


def test_who_is_asked_in_two_steps_confirms_each_with_one_button(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    with transaction():
        services.ask_person(desk.step_ids[0], desk.lawyers[0].id, by=desk.chief, at=clock.now())
    desk.decide(0, desk.lawyers[0])
    desk.decide(1, desk.lawyers[0])
    desk.decide(1, desk.lawyers[1])
    desk.save("The network is quiet in the spring.", desk.chief)
    sign_in(client, desk.lawyers[0])
    for _step in range(2):
        page = html.fromstring(client.get(review(desk)).text)
        [button] = page.xpath("//button[text()='Confirm for the new text']")
        confirm = button.getparent()
        client.post(confirm.action, data=dict(confirm.form_values()))
    assert desk.states == ["done", "waiting", "waiting"]
    assert [one.person_id for one in desk.review.steps[1].approvals] == [desk.lawyers[0].id]


def test_the_editor_saves_and_approves_with_one_button(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    with transaction():
        services.ask_person(desk.step_ids[0], desk.chief.id, by=desk.chief, at=clock.now())
    sign_in(client, desk.chief)
    page = client.get(f"/desk/posts/{desk.post_id}")
    buttons = html.fromstring(page.text).xpath("//button[@name='wish']")
    assert [(one.get("form"), one.get("value")) for one in buttons] == [
        ("post-form", f"approve:{desk.step_ids[0]}")
    ]
    form = next(
        one for one in html.fromstring(page.text).forms if (one.action or "").endswith(f"/{desk.post_id}")
    )
    answer = client.post(
        form.action,
        data={
            **dict(form.form_values()),
            "body": "The network is quiet in the spring.",
            "wish": buttons[0].get("value"),
        },
    )
    assert answer.status_code == 303
    assert desk.states == ["done", "waiting", "later"]
    assert desk.review.post.latest.body == "The network is quiet in the spring."


def test_a_wish_that_cannot_be_granted_gives_back_what_was_typed(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    sign_in(client, desk.chief)
    page = html.fromstring(client.get(f"/desk/posts/{desk.post_id}").text)
    form = next(one for one in page.forms if (one.action or "").endswith(f"/{desk.post_id}"))
    answer = client.post(
        form.action,
        data={**dict(form.form_values()), "body": "Mine.", "wish": f"approve:{desk.step_ids[0]}"},
    )
    assert answer.status_code == 422
    assert texts(answer, "//textarea[@name='body']") == ["Mine."]
    assert desk.review.post.latest.body != "Mine."


def test_publishing_an_unreviewed_text_is_refused_with_a_sentence(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk.chief)
    client.post(f"/desk/posts/{desk.post_id}/publication")
    assert texts(client.get(f"/desk/posts/{desk.post_id}"), ".notice--bad") == [
        "Texts of this section are reviewed before they go out. Send it for review first."
    ]


def test_what_is_out_is_not_sent_again(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk.chief)
    assert texts(client.get(review(desk)), "//aside//button")[-1] == "Send for review"
    desk.submit()
    assert texts(client.get(review(desk)), "//aside//button")[-1] == "Withdraw from review"
    desk.approve_all()
    desk.publish(desk.chief)
    assert texts(client.get(review(desk)), "//aside//button") == []


def test_setting_aside_is_for_admins_and_needs_a_reason(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk.chief)
    assert client.post(review(desk, "/exception"), data={"reason": "Storm."}).status_code == 403
    sign_in(client, make_person("Ada Min", "admin"))
    assert client.post(review(desk, "/exception"), data={"reason": " "}).status_code == 422
    assert client.post(review(desk, "/exception"), data={"reason": "Storm."}).status_code == 303
    assert desk.review.waiver.reason == "Storm."


def test_the_record_leaves_as_a_table_that_no_spreadsheet_runs(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert, words='=HYPERLINK("x")')
    sign_in(client, desk.author)
    answer = client.get(review(desk, "/record.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [(one["step"], one["verdict"], one["handle"], one["role"], one["words"]) for one in rows] == [
        ("Expert check", "approved", "eva", "expert", '\'=HYPERLINK("x")')
    ]
    assert rows[0]["content_hash"] == desk.review.post.latest.content_hash


def test_editors_set_the_steps_of_a_section(client: FlaskClient, desk: Desk) -> None:
    section = make_section("focus")
    sign_in(client, desk.chief)
    answer = client.post(
        f"/desk/sections/{section.id}/review",
        data={
            "kind": "own",
            "rows-0-name_en": "Second",
            "rows-0-place": "2",
            "rows-0-people": "Omar Said",
            "rows-0-role": "editor",
            "rows-0-mode": "any",
            "rows-0-days": "0",
            "rows-0-required": "y",
            "rows-1-name_zh": "法务",
            "rows-1-place": "1",
            "rows-1-people": "Lin Zhao (@lin)，Omar Said",
            "rows-1-mode": "all",
            "rows-2-name_en": "",
        },
    )
    assert (answer.status_code, answer.location) == (303, "/desk/reviews/steps")
    steps = services.planned_steps(queries.plan_for(section.id))
    lin, omar = desk.lawyers
    assert steps == [
        PlannedStep({"zh": "法务"}, mode="all", days=2, required=False, people=(lin.id, omar.id)),
        PlannedStep({"en": "Second"}, role="editor", days=0, people=(omar.id,)),
    ]
    assert texts(client.get("/desk/reviews/steps"), "//tbody/tr[last()]/td") == ["法务 → Second"]
    client.post(f"/desk/sections/{section.id}/review", data={"kind": "default"})
    assert db.session.get(ReviewPlan, f"section:{section.id}") is None


def test_steps_that_were_typed_beside_another_answer_are_not_thrown_away(
    client: FlaskClient, desk: Desk
) -> None:
    section = make_section("focus")
    sign_in(client, desk.chief)
    address, steps = (
        f"/desk/sections/{section.id}/review",
        {"rows-0-name_en": "Look", "rows-0-role": "editor"},
    )
    answer = client.post(address, data={**steps, "kind": "default"})
    assert answer.status_code == 422
    assert texts(answer, ".field__error") == ["You wrote down steps. To use them, choose the first answer."]
    assert client.post(address, data={**steps, "kind": "own"}).status_code == 303
    assert client.post(address, data={**steps, "kind": "none"}).status_code == 303
    assert queries.plan_for(section.id).steps == []


def test_a_step_that_names_nobody_we_know_is_sent_back(client: FlaskClient, desk: Desk) -> None:
    sign_in(client, desk.chief)
    answer = client.post(
        "/desk/reviews/steps/default",
        data={"kind": "own", "rows-0-name_en": "Look", "rows-0-people": "Nobody Special"},
    )
    assert answer.status_code == 422
    assert texts(answer, "//*[contains(@class, 'notice--bad')]//li") == [
        "Nobody, or more than one person, is called Nobody Special."
    ]


def test_the_queue_lists_the_most_urgent_first_and_overdue_apart(client: FlaskClient, desk: Desk) -> None:
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="editor", days=1)], by=None, at=clock.now())
    late, soon = make_post("Late", publish=False), make_post("Soon", publish=False)
    for days, post in ((3, late), (0, soon)):
        with clock.stopped(clock.now() - timedelta(days=days)), transaction():
            services.submit_post(post.id, by=desk.author, at=clock.now())
    sign_in(client, desk.chief)
    assert texts(client.get("/desk/reviews"), ".table__title") == ["Late", "Soon"]
    assert texts(client.get("/desk/reviews?whose=overdue"), ".table__title") == ["Late"]
    sign_in(client, tom())
    assert texts(client.get("/desk/reviews"), ".table__title") == []
    assert texts(client.get("/desk/reviews?whose=all"), ".table__title") == ["Late", "Soon"]


def test_the_queue_costs_the_same_with_one_row_and_with_three(
    client: FlaskClient, desk: Desk, count_queries: list[str]
) -> None:
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="editor")], by=None, at=clock.now())
    sign_in(client, desk.chief)
    client.get("/desk/reviews")
    counts = []
    for number in range(3):
        post = make_post(f"Text {number}", publish=False, bylines=[desk.author])
        with transaction():
            services.submit_post(post.id, by=desk.author, at=clock.now())
        db.session.expire_all()
        count_queries.clear()
        assert len(texts(client.get("/desk/reviews"), ".table__title")) == number + 1
        counts.append(len(count_queries))
    assert counts[0] == counts[1] == counts[2]


def test_the_calendar_moves_a_due_date_and_is_told_when_it_cannot(client: FlaskClient, desk: Desk) -> None:
    desk.submit()
    sign_in(client, desk.chief)
    address, wants = review(desk, f"/steps/{desk.step_ids[0]}/due"), {"Accept": "application/json"}
    answer = client.post(address, data={"wall": "2026-11-30T10:00", "zone": "UTC"}, headers=wants)
    assert (answer.status_code, answer.get_json()) == (200, {"message": "Moved."})
    answer = client.post(address, data={"wall": "2026-11-20T10:00", "zone": "UTC"}, headers=wants)
    assert (answer.status_code, answer.get_json()) == (
        422,
        {"message": "This time has passed. Please choose a later one."},
    )


def test_people_are_told_once_and_never_what_they_did(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.save("A real change.", desk.author)
    told = db.session.execute(select(Notice.person_id, Notice.kind).order_by(Notice.id)).all()
    lin, _omar_is_a_guest_without_a_mailbox = desk.lawyers
    assert sorted(map(tuple, told)) == [
        (desk.expert.id, "review.asked"),
        (desk.expert.id, "review.voided"),
        (lin.id, "review.asked"),
    ]
