"""Making campaigns, changing them, moving them through their states, and what belongs to them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from campaigns.plans import events, jobs, queries, services
from campaigns.plans.content import AudienceLine, MoneyLine, PageLine, PartnerLine, Plan, TargetLine
from campaigns.plans.goals import GOALS, TARGETS
from campaigns.plans.holding import campaigns_showing
from campaigns.plans.models import Campaign
from campaigns.plans.money import from_smallest, sums, to_smallest
from cms.core import clock, seams
from cms.core.errors import Conflict, Invalid, NotFound
from cms.media.services import delete_media
from cms.people.queries import audit_entries
from tests.factories import (
    db,
    make_campaign,
    make_media,
    make_note,
    make_person,
    make_post,
    nadia,
    read_again,
    transaction,
)

SAID = {
    "name": {"en": "Light for schools", "zh": "为学校点灯"},
    "kind": "csr",
    "starts_on": date(2026, 12, 1),
    "ends_on": date(2027, 3, 31),
    "zone": "Asia/Shanghai",
    "currency": "CNY",
    "story": {"en": "Every **school** gets light."},
    "cause": {"en": "Children can read after dark."},
    "sdg_targets": ["4.1", "7.1"],
    "audiences": [AudienceLine("users", "Pupils", 12_000, "Ministry of Education, 2025")],
    "money": [
        MoneyLine("budget", Decimal("12000.50"), "CNY", description="Lamps"),
        MoneyLine("cost", Decimal(900), "JPY", channel="mastodon", spent_on=date(2026, 12, 2)),
    ],
    "targets": [TargetLine("reach", 50_000, by_on=date(2027, 3, 31))],
    "partners": [PartnerLine("partner", "Sunrise Foundation", "https://sunrise.example", is_public=True)],
    "pages": [PageLine("https://example.com/light", "Landing page", is_public=True)],
}


def create(**said: object) -> Campaign:
    ready = services.prepare(Plan(**{**SAID, **said}))  # type: ignore[arg-type]
    with transaction():
        return services.create_campaign(ready, by=None, at=clock.now())


def refused(**said: object) -> dict[str, str]:
    with pytest.raises(Invalid) as problem:
        services.prepare(Plan(**{**SAID, **said}))  # type: ignore[arg-type]
    return problem.value.errors


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Facts of campaigns, as they are announced."""
    facts: list[object] = []
    for kind in (events.CampaignMoved, events.PostJoinedCampaign, events.PostLeftCampaign):
        seams.on(kind, facts.append)
    yield facts
    for kind in (events.CampaignMoved, events.PostJoinedCampaign, events.PostLeftCampaign):
        seams._handlers[kind].remove(facts.append)


# Saying what it is ----------------------------------------------------------------------------------------------


def test_what_is_said_of_a_campaign_is_kept_as_it_was_said(app: Flask) -> None:
    made = create()
    campaign = queries.get_whole_campaign(made.id)
    assert (campaign.slug, campaign.state, campaign.version) == ("light-for-schools", "planned", 1)
    assert campaign.story_html == {"en": "<p>Every <strong>school</strong> gets light.</p>"}
    assert [(one.amount, one.currency) for one in campaign.money] == [(1_200_050, "CNY"), (900, "JPY")]
    assert queries.plan_of(campaign) == Plan(**SAID)  # type: ignore[arg-type]
    assert [one.act for one in audit_entries()] == ["campaign.created"]


