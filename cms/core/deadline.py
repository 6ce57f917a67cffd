"""Run a pure function with a time limit that holds even when it hangs in C code.

A thread cannot be stopped, so the call runs in a helper process, which is ended when the time is up. A helper
is started on first use and kept; it does one thing at a time. `run_within` uses the one that everybody shares;
work that is slow or hungry by nature has a `Helper` of its own, so that nobody waits behind it.
"""

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


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
        """The function's answer, or `TooSlow` after so many seconds. Arguments and answer must be picklable."""
        with self._lock:
            pool = self._started()
            future = pool.submit(function, *args, **kwargs)
            try:
                return future.result(timeout=seconds)
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
            # Starting the helper takes a moment; that must not count against the first caller's time.
            self._pool.submit(int).result(timeout=30)
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


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
