"""Who may use the pages of deliveries."""

from datetime import timedelta

from campaigns.deliveries.models import Repeat
from cms.core import clock
from tests.campaigns.deliveries.made import make_account, make_delivery, make_hold
from tests.factories import make_post, save
from tests.house.authorisation import only

RUNS = ("editor", "manager", "admin")
ANSWERS = ("manager", "admin")


def of_one(rest: str = "", state: str = "scheduled") -> str:
    one = make_delivery(make_post(), make_account(), state, due=timedelta(hours=2))
    return f"/desk/deliveries/{one.id}{rest}"


def of_post(rest: str = "deliveries") -> str:
    return f"/desk/posts/{make_post().id}/{rest}"


def of_variant(rest: str = "") -> str:
    return of_post(f"variants/{make_account().id}{rest}")


def of_hold(rest: str = "") -> str:
    return f"/desk/deliveries/holds/{make_hold().id}{rest}"


ROWS = {
    "deliveries.list_deliveries GET": only(*RUNS, at="/desk/deliveries"),
    "deliveries.retry_many POST": only(*RUNS, at="/desk/deliveries/retries"),
    "deliveries.cancel_many POST": only(*RUNS, at="/desk/deliveries/cancellations"),
    "deliveries.move_many POST": only(*RUNS, at="/desk/deliveries/times"),
    "deliveries.show_delivery GET": only(*RUNS, at=of_one),
    "deliveries.move_delivery POST": only(*RUNS, at=lambda: of_one("/time")),
    "deliveries.cancel_delivery POST": only(*RUNS, at=lambda: of_one("/cancellation")),
    "deliveries.retry_delivery POST": only(*RUNS, at=lambda: of_one("/retry", "refused")),
    "deliveries.settle_delivery POST": only(*RUNS, at=lambda: of_one("/verdict", "unsure")),
    "deliveries.decide_delivery POST": only(*RUNS, at=lambda: of_one("/decision", "missed")),
    "deliveries.confirm_by_hand POST": only(*RUNS, at=lambda: of_one("/address", "by_hand")),
    "deliveries.edit_sent POST": only(*RUNS, at=lambda: of_one("/edition", "sent")),
    "deliveries.delete_sent POST": only(*RUNS, at=lambda: of_one("/removal", "sent")),
    "deliveries.mark_gone POST": only(*RUNS, at=lambda: of_one("/tombstone", "sent")),
    "deliveries.share_post GET": only(*RUNS, at=of_post),
    "deliveries.plan_deliveries POST": only(*RUNS, at=of_post),
    "deliveries.retry_refused POST": only(*RUNS, at=lambda: of_post("deliveries/retries")),
    "deliveries.start_repeat POST": only(*RUNS, at=lambda: of_post("repeats")),
    "deliveries.end_repeat POST": only(*RUNS, at=lambda: f"/desk/deliveries/repeats/{made_repeat()}/ending"),
    "deliveries.tailor_all GET": only(*RUNS, at=lambda: of_post("variants")),
    "deliveries.tailor GET": only(*RUNS, at=of_variant),
    "deliveries.save_variant POST": only(*RUNS, at=of_variant),
    "deliveries.reset_variant POST": only(*RUNS, at=lambda: of_variant("/original")),
    "deliveries.preview_variant POST": only(*RUNS, at=lambda: of_variant("/preview")),
    "deliveries.show_import GET": only(*RUNS, at="/desk/deliveries/import"),
    "deliveries.take_table POST": only(*RUNS, at="/desk/deliveries/import"),
    "deliveries.list_holds GET": only(*RUNS, at="/desk/deliveries/holds"),
    "deliveries.hold POST": only(*RUNS, at="/desk/deliveries/holds"),
    "deliveries.show_hold GET": only(*RUNS, at=of_hold),
    "deliveries.lift_hold POST": only(*ANSWERS, at=lambda: of_hold("/lifting")),
    "deliveries.decide_held POST": only(*RUNS, at=lambda: of_hold("/decisions")),
}


def made_repeat() -> int:
    post, account = make_post(), make_account()
    one = Repeat(
        post_id=post.id, account_id=account.id, rule="FREQ=DAILY", wall="2026-12-01T09:30", zone="UTC",
        created_at=clock.now(),
    )  # fmt: skip
    return save(one).id
