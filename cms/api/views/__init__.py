"""The API over HTTP: the resources of this house."""

from flask_babel import lazy_gettext as _

from cms.api.gate import resources

bp = resources(
    "api",
    {
        "posts": _("Posts"),
        "media": _("Files"),
        "sections": _("Sections"),
        "tags": _("Tags"),
        "people": _("People"),
        "comments": _("Comments"),
        "circles": _("Circles"),
        "contests": _("Contests"),
    },
)

from cms.api.views import (  # noqa: E402, F401 - they add routes
    circles,
    comments,
    contests,
    documents,
    media,
    people,
    posts,
    publishing,
    reviews,
    topics,
)
