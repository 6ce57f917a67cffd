"""Rounds: sent for review, decided, voided, sent back, withdrawn, set aside."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.people.models import AuditEntry
from cms.posts import services as posts
from cms.posts.jobs import publish_due_posts
from cms.posts.models import Post, Revision
from cms.reviews import queries, services
from cms.reviews.models import Claim, ReviewRound, RoundStep
from cms.reviews.services import PlannedStep
from cms.reviews.standing import author_ids
from tests.cms.reviews.conftest import TEXT, Desk
from tests.factories import make_person, make_post, make_section, read_again, save, tom


def change(person: object, **fields: object) -> None:
    with transaction():
        row = db.session.merge(person)
        for name, value in fields.items():
            setattr(row, name, value)


def test_steps_come_one_after_the_other_and_the_text_goes_out_when_all_agree(desk: Desk) -> None:
    desk.submit("Please look at the figures.")
    assert desk.states == ["waiting", "later", "later"]
    desk.decide(0, desk.expert)
    assert desk.states == ["done", "waiting", "later"]
    desk.decide(1, desk.lawyers[0])
    assert desk.states == ["done", "waiting", "later"]
    desk.decide(1, desk.lawyers[1])
    assert desk.states == ["done", "done", "waiting"]
    with pytest.raises(posts.NotReady):
        desk.publish(desk.chief)
    desk.decide(2, desk.chief)
    assert (desk.review.is_agreed, desk.review.round.words) == (True, "Please look at the figures.")
    desk.publish(desk.chief)
    assert read_again(Post, desk.post_id).is_live
    assert desk.review.round.outcome == "published"


def test_a_step_is_due_at_the_end_of_a_working_day(desk: Desk) -> None:
    desk.submit()
    step = desk.review.steps[0].step
    assert (step.due_wall, step.due_zone) == ("2026-11-24T18:00", "UTC")
    assert step.due_at == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def test_a_step_asked_after_hours_and_due_the_same_day_is_due_the_next(desk: Desk) -> None:
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="editor", days=0)], by=None, at=clock.now())
    post = make_post("Late", publish=False)
    with clock.stopped(datetime(2026, 11, 21, 19, 30, tzinfo=UTC)), transaction():
        services.submit_post(post.id, by=None, at=clock.now())
    assert db.session.scalars(select(RoundStep.due_wall)).all() == ["2026-11-22T18:00"]


def test_a_later_step_cannot_be_decided_before_its_turn(desk: Desk) -> None:
    desk.submit()
    with pytest.raises(services.NotReachedYet):
        desk.decide(2, desk.chief)
    assert desk.states == ["waiting", "later", "later"]


def test_a_real_change_voids_what_was_approved_and_the_record_keeps_it(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.save("The network is loud in spring.", desk.author)
    first = desk.review.steps[0]
    assert (desk.states, first.is_done) == (["waiting", "waiting", "later"], False)
    assert [(one.person_id, one.revision.number) for one in first.voided] == [(desk.expert.id, 1)]
    assert [one.verdict for one in first.decisions] == ["approved"]


def test_a_save_that_changes_nothing_voids_nothing(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.save(TEXT, desk.author)
    assert desk.states == ["done", "waiting", "later"]
    assert read_again(Post, desk.post_id).latest_revision_id == desk.review.steps[0].approvals[0].revision_id


def test_going_back_to_the_approved_text_brings_the_approval_back(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    first = read_again(Post, desk.post_id).latest_revision_id
    desk.save("Something else.", desk.author)
    assert desk.states[0] == "waiting"
    with transaction():
        posts.restore_revision(desk.post_id, first, by=desk.author, at=clock.now())
    assert desk.states == ["done", "waiting", "later"]


def test_a_reviewer_saves_a_mended_typo_and_approves_it_in_one_act(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.decide(1, desk.lawyers[0])
    desk.decide(1, desk.lawyers[1])
    desk.save("The network is quiet in the spring.", desk.chief, wish=f"approve:{desk.step_ids[2]}")
    post = read_again(Post, desk.post_id)
    assert read_again(Revision, post.latest_revision_id).body == "The network is quiet in the spring."
    assert desk.states == ["waiting", "waiting", "done"]
    with pytest.raises(posts.NotReady):
        desk.publish(desk.chief)
    desk.decide(0, desk.expert)  # one word each, in any order
    desk.decide(1, desk.lawyers[1])
    desk.decide(1, desk.lawyers[0])
    desk.publish(desk.chief)
    assert read_again(Post, desk.post_id).is_live


def test_saving_without_a_change_and_approving_makes_no_revision(desk: Desk) -> None:
    desk.submit()
    desk.save(TEXT, desk.expert, wish=f"approve:{desk.step_ids[0]}")
    assert desk.states == ["done", "waiting", "later"]
    assert db.session.scalars(select(Revision.number).where(Revision.post_id == desk.post_id)).all() == [1]


def test_a_wish_that_cannot_be_granted_undoes_the_save_so_that_the_form_comes_back(desk: Desk) -> None:
    desk.submit()
    with pytest.raises(services.NotAsked):
        desk.save("Mine.", desk.author, wish=f"approve:{desk.step_ids[0]}")
    assert desk.review.post.latest.body == TEXT


def test_saving_can_send_for_review(desk: Desk) -> None:
    desk.save("A better text.", desk.author, wish="submit")
    assert (desk.states, desk.review.round.asked_by_id) == (["waiting", "later", "later"], desk.author.id)


def test_approving_a_text_that_is_not_the_newest_is_refused(desk: Desk) -> None:
    desk.submit()
    seen = read_again(Post, desk.post_id).latest_revision_id
    desk.save("Changed meanwhile.", desk.author)
    with pytest.raises(services.TextChanged):
        desk.decide(0, desk.expert, revision_id=seen)
    assert desk.review.steps[0].decisions == ()


def test_an_older_revision_that_says_the_same_may_be_approved(desk: Desk) -> None:
    desk.submit()
    first = read_again(Post, desk.post_id).latest_revision_id
    desk.save("Something else.", desk.author)
    with transaction():
        posts.restore_revision(desk.post_id, first, by=desk.author, at=clock.now())
    desk.decide(0, desk.expert, revision_id=first)
    assert desk.states[0] == "done"


def test_saying_the_same_twice_is_refused(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    with pytest.raises(services.AlreadyDecided):
        desk.decide(0, desk.expert)


def test_asking_for_changes_needs_words(desk: Desk) -> None:
    desk.submit()
    with pytest.raises(Invalid) as problem:
        desk.decide(0, desk.expert, "changes", "  ")
    assert problem.value.errors == {"words": "Please say what should change, or what you think."}


def test_asked_for_changes_the_text_goes_back_and_goes_on_where_it_stood(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.decide(1, desk.lawyers[0], "changes", "Name the source.")
    assert desk.review.round.returned_at == clock.now()
    with pytest.raises(services.SentBack):
        desk.decide(1, desk.lawyers[1])
    desk.submit("I did.")
    assert (desk.review.round.returned_at, desk.review.round.number) == (None, 1)
    assert desk.states == ["done", "waiting", "later"]
    desk.decide(1, desk.lawyers[0])
    assert [one.verdict for one in desk.review.steps[1].decisions] == ["changes", "approved"]


def test_a_comment_decides_nothing(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert, "comment", "Nice.")
    assert (desk.states[0], desk.review.round.returned_at) == ("waiting", None)


def test_who_changed_their_mind_has_the_last_word(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    desk.decide(0, desk.expert, "changes", "I overlooked something.")
    assert (desk.states[0], desk.review.steps[0].is_done) == ("waiting", False)


def test_sending_twice_is_refused(desk: Desk) -> None:
    desk.submit()
    with pytest.raises(services.AlreadyInReview):
        desk.submit()


def test_a_section_without_steps_needs_no_review(desk: Desk) -> None:
    post = make_post("Elsewhere", publish=False, by=desk.author)
    with pytest.raises(services.NoReviewNeeded), transaction():
        services.submit_post(post.id, by=desk.author, at=clock.now())
    with transaction():
        posts.publish_post(post.id, by=desk.chief, at=clock.now())
    assert read_again(Post, post.id).is_live


def test_a_withdrawn_review_counts_for_nothing_and_a_new_round_begins(desk: Desk) -> None:
    desk.submit()
    desk.approve_all()
    with transaction():
        services.withdraw_round(desk.post_id, by=desk.author, at=clock.now())
    with pytest.raises(posts.NotReady):
        desk.publish(desk.chief)
    with pytest.raises(services.NotInReview), transaction():
        services.withdraw_round(desk.post_id, by=desk.author, at=clock.now())
    desk.submit()
    assert (desk.review.round.number, desk.states) == (2, ["waiting", "later", "later"])


def test_a_step_of_a_round_that_is_over_cannot_be_decided(desk: Desk) -> None:
    desk.submit()
    old = desk.step_ids[0]
    with transaction():
        services.withdraw_round(desk.post_id, by=desk.author, at=clock.now())
    desk.submit()
    with pytest.raises(services.NotInReview), transaction():
        services.decide(old, verdict="approved", revision_id=None, by=desk.expert, at=clock.now())


def test_a_changed_plan_does_not_change_a_round_that_runs(desk: Desk) -> None:
    desk.submit()
    with transaction():
        services.set_plan(
            desk.section.id, [PlannedStep({"en": "Only one"}, role="admin")], by=desk.chief, at=clock.now()
        )
    assert [one.step.name["en"] for one in desk.review.steps] == ["Expert check", "Legal", "Chief editor"]
    desk.approve_all()
    desk.publish(desk.chief)
    assert read_again(Post, desk.post_id).is_live


def test_sections_without_steps_of_their_own_go_by_the_default(desk: Desk) -> None:
    other = make_section("other")
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="editor")], by=None, at=clock.now())
        services.set_plan(other.id, [], by=None, at=clock.now())
    by_default, without = make_post("One", publish=False), make_post("Two", publish=False, section=other)
    with pytest.raises(posts.NotReady), transaction():
        posts.publish_post(by_default.id, by=None, at=clock.now())
    with transaction():
        posts.publish_post(without.id, by=None, at=clock.now())
    with transaction():
        services.drop_plan(other.id, by=None, at=clock.now())
    with transaction():
        services.submit_post(without.id, by=None, at=clock.now())
    assert [one.step.name for one in queries.get_review(without.id).steps] == [{"en": "Look"}]


def test_an_optional_step_holds_nothing_up(desk: Desk) -> None:
    with transaction():
        services.set_plan(
            desk.section.id,
            [
                PlannedStep({"en": "Style"}, people=(desk.expert.id,), required=False),
                PlannedStep({"en": "Chief"}, role="editor"),
            ],
            by=None,
            at=clock.now(),
        )
    desk.submit()
    assert desk.states == ["waiting", "waiting"]
    desk.decide(1, desk.chief)
    desk.publish(desk.chief)
    assert read_again(Post, desk.post_id).is_live


def test_authors_do_not_approve_their_own_text_while_somebody_else_can(desk: Desk) -> None:
    own = make_post("Mine", publish=False, section=desk.section, by=desk.chief)
    with transaction():
        services.set_plan(
            desk.section.id, [PlannedStep({"en": "Chief"}, role="editor")], by=None, at=clock.now()
        )
    second = make_person("Sol Reyes", "editor")
    with transaction():
        services.submit_post(own.id, by=desk.chief, at=clock.now())
    desk.post_id = own.id
    with pytest.raises(services.OwnText):
        desk.decide(0, desk.chief)
    assert [one.id for one in desk.review.steps[0].missing] == [second.id]
    change(second, disabled_at=clock.now())
    desk.decide(0, desk.chief)  # nobody else is left
    assert desk.states == ["done"]


def test_a_reviewer_who_lost_the_right_is_not_waited_for(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    change(desk.lawyers[1], disabled_at=clock.now())
    with pytest.raises(services.NotAsked):
        desk.decide(1, desk.lawyers[1])
    desk.decide(1, desk.lawyers[0])
    assert desk.states == ["done", "done", "waiting"]


def test_what_somebody_approved_before_losing_the_right_stays(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    change(desk.expert, role="member")
    assert desk.review.steps[0].is_done
    assert [one.role for one in desk.review.steps[0].decisions] == ["expert"]


def test_when_nobody_is_left_the_step_says_so_and_somebody_else_can_be_asked(desk: Desk) -> None:
    desk.submit()
    change(desk.expert, role="member")
    assert [one.is_stuck for one in desk.review.steps] == [True, False, False]
    manager = tom()
    with transaction():
        services.ask_person(desk.step_ids[0], manager.id, by=desk.chief, at=clock.now())
    assert [one.name for one in desk.review.steps[0].reviewers] == ["Tom Okafor"]
    desk.decide(0, manager)
    assert desk.states[0] == "done"
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-1] == "review.person_asked"


def test_members_cannot_be_asked(desk: Desk) -> None:
    desk.submit()
    member = make_person("Rae Sato", "member")
    with pytest.raises(Invalid) as problem, transaction():
        services.ask_person(desk.step_ids[0], member.id, by=desk.chief, at=clock.now())
    assert problem.value.errors == {"who": "Rae Sato cannot review."}


def test_an_admin_lets_one_text_out_with_a_reason_that_stays(desk: Desk) -> None:
    admin = make_person("Ada Min", "admin")
    with pytest.raises(Invalid), transaction():
        services.set_aside(desk.post_id, reason=" ", by=admin, at=clock.now())
    with transaction():
        services.set_aside(desk.post_id, reason="Storm warning.", by=admin, at=clock.now())
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.act, entry.subject, entry.by_id) == ("review.set_aside", f"post:{desk.post_id}", admin.id)
    desk.save("Another text.", desk.author)
    with pytest.raises(posts.NotReady):  # it was for that text only
        desk.publish(admin)
    desk.save(TEXT, desk.author)
    desk.publish(admin)
    assert read_again(Post, desk.post_id).is_live


def test_what_an_approver_planned_goes_out_though_the_author_may_not_publish(desk: Desk) -> None:
    desk.submit()
    desk.approve_all()
    with transaction():
        posts.schedule_post(desk.post_id, wall="2026-11-22T09:00", zone="UTC", by=desk.chief, at=clock.now())
    planned = read_again(Post, desk.post_id).due_revision_id
    desk.save("Edited after it was approved.", desk.author)
    with clock.stopped(datetime(2026, 11, 22, 9, 0, 1, tzinfo=UTC)):
        assert publish_due_posts() == {"published": 1}
    post = read_again(Post, desk.post_id)
    assert (post.live_revision_id, post.latest_revision_id == planned) == (planned, False)
    assert desk.review.is_running  # the newer text is still to be agreed on


def test_planning_a_text_that_nobody_approved_is_refused(desk: Desk) -> None:
    with pytest.raises(posts.NotReady) as problem, transaction():
        posts.schedule_post(desk.post_id, wall="2026-11-22T09:00", zone="UTC", by=desk.chief, at=clock.now())
    assert problem.value.message == (
        "Texts of this section are reviewed before they go out. Send it for review first."
    )


def test_an_open_claim_holds_up_approval_and_publication(desk: Desk) -> None:
    desk.submit()
    claim = save(
        Claim(
            post_id=desk.post_id, revision_id=desk.review.post.latest.id, quote="quiet", raised_at=clock.now()
        )
    )
    with pytest.raises(services.ClaimsOpen):
        desk.decide(0, desk.expert)
    change(
        claim, state="sourced", source="Field report 12", expires_on=(clock.now() + timedelta(days=1)).date()
    )
    desk.approve_all()
    with pytest.raises(posts.NotReady) as problem:
        desk.publish(desk.chief, clock.now() + timedelta(days=3))
    assert problem.value.message == "1 sentence in this text still needs a source."
    desk.publish(desk.chief)
    assert read_again(Post, desk.post_id).is_live


def test_a_post_moved_to_another_section_is_reviewed_by_its_steps(desk: Desk) -> None:
    desk.submit()
    desk.approve_all()
    other = make_section("other")
    with transaction():
        services.set_plan(other.id, [PlannedStep({"en": "Look"}, role="admin")], by=None, at=clock.now())
        posts.set_details(desk.post_id, by=None, at=clock.now(), section_id=other.id)
    with pytest.raises(posts.NotReady) as problem:
        desk.publish(desk.chief)
    assert problem.value.message == (
        "This text is reviewed under the steps of another section. Withdraw it and send it again."
    )


def test_a_due_time_is_moved_but_not_into_the_past(desk: Desk) -> None:
    desk.submit()
    step_id = desk.step_ids[0]
    with transaction():
        services.move_due(
            step_id, wall="2026-12-01T09:30", zone="Asia/Shanghai", by=desk.chief, at=clock.now()
        )
    step = read_again(RoundStep, step_id)
    assert step.due_at == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    with pytest.raises(Invalid), transaction():
        services.move_due(step_id, wall="2026-11-21T09:30", zone="UTC", by=desk.chief, at=clock.now())


def test_a_purged_post_takes_its_review_with_it(desk: Desk) -> None:
    desk.submit()
    desk.decide(0, desk.expert)
    with transaction():
        posts.trash_post(desk.post_id, by=None, at=clock.now())
        posts.purge_post(desk.post_id, by=None, at=clock.now())
    assert db.session.scalars(select(ReviewRound)).all() == []


def test_a_plan_that_makes_no_sense_is_sent_back(desk: Desk) -> None:
    member = make_person("Rae Sato", "member")
    wrong = {
        "Step 1 needs a name.": PlannedStep({"en": ""}, role="editor"),
        "Please choose from the lists in step 1.": PlannedStep({"en": "A"}, role="wizard"),
        "Step 1 may take up to 90 days.": PlannedStep({"en": "A"}, role="editor", days=91),
        "Say who is asked in step 1: people, a role, or both.": PlannedStep({"en": "A"}),
        "Rae Sato cannot review (step 1).": PlannedStep({"en": "A"}, people=(member.id,)),
        "Somebody named in step 1 does not exist.": PlannedStep({"en": "A"}, people=(987_654,)),
    }
    for sentence, step in wrong.items():
        with pytest.raises(Invalid) as problem, transaction():
            services.set_plan(None, [step], by=None, at=clock.now())
        assert problem.value.errors == {"steps": sentence}


def test_whose_text_it_is(desk: Desk) -> None:
    lena = make_person("Lena Ortiz", "author", handle="lena")
    post = make_post("Two", bylines=[lena, (desk.chief, "photographer")], by=desk.author)
    desk.post_id = post.id
    assert author_ids(desk.review.post) == {desk.author.id, lena.id}
