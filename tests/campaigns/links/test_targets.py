"""What a link may lead to, and what is added to it: nothing else changes, and nothing opens a door."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import assume, example, given
from hypothesis import strategies as st

from campaigns.links.targets import address_for, read_target
from campaigns.links.values import FIELDS, read_value, read_values
from cms.core.errors import Invalid
from tests.factories import make_person


@pytest.fixture(autouse=True)
def _app(app: Flask) -> None:
    """Inside the application."""


def sentence(typed: str) -> str:
    """Why this is refused, even to staff."""
    with pytest.raises(Invalid) as refused:
        read_target(typed, by=make_person(handle="nadia-refused"), field="replacement")
    return refused.value.errors["replacement"]


def read(typed: str) -> str:
    return read_target(typed, by=make_person())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.com", "https://example.com/"),
        ("  https://example.com/a \n", "https://example.com/a"),
        ("HTTPS://EXAMPLE.com:443/A?B=c#D", "https://example.com/A?B=c#D"),
        ("https://例子.example/春天?词=5G#节", "https://xn--fsqu00a.example/%E6%98%A5%E5%A4%A9?%E8%AF%8D=5G#%E8%8A%82"),
        ("https://example.com/?q=a%20b+c&empty=&=x&&q=2#/route?x=1", "https://example.com/?q=a%20b+c&empty=&=x&&q=2#/route?x=1"),
        ("/posts/spring-notes", "http://localhost/posts/spring-notes"),
        ("//example.com/a", "http://localhost//example.com/a"),
        ("http://localhost/label", "http://localhost/label"),
        ("http://localhost/log/l/x", "http://localhost/log/l/x"),
        ("https://example.com/l/2345678", "https://example.com/l/2345678"),
        ("https://8.8.8.8/dns", "https://8.8.8.8/dns"),
    ],
)  # fmt: skip
def test_a_target_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert read(typed) == kept
    assert read_target(kept, by=make_person(handle="again")) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.com/",
        "mailto:a@example.com",
        "intent://scan/#Intent;scheme=zxing;end",
    ],
)
def test_other_schemes_are_refused(typed: str) -> None:
    assert sentence(typed) == "Only addresses that begin with http:// or https:// can be given."


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.com/a\r\nSet-Cookie: a=b",
        "https://example.com/a\tb",
        "https://exa mple.com/",
        "java\nscript:alert(1)",
        "https://example.com/\x00",
        "https://example.com/\u2028a",
    ],
)
def test_spaces_and_control_characters_are_refused(typed: str) -> None:
    assert sentence(typed) == "An address has no spaces and no control characters."


@pytest.mark.parametrize(
    "typed",
    [
        "https://localhost@evil.example/",
        "https://user:secret@example.com/",
        "https://localhost:80@evil.example/",
    ],
)
def test_user_names_are_refused(typed: str) -> None:
    assert sentence(typed) == "Please give the address without a user name and password."


@pytest.mark.parametrize(
    "typed",
    [
        "example.com/page",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example\\@localhost/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://[::1",
        "https://example.com:99999/",
        "https://-/",
        "https://example.com/" + "a" * 2048,
        "https://example.com/\ufeff",
    ],
)
def test_what_two_programs_could_read_in_two_ways_is_refused(typed: str) -> None:
    assert (
        sentence(typed) == "This is not an address of a page. It should look like https://example.com/page."
    )


@pytest.mark.parametrize(
    "typed",
    [
        "http://localhost/l/2345678",
        "/l/2345678",
        "/l/2345678+",
        "/l",
        "/en/l/2345678",
        "/zh/l/2345678?x=1",
        "https://LOCALHOST:8000/l/2345678",
        "/%6C/2345678",
        "/%256c/2345678",
        "/a/../l/2345678",
        "/./l//2345678",
        "//l/2345678",
        "/L/2345678",
        "/a/%2e%2e/l/2345678",
        "http://localhost./l/2345678",
        "https://bit.ly/abc",
        "https://www.tinyurl.com/abc",
        "https://t.cn/abc",
    ],
)
def test_a_link_does_not_lead_to_a_link(typed: str) -> None:
    assert sentence(typed) == "This is a short link itself. Please give the address it leads to."


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1/",
        "http://10.0.0.8/wiki",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://intranet/",
        "http://printer.local/",
        "http://vault.internal/",
    ],
)
def test_a_machine_that_is_not_public_is_refused(typed: str) -> None:
    assert sentence(typed) == "This machine is not on the public internet, so readers could not open it."


def test_values_between_our_own_pages_are_refused_with_the_reason() -> None:
    assert sentence("/posts/x?UTM_Source=home").startswith("UTM values between our own pages would reset")
    assert (
        read("https://partner.example.com/?utm_source=them") == "https://partner.example.com/?utm_source=them"
    )


def test_the_click_id_is_ours_to_add() -> None:
    assert sentence("https://example.com/?pcid=1") == (
        "The parameter pcid is added by the link. Please take it out."
    )


def test_nothing_at_all_is_asked_for() -> None:
    assert sentence("   ") == "Please give an address."


# Joining ----------------------------------------------------------------------------------------------------------

_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp", "Cs")), max_size=12)
_address = st.builds(
    lambda path, query, fragment: f"https://example.com/{path}{query}{fragment}",
    st.lists(_text.map(lambda one: one.replace("#", "").replace("?", "")), max_size=3).map("/".join),
    st.one_of(st.just(""), _text.map(lambda one: "?" + one.replace("#", ""))),
    st.one_of(st.just(""), _text.map(lambda one: "#" + one)),
)
_utm = st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(codec="utf-8"), min_size=1, max_size=8))


@given(typed=_address, utm=_utm, click_id=st.from_regex(r"[A-Za-z0-9_-]{12}", fullmatch=True))
@example(typed="https://example.com/&", utm={}, click_id="000000000000")
def test_nothing_else_in_the_target_changes(typed: str, utm: dict[str, str], click_id: str) -> None:
    try:
        target = read_target(typed, by=_Staff)  # type: ignore[arg-type]
    except Invalid:
        assume(False)
    before, after = urlsplit(target), urlsplit(address_for(target, utm, click_id))
    assert (after.scheme, after.netloc, after.path) == (before.scheme, before.netloc, before.path)
    assert after.fragment == before.fragment
    assert after.query.startswith(before.query)
    added = after.query.removeprefix(before.query).removeprefix("&")
    assert parse_qsl(added, strict_parsing=True) == [
        *((f"utm_{field}", utm[field]) for field in FIELDS if field in utm),
        ("pcid", click_id),
    ]


@given(typed=_address)
def test_a_target_is_plain_ascii_and_read_again_the_same(typed: str) -> None:
    try:
        target = read_target(typed, by=_Staff)  # type: ignore[arg-type]
    except Invalid:
        assume(False)
    assert target.isascii()
    assert not any(one.isspace() for one in target)
    assert read_target(target, by=_Staff) == target  # type: ignore[arg-type]
    assert address_for(target, {}) == target


class _Staff:
    """Somebody who may lead elsewhere, without a row for each example."""

    is_staff = True


@pytest.mark.parametrize(
    ("target", "joined"),
    [
        ("https://e.com/", "https://e.com/?utm_source=x"),
        ("https://e.com/?", "https://e.com/?utm_source=x"),
        ("https://e.com/?a=1&", "https://e.com/?a=1&utm_source=x"),
        ("https://e.com/?a", "https://e.com/?a&utm_source=x"),
        ("https://e.com/#", "https://e.com/?utm_source=x#"),
        ("https://e.com/#/app?b=1", "https://e.com/?utm_source=x#/app?b=1"),
        ("https://e.com/?a=%E6%98%A5+b%2B;c", "https://e.com/?a=%E6%98%A5+b%2B;c&utm_source=x"),
    ],
)
def test_values_stand_before_the_fragment_and_after_the_rest(target: str, joined: str) -> None:
    assert address_for(target, {"source": "x", "medium": ""}) == joined


# Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Spring", "spring"),
        (" spring ", "spring"),
        ("ＳＰＲＩＮＧ", "spring"),
        ("a.b_c-d~e", "a.b_c-d~e"),
        ("微博", "微博"),
        ("", ""),
    ],
)
def test_a_value_is_one_word_in_one_form(typed: str, value: str) -> None:
    assert read_value("source", typed) == value


@pytest.mark.parametrize(
    "typed", ["a&b", "a=b", "a#b", "a/b", "-a", "a-", "a%20b", "<a>", "a\x00b", "a?b", "+", "🙂"]
)
def test_other_characters_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_value("source", typed)
    assert refused.value.errors == {
        "source": "Letters, digits and, between them, the characters . _ ~ - make a value."
    }


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_values({"source": "my blog", "medium": "a&b", "term": "x" * 81, "content": "fine"})
    assert refused.value.errors == {
        "source": "A value has no spaces: please write a hyphen instead.",
        "medium": "Letters, digits and, between them, the characters . _ ~ - make a value.",
        "term": "Please use at most 80 characters.",
    }
