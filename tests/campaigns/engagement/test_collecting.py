"""From the spool to figures: each thing once, at its true hour, and the same when raw is added up again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line, write_line
from campaigns.engagement.store import CAMPAIGN, LINK, POST, SITE, Store, Totals, tables
from campaigns.plans.models import CampaignPost
from cms.core import clock
from tests.campaigns.engagement.conftest import NOW
from tests.campaigns.links.making import make_campaign, make_link
from tests.factories import make_post, save

Collect = Callable[[], dict[str, int]]
ANYBODY = Line(NOW, "view", "P", 1, "post:1", view=5, agent="browser:firefox")


@pytest.fixture
def happen(counting: Gate) -> Callable[..., None]:
    """Write lines, each like the one given and different in what is named."""

    def write(*lines: Line) -> None:
        for line in lines:
            assert counting.spool.write(line)

    return write


Happen = Callable[..., None]


def totals(store: Store, scope: int, subject: int) -> Totals | None:
    return store.totals(scope, [subject]).get(subject)


def everything(store: Store) -> list[list[tuple[object, ...]]]:
    """All that is added up."""
    with store.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(select(table)))
            for table in tables.ADDED_UP
            if table is not tables.clicks
        ]


def test_a_visit_counts_for_post_campaign_and_site(store: Store, happen: Happen, collect: Collect) -> None:
    post, campaign = make_post("Spring notes"), make_campaign()
    save(CampaignPost(post_id=post.id, campaign_id=campaign.id, added_at=clock.now()))
    view = replace(ANYBODY, subject=f"post:{post.id}")
    read = replace(view, kind="read", at=NOW + 30_000, seconds=9, depth=40)
    happen(view, read, replace(read, at=NOW + 40_000, sequence=1, seconds=3))
    assert collect() == {"events": 3}
    told = Totals(views=1, engaged=1, seconds=12, people=1, people_engaged=1, windows=1)
    for scope, subject in ((SITE, 0), (CAMPAIGN, campaign.id), (POST, post.id)):
        assert totals(store, scope, subject) == told
    assert store.notes() == {"dropped": 0, "unread": 0, "as_of": NOW}


def test_what_is_sent_twice_counts_once(store: Store, happen: Happen, collect: Collect) -> None:
    read = replace(ANYBODY, kind="read", at=NOW + 20_000, seconds=15)
    happen(ANYBODY, ANYBODY, read, read)
    collect()
    happen(ANYBODY, read)
    collect()
    told = totals(store, SITE, 0)
    assert told == Totals(views=1, engaged=1, seconds=15, people=1, people_engaged=1, windows=1)


def test_nobody_reads_for_longer_than_the_page_is_open(
    store: Store, happen: Happen, collect: Collect
) -> None:
    happen(ANYBODY, replace(ANYBODY, kind="read", at=NOW + 3000, seconds=3600))
    collect()
    assert totals(store, SITE, 0) == Totals(views=1, seconds=5, people=1, windows=1)


def test_two_hundred_people_behind_one_address_are_two_hundred_views_of_one(
    store: Store, happen: Happen, collect: Collect
) -> None:
    happen(*(replace(ANYBODY, view=number, at=NOW - number * 10_000) for number in range(1, 201)))
    collect()
    assert totals(store, SITE, 0) == Totals(views=200, people=1, windows=1)


def test_people_are_added_over_windows(store: Store, happen: Happen, collect: Collect) -> None:
    before = NOW - 22 * 86_400_000  # 30 October
    happen(
        ANYBODY,
        replace(ANYBODY, at=before, view=6, visitor=9),
        replace(ANYBODY, at=before, view=7, visitor=8),
    )
    collect()
    assert totals(store, SITE, 0) == Totals(views=3, people=3, windows=2)
    assert store.months() == [202610, 202611]
    (early, late) = store.series(SITE, 0, since=0, until=2**31 - 1)
    assert (early["hour"], early["views"], late["hour"], late["views"]) == (
        before // 3_600_000,
        2,
        NOW // 3_600_000,
        1,
    )


@pytest.mark.parametrize("is_view_first", [True, False])
def test_a_click_is_verified_when_its_page_is_opened_by_a_person(
    store: Store, happen: Happen, collect: Collect, is_view_first: bool
) -> None:
    post = make_post("Spring notes")
    link = make_link(f"/posts/{post.slug}", post_id=post.id)
    click = replace(ANYBODY, kind="click", hints="G", subject=f"link:{link.id}", view=0, click="abcDEF-_1234")
    view = replace(ANYBODY, subject=f"post:{post.id}", click="abcDEF-_1234")
    for line in (view, click) if is_view_first else (click, view):
        happen(line)
        collect()
    later = NOW + 10_000
    happen(replace(view, view=6, at=later), replace(click, click="never-opened", at=later))
    collect()
    assert totals(store, LINK, link.id) == Totals(clicks=2, verified=1, clickers=1, windows=1)
    assert totals(store, POST, post.id) == Totals(
        views=2, clicks=2, verified=1, people=1, clickers=1, windows=1
    )


def test_a_link_clicked_ten_times_is_ten_clicks_of_one_person(
    store: Store, happen: Happen, collect: Collect
) -> None:
    link = make_link()
    happen(
        *(
            replace(
                ANYBODY,
                kind="click",
                hints="G",
                subject=f"link:{link.id}",
                view=0,
                click=f"click-number{n}",
                at=NOW - n * 2000,
            )
            for n in range(10)
        )
    )
    collect()
    assert totals(store, LINK, link.id) == Totals(clicks=10, clickers=1, windows=1)


def test_machines_and_staff_are_counted_apart_and_never_left_out(
    store: Store, happen: Happen, collect: Collect
) -> None:
    post = make_post("Spring notes")
    page = f"page:/posts/{post.slug}"
    happen(
        *(
            replace(ANYBODY, kind="fetch", hints="G", subject=page, agent="preview:mastodon")
            for _ in range(3)
        ),
        replace(ANYBODY, kind="fetch", hints="H", subject=page),
        replace(ANYBODY, subject=f"post:{post.id}", agent="crawler:google"),
        replace(ANYBODY, subject=f"post:{post.id}", view=6, hints="Ps"),
        replace(ANYBODY, subject=f"post:{post.id}", view=7, agent="unknown:"),
        replace(ANYBODY, kind="read", subject=f"post:{post.id}", view=7, agent="unknown:", seconds=50),
    )
    collect()
    assert totals(store, POST, post.id) == Totals(previews=4, machines=1, staff=1, unknown=1)


def test_a_verified_click_needs_a_person(store: Store, happen: Happen, collect: Collect) -> None:
    link = make_link()
    click = replace(ANYBODY, kind="click", subject=f"link:{link.id}", view=0, click="abcDEF-_1234")
    happen(replace(click, agent="scanner:mail"), replace(ANYBODY, click="abcDEF-_1234"))
    collect()
    assert totals(store, LINK, link.id) == Totals(machines=1)


@pytest.mark.parametrize(
    "subject", ["post:999999", "post:12345678901234", "page:/posts/none", "page:/archive"]
)
def test_what_is_not_there_counts_for_the_site_alone(
    store: Store, happen: Happen, collect: Collect, subject: str
) -> None:
    happen(replace(ANYBODY, subject=subject))
    collect()
    assert totals(store, SITE, 0) == Totals(views=1, people=1, windows=1)
    with store.engine.connect() as connection:
        assert set(connection.execute(select(tables.hours.c.scope)).scalars()) == {SITE}


def test_lines_of_a_broken_clock_and_what_is_no_line_are_counted_as_unread(
    store: Store, counting: Gate, happen: Happen, collect: Collect
) -> None:
    happen(replace(ANYBODY, at=NOW + 3_600_000), replace(ANYBODY, at=NOW - 91 * 86_400_000), ANYBODY)
    (counting.spool.folder / "other.events").write_bytes(b"nothing of ours\n" + write_line(ANYBODY)[:20])
    assert collect() == {"events": 1, "unread": 3}
    assert store.notes()["unread"] == 3


def test_what_was_dropped_is_known(store: Store, happen: Happen, collect: Collect) -> None:
    happen(replace(ANYBODY, kind="lost", subject="", value="17"))
    collect()
    assert store.notes()["dropped"] == 17


def test_a_file_that_is_read_and_let_go_is_removed(
    store: Store, counting: Gate, happen: Happen, collect: Collect
) -> None:
    happen(ANYBODY)
    collect()
    assert len(list(counting.spool.folder.glob("*.events"))) == 1
    counting.spool.close()
    collect()
    assert (list(counting.spool.folder.glob("*.events")), store.positions()) == ([], {})


def test_only_one_collects_at_a_time(
    app: Flask, store: Store, counting: Gate, happen: Happen, collect: Collect
) -> None:
    import fcntl

    happen(ANYBODY)
    with (counting.spool.folder / "collector.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert collect() == {}
    assert collect() == {"events": 1}


def test_raw_added_up_again_gives_the_same(
    store: Store, happen: Happen, collect: Collect, tmp_path: Path
) -> None:
    post, link = make_post("Spring notes"), make_link()
    for number in range(1, 60):
        at = NOW - number * 31 * 3_600_000
        view = replace(
            ANYBODY,
            at=at,
            view=number // 2 + 1,
            visitor=number % 7,
            subject=f"post:{post.id}",
            click=f"click-id-{number % 9:03}",
        )
        happen(
            view,
            replace(view, kind="read", at=at + 90_000, seconds=number, sequence=number % 3),
            replace(
                view,
                kind="click",
                subject=f"link:{link.id}",
                agent=("browser:chrome", "preview:x")[number % 2],
            ),
            replace(view, kind="fetch", hints="H"),
        )
        if number % 20 == 0:
            collect()
    collect()
    live = everything(store)
    assert store.rebuild() == 59 * 4
    assert everything(store) == live
    assert len(live[2]) > 50


def test_old_months_are_forgotten_and_what_they_add_up_to_stays(
    store: Store, happen: Happen, collect: Collect
) -> None:
    before = NOW - 50 * 86_400_000
    happen(ANYBODY, replace(ANYBODY, at=before, view=6, visitor=2))
    collect()
    assert store.forget(before_month=202611, before_window=202611) == 1
    assert store.months() == [202611]
    assert totals(store, SITE, 0) == Totals(views=2, people=2, windows=2)
    assert store.rebuild() == 1
    assert totals(store, SITE, 0) == Totals(views=2, people=2, windows=2)
