"""Somebody leaves: what is held about them as a file, and nothing of it afterwards but what others need."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from cms.blogs import services as blogs
from cms.blogs.models import Blog, Pitch
from cms.circles.models import Circle, Membership, Topic
from cms.comments import services as comments
from cms.comments.models import Comment
from cms.contests.judging import services as judging
from cms.contests.judging.models import Certificate
from cms.contests.models import Entry
from cms.core import clock, seams
from cms.core.database import Base, db, transaction
from cms.core.models import OutgoingMail
from cms.following import services as following
from cms.people import audit, passwords, queries, services
from cms.people.events import PersonErased
from cms.people.models import AuditEntry, Invitation, Person
from cms.people.services.accounts import LastAdmin
from cms.people.services.erasing import naming_columns
from cms.posts.models import Post
from tests.cms.blogs.blogging import open_blog, write
from tests.cms.circles.making import join, make_circle, make_topic
from tests.cms.comments.talking import say
from tests.cms.contests.held import begin, hand_in, make_contest
from tests.cms.contests.judging import judged
from tests.conftest import NOW
from tests.factories import PASSWORD, make_media, make_person, make_post, read_again, save, sign_in

NAME, HANDLE, EMAIL = "Zuleika Quistgaard", "zuleika-q", "zuleika-q@example.com"
STILL_NAMED_BY_NUMBER = {  # they must name somebody, and name the empty place
    ("bylines", "person_id"),
    ("blogs", "person_id"),
    ("contest_authors", "person_id"),
    ("contributions", "person_id"),
    ("review_comments", "person_id"),
    ("review_decisions", "person_id"),
    ("report_annotations", "owner_id"),
    ("handles", "person_id"),  # of hashes that keep handles from others
}


@pytest.fixture
def zuleika(app: Flask) -> Person:
    return make_person(
        NAME,
        "member",
        handle=HANDLE,
        created_at=NOW - timedelta(days=400),
        email_confirmed_at=NOW - timedelta(days=400),
        password_hash=passwords.make_hash(PASSWORD),
        bio={"en": f"{NAME} listens."},
    )


def erase(person: Person, *, with_texts: bool = False, by: Person | None = None) -> None:
    with transaction():
        services.erase_person(person.id, with_texts=with_texts, by=by, at=clock.now())
    db.session.expire_all()


def naming(person_id: int) -> set[tuple[str, str]]:
    """Where somebody is named by number."""
    return {
        (table.name, column.name)
        for table, column, _key in naming_columns()
        if db.session.scalar(select(func.count()).select_from(table).where(column == person_id))
    }


def saying(*words: str) -> Iterator[str]:
    """Every table and column, of all there are, that says one of these words."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column, value in row.items():
                if any(word in str(value) for word in words):
                    yield f"{table.name}.{column}"


def a_life(zuleika: Person) -> dict[str, int]:
    """Something of hers in every room; gives the numbers of what was made."""
    ivy, nadia = make_person("Ivy Lindqvist", "member"), make_person("Nadia Rahimi", "editor")
    post = make_post()
    remark = say("Mine.", by=zuleika, on=post)
    answer = say("Yours.", by=ivy, on=post, to=remark)
    circle = make_circle("Masts", owner=zuleika)
    join(circle, ivy, role="moderator")
    topic = make_topic(circle, zuleika)
    blog = open_blog(by=zuleika, editor=nadia)
    out, kept = write(blog, "Trams"), write(blog, "Never out", publish=False)
    contest = make_contest("entries", "jury", "results", by=nadia)
    entry = hand_in(begin(contest, zuleika, NOW), zuleika, NOW)
    with transaction():
        comments.react(answer.id, "agree", by=zuleika, at=NOW)
        following.follow("person", ivy.id, by=zuleika, at=NOW)
        following.follow("person", zuleika.id, by=ivy, at=NOW)
        services.start_sign_in(zuleika.id, agent="a test", at=NOW)
        services.create_token(
            zuleika.id, name="Script", scopes=["posts:read"], expires_at=None, by=zuleika, at=NOW
        )
        services.request_reset(EMAIL, locale="en", at=NOW)
        db.session.add(
            Invitation(
                email=EMAIL, role="member", token_hash="x", created_at=NOW, expires_at=NOW, accepted_at=NOW
            )
        )
    with transaction():
        services.rename_handle(zuleika.id, handle="zuleika-before", at=NOW)
    with transaction():
        services.rename_handle(zuleika.id, handle=HANDLE, at=NOW)
    return {
        "comment": remark.id,
        "answer": answer.id,
        "circle": circle.id,
        "topic": topic.id,
        "out": out.id,
        "kept": kept.id,
        "entry": entry.id,
        "ivy": ivy.id,
    }


