"""One run of an import: reads items as they come, decides what each one is here, and writes it, one commit each.

A dry run decides in the same way and stops before writing. A run that is broken off can be started again: what is
here already is found by its source id and left as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, Problem
from cms.core.markup import clean_html
from cms.core.pagecache import touching_roughly
from cms.core.text import make_slug
from cms.people.queries import find_person
from cms.posts.services import prepare
from cms.transfer import queries, services
from cms.transfer.arranging import Arranged, Names, arrange
from cms.transfer.library import Library
from cms.transfer.media_folder import MediaFolder
from cms.transfer.reading.addresses import host_of, upload_path
from cms.transfer.reading.vocabulary import (
    Loss,
    SourceItem,
    SourceMedia,
    SourcePerson,
    SourcePost,
    SourceRedirect,
    SourceSite,
    SourceSkip,
    SourceTag,
)
from cms.transfer.report import Report
from cms.transfer.services.posts import Brought, Company, address_outcome, comment_outcome

LONGEST_COMMENT = 20_000
_TOO_LONG = f"it is longer than {LONGEST_COMMENT:,} characters"


@dataclass(frozen=True)
class ImportOptions:
    """What the person who imports decides."""

    is_dry_run: bool = False
    media: tuple[Path, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)  # login there -> handle here
    sections: Mapping[str, str] = field(default_factory=dict)  # slug of a category there -> of a section here
    language: str = "en"  # of the names of tags and sections


@dataclass(frozen=True)
class _Verdict:
    """What an item is, compared with what is here: new, changed, unchanged, or skipped for a reason."""

    outcome: str
    reason: str = ""
    post_id: int = 0


def run_import(
    items: Iterable[SourceItem],
    options: ImportOptions,
    *,
    progress: Callable[[SourceItem], None] | None = None,
) -> Report:
    """Bring everything in, or say what would happen. Raises `Invalid` before anything is written."""
    run = _Run(options)
    with touching_roughly():
        for item in items:
            run.take(item)
            if progress:
                progress(item)
    db.session.rollback()
    return run.report


class _Run:
    """The state of one import: what the source's names mean here, and the report."""

    def __init__(self, options: ImportOptions) -> None:
        self.options = options
        self.report = Report(is_dry_run=options.is_dry_run)
        self.site = ""
        self.people: dict[str, int] = {}
        self.tags: dict[str, int] = {}
        self.sections: dict[str, int] = {}
        self.lists: dict[tuple[str, str], str] = {}  # (kind, id) -> address here
        self.planned_slugs: dict[str, int] = {}  # of a dry run: made in this run
        self.planned_addresses: dict[str, str] = {}
        self.stories: dict[str, tuple[int, str]] = {}
        self.guids: set[str] = set()
        self.library = Library(report=self.report, folder=None, source_of=self.source_of, at=clock.now)
        self.planned = 0

    def source_of(self, rest: str) -> str:
        """The id of an item of this source, as rows here remember it."""
        return f"{self.site}:{rest}"[:500]

    def take(self, item: SourceItem) -> None:
        """Bring one item."""
        match item:
            case SourceSite():
                self._begin(item)
            case SourcePerson():
                self._take_person(item)
            case SourceTag():
                self._take_tag(item)
            case SourceMedia():
                self._take_media(item)
            case SourcePost():
                self._take_post(item)
            case SourceRedirect():
                self._take_redirect(item)
            case SourceSkip():
                self.report.skip(item.kind, item.reason)

    def _begin(self, site: SourceSite) -> None:
        self.site = f"{site.format}:{site.id}"
        self.report.site, self.report.format = site.id, site.format
        self.report.lose(site.losses)
        folders = [*self.options.media, *([site.folder] if site.folder else [])]
        self.library.folder = MediaFolder(*folders) if folders else None
        self.library.hosts.add(host_of(site.url))
        for login, handle in self.options.authors.items():
            if find_person(handle) is None:
                raise Invalid(f"Nobody here has the handle {handle} that was given for the author {login}.")

    def _plan(self) -> int:
        """The id of a row that a dry run does not make."""
        self.planned -= 1
        return self.planned

    # People, tags, sections -------------------------------------------------------------------------------------

    def _take_person(self, person: SourcePerson) -> None:
        source = self.source_of(f"person:{person.id}")
        known = queries.find_target(source, kind="person")
        mapped = self._mapped(person.id)
        if mapped is not None and mapped != known:
            if not self.report.is_dry_run:
                with transaction():
                    services.remap_person(mapped, source=source, at=clock.now())
            self.report.count("person", "changed" if known else "new")
            known = mapped
        elif known is not None:
            self.report.count("person", "unchanged")
        else:
            known = self._plan()
            if not self.report.is_dry_run:
                with transaction():
                    known = services.bring_person(person, source=source, at=clock.now())
            self.report.count("person", "new")
        if person.bio:
            self.report.lose([Loss("descriptions of authors were not taken over", person.id)])
        self.people[person.id] = known

    def _mapped(self, login: str) -> int | None:
        handle = self.options.authors.get(login)
        person = find_person(handle) if handle else None
        return person.id if person else None

    def _take_tag(self, tag: SourceTag) -> None:
        section = self.options.sections.get(tag.slug) if tag.is_category else None
        kind = "section" if section else "tag"
        slug = make_slug(section or tag.slug) or make_slug(tag.name)
        if not slug:
            self.report.skip(kind, "its name has neither letter nor digit")
            return
        source = self.source_of(tag.id)
        known = queries.find_target(source, kind=kind)
        if known is not None:
            outcome = "unchanged"
        elif self.report.is_dry_run:
            known, outcome = self._planned_list(kind, slug)
        else:
            bring = services.bring_section if section else services.bring_tag
            with transaction():
                known, is_new = bring(
                    tag, slug=slug, language=self.options.language, source=source, at=clock.now()
                )
            outcome = "new" if is_new else "unchanged"
        self.report.count(kind, outcome)
        if tag.description and not section:
            self.report.lose([Loss("descriptions of tags were left out", tag.slug)])
        (self.sections if section else self.tags)[tag.id] = known
        self.lists["tag", tag.id] = f"/{kind}s/{slug}"

    def _planned_list(self, kind: str, slug: str) -> tuple[int, str]:
        if kind == "tag":
            here = queries.find_tag_by_slug(slug)
            if here is not None:
                return here.id, "unchanged"
        else:
            section = queries.find_section_by_slug(slug)
            if section is not None:
                return section.id, "unchanged"
        key = f"{kind}:{slug}"
        if key in self.planned_slugs:
            return self.planned_slugs[key], "unchanged"
        self.planned_slugs[key] = self._plan()
        return self.planned_slugs[key], "new"

    # Files and addresses ----------------------------------------------------------------------------------------

    def _take_media(self, media: SourceMedia) -> None:
        self.library.learn(media)
        held = self.library.resolve(media.url)
        if self.library.keys.get(upload_path(media.url)) != media.id:
            self.report.skip("media", "another file of the source has its address, or it has none")
        if held is not None:
            self._lead(dict.fromkeys(media.addresses, held.src))
        else:
            self.report.skip("address", "the file it showed is not here", len(media.addresses))

    def _take_redirect(self, redirect: SourceRedirect) -> None:
        target: str | None
        if redirect.kind == "path":
            target = redirect.target
        elif redirect.kind == "person":
            person_id = self.people.get(redirect.target)
            target = queries.profile_address(person_id) if person_id else None
            if target is None and person_id is not None:
                target = f"/@planned{person_id}"
        else:
            target = self.lists.get((redirect.kind, redirect.target))
        if target is None or not redirect.address:
            self.report.skip("address", "what it led to did not come along")
            return
        self._lead({redirect.address: target})

    def _lead(self, addresses: Mapping[str, str]) -> None:
        known = {**queries.old_addresses(addresses), **self.planned_addresses}
        outcomes = {one: address_outcome(one, target, known.get(one)) for one, target in addresses.items()}
        fresh = {one: target for one, target in addresses.items() if outcomes[one] == "new"}
        if fresh and self.report.is_dry_run:
            self.planned_addresses.update(fresh)
        elif fresh:
            with transaction():
                services.lead_to(fresh)
        for outcome in outcomes.values():
            self._count_address(outcome)

    def _count_address(self, outcome: str, times: int = 1) -> None:
        if outcome in ("new", "unchanged"):
            self.report.count("address", outcome, times)
        else:
            self.report.skip("address", outcome, times)

    # Posts ------------------------------------------------------------------------------------------------------

    def _take_post(self, post: SourcePost) -> None:
        names = Names(self.people, self.tags, self.sections)
        source = self.source_of(f"post:{post.id}")
        arranged = arrange(post, source=source, names=names, resolve=self.library.resolve, at=clock.now())
        verdict = _judge(arranged)
        for one in post.left_out:
            self.report.skip(one.kind, one.reason)
        if verdict.outcome == "skipped":
            self._skip_post(post, verdict.reason)
            return
        if verdict.outcome == "unchanged":
            self.report.count("comment", "unchanged", len(post.comments))
            self.report.count("address", "unchanged", len(post.addresses))
        else:
            try:
                self._write_post(post, arranged, verdict)
            except Problem as problem:
                db.session.rollback()
                self._skip_post(post, _sentence(problem))
                return
        self.report.count("post", verdict.outcome)
        self.report.lose(arranged.losses)
        if post.translation_of and verdict.post_id:
            self.stories.setdefault(post.translation_of, (verdict.post_id, arranged.language))

    def _skip_post(self, post: SourcePost, reason: str) -> None:
        self.report.skip("post", reason)
        self.report.skip("comment", "their post was skipped", len(post.comments))
        self.report.skip("address", "their post was skipped", len(post.addresses))

    def _write_post(self, post: SourcePost, arranged: Arranged, verdict: _Verdict) -> None:
        content = prepare(
            title=arranged.title,
            summary=arranged.summary,
            body=arranged.body,
            format=arranged.format,
            cover_id=arranged.cover_id,
            cover_alt=arranged.cover_alt,
            media=arranged.media,
        )
        company = self._company(post)
        too_long = len(post.comments) - len(company.comments)
        if self.report.is_dry_run:
            self._plan_post(arranged, company, verdict)
            self.report.skip("comment", _TOO_LONG, too_long)
            return
        with transaction():
            again = _judge(arranged)
            if again.outcome == "skipped":
                raise Invalid(again.reason)
            if again.post_id:
                brought = services.renew_post(again.post_id, arranged, content, company, at=clock.now())
            else:
                original, language = self.stories.get(post.translation_of, (0, ""))
                other = original if original and language != arranged.language else None
                brought = services.bring_post(
                    arranged, content, company, translation_of=other, at=clock.now()
                )
        self._count_brought(brought)
        self.report.skip("comment", _TOO_LONG, too_long)
        if post.translation_of:
            self.stories.setdefault(post.translation_of, (brought.post_id, arranged.language))

    def _company(self, post: SourcePost) -> Company:
        def name(comment_id: str) -> str:
            return self.source_of(f"comment:{post.id}:{comment_id}")

        comments = {
            name(one.id): (one, clean_html(one.html))
            for one in post.comments
            if len(one.html) <= LONGEST_COMMENT
        }
        parents = {name(one.id): name(one.parent) for one in post.comments}
        return Company(comments, parents, post.addresses)

    def _count_brought(self, brought: Brought) -> None:
        self.report.lose(brought.losses)
        for outcome, times in brought.comments.items():
            self.report.count("comment", outcome, times)
        for outcome, times in brought.addresses.items():
            self._count_address(outcome, times)

    def _plan_post(self, arranged: Arranged, company: Company, verdict: _Verdict) -> None:
        """Count what writing would do to comments, addresses, GUID and slug, from reads alone."""
        here = queries.imported_comments(company.comments)
        for source, (comment, html) in company.comments.items():
            self.report.count("comment", comment_outcome(here.get(source), comment, html))
        target = self._planned_target(arranged, verdict)
        known = {**queries.old_addresses(company.addresses), **self.planned_addresses}
        for address in company.addresses:
            outcome = address_outcome(address, target, known.get(address))
            if outcome == "new":
                self.planned_addresses[address] = target
            self._count_address(outcome)
        if verdict.post_id or arranged.guid is None:
            return
        if arranged.guid in self.guids or queries.is_guid_taken(arranged.guid, source=arranged.source):
            self.report.lose([Loss("GUIDs that another post has were replaced", arranged.guid)])
        self.guids.add(arranged.guid)

    def _planned_target(self, arranged: Arranged, verdict: _Verdict) -> str:
        if verdict.post_id:
            return queries.post_address(verdict.post_id)
        if arranged.kind == "note":
            return f"/notes/planned{arranged.source}"
        if not arranged.slug:
            return f"/posts/planned{arranged.source}"
        slug, number = arranged.slug, 1
        while f"post:{slug}" in self.planned_slugs or queries.is_slug_taken(slug):
            number += 1
            slug = f"{arranged.slug}-{number}"
        self.planned_slugs[f"post:{slug}"] = 0
        if number > 1:
            self.report.lose([Loss("posts whose address was taken here got a number", slug)])
        return f"/posts/{slug}"


def _judge(arranged: Arranged) -> _Verdict:
    """Compare with what is here. What was edited or removed here since is left alone."""
    item = queries.find_imported(arranged.source)
    if item is None:
        return _Verdict("new")
    state = queries.find_post_state(item.target_id)
    if state is None:
        return _Verdict("skipped", "it was deleted here")
    version, is_trashed = state
    if is_trashed:
        return _Verdict("skipped", "it is in the trash here")
    if item.digest == arranged.digest:
        return _Verdict("unchanged", post_id=item.target_id)
    if version != item.version:
        return _Verdict("skipped", "it was edited here since it was imported")
    return _Verdict("changed", post_id=item.target_id)


def _sentence(problem: Problem) -> str:
    words = " ".join(dict.fromkeys(map(str, problem.errors.values()))) or str(problem.message)
    return words.rstrip(".")
