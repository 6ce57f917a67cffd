"""Following people and tags: buttons on kept pages, one's own reading, news in the morning, OPML."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import NotFound
from cms.following import jobs, queries, services
from cms.following.models import Follow, FreshPost
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import services as posts
from cms.topics import services as topics
from tests.cms.blogs.blogging import open_blog, write
from tests.factories import ivy, make_person, make_post, make_tag, nadia, rae, read_again, sign_in

pytestmark = pytest.mark.usefixtures("app")


def follow(by: Person, kind: str, target_id: int) -> None:
    with transaction():
        services.follow(kind, target_id, by=by, at=clock.now())


def news(person: Person) -> list[str]:
    return list(db.session.scalars(select(Notice.subject).where(Notice.person_id == person.id)))


def test_a_button_on_a_kept_page_leads_to_a_form_that_follows(client: FlaskClient) -> None:
    reader, writer = ivy(), nadia()
    post = make_post("By her", bylines=[writer])
    page = html.fromstring(client.get("/en/@nadia").text)
    (address,) = page.xpath("//a[contains(@href, '/follow/person/')]/@href")
    sign_in(client, reader)
    assert client.get(address).status_code == 200
    assert not queries.is_following(reader.id, "person", writer.id)
    assert client.post(address).status_code == 303
    reading = client.get("/en/me/reading").text
    assert ("By her" in reading, "Nadia Rahimi" in reading) == (True, True)
    assert client.post(f"/follow/person/{writer.id}/removal").status_code == 303
    assert post.slug not in client.get("/en/me/reading").text


def test_following_twice_is_following_once_and_nobody_follows_themselves() -> None:
    reader, tag = ivy(), make_tag()
    follow(reader, "tag", tag.id)
    follow(reader, "tag", tag.id)
    assert len(db.session.scalars(select(Follow)).all()) == 1
    for kind, number in (("person", reader.id), ("tag", 9999), ("planet", 1)):
        with pytest.raises(NotFound):
            follow(reader, kind, number)


def test_reading_holds_each_post_once_newest_first_also_of_blogs() -> None:
    reader, writer, tag = ivy(), rae(), make_tag("trams")
    post = write(open_blog(writer), tags=("trams",))
    make_post("Unrelated")
    follow(reader, "person", writer.id)
    follow(reader, "tag", tag.id)
    ids, following = queries.reading(reader)
    assert (ids, following) == ([post.id], None)
    posts_of_tag = [make_post(f"Tram {number}", tags=[tag]).id for number in range(3)]
    first, place = queries.reading(reader, size=2)
    second, end = queries.reading(reader, before=place, size=2)
    assert [*first, *second] == [*reversed(posts_of_tag), post.id]
    assert end is None


def test_followers_are_told_once_by_the_worker_and_never_of_their_own() -> None:
    reader, writer, tag = ivy(), nadia(), make_tag()
    follow(reader, "tag", tag.id)
    follow(reader, "person", writer.id)
    follow(writer, "tag", tag.id)
    post = make_post(bylines=[writer], tags=[tag])
    assert news(reader) == []
    jobs.tell_followers()
    jobs.tell_followers()
    assert news(reader) == [f"post:{post.id}"]
    assert news(writer) == []
    assert db.session.scalars(select(FreshPost)).all() == []


def test_it_is_mailed_in_the_morning() -> None:
    reader, tag = ivy(), make_tag()
    follow(reader, "tag", tag.id)
    make_post(tags=[tag])
    jobs.tell_followers()
    due = db.session.scalars(select(Notice.mail_due_at).where(Notice.person_id == reader.id)).one()
    assert due is not None
    assert (due.hour, due > clock.now()) == (8, True)


def test_what_was_taken_down_before_anybody_was_told_is_not_told() -> None:
    reader, tag = ivy(), make_tag()
    follow(reader, "tag", tag.id)
    post = make_post(tags=[tag])
    with transaction():
        posts.take_down_post(post.id, by=None, at=clock.now())
    jobs.tell_followers()
    assert news(reader) == []


def test_a_merged_tag_takes_its_followers_along() -> None:
    one, two, old, new = ivy(), make_person("Rae Sato", "member"), make_tag("5g"), make_tag("5g-net")
    follow(one, "tag", old.id)
    follow(two, "tag", old.id)
    follow(two, "tag", new.id)
    with transaction():
        topics.merge_tags(old.id, into_id=new.id, at=clock.now())
    rows = db.session.execute(select(Follow.person_id, Follow.target_id)).all()
    assert sorted(tuple(row) for row in rows) == [(one.id, new.id), (two.id, new.id)]


def test_opml_names_the_feeds_of_what_one_follows(client: FlaskClient) -> None:
    reader, writer, tag = ivy(), nadia(), make_tag()
    follow(reader, "tag", tag.id)
    follow(reader, "person", writer.id)
    sign_in(client, read_again(Person, reader.id))
    text = client.get("/en/me/reading/opml.xml").text
    assert 'xmlUrl="http://localhost/en/@nadia/feed.xml"' in text
    assert 'xmlUrl="http://localhost/en/tags/5g/feed.xml"' in text