def test_nothing_names_who_was_erased(zuleika: Person) -> None:
    made = a_life(zuleika)
    assert {"people.name", "handles.handle", "outgoing_mail.recipient", "blogs.title"} - set(
        saying(NAME, HANDLE, EMAIL, "zuleika", "Slow signals")
    ) == set()
    who = zuleika.id
    erase(zuleika)
    assert naming(who) <= STILL_NAMED_BY_NUMBER
    assert sorted(saying(NAME, HANDLE, EMAIL, "zuleika", "Slow signals")) == []
    place = read_again(Person, who)
    assert (place.role, place.email, place.password_hash, place.bio) == ("guest", None, None, {})
    assert place.name.startswith("Former member ")
    assert [one.name for one in queries.people()] == ["Nadia Rahimi", "Ivy Lindqvist"]
    assert read_again(Comment, made["comment"]).author_id is None
    assert read_again(Comment, made["comment"]).body == "Mine."
    assert read_again(Comment, made["answer"]).score == 0
    assert db.session.get(Post, made["kept"]) is None
    assert read_again(Post, made["out"]).is_live
    entry = read_again(Entry, made["entry"])
    assert (entry.person_id, entry.is_submitted, entry.title) == (None, True, "Salt")
    owner = select(Membership.person_id).where(Membership.role == "owner")
    assert db.session.scalars(owner).all() == [made["ivy"]]
    assert audit.first_break() is None
    last = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "person.erased").order_by(AuditEntry.id.desc())
    ).first()
    assert last is not None
    assert (last.subject, last.detail) == (f"person:{who}", {"texts": False})


def test_texts_go_too_when_that_is_wished(zuleika: Person, client: FlaskClient) -> None:
    made = a_life(zuleika)
    who = zuleika.id
    erase(zuleika, with_texts=True)
    assert naming(who) <= STILL_NAMED_BY_NUMBER - {("blogs", "person_id"), ("bylines", "person_id")}
    assert read_again(Comment, made["comment"]).state == "deleted"
    assert read_again(Comment, made["answer"]).is_visible
    assert read_again(Topic, made["topic"]).body == ""
    assert db.session.scalars(select(Blog)).all() == []
    assert db.session.get(Post, made["out"]) is None
    assert client.get("/contests/signals").status_code == 200
    assert client.get(f"/@{HANDLE}").status_code == 404


def test_a_text_that_the_main_site_took_over_stays(zuleika: Person) -> None:
    nadia = make_person("Nadia Rahimi", "editor")
    post = write(open_blog(by=zuleika, editor=nadia))
    with transaction():
        pitch = blogs.pitch_post(post.id, words="Please.", by=zuleika, at=NOW)
        pitch_id = pitch.id
    with transaction():
        blogs.accept(pitch_id, section_id=None, by=nadia, at=NOW)
    erase(zuleika, with_texts=True)
    assert read_again(Post, post.id).id == post.id
    assert read_again(Pitch, pitch_id).state == "accepted"


def test_votes_and_scores_stay_counted_and_certificates_hold_without_the_name(zuleika: Person) -> None:
    contest = judged.make_contest(vote=0)
    entry = judged.make_entries(contest, 1)[0]
    judged.set_rules(contest)
    judged.vote(contest, entry, zuleika)
    save(
        Certificate(
            code="PC-1",
            contest_id=contest.id,
            entry_id=entry.id,
            person_id=zuleika.id,
            name=NAME,
            title="Salt",
            language="en",
            issued_at=NOW,
        )
    )
    erase(zuleika)
    assert judging.count_again(contest.id) == {str(entry.id): 1}
    kept = db.session.scalars(select(Certificate)).one()
    assert (kept.code, kept.person_id, kept.revoked_at) == ("PC-1", None, None)
    assert kept.name.startswith("Former member ")
    assert list(saying(NAME)) == []


def test_a_circle_without_anybody_left_tells_who_looks_after_circles(zuleika: Person) -> None:
    circle = make_circle(owner=zuleika)
    erase(zuleika)
    circle = read_again(Circle, circle.id)
    assert (circle.is_open, circle.heir_asked_at, circle.member_count) == (True, clock.now(), 0)


def test_a_portrait_goes_with_its_file(zuleika: Person) -> None:
    from cms.media import services as media
    from cms.media.models import Media

    picture = make_media(alt=f"Portrait of {NAME}")
    with transaction():
        media.set_portrait(zuleika.id, media_id=picture.id, by=zuleika, at=NOW)
    erase(zuleika)
    assert db.session.get(Media, picture.id) is None


