"""Letters that are opened: counted only where an account asks for it, nobody told apart by name, services apart."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest
from flask.testing import FlaskClient

from campaigns.channels.email.letter import letter
from campaigns.channels.messages import Message, Part
from campaigns.engagement.clients import DESK_COOKIE
from campaigns.engagement.gate import GIF, Gate
from campaigns.engagement.lines import Line
from campaigns.engagement.queries import opens_of
from campaigns.engagement.store import CAMPAIGN, POST, Store
from cms.core import clock
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.factories import make_post

APPLE = "Mozilla/5.0"
GOOGLE = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
OUTLOOK = "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"
CURL = "curl/8.5.0"


def open_letter(reader: FlaskClient, code: str, agent: str = "", **headers: str) -> None:
    """As a mail program shows the picture of a letter."""
    sent = {"Sec-Fetch-Site": "cross-site", **({"User-Agent": agent} if agent else {}), **headers}
    answer = reader.get(f"/e/letter/{code}.gif", headers=sent)
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, GIF, "no-store")
    assert "Set-Cookie" not in answer.headers


def written(*, says_opened: bool) -> str:
    message = Message(
        "k",
        "en",
        (Part("Salt"),),
        "",
        "http://localhost/l/k7p2m9x",
        clock.now(),
        title="Salt",
        html="<p>Salt</p>",
    )
    sent = letter(
        message, "news@example.com", (1, "rae@example.com", "http://localhost/u/x"), says_opened=says_opened
    )
    body = message_from_bytes(sent, policy=default).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def test_a_letter_holds_a_picture_only_where_the_account_asks_for_it_and_the_same_for_all() -> None:
    assert "<img" not in written(says_opened=False)
    said = written(says_opened=True)
    assert said.count('<img src="http://localhost/e/letter/k7p2m9x.gif" alt="" width="1" height="1">') == 1
    assert "rae" not in said


def test_a_letter_opened_counts_for_its_post_campaign_and_account_and_services_stand_apart(
    reader: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]], store: Store
) -> None:
    campaign, post = make_campaign(), make_post("Spring notes")
    account = make_account("Letters", "email")
    code = make_link(campaign_id=campaign.id, post_id=post.id, account_id=account.id).code
    for agent in ("", "", OUTLOOK, APPLE, APPLE, GOOGLE, CURL):
        open_letter(reader, code, agent)
    reader.head(f"/e/letter/{code}.gif")
    reader.set_cookie(DESK_COOKIE, "1")
    open_letter(reader, code)  # one of us
    collect()
    told = Counter({"open:reader": 2, "open:service": 3})
    assert opens_of(POST, post.id) == opens_of(CAMPAIGN, campaign.id) == told
    found = store.facts(
        campaigns=None, posts=None, since=date(2026, 1, 1), until=date(2027, 1, 1), kinds=["open"]
    )
    assert {one.channel for one in found} == {f"account:{account.id}"}
    assert store.totals(POST, [post.id]) == {}  # no reader of a page


@pytest.mark.parametrize("path", ["x", "../e", "k7p2m9", "k7p2m9xx"])
def test_what_is_no_letter_is_answered_alike_and_not_counted(
    reader: FlaskClient, lines: Callable[[], list[Line]], path: str
) -> None:
    open_letter(reader, path)
    assert lines() == []


def test_who_asks_not_to_be_tracked_is_not_counted(
    reader: FlaskClient, lines: Callable[[], list[Line]]
) -> None:
    open_letter(reader, "k7p2m9x", DNT="1")
    assert lines() == []
    open_letter(reader, "k7p2m9x")
    assert [(one.subject, one.value, one.agent) for one in lines()] == [
        ("code:k7p2m9x", "open:reader", "browser:firefox")
    ]
