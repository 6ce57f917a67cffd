"""What the sample site's desk is busy with: drafts in review, with an expert, planned for the week."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cms.contributions import services as contributions
from cms.contributions.terms import rights_text
from cms.core.markup import render_markdown
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.models import Post
from cms.reviews import services as reviews
from cms.reviews.services import PlannedStep
from cms.transfer.demo.content import SamplePost

ZONE = "Asia/Shanghai"
BRIEF = {
    "en": "Seven days, seven readings. What did *you* see in the curve at six in the morning? About 800 words.",
    "zh": "七天，七段读数。清晨六点的那条曲线，你看到了什么？八百字左右。",
}


def fill_desk(
    drafts: list[SamplePost],
    *,
    people: dict[str, Person],
    sections: dict[str, int],
    begin: Callable[[SamplePost], Post],
    at: datetime,
) -> dict[str, int]:
    """Begin the drafts (`begin` makes one), then send, invite and plan. Inside the transaction of the sample site.

    Gives the numbers of the drafts by their stories."""
    made = {one.story: begin(one) for one in drafts}
    editor = people["zhao-min"]
    _review(made["quiet-winter"], sections["business-news"], people, at)
    _invite(made["river-week"], people["wu-xiaotang"], by=editor, at=at)
    for story, days, clock in (("one-battery", 2, "09:30"), ("note-tomorrow", 1, "07:00")):
        posts.schedule_post(made[story].id, wall=wall(at, days, clock), zone=ZONE, by=editor, at=at)
    reason = "The town announces the day first."
    open_day = made["mast-open-day"].id
    posts.set_embargo(open_day, wall=wall(at, 4, "12:00"), zone=ZONE, reason=reason, by=editor, at=at)
    return {story: post.id for story, post in made.items()}


def wall(at: datetime, days: int, clock: str) -> str:
    """A time on the wall there, some days from now: `2026-12-01T09:30`."""
    there = at.astimezone(ZoneInfo(ZONE))
    return f"{there + timedelta(days=days):%Y-%m-%d}T{clock}"


def _review(post: Post, section_id: int, people: dict[str, Person], at: datetime) -> None:
    """Business news goes through three hands; the first has already said yes."""
    admin = people["nour"]
    steps = [
        PlannedStep(
            {"en": "Expert check", "zh": "专家核对"}, people=(people["lin-yue"].id, people["nour"].id)
        ),
        PlannedStep({"en": "Responsibility", "zh": "社会责任"}, people=(people["priya-raman"].id,), days=3),
        PlannedStep({"en": "Chief editor", "zh": "主编"}, people=(people["zhao-min"].id, people["nour"].id)),
    ]
    reviews.set_plan(section_id, steps, by=admin, at=at)
    reviews.submit_post(post.id, words="The figures are from the outage log.", by=people["tomas-berg"], at=at)


def _invite(post: Post, guest: Person, *, by: Person, at: datetime) -> None:
    """An ecologist writes from outside, by link, until next week."""
    terms = contributions.Terms(
        role="author",
        locale="zh",
        brief=BRIEF["zh"],
        brief_html=render_markdown(BRIEF["zh"]).html,
        word_target=800,
        wall=wall(at, 6, "18:00"),
        zone=ZONE,
        rights=rights_text("zh"),
    )
    contributions.invite(post.id, terms, purpose="write", person_id=guest.id, by=by, at=at)
