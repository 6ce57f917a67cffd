"""What anybody may open: the list, a circle, a topic. Kept when it is the same for everybody, else asked of the gate."""

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cms.circles import rules, wording
from cms.circles.models import Circle, Topic
from cms.circles.queries import gate, inside, listing
from cms.circles.rules import Standing
from cms.circles.services.loading import LIST
from cms.circles.subjects import KIND
from cms.circles.views import bp
from cms.comments.queries import count_waiting
from cms.comments.queries.thread import ThreadPage, read_place, thread_page
from cms.comments.subjects import Subject, find_subject
from cms.core import clock
from cms.core.access import person, public
from cms.core.errors import NotFound
from cms.core.pagecache import cached_page, depends_on, keep_for
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.people.models import Person
from cms.topics.queries import find_tag

Answer = Response | str
FEED_FILES = (
    ("feed.xml", "RSS", "application/rss+xml"),
    ("atom.xml", "Atom", "application/atom+xml"),
    ("feed.json", "JSON Feed", "application/feed+json"),
)


@bp.get("/circles")
@public
def list_circles() -> Answer:
    """Circles that everybody may know of, those written in last first; by topic or word when asked."""
    asked = {name: request.args.get(name, "").strip()[:60] for name in ("q", "tag")}
    return _found(asked["q"], asked["tag"]) if any(asked.values()) else _list()


@cached_page
def _list() -> Answer:
    depends_on(LIST)
    return _found("", "")


def _found(search: str, word: str) -> str:
    tag = find_tag(word) if word else None
    if word and tag is None:
        raise NotFound
    rows = listing.circles(
        None, search=search, tag_id=tag.id if tag else None, before=before(), limit=listing.PAGE_LENGTH + 1
    )
    shown, next_url = paged(rows, lambda row: (row.active_at, row.id), length=listing.PAGE_LENGTH)
    depends_on(*media_tags(shown))
    return page(
        "cms/circles/list.html",
        circles=shown,
        next_url=next_url,
        is_first=before() is None,
        search=search,
        tag=tag,
        tags=listing.words_of_circles(),
        joining=wording.SHORT_JOINING,
        heading=_("Circles"),
    )


@bp.get("/circles/<slug>")
@public
def show_circle(slug: str) -> Answer:
    """A circle: the same page for everybody when it is public, one's own when it is not."""
    standing, is_for_all = _standing(slug)
    following = gate.leads_to(standing.circle, standing.person)
    if following is not None:
        return redirect(url_for(".show_circle", slug=following.slug), 302)
    if standing.circle.slug != slug:
        return redirect(url_for(".show_circle", slug=standing.circle.slug), 301)
    return _kept_circle(standing) if is_for_all else circle_page(standing)


@bp.get("/circles/<slug>/topics/<int:topic_id>")
@public
def show_topic(slug: str, topic_id: int) -> Answer:
    """A topic and what was answered. One that moved with its circle is found under the new address."""
    topic, who, is_for_all = _topic(topic_id)
    if topic.circle.slug != slug:
        return redirect(url_for(".show_topic", slug=topic.circle.slug, topic_id=topic_id), 302)
    standing = gate.standing_in(topic.circle, who)
    return _kept_topic(standing, topic) if is_for_all else topic_page(standing, topic)


def _standing(slug: str) -> tuple[Standing, bool]:
    """As everybody sees it; only when there is nothing for everybody, as the one who asks does."""
    try:
        return gate.find_standing(slug, None), True
    except NotFound:
        return gate.find_standing(slug, person()), False


def _topic(topic_id: int) -> tuple[Topic, Person | None, bool]:
    try:
        return gate.get_topic(topic_id, None), None, True
    except NotFound:
        who = person()
        return gate.get_topic(topic_id, who), who, False


@cached_page
def _kept_circle(standing: Standing) -> Answer:
    depends_on(f"circle:{standing.circle.id}")
    at, circle_id = clock.now(), standing.circle.id
    hours, calls = inside.coming_hours(circle_id, at=at), inside.running_calls(circle_id, None, at=at)
    _until(*(one.ends_at for one in hours[:1]), *(one.ends_at for one in calls[:1]))
    return circle_page(standing)


