"""Finds the files of an old site in a folder: by the path they were uploaded to, or by a name that only one has."""

import os
from collections.abc import Iterator
from pathlib import Path

from cms.core.errors import Invalid
from cms.transfer.reading.addresses import without_size

MOST_FILES = 2_000_000


class MediaFolder:
    """An index of the files below some folders. Links that lead out of them are not followed."""

    def __init__(self, *folders: Path) -> None:
        self.by_name: dict[str, list[Path]] = {}
        for folder in folders:
            if not folder.is_dir():
                raise Invalid(f"{folder} is not a folder. Give --media the folder with the old site's files.")
            for number, path in enumerate(_files(folder)):
                if number > MOST_FILES:
                    raise Invalid(f"{folder} holds more than {MOST_FILES:,} files.")
                self.by_name.setdefault(path.name.casefold(), []).append(path)

    def find(self, path: str) -> Path | None:
        """The file for an upload path such as `2008/06/pier.jpg`: itself first, then the size it was made from."""
        return self._find(path) or self._find(without_size(path))

    def _find(self, path: str) -> Path | None:
        parts = [part for part in path.casefold().split("/") if part]
        if not parts or ".." in parts:
            return None
        named = self.by_name.get(parts[-1], [])
        for start in range(len(parts) - 1):
            wanted = parts[start:]
            for candidate in named:
                if [part.casefold() for part in candidate.parts[-len(wanted) :]] == wanted:
                    return candidate
        return named[0] if len(named) == 1 else None


def _files(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for where, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if not name.startswith(".") and (not path.is_symlink() or path.resolve().is_relative_to(root)):
                yield path
