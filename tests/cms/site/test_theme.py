import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.site.theme import DARK, LIGHT, accent_tokens, contrast, is_colour, stylesheet

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@settings(max_examples=60, deadline=None)
@given(colours)
def test_whatever_the_company_chooses_text_can_be_read_in_both_themes(accent: str) -> None:
    tokens = accent_tokens(accent)
    for theme, surface in enumerate((LIGHT, DARK)):
        assert contrast(tokens["accent"][theme], tokens["accent-text"][theme]) >= 4.5
        assert contrast(tokens["accent-strong"][theme], tokens["accent-text"][theme]) >= 4.5
        assert contrast(tokens["accent-ink"][theme], surface) >= 4.5
        assert contrast(tokens["accent-ink"][theme], tokens["accent-soft"][theme]) >= 3


def test_a_colour_that_is_good_already_is_left_alone() -> None:
    assert accent_tokens("#0b6e4f")["accent"][0] == "#0b6e4f"


def test_the_stylesheet_names_every_token_once() -> None:
    text = stylesheet("#0b6e4f")
    assert [text.count(f"--{name}:") for name in ("accent", "accent-ink", "accent-soft")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("text", "good"), [("#0b6e4f", True), ("#fff", False), ("red", False), ("#0b6e4g", False)]
)
def test_only_six_digit_colours_are_taken(text: str, good: bool) -> None:
    assert is_colour(text) is good
