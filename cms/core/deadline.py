"""Run a pure function with a time limit that holds even when it hangs in C code.

A thread cannot be stopped, so the call runs in a helper process, which is ended when the time is up. The
helper is started on first use and kept.
"""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class TooSlow(Exception):
    """The function did not answer in time."""


_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def run_within(
    seconds: float,
    function: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """The function's answer, or `TooSlow` after so many seconds. Arguments and answer must be picklable."""
    with _lock:
        pool = _helper()
        future = pool.submit(function, *args, **kwargs)
        try:
            return future.result(timeout=seconds)
        except (TimeoutError, BrokenProcessPool) as error:
            _stop_helper()
            raise TooSlow(f"no answer within {seconds} seconds") from error


def _helper() -> ProcessPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        # Starting the helper takes a moment; that must not count against the first caller's time.
        _pool.submit(int).result(timeout=30)
    return _pool


def _stop_helper() -> None:
    global _pool
    if _pool is not None:
        for process in list((_pool._processes or {}).values()):
            process.kill()
        _pool.shutdown(wait=False, cancel_futures=True)
        _pool = None
