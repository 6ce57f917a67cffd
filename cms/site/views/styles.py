"""The design system on one page, for whoever builds or writes with it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cms.core.access import allowed
from cms.core.pages import page
from cms.people.rules import is_staff
from cms.site import theme
from cms.site.asked import edition
from cms.site.forms import SpecimenForm
from cms.site.queries.home import home_blocks
from cms.site.queries.site import site
from cms.site.views import bp

TOKENS = ("surface", "raised", "sunken", "line", "line-strong", "text", "muted")
ACCENT = ("accent", "accent-strong", "accent-ink", "accent-soft")
MEANINGS = ("good", "warn", "bad", "mark")
CHARTS = tuple(f"chart-{number}" for number in range(1, 7))
STEPS = (6, 5, 4, 3, 2, 1, 0, -1, -2)


@dataclass(frozen=True)
class Contrast:
    """How well one of the company's tints can be read in one theme."""

    token: str
    theme: str
    colour: str
    ratio: float


@bp.get("/desk/styles")
@allowed(is_staff)
def show_styles() -> str:
    """Every component in the language of the desk, with prose in both."""
    cards = [card for block in home_blocks(edition()) for card in block.cards]
    articles = [card for card in cards if card.kind != "note"]
    form = SpecimenForm()
    form.wrong.errors = [_("This is how a field says what is wrong, and how to mend it.")]
    return page(
        "cms/site/desk/styles.html",
        articles=articles[:4],
        notes=[card for card in cards if card.kind == "note"][:1],
        form=form,
        contrasts=_contrasts(site().accent),
        swatches=[TOKENS, ACCENT, MEANINGS, CHARTS],
        steps=STEPS,
    )


def _contrasts(accent: str) -> list[Contrast]:
    """The ratios that the stylesheet of this colour reaches (WCAG 2.2), text against what it stands on."""
    tokens = theme.accent_tokens(accent)
    measured = []
    for number, (name, surface) in enumerate((("light", theme.LIGHT), ("dark", theme.DARK))):
        for token, against in (("accent-ink", surface), ("accent", tokens["accent-text"][number])):
            colour = tokens[token][number]
            measured.append(Contrast(token, name, colour, theme.contrast(colour, against)))
    return measured
