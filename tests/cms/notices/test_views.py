"""The pages of notices and choices."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cms.core import clock
from cms.notices import queries
from cms.people.models import Person
from tests.cms.notices.conftest import Tell
from tests.conftest import NOW
from tests.factories import ivy, nadia, sign_in, tom


@pytest.fixture(autouse=True)
def editor(client: FlaskClient) -> Person:
    person = nadia()
    sign_in(client, person)
    return person


def test_an_empty_list_says_what_will_be_there(client: FlaskClient) -> None:
    assert "Nobody has told you anything yet" in client.get("/desk/notices").text


def test_what_was_told_stands_under_its_day_and_the_bell_counts_it(
    client: FlaskClient, editor: Person, tell: Tell
) -> None:
    tell([editor], "post:1"), tell([editor], "post:2")
    text = client.get("/desk/notices").text
    assert "Saturday, 21 November 2026" in text
    assert text.count("Mira praises “Masts”</a>") == 2
    assert '<span aria-hidden="true" data-notices-number>2</span>' in text
    assert client.get("/desk/notices/count").json == {"unread": 2}


def test_following_a_notice_reads_it(client: FlaskClient, editor: Person, tell: Tell) -> None:
    tell([editor], "post:7")
    [row] = queries.notices(editor)
    assert client.get(f"/notices/{row.id}").location == "/desk/posts/7"
    assert queries.count_unread(editor) == 0
    assert client.get("/desk/notices?unread=1").text.count("You have read everything.") == 1


def test_a_notice_can_be_read_without_going_there(client: FlaskClient, editor: Person, tell: Tell) -> None:
    tell([editor])
    [row] = queries.notices(editor)
    assert client.post(f"/notices/{row.id}/reading").location == "/desk/notices"
    assert queries.count_unread(editor) == 0


def test_somebody_elses_notice_and_a_hidden_one_are_not_there(
    client: FlaskClient, editor: Person, tell: Tell, hidden: set[str]
) -> None:
    other = tom()
    tell([other, editor])
    theirs, mine = queries.notices(other)[0].id, queries.notices(editor)[0].id
    assert client.get(f"/notices/{theirs}").status_code == 404
    hidden.add("post:1")
    assert client.get(f"/notices/{mine}").status_code == 404
    assert client.post(f"/notices/{mine}/reading").status_code == 404


def test_reading_all_leaves_what_came_meanwhile(client: FlaskClient, editor: Person, tell: Tell) -> None:
    tell([editor], "post:1")
    with clock.stopped(NOW + timedelta(seconds=5)):
        tell([editor], "post:2")
        client.post("/notices/reading", data={"until": NOW.isoformat()})
        assert [one.subject for one in queries.notices(editor, is_unread=True)] == ["post:2"]


def test_a_naive_moment_is_422(client: FlaskClient) -> None:
    assert client.post("/notices/reading", data={"until": "2026-11-21T12:00:00"}).status_code == 422


def test_a_list_is_narrowed_to_one_kind(client: FlaskClient, editor: Person, tell: Tell) -> None:
    tell([editor])
    assert "Nothing of that kind" in client.get("/desk/notices?kind=text.read").text
    assert "Mira praises" in client.get("/desk/notices?kind=text.praised").text


def test_choices_are_kept_and_wrong_ones_refused(client: FlaskClient, editor: Person) -> None:
    good = {"mail-text.praised": "digest", "mail-text.read": "never", "desk-text.read": "1"}
    assert client.post("/me/notices", data=good).location == "/me/notices"
    assert [(one.by_mail, one.is_on_desk) for one in queries.choices(editor)] == [
        ("digest", False),
        ("never", True),
    ]
    wrong = client.post("/me/notices", data={**good, "mail-text.read": "hourly"})
    assert wrong.status_code == 422
    assert "Please choose for each kind how it comes by mail." in wrong.text


def test_a_member_reads_news_among_their_own_pages(client: FlaskClient, tell: Tell) -> None:
    member = ivy()
    sign_in(client, member)
    tell([member], kind="text.read")
    text = client.get("/me/notices").text
    assert "Many read it" in text
    assert "Somebody praises a text of yours" not in text


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client: FlaskClient, editor: Person, tell: Tell, count_queries: list[str]
) -> None:
    tell([editor], "post:1")
    client.get("/desk/notices")
    count_queries.clear()
    client.get("/desk/notices")
    with_one = len(count_queries)
    tell([editor], "post:2"), tell([editor], "post:3")
    count_queries.clear()
    client.get("/desk/notices")
    assert len(count_queries) == with_one
