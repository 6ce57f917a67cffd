from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cms.contests import services as contest_services
from cms.contests.judging import queries, services
from cms.contests.judging.jobs import remind_jurors
from cms.contests.judging.models import JuryAssignment, JuryScore, JurySeat
from cms.contests.models import ContestRole
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid, NotFound
from cms.notices.jobs import mail_due_notices
from cms.notices.models import Notice
from cms.notices.queries import visible_to
from tests.cms.contests.judging.judged import (
    DAY,
    judge,
    make_contest,
    make_entries,
    make_entry,
    score,
    seats,
    set_rules,
)
from tests.cms.people.letters import letters_to
from tests.factories import make_person, save, sign_in

pytestmark = pytest.mark.usefixtures("app")


def load(seat: JurySeat) -> int:
    return db.session.scalar(select(func.count()).where(JuryAssignment.seat_id == seat.id)) or 0


def test_entries_are_shared_evenly() -> None:
    contest = make_contest()
    entries = make_entries(contest, 6)
    found = judge(contest, 3, per_entry=2)
    assert [load(one) for one in found] == [4, 4, 4]
    orders = {
        tuple(task.title for task in queries.tasks_of(one.id)) for one in judge(make_contest("b"), 0) or found
    }
    assert len(orders) == 3
    assert queries.progress(contest.id).without_juror == ()
    assert len(entries) == 6


def test_sharing_out_again_changes_nothing() -> None:
    contest = make_contest()
    make_entries(contest, 5)
    found = judge(contest, 3, per_entry=2)
    before = [queries.tasks_of(one.id) for one in found]
    with transaction():
        services.share_out(contest.id, by=None, at=clock.now())
    assert [queries.tasks_of(one.id) for one in found] == before


def test_juror_never_gets_an_entry_of_their_own() -> None:
    contest = make_contest()
    make_entries(contest, 2)
    juror = make_person("Judge and writer", "expert", handle="both")
    own = make_entry(contest, juror, "Mine")
    save(ContestRole(contest_id=contest.id, person_id=juror.id, role="juror", added_at=clock.now()))
    found = judge(contest, 2)
    mine = next(one for one in found if one.person_id == juror.id)
    assert "Mine" not in [task.title for task in queries.tasks_of(mine.id)]
    assert load(mine) == 2
    with transaction(), pytest.raises(Conflict):
        services.swap(
            next(one for one in found if one is not mine).id, mine.id, own.id, by=None, at=clock.now()
        )


def test_recused_juror_loses_the_entry_and_another_gets_it() -> None:
    contest = make_contest()
    entries = make_entries(contest, 4)
    found = judge(contest, 3, per_entry=1)
    seat = next(one for one in found if load(one) == 2)
    entry_id = queries.get_task(seat.id, 1).entry_id
    entry = next(one for one in entries if one.id == entry_id)
    score(seat, entry, 3, 3)
    with transaction():
        services.recuse(seat.id, entry_id, "She is my sister.", by=None, at=clock.now())
        services.share_out(contest.id, by=None, at=clock.now())
    assert queries.find_score(seat.id, entry_id) is None
    holders = db.session.scalars(
        select(JuryAssignment.seat_id).where(JuryAssignment.entry_id == entry_id)
    ).all()
    assert len(holders) == 1
    assert seat.id not in holders
    with transaction(), pytest.raises(services.NotYours):
        _save(seat, entry)


def test_recusal_needs_a_reason() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    with transaction(), pytest.raises(Invalid):
        services.recuse(seat.id, entry.id, "  ", by=None, at=clock.now())


def test_when_a_juror_leaves_complete_scores_stay_and_the_rest_is_shared() -> None:
    contest = make_contest()
    entries = make_entries(contest, 6)
    found = judge(contest, 3, per_entry=1)
    gone = found[0]
    first = next(one for one in entries if one.id == queries.get_task(gone.id, 1).entry_id)
    score(gone, first, 4, 4)
    with transaction():
        assert services.leave_seat(gone.id, "ill", by=None, at=clock.now()) == 1
    assert [load(one) for one in found] == [1, 3, 2] or [load(one) for one in found] == [1, 2, 3]
    assert queries.find_score(gone.id, first.id) is not None


def test_late_juror_gets_every_entry_when_everybody_scores_all() -> None:
    contest = make_contest()
    make_entries(contest, 3)
    judge(contest, 2)
    late = make_person("Late", "expert", handle="late")
    save(ContestRole(contest_id=contest.id, person_id=late.id, role="juror", added_at=clock.now()))
    with transaction():
        services.share_out(contest.id, by=None, at=clock.now())
    assert [load(one) for one in seats(contest)] == [3, 3, 3]