def test_two_campaigns_of_one_name_get_two_addresses_but_nobody_takes_one(app: Flask) -> None:
    assert [create().slug for _ in range(3)] == [
        "light-for-schools",
        "light-for-schools-2",
        "light-for-schools-3",
    ]
    ready = services.prepare(Plan(**SAID))  # type: ignore[arg-type]
    with pytest.raises(services.SlugTaken) as problem, transaction():
        services.create_campaign(ready, slug="Light for schools 2", by=None, at=clock.now())
    assert list(problem.value.errors) == ["slug"]
    assert create(name={"zh": "为学校点灯"}).slug == "为学校点灯"


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"name": {"en": "  "}}, "name", "Please give it a name, in one language at least."),
        (
            {"starts_on": None},
            "starts_on",
            "Please say on which day it starts: what it reaches is counted from that day on.",
        ),
        ({"ends_on": None}, "ends_on", "Please say on which day it ends. You can move the day later."),
        (
            {"ends_on": date(2026, 11, 30)},
            "ends_on",
            "It ends before it starts. Please choose a later day, or an earlier start.",
        ),
        ({"zone": "Mars/Olympus"}, "zone", "Please choose a time zone from the list."),
        (
            {"currency": "XYZ"},
            "currency",
            "“XYZ” is no currency we know. Use its three letters, such as CNY, EUR or JPY.",
        ),
        ({"kind": "party"}, "kind", "Please choose what kind of campaign it is."),
        (
            {"sdg_targets": ["4.4", "4.9"]},
            "sdg_targets",
            "There is no target 4.9 among the 169 of the United Nations. They are written like 4.4 or 13.b.",
        ),
        (
            {"sdg_targets": ["4.1", "4.2", "4.3", "4.4"]},
            "sdg_targets",
            "Please name three targets at most: those that the campaign can show something for.",
        ),
        (
            {"audiences": [AudienceLine("users", size=5000)]},
            "audiences.0.source",
            "Where does this number come from? Name the source, or leave the number out.",
        ),
        (
            {"money": [MoneyLine("budget", Decimal("-1"), "CNY")]},
            "money.0.amount",
            "An amount cannot be below zero. What came back goes into its own line, as a budget.",
        ),
        (
            {"money": [MoneyLine("budget", Decimal("100.5"), "JPY")]},
            "money.0.amount",
            "JPY has no smaller unit: please give a whole number.",
        ),
        (
            {"money": [MoneyLine("budget", Decimal("1.005"), "CNY")]},
            "money.0.amount",
            "CNY has 2 digits after the point.",
        ),
        (
            {"money": [MoneyLine("budget", Decimal("1e400"), "CNY")]},
            "money.0.amount",
            "This amount is too large to be kept.",
        ),
        (
            {"money": [MoneyLine("budget", Decimal("NaN"), "CNY")]},
            "money.0.amount",
            "Please write an amount, such as 1200 or 12.50.",
        ),
        ({"targets": [TargetLine("other", 5)]}, "targets.0.label", "Please say what is counted."),
        (
            {"partners": [PartnerLine("partner", "Evil", "javascript:alert(1)")]},
            "partners.0.url",
            "Please give a web address that begins with https:// or http://.",
        ),
        (
            {"pages": [PageLine("https://")]},
            "pages.0.url",
            "Please give a web address that begins with https:// or http://.",
        ),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(
    app: Flask, said: dict[str, object], field: str, sentence: str
) -> None:
    assert refused(**said) == {field: sentence}


def test_everything_wrong_is_said_at_once(app: Flask) -> None:
    assert set(refused(name={}, starts_on=None, money=[MoneyLine("budget", Decimal(-5), "ABC")])) == {
        "name",
        "starts_on",
        "money.0.currency",
    }


def test_only_csr_has_a_cause_and_targets_of_the_world(app: Flask) -> None:
    campaign = queries.get_campaign(create(kind="product").id)
    assert (campaign.cause, campaign.sdg_targets) == ({}, [])


def test_a_story_is_cleaned(app: Flask) -> None:
    campaign = create(story={"en": "Look <script>alert(1)</script> [here](javascript:x)"})
    assert "script" not in campaign.story_html["en"]


def test_the_owner_works_at_the_desk_and_the_cover_is_a_picture(app: Flask) -> None:
    reader, sound = make_person("Rae Sato", "member"), make_media("audio")
    with pytest.raises(Invalid) as problem:
        create(owner_id=reader.id, cover_id=sound.id)
    assert set(problem.value.errors) == {"owner", "cover"}


