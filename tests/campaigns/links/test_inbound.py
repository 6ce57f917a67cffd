"""UTM values that came in: kept as they came, shown together, decided by a person, never without bound."""

from datetime import timedelta

import pytest
from flask import Flask

from campaigns.links import queries, services
from campaigns.links.models import InboundUTM
from campaigns.links.services import inbound
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person
from tests.campaigns.links.making import make_campaign, make_link
from tests.factories import make_person


@pytest.fixture(autouse=True)
def by(app: Flask) -> Person:
    """Who decides."""
    return make_person("Tom Okafor", "manager")


def came(hits: int = 1, after: float = 0, **values: str) -> None:
    with transaction():
        services.note_inbound(values, at=clock.now() + timedelta(seconds=after), hits=hits)


def waiting() -> list[list[dict[str, str]]]:
    return [[row.values for row in family.rows] for family in queries.families()]


def family_of(**values: str) -> str:
    row = next(row for row in db.session.query(InboundUTM) if row.values == values)
    return row.family


def test_what_came_is_counted_and_kept_as_it_came() -> None:
    came(source="Partner", campaign="Spring ", after=5)
    came(source="Partner", campaign="Spring ", hits=3, after=2)
    [family] = queries.families()
    assert [(row.values, row.hits) for row in family.rows] == [
        ({"source": "Partner", "campaign": "Spring "}, 4)
    ]
    assert (family.first_at, family.last_at) == tuple(clock.now() + timedelta(seconds=one) for one in (2, 5))


def test_case_spaces_width_and_marks_are_shown_together() -> None:
    for number, campaign in enumerate(["Spring Sale", "spring-sale", " SPRING_SALE ", "ｓｐｒｉｎｇ sale"]):
        came(source="partner", campaign=campaign, hits=number + 1)
    came(source="partner", campaign="summer", after=1)
    assert waiting() == [
        [{"source": "partner", "campaign": "summer"}],
        [
            {"source": "partner", "campaign": "ｓｐｒｉｎｇ sale"},
            {"source": "partner", "campaign": " SPRING_SALE "},
            {"source": "partner", "campaign": "spring-sale"},
            {"source": "partner", "campaign": "Spring Sale"},
        ],
    ]
    assert queries.count_waiting() == 2


def test_values_never_become_a_campaign_by_themselves() -> None:
    campaign = make_campaign("clean-rivers")
    came(source="stranger", campaign="clean-rivers")
    assert queries.campaign_of_values({"source": "stranger", "campaign": "clean-rivers"}) is None
    assert queries.count_waiting() == 1
    assert [one.id for one in db.session.query(Campaign)] == [campaign.id]


def test_what_a_link_of_ours_carries_does_not_wait() -> None:
    campaign = make_campaign("clean-rivers")
    make_link(campaign_id=campaign.id)
    ours = {"source": "mastodon", "medium": "social", "campaign": "clean-rivers"}
    came(**ours)
    assert db.session.query(InboundUTM).count() == 0
    assert queries.campaign_of_values(ours) == campaign.id


def test_nothing_is_not_noted() -> None:
    came(source="", campaign="")
    with transaction():
        services.note_inbound({"id": "7", "utm": "x"}, at=clock.now())
    assert db.session.query(InboundUTM).count() == 0


def test_mapped_values_belong_to_the_campaign_also_those_that_come_later(by: Person) -> None:
    campaign = make_campaign()
    came(source="partner", campaign="Spring")
    with transaction():
        services.map_inbound(
            family_of(source="partner", campaign="Spring"), campaign_id=campaign.id, by=by, at=clock.now()
        )
    came(source="partner", campaign="SPRING ")
    assert waiting() == []
    assert queries.campaign_of_values({"source": "partner", "campaign": "SPRING "}) == campaign.id
    [family] = queries.families("mapped")
    assert (family.campaign and family.campaign.id, family.hits) == (campaign.id, 2)
    assert [row.values["campaign"] for row in family.rows] == ["Spring", "SPRING "]


def test_ignored_values_are_counted_on_out_of_sight_and_can_wait_again(by: Person) -> None:
    came(source="spam")
    family = family_of(source="spam")
    with transaction():
        services.ignore_inbound(family, by=by, at=clock.now())
    came(source="SPAM")
    assert (waiting(), [one.hits for one in queries.families("ignored")]) == ([], [2])
    with transaction():
        services.reopen_inbound(family)
    assert len(waiting()[0]) == 2


def test_merged_values_follow_each_other_and_can_be_parted(by: Person) -> None:
    campaign = make_campaign()
    came(campaign="spring", hits=2)
    came(campaign="sprnig", hits=1)
    right, wrong = family_of(campaign="spring"), family_of(campaign="sprnig")
    with transaction():
        services.map_inbound(right, campaign_id=campaign.id, by=by, at=clock.now())
    with transaction():
        services.merge_inbound(wrong, into=right)
    came(campaign="Sprnig", hits=1)
    [family] = queries.families("mapped")
    assert [row.values["campaign"] for row in family.rows] == ["spring", "sprnig", "Sprnig"]
    assert (family.is_merged, queries.campaign_of_values({"campaign": "Sprnig"})) == (True, campaign.id)
    with transaction():
        services.part_inbound(right)
    assert sorted(len(rows) for rows in waiting()) == [1, 2]


def test_what_cannot_be_decided_is_refused(by: Person) -> None:
    came(campaign="spring")
    family = family_of(campaign="spring")
    with pytest.raises(Invalid), transaction():
        services.map_inbound(family, campaign_id=404, by=by, at=clock.now())
    with pytest.raises(Invalid), transaction():
        services.merge_inbound(family, into=family)
    for act in (
        lambda: services.merge_inbound(family, into="nothing"),
        lambda: services.reopen_inbound("nothing"),
    ):
        with pytest.raises(NotFound), transaction():
            act()


def test_nobody_fills_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "MOST_KEPT", 3)
    for number in range(6):
        came(campaign=f"made-up-{number}")
    came(campaign="made-up-0")
    assert sorted((row.values.get("campaign", ""), row.hits) for row in db.session.query(InboundUTM)) == [
        ("", 3),
        ("made-up-0", 2),
        ("made-up-1", 1),
        ("made-up-2", 1),
    ]
    assert [family.is_overflow for family in queries.families()].count(True) == 1


def test_a_long_value_is_cut_and_control_characters_go() -> None:
    came(source="x" * 500, medium="a\x00b")
    [row] = db.session.query(InboundUTM)
    assert row.values == {"source": "x" * 120, "medium": "ab"}


def test_families_are_paged_by_key() -> None:
    for number in range(5):
        came(campaign=f"c{number}", after=number // 2)
    seen, before = [], None
    while page := queries.families(before=before, limit=2):
        seen += [one.rows[0].values["campaign"] for one in page]
        before = (page[-1].last_at, page[-1].id)
    assert seen == ["c4", "c3", "c2", "c1", "c0"]
