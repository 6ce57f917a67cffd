"""Links made by hand, changes to them, and the rules their UTM values keep."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from flask import Flask

from campaigns.links import queries, services
from campaigns.links.models import Link
from campaigns.links.terms import LinkTerms
from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Invalid, NotFound
from cms.people.models import Person
from tests.campaigns.links.making import make_campaign, make_link
from tests.factories import make_person, read_again


@pytest.fixture(autouse=True)
def by(app: Flask) -> Person:
    """Who acts."""
    return make_person("Tom Okafor", "manager")


def create(by: Person, target: str = "/posts/spring-notes", **fields: object) -> Link:
    with transaction():
        terms = LinkTerms(target, **fields)  # type: ignore[arg-type]
        link_id = services.create_link(terms, by=by, at=clock.now()).id
    return read_again(Link, link_id)


def refused(by: Person, target: str = "/posts/spring-notes", **fields: object) -> Mapping[str, str]:
    with pytest.raises(Invalid) as problem:
        create(by, target, **fields)
    return problem.value.errors


def change(by: Person, link: Link, **fields: object) -> None:
    kept = {"target": link.target, "campaign_id": link.campaign_id, "utm": link.utm, "label": link.label}
    with transaction():
        terms = LinkTerms(**{**kept, **fields})  # type: ignore[arg-type]
        services.change_link(link.id, terms, by=by, at=clock.now())


def allow(by: Person, field: str, value: str) -> int:
    with transaction():
        return services.allow_value(field, value, by=by, at=clock.now()).id


def test_a_link_made_by_hand_reads_its_values_and_takes_the_campaigns_name(by: Person) -> None:
    campaign = make_campaign("clean-rivers")
    link = create(
        by,
        label="  Poster \n in the hall ",
        campaign_id=campaign.id,
        utm={"source": " Hall-Poster ", "medium": "PRINT", "campaign": "typed by somebody", "term": ""},
    )
    assert link.utm == {"source": "hall-poster", "medium": "print", "campaign": "clean-rivers"}
    assert (link.label, link.is_locked, link.created_by_id) == ("Poster in the hall", False, by.id)


def test_a_link_of_a_campaign_says_where_it_stands(by: Person) -> None:
    campaign = make_campaign()
    sentence = "A link of a campaign says where it stands: please give a source and a medium."
    assert refused(by, campaign_id=campaign.id, utm={"source": "poster"}) == {"medium": sentence}
    assert create(by).utm == {}


def test_once_values_are_named_others_are_refused(by: Person) -> None:
    assert create(by, utm={"source": "anything"}).utm == {"source": "anything"}
    value_id = allow(by, "source", " Newsletter")
    assert create(by, utm={"source": "NEWSLETTER", "medium": "email"}).utm == {
        "source": "newsletter",
        "medium": "email",
    }
    assert refused(by, utm={"source": "anything"}) == {
        "source": "“anything” is not among the allowed values."
    }
    with transaction():
        services.disallow_value(value_id)
    assert create(by, utm={"source": "anything"}).utm == {"source": "anything"}


def test_a_link_keeps_a_value_that_is_not_allowed_any_more(by: Person) -> None:
    link = create(by, utm={"source": "old"})
    allow(by, "source", "newsletter")
    change(by, link, label="Renamed")
    assert (read_again(Link, link.id).label, read_again(Link, link.id).utm) == ("Renamed", {"source": "old"})


def test_rules_bind_links_made_by_hand_and_not_deliveries(by: Person) -> None:
    allow(by, "source", "newsletter")
    assert make_link(source="mastodon").utm["source"] == "mastodon"


def test_a_value_is_allowed_once(by: Person) -> None:
    allow(by, "medium", "social")
    for typed, sentence in (
        ("Social ", "“social” is allowed already."),
        ("", "Please give a value."),
        ("so cial", "A value has no spaces: please write a hyphen instead."),
    ):
        with pytest.raises(Invalid) as problem:
            allow(by, "medium", typed)
        assert problem.value.errors == {"value": sentence}
    with pytest.raises(Invalid):
        allow(by, "campaign", "x")
    with pytest.raises(NotFound), transaction():
        services.disallow_value(404)
    assert [row.value for row in queries.utm_values()] == ["social"]


def test_our_own_pages_do_not_tell_themselves_where_a_reader_came_from(by: Person) -> None:
    sentence = "UTM values between our own pages would reset where a reader came from. "
    assert refused(by, utm={"source": "localhost"}) == {
        "source": sentence + "Please link to the page itself."
    }
    assert refused(by, "/?utm_source=x") == {
        "target": sentence + "Please give the address without them; the link adds its own."
    }


def test_every_mistake_is_named_at_once(by: Person) -> None:
    assert refused(
        by,
        "javascript:alert(1)",
        label="x" * 161,
        campaign_id=404,
        utm={"source": "a b"},
        expires_at=clock.now(),
        replacement="/l/2345678",
    ) == {
        "target": "Only addresses that begin with http:// or https:// can be given.",
        "replacement": "This is a short link itself. Please give the address it leads to.",
        "source": "A value has no spaces: please write a hyphen instead.",
        "label": "Please use at most 160 characters.",
        "expires": "This time is over. To end the link now, press “End it”.",
    }
    assert refused(by, campaign_id=404, utm={"source": "a", "medium": "b"}) == {
        "campaign": "There is no such campaign."
    }


def test_a_replacement_leads_somewhere_else_and_never_in_a_circle(by: Person) -> None:
    assert refused(by, replacement="http://localhost/posts/spring-notes") == {
        "replacement": "This is where the link leads already."
    }
    link = create(by, replacement="/posts/autumn-notes")
    assert link.replacement == "http://localhost/posts/autumn-notes"
    with pytest.raises(Invalid) as problem:
        change(by, link, replacement=f"/l/{link.code}")
    assert problem.value.errors == {
        "replacement": "This is a short link itself. Please give the address it leads to."
    }
    assert refused(by, replacement="https://e.example.com/?utm_source=y", utm={"source": "x"}) == {
        "replacement": "This address carries utm_source already. Please take it out there, or here."
    }


def test_what_a_delivery_measured_stays(by: Person) -> None:
    link = make_link(source="mastodon")
    change(by, link, label="Kept", expires_at=clock.now() + timedelta(days=1), replacement="/posts/x")
    again = read_again(Link, link.id)
    assert (again.label, again.target, again.utm) == ("Kept", link.target, link.utm)
    for other in (
        {"target": "/posts/other"},
        {"utm": {"source": "elsewhere", "medium": "social"}},
        {"campaign_id": make_campaign().id},
    ):
        with pytest.raises(services.LinkLocked):
            change(by, read_again(Link, link.id), **other)


def test_another_target_of_a_link_made_by_hand_is_taken(by: Person) -> None:
    link = create(by, utm={"source": "poster", "medium": "print"})
    change(by, link, target="/posts/other", utm={"source": "flyer"})
    again = read_again(Link, link.id)
    assert (again.target, again.utm) == ("http://localhost/posts/other", {"source": "flyer"})


def test_a_time_that_is_over_stays_when_it_is_not_touched(by: Person) -> None:
    link = create(by, expires_at=clock.now() + timedelta(hours=1))
    with clock.stopped(clock.now() + timedelta(hours=2)):
        change(by, link, label="Later", expires_at=link.expires_at)
    assert read_again(Link, link.id).label == "Later"


def test_two_people_do_not_overwrite_each_other(by: Person) -> None:
    link = create(by)
    version = link.version
    change(by, link, label="First")
    with pytest.raises(services.LinkChanged), transaction():
        services.change_link(
            link.id, LinkTerms(link.target, "Second"), expected_version=version, by=by, at=clock.now()
        )
    assert read_again(Link, link.id).label == "First"


def test_ending_twice_is_ending_once_and_can_be_undone(by: Person) -> None:
    link = create(by)
    with transaction():
        services.end_link(link.id, at=clock.now())
    with transaction():
        services.end_link(link.id, at=clock.now() + timedelta(days=1))
    assert read_again(Link, link.id).ended_at == clock.now()
    with transaction():
        services.resume_link(link.id)
    assert read_again(Link, link.id).ended_at is None


def test_links_are_found_by_label_target_code_and_what_they_belong_to(by: Person) -> None:
    campaign = make_campaign()
    poster = create(by, label="Poster 海报", campaign_id=campaign.id, utm={"source": "a", "medium": "b"})
    partner = create(by, "https://partner.example.com/50%", expires_at=clock.now() + timedelta(hours=1))

    def found(**asked: object) -> list[int]:
        return [one.id for one in queries.links(at=clock.now(), **asked)]  # type: ignore[arg-type]

    assert found() == [partner.id, poster.id]
    assert found(search="海报") == found(campaign_id=campaign.id) == [poster.id]
    assert found(search="50%") == [partner.id]
    assert found(search="%") == [partner.id]
    assert found(search=partner.code) == found(search=f"http://localhost/l/{partner.code}+") == [partner.id]
    assert found(limit=1, before=(partner.created_at, partner.id)) == [poster.id]
    assert found(stands="over") == []
    assert found(stands="open") == [partner.id, poster.id]
    with clock.stopped(clock.now() + timedelta(hours=1)):
        assert found(stands="over") == [partner.id]
        assert found(stands="open") == [poster.id]
