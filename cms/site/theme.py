"""The company's colour, made fit to read: whatever accent is chosen, text keeps the contrast of WCAG 2.2 AA.

Lightness is moved in OKLCH, so the hue stays the company's, until the ratio is reached; the design system takes the
rest from its own tokens.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cms.core.later import later

if TYPE_CHECKING:
    import coloraide
else:
    coloraide = later("coloraide")


ENOUGH = 4.6  # WCAG 2.2, 1.4.3 asks 4.5:1; the rest is for rounding
LIGHT, DARK = "#f4f3ef", "#211e1b"  # of the surfaces of tokens.css, those on which text is hardest to read
STEP = 0.01


def is_colour(text: str) -> bool:
    """Whether this is a colour as settings take it: `#0b6e4f`."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def accent_tokens(accent: str) -> dict[str, tuple[str, str]]:
    """The accent family as `{token: (in the light theme, in the dark theme)}`, hex colours.

    `accent` fills buttons and carries `accent-text`; `accent-ink` is text and links on the surface;
    `accent-strong` is the fill under the pointer; `accent-soft` is a tint behind text.
    """
    fills = [
        _moved_until(accent, "#ffffff", darker=True),
        _moved_until(_lighter(accent, 0.08), "#ffffff", darker=True),
    ]
    inks = [_moved_until(accent, LIGHT, darker=True), _moved_until(accent, DARK, darker=False)]
    return {
        "accent": (fills[0], fills[1]),
        "accent-strong": (_lighter(fills[0], -0.08), _lighter(fills[1], -0.06)),
        "accent-text": ("#ffffff", "#ffffff"),
        "accent-ink": (inks[0], inks[1]),
        "accent-soft": (_tint(accent, LIGHT), _tint(accent, DARK)),
    }


@dataclass(frozen=True)
class Pair:
    """Text on a ground, as pages make it of the chosen colour, and how well it can be read."""

    theme: str  # "light" or "dark"
    use: str  # "button" or "link"
    text: str
    ground: str

    @property
    def ratio(self) -> float:
        """The contrast, 1 to 21; AA asks for 4.5."""
        return contrast(self.text, self.ground)


def pairs(accent: str) -> list[Pair]:
    """What buttons and links look like in both themes with this accent."""
    tokens = accent_tokens(accent)
    return [
        pair
        for number, (name, surface) in enumerate((("light", LIGHT), ("dark", DARK)))
        for pair in (
            Pair(name, "button", tokens["accent-text"][number], tokens["accent"][number]),
            Pair(name, "link", tokens["accent-ink"][number], surface),
        )
    ]


def stylesheet(accent: str) -> str:
    """`/theme-0b6e4f.css`: the tokens, in the layer of tokens."""
    lines = [f"--{name}:light-dark({light},{dark})" for name, (light, dark) in accent_tokens(accent).items()]
    return (
        "@layer reset,tokens,base,layout,components,rooms,utilities;@layer tokens{:root{"
        + ";".join(lines)
        + "}}\n"
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two hex colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    return float(coloraide.Color(one).contrast(other, method="wcag21"))


def _moved_until(colour: str, against: str, *, darker: bool) -> str:
    """The nearest lightness of this colour that can be told from the other one. Black or white always can."""
    steps = (_lighter(colour, (-STEP if darker else STEP) * count) for count in range(101))
    return next(moved for moved in steps if contrast(moved, against) >= ENOUGH)


def _lighter(colour: str, amount: float) -> str:
    if not amount:
        return colour
    changed = coloraide.Color(colour).convert("oklch")
    changed["lightness"] = min(1.0, max(0.0, changed["lightness"] + amount))
    return str(changed.convert("srgb").fit("srgb", method="oklch-chroma").to_string(hex=True))


def _tint(colour: str, surface: str) -> str:
    return str(
        coloraide.Color(surface)
        .mix(colour, 0.09, space="oklab")
        .convert("srgb")
        .fit("srgb")
        .to_string(hex=True)
    )
