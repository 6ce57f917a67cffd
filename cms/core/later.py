"""Libraries that take long to load and that most processes never ask: loaded when something of them is first used."""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


def later(name: str) -> Any:
    """Stands for the library of this name until something of it is asked for. Types are imported for the checker alone."""
    return _Later(name)
