"""What an account would say of a post, what a person wrote instead, and how the two differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.channels.adapter import Adapter
from campaigns.channels.catalogue import adapter_for, find_adapter
from campaigns.channels.messages import Draft, DraftPart, Limits, Story
from campaigns.channels.models import Account
from campaigns.deliveries.composing.bodies import Body, story_saying
from campaigns.deliveries.composing.placeholder import with_link
from campaigns.deliveries.composing.story import Source, load_source, story_of
from campaigns.deliveries.models import Variant
from campaigns.links.queries import sample_url
from cms.core.database import db
from cms.core.errors import NotFound


@dataclass(frozen=True)
class Difference:
    """One thing in which an account's version is not the original. `code` says which and why:

    of the network: shortened, split, tags_removed, signature_removed, pictures_dropped (`count`), no_title;
    of a person: edited (`field` is text, title, summary or pictures; `by`, `at`), link_removed, older_text.
    """

    code: str
    field: str = ""
    count: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Tailored:
    """One post for one account: the original draft, what is sent, and why they differ."""

    account: Account
    adapter: Adapter
    limits: Limits
    story: Story
    original: Draft
    draft: Draft
    variant: Variant | None
    differences: tuple[Difference, ...]
    own_pictures: tuple[tuple[int, str], ...]
    source: Source

    @property
    def body(self) -> str:
        """The Markdown of the article, of networks that carry it: the variant's, else the post's own (or its HTML)."""
        own = self.variant.body if self.variant else None
        return self.original_body if own is None else with_link(own, self.story.link)

    @property
    def original_body(self) -> str:
        """The post's own."""
        return self.source.revision.body

    def saying(self, body: Body) -> "Tailored":
        """The same with another body, which nobody has kept."""
        story = story_saying(self.story, body, self.source)
        own = self.adapter.compose(story, self.limits, self.account.settings)
        return replace(self, draft=replace(self.draft, html=own.html, parts=own.parts))

    @property
    def version(self) -> int | None:
        """What `save_variant` expects, None while there is no variant."""
        return self.variant.version if self.variant else None


def draft_for(
    post_id: int, account_id: int, *, link: str | None = None, revision_id: int | None = None
) -> Draft:
    """What the network of this account would say of a post before anybody tailored it. Raises `NotFound`."""
    return tailored(post_id, account_id, link=link, revision_id=revision_id).original


def tailored(
    post_id: int, account_id: int, *, link: str | None = None, revision_id: int | None = None
) -> Tailored:
    """One account's version of a post, the variant falling back to the original. Raises `NotFound`.

    Without a `link` one that is as long stands for it. The live revision, else the latest, unless one is named.
    """
    links = {account_id: link} if link else {}
    found = tailored_drafts(post_id, [account_id], links=links, revision_id=revision_id)
    if not found:
        raise NotFound
    return found[0]


def tailored_drafts(
    post_id: int,
    account_ids: Sequence[int],
    *,
    links: Mapping[int, str] | None = None,
    revision_id: int | None = None,
    must_be_live: bool = False,
) -> list[Tailored]:
    """As `tailored`, for several accounts in their order and a fixed number of queries; unknown ones are left out."""
    source = load_source(post_id, revision_id=revision_id, must_be_live=must_be_live)
    accounts = {one.id: one for one in db.session.scalars(select(Account).where(Account.id.in_(account_ids)))}
    variants = {
        one.account_id: one
        for one in db.session.scalars(
            select(Variant)
            .where(Variant.post_id == post_id, Variant.account_id.in_(account_ids))
            .options(joinedload(Variant.edited_by))
        )
    }
    return [
        _tailored(source, accounts[one], variants.get(one), (links or {}).get(one) or sample_url())
        for one in account_ids
        if one in accounts and find_adapter(accounts[one].channel)
    ]


def _tailored(source: Source, account: Account, variant: Variant | None, link: str) -> Tailored:
    adapter = adapter_for(account.channel)
    limits = adapter.limits(account.settings, account.limits)
    story = story_of(source, link=link, prefix=account.prefix, signature=account.signature)
    original = adapter.compose(story, limits, account.settings)
    own = original
    if variant is not None and variant.body is not None and limits.carries_html:
        said = story_saying(story, Body(variant.body, variant.body_html or ""), source)
        own = adapter.compose(said, limits, account.settings)
    draft = _merged(own, variant, link)
    return Tailored(
        account=account,
        adapter=adapter,
        limits=limits,
        story=story,
        original=original,
        draft=draft,
        variant=variant,
        differences=tuple(_differences(story, original, draft, variant, limits)),
        own_pictures=source.own_pictures,
        source=source,
    )


def _merged(original: Draft, variant: Variant | None, link: str) -> Draft:
    """The variant's fields over the original's: what it does not say falls back."""
    if variant is None:
        return original
    parts = original.parts
    if variant.parts is not None:
        parts = tuple(
            DraftPart(with_link(one["text"], link), tuple((number, alt) for number, alt in one["media"]))
            for one in variant.parts
        )
    title = original.title if variant.title is None else with_link(variant.title, link)
    summary = original.summary if variant.summary is None else with_link(variant.summary, link)
    return replace(original, parts=parts, title=title, summary=summary)


def _differences(
    story: Story, original: Draft, draft: Draft, variant: Variant | None, limits: Limits
) -> list[Difference]:
    found = []
    texts_are_own = variant is not None and variant.parts is not None
    if not texts_are_own:
        found += [Difference(one) for one in original.changes]
        dropped = len(story.media) - sum(len(one.media) for one in original.parts)
        if dropped > 0:
            found.append(Difference("pictures_dropped", "pictures", count=dropped))
    if story.title and limits.title == 0:
        found.append(Difference("no_title", "title"))
    if variant is None:
        return found
    by, at = variant.edited_by.name if variant.edited_by else "", variant.edited_at
    edited = {
        "text": (texts_are_own and [one.text for one in draft.parts] != [one.text for one in original.parts])
        or draft.html != original.html,
        "pictures": texts_are_own
        and [one.media for one in draft.parts] != [one.media for one in original.parts],
        "title": draft.title != original.title,
        "summary": draft.summary != original.summary,
    }
    found += [Difference("edited", field, by=by, at=at) for field, is_so in edited.items() if is_so]
    if (
        texts_are_own
        and not limits.carries_html
        and story.link not in "\n".join(one.text for one in draft.parts)
    ):
        found.append(Difference("link_removed", "text", by=by, at=at))
    if any(edited.values()) and variant.revision_id not in (None, story.revision_id):
        found.append(Difference("older_text", "text", by=by, at=at))
    return found
