"""Blogs of the sample site: two that are open, one of them in Chinese, one more that is asked for; a text that editors
featured and one that is offered to the main blog."""

from datetime import timedelta
from typing import NamedTuple

from cms.blogs import services
from cms.blogs.services import Face
from cms.core.database import db
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite


class Sample(NamedTuple):
    """One text: how many days ago it went out, and what is to become of it."""

    days: int
    title: str
    body: str
    tags: tuple[str, ...]
    fate: str = ""  # "featured", "pitched"


RAE = [
    Sample(
        9,
        "The quiet carriage is the loudest place I know",
        "Nobody speaks there, so one hears everything: the hum below the floor, forty thumbs on glass, and a phone that "
        "somebody forgot to silence and is now ashamed of.\n\nI counted the bars on my way to work for two weeks. The "
        "dead stretch is not where everybody says it is. It begins **after** the viaduct, at the allotments, and lasts "
        "for ninety seconds. I have begun to look forward to it.",
        ("trains",),
        "featured",
    ),
    Sample(
        2,
        "What I asked the engineer who came to our street",
        "She had the cabinet open, so I asked what the green light meant. “That it is bored,” she said.\n\nWe talked for "
        "ten minutes. I learned that our street shares one fibre, that most faults are squirrels, and that she likes it "
        "when people ask.",
        ("repairs",),
    ),
]
HE_JUN = [
    Sample(
        12,
        "塔上的冬天",
        "冬天上塔，先听风，再看天，最后才看图纸。\n\n手套要戴两层：里面一层薄的，拧螺丝时摘掉外面那层。"
        "师傅说，手冷可以等，心急不能等。二十二年里，我只有一次没听他的话，那次掉了一把扳手，幸好下面是雪。",
        ("repairs",),
        "pitched",
    ),
    Sample(
        4,
        "修理桌上的一天",
        "早上八点，桌上十一台手机，九台进了水。\n\n最多的原因不是下雨，是洗衣机。第二多的是洗碗池。"
        "我从不问是怎么掉进去的，只问里面有没有照片没备份。十台里有七台，人一听到“照片还在”就笑了。",
        (),
    ),
]
NOTE = Sample(
    0, "", "Ninety seconds without signal, and the whole carriage looks out of the window. #trains", ()
)
TRAMS = Face("Ninety seconds", "Notes from the 7:12, and from the street where I live.", "en")
TOWER = Face("塔上塔下", "登塔二十二年，坐修理桌两年，见过的事都写在这里。", "zh")
SCHOOL = Face("2,140 metres", "A village school, one aerial, twenty-three pupils.", "en")


def make_blogs(site: DemoSite) -> None:
    """Write them, inside the transaction of the sample site."""
    editor = _person(site, "zhao-min")
    _blog(site, "rae", TRAMS, [*RAE, NOTE], by=editor)
    _blog(site, "he-jun", TOWER, HE_JUN, by=editor)
    wish = "I would write once a month about what changed since the mast came."
    services.apply(SCHOOL, wish=wish, by=_person(site, "elif-aydin"), at=site.at - timedelta(hours=5))


def _blog(site: DemoSite, handle: str, face: Face, samples: list[Sample], *, by: Person) -> None:
    owner, opened = _person(site, handle), site.at - timedelta(days=20)
    blog_id = services.apply(face, wish="", by=owner, at=opened).id
    services.open_blog(blog_id, by=by, at=opened)
    for sample in samples:
        _text(sample, blog_id, face.language, owner=owner, editor=by, site=site)


def _text(
    sample: Sample, blog_id: int, language: str, *, owner: Person, editor: Person, site: DemoSite
) -> None:
    at = site.at - timedelta(days=sample.days, hours=2)
    ready = services.prepare(
        "article" if sample.title else "note",
        title=sample.title,
        summary="",
        body=sample.body,
        language=language,
        tags=sample.tags,
        own_language=language,
    )
    post_id = services.begin_text(ready, blog_id=blog_id, by=owner, at=at).id
    services.publish_text(post_id, by=owner, at=at)
    if sample.fate == "featured":
        services.feature_post(post_id, by=editor, at=at + timedelta(hours=4))
    elif sample.fate == "pitched":
        services.pitch_post(post_id, words="如果合适，主博客也可以用。", by=owner, at=at + timedelta(days=1))


def _person(site: DemoSite, handle: str) -> Person:
    return db.session.get_one(Person, site.people[handle])
