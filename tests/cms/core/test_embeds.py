"""Addresses of other sites in a text: known ones become figures that wait, everything else stays a link."""

import pytest

from cms.core.embeds import FRAME_HOSTS, PROVIDERS, find_embed, is_frame
from cms.core.markup import render_html, render_markdown
from cms.core.pages import SECURITY_HEADERS

KNOWN = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ?si=x": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://vimeo.com/123456789": "https://player.vimeo.com/video/123456789?dnt=1",
    "https://www.bilibili.com/video/BV1xx411c7mD/?spm=1": (
        "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=0"
    ),
    "https://v.qq.com/x/page/a0123456789.html": "https://v.qq.com/txp/iframe/player.html?vid=a0123456789",
    "https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk": (
        "https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk"
    ),
    "https://soundcloud.com/band/song": (
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/band%2Fsong"
    ),
}
UNKNOWN = [
    "https://evil.example/https://youtu.be/dQw4w9WgXcQ",
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/watch?v=short",
    "https://vimeo.com/123456789/../../x",
    "https://vimeo.com/１２３４５６",
    'https://youtu.be/dQw4w9WgXcQ"onload="x',
    "https://soundcloud.com/band/song/../../x",
    "https://youtu.be/" + "x" * 600,
]


@pytest.mark.parametrize(("address", "frame"), KNOWN.items())
def test_a_known_address_has_a_player_of_its_site(address: str, frame: str) -> None:
    found = find_embed(address)
    assert found is not None
    assert (found.frame, is_frame(frame)) == (frame, True)


@pytest.mark.parametrize("address", UNKNOWN)
def test_what_only_looks_like_one_is_none(address: str) -> None:
    assert find_embed(address) is None


def test_every_player_may_be_shown_by_the_policy_and_nobody_else() -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split(";")
    )
    assert policy["frame-src"].split() == ["'self'", *FRAME_HOSTS]
    assert len(FRAME_HOSTS) == len(PROVIDERS)


def test_an_address_alone_becomes_a_figure_that_asks_nobody() -> None:
    html = render_markdown("Look:\n\nhttps://youtu.be/dQw4w9WgXcQ\n\nNice.").html
    assert html == (
        '<p>Look:</p>\n<figure class="embed embed-film" data-embed="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ">'
        '<p class="embed-name">YouTube</p><p><a href="https://youtu.be/dQw4w9WgXcQ" rel="noopener nofollow ugc">'
        "https://youtu.be/dQw4w9WgXcQ</a></p></figure>\n<p>Nice.</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Seen at https://youtu.be/dQw4w9WgXcQ yesterday",
        "[film](https://youtu.be/dQw4w9WgXcQ)",
        "`https://youtu.be/dQw4w9WgXcQ`",
        "https://unknown.example/film",
    ],
)
def test_an_address_among_words_stays_a_link(text: str) -> None:
    assert "<figure" not in render_markdown(text).html


@pytest.mark.parametrize(
    "frame",
    ["https://evil.example/embed/x", "javascript:alert(1)", "https://player.vimeo.com/video/1?dnt=1&x=y"],
)
def test_a_text_cannot_name_a_player_of_its_own(frame: str) -> None:
    assert render_html(f'<figure data-embed="{frame}">x</figure>').html == "<figure>x</figure>"


def test_tasks_are_boxes_to_be_read() -> None:
    html = render_markdown("- [ ] one\n- [x] **two**\n- three").html
    assert html == (
        '<ul class="task-list">\n<li class="task-list-item">☐ one</li>\n'
        '<li class="task-list-item">☑ <strong>two</strong></li>\n<li>three</li>\n</ul>'
    )


def test_a_pull_quote_and_a_recording_of_our_own() -> None:
    assert render_markdown("/// pullquote\nBig words.\n///").html == (
        '<blockquote class="pullquote">\n<p>Big words.</p>\n</blockquote>'
    )
    assert render_markdown("![Harbour](/media/aa/bb.m4a)").html == (
        '<p><audio controls="" preload="metadata" src="/media/aa/bb.m4a"></audio></p>'
    )
