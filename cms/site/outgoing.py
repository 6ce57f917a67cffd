"""What goes out when a post is published: its page, its card in other people's link previews, its feed item, in every
language of the story; and what to know before."""

from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from cms.core.languages import NAMES
from cms.core.pages import page
from cms.core.seams import Finding, findings
from cms.people.models import Person
from cms.posts import queries
from cms.posts.models import Post, Revision
from cms.site.edition import Edition
from cms.site.feeds.document import Entry, make_entry
from cms.site.heads import Head, post_head
from cms.site.queries.feeds import Item
from cms.site.queries.reading import FullPost, get_preview_page
from cms.site.queries.site import Site

LONGEST_CARD_TITLE = 70  # characters that most networks show of og:title before they cut it
LONGEST_CARD_TEXT = 200


@dataclass(frozen=True)
class Telling:
    """One language of a story as it would be a moment after it was published."""

    post: Post
    revision: Revision
    shown: FullPost  # with the text's HTML
    head: Head
    entry: Entry
    findings: list[Finding]

    @property
    def language(self) -> str:
        """What its language calls itself."""
        tag = self.post.language
        return NAMES.get(tag) or Locale.parse(tag, sep="-").get_display_name(tag) or tag

    @property
    def is_unchanged(self) -> bool:
        """Whether readers see exactly this already."""
        return self.post.live_revision_id == self.revision.id

    @property
    def is_blocked(self) -> bool:
        """Whether something forbids it."""
        return any(one.is_blocking for one in self.findings)

    @property
    def mail(self) -> str:
        """The story as a letter in plain text; the letter itself also has an HTML part."""
        with force_locale(self.locale):
            return page("emails/story.txt", **self.letter)

    @property
    def letter(self) -> dict[str, object]:
        """What the templates of the letter are given."""
        return {"entry": self.entry, "plain": self.revision.plain, "site": self.card["site_name"]}

    @property
    def locale(self) -> str:
        """The interface language nearest to its own."""
        return "zh" if self.post.language.startswith("zh") else "en"

    @property
    def card(self) -> dict[str, str]:
        """What networks read for a link preview: `og:title`, `og:description`, `og:image`, `og:site_name`."""
        return {name.replace("og:", ""): value for name, value in self.head.properties}


def tellings(
    post: Post, *, edition: Edition, host: str, site: Site, by: Person | None, at: datetime
) -> list[Telling]:
    """Every language of the story of this post, this one first. A fixed number of queries for each."""
    story = queries.story_posts(post.story_id)
    ordered = sorted(story, key=lambda one: one.id != post.id)
    return [_telling(one.id, edition=edition, host=host, site=site, by=by, at=at) for one in ordered]


def find_in_card(*, post: Post, revision: Revision, by: Person | None, at: datetime) -> list[Finding]:
    """What a reader of the card or the feed would miss. Advice; none of it forbids publishing."""
    found = []
    if post.kind != "note" and not revision.summary:
        found.append(("summary", _("There is no summary: lists, feeds and cards show the text's beginning.")))
    if post.kind != "note" and len(revision.title) > LONGEST_CARD_TITLE:
        found.append(("title", _("The title is long: most networks cut it after about 70 characters.")))
    if post.kind == "article" and revision.cover_id is None:
        found.append(("cover", _("There is no cover: the card is shown without a picture.")))
    if post.kind != "note" and post.section_id is None:
        found.append(("section", _("It is in no section.")))
    return [Finding(f"card.{code}", sentence) for code, sentence in found]


def _telling(
    post_id: int, *, edition: Edition, host: str, site: Site, by: Person | None, at: datetime
) -> Telling:
    post = queries.get_post(post_id)
    revision = post.latest
    assert revision is not None
    own = Edition("zh" if post.language.startswith("zh") else "en", edition.prefix)
    shown = get_preview_page(own, host, post.id, revision_id=revision.id, at=at).post
    item = Item(
        card=shown,
        tags=[tag.name for tag in shown.tags],
        has_transcript=bool(revision.transcript),
        canonical_url=post.canonical_url,
        appeared_at=at,
    )
    return Telling(
        post=post,
        revision=revision,
        shown=shown,
        head=post_head(own, host, site, shown),
        entry=make_entry(site, Edition(own.locale, host), item),
        findings=findings("publication", post=post, revision=revision, by=by, at=at),
    )
