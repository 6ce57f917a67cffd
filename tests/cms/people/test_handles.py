import pytest
from flask import Flask

from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.people import handles, queries, services
from cms.people.models import Person
from tests.factories import ivy, make_person, rae, read_again


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nadia", "nadia"),
        ("Nadia", "nadia"),
        ("@nadia", "nadia"),
        ("张伟", "张伟"),
        ("５Ｇ小王", "5g小王"),
        ("jose\u0301", "josé"),
        ("さくら", "さくら"),
        ("иван", "иван"),
        ("a_b-c", "a_b-c"),
        ("Straße", "strasse"),
    ],
)
def test_a_handle_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert handles.check(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "x" * 31,
        "two words",
        "-dash",
        "dash-",
        "a/b",
        "a.b",
        "a\u200bb",  # zero width
        "a\u202eb",  # turns the direction
        "a\x00b",
        "аdmin",  # one Cyrillic letter
        "pаypal",
        "ρτο-abc",  # Greek and Latin
        "ㅤㅤ",  # Hangul fillers
        "a\u0301\u0301\u0301\u0301b",
        "<script>",
        "admin",
        "Admin",
        "desk",
        "官方",
        "sign-in",
        "sign_in",
    ],
)
def test_a_handle_that_deceives_breaks_or_is_ours_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        handles.check(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "раура1"),
        ("tom", "torn"),
        ("lolo", "1010"),
        ("nadia", "NADIA"),
        ("a-b", "a_b"),
        ("micro", "rnicro"),
    ],
)
def test_handles_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert handles.key(one) == handles.key(other)


def test_handles_that_look_different_have_different_keys() -> None:
    names = ["nadia", "tom", "ivy", "rae", "张伟", "张炜", "иван", "5g", "6g"]
    assert len({handles.key(one) for one in names}) == len(names)


def test_every_first_word_of_an_address_is_reserved(whole_app: Flask) -> None:
    first = {
        word
        for rule in whole_app.url_map.iter_rules()
        for word in [rule.rule.split("/")[1]]
        if word and "<" not in word and "." not in word
    }
    assert sorted(word for word in first if handles.key(word) not in handles._reserved_keys()) == []


def test_a_free_handle_is_made_from_any_name(app: Flask) -> None:
    make_person("Nadia Rahimi", handle="nadia-rahimi")
    assert queries.suggest_handle("Nadia Rahimi") == "nadia-rahimi-2"
    assert queries.suggest_handle("张伟") == "张伟"
    assert queries.suggest_handle("Admin") == "admin-2"
    assert queries.suggest_handle("!!!") == "reader"
    assert queries.suggest_handle("Аdam Smith") == "reader"  # a Cyrillic letter among Latin ones


def test_the_old_address_leads_to_the_new_one_for_ever(app: Flask) -> None:
    who = rae()
    with transaction():
        services.rename_handle(who.id, handle="rae-sato", at=clock.now())
    with transaction():
        services.rename_handle(who.id, handle="sato", at=clock.now())
    found = [queries.find_person(one) for one in ("rae", "rae-sato", "sato", "@SATO")]
    assert [one.handle if one else None for one in found] == ["sato"] * 4


def test_nobody_gets_a_handle_that_somebody_else_had_or_that_looks_like_it(app: Flask) -> None:
    who, other = rae(), ivy()
    with transaction():
        services.rename_handle(who.id, handle="coco", at=clock.now())
    for wanted in ("rae", "coco", "сосо", "c0c0"):
        with pytest.raises(Invalid), transaction():
            services.rename_handle(other.id, handle=wanted, at=clock.now())
    assert read_again(Person, other.id).handle == "ivy"


def test_somebody_may_go_back_to_their_own_old_handle(app: Flask) -> None:
    who = rae()
    for handle in ("sato", "rae"):
        with transaction():
            services.rename_handle(who.id, handle=handle, at=clock.now())
    assert read_again(Person, who.id).handle == "rae"
    assert (queries.find_person("sato") or who).handle == "rae"
