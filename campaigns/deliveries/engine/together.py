"""What threads of one worker have to write down at the same time goes into one transaction.

The first who comes waits a moment for those who are under way as well, and writes for all of them; who comes meanwhile
is in the next. So one commit, one look at holds and one reading of rows serve as many deliveries as were claimed, or
answered, at the same time, and a lone one waits for nobody. Each of them returns only when what it said is on disk.
When one of them cannot be written, each is written alone.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import current_app

from campaigns.deliveries.engine import guarding
from campaigns.deliveries.engine.claiming import Claim
from campaigns.deliveries.engine.fencing import PASSING, patiently, surely
from campaigns.deliveries.engine.rows import Rows, read_rows
from cms.core.database import db

log = logging.getLogger(__name__)
Result = TypeVar("Result")
_NAME = "campaigns.deliveries.together"
_MOMENT = 0.04  # seconds, at most, for which who writes waits for the others


def write_together(claim: Claim, act: Callable[[Rows], Result], *, is_intent: bool = False) -> Result:
    """Run `act` in a transaction, on rows that are fresh and locked, together with what other threads write now.

    It may run several times, until it is committed: what it does is fenced. No transaction may be open before. After an
    intent a network is called: it moves the mark of this database on (`guarding`).
    """
    return cast(Result, _desk().write(_Word(claim, act, is_intent)))


def expect(change: int) -> None:
    """So many more threads will have something to write down, or fewer: who writes waits a moment for them."""
    _desk().expect(change)


@dataclass
class _Word:
    """What one thread wants written."""

    claim: Claim
    act: Callable[[Rows], Any]
    is_intent: bool
    result: Any = None
    is_written: bool = False
    problem: Exception | None = None


@dataclass
class _Desk:
    """Where the threads of a process meet."""

    _waiting: list[_Word] = field(default_factory=list)
    _expected: int = 0  # threads that may come
    _door: threading.Condition = field(default_factory=threading.Condition)  # of these two
    _turn: threading.Lock = field(default_factory=threading.Lock)  # of whoever writes

    def expect(self, change: int) -> None:
        """Count those who may come."""
        with self._door:
            self._expected += change
            self._door.notify()

    def write(self, word: _Word) -> Any:
        """Give what its `act` gave, once it is on disk."""
        db.session.rollback()  # no connection is held while we wait
        with self._door:
            self._waiting.append(word)
            self._door.notify()
        with self._turn:
            if not word.is_written and word.problem is None:
                self._write_all()
        if word.problem is not None:
            raise word.problem
        if not word.is_written:  # together with others it could not be
            _write([word])
        return word.result

    def _write_all(self) -> None:
        with self._door:
            if self._waiting:  # else all were tried with another's, and could not be written together
                self._door.wait_for(lambda: len(self._waiting) >= self._expected, _MOMENT)
            words, self._waiting = self._waiting, []
        if not words:
            return
        try:
            _write(words)
        except PASSING as problem:  # the database did not come back: alone it would be the same
            for word in words:
                word.problem = problem
        except Exception as problem:
            if len(words) == 1:
                words[0].problem = problem
            else:
                log.warning("%d words cannot be written together; each is written alone", len(words))


def _desk() -> _Desk:
    found = current_app.extensions.get(_NAME)
    desk: _Desk = found or current_app.extensions.setdefault(_NAME, _Desk())
    return desk


def _write(words: Sequence[_Word]) -> None:
    are_intents = any(one.is_intent for one in words)
    results = _write_guarded(words) if are_intents else surely(lambda: _act(words, asks=False))
    for word, result in zip(words, results, strict=True):
        word.result, word.is_written = result, True


def _write_guarded(words: Sequence[_Word]) -> list[Any]:
    known = patiently(guarding.known_mark)

    def act() -> tuple[list[Any], guarding.Mark]:
        return _act(words, asks=True), guarding.move_on(known)

    try:
        results, mark = surely(act)
    except guarding.WentBack:
        guarding.remember(surely(lambda: guarding.hold_everything(known)))
        return _write_guarded(words)  # all of them see the hold now
    guarding.remember(mark)
    return results


def _act(words: Sequence[_Word], *, asks: bool) -> list[Any]:
    rows = read_rows([one.claim for one in words], asks=asks)
    results = [one.act(rows) for one in words]
    rows.write_out()
    return results
