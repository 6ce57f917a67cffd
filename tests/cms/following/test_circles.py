"""Following circles: what is new in them on one's reading page, in the morning and as OPML, behind the circle's gate."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.circles import services as circles
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import NotFound
from cms.following import jobs, queries, services
from cms.following.models import FreshTopic
from cms.notices import queries as notices
from cms.notices.kinds import known_kinds
from cms.notices.models import Notice
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, make_post, rae, read_again, sign_in

pytestmark = pytest.mark.usefixtures("app")


def follow(by: Person, circle_id: int) -> None:
    with transaction():
        services.follow("circle", circle_id, by=by, at=clock.now())


def news(person: Person) -> list[str]:
    return list(db.session.scalars(select(Notice.subject).where(Notice.person_id == person.id)))


def shown_news(person: Person) -> list[str]:
    seen = notices.visible_to(person, notices.notices(person))
    return [str(known_kinds()[one.kind].sentence(one.detail)) for one in seen]


def test_the_page_of_a_circle_leads_to_a_form_that_follows_it(client: FlaskClient) -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    circle = make_circle(owner=owner)
    assert f"/follow/circle/{circle.id}" in client.get(f"/en/circles/{circle.slug}").text
    sign_in(client, reader)
    assert client.post(f"/follow/circle/{circle.id}").status_code == 303
    post = make_post("Trams at night")
    ready = circles.prepare_topic(title="Look at this", body="How?")
    with transaction():
        circles.start_topic(circle.id, ready, post_id=post.id, by=owner, at=clock.now())
    reading = client.get("/en/me/reading").text
    for words in ("Look at this", "Trams at night", "Night photographers"):
        assert words in reading
    assert client.post(f"/follow/circle/{circle.id}/removal").status_code == 303
    assert "Look at this" not in client.get("/en/me/reading").text


def test_followers_are_told_once_by_the_worker_and_never_of_their_own() -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    circle = make_circle(owner=owner)
    follow(reader, circle.id)
    follow(owner, circle.id)
    topic = make_topic(circle, owner)
    assert news(reader) == []
    jobs.tell_followers()
    jobs.tell_followers()
    assert (news(reader), news(owner)) == ([f"topic:{topic.id}"], [])
    assert shown_news(read_again(Person, reader.id)) == [
        "New in the circle “Night photographers”: “Which tripod?”"
    ]
    due = db.session.scalars(select(Notice.mail_due_at).where(Notice.person_id == reader.id)).one()
    assert due is not None
    assert due.hour == 8  # with the rest of the morning
    assert db.session.scalars(select(FreshTopic)).all() == []


def test_what_was_hidden_before_anybody_was_told_is_not_told() -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    circle = make_circle(owner=owner)
    follow(reader, circle.id)
    topic = make_topic(circle, owner)
    with transaction():
        circles.hide_topic(topic.id, why="Off topic.", by=owner, at=clock.now())
    jobs.tell_followers()
    assert news(reader) == []
    assert queries.reading_topics(reader) == []


def test_a_topic_for_members_is_news_for_members_only() -> None:
    owner, reader, member = make_person("Olga Petrova", "member"), ivy(), rae()
    circle = make_circle(owner=owner)
    join(circle, member)
    for one in (reader, member):
        follow(one, circle.id)
    topic = make_topic(circle, owner, audience="members")
    jobs.tell_followers()
    assert (queries.reading_topics(reader), shown_news(reader)) == ([], [])
    assert [one.id for one in queries.reading_topics(member)] == [topic.id]
    assert len(shown_news(member)) == 1


def test_a_hidden_circle_is_followed_by_its_members_until_they_leave(client: FlaskClient) -> None:
    owner, outsider, member = make_person("Olga Petrova", "member"), ivy(), rae()
    circle = make_circle(owner=owner, visibility="hidden")
    with pytest.raises(NotFound):
        follow(outsider, circle.id)
    join(circle, member)
    follow(member, circle.id)
    make_topic(circle, owner)
    jobs.tell_followers()
    assert [one.target.name for one in queries.followed(member)] == ["Night photographers"]
    assert len(shown_news(member)) == 1
    with transaction():
        circles.leave(circle.id, by=member, at=clock.now())
    member = read_again(Person, member.id)
    assert (queries.followed(member), list(queries.reading_topics(member)), shown_news(member)) == (
        [],
        [],
        [],
    )
    sign_in(client, member)
    assert client.get(f"/follow/circle/{circle.id}").status_code == 404


def test_opml_names_the_feeds_that_open_without_signing_in(client: FlaskClient) -> None:
    owner, reader = make_person("Olga Petrova", "member"), ivy()
    public, internal = (
        make_circle(owner=owner),
        make_circle("For us", owner=make_person("Omar Haddad", "member"), visibility="members"),
    )
    follow(reader, public.id)
    follow(reader, internal.id)
    sign_in(client, read_again(Person, reader.id))
    text = client.get("/en/me/reading/opml.xml").text
    assert f'xmlUrl="http://localhost/en/circles/{public.slug}/feed.xml"' in text
    assert internal.slug not in text


def test_a_merged_circle_takes_its_followers_along() -> None:
    owner, reader = make_person("Olga Petrova", "author"), ivy()
    old, into = make_circle(owner=owner), make_circle("Day photographers", owner=owner)
    follow(reader, old.id)
    with transaction():
        circles.merge_circle(old.id, into.id, by=owner, at=clock.now())
    assert [one.target_id for one in queries.followed(reader)] == [into.id]
