"""Whole imports: what they make, that running again changes nothing, and that nothing is announced."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select, text

from cms.core import clock, seams
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.core.models import OutgoingMail, PageChange
from cms.media.models import Media
from cms.people.models import Person
from cms.posts import services as posts
from cms.posts.events import PostPublished
from cms.posts.models import Post, PostSlug, Revision
from cms.site.models import OldAddress
from cms.site.queries.old import find_target
from cms.topics.models import Section, Tag
from cms.transfer.importing import ImportOptions
from cms.transfer.models import ImportedComment, ImportedItem
from cms.transfer.reading.vocabulary import SourceItem, SourcePost, UnreadableSource
from tests.cms.transfer.real_files import real_file
from tests.cms.transfer.running import bring, everything, numbers
from tests.cms.transfer.wxr_files import attachment, comment, item, meta, term, write_wxr
from tests.factories import make_person, make_post, make_section, make_tag

pytestmark = pytest.mark.usefixtures("app")
DRY = ImportOptions(is_dry_run=True)


def post_by_slug(slug: str) -> Post:
    db.session.expire_all()
    return db.session.scalars(select(Post).where(Post.slug == slug)).one()


def live_text(post: Post) -> Revision:
    return db.session.get_one(Revision, post.live_revision_id)


@pytest.fixture
def announced() -> Iterator[list[PostPublished]]:
    """What was announced as published."""
    heard: list[PostPublished] = []
    seams.on(PostPublished, heard.append)
    yield heard
    seams._handlers[PostPublished].remove(heard.append)


# The real files -------------------------------------------------------------------------------------------------


def test_the_theme_test_file_comes_in_whole_and_a_second_run_changes_nothing() -> None:
    path = real_file("theme")
    report = bring("wxr", path)
    assert numbers(report) == {
        "person": (2, 2, 0, 0, 0),
        "tag": (181, 180, 0, 1, 0),
        "media": (38, 0, 0, 0, 38),
        "post": (149, 79, 0, 0, 70),
        "comment": (33, 29, 0, 0, 4),
        "address": (470, 398, 0, 0, 72),
    }
    assert report.reasons["post"] == {"menu entries belong to the old theme": 70}
    count = select(func.count())
    assert db.session.scalar(count.select_from(Post)) == 79
    assert db.session.scalar(count.select_from(Post).where(Post.live_revision_id.is_not(None))) == 76
    assert db.session.scalar(count.select_from(ImportedComment)) == 29
    before = everything()
    again = bring("wxr", path)
    assert everything() == before
    assert not again.has_changed_anything
    assert numbers(again)["post"] == (149, 0, 0, 79, 70)
    assert again.losses <= report.losses


def test_the_theme_test_file_keeps_dates_guids_and_slugs() -> None:
    path = real_file("theme")
    source = {one.id: one for one in _posts_in("wxr", path)}
    bring("wxr", path)
    rows = {post.source: post for post in db.session.scalars(select(Post))}
    assert len(rows) == len(source) == 79
    for one in source.values():
        post = rows[f"wxr:wpthemetestdata.wordpress.com:post:{one.id}"]
        assert post.published_at == one.published_at
        assert post.first_published_at == one.published_at
        assert post.is_live == one.is_published
        assert post.slug == one.slug or post.kind == "note" or not one.slug
    kept = sum(
        rows[f"wxr:wpthemetestdata.wordpress.com:post:{one.id}"].guid == one.guid for one in source.values()
    )
    assert kept == 77  # two GUIDs stand twice in the file


def test_every_old_address_of_the_theme_test_file_leads_on(client: FlaskClient) -> None:
    path = real_file("theme")
    source = _posts_in("wxr", path)
    bring("wxr", path)
    followed = 0
    for one in source:
        post = db.session.scalars(select(Post).where(Post.source.endswith(f":post:{one.id}"))).one()
        target = f"/posts/{post.slug}" if post.slug else f"/notes/{post.id}"
        for address in one.addresses:
            if post.is_live:
                answer = client.get(address)
                assert (answer.status_code, unquote(answer.headers["Location"])) == (301, target), address
                followed += 1
            else:
                assert find_target(*address.partition("?")[::2]) is None
    assert followed == 173  # two for each of 55 posts, three for each of 21 pages


def test_the_ghost_export_comes_in_whole_and_a_second_run_changes_nothing(client: FlaskClient) -> None:
    path = real_file("ghost")
    report = bring("ghost", path)
    assert numbers(report) == {
        "person": (2, 1, 0, 0, 1),
        "tag": (1, 1, 0, 0, 0),
        "post": (11, 11, 0, 0, 0),
        "address": (14, 14, 0, 0, 0),
    }
    post = post_by_slug("integrations")
    assert (post.guid, post.published_at) == (
        "605ac141a2d5a6aa9e101ebd",
        datetime(2021, 3, 24, 4, 34, 9, tzinfo=UTC),
    )
    assert client.get("/grow/").headers["Location"] == "/posts/grow"
    assert client.get("/author/ghost/").headers["Location"].startswith("/@ghost")
    assert client.get("/sell/").status_code == 404  # for paying members there, so a draft here
    before = everything()
    assert not bring("ghost", path).has_changed_anything
    assert everything() == before


@pytest.mark.parametrize(("name", "format_"), [("theme", "wxr"), ("small", "wxr"), ("ghost", "ghost")])
def test_a_dry_run_says_the_same_and_sends_nothing_but_questions(
    name: str, format_: str, count_queries: list[str]
) -> None:
    path = real_file(name)
    before = everything()
    sequences = _sequences()
    count_queries.clear()
    planned = bring(format_, path, DRY)
    assert {statement.split()[0] for statement in count_queries} == {"SELECT"}
    assert _sequences() == sequences
    assert everything() == before
    real = bring(format_, path)
    assert numbers(real) == numbers(planned)
    assert (real.losses, real.reasons, real.missing_media) == (
        planned.losses,
        planned.reasons,
        planned.missing_media,
    )


def test_the_malformed_export_imports_nothing() -> None:
    before = everything()
    with pytest.raises(UnreadableSource, match="Nothing was imported"):
        bring("wxr", real_file("malformed"))
    assert everything() == before


def test_a_run_that_was_killed_and_started_again_ends_like_one_that_was_not(app: Flask) -> None:
    path = real_file("theme")
    timeless = frozenset(
        (
            "id",
            "digest",  # holds ids
            "target",  # of notes holds their ids
            "post_id",
            "revision_id",
            "target_id",
            "story_id",
            "guid",
            "parent_id",
            "person_id",
            "tag_id",
            "live_revision_id",
            "latest_revision_id",
            "section_id",
        )
    )

    seen = 0

    def stop_in_the_middle(item: SourceItem) -> None:
        nonlocal seen
        seen += isinstance(item, SourcePost)
        if seen == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring("wxr", path, progress=stop_in_the_middle)
    assert db.session.scalar(select(func.count()).select_from(Post)) == 40
    report = bring("wxr", path)
    assert numbers(report)["post"] == (149, 39, 0, 40, 70)
    assert not bring("wxr", path).has_changed_anything
    resumed = everything(without=timeless)
    _empty_everything()
    bring("wxr", path)
    assert everything(without=timeless) == resumed


# Nothing is announced -------------------------------------------------------------------------------------------


def test_importing_sends_no_mail_and_announces_nothing_as_new(
    tmp_path: Path, announced: list[PostPublished]
) -> None:
    bring("wxr", write_wxr(tmp_path, item(1, inside=comment(1)), item(2, status="draft")))
    assert [fact.is_first for fact in announced] == [False]
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_imported_posts_stand_in_feeds_by_their_old_dates(tmp_path: Path) -> None:
    make_post("News of today")
    bring("wxr", write_wxr(tmp_path, item(1)))
    newest = db.session.scalars(select(Post.slug).order_by(Post.published_at.desc())).first()
    assert newest == "news-of-today"
    old = post_by_slug("post-1")
    assert old.updated_at == datetime(2020, 5, 1, 8, 0, tzinfo=UTC)
    assert old.guid == "https://old.example/?p=1"


def test_pages_are_touched_once_for_each_item_that_changed(tmp_path: Path) -> None:
    path = write_wxr(
        tmp_path, *(item(number, inside=term("A", "a") + term("B", "b")) for number in (1, 2, 3))
    )
    first = _last_page_change()
    bring("wxr", path)
    last = _last_page_change()
    assert set(db.session.scalars(select(PageChange.tag).where(PageChange.id > first))) == {"site"}
    bring("wxr", path)
    assert _last_page_change() == last


# Changes, there and here ----------------------------------------------------------------------------------------


def test_what_changed_there_becomes_a_new_revision_here(tmp_path: Path) -> None:
    bring("wxr", write_wxr(tmp_path, item(1, inside=comment(1))))
    changed = item(
        1,
        "<p>Other words.</p>",
        term("New", "new") + comment(1, text="Edited.") + comment(2),
        title="Other title",
    )
    report = bring("wxr", write_wxr(tmp_path, changed))
    assert numbers(report)["post"] == (1, 0, 1, 0, 0)
    assert numbers(report)["comment"] == (2, 1, 1, 0, 0)
    post = post_by_slug("post-1")
    revision = live_text(post)
    assert (revision.number, revision.title, revision.html) == (2, "Other title", "<p>Other words.</p>")
    assert post.published_at == datetime(2020, 5, 1, 8, 0, tzinfo=UTC)
    assert not bring("wxr", write_wxr(tmp_path, changed)).has_changed_anything


def test_what_was_edited_here_is_left_alone(tmp_path: Path) -> None:
    bring("wxr", write_wxr(tmp_path, item(1)))
    post_id = post_by_slug("post-1").id
    content = posts.prepare(title="Ours", body="Ours.")
    with transaction():
        posts.save_revision(post_id, content, by=None, at=clock.now())
    before = everything()
    same = bring("wxr", write_wxr(tmp_path, item(1)))
    assert numbers(same)["post"] == (1, 0, 0, 1, 0)
    theirs = bring("wxr", write_wxr(tmp_path, item(1, "<p>Theirs.</p>")))
    assert theirs.reasons["post"] == {"it was edited here since it was imported": 1}
    assert everything() == before


def test_what_was_removed_here_does_not_come_back(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(1), item(2))
    bring("wxr", path)
    first, second = post_by_slug("post-1").id, post_by_slug("post-2").id
    with transaction():
        posts.trash_post(first, by=None, at=clock.now())
        posts.trash_post(second, by=None, at=clock.now())
        posts.purge_post(second, by=None, at=clock.now())
    report = bring("wxr", path)
    assert report.reasons["post"] == {"it is in the trash here": 1, "it was deleted here": 1}


def test_what_was_taken_down_there_is_taken_down_here(tmp_path: Path) -> None:
    bring("wxr", write_wxr(tmp_path, item(1)))
    bring("wxr", write_wxr(tmp_path, item(1, status="draft")))
    assert not post_by_slug("post-1").is_live
    bring("wxr", write_wxr(tmp_path, item(1)))
    assert post_by_slug("post-1").is_live


def test_a_slug_that_is_taken_here_is_numbered_and_the_old_address_leads_to_it(tmp_path: Path) -> None:
    make_post("Ours", slug="post-1")
    path = write_wxr(tmp_path, item(1))
    planned = bring("wxr", path, DRY)
    report = bring("wxr", path)
    assert report.losses == planned.losses == {"posts whose address was taken here got a number": 1}
    assert find_target("/2020/05/post-1/") == "/posts/post-1-2"


def test_a_changed_slug_keeps_the_old_one_leading_on(tmp_path: Path, client: FlaskClient) -> None:
    bring("wxr", write_wxr(tmp_path, item(1)))
    report = bring("wxr", write_wxr(tmp_path, item(1, name="other")))
    assert numbers(report)["address"][2:] == (0, 7, 0) or report.counts["address"]["skipped"] == 0
    assert post_by_slug("other").is_live
    assert client.get("/posts/post-1").headers["Location"] == "/posts/other"


def test_two_posts_with_one_slug_and_one_guid_both_come(tmp_path: Path) -> None:
    report = bring(
        "wxr", write_wxr(tmp_path, item(1), item(2, name="post-1", guid="https://old.example/?p=1"))
    )
    assert numbers(report)["post"] == (2, 2, 0, 0, 0)
    assert set(db.session.scalars(select(PostSlug.slug))) == {"post-1", "post-1-2"}
    assert report.losses["GUIDs that another post has were replaced"] == 1


# People, tags, sections -----------------------------------------------------------------------------------------


def test_authors_become_guests_without_account_and_equal_names_stay_apart(tmp_path: Path) -> None:
    authors = "".join(
        f"<wp:author><wp:author_login>{login}</wp:author_login><wp:author_email>{login}@old.example</wp:author_email>"
        "<wp:author_display_name>Ana Li</wp:author_display_name></wp:author>"
        for login in ("ana", "ana2")
    )
    bring("wxr", write_wxr(tmp_path, authors, item(1), item(2, creator="ana2")))
    people = db.session.scalars(select(Person).order_by(Person.id)).all()
    assert [(one.name, one.role, one.email) for one in people] == [("Ana Li", "guest", None)] * 2
    assert people[0].handle != people[1].handle


def test_an_author_can_be_mapped_to_somebody_here_also_later(tmp_path: Path) -> None:
    ana = make_person("Ana Ling", handle="analing")
    path = write_wxr(tmp_path, item(1))
    bring("wxr", path)
    mapped = ImportOptions(authors={"ana": "analing"})
    report = bring("wxr", path, mapped)
    assert (numbers(report)["person"], numbers(report)["post"]) == ((1, 0, 1, 0, 0), (1, 0, 1, 0, 0))
    bylines = db.session.execute(text("SELECT person_id FROM bylines")).scalars().all()
    assert bylines == [ana.id]
    assert not bring("wxr", path).has_changed_anything  # it is remembered


def test_an_unknown_handle_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    before = everything()
    with pytest.raises(Invalid, match="Nobody here has the handle nobody"):
        bring("wxr", write_wxr(tmp_path, item(1)), ImportOptions(authors={"ana": "nobody"}))
    assert everything() == before


def test_tags_that_are_here_already_are_used(tmp_path: Path) -> None:
    ours = make_tag("5g")
    report = bring(
        "wxr", write_wxr(tmp_path, item(1, inside=term("5G", "5g", "post_tag") + term("5G", "5g")))
    )
    assert numbers(report)["tag"] == (2, 0, 0, 2, 0)
    assert db.session.scalars(select(Tag.id)).all() == [ours.id]


def test_chosen_categories_become_sections(tmp_path: Path) -> None:
    hot = make_section("hot-focus")
    inside = term("News", "news") + term("Press", "press") + term("Rest", "rest")
    options = ImportOptions(sections={"news": "hot-focus", "press": "press"})
    planned = bring(
        "wxr",
        write_wxr(tmp_path, item(1, inside=inside)),
        ImportOptions(is_dry_run=True, sections=options.sections),
    )
    report = bring("wxr", write_wxr(tmp_path, item(1, inside=inside)), options)
    assert numbers(report) == numbers(planned)
    assert numbers(report)["section"] == (2, 1, 0, 1, 0)
    assert post_by_slug("post-1").section_id == hot.id
    assert set(db.session.scalars(select(Section.slug))) == {"hot-focus", "press"}
    assert db.session.scalars(select(Tag.slug)).all() == ["rest"]
    assert find_target("/category/press/") == "/sections/press"
    assert report.losses == {"posts in several sections are in the first one only": 1}


# Comments -------------------------------------------------------------------------------------------------------


def test_comments_are_clean_and_without_addresses(tmp_path: Path) -> None:
    inside = comment(2, parent=1, approved="0") + comment(
        1, text="Hi <script>alert(1)</script><b onclick=x>there</b>"
    )
    bring("wxr", write_wxr(tmp_path, item(1, inside=inside)))
    first, second = db.session.scalars(select(ImportedComment).order_by(ImportedComment.id)).all()
    assert (first.author_name, first.html, first.is_approved, first.parent_id) == (
        "Rae",
        "<p>Hi <b>there</b></p>",
        True,
        None,
    )
    assert (second.is_approved, second.parent_id) == (False, first.id)
    assert first.created_at == datetime(2020, 5, 2, 9, 0, tzinfo=UTC)
    assert "rae@example.com" not in repr(everything())


# Hostile words --------------------------------------------------------------------------------------------------


def test_nothing_hostile_reaches_a_page(tmp_path: Path, client: FlaskClient) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
    path = write_wxr(
        tmp_path,
        "<wp:author><wp:author_login>ana</wp:author_login><wp:author_display_name>&lt;b onload=x&gt;Ana"
        "&lt;script&gt;x&lt;/script&gt;</wp:author_display_name></wp:author>",
        item(
            1,
            f'<p>{evil}</p><a href="javascript:alert(1)">x</a>',
            term(evil, "evil") + comment(1, text=evil),
            title=evil + "Title",
            excerpt=evil,
        ),
    )
    bring("wxr", path)
    post = post_by_slug("post-1")
    page = client.get("/posts/post-1").text
    assert live_text(post).title == "\"'>Title"
    for word in ("<script>alert", "onerror", "onload", "javascript:"):
        assert word not in live_text(post).html
        assert word not in page
    assert db.session.scalars(select(Person.name)).one() == "Ana"


def test_a_post_that_cannot_be_rendered_is_skipped_with_a_reason_and_the_rest_comes(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(1, "x " * 60_000, comment(1)), item(2))
    planned, report = bring("wxr", path, DRY), bring("wxr", path)
    assert numbers(planned) == numbers(report)
    assert numbers(report)["post"] == (2, 1, 0, 0, 1)
    assert next(iter(report.reasons["post"])).startswith("This text is longer than 100,000 characters")
    assert report.reasons["comment"] == {"their post was skipped": 1}


# Files ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A folder with two of the old site's pictures, one of them in a size, and a file that is no picture."""
    folder = tmp_path / "site" / "wp-content" / "uploads" / "2020" / "05"
    folder.mkdir(parents=True)
    Image.new("RGB", (640, 480), "teal").save(folder / "pier.jpg")
    Image.new("RGB", (320, 240), "navy").save(folder / "boat.png")
    (folder / "fake.jpg").write_text("no picture")
    return tmp_path / "site"


