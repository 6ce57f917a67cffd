"""Reading and sending over HTTP, without script."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.comments.models import Comment, Standing
from cms.comments.sending import make_mark
from cms.core import clock
from cms.core.database import db
from cms.people.models import Person
from tests.cms.comments.talking import allow, say, trust
from tests.factories import make_note, make_post, sign_in


def fields(post_id: int, body: str = "Good morning.", **rest: str) -> dict[str, str]:
    mark = make_mark(f"post:{post_id}", at=clock.now() - timedelta(seconds=30))
    return {"body": body, "mark": mark, "name": "", "website": "", "to": "", **rest}


def newest() -> Comment:
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()  # type: ignore[return-value]


def test_the_page_of_a_post_is_the_same_for_all_and_holds_its_comments(
    client: FlaskClient, rae: Person
) -> None:
    post = make_post()
    say("Held *all* night.", by=rae, on=post)
    seen = client.get(f"/posts/{post.slug}")
    sign_in(client, rae)
    again = client.get(f"/posts/{post.slug}")
    assert "<p>Held <em>all</em> night.</p>" in seen.text
    assert seen.data == again.data
    assert "csrf" not in seen.text
    assert "Set-Cookie" not in seen.headers


def test_a_new_comment_shows_on_kept_pages(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    assert "Write the first comment" in client.get(f"/posts/{post.slug}").text
    assert "Comments" in client.get(f"/posts/{post.slug}/comments").text
    say("Fresh words.", by=rae, on=post)
    for path in (f"/posts/{post.slug}", f"/posts/{post.slug}/comments", f"/posts/{post.slug}/comments/best"):
        assert "Fresh words." in client.get(path).text


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: FlaskClient) -> None:
    post = make_post()
    answer = client.get(f"/comments/post/{post.id}/new")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next=/comments/post/{post.id}/new"


def test_a_member_sends_a_comment_and_reads_why_it_waits(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    sign_in(client, rae)
    assert "Somebody reads it before it appears" in client.get(f"/comments/post/{post.id}/new").text
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id))
    assert sent.headers["Location"] == f"/comments/{newest().id}"
    page = client.get(sent.headers["Location"]).text
    assert "it is your first comment here" in page
    assert "Good morning." not in client.get(f"/posts/{post.slug}/comments").text
    assert "it is your first comment here" in client.get("/me/comments").text


def test_a_trusted_member_is_seen_at_once(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    trust(rae)
    sign_in(client, rae)
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id))
    assert sent.headers["Location"] == f"/posts/{post.slug}/comments#c{newest().id}"


def test_bad_input_keeps_what_was_typed(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    sign_in(client, rae)
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id, "https://a.example " * 21))
    assert (sent.status_code, "at most 20 links" in sent.text) == (422, True)
    assert "https://a.example https://a.example" in sent.text


def test_a_form_that_was_open_for_days_is_sent_again_with_one_press(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    trust(rae)
    sign_in(client, rae)
    old = make_mark(f"post:{post.id}", at=clock.now() - timedelta(days=2))
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id, "Kept words.", mark=old))
    assert (sent.status_code, "Kept words." in sent.text) == (409, True)
    mark = re.search(r'name="mark" type="hidden" value="([^"]+)"', sent.text)
    assert mark is not None
    again = client.post(f"/comments/post/{post.id}", data=fields(post.id, "Kept words.", mark=mark[1]))
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("seconds", "website", "reason"), [(1, "", "fast"), (60, "https://spam.example", "trap")]
)
def test_programs_are_held_and_told_never_dropped(
    client: FlaskClient, rae: Person, seconds: int, website: str, reason: str
) -> None:
    post = make_post()
    trust(rae)
    sign_in(client, rae)
    mark = make_mark(f"post:{post.id}", at=clock.now() - timedelta(seconds=seconds))
    client.post(f"/comments/post/{post.id}", data=fields(post.id, mark=mark, website=website))
    assert (newest().state, newest().held_for) == ("waiting", [reason])


def test_the_trap_says_what_it_is_to_who_hears_the_page(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    sign_in(client, rae)
    page = client.get(f"/comments/post/{post.id}/new").text
    assert '<label for="website">Leave this empty: it is a trap for programs</label>' in page
    assert 'tabindex="-1"' in page
    assert "aria-hidden" not in page[page.index("trap") : page.index("trap") + 300]


def test_too_many_are_slowed_down_with_the_text_kept(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    sign_in(client, rae)
    for _ in range(3):
        client.post(f"/comments/post/{post.id}", data=fields(post.id))
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id, "The fourth."))
    assert (sent.status_code, "The fourth." in sent.text) == (429, True)


def test_a_visitor_comments_where_that_is_open_and_can_take_it_away(client: FlaskClient) -> None:
    post = make_post()
    allow(post, "open")
    sent = client.post(f"/comments/post/{post.id}", data=fields(post.id, name="Old Bo"))
    page = client.get(sent.headers["Location"]).text
    assert "it was written without an account" in page
    assert "Old Bo" in page
    client.post(sent.headers["Location"] + "/removal")
    assert (newest().state, newest().body) == ("deleted", "")


def test_quoting_and_answering(client: FlaskClient, rae: Person, ivy: Person) -> None:
    post = make_post()
    first = say("Line one.\nLine two.", by=rae, on=post)
    trust(ivy)
    sign_in(client, ivy)
    page = client.get(f"/comments/post/{post.id}/new?to={first.id}&quote=1").text
    assert "&gt; Rae Sato wrote:\n&gt;\n&gt; Line one.\n&gt; Line two." in page
    client.post(f"/comments/post/{post.id}", data=fields(post.id, "Yes.", to=str(first.id)))
    assert newest().parent_id == first.id


def test_a_part_is_the_form_alone(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    sign_in(client, rae)
    part = client.get(f"/comments/post/{post.id}/new", headers={"Parley-Part": "1"}).text
    assert "<html" not in part
    assert "<form" in part


def test_what_is_not_to_be_seen_has_no_address_for_others(
    client: FlaskClient, rae: Person, ivy: Person
) -> None:
    comment = say("Waits.", by=rae, is_seen=False)
    for person in (None, ivy):
        if person:
            sign_in(client, person)
        assert client.get(f"/comments/{comment.id}").status_code == 404


def test_a_permalink_leads_to_the_right_page(
    client: FlaskClient, rae: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.comments.queries.thread.PER_PAGE", 2)
    post = make_post()
    first, *_rest = [say(str(number), by=rae, on=post) for number in range(4)]
    target = client.get(f"/comments/{first.id}").headers["Location"]
    assert target == f"/posts/{post.slug}/comments?after=0-{first.id + 1}-2147483647#c{first.id}"
    assert f'id="c{first.id}"' in client.get(target.partition("#")[0]).text


def test_notes_have_comments_too(client: FlaskClient, rae: Person) -> None:
    note = make_note()
    say("Same here.", by=rae, on=note)
    assert "Same here." in client.get(f"/notes/{note.id}/comments").text
    assert "Same here." in client.get(f"/notes/{note.id}").text


def test_off_shows_nothing_anywhere(client: FlaskClient, rae: Person) -> None:
    post = make_post()
    comment = say("Was here.", by=rae, on=post)
    allow(post, "off")
    assert "Was here." not in client.get(f"/posts/{post.slug}").text
    assert client.get(f"/posts/{post.slug}/comments").status_code == 404
    assert client.get(f"/comments/{comment.id}").status_code == 404


def test_reacting_editing_and_taking_away(client: FlaskClient, rae: Person, ivy: Person) -> None:
    post = make_post()
    comment = say("Mine.", by=rae, on=post)
    sign_in(client, ivy)
    client.post(f"/comments/{comment.id}/reactions", data={"kind": "thanks"})
    assert "Thank you <b>1</b>" in client.get(f"/posts/{post.slug}/comments").text
    sign_in(client, rae)
    assert "Mine." in client.get(f"/comments/{comment.id}/edit").text
    client.post(f"/comments/{comment.id}/edit", data={"body": "Ours."})
    assert "Ours." in client.get(f"/posts/{post.slug}/comments").text
    client.post(f"/comments/{comment.id}/removal")
    assert "Ours." not in client.get(f"/posts/{post.slug}/comments").text


def test_the_policy_is_set_beside_the_post(client: FlaskClient, nadia: Person) -> None:
    post = make_post()
    sign_in(client, nadia)
    assert "Who may comment" in client.get(f"/desk/posts/{post.id}").text
    client.post(f"/desk/posts/{post.id}/comments", data={"comments": "moderated", "comments_close": "14"})
    assert "Open until 5 December 2026" in client.get(f"/posts/{post.slug}/comments").text
    client.post(f"/desk/posts/{post.id}/comments", data={"comments": "moderated", "comments_close": "0"})
    assert "Open until 5 December 2026" in client.get(f"/posts/{post.slug}/comments").text


def test_who_is_blocked_reads_why(app: Flask, client: FlaskClient, rae: Person) -> None:
    post = make_post()
    trust(rae)
    from cms.core.database import transaction

    with transaction():
        standing = db.session.get_one(Standing, rae.id)
        standing.blocked_at, standing.block_note = clock.now(), "Three warnings."
    sign_in(client, rae)
    assert "You cannot comment at present" in client.get(f"/comments/post/{post.id}/new").text
    assert client.post(f"/comments/post/{post.id}", data=fields(post.id)).status_code == 403
    assert "Three warnings." in client.get("/me/comments").text


def test_one_network_cannot_fill_the_queue_with_ever_new_accounts(
    client: FlaskClient, rae: Person, ivy: Person, nadia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.comments.views.writing.PER_NETWORK", 2)
    post = make_post()
    for person, status in ((rae, 303), (ivy, 303), (nadia, 429)):
        sign_in(client, person)
        sent = client.post(f"/comments/post/{post.id}", data=fields(post.id, f"By {person.handle}."))
        assert sent.status_code == status
    assert "By nadia." in sent.text
