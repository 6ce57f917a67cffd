"""The desk's pages: asking, the link shown once, the list, what is done about one."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from cms.contributions.models import Contribution
from cms.contributions.queries import get_by_token
from cms.core.database import db, transaction
from cms.posts import services as posts
from cms.posts.models import Post
from cms.posts.queries import get_post
from tests.cms.contributions.invited import RIGHTS, again, ask, hand_in, latest_hash
from tests.conftest import NOW
from tests.factories import make_person, make_post, nadia, revise, sign_in

FORM = {
    "purpose": "write",
    "who": "0",
    "name": "Ana Writer",
    "role": "author",
    "locale": "en",
    "rights": RIGHTS,
}


def test_the_link_is_shown_once(client: FlaskClient) -> None:
    sign_in(client, nadia())
    post = make_post(publish=False)
    asked = client.post(f"/desk/posts/{post.id}/contributions", data=FORM)
    assert asked.status_code == 303
    shown = client.get(asked.headers["Location"]).text
    token = re.search(r"http://localhost/en/contribute/([\w-]+)", shown)
    assert token is not None
    assert get_by_token(token[1], at=NOW).post_id == post.id
    assert "/contribute/" not in client.get(asked.headers["Location"]).text


def test_a_deadline_in_the_past_shows_what_was_typed_again(client: FlaskClient) -> None:
    sign_in(client, nadia())
    data = {**FORM, "wall": "2020-01-01T09:00", "zone": "Asia/Shanghai", "brief": "Kept words."}
    answer = client.post(f"/en/desk/posts/{make_post().id}/contributions", data=data)
    assert answer.status_code == 422
    assert "This deadline is in the past. Please choose a later one." in answer.text
    assert "Kept words." in answer.text
    assert db.session.scalars(select(Contribution)).all() == []


def test_a_time_that_comes_twice_is_asked_about_and_then_taken(client: FlaskClient) -> None:
    sign_in(client, nadia())
    data = {**FORM, "wall": "2027-10-31T02:30", "zone": "Europe/Berlin"}
    post_id = make_post().id
    answer = client.post(f"/en/desk/posts/{post_id}/contributions", data=data)
    assert answer.status_code == 422
    assert "the second one, 01:30 UTC" in answer.text
    assert client.post(f"/desk/posts/{post_id}/contributions", data={**data, "which": "1"}).status_code == 303


def test_a_wrong_address_is_refused_beside_its_field(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post(f"/en/desk/posts/{make_post().id}/contributions", data={**FORM, "email": "nowhere"})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text


def test_the_list_makes_the_same_queries_for_one_and_for_three(
    client: FlaskClient, count_queries: list[str]
) -> None:
    editor = nadia()
    sign_in(client, editor)
    ask(by=editor)
    client.get("/desk/contributions")

    def queries() -> int:
        count_queries.clear()
        assert client.get("/desk/contributions").status_code == 200
        return len(count_queries)

    first = queries()
    for number in range(2):
        ask(make_post(f"More {number}"), name=f"Person {number}", by=editor)
    assert queries() == first


def test_handing_back_without_words_says_so(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    one = hand_in(ask(by=editor)[0])
    answer = client.post(f"/en/desk/contributions/{one.id}/return", data={"words": ""})
    assert answer.status_code == 422
    assert "Please write something first." in answer.text


def test_the_post_shows_who_was_asked_and_today_who_handed_in(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    one = hand_in(ask(by=editor)[0])
    assert "Ana Writer" in client.get(f"/en/desk/posts/{one.post_id}").text
    assert f"/en/desk/contributions/{one.id}" in client.get("/en/desk").text


def test_an_author_sees_who_was_asked_about_their_post_but_may_not_ask(client: FlaskClient) -> None:
    author = make_person("Ann Author", "author")
    sign_in(client, author)
    post = make_post(publish=False, bylines=[author])
    assert "Ask an expert to write" not in client.get(f"/en/desk/posts/{post.id}").text
    assert client.get(f"/en/desk/posts/{post.id}/contributions/new").status_code == 403


def test_the_calendar_moves_a_deadline_and_hears_why_not(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    one = ask(by=editor)[0]
    address, program = f"/en/desk/contributions/{one.id}/deadline", {"Accept": "application/json"}
    moved = client.post(address, data={"wall": "2026-12-05T18:00", "zone": "UTC"}, headers=program)
    assert (moved.status_code, moved.json) == (200, {"message": "The deadline was moved."})
    assert again(one.id).due_wall == "2026-12-05T18:00"
    past = client.post(address, data={"wall": "2020-12-05T18:00", "zone": "UTC"}, headers=program)
    assert (past.status_code, past.json) == (
        422,
        {"message": "This deadline is in the past. Please choose a later one."},
    )
    twice = client.post(address, data={"wall": "2027-10-31T02:30", "zone": "Europe/Berlin"}, headers=program)
    assert twice.status_code == 422
    assert again(one.id).due_wall == "2026-12-05T18:00"


def test_withdrawing_and_a_new_link_go_through_the_page(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    one, token = ask(by=editor)
    client.post(f"/desk/contributions/{one.id}/revocation")
    assert client.get(f"/contribute/{token}").status_code == 404
    renewed = client.post(f"/desk/contributions/{one.id}/link")
    assert renewed.status_code == 303
    shown = client.get(renewed.headers["Location"]).text
    fresh = re.search(r"/en/contribute/([\w-]+)", shown)
    assert fresh is not None
    assert client.get(f"/contribute/{fresh[1]}").status_code == 200


def test_a_purged_post_takes_everything_with_it(client: FlaskClient) -> None:
    one, _ = ask()
    post_id = one.post_id
    with transaction():
        posts.trash_post(post_id, by=None, at=NOW)
    with transaction():
        posts.purge_post(post_id, by=None, at=NOW)
    assert (db.session.get(Post, post_id), db.session.scalars(select(Contribution)).all()) == (None, [])


def test_a_persons_page_shows_what_they_were_asked_for_and_offers_a_guest_an_account(
    client: FlaskClient,
) -> None:
    editor = nadia()
    sign_in(client, editor)
    one, _ = ask(by=editor)
    page = client.get(f"/en/desk/people/{one.person_id}").text
    assert "Salt and signal" in page
    assert f"/en/desk/invitations?guest={one.person_id}" in page
    form = client.get(f"/en/desk/invitations?guest={one.person_id}").text
    assert f'<option selected value="{one.person_id}">' in form
    assert 'value="Ana Writer"' in form
    assert "Make this an account" not in client.get(f"/en/desk/people/{editor.id}").text


def test_sign_offs_leave_as_csv_without_formulas(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    one, token = ask(purpose="approve", name="=Bo Lawyer", by=editor)
    about = latest_hash(one.post_id)
    client.post(f"/contribute/{token}/decision", data={"decision": "refused", "about": about, "words": "No."})
    answer = client.get(f"/desk/posts/{one.post_id}/sign-offs.csv")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert answer.mimetype == "text/csv"
    assert lines == [
        "at,who,role,act,revision,hash,words",
        f"2026-11-21T12:00:00Z,'=Bo Lawyer,legal,refused,1,{about},No.",
    ]


def test_they_see_what_changed_since_they_handed_it_in(client: FlaskClient) -> None:
    editor = nadia()
    one, token = ask(by=editor)
    hand_in(one)
    revise(get_post(one.post_id), publish=False, title="Salt and signal", body="Salt eats copper slowly.")
    sign_in(client, editor)
    client.post(f"/desk/contributions/{one.id}/approval-request")
    page = client.get(f"/en/contribute/{token}").text
    assert "What was changed since you handed it in" in page
    assert "slowly" in "".join(re.findall(r"<ins>.*?</ins>", page, re.DOTALL))