def test_swap_moves_what_is_not_scored() -> None:
    contest = make_contest()
    entries = make_entries(contest, 2)
    one, other = judge(contest, 2, per_entry=1)
    moved = queries.get_task(one.id, 1).entry_id
    with transaction():
        services.swap(one.id, other.id, moved, by=None, at=clock.now())
    assert (load(one), load(other)) == (0, 2)
    score(other, next(entry for entry in entries if entry.id == moved), 1, None)
    with transaction(), pytest.raises(Conflict):
        services.swap(other.id, one.id, moved, by=None, at=clock.now())


def test_score_is_kept_and_skipped_is_not_zero() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    score(seat, entry, 5, None)
    found = queries.find_score(seat.id, entry.id)
    assert found is not None
    assert found.marks == {"idea": 5, "style": None}
    assert not found.is_complete
    assert queries.progress(contest.id).scored == 0
    score(seat, entry, 5, 1, version=found.version)
    assert queries.progress(contest.id).scored == 1


def test_score_for_another_text_or_from_an_older_form_is_refused() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    with pytest.raises(services.TextChanged):
        score(seat, entry, 5, 5, content_hash="0" * 64)
    score(seat, entry, 5, 5)
    with pytest.raises(services.TextChanged):
        score(seat, entry, 1, 1)
    assert queries.find_score(seat.id, entry.id).marks == {"idea": 5, "style": 5}  # type: ignore[union-attr]


def test_mark_of_no_level_is_refused() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    with pytest.raises(Invalid) as caught:
        score(seat, entry, 9, 1)
    assert list(caught.value.errors) == ["mark-idea"]


def test_nothing_is_scored_outside_the_phase() -> None:
    contest = make_contest(jury=5)
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    with pytest.raises(services.NotJudgingNow):
        score(seat, entry, 5, 5)


def test_withdrawn_entry_is_judged_no_more() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    with transaction():
        entry.withdrawn_at = clock.now()
    with pytest.raises(services.NotYours):
        score(seat, entry, 5, 5)
    with pytest.raises(NotFound):
        queries.get_task(seat.id, 1)
    assert queries.tasks_of(seat.id) == []


def test_first_score_freezes_the_rules() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    set_rules(contest, public_weight=30)
    score(seat, entry, 5, 5)
    with pytest.raises(services.JudgingFrozen):
        set_rules(contest, public_weight=0)
    with transaction(), pytest.raises(services.NotYet):
        services.set_head(contest.id, seat.id, by=None, at=clock.now())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rubric": []}, "rubric"),
        ({"public_weight": 100}, "public_weight"),
        ({"breaks": ["criterion:smell"]}, "breaks"),
        ({"votes_each": 0}, "votes_each"),
    ],
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, object], field: str) -> None:
    contest = make_contest()
    with pytest.raises(Invalid) as caught:
        set_rules(contest, **wrong)
    assert list(caught.value.errors) == [field]


def test_juror_reads_no_trace_of_the_author() -> None:
    contest = make_contest()
    rae = make_person("Rae Sato", "member", handle="rae_s", headline={"en": "Baker at Sato & Sons"})
    make_entry(
        contest,
        rae,
        "Rae's phone",
        "I, Rae Sato (@rae_s, rae_s@example.com), work at Sato & Sons.\n\nby R. S.",
    )
    seat = judge(contest, 1)[0]
    task = queries.get_task(seat.id, 1)
    shown = repr(task.title) + queries.blind_html(task.body) + repr(queries.tasks_of(seat.id))
    assert "Rae" not in shown
    assert "rae_s" not in shown
    assert "Sato" not in shown
    assert {one.kind for one in task.hints} == {"named", "signature", "reachable"}


def test_comment_reaches_the_entrant_only_when_let_through_and_names_are_open() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    score(seat, entry, 5, 5, comment="Warm and clear.", note="my favourite")
    waiting = queries.comments_waiting(contest.id)
    assert [one.comment for one in waiting] == ["Warm and clear."]
    with transaction():
        services.moderate_comment(waiting[0].id, "approved", by=None, at=clock.now())
    assert queries.comments_for_entrant(entry.id) == []
    later = clock.now() + 3 * DAY
    with transaction():
        services.seal_scores(contest.id, by=None, at=later)
        services.open_results(contest.id, by=None, at=later)
    assert queries.comments_for_entrant(entry.id) == ["Warm and clear."]


def test_changed_comment_waits_again() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    score(seat, entry, 5, 5, comment="Good.")
    with transaction():
        services.moderate_comment(queries.comments_waiting(contest.id)[0].id, "held", by=None, at=clock.now())
    score(seat, entry, 5, 5, comment="Better.", version=queries.find_score(seat.id, entry.id).version)  # type: ignore[union-attr]
    assert [one.comment for one in queries.comments_waiting(contest.id)] == ["Better."]


