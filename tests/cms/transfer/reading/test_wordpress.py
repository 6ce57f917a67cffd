"""WordPress texts as HTML: paragraphs, shortcodes, blocks, and hostile ones in a bounded time."""

import re
import time

import pytest

from cms.core.markup import render_html
from cms.transfer.reading.vocabulary import Loss, SourceMedia
from cms.transfer.reading.wordpress import Surroundings, autop, body_of

UPLOADS = "https://old.example/wp-content/uploads"
MEDIA = {
    "11": SourceMedia("11", f"{UPLOADS}/a.jpg", alt="A pier", caption="The pier"),
    "12": SourceMedia("12", f"{UPLOADS}/b.jpg", title="Boats"),
    "13": SourceMedia("13", f"{UPLOADS}/paper.pdf"),
}
AROUND = Surroundings(
    media=MEDIA, attached=("11", "12", "13"), host="old.example", paths={"/2020/05/post-2": "2"}
)


def html_of(text: str) -> str:
    """Without the line ends around figures, which mean nothing."""
    return re.sub(r"\n(?=<fig|</fig|<audio|<p)|(?<=</p>)\n", "", body_of(text, AROUND).html)


def losses_of(text: str) -> list[Loss]:
    return list(body_of(text, AROUND).losses)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo\nlines.", "<p>One.</p>\n<p>Two<br>\nlines.</p>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        (
            "Before\n<blockquote>Said.</blockquote>\nafter",
            "<p>Before</p>\n<blockquote><p>Said.</p></blockquote>\n<p>after</p>",
        ),
        ("  \n ", ""),
    ],
)
def test_line_breaks_become_paragraphs(text: str, html: str) -> None:
    assert autop(text).replace("\n", "") == html.replace("\n", "")


def test_preformatted_text_keeps_its_lines() -> None:
    assert "<pre>a\n\n  b\n</pre>" in html_of("Look:\n\n<pre>a\n\n  b\n</pre>\n\nDone.")


def test_a_caption_becomes_a_figure() -> None:
    text = f'[caption id="attachment_11" align="alignnone" width="300"]<img src="{UPLOADS}/a.jpg" alt="A pier" /> The <em>pier</em>[/caption]'  # noqa: E501
    assert html_of(text) == (
        f'<figure><img src="{UPLOADS}/a.jpg" alt="A pier"><figcaption>The <em>pier</em></figcaption></figure>'
    )


def test_a_gallery_names_its_pictures_or_takes_those_attached() -> None:
    chosen = html_of('[gallery ids="12,11"]')
    assert chosen == (
        f'<figure class="gallery"><figure><img src="{UPLOADS}/b.jpg" alt="Boats"></figure>'
        f'<figure><img src="{UPLOADS}/a.jpg" alt="A pier"><figcaption>The pier</figcaption></figure></figure>'
    )
    attached = html_of("[gallery]")
    assert [attached.count(name) for name in ("a.jpg", "b.jpg", "paper.pdf")] == [1, 1, 0]
    assert losses_of('[gallery ids="11,99"]') == [
        Loss("gallery pictures that are not in the export were left out", "99")
    ]


def test_players_and_embeds() -> None:
    assert (
        html_of(f'[audio mp3="{UPLOADS}/t.mp3"][/audio]')
        == f'<figure><audio controls src="{UPLOADS}/t.mp3"></audio></figure>'
    )
    link = "https://www.youtube.com/watch?v=abc"
    assert html_of(f"[embed]{link}[/embed]") == f'<p><a href="{link}">{link}</a></p>'
    assert losses_of(f"[embed]{link}[/embed]") == [Loss("embedded pages of others became links", link)]
    frame = '<iframe src="//www.youtube.com/embed/abc" width="5"></iframe>'
    assert html_of(frame) == (
        '<p><a href="https://www.youtube.com/embed/abc">https://www.youtube.com/embed/abc</a></p>'
    )
    assert losses_of(frame) == [Loss("embedded pages of others became links", "youtube.com")]


def test_unknown_shortcodes_stay_visible_and_are_counted() -> None:
    text = 'Write to us: [contact-form-7 id="5" title="Contact"] and [su_note]Mind this[/su_note], he said [sic].'
    assert html_of(text) == f"<p>{text}</p>"
    assert [loss.sentence for loss in losses_of(text)] == [
        "shortcode [contact-form-7] is not known here: it was kept as text",
        "shortcode [su_note] is not known here: it was kept as text",
    ]


def test_an_escaped_shortcode_shows_itself() -> None:
    assert html_of("Type [[gallery]] to see.") == "<p>Type [gallery] to see.</p>"


def test_blocks_lose_their_comments_and_keep_their_html() -> None:
    text = (
        '<!-- wp:heading {"level":3} --><h3 class="wp-block-heading">Why</h3><!-- /wp:heading -->'
        "<!-- wp:paragraph --><p>Because.</p><!-- /wp:paragraph -->"
        '<!-- wp:gallery {"ids":[11]} --><figure class="wp-block-gallery"><ul class="blocks-gallery-grid">'
        f'<li><figure><img src="{UPLOADS}/a.jpg" alt="A pier"/><figcaption>Pier</figcaption></figure></li></ul>'
        "</figure><!-- /wp:gallery -->"
    )
    assert html_of(text) == (
        '<h3 class="wp-block-heading">Why</h3><p>Because.</p><figure class="gallery"><figure>'
        f'<img src="{UPLOADS}/a.jpg" alt="A pier"><figcaption>Pier</figcaption></figure></figure>'
    )
    assert losses_of(text) == []


