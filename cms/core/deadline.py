"""Run a pure function with a time limit that holds even when it hangs in C code.

A thread cannot be stopped, so the call runs in a helper process, which is ended when the time is up. What counts is
the time of its processor, so that a machine that is busy with other things refuses nobody; one that waits for ever is
ended by the clock. A helper is started on first use and kept; it does one thing at a time. `run_within` uses the one
that everybody shares; work that is slow or hungry by nature has a `Helper` of its own, so that nobody waits behind it.
"""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.util import Finalize
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


STARTING = 120  # seconds that a busy machine may take to start a helper
BUSY = 15  # by the clock a call may take so many times as long as by its processor


class TooSlow(Exception):
    """The function did not answer in time."""


class Helper:
    """One helper process, with a limit on the memory it may take (bytes of address space)."""

    def __init__(self, *, memory: int | None = None) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def run_within(
        self,
        seconds: float,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """The function's answer, or `TooSlow` after so many seconds of its processor. Arguments and answer must be
        picklable."""
        with self._lock:
            pool = self._started()
            future: Future[Result] = pool.submit(_bounded, seconds, partial(function, *args, **kwargs))
            try:
                return future.result(timeout=seconds * BUSY)
            except (TimeoutError, BrokenProcessPool) as error:
                self._stop()
                raise TooSlow(f"no answer within {seconds} seconds") from error

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_settle_in,
                initargs=(self._memory,),
            )
            # A process of `multiprocessing`, as web processes are, waits for its children before it lets a pool go.
            Finalize(None, self._stop, exitpriority=0)
            # Starting the helper takes a moment; that must not count against the first caller's time.
            self._pool.submit(int).result(timeout=STARTING)
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _bounded(seconds: float, function: Callable[[], Result]) -> Result:
    """The function's answer. When its time is up a signal ends this process: no Python runs for it, so it reaches C."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _settle_in(memory: int | None) -> None:
    """What a helper does first: bound its memory, and not outlive the process that it helps, however that ends."""
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_shared = Helper()
run_within = _shared.run_within