def test_erased_juror_leaves_their_scores() -> None:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    seat = judge(contest, 1)[0]
    score(seat, entry, 5, 3, note="private")
    before = services.opening.sealed_scores(queries.find_judging(contest.id))  # type: ignore[arg-type]
    with transaction():
        services.forget_person(seat.person_id or 0)
    db.session.expire_all()
    assert seats(contest)[0].person_id is None
    assert db.session.scalars(select(JuryScore.note)).all() == [""]
    assert services.opening.sealed_scores(queries.find_judging(contest.id)) == before  # type: ignore[arg-type]


def _save(seat: JurySeat, entry: object) -> None:
    services.save_score(
        seat.id,
        entry.id,  # type: ignore[attr-defined]
        {"idea": 1, "style": 1},
        content_hash=entry.sealed_hash,  # type: ignore[attr-defined]
        version=0,
        at=clock.now(),
    )


def notices_of(person_id: int | None) -> list[Notice]:
    query = select(Notice).where(Notice.person_id == person_id).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_who_is_put_on_a_jury_is_told_in_their_language_and_finds_it_among_their_juries(
    client: FlaskClient,
) -> None:
    organiser = make_person("Nadia Rahimi", "editor", handle="nadia-asks")
    juror = make_person("Lin Wei", "member", handle="lin", email="lin@example.com", locale="zh")
    contest = make_contest()
    with transaction():
        contest_services.set_role(contest.id, juror.id, "juror", by=organiser, at=clock.now())
        contest_services.set_role(contest.id, juror.id, "juror", by=organiser, at=clock.now())
    assert [(one.kind, one.times) for one in notices_of(juror.id)] == [("contest.jury", 1)]
    mail_due_notices()
    assert letters_to("lin@example.com") == []
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        mail_due_notices()
    (letter,) = letters_to("lin@example.com")
    assert "Nadia Rahimi 请您为“世博与移动”担任评委" in letter.text
    assert "One-Click" in letter.headers["List-Unsubscribe-Post"]
    sign_in(client, juror)
    assert client.get(f"/notices/{notices_of(juror.id)[0].id}").location.endswith("/me/juries")
    page = client.get("/me/juries").text
    assert "Expo and mobile" in page or "世博与移动" in page


def test_who_is_no_juror_any_more_reads_no_invitation() -> None:
    contest, juror = make_contest(), make_person("Lin Wei", "member", handle="lin")
    with transaction():
        contest_services.set_role(contest.id, juror.id, "juror", by=None, at=clock.now())
        assert len(visible_to(juror, notices_of(juror.id))) == 1
        contest_services.remove_role(contest.id, juror.id, by=None, at=clock.now())
        assert visible_to(juror, notices_of(juror.id)) == []


def test_jurors_with_entries_unscored_are_reminded_once_for_each_deadline() -> None:
    contest = make_contest(jury=0)
    entries = make_entries(contest, 2)
    done, half, gone = judge(contest, 3)
    for entry in entries:
        score(done, entry, 3, 3)
    score(half, entries[0], 3, 3)
    score(half, entries[1], 3, None)
    with transaction():
        services.leave_seat(gone.id, "ill", by=None, at=clock.now())
    ends = next(one for one in queries.get_contest(contest.id).phases if one.kind == "jury").ends_at
    assert ends is not None
    told = []
    for hours in (40, 39, 24, 23, 0.5, -1):
        with clock.stopped(ends - timedelta(hours=hours)):
            told.append(remind_jurors())
        if hours == 40:
            assert notices_of(half.person_id)[0].detail["hours"] == 40
    assert told == [{"told": 1}, {}, {"told": 1}, {}, {}, {}]
    (notice,) = notices_of(half.person_id)
    assert (notice.kind, notice.subject, notice.detail["count"], notice.detail["hours"]) == (
        "contest.jury_deadline",
        f"seat:{half.id}",
        1,
        24,
    )
    assert [notices_of(one.person_id) for one in (done, gone)] == [[], []]


def test_who_is_given_an_entry_of_another_juror_is_told() -> None:
    contest = make_contest()
    make_entries(contest, 2)
    giver, taker = judge(contest, 2, per_entry=1)
    entry_id = queries.get_task(giver.id, 1).entry_id
    with transaction():
        services.swap(giver.id, taker.id, entry_id, by=None, at=clock.now())
    assert [(one.kind, one.subject) for one in notices_of(taker.person_id)] == [
        ("contest.jury_entry", f"seat:{taker.id}")
    ]
    assert notices_of(giver.person_id) == []
