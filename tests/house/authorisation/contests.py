"""Who may use the pages of contests: readers, entrants, and who runs them."""

from datetime import timedelta

from cms.contests import services
from cms.contests.models import Contest, Entry
from cms.core import clock
from cms.core.database import transaction
from cms.drafts import services as drafts
from cms.drafts.services import Sent
from cms.people.models import Person
from tests.cms.contests.held import make_contest, member
from tests.factories import make_person
from tests.house.authorisation import HIDDEN, SIGN_IN, Row, each, everyone, only, signed_in

RUNS = ("editor", "manager", "admin")


def contest() -> Contest:
    return make_contest(start=clock.now())


def public(rest: str = "") -> str:
    return f"/contests/{contest().slug}{rest}"


def desk(rest: str = "") -> str:
    return f"/desk/contests/{contest().id}{rest}"


def entered() -> Entry:
    from tests.cms.contests.held import enter

    return enter(contest(), member("Rae Sato", handle="rae-enters"), clock.now() + timedelta(days=1))


def own(rest: str = "") -> str:
    return f"/me/entries/{entered().id}{rest}"


def at_desk(rest: str = "") -> str:
    return f"/desk/contests/entries/{entered().id}{rest}"


def with_draft(act: str) -> str:
    entry = entered()
    assert entry.person_id is not None
    with transaction():
        sent = Sent(tab="tab-of-rae", sequence=1, fields={"body": "x"})
        draft_id = drafts.keep(entry.person_id, f"entry:{entry.id}", sent, at=clock.now()).id
    return f"/me/entries/{entry.id}/drafts/{draft_id}/{act}"


def nobody(at: object) -> Row:
    """Somebody else's entry: nobody of the table wrote it."""
    from tests.house.authorisation import REFUSED

    hidden = {"member": HIDDEN, "expert": HIDDEN}
    refused = dict.fromkeys(("author", "editor", "manager", "admin"), REFUSED)
    return each(at=at, visitor=SIGN_IN, **hidden, **refused)  # type: ignore[arg-type]


def another(role: str = "juror") -> tuple[int, Person]:
    one, person = contest(), make_person("Lin Wei", "member")
    with transaction():
        services.set_role(one.id, person.id, role, by=None, at=clock.now())
    return one.id, person


def removal() -> str:
    number, person = another()
    return f"/desk/contests/{number}/people/{person.id}/removal"


FEEDS = ("feed.xml", "atom.xml", "feed.json")
ROWS = {
    "contests.list_contests GET": everyone("/contests"),
    "contests.show_winners GET": everyone("/contests/winners"),
    "contests.show_contest GET": everyone(public),
    "contests.show_rules GET": everyone(lambda: public("/rules/1")),
    "contests.show_calendar GET": everyone(lambda: public("/calendar.ics")),
    **{f"contests.contests_{one.replace('.', '_')} GET": everyone(f"/contests/{one}") for one in FEEDS},
    **{
        f"contests.contest_{one.replace('.', '_')} GET": everyone(lambda one=one: public(f"/{one}"))  # type: ignore[misc]
        for one in FEEDS
    },
    "contests.take_part GET": signed_in(lambda: public("/enter")),
    "contests.begin_entry POST": signed_in(lambda: public("/enter")),
    "contests.follow_contest POST": signed_in(lambda: public("/reminder")),
    "contests.unfollow_contest POST": signed_in(lambda: public("/reminder/removal")),
    "contests.list_own_entries GET": signed_in("/me/entries"),
    "contests.show_own_entry GET": nobody(own),
    "contests.save_entry POST": nobody(own),
    "contests.show_sealed GET": nobody(lambda: own("/sealed")),
    "contests.show_draft GET": nobody(lambda: own("/drafts/1")),
    "contests.keep_draft POST": nobody(lambda: own("/drafts/1")),
    "contests.discard_draft POST": nobody(lambda: with_draft("removal")),
    "contests.take_draft_back POST": nobody(lambda: with_draft("restoration")),
    "contests.invite_author POST": nobody(lambda: own("/authors")),
    "contests.answer_invitation POST": nobody(lambda: own("/authorship")),
    "contests.withdraw_entry POST": nobody(lambda: own("/withdrawal")),
    "contests.appeal_entry POST": nobody(lambda: own("/appeal")),
    "contests.list_contests_at_desk GET": only("author", *RUNS, at="/desk/contests"),
    "contests.new_contest GET": only(*RUNS, at="/desk/contests/new"),
    "contests.create_contest POST": only(*RUNS, at="/desk/contests"),
    "contests.manage_contest GET": only(*RUNS, at=desk),
    "contests.edit_contest GET": only(*RUNS, at=lambda: desk("/edit")),
    "contests.save_contest POST": only(*RUNS, at=lambda: desk("/edit")),
    "contests.announce_contest POST": only(*RUNS, at=lambda: desk("/announcement")),
    "contests.extend_phase POST": only(*RUNS, at=lambda: desk("/extension")),
    "contests.cancel_contest POST": only(*RUNS, at=lambda: desk("/cancellation")),
    "contests.add_person POST": only(*RUNS, at=lambda: desk("/people")),
    "contests.remove_person POST": only(*RUNS, at=removal),
    "contests.list_entries GET": only(*RUNS, at=lambda: desk("/entries")),
    "contests.show_entry GET": only(*RUNS, at=at_desk),
    "contests.check_entry POST": only(*RUNS, at=lambda: at_desk("/verdict")),
    "contests.decide_appeal POST": only(*RUNS, at=lambda: at_desk("/appeal")),
    "contests.give_feedback POST": only(*RUNS, at=lambda: at_desk("/feedback")),
    "contests.publish_entry POST": only(*RUNS, at=lambda: at_desk("/publication")),
    "contests.show_results GET": only(*RUNS, at=lambda: desk("/results")),
    "contests.set_places POST": only(*RUNS, at=lambda: desk("/results")),
    "contests.check_results POST": only(*RUNS, at=lambda: desk("/results/check")),
    "contests.finish_results POST": only(*RUNS, at=lambda: desk("/results/end")),
}
