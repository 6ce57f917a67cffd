"""What is hashed of an entry, and of all entries. Pure, so that a command far from the database does the same.

The canonical form of an entry is JSON in UTF-8, keys sorted, no spaces, line ends as "\\n". The hash of a contest covers
the hashes of its entries, one a line as `ID HASH`, in the order of their numbers.
"""

import hashlib
import json
from collections.abc import Iterable

FORM = "parley-entry-1"


def canonical(
    *, entry_id: int, version: int, language: str, title: str, body: str, statement: str, rules: int
) -> bytes:
    """The bytes whose SHA-256 seals an entry."""
    said = {
        "form": FORM,
        "entry": entry_id,
        "version": version,
        "language": language,
        "title": _lines(title),
        "body": _lines(body),
        "statement": _lines(statement),
        "rules": rules,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def seal(**said: int | str) -> str:
    """The SHA-256 of an entry, in hexadecimal."""
    return hashlib.sha256(canonical(**said)).hexdigest()  # type: ignore[arg-type]


def seal_of_all(hashes: Iterable[tuple[int, str]]) -> str:
    """One SHA-256 over the hashes of many entries."""
    lines = "".join(f"{number} {value}\n" for number, value in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