BODY = (
    '<p><a href="https://old.example/wp-content/uploads/2020/05/pier.jpg">'
    '<img src="https://old.example/wp-content/uploads/2020/05/pier-300x225.jpg" alt="The pier"></a></p>'
    '<p><img src="https://old.example/wp-content/uploads/2020/05/gone.jpg" alt="Gone"></p>'
    '<p><img src="https://elsewhere.example/x.jpg" alt="Elsewhere"></p>'
)


def test_files_come_from_a_folder_and_all_their_sizes_get_our_address(tmp_path: Path, uploads: Path) -> None:
    path = write_wxr(
        tmp_path,
        item(1, BODY, meta("_thumbnail_id", "9")),
        attachment(9, "2020/05/pier.jpg", parent=1, alt="A pier at dawn"),
        attachment(10, "2020/05/fake.jpg"),
    )
    options = ImportOptions(media=(uploads,))
    planned = bring("wxr", path, ImportOptions(is_dry_run=True, media=(uploads,)))
    assert numbers(planned)["media"] == (3, 2, 0, 0, 1)  # a dry run does not look into files
    report = bring("wxr", path, options)
    assert numbers(report)["media"] == (3, 1, 0, 0, 2)
    media = db.session.scalars(select(Media)).one()
    assert (media.alt, media.source) == ("A pier at dawn", "wxr:old.example:media:9")
    post = post_by_slug("post-1")
    html = live_text(post).html
    assert live_text(post).cover_id == media.id
    assert (
        f'<a href="{media.src}" rel="noopener nofollow ugc"><img src="{media.src}" alt="The pier"></a>'
        in html
    )
    assert (
        '<a href="https://old.example/wp-content/uploads/2020/05/gone.jpg" rel="noopener nofollow ugc">Gone</a>'
        in html
    )
    assert '<a href="https://elsewhere.example/x.jpg" rel="noopener nofollow ugc">Elsewhere</a>' in html
    assert sorted(report.missing_media)[0] == "2020/05/gone.jpg"
    assert find_target("/file-9/") == media.src
    before = everything()
    assert not bring("wxr", path, options).has_changed_anything
    assert not bring("wxr", path).has_changed_anything  # also without the folder
    assert everything() == before


