"""Writing, answering, changing and taking away."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cms.comments import queries, services
from cms.comments.models import Comment, CommentVersion, Standing
from cms.comments.subjects import find_subject, get_subject
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.errors import Invalid, NotAllowed, NotFound
from cms.core.models import PageChange
from cms.notices.models import Notice
from cms.people.models import Person
from cms.posts import services as posts
from tests.cms.comments.talking import allow, say, trust
from tests.factories import make_post, read_again


def prepared(text: str) -> services.Remark:
    return services.prepare(text, own_language="en")


def test_a_live_post_can_be_talked_about_and_a_draft_cannot(rae: Person) -> None:
    live, draft = make_post("Open"), make_post("Draft", publish=False)
    subject = get_subject("post", live.id, rae)
    assert (subject.title, subject.path, subject.thread) == (
        "Open",
        f"/posts/{live.slug}",
        f"/posts/{live.slug}/comments",
    )
    with pytest.raises(NotFound):
        get_subject("post", draft.id, rae)
    assert find_subject("nothing", 1) is None


def test_the_first_comment_waits_and_says_why_and_the_next_appears_at_once(rae: Person) -> None:
    post = make_post()
    first = say("Good morning.", by=rae, on=post, is_seen=False)
    assert (first.state, first.held_for, first.shown_at) == ("waiting", ["first"], None)
    assert queries.count_visible("post", post.id) == 0
    say("Now known.", by=rae, on=post)
    second = say("Good evening.", by=rae, on=post, is_seen=False)
    assert (second.state, second.held_for) == ("visible", [])
    assert queries.count_visible("post", post.id) == 2


def test_a_comment_is_a_small_part_of_markdown() -> None:
    said = prepared(
        "# Big\n![x](https://e.example/x.png) **strong** <b onclick=1>b</b> [a](javascript:1) https://parley.example\n> q"
    )
    assert "<h" not in said.html
    assert "<img" not in said.html
    assert "onclick" not in said.html
    assert "javascript" not in said.html
    assert "<strong>strong</strong>" in said.html
    assert 'rel="noopener nofollow ugc"' in said.html


def test_chinese_is_known_by_its_script() -> None:
    assert prepared("下雨天信号也很好。").language == "zh"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n ", "Please write something."),
        ("a" * 5001, "A comment is at most 5,000 characters long."),
        ("https://a.example " * 21, "A comment has at most 20 links."),
    ],
)
def test_bad_input_gets_a_sentence(app: object, text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as problem:
        prepared(text)
    assert str(problem.value.errors["body"]) == sentence


def test_answers_are_deep_in_the_data_and_shown_on_two_levels(rae: Person, ivy: Person) -> None:
    post = make_post()
    first = say("One.", by=rae, on=post)
    second = say("Two.", by=ivy, on=post, to=first)
    third = say("Three.", by=rae, on=post, to=second)
    fourth = say("Four.", by=ivy, on=post, to=third)
    assert (fourth.parent_id, fourth.root_id) == (third.id, first.id)
    lines = queries.thread_page(get_subject("post", post.id, None)).lines
    assert [(one.id, one.is_first, one.answers_name) for one in lines] == [
        (first.id, True, None),
        (second.id, False, None),
        (third.id, False, "Ivy Lindqvist"),
        (fourth.id, False, "Rae Sato"),
    ]


def test_the_same_form_sent_twice_is_one_comment(rae: Person) -> None:
    post = make_post()
    one = say(by=rae, on=post, once="a" * 32)
    two = say(by=rae, on=post, once="a" * 32)
    assert one.id == two.id


def test_who_wrote_the_post_never_waits_below_it(ivy: Person) -> None:
    post = make_post(bylines=[ivy])
    assert say(by=ivy, on=post, is_seen=False).state == "visible"


@pytest.mark.parametrize(
    ("policy", "visitor", "member"),
    [
        ("open", ["visitor"], []),
        ("members", None, []),
        ("moderated", None, ["moderated"]),
        ("off", None, None),
    ],
)
def test_the_policy_of_a_post(
    rae: Person, policy: str, visitor: list[str] | None, member: list[str] | None
) -> None:
    post = make_post()
    allow(post, policy)
    trust(rae)
    for by, expected in ((None, visitor), (rae, member)):
        if expected is None:
            with pytest.raises((NotAllowed, NotFound)):
                say(by=by, on=post, is_seen=False)
        else:
            assert say(by=by, on=post, is_seen=False).held_for == expected


def test_comments_close_some_days_after_publication(rae: Person) -> None:
    post = make_post(published_at=clock.now() - timedelta(days=3))
    allow(post, "members", days=3)
    with pytest.raises(services.CommentsClosed):
        say(by=rae, on=post)
    allow(post, "members", days=4)
    assert say(by=rae, on=post).is_visible


def test_an_edit_keeps_what_was_there_and_the_window_closes(rae: Person) -> None:
    comment = say("First words.", by=rae)
    at = comment.created_at
    with transaction():
        services.edit_comment(comment.id, prepared("Better."), by=rae, at=at + timedelta(minutes=10))
    comment = read_again(Comment, comment.id)
    assert (comment.body, comment.edited_at) == ("Better.", at + timedelta(minutes=10))
    assert [one.body for one in queries.history_of(comment.id)] == ["First words."]
    with pytest.raises(services.TooLate), transaction():
        services.edit_comment(comment.id, prepared("Late."), by=rae, at=at + timedelta(minutes=30))


def test_advertising_slipped_in_later_waits_like_any_other(rae: Person) -> None:
    comment = say("Nice.", by=rae)
    with transaction():
        services.edit_comment(
            comment.id,
            prepared("Nice. https://a.example https://b.example https://c.example"),
            by=rae,
            at=clock.now() + timedelta(minutes=5),
        )
    comment = read_again(Comment, comment.id)
    assert (comment.state, comment.held_for) == ("waiting", ["links", "edited"])


def test_deleting_leaves_a_place_while_somebody_answered(rae: Person, ivy: Person) -> None:
    post = make_post()
    first = say("One.", by=rae, on=post)
    answer = say("Two.", by=ivy, on=post, to=first)
    lonely = say("Three.", by=rae, on=post)
    for one in (first, lonely):
        with transaction():
            services.delete_comment(one.id, by=rae, at=clock.now())
    page = queries.thread_page(get_subject("post", post.id, None))
    assert [(one.id, one.is_gone, one.html, one.name) for one in page.lines] == [
        (first.id, True, None, ""),
        (answer.id, False, page.lines[1].html, "Ivy Lindqvist"),
    ]
    assert page.count == 1
    assert read_again(Comment, first.id).body == ""
    assert db.session.scalars(select(CommentVersion)).all() == []


def test_an_answer_to_what_is_gone_can_be_sent_as_one_of_its_own(rae: Person, ivy: Person) -> None:
    post = make_post()
    first = say("One.", by=rae, on=post)
    with transaction():
        services.delete_comment(first.id, by=rae, at=clock.now())
    with pytest.raises(services.ParentGone):
        say("Two.", by=ivy, on=post, to=first)


def test_nobody_hears_of_what_waits(rae: Person, nadia: Person) -> None:
    writer = nadia
    post = make_post(bylines=[writer])
    say("Waits.", by=rae, on=post, is_seen=False)
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == writer.id)).all()
    assert kinds == ["comment.waiting"]
    say("Seen.", by=trust_again(rae), on=post, is_seen=False)
    kinds = db.session.scalars(
        select(Notice.kind).where(Notice.person_id == writer.id).order_by(Notice.kind)
    ).all()
    assert kinds == ["comment.on_yours", "comment.waiting"]


def trust_again(person: Person) -> Person:
    with transaction():
        standing = db.session.get(Standing, person.id) or Standing(person_id=person.id, block_note="")
        standing.approved = 9
        db.session.add(standing)
    return person


def test_kept_pages_are_touched(rae: Person) -> None:
    post = make_post()
    say(by=rae, on=post)
    tags = set(db.session.scalars(select(PageChange.tag)))
    assert {"comments", f"comments:post:{post.id}", f"post:{post.id}"} <= tags


def test_pages_hold_some_and_go_on(rae: Person) -> None:
    post = make_post()
    first = say("0", by=rae, on=post)
    for number in range(1, 5):
        say(str(number), by=rae, on=post, to=first if number == 1 else None)
    subject = get_subject("post", post.id, None)
    whole = [one.id for one in queries.thread_page(subject).lines]
    seen, after = [], None
    while True:
        page = queries.thread_page(subject, after=after, limit=2)
        seen += [one.id for one in page.lines]
        after = page.following
        if after is None:
            break
    assert seen == whole
    assert len(whole) == 5


def test_best_is_what_most_react_to(rae: Person, ivy: Person) -> None:
    post = make_post()
    liked, newer = say("Liked.", by=rae, on=post), say("Newer.", by=rae, on=post)
    with transaction():
        services.react(liked.id, "agree", by=ivy, at=clock.now())
    subject = get_subject("post", post.id, None)
    assert [one.id for one in queries.thread_page(subject, sort="best").lines] == [liked.id, newer.id]
    assert [one.id for one in queries.thread_page(subject).lines] == [newer.id, liked.id]
    shown = queries.thread_page(subject, sort="best").lines[0]
    assert (shown.score, shown.reactions) == (1, {"agree": 1})
    with transaction():
        services.react(liked.id, "agree", by=ivy, at=clock.now())
    assert read_again(Comment, liked.id).score == 0


def test_nobody_reacts_to_their_own(rae: Person) -> None:
    comment = say(by=rae)
    with pytest.raises(NotAllowed), transaction():
        services.react(comment.id, "agree", by=rae, at=clock.now())


def test_a_post_taken_down_takes_its_comments_along(rae: Person) -> None:
    post = make_post()
    comment = say(by=rae, on=post)
    assert queries.get_seen_comment(comment.id, None)[0].id == comment.id
    assert len(queries.latest(limit=5)) == 1
    with transaction():
        posts.take_down_post(post.id, by=None, at=clock.now())
    assert queries.latest(limit=5) == []
    with pytest.raises(NotFound):
        queries.get_seen_comment(comment.id, None)