def test_a_change_of_its_lines_alone_is_a_new_version(app: Flask) -> None:
    campaign = create()
    with transaction():
        services.change_campaign(
            campaign.id,
            services.prepare(Plan(**{**SAID, "money": []})),  # type: ignore[arg-type]
            expected_version=1,
            by=None,
            at=clock.now(),
        )
    assert read_again(Campaign, campaign.id).version == 2
    with pytest.raises(services.CampaignChanged), transaction():
        services.change_campaign(
            campaign.id,
            services.prepare(Plan(**SAID)),  # type: ignore[arg-type]
            expected_version=1,
            by=None,
            at=clock.now(),
        )


def test_an_address_readers_know_stays(app: Flask) -> None:
    campaign = create()
    for is_public, wanted in ((False, "lamps"), (True, "lamps")):
        with transaction():
            ready = services.prepare(Plan(**{**SAID, "is_public": is_public}))  # type: ignore[arg-type]
            services.change_campaign(campaign.id, ready, slug=wanted, by=None, at=clock.now())
    with pytest.raises(Invalid) as problem, transaction():
        services.change_campaign(campaign.id, ready, slug="lanterns", by=None, at=clock.now())
    assert list(problem.value.errors) == ["slug"]
    assert read_again(Campaign, campaign.id).slug == "lamps"


def test_the_library_keeps_the_pictures_of_a_campaign_and_names_it(app: Flask) -> None:
    cover, shown, old, editor = make_media(), make_media(), make_media(), nadia()
    story = {"en": f"![A mast]({shown.src})"}
    campaign = create(cover_id=cover.id, story=story)
    with app.test_request_context():
        for media in (cover, shown):
            assert [(one.title, one.url) for one in campaigns_showing(media.id, editor)] == [
                ("Light for schools", f"/desk/campaigns/{campaign.id}")
            ]
            assert [one.url for one in campaigns_showing(media.id, None)] == [None]
        assert campaigns_showing(old.id, None) == []
    for media in (cover, shown):
        with pytest.raises(Conflict), transaction():
            delete_media(media.id, by=None, at=clock.now())


# Its states -----------------------------------------------------------------------------------------------------


def move(campaign: Campaign, state: str) -> Campaign:
    with transaction():
        services.move_campaign(campaign.id, state, by=None, at=clock.now())
    return read_again(Campaign, campaign.id)


def test_a_campaign_begins_and_ends_at_midnight_in_its_zone(app: Flask, heard: list[object]) -> None:
    shanghai = create(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
    honolulu = create(starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2), zone="Pacific/Honolulu")
    told = []
    for moment in (
        datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 16, 0, tzinfo=UTC),  # midnight in Shanghai
        datetime(2026, 12, 1, 10, 0, tzinfo=UTC),  # midnight in Honolulu
        datetime(2026, 12, 2, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 2, 16, 0, tzinfo=UTC),
        datetime(2026, 12, 3, 10, 0, tzinfo=UTC),
    ):
        with clock.stopped(moment):
            jobs.follow_campaign_dates()
            assert jobs.follow_campaign_dates() == {}
        told.append((read_again(Campaign, shanghai.id).state, read_again(Campaign, honolulu.id).state))
    assert told == [
        ("planned", "planned"),
        ("running", "planned"),
        ("running", "running"),
        ("running", "running"),
        ("finished", "running"),
        ("finished", "finished"),
    ]
    assert [(one.campaign_id, one.before, one.state) for one in heard] == [  # type: ignore[attr-defined]
        (shanghai.id, "planned", "running"),
        (honolulu.id, "planned", "running"),
        (shanghai.id, "running", "finished"),
        (honolulu.id, "running", "finished"),
    ]


def test_a_worker_that_slept_through_a_campaign_finishes_it(app: Flask) -> None:
    campaign = create()
    with clock.stopped(datetime(2028, 1, 1, tzinfo=UTC)):
        assert jobs.follow_campaign_dates() == {"finished": 1}
    assert read_again(Campaign, campaign.id).state == "finished"


