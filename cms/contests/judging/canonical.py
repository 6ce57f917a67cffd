"""One way to write down a value as bytes, so that its hash is the same everywhere. Pure.

RFC 8785 (JSON Canonicalization Scheme) for values whose numbers are whole and within ±(2^53-1): keys in the order of
their UTF-16 code units, no white space, the escapes of ECMAScript, UTF-8. Numbers with a fraction are refused, because
their shortest form is the one part of the RFC that programs get wrong; write them as text.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

GREATEST = 2**53 - 1


class NotCanonical(ValueError):
    """There is no one way to write this."""


def canonical(value: Any) -> bytes:
    """The value as bytes. Raises `NotCanonical`."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("half of a surrogate pair") from error


def digest(value: Any) -> str:
    """SHA-256 of its canonical bytes, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def _written(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) <= GREATEST:
            return str(int(value))
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise NotCanonical("a key that is no text")
            ordered = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in ordered) + "}"
        case Sequence() if not isinstance(value, bytes | bytearray):
            return "[" + ",".join(map(_written, value)) + "]"
        case _:
            raise NotCanonical(f"{type(value).__name__} {value!r}")
