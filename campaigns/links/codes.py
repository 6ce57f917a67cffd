"""The codes of links: seven characters that nobody mixes up on paper, and that spell no word."""

import re
import secrets

ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"  # no 0 and o, no 1, i and l, and no vowels
LENGTH = 7  # 13 thousand million codes; always as long, so that a text can be counted before its link is made
SAMPLE = "0" * LENGTH  # as long as a code, and none
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A code nobody can guess the next of."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that was typed, in capitals too; None for what can be none."""
    code = text.lower()
    return code if _CODE.fullmatch(code) else None
