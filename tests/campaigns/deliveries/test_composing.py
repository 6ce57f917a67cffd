"""From a post to what one account says of it, and the message as it is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from campaigns.channels.messages import DraftPart, Message
from campaigns.deliveries import services
from campaigns.deliveries.composing import draft_for, message_for, tailored, tailored_drafts
from campaigns.deliveries.composing.drafts import Difference
from campaigns.deliveries.composing.plain import readable
from campaigns.deliveries.composing.story import NoText, load_source, story_of
from campaigns.deliveries.models import Delivery, Variant
from campaigns.deliveries.timing import AtWall
from campaigns.links.models import Link
from campaigns.links.queries import sample_url, short_url
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotFound
from cms.media.models import MediaUse
from cms.posts import services as posts
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, plan
from tests.conftest import NOW
from tests.factories import (
    make_media,
    make_note,
    make_person,
    make_post,
    make_tag,
    nadia,
    read_again,
    revise,
    tom,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two.</p><p>Three.</p>", "One & two.\n\nThree."),
        ("<p>First<br>second</p>", "First\nsecond"),
        ("<ul><li>salt</li><li>water</li></ul><p>end</p>", "• salt\n• water\n\nend"),
        ('<p>See <a href="https://a.example/x">the page</a>.</p>', "See the page (https://a.example/x)."),
        ('<p><a href="https://a.example/x">https://a.example/x</a></p>', "https://a.example/x"),
        ('<p>By <a href="/@nadia">@nadia</a></p>', "By nadia"),
        ('<p>A <img src="/media/a.jpg" alt="mast"> B</p>', "A  B"),
        ("<pre><code>a  b\nc</code></pre>", "a  b\nc"),
        ("<p>汉字<ruby>漢<rt>hàn</rt></ruby></p>", "汉字漢"),
        ('<audio src="/media/a.mp3">no sound</audio><p>Words</p>', "Words"),
        ("", ""),
    ],
)
def test_html_as_plain_text_keeps_paragraphs_lists_and_addresses(html: str, text: str) -> None:
    assert readable(html) == text


def test_a_story_tells_the_live_text_with_all_that_belongs_to_it() -> None:
    cover = make_media(alt="A mast in the rain")
    author, editor = make_person("Chen Wei", "expert", handle="chenwei"), nadia()
    post = make_post(
        "Salt and water", body="It is **quiet**.\n\nSee [the map](/posts/map) and ![A chart](/media/x.webp).",
        summary="What the sea does", cover_id=cover.id, bylines=[author, (editor, "editor")],
        tags=[make_tag("5g"), make_tag("sea")],
    )  # fmt: skip
    revise(post, publish=False, body="Not yet.")
    story = story_of(load_source(post.id), link="https://l/1", prefix="[Sea]", signature="#ours")
    assert (story.title, story.summary, story.language, story.kind) == (
        "Salt and water", "What the sea does", "en", "article",
    )  # fmt: skip
    assert story.text == "It is quiet.\n\nSee the map and ."
    assert story.html == (
        '<p>It is <strong>quiet</strong>.</p>\n<p>See <a href="http://localhost/posts/map" '
        'rel="noopener nofollow ugc">the map</a> and <img alt="A chart" src="http://localhost/media/x.webp">.</p>'
    )
    assert (story.url, story.link) == ("http://localhost/posts/salt-and-water", "https://l/1")
    assert (story.tags, story.authors) == (("5G", "SEA"), ("Chen Wei",))
    assert (story.cover, story.media) == (cover.id, ((cover.id, "A mast in the rain"),))
    assert (story.prefix, story.signature) == ("[Sea]", "#ours")


def test_a_photo_post_tells_its_pictures_in_order_and_shows_them_in_its_html() -> None:
    first, second = make_media(alt="One"), make_media(alt="Two", is_decorative=True)
    post = make_post(
        kind="photo", media=[posts.Attachment(second.id), posts.Attachment(first.id, "Said here")]
    )
    story = story_of(load_source(post.id), link="")
    assert story.media == ((second.id, ""), (first.id, "Said here"))
    assert story.html.startswith(
        f'<figure><img src="http://localhost/media/{second.file}" alt=""></figure>'
        f'<figure><img src="http://localhost/media/{first.file}" alt="Said here"></figure><p>'
    )


def test_a_summary_nobody_wrote_is_the_beginning_of_the_text_but_not_of_a_note() -> None:
    article, note = make_post(body="The network is quiet. " * 30), make_note("Rain.")
    summary = story_of(load_source(article.id), link="").summary
    assert summary.startswith("The network is quiet.")
    assert len(summary) < 210
    assert story_of(load_source(note.id), link="").summary == ""


def test_a_named_text_or_the_latest_of_a_draft_is_told() -> None:
    post = make_post(body="First.")
    first = post.live_revision_id
    revise(post, body="Second.")
    assert load_source(post.id, revision_id=first).plain == "First."
    assert load_source(make_post("Draft", publish=False, body="Draft.").id).plain == "Draft."
    with pytest.raises(NotFound):
        load_source(999)


# Variants ---------------------------------------------------------------------------------------------------------


def save(post: Post, account_id: int, version: int | None = None, **said: object) -> None:
    post_id = post.id
    by = said.pop("by", None) or make_person(handle=uuid4().hex[:12])
    fields: dict[str, object] = {"parts": None, "title": None, "summary": None, **said}
    with transaction():
        services.save_variant(
            post_id,
            account_id,
            expected_version=version,
            by=by,
            at=NOW,
            **fields,  # type: ignore[arg-type]
        )


def texts(post: Post, account_id: int, link: str | None = None) -> list[str]:
    return [one.text for one in tailored(post.id, account_id, link=link).draft.parts]


def test_a_variant_replaces_what_it_says_and_falls_back_for_the_rest() -> None:
    post, account = make_post(summary="Sum"), make_account()
    save(post, account.id, title="For the hook")
    found = tailored(post.id, account.id)
    assert (found.draft.title, found.draft.summary) == ("For the hook", "Sum")
    assert found.draft.parts == found.original.parts == draft_for(post.id, account.id).parts
    assert found.version == 1
    save(post, account.id, 1, summary="Other")
    found = tailored(post.id, account.id)
    assert (found.draft.title, found.draft.summary, found.version) == ("Spring notes", "Other", 2)


def test_the_link_in_a_variant_is_that_of_the_delivery_that_carries_it() -> None:
    post, account = make_post(), make_account("T", "telegram")
    first = plan(post, account)
    assert first.link_id is not None
    link = short_url(read_again(Link, first.link_id))
    save(post, account.id, parts=[DraftPart(f"Read {link} or {sample_url()}")])
    stored = db.session.scalars(select(Variant.parts)).one()
    assert stored == [{"text": "Read {link} or {link}", "media": []}]
    assert texts(post, account.id) == [f"Read {sample_url()} or {sample_url()}"]
    assert message_for(first.id).text == f"Read {link} or {link}"
    with transaction():
        read_again(Delivery, first.id).state = "sent"
    second = plan(post, account, again=True)
    assert second.link_id is not None
    assert message_for(second.id).text.startswith(f"Read {short_url(read_again(Link, second.link_id))} or")


def test_two_editors_who_tailor_the_same_variant_meet_and_nothing_is_lost() -> None:
    post, account, by = make_post(), make_account(), nadia()
    save(post, account.id, title="Hers", by=by)
    with pytest.raises(services.VariantChanged) as refused:
        save(post, account.id, None, title="His", by=tom())
    theirs = refused.value.theirs
    assert theirs is not None
    assert (theirs.title, theirs.version, theirs.edited_by) == ("Hers", 1, "Nadia Rahimi")
    assert "Nadia Rahimi saved this version" in refused.value.message


def test_a_variant_that_says_nothing_is_the_original_again() -> None:
    post, account = make_post(), make_account()
    save(post, account.id, title="Other")
    save(post, account.id, 1)
    assert db.session.scalars(select(Variant.id)).all() == []
    with pytest.raises(services.VariantChanged) as refused:
        save(post, account.id, 1, title="Late")
    assert refused.value.theirs is None


@pytest.mark.parametrize(
    ("parts", "errors"),
    [
        ([], {"parts": "This network takes 1 parts at most."}),
        ([DraftPart("a"), DraftPart("b")], {"parts": "This network takes 1 parts at most."}),
        ([DraftPart("字" * 4100)], {"part-1": "This part is too long for the network, by 4."}),
        ([DraftPart("  ")], {"part-1": "This part says nothing. Write something, or take it out."}),
        (
            [DraftPart("a", ((999, ""),))],
            {"part-1": "One of these pictures is no picture, or is in the trash."},
        ),
    ],
)
def test_what_the_network_does_not_take_is_refused_with_its_part(
    parts: list[DraftPart], errors: dict[str, str]
) -> None:
    account = make_account("T", "telegram")
    with pytest.raises(Invalid) as refused:
        save(make_post(), account.id, parts=parts)
    assert refused.value.errors == errors


def test_pictures_of_a_variant_are_kept_in_the_library_until_it_is_reset() -> None:
    post, account, picture, by = make_post(), make_account("T", "telegram"), make_media(), nadia()
    save(post, account.id, parts=[DraftPart("Look", ((picture.id, "A mast"),))], by=by)
    assert db.session.scalars(select(MediaUse.media_id)).all() == [picture.id]
    assert tailored(post.id, account.id).draft.parts == (DraftPart("Look", ((picture.id, "A mast"),)),)
    post_id, account_id = post.id, account.id
    with transaction():
        services.reset_variant(post_id, account_id, by=by, at=NOW)
    assert db.session.scalars(select(MediaUse.media_id)).all() == []


def test_what_differs_is_told_with_who_and_why() -> None:
    post, account, by = make_post(body="x"), make_account("T", "telegram"), nadia()
    assert tailored(post.id, account.id).differences == ()
    save(post, account.id, parts=[DraftPart("Hers alone")], by=by)
    assert tailored(post.id, account.id).differences == (
        Difference("edited", "text", by="Nadia Rahimi", at=NOW),
        Difference("link_removed", "text", by="Nadia Rahimi", at=NOW),
    )
    revise(post, body="y")
    assert tailored(post.id, account.id).differences[-1] == Difference(
        "older_text", "text", by="Nadia Rahimi", at=NOW
    )


def test_pictures_that_the_network_does_not_take_are_counted() -> None:
    pictures = [make_media(alt=str(one)) for one in range(25)]
    post = make_post(kind="photo", media=[posts.Attachment(one.id) for one in pictures])
    assert tailored(post.id, make_account().id).differences == (
        Difference("pictures_dropped", "pictures", count=5),
    )


def test_many_accounts_cost_as_many_queries_as_one(count_queries: list[str]) -> None:
    post = make_post()
    ids = [make_account(f"Hook {one}").id for one in range(4)]
    counts = []
    for some in (ids[:1], ids):
        db.session.expire_all()
        count_queries.clear()
        assert len(tailored_drafts(post.id, some)) == len(some)
        counts.append(len(count_queries))
    assert counts[0] == counts[1]


# The message ------------------------------------------------------------------------------------------------------


def test_the_message_of_a_delivery_is_the_same_every_time() -> None:
    post, account = make_post(bylines=[nadia()], tags=[make_tag("5g")]), make_account()
    made = plan(post, account, AtWall("2026-11-22T09:30", "Asia/Shanghai"))
    message = message_for(made.id)
    assert (message.key, message.planned_at, message.language) == (made.key, made.planned_at, "en")
    assert message.link == short_url(db.session.scalars(select(Link)).one())
    assert (message.url, message.tags, message.authors) == (
        "http://localhost/posts/spring-notes", ("5G",), ("Nadia Rahimi",),
    )  # fmt: skip
    assert (
        message_for(made.id).to_json() == message.to_json() == Message.from_json(message.to_json()).to_json()
    )


def test_no_message_is_made_of_what_is_not_live_or_gone() -> None:
    post = make_post()
    made = plan(post, make_account(), AtWall("2026-11-22T09:30", "Asia/Shanghai"))
    post_id = post.id
    with transaction():
        posts.take_down_post(post_id, by=None, at=NOW)
    with pytest.raises(NoText):
        message_for(made.id)
    with pytest.raises(NotFound):
        message_for(999)
    assert made.planned_at is not None
    assert made.planned_at - NOW == timedelta(hours=13, minutes=30)


def test_an_account_of_a_network_that_is_no_more_has_no_version() -> None:
    post, account = make_post(), make_account("Old", "gone")
    assert tailored_drafts(post.id, [account.id]) == []
    with pytest.raises(NotFound):
        tailored(post.id, account.id)


def test_whom_a_note_names_is_named_and_not_called_where_somebody_else_has_that_handle() -> None:
    make_person("Chen Wei", "expert", handle="chenwei")
    note = make_note("Asked [@chenwei](/@chenwei), and @nobody-here.")
    source = load_source(note.id)
    assert "@chenwei" in source.html
    assert source.plain == "Asked Chen Wei, and @nobody-here."
