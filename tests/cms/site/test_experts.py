"""The directory of people who write from outside."""

from datetime import timedelta

from flask.testing import FlaskClient

from cms.core.database import db, transaction
from cms.posts import services as posts
from cms.site.edition import Edition
from cms.site.queries.experts import experts, topics_of_experts
from tests.conftest import NOW
from tests.factories import make_person, make_post, make_tag, nadia

EN = Edition("en", "/en")


def test_it_holds_those_from_outside_with_something_live_newest_first(client: FlaskClient) -> None:
    first, second = make_person("Gail Guest", "guest"), make_person("Eli Expert", "expert")
    idle, editor = make_person("Idle Guest", "guest", handle="idle"), nadia()
    tag = make_tag("salt")
    make_post("Old", bylines=[first], tags=[tag], published_at=NOW - timedelta(days=2))
    make_post("New", bylines=[second, editor], published_at=NOW - timedelta(days=1))
    make_post("Draft", bylines=[idle], tags=[tag], publish=False)
    found, following = experts(EN)
    assert [(one.name, one.posts, one.topics) for one in found] == [
        ("Eli Expert", 1, []),
        ("Gail Guest", 1, [("SALT", "/en/tags/salt")]),
    ]
    assert following is None
    page = client.get("/en/experts").text
    assert "Gail Guest" in page
    assert "Idle Guest" not in page
    assert "Nadia Rahimi" not in page


def test_a_topic_holds_its_own_experts_and_counts_them(client: FlaskClient) -> None:
    gail, eli = make_person("Gail Guest", "guest"), make_person("Eli Expert", "expert")
    salt, ice = make_tag("salt"), make_tag("ice")
    make_post("One", bylines=[gail], tags=[salt])
    make_post("Two", bylines=[gail, eli], tags=[ice])
    assert [(one.slug, one.experts) for one in topics_of_experts(EN)] == [("ice", 2), ("salt", 1)]
    page = client.get("/en/experts/salt").text
    assert "Gail Guest" in page
    assert "Eli Expert" not in page


def test_a_topic_without_experts_is_not_found(client: FlaskClient) -> None:
    make_tag("empty")
    assert client.get("/experts/empty").status_code == 404
    assert client.get("/experts/never").status_code == 404


def test_who_has_nothing_live_any_more_goes_at_once(client: FlaskClient) -> None:
    post = make_post("One", bylines=[make_person("Gail Guest", "guest")])
    assert "Gail Guest" in client.get("/en/experts").text
    post_id = post.id
    with transaction():
        posts.take_down_post(post_id, by=None, at=NOW)
    assert "Gail Guest" not in client.get("/en/experts").text


def test_pages_follow_each_other_and_ask_the_same_number_of_queries(count_queries: list[str]) -> None:
    for number in range(5):
        person = make_person(f"Guest {number}", "guest", handle=f"guest-{number}")
        make_post(f"Post {number}", bylines=[person], published_at=NOW - timedelta(days=number))
    db.session.rollback()
    count_queries.clear()
    first, place = experts(EN, limit=2)
    one_page = len(count_queries)
    second, place = experts(EN, before=place, limit=2)
    third, end = experts(EN, before=place, limit=2)
    names = [[one.name for one in part] for part in (first, second, third)]
    assert names == [["Guest 0", "Guest 1"], ["Guest 2", "Guest 3"], ["Guest 4"]]
    assert end is None
    count_queries.clear()
    experts(EN, limit=24)
    assert len(count_queries) == one_page


def test_robots_may_read_experts_and_the_english_site_but_no_page_by_link(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    open_to_all = ("/en/", "/experts", "/media/x.webp", "/en/experts/salt")
    assert [path for path in open_to_all if any(_closes(rule, path) for rule in closed)] == []
    kept_out = ("/contribute/x", "/zh/contribute/x", "/e", "/me", "/me/security")
    assert [path for path in kept_out if not any(_closes(rule, path) for rule in closed)] == []


def _closes(rule: str, path: str) -> bool:
    return path == rule[:-1] if rule.endswith("$") else path.startswith(rule)
