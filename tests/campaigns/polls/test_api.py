"""Questions to readers in the API."""

from flask import Flask

from campaigns.engagement.gate import Gate
from campaigns.polls.models import Poll
from cms.core.database import db
from cms.people.queries import audit_entries
from tests.campaigns.conftest import api, count_reads_anew
from tests.campaigns.engagement.conftest import FIREFOX
from tests.campaigns.links.making import make_campaign
from tests.campaigns.polls.test_answering import give, make_poll
from tests.cms.api.conftest import Program, errors
from tests.factories import make_post

__all__ = ["api", "count_reads_anew"]
CHOICE = {
    "kind": "choice",
    "question": {"en": "Useful?"},
    "choices": [{"en": "Yes", "zh": "有用"}, {"en": "No"}],
}


def test_a_question_is_asked_changed_answered_and_closed(app: Flask, api: Program, counting: Gate) -> None:
    post = make_post("Spring notes")
    made = api.post("/polls", json={**CHOICE, "post": post.id, "asks_audience": True})
    number = made.json["id"]
    first, second = (one["id"] for one in made.json["choices"])
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/polls/{number}")
    assert made.json == {
        "id": number,
        "post": post.id,
        "campaign": None,
        "url": f"http://localhost/polls/{number}",
        "kind": "choice",
        "question": {"en": "Useful?"},
        "choices": [
            {"id": first, "label": {"en": "Yes", "zh": "有用"}},
            {"id": second, "label": {"en": "No"}},
        ],
        "asks_audience": True,
        "shows_results": False,
        "created_at": "2026-11-21T12:00:00Z",
        "ended_at": None,
    }
    one = f"/polls/{number}"
    assert api.get(one).json == made.json
    tag = {"If-Match": made.headers["ETag"]}
    changed = api.patch(one, json={"question": {"en": "Was it useful?"}}, headers=tag)
    assert (changed.status_code, changed.json["question"]) == (200, {"en": "Was it useful?"})
    assert [choice["label"] for choice in changed.json["choices"]] == [
        {"en": "Yes", "zh": "有用"},
        {"en": "No"},
    ]
    assert api.patch(one, json={"shows_results": True}, headers=tag).status_code == 412

    reader = app.test_client()
    reader.environ_base["HTTP_USER_AGENT"] = FIREFOX
    poll = db.session.get_one(Poll, number)
    chosen = changed.json["choices"][1]["id"]
    assert give(reader, poll, str(chosen), audience="users").status_code == 303
    refused = api.patch(one, json={"question": {"en": "Other words"}})
    assert (refused.status_code, "its words stay" in refused.json["detail"]) == (409, True)
    assert api.patch(one, json={"shows_results": True}).json["shows_results"] is True
    told = api.get(f"{one}/results").json
    assert (told["answers"], told["left_out"], told["nps"], told["audiences"]) == (1, 0, None, {"users": 1})
    assert told["parts"][1] == {
        "choice": chosen, "score": None, "count": 1, "percent": None, "low": None, "high": None,
    }  # fmt: skip

    assert api.put(f"{one}/end").json["ended_at"] == "2026-11-21T12:00:00Z"
    assert api.delete(f"{one}/end").json["ended_at"] is None
    acts = sorted(entry.act for entry in audit_entries(limit=9) if entry.act.startswith("poll."))
    assert acts == ["poll.asked", "poll.changed", "poll.changed", "poll.closed", "poll.reopened"]


def test_an_nps_is_told_by_score(api: Program) -> None:
    told = api.get(f"/polls/{make_poll('nps').id}/results").json
    assert [(part["choice"], part["score"], part["count"]) for part in told["parts"]] == [
        (None, score, 0) for score in range(11)
    ]
    assert told["nps"] == {
        "promoters": 0, "passives": 0, "detractors": 0, "score": None, "low": None, "high": None,
    }  # fmt: skip


def test_questions_are_listed_by_page_place_and_state(api: Program) -> None:
    campaign = make_campaign(is_public=True)
    below = make_poll("nps")
    others = [make_poll("nps", campaign_id=campaign.id) for _ in range(2)]
    api.put(f"/polls/{others[0].id}/end")

    def listed(asked: str = "") -> list[int]:
        return [one["id"] for one in api.get(f"/polls{asked}").json["items"]]

    assert listed() == [others[1].id, others[0].id, below.id]
    assert listed(f"?campaign={campaign.id}&state=open") == [others[1].id]
    assert listed("?state=closed") == [others[0].id]
    assert listed(f"?post={below.post_id}") == [below.id]
    first = api.get("/polls?limit=2").json
    assert listed(f"?limit=2&cursor={first['next']}") == [below.id]
    assert list(errors(api.get("/polls?cursor=bGlua3M6MQ"))) == ["cursor"]


def test_what_makes_no_question_is_said_beside_its_field(api: Program) -> None:
    post, campaign = make_post("Spring notes").id, make_campaign().id
    wrong = {
        "post": [CHOICE, {**CHOICE, "post": post, "campaign": campaign}, {**CHOICE, "post": 999_999}],
        "question": [{**CHOICE, "post": post, "question": {"zh": " "}}],
        "choices": [{**CHOICE, "post": post, "choices": [{"en": "Yes"}]}],
        "kind": [{**CHOICE, "post": post, "kind": "essay"}],
    }
    for field, bodies in wrong.items():
        for body in bodies:
            answer = api.post("/polls", json=body)
            assert (answer.status_code, list(errors(answer))) == (422, [field])
    for _ in range(3):
        assert api.post("/polls", json={**CHOICE, "post": post}).status_code == 201
    full = api.post("/polls", json={**CHOICE, "post": post})
    assert errors(full) == {"question": "Three questions stand there already. Close one of them first."}
    assert api.get("/polls/999999").status_code == 404


def test_asking_twice_with_one_key_asks_once(api: Program) -> None:
    body = {**CHOICE, "post": make_post("Spring notes").id}
    key = {"Idempotency-Key": "spring"}
    first, again = (api.post("/polls", json=body, headers=key) for _ in range(2))
    assert (again.json["id"], again.headers["Idempotent-Replayed"]) == (first.json["id"], "true")
    assert db.session.query(Poll).count() == 1
