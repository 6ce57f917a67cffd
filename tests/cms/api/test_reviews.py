"""Reviews through the API."""

import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import transaction
from cms.posts.models import Post
from cms.reviews import services
from cms.reviews.services import PlannedStep
from tests.cms.api.conftest import Program, errors
from tests.factories import make_person, make_post, nadia, read_again, revise, tom


@pytest.fixture
def post(app: Flask) -> Post:
    """A draft of an author, in a section whose texts an editor approves."""
    with transaction():
        services.set_plan(None, [PlannedStep({"en": "Look"}, role="editor")], by=None, at=clock.now())
    return make_post(publish=False, by=make_person("Arno Weber", "author"))


def test_a_text_is_sent_decided_and_published(app: Flask, post: Post) -> None:
    program = Program(app, nadia())
    assert program.put(f"/posts/{post.id}/publication").status_code == 422
    sent = program.post(f"/posts/{post.id}/reviews", json={"words": "Please."})
    [step] = sent.json["steps"]
    assert (sent.status_code, sent.json["state"], step["waits_for"], step["name"]) == (
        201,
        "running",
        ["nadia"],
        {"en": "Look"},
    )
    decision = {"step": step["id"], "revision": 1, "verdict": "approved"}
    decided = program.post(f"/posts/{post.id}/reviews/decisions", json=decision)
    assert (decided.status_code, decided.json["state"]) == (201, "agreed")
    assert [(one["handle"], one["counts"]) for one in decided.json["steps"][0]["decisions"]] == [
        ("nadia", True)
    ]
    assert program.put(f"/posts/{post.id}/publication").status_code == 200
    assert read_again(Post, post.id).is_live
    assert [one["state"] for one in program.get(f"/posts/{post.id}/reviews").json["items"]] == ["published"]


def test_an_older_text_cannot_be_approved(app: Flask, post: Post) -> None:
    program = Program(app, nadia())
    [step] = program.post(f"/posts/{post.id}/reviews").json["steps"]
    revise(post, publish=False)
    decision = {"step": step["id"], "revision": 1, "verdict": "approved"}
    refused = program.post(f"/posts/{post.id}/reviews/decisions", json=decision)
    assert refused.status_code == 409
    changes = {**decision, "revision": 2, "verdict": "changes"}
    assert errors(program.post(f"/posts/{post.id}/reviews/decisions", json=changes)) == {
        "words": "Please say what should change, or what you think."
    }
    returned = program.post(f"/posts/{post.id}/reviews/decisions", json={**changes, "words": "Source?"})
    assert returned.json["state"] == "returned"
    assert program.delete(f"/posts/{post.id}/reviews").status_code == 204
    assert program.delete(f"/posts/{post.id}/reviews").status_code == 409


def test_what_does_not_exist_is_named(app: Flask, post: Post) -> None:
    program = Program(app, nadia())
    [step] = program.post(f"/posts/{post.id}/reviews").json["steps"]
    address = f"/posts/{post.id}/reviews/decisions"
    decision = {"step": step["id"], "revision": 1, "verdict": "approved"}
    assert errors(program.post(address, json={**decision, "step": 999_999})) == {
        "step": "This post has no such step."
    }
    assert errors(program.post(address, json={**decision, "revision": 9})) == {
        "revision": "This post has no such revision."
    }


def test_who_may_not_see_the_draft_sees_no_review(app: Flask, post: Post) -> None:
    outsider, manager = Program(app, make_person("Otto Expert", "expert", handle="otto")), Program(app, tom())
    assert outsider.get(f"/posts/{post.id}/reviews").status_code == 404
    assert outsider.post(f"/posts/{post.id}/reviews").status_code == 404
    assert manager.get(f"/posts/{post.id}/reviews").json == {"items": []}
