import pytest
from flask import Flask

from cms.core.languages import localized, negotiate, split_prefix


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr, zh;q=0.5", "zh"),
        ("*", "en"),
        ("not a header;;;q=x", "en"),
    ],
)
def test_the_browser_says_which_language_it_prefers(header: str, locale: str) -> None:
    assert negotiate(header, "en") == locale


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/zh/posts/x", ("zh", "/posts/x")),
        ("/en", ("en", "/")),
        ("/zh/", ("zh", "/")),
        ("/english/x", (None, "/english/x")),
        ("/posts/zh", (None, "/posts/zh")),
        ("/", (None, "/")),
    ],
)
def test_an_address_may_say_its_language(path: str, said: tuple[str | None, str]) -> None:
    assert split_prefix(path) == said


def test_words_fall_back_to_any_language_there_is(app: Flask) -> None:
    assert localized({"en": "Hot", "zh": "热点"}, "zh") == "热点"
    assert localized({"en": "Hot"}, "zh") == "Hot"
    assert localized({"fr": "Chaud"}, "zh") == "Chaud"
    assert localized({}, "zh") == ""
    assert localized(None) == ""