def test_whole_or_not_at_all(zuleika: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    a_life(zuleika)
    zuleika_id, before = zuleika.id, sorted(saying(NAME, HANDLE, EMAIL))

    def break_down(fact: PersonErased) -> None:
        raise RuntimeError("the last room fails")

    monkeypatch.setitem(seams._handlers, PersonErased, [*seams._handlers[PersonErased], break_down])
    with pytest.raises(RuntimeError), transaction():
        services.erase_person(zuleika_id, with_texts=True, by=None, at=clock.now())
    db.session.expire_all()
    assert sorted(saying(NAME, HANDLE, EMAIL)) == before


def test_the_last_admin_stays(app: Flask) -> None:
    bo = make_person("Bo Boss", "admin", handle="bo")
    with transaction(), pytest.raises(LastAdmin):
        services.erase_person(bo.id, with_texts=False, by=bo, at=clock.now())
    ada = make_person("Ada Admin", "admin", handle="ada")
    erase(bo, by=ada)
    assert read_again(Person, bo.id).erased_at == clock.now()


def test_nobody_gets_a_handle_of_who_was_erased(zuleika: Person) -> None:
    erase(zuleika)
    assert queries.find_person(HANDLE) is None
    ivy = make_person("Ivy Lindqvist", "member")
    with transaction(), pytest.raises(services.HandleTaken):
        services.rename_handle(ivy.id, handle="zu1eika-q", at=NOW)  # looks the same
    assert queries.suggest_handle("Zuleika Q") == "zuleika-q-2"


def test_the_address_may_sign_up_again(zuleika: Person) -> None:
    erase(zuleika)
    with transaction():
        services.start_sign_up(email=EMAIL, name="Somebody New", locale="en", at=NOW)
    said = db.session.scalars(select(OutgoingMail.subject)).all()
    assert len(said) == 1
    assert queries.find_account(EMAIL) is None


# Pages -----------------------------------------------------------------------------------------------------------


def test_a_member_takes_everything_along(client: FlaskClient, zuleika: Person) -> None:
    made = a_life(zuleika)
    sign_in(client, zuleika)
    answer = client.post("/me/data/copies")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{HANDLE}-2026-11-21.json"'
    held = json.loads(answer.text)
    assert held["account"][0]["email"] == EMAIL
    assert [one["body"] for one in held["comments"]] == ["Mine."]
    assert [one["slug"] for one in held["circles"]] == ["masts"]
    assert sorted(one["title"] for one in held["posts"]) == ["Never out", "Trams"]
    assert [one["id"] for one in held["contest_entries"]] == [made["entry"]]
    assert [(one["kind"], one["target_id"]) for one in held["follows"]] == [("person", made["ivy"])]
    assert [one["kind"] for one in held["reactions"]] == ["agree"]
    assert held["blog"][0]["title"] == "Slow signals"
    row = db.session.execute(text("SELECT password_hash FROM people WHERE email = :who"), {"who": EMAIL})
    assert row.scalar_one() not in answer.text
    assert "hash" not in json.dumps({part: rows for part, rows in held.items() if part != "contest_entries"})


def test_erasing_oneself_asks_for_the_password_and_signs_out(client: FlaskClient, zuleika: Person) -> None:
    sign_in(client, zuleika)
    assert "Votes and scores stay counted" in client.get("/me/data").text
    wrong = client.post("/me/erasure", data={"current": "no", "sure": "y"})
    assert (wrong.status_code, "not your current password" in wrong.text) == (422, True)
    unsure = client.post("/me/erasure", data={"current": PASSWORD})
    assert (unsure.status_code, "Please tick this box" in unsure.text) == (422, True)
    gone = client.post("/me/erasure", data={"current": PASSWORD, "sure": "y"})
    assert (gone.status_code, gone.location) == (303, "/me/erased")
    assert "Your account is erased" in client.get("/me/erased").text
    assert client.get("/me/data").status_code == 303
    assert list(saying(NAME)) == []


def test_without_a_password_a_fresh_sign_in_is_asked(client: FlaskClient) -> None:
    lee = make_person("Lee Link", "member", handle="lee")
    sign_in(client, lee)
    with clock.stopped(NOW + timedelta(minutes=11)):
        late = client.post("/me/erasure", data={"sure": "y"})
        assert (late.status_code, "sign in again" in late.text) == (422, True)
    assert client.post("/me/erasure", data={"sure": "y"}).status_code == 303


def test_the_last_admin_is_told_why_not(client: FlaskClient) -> None:
    bo = make_person("Bo Boss", "admin", handle="bo", password_hash=passwords.make_hash(PASSWORD))
    sign_in(client, bo)
    answer = client.post("/me/erasure", data={"current": PASSWORD, "sure": "y"})
    assert (answer.status_code, "This is the last admin." in answer.text) == (409, True)


def test_a_manager_does_it_for_who_wrote_in(client: FlaskClient, zuleika: Person) -> None:
    who = zuleika.id
    sign_in(client, make_person("Tom Okafor", "manager"))
    assert f"/desk/people/{who}/data" in client.get(f"/desk/people/{who}").text
    assert json.loads(client.post(f"/desk/people/{who}/data/copies").text)["account"][0]["name"] == NAME
    wrong = client.post(f"/desk/people/{who}/erasure", data={"handle": "somebody"})
    assert (wrong.status_code, "not the handle of the account" in wrong.text) == (422, True)
    assert client.post(f"/desk/people/{who}/erasure", data={"handle": f"@{HANDLE}"}).status_code == 303
    entries = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert entries[-2:] == ["person.handed_out", "person.erased"]
    assert list(saying(NAME, HANDLE)) == []
    assert client.get(f"/desk/people/{who}/data").status_code == 403


def test_a_manager_erases_nobody_who_works_here(client: FlaskClient) -> None:
    sign_in(client, make_person("Tom Okafor", "manager"))
    nadia = make_person("Nadia Rahimi", "editor")
    assert client.get(f"/desk/people/{nadia.id}/data").status_code == 403
    assert client.post(f"/desk/people/{nadia.id}/erasure", data={"handle": "nadia"}).status_code == 403