@cached_page
def _kept_topic(standing: Standing, topic: Topic) -> Answer:
    depends_on(f"circle:{topic.circle_id}", f"topic:{topic.id}", f"comments:{KIND}:{topic.id}")
    for one in inside.texts_of(topic, None) if topic.ends_at else ():
        depends_on(f"topic:{one.id}")
    _until(topic.ends_at)
    return topic_page(standing, topic)


def _until(*moments: datetime | None) -> None:
    """A page that says something else from one of these moments on is kept no longer."""
    at = clock.now()
    coming = [one for one in moments if one is not None and one > at]
    if coming:
        keep_for(max(1.0, (min(coming) - at).total_seconds()))


def circle_page(standing: Standing) -> str:
    """A circle as this person sees it."""
    circle = standing.circle
    calls = inside.running_calls(circle.id, standing.person, at=clock.now()) if before() is None else []
    rows = inside.topics(circle.id, standing.person, before=before(), limit=inside.PAGE_LENGTH + 1)
    shown, next_url = paged(rows, lambda row: (row.active_at, row.id), length=inside.PAGE_LENGTH)
    depends_on(*media_tags([circle]))
    top = inside.pinned(circle.id, standing.person) if before() is None else []
    return page(
        "cms/circles/show.html",
        standing=standing,
        circle=circle,
        calls=calls,
        pinned=[one for one in top if one not in calls],
        topics=[one for one in shown if one not in calls],
        next_url=next_url,
        is_first=before() is None,
        hours=inside.coming_hours(circle.id, at=clock.now()),
        posts=_shared([*top, *shown]),
        feeds=feed_links(circle) if circle.is_public else None,
        is_inside=rules.can_read_inside(standing),
        can_write=rules.can_write(standing),
        can_moderate=rules.can_moderate(standing),
        waiting=_waiting(standing),
        can_own=rules.can_own(standing),
        can_call=rules.can_open_calls(standing),
        visibility=wording.SHORT_VISIBILITY,
        joining=wording.SHORT_JOINING,
    )


def media_tags(circles: Sequence[Circle]) -> list[str]:
    """What pages depend on that show the pictures of circles: smaller sizes come after the picture."""
    return [f"media:{one.picture_id}" for one in circles if one.picture_id]


def topic_page(standing: Standing, topic: Topic) -> str:
    """A topic as this person sees it."""
    subject = find_subject(KIND, topic.id)
    assert subject is not None
    texts = inside.texts_of(topic, standing.person) if topic.ends_at else []
    return page(
        "cms/circles/topic.html",
        standing=standing,
        circle=topic.circle,
        topic=topic,
        subject=subject,
        thread=_thread(subject),
        posts=_shared([topic, *texts]),
        texts=texts,
        is_calling=topic.is_calling(clock.now()),
        can_change_calls=rules.can_change_calls(standing),
        is_inside=rules.can_read_inside(standing),
        can_write=rules.can_write(standing),
        can_moderate=rules.can_moderate(standing),
        is_own=standing.person is not None and topic.by_id == standing.person.id,
    )


def _waiting(standing: Standing) -> int:
    """How many answers and topics wait for a decision of this person."""
    if standing.person is None or not rules.can_moderate(standing):
        return 0
    circle_id = standing.circle.id
    answers = count_waiting(standing.person, within=inside.answers_in(circle_id))
    return answers + inside.count_reported(circle_id)


def _shared(topics: Sequence[Topic]) -> dict[int, inside.SharedPost]:
    numbers = [one.post_id for one in topics if one.post_id]
    depends_on(*(f"post:{one}" for one in numbers))
    return inside.shared_posts(numbers)


def _thread(subject: Subject) -> ThreadPage:
    return thread_page(subject, after=read_place(request.args.get("after")))


def feed_links(circle: Circle) -> list[tuple[str, str, str]]:
    """The feeds of a public circle, with titles that say what they hold."""
    base = url_for(".show_circle", slug=circle.slug)
    return [
        (_("%(what)s: every topic (%(format)s)", what=circle.name, format=name), f"{base}/{file}", mime)
        for file, name, mime in FEED_FILES
    ]
