"""Rules that look at the seconds before: they decide the same when raw is scored again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns.channels.letters import DECOY
from campaigns.engagement import collector, scoring
from campaigns.engagement.classify import LINKS_OF_NETWORK, LINKS_OF_VISITOR, VIEWS_AT_ONCE
from campaigns.engagement.gate import Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.ranges import Ranges, read_ranges
from campaigns.engagement.scoring import rescore
from campaigns.engagement.store import LINK, POST, SITE, Store, tables
from campaigns.engagement.watch import LINKS_WITHIN, TRAPPED, Watch
from cms.core.database import db
from cms.core.errors import Problem
from cms.posts.models import Post
from tests.campaigns.engagement.conftest import NOW
from tests.campaigns.links.making import make_campaign, make_link
from tests.factories import make_post

Collect = Callable[[], dict[str, int]]
CLICK = Line(NOW - 60_000, "click", "G", 1, "link:1", agent="browser:firefox", network="aabbccdd")


def click(link: int, *, number: int, **said: object) -> Line:
    return replace(CLICK, subject=f"link:{link}", click=f"click-id-{number:03}", **said)  # type: ignore[arg-type]


def everything(store: Store) -> list[list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in tables.ADDED_UP
        ]


def test_a_visitor_that_follows_many_links_of_one_message_is_a_scanner(
    store: Store, counting: Gate, collect: Collect
) -> None:
    campaign, other = make_campaign(), make_campaign("green-roofs")
    links = [make_link(campaign_id=campaign.id).id for _ in range(LINKS_OF_VISITOR + 2)]
    apart = make_link(campaign_id=other.id).id
    for number, link in enumerate(links):
        counting.spool.write(click(link, number=number, at=CLICK.at + number * 500))
    counting.spool.write(click(apart, number=50, at=CLICK.at + 2_600))
    counting.spool.write(click(links[0], number=51, at=CLICK.at + 30_000))
    collect()
    told = store.totals(LINK, [*links, apart])
    assert [told[one].machines for one in links] == [0, 0, 1, 1, 1]
    assert (told[links[0]].clicks, told[apart].clicks, told[apart].machines) == (2, 1, 0)


def test_who_follows_a_decoy_is_a_machine_for_an_hour_and_nobody_else_is(
    store: Store, counting: Gate, collect: Collect
) -> None:
    post, at = make_post("Spring notes").id, NOW - 2 * TRAPPED
    view = replace(CLICK, kind="view", subject=f"post:{post}", network="")
    trapped = replace(CLICK, at=at, kind="fetch", hints="Gt", subject=f"page:{DECOY}", network="")
    for number, (visitor, after) in enumerate(
        [(1, -20_000), (1, 15_000), (2, 20_000), (1, TRAPPED - 1000), (1, TRAPPED + 20_000)], 1
    ):
        counting.spool.write(replace(view, view=number, visitor=visitor, at=at + after))
    counting.spool.write(trapped)
    collect()
    told = store.totals(POST, [post])[post]
    assert (told.views, told.machines, told.people) == (3, 2, 2)
    assert store.totals(SITE, [0])[0].machines == 3
    before = everything(store)
    assert rescore(store) == 6
    assert everything(store) == before


def test_a_new_collector_knows_who_followed_a_decoy(store: Store, counting: Gate, collect: Collect) -> None:
    post = make_post("Spring notes").id
    counting.spool.write(
        replace(CLICK, at=NOW - 900_000, kind="fetch", hints="Gt", subject=f"page:{DECOY}", network="")
    )
    collect()
    collector._scorers.clear()
    counting.spool.write(replace(CLICK, kind="view", subject=f"post:{post}", view=1, network=""))
    collect()
    assert (store.totals(POST, [post])[post].views, store.totals(POST, [post])[post].machines) == (0, 1)


def test_an_office_may_follow_links_and_a_mail_gateway_with_many_addresses_is_a_scanner(
    store: Store, counting: Gate, collect: Collect
) -> None:
    links = [make_link().id for _ in range(LINKS_OF_NETWORK + 1)]
    for number, link in enumerate(links):
        counting.spool.write(click(link, number=number, visitor=number + 1, at=CLICK.at + number * 100))
        collect()
    told = store.totals(LINK, links)
    assert [told[one].clicks for one in links] == [1] * (LINKS_OF_NETWORK - 1) + [0, 0]


def test_in_a_flood_of_visitors_the_last_seconds_are_remembered_and_no_more() -> None:
    watch = Watch()
    most = 0
    for number in range(60_000):  # 20,000 in a second
        watch.links(NOW + number // 20, f"link:{number % 7}", number + 1, "", 1, None)
        most = max(most, len(watch._recent) + len(watch._before))
    assert most <= 40_000
    again = NOW + 3_000
    assert watch.links(again, "link:8", 59_000, "", 1, None) == (2, 0)
    assert watch.links(again + LINKS_WITHIN + 1, "link:9", 59_000, "", 1, None) == (1, 0)


def test_a_burst_from_nowhere_just_after_publishing_is_nobody(
    store: Store, counting: Gate, collect: Collect
) -> None:
    post = make_post("Spring notes")
    start = round(db.session.get_one(Post, post.id).first_published_at.timestamp() * 1000)  # type: ignore[union-attr]
    view = Line(start, "view", "P", 1, f"post:{post.id}", agent="browser:chrome")
    many = VIEWS_AT_ONCE + 20
    for number in range(1, many + 1):
        counting.spool.write(replace(view, at=start + 5_000 + number, view=number, visitor=number))
    for number in range(many + 1, many + 11):
        counting.spool.write(
            replace(view, at=start + 5_500, view=number, visitor=number, referrer="news.example")
        )
    collect()
    told = store.totals(POST, [post.id])[post.id]
    assert (told.views, told.unknown) == (VIEWS_AT_ONCE + 10, 20)


def test_scored_again_raw_adds_up_to_the_same(
    store: Store, counting: Gate, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, post = make_campaign(), make_post("Spring notes")
    links = [make_link(campaign_id=campaign.id, post_id=post.id).id for _ in range(5)]
    view = Line(NOW, "view", "P", 1, f"post:{post.id}", agent="browser:safari")
    for number in range(120):
        at = NOW - 300_000 + number * 700
        counting.spool.write(
            click(links[number % 5], number=number, visitor=number // 6, at=at, network=f"{number // 30:08}")
        )
        counting.spool.write(
            replace(view, at=at, visitor=number % 20 + 1, click=f"click-id-{number:03}", view=number + 1)
        )
        if number % 17 == 0:
            collect()
        if number % 50 == 49:  # another process goes on
            monkeypatch.setattr("campaigns.engagement.collector._scorers", type(_scorers())())
            store._comings = None
    collect()
    live = everything(store)
    told = store.totals(SITE, [0])[0]
    assert told.machines > 20
    assert told.clicks > 20
    done: list[tuple[int, int]] = []
    assert rescore(store, progress=lambda some, of: done.append((some, of))) == 240
    assert everything(store) == live
    assert done[-1] == (240, 240)


def _scorers() -> object:
    from campaigns.engagement import collector

    return collector._scorers


def test_a_better_table_of_rules_changes_what_was_counted(
    store: Store, counting: Gate, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_post("Spring notes")
    for number, agent in ((1, "browser:firefox"), (2, "browser:other")):
        counting.spool.write(Line(NOW, "view", "P", number, f"post:{post.id}", view=number, agent=agent))
    collect()
    first, *rest = scoring.classify.__globals__["RULES"]
    better = replace(first, id=99, verdict="crawler", fits=lambda line, seen: line.agent == "browser:other")
    monkeypatch.setitem(scoring.classify.__globals__, "RULES", (better, first, *rest))
    scoring.classify.__globals__["_judged"].cache_clear()
    rescore(store)
    scoring.classify.__globals__["_judged"].cache_clear()
    told = store.totals(POST, [post.id])[post.id]
    assert (told.views, told.people, told.machines) == (1, 1, 1)
    assert {one.rule for one in store.events(0, NOW + 1)} == {8, 99}


def test_addresses_of_a_list_are_found_and_others_not(tmp_path: Path) -> None:
    file = tmp_path / "ranges"
    file.write_text("192.0.2.0/24 # ours\n\n198.51.100.7\n192.0.2.128/25\n2001:db8::/32\n")
    ranges = read_ranges(file)
    v4 = ("192.0.2.0", "192.0.2.255", "192.0.3.0", "198.51.100.7", "198.51.100.8")
    v6 = ("2001:db8::1", "2001:db9::", "::ffff:192.0.2.9", "nonsense", "")
    found = [one in ranges for one in (*v4, *v6)]
    assert found == [True, True, False, True, False, True, False, True, False, False]
    assert "192.0.2.1" not in Ranges(())
    file.write_text("192.0.2.0/24\nAmazon\n")
    with pytest.raises(Problem, match="line 2: 'Amazon' is no address range"):
        read_ranges(file)


def test_the_last_seconds_are_read_again_from_raw_and_no_more(
    store: Store, counting: Gate, collect: Collect
) -> None:
    for back in (200_000, 30_000, 0):
        counting.spool.write(
            Line(NOW - back, "view", "P", 1, "page:/", view=back + 1, agent="browser:firefox")
        )
        collect()
    assert [one.line.at for one in store.tail(round(timedelta(seconds=60).total_seconds() * 1000))] == [
        NOW - 30_000,
        NOW,
    ]
