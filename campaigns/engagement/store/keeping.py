"""Answers that are kept: of days that are over, until something late changes one of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from threading import Lock
from typing import Any

MOST = 256  # answers; a year of a campaign by eight channels has some two megabytes


class Kept:
    """The answers asked for last. Any thread may ask; two that ask at once for a new one both work it out."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, question: Hashable, find: Callable[[], Any]) -> Any:
        """The answer that is kept, or what `find` gives, which is kept from now on."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
        answer = find()
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return answer

    def get_each(
        self, questions: Mapping[Any, Hashable], find: Callable[[Sequence[Any]], Mapping[Any, Any]]
    ) -> dict[Any, Any]:
        """Several answers by name: `find` is asked once, for those that are not kept."""
        with self._lock:
            found = {name: self._answers[one] for name, one in questions.items() if one in self._answers}
        missing = [name for name in questions if name not in found]
        if missing:
            found |= find(missing)
        for name in questions:
            self.get(questions[name], partial(found.__getitem__, name))  # those asked for last stay
        return {name: found[name] for name in questions}
