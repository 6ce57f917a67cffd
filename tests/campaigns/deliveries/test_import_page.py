"""Planning from a table on the desk: tried first with a sentence for every line, then done, and harmless twice."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.deliveries.models import Delivery
from cms.core.database import db
from tests.campaigns.deliveries.made import make_account
from tests.campaigns.deliveries.test_pages import text_of
from tests.factories import make_post, nadia, sign_in

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "/desk/deliveries/import"


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """Nadia's browser."""
    sign_in(client, nadia())
    return client


def rows() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def test_a_table_is_tried_before_it_is_done(desk: FlaskClient) -> None:
    make_post("Spring notes", slug="spring-notes")
    make_account("The channel")
    table = (
        "\ufeffid;post;account;at;colour\r\n"
        "a;spring-notes;The channel;2026-12-01 09:30;red\r\n"
        "b;no-such-post;The channel;2026-12-01 09:30;\r\n"
        "c;=cmd|' /C calc'!A0;The channel;2026-12-01 09:30;\r\n"
    )
    file = (io.BytesIO(table.encode("utf-8")), "plan.csv")
    tried = desk.post(
        ADDRESS, data={"file": file, "zone": "Asia/Shanghai"}, content_type="multipart/form-data"
    )
    words = text_of(tried.text)
    assert tried.status_code == 200
    assert "Nothing is written yet." in words
    assert "Is planned 1 · Is left out 2" in words
    assert "These columns were not read: colour." in words
    assert rows() == []
    kept = re.search(r'<textarea name="table" hidden[^>]*>\n(.*?)</textarea>', tried.text, re.S)
    assert kept
    from html import unescape

    again = {"table": unescape(kept[1]), "zone": "Asia/Shanghai", "doing": "1"}
    done = desk.post(ADDRESS, data=again)
    assert "What was done" in text_of(done.text)
    assert [(one.wall, one.zone, one.state) for one in rows()] == [
        ("2026-12-01T09:30", "Asia/Shanghai", "scheduled")
    ]
    assert "Stays as it is 1" in text_of(desk.post(ADDRESS, data=again).text)
    assert len(rows()) == 1


def test_a_table_without_a_mistake_leads_to_the_queue(desk: FlaskClient) -> None:
    post, account = make_post(), make_account("The channel")
    table = f"post,account,at\n{post.id},{account.id},2026-12-01 09:30\n"
    done = desk.post(ADDRESS, data={"table": table, "zone": "UTC", "doing": "1"})
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/deliveries")
    assert "1 delivery is planned." in text_of(desk.get("/desk/deliveries").text)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"table": ""}, "Please choose a file, or paste a table."),
        ({"table": "post,account,at\n"}, "There is nothing below the names of the columns."),
        (
            {"table": "post,account,at\n1,2,3\n", "zone": "Mars/Base"},
            "Please choose a time zone from the list.",
        ),
    ],
)
def test_what_is_no_table_gets_a_sentence_and_is_not_lost(
    desk: FlaskClient, data: dict[str, str], sentence: str
) -> None:
    answer = desk.post(ADDRESS, data={"zone": "UTC", **data})
    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    if data["table"]:
        assert data["table"].strip().splitlines()[0] in answer.text
