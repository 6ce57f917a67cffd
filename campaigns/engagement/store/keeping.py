"""Answers that are kept: of days that are over, until something late changes one of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

MOST = 64  # answers; a year of six campaigns by eight channels has some ten megabytes


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
