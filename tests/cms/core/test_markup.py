import json

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.core.markup import (
    LONGEST,
    TooInvolved,
    TooLong,
    clean_html,
    plain_text,
    render_html,
    render_markdown,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='java\x01script:alert(1)'>x</a>",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<table><td><a href=javascript:alert(1)>x</a><tr></table>",
    '<div style="position:fixed">x</div>',
    '<p hx-get="/desk" data-hx-on:load="x">x</p>',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name=password></form>',
    '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<a id="login" class="button" href="https://evil.example">Sign in</a>',
    "`<script>`\n\n```html\n<script>alert(1)</script>\n```",
    '![x](https://e.example/"onerror="alert(1))',
    '<style>@import "//evil.example"</style>',
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
]


def live_parts(html: str) -> list[str]:
    """Whatever in a parsed piece of HTML could run, load or pose as ours."""
    tree = lxml.html.fragment_fromstring(html, create_parent=True)
    tags = [
        el.tag
        for el in tree.iter()
        if el.tag in ("script", "style", "iframe", "form", "input", "base", "meta", "svg")
    ]
    names = [n for el in tree.iter() for n in el.attrib if n.startswith(("on", "hx-", "data-hx", "style"))]
    addresses = [
        v
        for el in tree.iter()
        for n, v in el.attrib.items()
        if (n in ("href", "src") and "script:" in v) or v.startswith("data:")
    ]
    return [*tags, *names, *addresses]


def test_the_oracle_sees_what_it_should() -> None:
    assert live_parts("<p onclick=x><script></script><a href='javascript:x'>") == [
        "script",
        "onclick",
        "javascript:x",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_can_run_survives(text: str) -> None:
    assert live_parts(render_markdown(text).html) == []
    assert live_parts(render_html(text).html) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_html(text)
    assert clean_html(once) == once


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([*HOSTILE, "<table>", "</p>", "<a href=", "\r", "<b><i>", "x"]), max_size=6).map(
        "".join
    )
)
def test_cleaning_is_a_fixed_point_for_whatever_is_glued_together(html: str) -> None:
    once = clean_html(html)
    assert clean_html(once) == once


def test_what_editors_use_is_kept() -> None:
    html = render_markdown(
        "## Head\n\nText[^1] with ~~old~~ ==new==.\n\n[^1]: Note.\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n"
        "```python\nx = 1\n```\n\n"
        "/// note | Mind\nThis.\n///\n"
    ).html
    for part in (
        '<h2 id="h-1">',
        "<del>old</del>",
        "<mark>new</mark>",
        "<table>",
        "highlight",
        "admonition",
        "footnote-ref",
    ):
        assert part in html, part


def test_headings_make_an_outline_and_the_page_keeps_its_only_title() -> None:
    rendered = render_markdown("# Big\n\n## 春天\n\n### Deep\n\n#### Deeper")
    assert [(h.level, h.id, h.text) for h in rendered.outline] == [
        (2, "h-1", "Big"),
        (2, "h-2", "春天"),
        (3, "h-3", "Deep"),
    ]
    assert "<h1" not in rendered.html


def test_a_class_of_the_page_cannot_be_borrowed() -> None:
    assert render_html('<p class="desk-bar wide">x</p>').html == '<p class="wide">x</p>'


def test_a_text_beyond_the_limit_is_refused_with_a_sentence() -> None:
    with pytest.raises(TooLong, match="100,000"):
        render_markdown("x" * (LONGEST + 1))


def test_a_text_that_cannot_be_rendered_in_time_is_refused() -> None:
    with pytest.raises(TooInvolved):
        render_markdown("- " * 2000 + "x")


def test_the_words_alone_leave_tags_and_entities_behind() -> None:
    assert plain_text("<p>Tom &amp; Jerry</p><p>一&lt;二</p>") == "Tom & Jerry 一<二"


def test_data_in_markup_is_text() -> None:
    hostile = json.dumps({"a": "</script><img src=x onerror=alert(1)>"})
    assert "<img" not in render_markdown(f"`{hostile}`").html
