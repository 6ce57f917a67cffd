"""What programs read of what readers did."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from campaigns.engagement.gate import Gate
from tests.campaigns.engagement.test_opens import APPLE, open_letter
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.factories import make_post, nadia, token_headers


def test_a_program_reads_what_stands_beside_a_post_a_campaign_and_a_link(
    reader: FlaskClient, client: FlaskClient, counting: Gate, collect: Callable[[], dict[str, int]]
) -> None:
    campaign, post = make_campaign(), make_post("Spring notes")
    account = make_account("Letters", "email")
    link = make_link("/posts/spring-notes", post_id=post.id, campaign_id=campaign.id, account_id=account.id)
    headers = token_headers(nadia())
    reader.post("/e", data={"k": "view", "s": f"post:{post.id}", "v": "a" * 16})
    reader.get(f"/l/{link.code}")
    for agent in ("", APPLE):
        open_letter(reader, link.code, agent)
    collect()

    def told(asked: str) -> dict[str, object]:
        answer = client.get(f"/api/v1/engagement{asked}", headers=headers)
        assert answer.status_code == 200
        return {name: value for name, value in answer.json.items() if value}  # type: ignore[union-attr]

    common = {"window": "month", "is_exact": True}
    read = {**common, "views": 1, "people": 1}
    assert told(f"?link={link.id}") == {**common, "clicks": 1}
    assert told(f"?post={post.id}") == {**read, "clicks": 1, "letters_opened": 1, "letters_fetched": 1}
    assert told(f"?campaign={campaign.id}")["letters_fetched"] == 1
    assert told("") == {**read, "clicks": 1}
    assert told("?post=999999") == common


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ("?post=1&link=1", None, "Please name only one of post, campaign and link."),
        ("?post=0", "post", None),
        ("?love=1", "love", "There is no such parameter."),
    ],
)
def test_a_question_that_makes_no_sense_is_told(
    client: FlaskClient, asked: str, field: str | None, sentence: str | None
) -> None:
    answer = client.get(f"/api/v1/engagement{asked}", headers=token_headers(nadia()))
    assert answer.status_code == 422
    assert sentence is None or sentence in answer.text
    assert field is None or field in answer.text
