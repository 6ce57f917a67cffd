"""Who may use the pages of juries, votes, proofs and certificates."""

from cms.contests.judging import services
from cms.contests.judging.models import Certificate
from cms.contests.models import Contest
from cms.core import clock
from cms.core.database import transaction
from tests.cms.contests.judging.judged import DAY, judge, make_contest, make_entries, set_rules
from tests.factories import save
from tests.house.authorisation import HIDDEN, REFUSED, SIGN_IN, Row, each, everyone, only, signed_in

RUNS = ("editor", "manager", "admin")


def nobody_else(rest: str = "") -> Row:
    """Of a seat on which none of them sits: only its juror goes through, which `test_pages.py` shows."""
    return each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=HIDDEN,
        author=REFUSED,
        editor=REFUSED,
        manager=REFUSED,
        admin=REFUSED,
        at=lambda: f"/me/juries/{_judged()[1]}{rest}",
    )


def _judged() -> tuple[Contest, int]:
    contest = make_contest()
    make_entries(contest, 1)
    return contest, judge(contest, 1)[0].id


def _desk(rest: str = "") -> str:
    contest = make_contest()
    set_rules(contest)
    return f"/desk/contests/{contest.id}/judging{rest}"


def _vote(rest: str = "") -> str:
    contest = make_contest(vote=0)
    set_rules(contest)
    return f"/contests/expo/vote{rest.format(make_entries(contest, 1)[0].id)}"


def _opened() -> str:
    contest, _seat = _judged()
    with transaction():
        services.seal_scores(contest.id, by=None, at=clock.now() + 3 * DAY)
        services.open_results(contest.id, by=None, at=clock.now() + 3 * DAY)
    return "/contests/expo/results.zip"


def _proof() -> str:
    set_rules(make_contest())
    return "/contests/expo/proof"


def _certificate() -> Certificate:
    contest = make_contest()
    entry = make_entries(contest, 1)[0]
    return save(
        Certificate(
            code="ABCD-EFGH-JKLM-NPQR",
            contest_id=contest.id,
            entry_id=entry.id,
            name="Rae",
            title="My phone",
            language="en",
            issued_at=clock.now(),
        )
    )


def _certificate_at_desk(rest: str = "") -> str:
    found = _certificate()
    return f"/desk/contests/{found.contest_id}/judging/certificates/{found.id}{rest}"


def _comment() -> str:
    contest, seat = _judged()
    entry_id = services.accepted_entries(contest.id)[0]
    with transaction():
        score = services.save_score(
            seat, entry_id, {}, content_hash=_hash(entry_id), version=0, comment="Good.", at=clock.now()
        )
    return f"/desk/contests/{contest.id}/judging/comments/{score.id}"


def _hash(entry_id: int) -> str:
    from cms.contests.models import Entry
    from cms.core.database import db

    return db.session.get_one(Entry, entry_id).sealed_hash or ""


def _voter() -> str:
    from cms.contests.judging.models import Voter

    contest = make_contest(vote=0)
    set_rules(contest)
    keys = {"person_key": "a", "address_key": "b", "network_key": "c"}
    voter = save(
        Voter(contest_id=contest.id, account_days=0, state="held", held_for=[], first_at=clock.now(), **keys)
    )
    return f"/desk/contests/{contest.id}/judging/voters/{voter.id}"


def _seat_at_desk(rest: str = "") -> str:
    contest, seat = _judged()
    return f"/desk/contests/{contest.id}/judging/seats/{seat}{rest}"


ROWS = {
    "judging.list_juries GET": signed_in("/me/juries"),
    "judging.show_seat GET": nobody_else(),
    "judging.show_task GET": nobody_else("/1"),
    "judging.save_score POST": nobody_else("/1"),
    "judging.recuse POST": nobody_else("/1/recusal"),
    "judging.show_vote GET": signed_in(_vote),
    "judging.show_candidate GET": signed_in(lambda: _vote("/{}")),
    "judging.cast_vote POST": signed_in(lambda: _vote("/{}")),
    "judging.take_vote_back POST": signed_in(lambda: _vote("/{}/removal")),
    "judging.show_proof GET": everyone(_proof),
    "judging.send_bundle GET": everyone(_opened),
    "judging.show_certificate GET": everyone(lambda: f"/certificates/{_certificate().code}"),
    "judging.send_certificate GET": everyone(lambda: f"/certificates/{_certificate().code}.pdf"),
    "judging.show_judging GET": only(*RUNS, at=_desk),
    "judging.set_judging POST": only(*RUNS, at=_desk),
    "judging.share_out POST": only(*RUNS, at=lambda: _desk("/shares")),
    "judging.leave_seat POST": only(*RUNS, at=lambda: _seat_at_desk("/departure")),
    "judging.show_seat_at_desk GET": only(*RUNS, at=_seat_at_desk),
    "judging.swap_entry POST": only(*RUNS, at=lambda: _seat_at_desk("/swap")),
    "judging.set_head POST": only(*RUNS, at=lambda: _desk("/head")),
    "judging.moderate_comment POST": only(*RUNS, at=_comment),
    "judging.decide_voter POST": only(*RUNS, at=_voter),
    "judging.compare_entries POST": only(*RUNS, at=lambda: _desk("/likenesses")),
    "judging.open_results POST": only(*RUNS, at=lambda: _desk("/opening")),
    "judging.propose_places POST": only(*RUNS, at=lambda: _desk("/places")),
    "judging.issue_certificates POST": only(*RUNS, at=lambda: _desk("/certificates")),
    "judging.revoke_certificate POST": only(*RUNS, at=lambda: _certificate_at_desk("/revocation")),
    "judging.show_certificate_at_desk GET": only(*RUNS, at=_certificate_at_desk),
    "judging.reissue_certificate POST": only(*RUNS, at=_certificate_at_desk),
}
