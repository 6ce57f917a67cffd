"""Contests over the API: the same rules, versions and silence about names as on the pages."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.contests import services
from cms.contests.models import Contest, Entry
from cms.core import clock
from cms.core.database import db, transaction
from tests.cms.contests.held import accept, enter, make_contest, member
from tests.cms.contests.judging import judged
from tests.conftest import NOW
from tests.factories import ivy, make_person, nadia, token_headers

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
NEW = {
    "title": {"en": "Signals", "zh": "信号"},
    "brief": {"en": "About **signals**."},
    "zone": "Asia/Shanghai",
    "phases": {
        "entries": {"starts": "2026-12-01T09:00", "ends": "2026-12-20T18:00"},
        "vote": {"starts": "2026-12-21T09:00", "ends": "2026-12-24T18:00"},
        "results": {"starts": "2026-12-28T09:00"},
    },
    "prizes": [{"name": {"en": "First"}, "places": 1}],
    "rules": {"en": "One entry each."},
    "consent": {"en": "I wrote it myself."},
}


@pytest.fixture
def editor(app: Flask) -> dict[str, str]:
    return token_headers(nadia())


def test_a_contest_is_made_once_changed_announced_and_extended(
    client: FlaskClient, editor: dict[str, str]
) -> None:
    headers = {**editor, "Idempotency-Key": "one"}
    made = client.post("/api/v1/contests", json=NEW, headers=headers)
    assert (made.status_code, made.json["stage"], made.json["slug"]) == (201, "draft", "signals")
    assert client.post("/api/v1/contests", json=NEW, headers=headers).json == made.json
    entries = made.json["phases"][0]
    assert (entries["kind"], entries["starts_at"], entries["ends"]) == (
        "entries",
        "2026-12-01T01:00:00Z",
        "2026-12-20T18:00",
    )
    address, etag = made.headers["Location"], made.headers["ETag"]
    changed = client.patch(
        address, json={"summary": {"zh": "关于信号。"}}, headers={**editor, "If-Match": etag}
    )
    assert (changed.json["summary"], changed.json["brief"]) == ({"zh": "关于信号。"}, NEW["brief"])
    stale = client.patch(address, json={"prizes": []}, headers={**editor, "If-Match": etag})
    assert stale.status_code == 412
    reader = token_headers(ivy())
    assert client.get(address, headers=reader).status_code == 404
    assert client.get("/api/v1/contests", headers=reader).json["items"] == []
    assert len(client.get("/api/v1/contests", headers=editor).json["items"]) == 1
    assert client.put(f"{address}/announcement", headers=editor).json["stage"] == "coming"
    assert client.get(address, headers=reader).json["title"] == NEW["title"]
    moved = {"phase": "entries", "ends": "2026-12-22T18:00", "reason": "A storm."}
    assert client.post(f"{address}/extensions", json=moved, headers=reader).status_code == 404
    longer = client.post(f"{address}/extensions", json=moved, headers=editor).json["phases"]
    assert [(one["kind"], one["starts"], one["ends"]) for one in longer[:2]] == [
        ("entries", "2026-12-01T09:00", "2026-12-22T18:00"),
        ("vote", "2026-12-22T18:00", "2026-12-26T03:00"),
    ]
    again = client.post(f"{address}/extensions", json=moved, headers=editor)
    assert (again.status_code, [one["field"] for one in again.json["errors"]]) == (422, ["wall"])


def test_what_is_wrong_stands_where_the_body_has_it(client: FlaskClient, editor: dict[str, str]) -> None:
    wrong = {
        **NEW,
        "zone": "Asia/Shanghai",
        "rules": {},
        "phases": {**NEW["phases"], "vote": {"starts": "2026-12-19T09:00", "ends": "2026-12-18T09:00"}},  # type: ignore[dict-item]
    }
    answer = client.post("/api/v1/contests", json=wrong, headers=editor)
    assert [one["field"] for one in answer.json["errors"]] == ["phases.vote.ends"]
    answer = client.post("/api/v1/contests", json={**NEW, "rules": {}}, headers=editor)
    assert [one["field"] for one in answer.json["errors"]] == ["rules.en"]
    assert client.post("/api/v1/contests", json=NEW, headers=token_headers(ivy())).status_code == 404


def test_a_token_for_reading_changes_nothing(client: FlaskClient) -> None:
    reading = token_headers(nadia(), "contests:read")
    assert client.get("/api/v1/contests", headers=reading).status_code == 200
    assert client.post("/api/v1/contests", json=NEW, headers=reading).status_code == 403


def test_entries_have_names_for_who_runs_it_and_none_for_jurors_and_voters(client: FlaskClient) -> None:
    contest = make_contest("entries", "check", "jury", "vote", "results")
    runs, rae = contest.people[0].person, member("Rae Sato")
    entry = enter(contest, rae, NOW)
    accept(entry, runs, NOW + DAY)
    juror = make_person("Ed Itor", "editor", handle="ed-itor")
    with transaction():
        services.set_role(contest.id, juror.id, "juror", by=runs, at=NOW)
    address = f"/api/v1/contests/{contest.id}/entries"
    headers = {who: token_headers(person) for who, person in (("runs", runs), ("juror", juror), ("rae", rae))}
    seen = client.get(address, headers=headers["runs"]).json["items"]
    assert [(one["id"], one["authors"], one["verdict"]) for one in seen] == [
        (entry.id, [rae.handle], "accepted")
    ]
    for who in ("juror", "rae"):
        assert client.get(address, headers=headers[who]).json == {"items": [], "is_blind": True}
    with clock.stopped(NOW + 3 * DAY + timedelta(hours=1)):
        for who in ("juror", "rae"):
            told = client.get(address, headers=headers[who]).json
            assert told["is_blind"]
            assert [(one["id"], one["authors"], one["verdict"]) for one in told["items"]] == [
                (entry.id, None, None)
            ]
            assert "Rae" not in str(told)
        assert (
            client.get(f"/api/v1/contests/{contest.id}/results", headers=headers["runs"]).status_code == 404
        )


def test_results_name_who_won_and_where_anybody_checks_them(client: FlaskClient) -> None:
    contest, author = judged.make_contest(jury=3), make_person("Rae Sato", "member")
    entry = judged.make_entry(contest, author)
    _final(contest)
    reader = token_headers(ivy())
    told = client.get(f"/api/v1/contests/{contest.id}/results", headers=reader).json
    assert (told["state"], told["bundle"]) == ("preliminary", None)
    assert told["proof"].endswith("/contests/expo/proof")
    assert [(one["place"], one["entry"], one["authors"]) for one in told["places"]] == [
        (1, entry.id, [author.handle])
    ]
    named = client.get(f"/api/v1/contests/{contest.id}/entries", headers=reader).json
    assert [one["authors"] for one in named["items"]] == [[author.handle]]


def test_pages_of_contests_follow_each_other(client: FlaskClient, count_queries: list[str]) -> None:
    runs = nadia()
    for _number in range(3):
        make_contest(by=runs)
    reader = token_headers(ivy())
    count_queries.clear()
    first = client.get("/api/v1/contests?limit=1", headers=reader).json
    of_one = len(count_queries)
    rest = client.get(f"/api/v1/contests?cursor={first['next']}", headers=reader).json
    count_queries.clear()
    whole = client.get("/api/v1/contests", headers=reader).json["items"]
    assert len(count_queries) <= of_one
    assert [one["slug"] for one in [*first["items"], *rest["items"]]] == ["signals-3", "signals-2", "signals"]
    assert (len(whole), rest["next"]) == (3, None)


def _final(contest: Contest) -> None:
    number = contest.id
    with transaction():
        ids = db.session.scalars(select(Entry.id).where(Entry.contest_id == number)).all()
        services.set_places(number, [services.Placing(one, 1) for one in ids], by=None, at=clock.now())
