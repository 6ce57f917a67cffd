"""The kinds of notice there are. Rooms declare theirs; `wiring.py` writes the list out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from cms.people.models import Person
from cms.people.rules import is_staff


@dataclass(frozen=True)
class NoticeKind:
    """One kind of news: what it is called among the choices, what it says, where it leads, and who may know."""

    key: str  # "review.asked", stored
    label: Any  # a lazy sentence: "Somebody asks for your review"
    sentence: Callable[[Mapping[str, Any]], str]  # of the notice's detail, in the reader's language
    address: Callable[[str, Mapping[str, Any]], str]  # of subject and detail: the page to go to
    may_see: Callable[[Person, str], bool]  # asked again whenever it is shown or mailed
    by_mail: str = "now"  # unless they chose: "now", "digest" or "never"
    # The same question about many subjects in one query. A kind that has to read for its answer gives this too.
    visible: Callable[[Person, Collection[str]], Collection[str]] | None = None
    concerns: Callable[[Person], bool] = is_staff  # who finds it among their choices

    def seen_by(self, person: Person, subjects: Collection[str]) -> set[str]:
        """Those of the subjects that this person may know of now."""
        if self.visible is not None:
            return set(self.visible(person, subjects))
        return {subject for subject in subjects if self.may_see(person, subject)}


def install(app: Flask, kinds: Iterable[NoticeKind]) -> None:
    """Tell the application which kinds there are."""
    app.extensions["parley_notices"] = {kind.key: kind for kind in kinds}


def known_kinds() -> dict[str, NoticeKind]:
    """Every kind, by key, in the order of `wiring.py`."""
    kinds: dict[str, NoticeKind] = current_app.extensions["parley_notices"]
    return kinds
