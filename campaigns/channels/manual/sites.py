"""Sites at which people post by hand: where, in which form, and as far as is known how much they take.

None of them documents its limits for others to build on; they are what the sites' own editors show, and each account
can say others.
"""

from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _

from campaigns.channels.messages import Limits

Form = Literal["article", "short"]


@dataclass(frozen=True)
class Site:
    """One of them. `tips` are for whoever posts."""

    key: str
    name: Any
    form: Form
    limits: Limits
    url: str = ""  # where one writes there
    tips: tuple[Any, ...] = ()


_ANY = Limits(pictures=20, picture_bytes=10_000_000, carries_html=True)

SITES = (
    Site(
        "toutiao",
        _("Toutiao"),
        "article",
        Limits(title=30, pictures=20, picture_bytes=5_000_000, carries_html=True, alt=0),
        "https://mp.toutiao.com/",
        (_("Titles have 2 to 30 characters. Set the cover there: it decides who opens the article."),),
    ),
    Site(
        "zhihu",
        _("Zhihu"),
        "article",
        Limits(title=100, pictures=20, picture_bytes=5_000_000, carries_html=True, alt=0),
        "https://zhuanlan.zhihu.com/write",
        (_("Pasted text keeps its headings and links. Choose topics there."),),
    ),
    Site(
        "xiaohongshu",
        _("Xiaohongshu"),
        "short",
        Limits(text=1000, counter="characters", title=20, pictures=18, picture_bytes=10_000_000, alt=0),
        "https://creator.xiaohongshu.com/",
        (_("It is a place of pictures: the first one is the cover. Links in a text cannot be pressed."),),
    ),
    Site(
        "medium",
        "Medium",
        "article",
        Limits(title=100, pictures=20, picture_bytes=10_000_000, carries_html=True, tags=5),
        "https://medium.com/p/import",
        (
            _("Import the story by the address of our page: Medium then says where it was published first."),
            _("If you paste it instead, set the canonical link in the story's settings."),
        ),
    ),
    Site("other", _("Another site"), "article", _ANY),
)
_BY_KEY = {one.key: one for one in SITES}


def site(key: str) -> Site:
    """The site of this key; of one that is gone from the list, any."""
    return _BY_KEY.get(key, _BY_KEY["other"])
