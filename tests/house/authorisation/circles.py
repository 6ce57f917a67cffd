"""Who may use the pages of circles: by how they stand to one, so everybody but its stewards is an outsider here."""

from cms.circles import services
from cms.circles.models import Circle
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import Person
from tests.cms.circles.making import join, make_call, make_circle, make_topic
from tests.factories import make_person, make_post
from tests.house.authorisation import (
    GOES,
    HIDDEN,
    REFUSED,
    SIGN_IN,
    Answer,
    Row,
    each,
    everyone,
    only,
    signed_in,
)

STEWARDS = ("editor", "manager", "admin")


def circle(**settings: object) -> Circle:
    return make_circle(owner=make_person("Olga Petrova", "member", handle="olga-owns"), **settings)


def at(rest: str = "", **settings: object) -> str:
    return f"/circles/{circle(**settings).slug}{rest}"


def backed(rest: str) -> str:
    made, by = circle(), make_person("Ed", "editor", handle="ed-backs")
    with transaction():
        services.back_circle(made.id, backed=True, by=by, at=clock.now())
    return f"/circles/{made.slug}{rest}"


def owned(rest: str) -> str:
    """Of a circle in which every walker is nobody, with a member in it whom one may act on."""
    made = circle()
    join(made, other())
    return f"/circles/{made.slug}/members/{other().id}{rest}"


def other() -> Person:
    found = db.session.query(Person).filter_by(handle="mel-member").one_or_none()
    return found or make_person("Mel", "member", handle="mel-member")


def topic(rest: str) -> str:
    made = circle()
    owner = db.session.query(Person).filter_by(handle="olga-owns").one()
    return f"/circles/{made.slug}/topics/{make_topic(made, owner).id}{rest}"


def call(rest: str) -> str:
    made = circle()
    owner = db.session.query(Person).filter_by(handle="olga-owns").one()
    return f"/circles/{made.slug}/topics/{make_call(made, owner).id}{rest}"


def link(kind: str) -> str:
    made = circle()
    owner = db.session.query(Person).filter_by(handle="olga-owns").one()
    with transaction():
        if kind == "link":
            token = services.make_link(made.id, most_uses=10, by=owner, at=clock.now())
            return f"/circles/invitations/{token}"
        token = services.make_feed(made.id, device="A phone", by=owner, at=clock.now())
    return f"/circles/feeds/{token}/hours.ics"


def stewards(address: object) -> Row:
    """Everybody else knows the circle, and may not do this in it."""
    return _row(address, REFUSED)


def nobody(address: object) -> Row:
    """Only its members, and none of the walkers is one."""
    given: dict[str, Answer] = dict.fromkeys(("member", "expert", "author", *STEWARDS), REFUSED)
    return each(at=address, visitor=SIGN_IN, **given)  # type: ignore[arg-type]


def _row(address: object, refused: Answer) -> Row:
    given = {**dict.fromkeys(("member", "expert", "author"), refused), **dict.fromkeys(STEWARDS, GOES)}
    return each(at=address, visitor=SIGN_IN, **given)  # type: ignore[arg-type]


def hidden(rest: str) -> Row:
    """Of a circle that only stewards know of."""
    return _row(lambda: at(rest, visibility="hidden"), HIDDEN)


