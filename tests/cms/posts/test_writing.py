"""Starting posts, saving their texts, addresses, credits, translations."""

import pytest
from sqlalchemy import func, select

from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Conflict, Invalid
from cms.posts import queries, services
from cms.posts.models import Post, PostSlug, Revision
from tests.factories import (
    ivy,
    make_media,
    make_note,
    make_person,
    make_post,
    make_section,
    make_tag,
    nadia,
    read_again,
    tom,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_new_post_is_a_draft_with_one_revision() -> None:
    editor = nadia()
    post = make_post("Spring notes", publish=False, by=editor)
    assert (post.is_live, post.published_at, post.slug, post.created_by_id) == (
        False,
        None,
        "spring-notes",
        editor.id,
    )
    revision = queries.get_revision(post.id, post.latest_revision_id or 0)
    assert (revision.number, revision.title) == (1, "Spring notes")
    assert revision.html == "<p>The network is <strong>quiet</strong> in spring.</p>"
    assert (revision.word_count, revision.reading_minutes, revision.saved_by_id) == (6, 1, editor.id)


def test_a_guid_is_minted_once_from_host_and_year() -> None:
    post = make_post()
    kind, _, rest = post.guid.partition("post/")
    assert kind == "tag:localhost,2026:"
    assert len(rest) == 36


def test_the_same_title_gives_numbered_addresses() -> None:
    assert [make_post("Spring notes").slug for _ in range(3)] == [
        "spring-notes",
        "spring-notes-2",
        "spring-notes-3",
    ]


def test_a_chinese_title_gives_a_chinese_address() -> None:
    assert make_post("春天的网络", language="zh").slug == "春天的网络"


def test_a_title_without_letters_gets_the_day_as_its_address() -> None:
    assert make_post("🎉🎉").slug == "article-2026-11-21"
    assert make_post("🎈").slug == "article-2026-11-21-2"


def test_an_address_asked_for_that_is_taken_is_refused() -> None:
    make_post("Spring notes")
    with pytest.raises(services.SlugTaken):
        make_post("Other", slug="Spring Notes")
    assert db.session.scalar(select(func.count()).select_from(Post)) == 1


def test_an_import_may_number_an_address_it_asks_for() -> None:
    make_post("Spring notes")
    with transaction():
        post = services.create_post(
            services.prepare(title="Other", body=""),
            kind="article",
            language="en",
            slug="spring-notes",
            slug_may_change=True,
            by=None,
            at=clock.now(),
        )
    assert post.slug == "spring-notes-2"


def test_a_note_has_no_address_of_its_own_but_needs_words() -> None:
    assert make_note().slug is None
    with pytest.raises(Invalid) as problem:
        make_note("  ")
    assert list(problem.value.errors) == ["body"]


def test_everything_but_a_note_needs_a_title() -> None:
    with pytest.raises(Invalid) as problem:
        make_post("  ")
    assert list(problem.value.errors) == ["title"]


def test_what_is_too_long_is_named_by_field() -> None:
    with pytest.raises(Invalid) as problem:
        services.prepare(title="x" * 301, summary="x" * 2001, body="")
    assert list(problem.value.errors) == ["title", "summary"]
    with pytest.raises(Invalid) as problem:
        services.prepare(title="x", body="x" * 100_001)
    assert list(problem.value.errors) == ["body"]


def test_a_source_is_imported_once() -> None:
    make_post(source="wxr:1")
    with pytest.raises(services.AlreadyImported):
        make_post("Other", source="wxr:1")


def test_saving_the_same_text_makes_no_revision() -> None:
    post = make_post(publish=False)
    version = post.version
    same = services.prepare(title="Spring notes", body="The network is **quiet** in spring.\r\n")
    with transaction():
        assert services.save_revision(post.id, same, by=None, at=clock.now()).number == 1
    assert read_again(Post, post.id).version == version


def test_saving_another_text_keeps_what_readers_see() -> None:
    post = make_post()
    with transaction():
        newer = services.save_revision(
            post.id, services.prepare(title="Spring notes", body="More."), by=None, at=clock.now()
        )
    again = read_again(Post, post.id)
    assert newer.number == 2
    assert again.latest_revision_id == newer.id != again.live_revision_id


def test_a_save_on_top_of_somebody_elses_is_refused() -> None:
    post = make_post(publish=False)
    opened = post.version
    with transaction():
        services.save_revision(
            post.id, services.prepare(title="A", body="a"), by=None, at=clock.now(), expected_version=opened
        )
    with pytest.raises(services.ChangedMeanwhile), transaction():
        services.save_revision(
            post.id, services.prepare(title="B", body="b"), by=None, at=clock.now(), expected_version=opened
        )
    assert db.session.scalar(select(func.count()).select_from(Revision)) == 2


def test_an_old_text_can_be_made_the_newest_again() -> None:
    picture = make_media()
    post = make_post(media=[services.Attachment(picture.id, alt="Mast")])
    first = post.latest_revision_id or 0
    with transaction():
        services.save_revision(post.id, services.prepare(title="B", body="b"), by=None, at=clock.now())
    with transaction():
        restored = services.restore_revision(post.id, first, by=None, at=clock.now())
    again = queries.get_revision(post.id, restored.id)
    assert (again.number, again.title, again.media[0].alt) == (3, "Spring notes", "Mast")


def test_credits_keep_their_order_and_roles() -> None:
    first, second = make_person("Wei Chen", "author"), make_person("Lena Ortiz", "guest")
    post = make_post(bylines=[(second, "author"), (first, "photographer")])
    shown = queries.get_post(post.id)
    assert [(one.person.name, one.role) for one in shown.bylines] == [
        ("Lena Ortiz", "author"),
        ("Wei Chen", "photographer"),
    ]
    with transaction():
        services.set_details(
            post.id, bylines=[(first.id, "author"), (second.id, "author")], by=None, at=clock.now()
        )
    db.session.expire_all()
    shown = queries.get_post(post.id)
    assert [(one.person.name, one.role) for one in shown.bylines] == [
        ("Wei Chen", "author"),
        ("Lena Ortiz", "author"),
    ]


def test_a_credit_for_nobody_fails_and_credits_nobody_else() -> None:
    editor = nadia()
    post = make_post(bylines=[editor])
    for wrong in ([(999, "author")], [(editor.id, "author"), (editor.id, "editor")], [(editor.id, "king")]):
        with pytest.raises(Invalid) as problem, transaction():
            services.set_details(post.id, bylines=wrong, by=editor, at=clock.now())
        assert list(problem.value.errors) == ["bylines"]
    db.session.expire_all()
    assert [one.person_id for one in queries.get_post(post.id).bylines] == [editor.id]


def test_tags_are_found_by_slug_name_or_number_and_made_when_new() -> None:
    tag = make_tag("5g")
    post = make_post(tags=["5G", tag, "基站"])
    tags = queries.get_post(post.id).tags
    assert [(one.tag.slug, one.tag.name) for one in tags] == [("5g", {"en": "5G"}), ("基站", {"en": "基站"})]


def test_moving_twice_redirects_to_the_newest_address_in_one_step() -> None:
    post = make_post("Spring notes")
    for slug in ("Summer", "autumn"):
        with transaction():
            services.set_details(post.id, slug=slug, by=None, at=clock.now())
    assert queries.find_redirect("spring-notes") == "autumn"
    assert queries.find_redirect("summer") == "autumn"
    assert queries.find_redirect("autumn") is None


def test_an_old_address_is_never_given_away() -> None:
    post = make_post("Spring notes")
    with transaction():
        services.set_details(post.id, slug="autumn", by=None, at=clock.now())
    assert make_post("Spring notes").slug == "spring-notes-2"
    other = make_post("Other")
    with pytest.raises(services.SlugTaken), transaction():
        services.set_details(other.id, slug="spring-notes", by=None, at=clock.now())
    assert read_again(Post, other.id).slug == "other"


def test_a_post_may_come_back_to_its_old_address() -> None:
    post = make_post("Spring notes")
    for slug in ("autumn", "spring-notes"):
        with transaction():
            services.set_details(post.id, slug=slug, by=None, at=clock.now())
    assert read_again(Post, post.id).slug == "spring-notes"
    assert queries.find_redirect("autumn") == "spring-notes"
    assert set(db.session.scalars(select(PostSlug.slug))) == {"spring-notes", "autumn"}


def test_an_old_address_of_a_hidden_post_does_not_redirect() -> None:
    post = make_post("Spring notes")
    with transaction():
        services.set_details(post.id, slug="autumn", by=None, at=clock.now())
        services.take_down_post(post.id, by=None, at=clock.now())
    assert queries.find_redirect("spring-notes") is None


def test_a_story_is_told_once_in_each_language() -> None:
    english = make_post("Spring notes")
    chinese = make_post("春天", language="zh", translation_of=english)
    assert (chinese.story_id, chinese.is_original) == (english.story_id, False)
    for language in ("zh", "en"):
        with pytest.raises(services.TranslationExists):
            make_post("Again", language=language, translation_of=english)
    with pytest.raises(services.TranslationExists), transaction():
        services.set_details(chinese.id, language="en", by=None, at=clock.now())


def test_a_post_can_be_linked_as_a_translation_and_let_go() -> None:
    english, chinese, second = (
        make_post("Spring"),
        make_post("春天", language="zh"),
        make_post("春", language="zh"),
    )
    with transaction():
        services.link_translation(chinese.id, original_id=english.id, by=None, at=clock.now())
    assert [one.slug for one in queries.story_posts(english.story_id)] == ["spring", "春天"]
    with pytest.raises(services.TranslationExists), transaction():
        services.link_translation(second.id, original_id=english.id, by=None, at=clock.now())
    with transaction():
        services.unlink_translation(english.id, by=None, at=clock.now())
    assert (read_again(Post, chinese.id).is_original, read_again(Post, english.id).is_original) == (
        True,
        True,
    )
    assert len(queries.story_posts(read_again(Post, english.id).story_id)) == 1


def test_details_that_do_not_exist_are_refused_by_field() -> None:
    post, person = make_post(), ivy()
    refused = {
        "section": {"section_id": 99},
        "canonical_url": {"canonical_url": "javascript:alert(1)"},
        "slug": {"slug": "…"},
        "tags": {"tags": [f"t{number}" for number in range(21)]},
        "published_at": {"published_at": clock.now().replace(year=2027)},
    }
    for field, details in refused.items():
        with pytest.raises(Invalid) as problem, transaction():
            services.set_details(post.id, by=person, at=clock.now(), **details)  # type: ignore[arg-type]
        assert list(problem.value.errors) == [field]


def test_a_note_stays_a_note_once_it_was_published() -> None:
    live, draft = make_note(), make_note(publish=False)
    with pytest.raises(Invalid), transaction():
        services.set_details(live.id, kind="article", by=None, at=clock.now())
    with transaction():
        services.set_details(draft.id, kind="article", by=None, at=clock.now())
    assert read_again(Post, draft.id).slug == "article-2026-11-21"


def test_a_file_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Invalid):
        make_post(media=[services.Attachment(99)])
    with pytest.raises(Invalid):
        make_post(cover_id=make_media("audio").id)


def test_details_that_are_there_already_change_nothing() -> None:
    person, section = tom(), make_section()
    post = make_post(bylines=[person], section=section, tags=["5g"])
    version = post.version
    with transaction():
        changed = services.set_details(
            post.id,
            bylines=[(person.id, "author")],
            section_id=section.id,
            tags=["5G"],
            slug="spring-notes",
            canonical_url="",
            language="en",
            kind="article",
            by=person,
            at=clock.now(),
        )
    assert not changed
    assert read_again(Post, post.id).version == version


def test_problems_are_conflicts_with_a_sentence() -> None:
    assert issubclass(services.SlugTaken, Conflict)
    assert str(services.SlugTaken().message).endswith("Please choose another one.")


def test_an_old_text_comes_back_also_when_it_was_read_before_without_its_files() -> None:
    post = make_post()
    first = post.latest_revision_id or 0
    held = queries.get_post(post.id), db.session.get(Revision, first)
    with transaction():
        services.save_revision(post.id, services.prepare(title="B", body="b"), by=None, at=clock.now())
    with transaction():
        assert services.restore_revision(post.id, first, by=None, at=clock.now()).number == 3
    assert held
