"""Comments of other sites stand below their posts: in their threads, with dates and names, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms.comments import queries, services
from cms.comments.models import Comment
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.markup import render_remark
from cms.transfer.jobs import place_waiting
from cms.transfer.models import ImportedComment
from cms.transfer.remarks import as_markdown
from cms.transfer.services.comments import AT_ONCE
from tests.cms.transfer.running import bring
from tests.cms.transfer.wxr_files import comment, item, write_wxr
from tests.factories import make_post, nadia, save

pytestmark = pytest.mark.usefixtures("app")
THREAD = comment(3, parent=2) + comment(2, parent=1, approved="0") + comment(1) + comment(4, parent=1)


def comments() -> list[Comment]:
    """All there are, in the order they came, as they are now."""
    db.session.expire_all()
    return list(db.session.scalars(select(Comment).order_by(Comment.id)))


def by_number() -> dict[str, Comment]:
    return {(one.source or "").rsplit(":", 1)[-1]: one for one in comments()}


def test_threads_dates_and_names_are_kept(tmp_path: Path, client: FlaskClient) -> None:
    bring("wxr", write_wxr(tmp_path, item(1, inside=THREAD)))
    found = by_number()
    first = found["1"]
    assert {key: found[key].parent_id for key in "1234"} == {
        "1": None,
        "2": first.id,
        "3": found["2"].id,
        "4": first.id,
    }
    assert {one.root_id for one in found.values()} == {first.id}
    assert (first.author_id, first.author_name) == (None, "Rae")
    assert first.created_at == first.shown_at == datetime(2020, 5, 2, 9, 0, tzinfo=UTC)
    assert {key: found[key].state for key in "1234"} == {
        "1": "visible",
        "2": "waiting",
        "3": "visible",
        "4": "visible",
    }
    assert (found["2"].held_for, found["2"].shown_at) == (["imported"], None)
    assert (first.answers, first.in_thread) == (1, 2)
    assert queries.count_visible("post", first.subject_id) == 3
    page = client.get("/posts/post-1/comments").text
    assert f'id="c{found["3"].id}"' in page
    assert "3 comments" in page


def test_bringing_them_again_changes_nothing(tmp_path: Path) -> None:
    path = write_wxr(tmp_path, item(1, inside=THREAD))
    bring("wxr", path)
    before = [(one.id, one.state, one.html, one.created_at) for one in comments()]
    bring("wxr", path)
    assert place_waiting() == {}
    assert [(one.id, one.state, one.html, one.created_at) for one in comments()] == before


def test_what_was_decided_here_is_left_alone(tmp_path: Path) -> None:
    bring("wxr", write_wxr(tmp_path, item(1, inside=comment(1) + comment(2))))
    first, second = comments()
    editor = nadia()
    with transaction():
        services.hide_comment(first.id, reason="spam", note="", by=editor, at=clock.now())
    edited = comment(1, text="Edited.") + comment(2, text="Edited.")
    bring("wxr", write_wxr(tmp_path, item(1, inside=edited)))
    assert [(one.state, one.plain == "Edited.") for one in comments()] == [
        ("hidden", False),
        ("visible", True),
    ]
    assert [one.id for one in comments()] == [first.id, second.id]


def test_the_worker_brings_in_what_was_kept_aside(tmp_path: Path) -> None:
    bring("wxr", write_wxr(tmp_path, item(1, inside=THREAD)))
    with transaction():
        db.session.execute(delete(Comment))
    assert place_waiting() == {"comments": 4, "left": 0}
    assert by_number()["3"].parent_id == by_number()["2"].id
    assert place_waiting() == {}


def test_the_worker_takes_some_at_a_time_and_says_how_many_are_left() -> None:
    post = make_post()
    for number in range(AT_ONCE + 1):
        row = {"author_name": "", "html": "<p>Rain.</p>", "is_approved": True, "created_at": None}
        save(ImportedComment(source=f"wxr:old:comment:{number}", post_id=post.id, parent_id=None, **row))
    assert place_waiting() == {"comments": AT_ONCE, "left": 1}
    assert place_waiting() == {"comments": 1, "left": 0}
    assert {one.author_name for one in comments()} == {"A reader"}


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hi <strong>there</strong>, <em>you</em>.</p>\n<p>A<br>\nB</p>",
        '<p>See <a href="https://example.com/a">here</a>.</p>',
        "<blockquote>\n<p>Said.</p>\n<p>Twice.</p>\n</blockquote>\n<p>No.</p>",
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
        "<p>2 * 3 * 4, a_b_c, [x] and `y`</p>",
        "<pre><code>a &lt; b\n</code></pre>",
    ],
)
def test_the_words_are_markdown_that_says_the_same(html: str) -> None:
    again = render_remark(as_markdown(html)).html
    tidy = again.replace(' rel="noopener nofollow ugc"', "").replace('<pre class="highlight">', "<pre>")
    assert tidy.strip() == html