def test_blocks_that_only_a_program_can_fill_are_counted() -> None:
    text = "<!-- wp:latest-posts /--><!-- wp:acme/box --><p>Inside.</p><!-- /wp:acme/box -->"
    assert html_of(text) == "<p>Inside.</p>"
    assert [loss.sentence for loss in losses_of(text)] == [
        "block latest-posts was left out: it has no content of its own",
        "block acme/box is not known here: what was inside it was kept",
    ]


def test_an_embed_block_becomes_a_link() -> None:
    text = (
        '<!-- wp:core-embed/twitter {"url":"https://twitter.com/x/status/1"} --><figure class="wp-block-embed">'
        '<div class="wp-block-embed__wrapper">\nhttps://twitter.com/x/status/1\n</div></figure>'
        "<!-- /wp:core-embed/twitter -->"
    )
    assert (
        html_of(text) == '<p><a href="https://twitter.com/x/status/1">https://twitter.com/x/status/1</a></p>'
    )
    assert losses_of(text) == [Loss("embedded pages of others became links", "twitter.com")]


def test_a_cover_keeps_its_background_and_boxes_keep_their_words_apart() -> None:
    assert html_of(f'<div style="background-image:url({UPLOADS}/a.jpg)"><p>Over it.</p></div>') == (
        f'<figure><img src="{UPLOADS}/a.jpg" alt=""></figure><p>Over it.</p>'
    )
    assert html_of("<div>One</div><div>Two</div>") == "<p>One</p><p>Two</p>"


def test_links_between_old_posts_stay_within_the_site() -> None:
    assert html_of('<p><a href="https://www.old.example/2020/05/post-2/#more">x</a></p>') == (
        '<p><a href="/2020/05/post-2#more">x</a></p>'
    )
    kept = '<p><a href="https://old.example/gone/">x</a></p>'
    assert html_of(kept) == kept


def test_pages_of_one_post_are_joined_and_the_more_mark_is_dropped() -> None:
    body = body_of("<p>One</p><!--more--><p>Two</p><!--nextpage--><p>Three</p>", AROUND)
    assert body.html.replace("\n", "") == "<p>One</p><p>Two</p><p>Three</p>"
    assert body.losses == (Loss("posts in several pages became one page", "2 pages"),)


def test_pictures_of_lazy_loaders_are_found() -> None:
    text = f'<p><img src="data:image/gif;base64,R0l" data-src="{UPLOADS}/a.jpg" alt="x" class="lazy"></p>'
    assert html_of(text) == f'<p><img src="{UPLOADS}/a.jpg" alt="x"></p>'


HOSTILE = [
    "<script>alert(1)</script><p onclick=alert(1)>x</p>",
    '<p><a href="javascript:alert(1)">x</a><a href="java\tscript:alert(1)">y</a></p>',
    "<img src=x onerror=alert(1)><svg><script>alert(1)</script></svg>",
    '[caption caption="<script>alert(1)</script>"]<img src=x onerror=alert(1)>[/caption]',
    '[audio src="javascript:alert(1)"][video src=\'x" onerror="alert(1)\']',
    '[embed]javascript:alert(1)[/embed][gallery ids="<script>"]',
    '<!-- wp:social-link {"url":"javascript:alert(1)","service":"<script>"} /-->',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data="javascript:alert(1)"></object>',
    '<div style="background:url(javascript:alert(1))">x</div><form action="javascript:alert(1)"><button>x</button></form>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<p>half a character \ud800 and \x00 nothing</p>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_survives(text: str) -> None:
    html = render_html(html_of(text)).html
    assert "<script" not in html
    assert "onerror=" not in html.replace("&quot;", "").split("<")[-1] or "<img" not in html
    for word in (
        "onclick=",
        'javascript:alert(1)"',
        "java\tscript",
        "<svg",
        "<iframe",
        "<object",
        "<form",
        "\ud800",
        "\x00",
    ):
        assert word not in html


@pytest.mark.parametrize(
    "text",
    [
        "[caption " * 40_000,
        "[caption]" * 40_000,
        '[a "' * 60_000,
        "<div" * 90_000,
        "<p><blockquote>" * 20_000,
        "<!-- wp:a {" * 30_000,
        " " * 390_000 + "x",
        "\n \n" * 130_000,
        "<b>" * 100_000,
        "[" * 390_000,
        "<pre>" * 60_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_lengths_take_little_time(text: str) -> None:
    started = time.monotonic()
    body_of(text, AROUND)
    assert time.monotonic() - started < 4


def test_texts_nested_too_deeply_keep_their_words() -> None:
    body = body_of("<div>" * 1000 + "words", AROUND)
    assert "words" in body.html
