"""Answers that are kept: of days that are over, until something late changes one of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence, Sized
from threading import Lock
from typing import Any, TypeVar

MOST = 60_000  # parts of answers; a year of a campaign by eight channels has three thousand, of half a kilobyte each
Name = TypeVar("Name", bound=Hashable)


class Kept:
    """The answers asked for last. Any thread may ask; two that ask at once for a new one both work it out."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._answers: OrderedDict[Hashable, Sized] = OrderedDict()
        self._parts = 0
        self._lock = Lock()

    def get_each(
        self, questions: Mapping[Name, Hashable], find: Callable[[Sequence[Name]], Mapping[Name, Any]]
    ) -> dict[Name, Any]:
        """Several answers by name, each of them sized: `find` is asked once, for those that are not kept."""
        with self._lock:
            found = {name: self._answers[one] for name, one in questions.items() if one in self._answers}
        missing = [name for name in questions if name not in found]
        if missing:
            found |= find(missing)
        with self._lock:
            for name, question in questions.items():  # those asked for last stay
                self._forget(question)
                self._answers[question] = found[name]
                self._parts += len(found[name]) or 1
            while self._parts > self.most:
                self._forget(next(iter(self._answers)))
        return found

    def _forget(self, question: Hashable) -> None:
        answer = self._answers.pop(question, None)
        if answer is not None:
            self._parts -= len(answer) or 1
