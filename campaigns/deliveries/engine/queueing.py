"""Threads of one worker write one after the other on SQLite, which has one writer at a time anyway: those who wait for
its lock sleep longer and longer, up to a tenth of a second, while those who wait here go on at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cms.core.database import db, transaction

_ours = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction, as `transaction` is."""
    if db.engine.dialect.name != "sqlite":
        with transaction():
            yield
        return
    with _ours, transaction():
        yield