ROWS = {
    "circles.list_circles GET": everyone("/circles"),
    "circles.show_circle GET": everyone(at),
    "circles.show_topic GET": everyone(lambda: topic("")),
    "circles.show_hours_file GET": everyone(lambda: at("/hours.ics")),
    "circles.show_private_hours_file GET": everyone(lambda: link("feed")),
    "circles.list_mine GET": signed_in("/me/circles"),
    "circles.choose_circle GET": signed_in(lambda: f"/me/circles/share?post={make_post('Spring notes').id}"),
    "circles.new_circle GET": signed_in("/circles/new"),
    "circles.create_circle POST": signed_in("/circles"),
    "circles.show_membership GET": signed_in(lambda: at("/membership")),
    "circles.join_circle POST": signed_in(lambda: at("/membership")),
    "circles.accept_invitation POST": signed_in(lambda: at("/membership/acceptance")),
    "circles.leave_circle POST": signed_in(lambda: at("/membership/removal")),
    "circles.take_over POST": signed_in(lambda: at("/membership/ownership")),
    "circles.list_bans GET": signed_in("/me/circles/bans"),
    "circles.appeal POST": each(
        visitor=SIGN_IN, member=HIDDEN, expert=HIDDEN, author=HIDDEN, editor=HIDDEN, manager=HIDDEN, admin=HIDDEN,
        at=lambda: f"/me/circles/bans/{circle().id}/appeal",
    ),
    "circles.refuse_appeal POST": stewards(lambda: owned("/appeal/refusal")),
    "circles.show_inside GET": hidden("/inside"),
    "circles.list_members GET": hidden("/members"),
    "circles.show_queue GET": hidden("/queue"),
    "circles.list_feeds GET": hidden("/feeds"),
    "circles.make_feed POST": stewards(lambda: at("/feeds")),
    "circles.revoke_feed POST": each(
        visitor=SIGN_IN, member=REFUSED, expert=REFUSED, author=REFUSED, editor=HIDDEN, manager=HIDDEN, admin=HIDDEN,
        at=lambda: at("/feeds/1/revocation"),
    ),
    "circles.show_settings GET": hidden("/settings"),
    "circles.save_settings POST": stewards(lambda: at("/settings")),
    "circles.show_picture GET": hidden("/picture"),
    "circles.set_picture POST": stewards(lambda: at("/picture")),
    "circles.remove_picture POST": stewards(lambda: at("/picture/removal")),
    "circles.hand_over POST": each(
        visitor=SIGN_IN, member=REFUSED, expert=REFUSED, author=REFUSED, editor=HIDDEN, manager=HIDDEN, admin=HIDDEN,
        at=lambda: at("/owner"),
    ),
    "circles.close_circle POST": stewards(lambda: at("/closing")),
    "circles.reopen_circle POST": stewards(lambda: at("/closing/removal")),
    "circles.invite POST": stewards(lambda: at("/invitations")),
    "circles.make_link POST": stewards(lambda: at("/links")),
    "circles.revoke_link POST": each(
        visitor=SIGN_IN, member=REFUSED, expert=REFUSED, author=REFUSED, editor=HIDDEN, manager=HIDDEN, admin=HIDDEN,
        at=lambda: at("/links/1/revocation"),
    ),
    "circles.show_invitation GET": signed_in(lambda: link("link")),
    "circles.join_by_link POST": signed_in(lambda: link("link")),
    "circles.approve POST": stewards(lambda: owned("/approval")),
    "circles.refuse POST": stewards(lambda: owned("/refusal")),
    "circles.remove POST": stewards(lambda: owned("/removal")),
    "circles.ban POST": stewards(lambda: owned("/ban")),
    "circles.lift_ban POST": stewards(lambda: owned("/ban/removal")),
    "circles.change_role POST": stewards(lambda: owned("/role")),
    "circles.new_topic GET": nobody(lambda: at("/topics/new")),
    "circles.create_topic POST": nobody(lambda: at("/topics")),
    "circles.edit_topic GET": nobody(lambda: topic("/edit")),
    "circles.save_topic POST": nobody(lambda: topic("/edit")),
    "circles.show_topic_inside GET": signed_in(lambda: topic("/inside")),
    "circles.hide_topic POST": stewards(lambda: topic("/hiding")),
    "circles.unhide_topic POST": stewards(lambda: topic("/hiding/removal")),
    "circles.show_report GET": signed_in(lambda: topic("/report")),
    "circles.report_topic POST": signed_in(lambda: topic("/report")),
    "circles.keep_topic POST": stewards(lambda: topic("/keeping")),
    "circles.pin_topic POST": stewards(lambda: topic("/pin")),
    "circles.new_call GET": nobody(lambda: at("/calls/new")),
    "circles.open_call POST": nobody(lambda: at("/calls")),
    "circles.show_call_end GET": stewards(lambda: call("/end")),
    "circles.move_call POST": stewards(lambda: call("/end")),
    "circles.new_text GET": nobody(lambda: call("/texts/new")),
    "circles.offer_text POST": nobody(lambda: call("/texts")),
    "circles.new_hour GET": stewards(lambda: backed("/hours/new")),
    "circles.plan_hour POST": stewards(lambda: backed("/hours")),
    **{
        f"circles.{name}": each(
            visitor=SIGN_IN, member=REFUSED, expert=REFUSED, author=REFUSED,
            editor=HIDDEN, manager=HIDDEN, admin=HIDDEN, at=lambda: backed("/hours/1/time"),
        )
        for name in ("show_hour_time GET", "move_hour POST")
    },
    "circles.cancel_hour POST": each(
        visitor=SIGN_IN, member=REFUSED, expert=REFUSED, author=REFUSED, editor=HIDDEN, manager=HIDDEN, admin=HIDDEN,
        at=lambda: backed("/hours/1/cancelling"),
    ),
    "circles.show_health GET": only(*STEWARDS, at="/desk/circles"),
    "circles.back_circle POST": only(*STEWARDS, at=lambda: f"/desk/circles/{circle().id}/backing"),
}  # fmt: skip
