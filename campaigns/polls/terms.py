"""What people say of a question, checked and made ready to be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.polls.models import KINDS
from cms.core.errors import Invalid
from cms.core.text import strip_control

LONGEST_QUESTION, LONGEST_CHOICE = 200, 80
FEWEST, MOST = 2, 10  # choices


@dataclass(frozen=True)
class PollTerms:
    """Words by language. Choices of an NPS are not looked at."""

    kind: str
    question: Mapping[str, str]
    choices: Sequence[Mapping[str, str]] = ()
    asks_audience: bool = False
    shows_results: bool = False


def read_terms(terms: PollTerms) -> PollTerms:
    """The same, tidied; raises `Invalid` with a sentence for each mistake."""
    errors: dict[str, str] = {}
    question = _tidied(terms.question)
    if not question or any(len(one) > LONGEST_QUESTION for one in question.values()):
        errors["question_en"] = _(
            "Please ask something, in at most %(number)s characters.", number=LONGEST_QUESTION
        )
    if terms.kind not in KINDS:
        errors["kind"] = _("Please choose what kind of question it is.")
    choices = [_tidied(one) for one in terms.choices] if terms.kind == "choice" else []
    choices = [one for one in choices if one]
    if terms.kind == "choice" and not FEWEST <= len(choices) <= MOST:
        errors["choices"] = _(
            "Please give from two to ten answers to choose from, each on a line of its own."
        )
    elif any(len(word) > LONGEST_CHOICE for one in choices for word in one.values()):
        errors["choices"] = _("An answer is at most %(number)s characters long.", number=LONGEST_CHOICE)
    if errors:
        raise Invalid(errors=errors)
    return PollTerms(terms.kind, question, choices, terms.asks_audience, terms.shows_results)


def _tidied(words: Mapping[str, str]) -> dict[str, str]:
    tidy = {language: " ".join(strip_control(said).split()) for language, said in words.items()}
    return {language: said for language, said in tidy.items() if said}
