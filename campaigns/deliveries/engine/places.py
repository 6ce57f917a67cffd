"""Threads of one worker in which networks are asked: bounded, and shared so that no account or network takes them all."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app

from campaigns.deliveries.engine.preparing import OnHand
from campaigns.deliveries.engine.together import expect

MOST = 24  # calls at the same time
OF_ACCOUNT = 2
OF_NETWORK = 16  # a network that hangs leaves places for the others
MANY = 16  # places that are worth a look at what is due, while something is under way
BREATH = 0.25  # seconds for so many to become free


class Places:
    """Where claims are worked on. One object a process; threads are made when they are first needed."""

    def __init__(self, most: int = MOST, of_account: int = OF_ACCOUNT, of_network: int = OF_NETWORK) -> None:
        self._most, self._of_account, self._of_network = most, of_account, of_network
        self._changed = threading.Condition()
        self._accounts: Counter[int] = Counter()
        self._channels: Counter[str] = Counter()
        self._finished = 0
        self._threads: ThreadPoolExecutor | None = None

    @property
    def free(self) -> int:
        """How many more can be started now."""
        with self._changed:
            return self._most - self._accounts.total()

    @property
    def full_accounts(self) -> list[int]:
        """Accounts that have all the places an account may have."""
        with self._changed:
            return [one for one, count in self._accounts.items() if count >= self._of_account]

    def room_at(self, channel: str) -> int:
        """How many more of this network can be started now."""
        with self._changed:
            return self._of_network - self._channels[channel]

    def start(self, known: Sequence[OnHand], act: Callable[[OnHand], str]) -> None:
        """Work on these claims, each in a thread of its own."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        expect(len(known))  # all of them, before the first has something to write
        with self._changed:
            self._accounts.update(one.claim.account_id for one in known)
            self._channels.update(one.claim.channel for one in known)
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="delivery")
            for one in known:
                self._threads.submit(self._run, app, one, act)

    @property
    def finished(self) -> int:
        """How many were finished so far."""
        with self._changed:
            return self._finished

    def wait_for_another(self, finished: int, seconds: float) -> bool:
        """Until more than so many are finished; False when none is under way, or the time is over. Those that finish
        a moment later are waited for too: one look at what is due serves them all."""
        with self._changed:
            if self._finished == finished and not self._accounts.total():
                return False
            if not self._changed.wait_for(lambda: self._finished > finished, seconds):
                return False
        self.breathe(finished)
        return True

    def breathe(self, finished: int) -> None:
        """Until many more than so many are finished, or all; but not for long."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._finished >= finished + MANY or not self._accounts.total(), BREATH
            )

    def wait_for_all(self) -> None:
        """Until all are finished."""
        with self._changed:
            self._changed.wait_for(lambda: not self._accounts.total())

    def _run(self, app: Flask, known: OnHand, act: Callable[[OnHand], str]) -> None:
        claim = known.claim
        try:
            with app.app_context():
                try:
                    act(known)
                finally:
                    expect(-1)
        finally:
            with self._changed:
                self._accounts = self._accounts - Counter([claim.account_id])
                self._channels = self._channels - Counter([claim.channel])
                self._finished += 1
                self._changed.notify_all()
