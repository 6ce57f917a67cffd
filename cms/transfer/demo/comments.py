"""Comments of the sample site, for `parley demo`: threads in both languages, one that waits, one that is gone, questions
that the company answered."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from cms.comments import services
from cms.comments.models import Comment
from cms.comments.services.counting import was_shown
from cms.core.database import db
from cms.people import services as people
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("comments.yaml")


def make_comments(site: DemoSite) -> None:
    """Write them, each at its time after the story it is about. Inside the transaction of the sample site."""
    said = yaml.safe_load(SAID.read_text(encoding="utf-8"))
    readers = {one["handle"]: _reader(one, site) for one in said["readers"]}
    everybody = {**site.people, **readers}
    made: dict[str, int] = {}
    for one in said["comments"]:
        made[one["key"]] = _say(one, site, everybody, made)
    for key in said["gone"]:
        comment = db.session.get_one(Comment, made[key])
        author = db.session.get_one(Person, comment.author_id)
        services.delete_comment(comment.id, by=author, at=site.at - timedelta(hours=1))
    for one in said["answers"]:
        _answer(one, site, everybody, made)


def _reader(said: dict[str, Any], site: DemoSite) -> int:
    return people.add_account(
        email=f"{said['handle']}@example.com",
        name=said["name"],
        role="member",
        password_hash=None,
        at=site.at - timedelta(days=300),
        by=None,
        handle=said["handle"],
        locale=said.get("locale", "en"),
    ).id


def _say(said: dict[str, Any], site: DemoSite, everybody: dict[str, int], made: dict[str, int]) -> int:
    at = site.at - timedelta(hours=said["hours"])
    comment = services.post_comment(
        "post",
        site.stories[said["story"]],
        services.prepare(said["text"], own_language="en"),
        by=db.session.get_one(Person, everybody[said["by"]]),
        at=at,
        parent_id=made.get(said.get("to", "")),
    )
    if comment.state == "waiting" and not said.get("waits"):  # as if a moderator had read it long ago
        comment.state, comment.waiting_at = "visible", None
        was_shown(comment, at=at, is_by_author=False)
    for kind, handles in said.get("reactions", {}).items():
        for handle in handles:
            reader = db.session.get_one(Person, everybody[handle])
            services.react(comment.id, kind, by=reader, at=at + timedelta(minutes=30))
    return comment.id


def _answer(said: dict[str, Any], site: DemoSite, everybody: dict[str, int], made: dict[str, int]) -> None:
    comment_id, asked = made[said["to"]], db.session.get_one(Comment, made[said["to"]]).created_at
    editor = db.session.get_one(Person, site.people["zhao-min"])
    owner = everybody[said["by"]]
    due = asked + timedelta(days=2)
    services.assign_question(
        comment_id,
        owner_id=owner,
        wall=due.strftime("%Y-%m-%dT%H:%M"),
        zone="UTC",
        by=editor,
        at=asked + timedelta(hours=1),
    )
    if "text" not in said:
        return
    services.answer_question(
        comment_id,
        services.prepare_answer(said["text"]),
        expected_number=0,
        by=db.session.get_one(Person, owner),
        at=asked + timedelta(hours=said["hours"]),
    )
    if "listed" in said:
        services.publish_as_faq(comment_id, wording=said["listed"], by=editor, at=site.at)