def test_files_that_come_later_take_their_places(tmp_path: Path, uploads: Path) -> None:
    path = write_wxr(
        tmp_path,
        item(1, f"<p>Words.</p>{BODY[:185]}</a></p>", term("Image", "post-format-image", "post_format")),
        attachment(9, "2020/05/pier.jpg", parent=1),
    )
    bring("wxr", path)
    assert post_by_slug("post-1").kind == "article"
    report = bring("wxr", path, ImportOptions(media=(uploads,)))
    assert numbers(report)["post"] == (1, 0, 1, 0, 0)
    post = post_by_slug("post-1")
    assert (post.kind, live_text(post).html) == ("photo", "<p>Words.</p>")


def test_a_media_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is not a folder"):
        bring("wxr", write_wxr(tmp_path, item(1)), ImportOptions(media=(tmp_path / "nowhere",)))


def test_a_markdown_folder_brings_its_own_files_and_translations(tmp_path: Path) -> None:
    folder = tmp_path / "blog"
    folder.mkdir()
    above = "---\ndate: 2024-05-01\ntitle: {title}\n---\n"
    Image.new("RGB", (64, 48), "teal").save(folder / "pier.png")
    (folder / "pier.en.md").write_text(above.format(title="The pier") + "![Pier](pier.png) and [[boat]]\n")
    (folder / "pier.zh.md").write_text(above.format(title="码头") + "码头。\n")
    (folder / "boat.md").write_text(above.format(title="Boat") + "A boat.\n")
    report = bring("markdown", folder)
    assert numbers(report) == {"media": (1, 1, 0, 0, 0), "post": (3, 3, 0, 0, 0)}
    english, chinese = (
        db.session.scalars(select(Post).where(Post.language == one)).all() for one in ("en", "zh")
    )
    pier = next(post for post in english if post.slug == "pier")
    assert pier.story_id == chinese[0].story_id
    src = db.session.scalars(select(Media)).one().src
    assert (
        live_text(pier).html
        == f'<p><img alt="Pier" src="{src}"> and <a href="/posts/boat" rel="noopener nofollow ugc">boat</a></p>'
    )
    before = everything()
    assert not bring("markdown", folder).has_changed_anything
    assert everything() == before


