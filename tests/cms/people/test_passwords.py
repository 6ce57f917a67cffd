import pytest

from cms.core.errors import Invalid
from cms.people import passwords
from tests.factories import PASSWORD, password_hash


def test_a_password_is_hashed_with_at_least_what_owasp_asks() -> None:
    assert password_hash().startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_right_password_matches_and_no_other() -> None:
    stored = password_hash()
    assert passwords.matches(stored, PASSWORD)
    assert not passwords.matches(stored, PASSWORD + " ")
    assert not passwords.matches(stored, "")
    assert not passwords.matches(None, PASSWORD)


def test_two_ways_of_typing_an_accent_are_one_password() -> None:
    assert passwords.matches(passwords.make_hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


def test_everything_that_is_typed_counts_also_beyond_72_bytes() -> None:
    stored = passwords.make_hash("x1" * 40 + "a")
    assert not passwords.matches(stored, "x1" * 40 + "b")


def test_an_unknown_account_costs_the_same_work_as_a_known_one() -> None:
    stored = password_hash()
    passwords.matches(None, "warm up")
    before = passwords.work_done[0]
    passwords.matches(stored, "wrong")
    known = passwords.work_done[0] - before
    passwords.matches(None, "wrong")
    unknown = passwords.work_done[0] - before - known
    passwords.matches(stored, "y" * 100_000)
    very_long = passwords.work_done[0] - before - known - unknown
    assert (known, unknown, very_long) == (1, 1, 1)


@pytest.mark.parametrize(
    "typed",
    ["short", "x" * 257, "password", "Password1", "password123!", "12345678", "1qaz2wsx", "woaini1314", "aaaaaaaaaa",
     "nadia@example.com", "NadiaRahimi", "abababab"],
)  # fmt: skip
def test_a_password_that_anybody_would_try_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(typed, about=("nadia@example.com", "Nadia Rahimi"))


@pytest.mark.parametrize("typed", [PASSWORD, "x7$kQ!02", "一二三四五六七八", "x9 " * 85, "🙂🙃🙂🙃🎈🎈🎈🎈"])
def test_a_password_of_any_kind_is_taken(typed: str) -> None:
    passwords.check(typed, about=("nadia@example.com", "Nadia Rahimi"))
