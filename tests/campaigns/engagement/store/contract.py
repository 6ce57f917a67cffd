"""What every store does, whatever engine it is on: a subclass gives it as the fixture `kept`."""

from datetime import date, timedelta
from typing import Any

from campaigns.engagement.store import ALL, CAMPAIGN, LINK, POST, SITE
from campaigns.engagement.store.events import HOUR, day_of
from tests.campaigns.engagement.store.making import NOON, TODAY, event, views

ON = day_of(TODAY)
SPAN = {"since": ON - timedelta(days=40), "until": ON + timedelta(days=1)}
CHANNELS = (ALL, "direct", "link", "none")


def told(
    store: Any, scope: int, subject: int, by: str | None = None
) -> dict[tuple[date, str], dict[str, int]]:
    """What is not nought, with people, by day and key."""
    return {
        (cell.day, cell.key): {name: number for name, number in cell.counts.items() if number}
        | {"people": cell.people, "people_engaged": cell.people_engaged, "clickers": cell.clickers}
        for cell in store.daily(scope, [subject], by=by, **SPAN)
    }


class Contract:
    """The tests."""

    def test_a_batch_counts_everywhere_it_belongs(self, kept: Any) -> None:
        read = event(kind="read", view=1, seconds=14, at=NOON + 20_000, campaign=7)
        click = event(
            kind="click",
            subject="link:3",
            link=3,
            campaign=7,
            view=0,
            click="abcDEF-_1234",
            channel="account:4",
        )
        robot = event(view=3, visitor=0, verdict="crawler", campaign=7)
        kept.append_batch([event(campaign=7), read, click, robot], {"a": 1}, at=NOON)
        people = {"people": 1, "people_engaged": 1, "clickers": 1}
        for scope, subject in ((SITE, 0), (CAMPAIGN, 7), (POST, 1)):
            assert told(kept, scope, subject) == {
                (ON, ALL): {"views": 1, "engaged": 1, "seconds": 14, "clicks": 1, "machines": 1} | people
            }
        assert list(told(kept, CAMPAIGN, 7, "channel")) == [(ON, "account:4"), (ON, "direct")]
        assert told(kept, LINK, 3) == {
            (ON, ALL): {"clicks": 1, "people": 0, "people_engaged": 0, "clickers": 1}
        }

    def test_what_is_said_again_in_a_later_batch_counts_once(self, kept: Any) -> None:
        read = {"kind": "read", "view": 1, "seconds": 6, "at": NOON + 20_000}
        kept.append_batch([event(), event(**read)], {"a": 1}, at=NOON)
        kept.append_batch([event(), event(**read), event(**read, sequence=1)], {"a": 2}, at=NOON + 1)
        (cell,) = told(kept, POST, 1).values()
        assert cell == {
            "views": 1,
            "engaged": 1,
            "seconds": 12,
            "people": 1,
            "people_engaged": 1,
            "clickers": 0,
        }

    def test_a_click_is_verified_by_a_later_batch(self, kept: Any) -> None:
        click = event(
            kind="click", subject="link:3", link=3, view=0, click="abcDEF-_1234", channel="account:4"
        )
        kept.append_batch([click], {"a": 1}, at=NOON)
        kept.append_batch([event(click="abcDEF-_1234", at=NOON + 500)], {"a": 2}, at=NOON + 1)
        assert told(kept, POST, 1, "channel")[ON, "account:4"] == {
            "views": 1, "clicks": 1, "verified": 1, "people": 1, "people_engaged": 0, "clickers": 1,
        }  # fmt: skip

    def test_reach_unites_days_and_subjects(self, kept: Any) -> None:
        batch = []
        for back in range(30):
            day = TODAY - back
            batch += views(range(back + 1, back + 11), day=day, first_view=100 * back + 1, campaign=1)
            batch += views(
                range(900, 905), day=day, first_view=100 * back + 50, campaign=2, post=2, subject="post:2"
            )
        kept.append_batch(batch, {"a": 1}, at=NOON)
        reach = kept.reach(CAMPAIGN, {"one": [1], "both": [1, 2], "none": [3]}, **SPAN)
        assert {name: one.people for name, one in reach.items()} == {"one": 39, "both": 44, "none": 0}
        assert (reach["one"].is_exact, reach["one"].windows, reach["none"].windows) == (True, 1, 0)
        for channel, of in kept.reach_by_channel(
            CAMPAIGN, {"one": [1], "both": [1, 2]}, CHANNELS, **SPAN
        ).items():
            alone = kept.reach(CAMPAIGN, {"one": [1], "both": [1, 2]}, channel=channel, **SPAN)
            assert of == alone
        short = kept.reach(
            CAMPAIGN, {1: [1]}, since=ON - timedelta(days=1), until=SPAN["until"], channel="direct"
        )
        assert short[1].people == 11

    def test_many_people_lie_within_the_bounds(self, kept: Any) -> None:
        kept.append_batch(views(range(1, 4001)), {"a": 1}, at=NOON)
        (reach,) = kept.reach(POST, {1: [1]}, **SPAN).values()
        assert reach.low <= 4000 <= reach.high
        assert not reach.is_exact
        assert reach.high - reach.low < 300

    def test_hours_are_in_order_and_only_those_asked_for(self, kept: Any) -> None:
        kept.append_batch([event(), event(view=2, visitor=2, at=NOON + 2 * HOUR)], {"a": 1}, at=NOON)
        hour = NOON // HOUR
        series = kept.series(POST, 1, since=hour, until=hour + 3)
        assert [(one["hour"], one["views"]) for one in series] == [(hour, 1), (hour + 2, 1)]
        assert kept.series(POST, 1, since=hour + 1, until=hour + 2) == []