# What the tests share -------------------------------------------------------------------------------------------


def _posts_in(format_: str, path: Path) -> list[SourcePost]:
    from zoneinfo import ZoneInfo

    from cms.transfer.commands import READERS
    from cms.transfer.reading.vocabulary import ReadingOptions

    items = READERS[format_](path, ReadingOptions(zone=ZoneInfo("UTC")))
    return [one for one in items if isinstance(one, SourcePost)]


def _last_page_change() -> int:
    return db.session.scalar(select(func.max(PageChange.id))) or 0


def _sequences() -> dict[str, int]:
    if db.session.get_bind().dialect.name != "postgresql":
        return {}
    names = db.session.scalars(
        text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
    ).all()
    found = {name: db.session.scalar(text(f'SELECT last_value FROM "{name}"')) for name in names}
    db.session.rollback()
    return found


def _empty_everything() -> None:
    with transaction():
        for post_id in db.session.scalars(select(Post.id)).all():
            posts.trash_post(post_id, by=None, at=clock.now())
            posts.purge_post(post_id, by=None, at=clock.now())
        for model in (ImportedItem, OldAddress, Tag):
            for row in db.session.scalars(select(model)):
                db.session.delete(row)
    with transaction():
        db.session.execute(text("DELETE FROM handles"))
        db.session.execute(text("DELETE FROM people"))
