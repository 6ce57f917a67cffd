"""Everything that was corrected here."""

from flask_babel import gettext as _

from cms.core.access import public
from cms.core.pagecache import cached_page, depends_on
from cms.core.pages import page
from cms.site.asked import edition, feed_links, host, next_url, own_query, place
from cms.site.heads import list_head
from cms.site.queries.corrections import corrections_page
from cms.site.queries.site import in_words, site
from cms.site.views import bp

PATH = "/corrections"


@bp.get(PATH)
@public
@cached_page
def list_corrections() -> str:
    """What was wrong in an article and is right now, newest first."""
    wanted, shown = edition(), site()
    corrections, following = corrections_page(wanted, before=place())
    depends_on("posts")
    heading = _("Corrections")
    return page(
        "cms/site/corrections.html",
        corrections=corrections,
        next_url=next_url(wanted, PATH, following),
        heading=heading,
        intro=_("When something in an article was wrong, we say here what it was, and why."),
        feeds=feed_links(wanted, "/", in_words(shown.name, wanted.locale)),
        head=list_head(wanted, host(), shown, path=PATH, title=heading, query=own_query()),
    )