def test_one_made_after_its_first_day_runs_at_once(app: Flask) -> None:
    assert create(starts_on=date(2026, 11, 1)).state == "running"
    assert create(starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 20)).state == "finished"


def test_a_campaign_paused_by_hand_goes_on_and_its_end_finishes_it(app: Flask, heard: list[object]) -> None:
    campaign = make_campaign()
    assert [move(campaign, state).state for state in ("paused", "running", "paused")] == [
        "paused",
        "running",
        "paused",
    ]
    with clock.stopped(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)):
        assert jobs.follow_campaign_dates() == {"finished": 1}
    assert [one.state for one in heard] == ["paused", "running", "paused", "finished"]  # type: ignore[attr-defined]


def test_beginning_and_ending_by_hand_moves_the_days(app: Flask) -> None:
    campaign = create()
    begun = move(campaign, "running")
    assert (begun.starts_on, begun.ends_on) == (date(2026, 11, 21), date(2027, 3, 31))
    ended = move(campaign, "finished")
    assert (ended.state, ended.ends_on) == ("finished", date(2026, 11, 21))
    assert move(campaign, "running").state == "running"  # its last day is not over: taken back
    details = [one.detail for one in audit_entries() if one.act == "campaign.moved"]
    assert details == [
        {"from": "finished", "to": "running"},
        {"from": "running", "to": "finished", "days_before": "2026-11-21 – 2027-03-31"},
        {"from": "planned", "to": "running", "days_before": "2026-12-01 – 2027-03-31"},
    ]


def test_one_whose_end_is_past_goes_on_only_with_a_later_end(app: Flask) -> None:
    campaign = create(starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 20))
    with pytest.raises(services.CannotMove) as problem:
        move(campaign, "running")
    assert problem.value.message == "Its last day is past. Give it a later one first; then it can go on."


def test_the_archive_gives_back_what_it_took(app: Flask) -> None:
    planned, over = create(), create(starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 20))
    for campaign, back, wrong in ((planned, "planned", "finished"), (over, "finished", "planned")):
        assert move(campaign, "archived").state == "archived"
        with pytest.raises(services.CannotMove):
            move(campaign, wrong)
        assert move(campaign, back).state == back


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("planned", "paused"),
        ("planned", "finished"),
        ("running", "archived"),
        ("archived", "running"),
        ("paused", "paused"),
    ],
)
def test_ways_that_do_not_exist_are_refused(app: Flask, state: str, wanted: str) -> None:
    with pytest.raises(services.CannotMove):
        move(make_campaign(state=state), wanted)


# What belongs to it ---------------------------------------------------------------------------------------------


def test_a_post_serves_one_campaign_at_most(app: Flask, heard: list[object]) -> None:
    post, note = make_post(), make_note()
    first, second = make_campaign("First"), make_campaign("Second")
    with transaction():
        assert services.add_posts(first.id, [post.id, note.id, post.id], by=None, at=clock.now()) == (2, 0)
    with pytest.raises(services.PostServesAnother) as problem, transaction():
        services.assign_post(post.id, second.id, by=None, at=clock.now())
    assert problem.value.message == (
        "This post serves the campaign “First”, and a post serves one at most. Move it if it belongs here."
    )
    with transaction():
        assert services.add_posts(second.id, [post.id], by=None, at=clock.now()) == (0, 1)
        assert services.assign_post(post.id, second.id, move=True, by=None, at=clock.now())
        assert not services.assign_post(post.id, second.id, by=None, at=clock.now())
    assert queries.campaign_of_post(post.id).id == second.id  # type: ignore[union-attr]
    assert queries.posts_of(first.id) == [note.id]
    assert queries.campaign_ids_of_posts([post.id, note.id, 0]) == {post.id: second.id, note.id: first.id}
    with transaction():
        assert not services.remove_post(note.id, campaign_id=second.id, by=None, at=clock.now())
        assert services.remove_post(note.id, by=None, at=clock.now())
    assert queries.campaign_of_post(note.id) is None
    at = clock.now()
    assert heard == [
        events.PostJoinedCampaign(post.id, first.id, None, at),
        events.PostJoinedCampaign(note.id, first.id, None, at),
        events.PostJoinedCampaign(post.id, second.id, first.id, at),
        events.PostLeftCampaign(note.id, first.id, at),
    ]


