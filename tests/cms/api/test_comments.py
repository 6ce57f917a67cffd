"""Comments by programs: sent once, seen by those who see the page, changed by nobody but their writer."""

from flask import Flask

from tests.cms.api.conftest import Program
from tests.cms.comments.talking import say, trust
from tests.factories import ivy, make_post, rae

SCOPES = ("comments:read", "comments:write")


def test_a_comment_is_sent_once_read_below_its_post_and_changed(app: Flask) -> None:
    writer, post = Program(app, trust(rae()), *SCOPES), make_post()
    new = {"subject": f"post:{post.id}", "body": "The line *held*."}
    made = writer.post("/comments", json=new, headers={"Idempotency-Key": "k-1"})
    assert made.status_code == 201, made.text
    assert writer.post("/comments", json=new, headers={"Idempotency-Key": "k-1"}).json == made.json
    listed = Program(app, ivy(), *SCOPES).get(f"/comments?subject=post:{post.id}").json["items"]
    assert [one["html"] for one in listed] == ["<p>The line <em>held</em>.</p>"]
    changed = writer.patch(f"/comments/{made.json['id']}", json={"body": "It held."})
    assert changed.json["html"] == "<p>It held.</p>"


def test_a_comment_of_somebody_else_is_neither_changed_nor_taken_away(app: Flask) -> None:
    comment = say(by=trust(rae()))
    other = Program(app, ivy(), *SCOPES)
    assert other.patch(f"/comments/{comment.id}", json={"body": "Mine now."}).status_code == 404
    assert other.delete(f"/comments/{comment.id}").status_code == 404
    assert "held" in other.get(f"/comments/{comment.id}").json["html"]


def test_a_comment_that_waits_is_there_for_its_writer_alone(app: Flask) -> None:
    writer = rae()
    waiting = say(by=writer, is_seen=False)
    assert Program(app, writer, *SCOPES).get(f"/comments/{waiting.id}").json["state"] == "waiting"
    assert Program(app, ivy(), *SCOPES).get(f"/comments/{waiting.id}").status_code == 404


def test_below_what_is_no_subject_there_is_nothing(app: Flask) -> None:
    writer = Program(app, trust(rae()), *SCOPES)
    for subject in ("post:0", "post:999999", "mast:1", "post", "post:x"):
        assert writer.get(f"/comments?subject={subject}").status_code in (404, 422)
        assert writer.post("/comments", json={"subject": subject, "body": "Hello."}).status_code in (404, 422)
