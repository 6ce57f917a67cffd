"""A hidden circle is in no place, for an outsider, a visitor, who asked, who was shut out; and is for its members."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from cms.circles import services
from cms.circles.models import Circle, Membership
from cms.comments import services as comments
from cms.core import clock
from cms.core.database import transaction
from cms.notices import queries as notices
from cms.notices.services import notify
from cms.people.models import Person
from tests.cms.circles.making import join, make_circle, make_topic
from tests.factories import ivy, make_person, make_post, make_tag, rae, save, sign_in, token_headers

pytestmark = pytest.mark.usefixtures("app")
SECRET = "Xylophone"  # in the name, the purpose, a topic and an answer
OUTSIDERS = ("visitor", "outsider", "guest", "author", "banned", "asked")


class Scene:
    """A hidden circle with somebody of each kind around it."""

    def __init__(self, client: FlaskClient) -> None:
        make_tag("5g")
        owner = make_person("Olga Petrova", "member")
        self.post = make_post("Spring notes", tags=["5g"])
        self.circle: Circle = make_circle(
            f"{SECRET} plans", owner=owner, visibility="hidden", purpose=f"{SECRET} talk", tags=["5g"]
        )
        self.people: dict[str, Person | None] = {
            "visitor": None,
            "outsider": ivy(),
            "guest": make_person("Gus", "expert"),
            "author": make_person("Aya", "author"),
            "banned": make_person("Ben", "member"),
            "asked": make_person("Ada", "member"),
            "member": rae(),
            "moderator": make_person("Mo Ali", "member"),
        }
        member, moderator, banned, asked = (
            self.people[one] for one in ("member", "moderator", "banned", "asked")
        )
        assert member is not None
        assert moderator is not None
        assert banned is not None
        assert asked is not None
        join(self.circle, member)
        join(self.circle, moderator, role="moderator")
        for person, state in ((banned, "banned"), (asked, "requested")):
            save(
                Membership(
                    circle_id=self.circle.id,
                    person_id=person.id,
                    state=state,
                    role="member",
                    since=clock.now(),
                )
            )
        self.topic = make_topic(self.circle, owner, f"{SECRET} one", audience="all")
        with transaction():
            services.change_topic(
                self.topic.id,
                services.prepare_topic(title=f"{SECRET} one", body=f"{SECRET} body"),
                audience="all",
                by=owner,
                at=clock.now(),
            )
        remark = comments.prepare(f"{SECRET} answer", own_language="en")
        with transaction():
            comments.post_comment("topic", self.topic.id, remark, by=member, at=clock.now())
        self.base = f"/circles/{self.circle.slug}"
        self.client = client

    def browser(self, who: str) -> FlaskClient:
        browser = self.client.application.test_client()
        person = self.people[who]
        if person is not None:
            sign_in(browser, person)
        return browser


PLACES: dict[str, Callable[[Scene], str]] = {
    "its page": lambda scene: scene.base,
    "its topic": lambda scene: f"{scene.base}/topics/{scene.topic.id}",
    "a topic under another address": lambda scene: f"/circles/whatever/topics/{scene.topic.id}",
    "the list": lambda scene: "/circles",
    "the search of circles": lambda scene: f"/circles?q={SECRET}",
    "a topic of circles": lambda scene: "/circles?tag=5g",
    "its RSS": lambda scene: f"{scene.base}/feed.xml",
    "its Atom": lambda scene: f"{scene.base}/atom.xml",
    "its JSON feed": lambda scene: f"{scene.base}/feed.json",
    "its hours": lambda scene: f"{scene.base}/hours.ics",
    "its members": lambda scene: f"{scene.base}/members",
    "inside": lambda scene: f"{scene.base}/inside",
    "its membership page": lambda scene: f"{scene.base}/membership",
    "its queue": lambda scene: f"{scene.base}/queue",
    "its settings": lambda scene: f"{scene.base}/settings",
    "the form of topics": lambda scene: f"{scene.base}/topics/new",
    "one's circles": lambda scene: "/me/circles",
    "where one was shut out": lambda scene: "/me/circles/bans",
    "where to share a post": lambda scene: f"/me/circles/share?post={scene.post.id}",
    "the search of the site": lambda scene: "/search?q=talk",
    "the search of circles by another word": lambda scene: "/circles?q=talk",
    "the home page": lambda scene: "/",
    "the feed of the site": lambda scene: "/feed.xml",
    "the map of the site": lambda scene: "/sitemap.xml",
    "the list of feeds": lambda scene: "/opml.xml",
    "the words of the site": lambda scene: "/tags",
    "a profile of a member": lambda scene: "/@rae",
    "the post": lambda scene: "/posts/spring-notes",
    "its comments": lambda scene: f"/comments/topic/{scene.topic.id}",
}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_meets_it_nowhere(client: FlaskClient, who: str) -> None:
    scene = Scene(client)
    browser, seen = scene.browser(who), []
    for place, address in PLACES.items():
        answer = browser.get(address(scene))
        said = answer.get_data(as_text=True).replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        # A page that says what was searched for, or which address was asked for, repeats only what was typed.
        said = said.replace(scene.circle.slug, "").replace(f"“{SECRET}”", "")
        if SECRET in said:
            seen.append((place, answer.status_code))
    assert seen == []


def test_the_error_page_is_the_one_of_a_circle_that_never_was(client: FlaskClient) -> None:
    scene = Scene(client)
    browser = scene.browser("outsider")
    for rest in (
        "",
        "/members",
        "/inside",
        "/membership",
        "/settings",
        "/feed.xml",
        f"/topics/{scene.topic.id}",
    ):
        real, none = browser.get(scene.base + rest), browser.get(f"/circles/never-was-here{rest}")
        assert real.status_code == 404
        if not rest.startswith("/topics"):
            assert none.status_code == 404
            assert real.text.replace(scene.circle.slug, "") == none.text.replace("never-was-here", "")
            assert dict(real.headers).keys() == dict(none.headers).keys()


def test_acts_are_answered_as_for_a_circle_that_never_was(client: FlaskClient) -> None:
    scene = Scene(client)
    browser = scene.browser("outsider")
    rests = (
        "/membership",
        "/membership/removal",
        "/membership/acceptance",
        "/topics",
        "/links",
        "/feeds",
        "/settings",
    )
    for rest in rests:
        assert browser.post(scene.base + rest).status_code == 404, rest
        assert browser.post(f"/circles/never-was-here{rest}").status_code == 404, rest


@pytest.mark.parametrize("who", ["member", "moderator"])
def test_its_members_find_it(client: FlaskClient, who: str) -> None:
    scene = Scene(client)
    browser, seen = scene.browser(who), set()
    for place, address in PLACES.items():
        said = browser.get(address(scene)).get_data(as_text=True)
        if SECRET in said.replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', ""):
            seen.add(place)
    assert {
        "its page", "its topic", "its members", "inside", "its membership page", "one's circles",
        "where to share a post",
    } <= seen  # fmt: skip
    assert (
        seen & {"the list", "a topic of circles", "its RSS", "the home page", "the map of the site"} == set()
    )


def test_a_notice_is_not_shown_any_more_to_who_may_not_know_of_it(client: FlaskClient) -> None:
    scene = Scene(client)
    outsider = scene.people["outsider"]
    assert outsider is not None
    with transaction():
        notify(
            "circle.invited", to=[outsider.id], subject=f"circle:{scene.circle.id}", by=None, at=clock.now(),
            detail={"circle": scene.circle.id},
        )  # fmt: skip
    assert notices.count_unread(outsider) == 0
    assert notices.visible_to(outsider, notices.notices(outsider)) == []


def test_it_is_in_no_count(client: FlaskClient) -> None:
    scene = Scene(client)
    said = scene.browser("outsider").get("/circles").get_data(as_text=True)
    assert "chip__count" not in said  # the tag is carried by the hidden circle alone


def test_the_api_knows_nothing_of_it(client: FlaskClient) -> None:
    scene = Scene(client)
    outsider = scene.people["outsider"]
    assert outsider is not None
    headers = token_headers(outsider)
    for address in (
        "/api/v1/circles",
        f"/api/v1/circles/{scene.circle.id}",
        f"/api/v1/circles/{scene.circle.id}/topics",
    ):
        assert SECRET not in client.get(address, headers=headers).text