def test_what_is_in_the_trash_joins_nothing(app: Flask) -> None:
    campaign, gone = make_campaign(), make_post(trashed=True)
    with pytest.raises(NotFound), transaction():
        services.assign_post(gone.id, campaign.id, by=None, at=clock.now())


# Finding it -----------------------------------------------------------------------------------------------------


def test_campaigns_are_found_by_state_kind_owner_words_and_days(app: Flask) -> None:
    owner = nadia()
    light = create(owner_id=owner.id)
    quiet = make_campaign()
    gone = make_campaign("Gone", state="archived")
    assert [one.id for one in queries.campaigns()] == [light.id, quiet.id]
    assert [one.id for one in queries.campaigns(states=["archived"])] == [gone.id]
    assert [one.id for one in queries.campaigns(kind="csr")] == [light.id]
    assert [one.id for one in queries.campaigns(owner_id=owner.id)] == [light.id]
    assert [one.id for one in queries.campaigns(search="点灯")] == [light.id]
    assert [one.id for one in queries.campaigns(search="QUIET")] == [quiet.id]
    assert [one.id for one in queries.campaigns(search="%")] == []
    assert [one.id for one in queries.campaigns(to_on=date(2026, 11, 30))] == [quiet.id]
    assert [one.id for one in queries.campaigns(from_on=date(2026, 12, 1))] == [light.id]
    assert [one.id for one in queries.campaigns(before=(date(2026, 12, 1), light.id))] == [quiet.id]
    assert queries.count_by_state() == {"planned": 1, "running": 1, "archived": 1}
    assert [one.name for one in queries.owners()] == ["Nadia Rahimi"]


def test_rows_count_posts_and_never_add_currencies(app: Flask) -> None:
    money = [
        MoneyLine("budget", Decimal("10.10"), "CNY"),
        MoneyLine("budget", Decimal("0.90"), "CNY"),
        MoneyLine("budget", Decimal(500), "JPY"),
        MoneyLine("cost", Decimal(3), "CNY"),
    ]
    campaign = make_campaign(money=money, posts=[make_post(), make_note()])
    other = make_campaign("Other")
    rows = queries.in_rows([campaign, other])
    assert [(one.posts, one.budget, one.cost) for one in rows] == [
        (2, {"CNY": 1100, "JPY": 500}, {"CNY": 300}),
        (0, {}, {}),
    ]


# Money and goals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("12.50", "CNY", 1250),
        ("900", "JPY", 900),
        ("1.234", "KWD", 1234),
        ("0.5", "CLF", 5000),
        ("0", "EUR", 0),
    ],
)
def test_money_is_kept_in_the_smallest_unit(amount: str, currency: str, units: int) -> None:
    assert to_smallest(Decimal(amount), currency) == units
    assert from_smallest(units, currency) == Decimal(amount)


def test_half_a_yen_is_no_money() -> None:
    with pytest.raises(ValueError, match="JPY has 0 digits"):
        to_smallest(Decimal("0.5"), "JPY")
    assert sums([("CNY", 1), ("JPY", 5), ("CNY", 2)]) == {"CNY": 3, "JPY": 5}


def test_there_are_169_targets_of_17_goals() -> None:
    assert (len(GOALS), len(TARGETS)) == (17, 169)
    assert TARGETS["17.19"].number == 17
    assert "17.a" not in TARGETS


def test_the_database_itself_refuses_an_end_before_the_start(app: Flask) -> None:
    campaign = make_campaign()
    backwards = update(Campaign).where(Campaign.id == campaign.id).values(ends_on=date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(backwards)
