"""What programs read of what networks say."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.engagement.platform.models import PlatformFigure
from tests.campaigns.deliveries.made import make_account, make_delivery
from tests.conftest import NOW
from tests.factories import make_post, nadia, save, token_headers


@pytest.fixture
def headers(client: FlaskClient) -> dict[str, str]:
    return token_headers(nadia())


def test_the_newest_of_each_figure_is_told(client: FlaskClient, headers: dict[str, str]) -> None:
    post, account = make_post("Salt"), make_account("Mast", "mastodon")
    one = make_delivery(post, account, "sent", sent_at=NOW)
    for minutes, likes in ((15, 5), (60, 4)):
        for metric, value in (("likes", likes), ("quotes", None)):
            save(
                PlatformFigure(
                    delivery_id=one.id,
                    metric=metric,
                    definition_version=1,
                    captured_at=NOW + timedelta(minutes=minutes),
                    value=value,
                    source="mastodon",
                    is_final=False,
                )
            )
    told = client.get(f"/api/v1/figures?post={post.id}", headers=headers).json
    usual = {
        "delivery": one.id,
        "post": post.id,
        "campaign": None,
        "account": account.id,
        "channel": "mastodon",
        "captured_at": "2026-11-21T13:00:00Z",
        "source": "mastodon",
        "definition_version": 1,
        "is_final": False,
    }
    assert told == {
        "items": [{**usual, "metric": "likes", "value": 4}, {**usual, "metric": "quotes", "value": None}]
    }
    for name, number in (("delivery", one.id), ("account", account.id)):
        assert client.get(f"/api/v1/figures?{name}={number}", headers=headers).json == told
    assert client.get("/api/v1/figures?campaign=1", headers=headers).json == {"items": []}


@pytest.mark.parametrize(
    "asked", ["", "?post=1&account=1", "?post=x", "?post=0", "?post=99999999999", "?likes=1"]
)
def test_a_question_that_is_none_is_refused(client: FlaskClient, headers: dict[str, str], asked: str) -> None:
    assert client.get(f"/api/v1/figures{asked}", headers=headers).status_code == 422
