"""What went wrong is said in the reader's language, whoever raised it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from cms.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from tests.factories import nadia, sign_in


@pytest.mark.parametrize(
    ("language", "said"), [("en", "You may not do this."), ("zh-CN", "您无权进行此操作。")]
)
def test_what_one_may_not_do_is_said_in_ones_language(client: FlaskClient, language: str, said: str) -> None:
    sign_in(client, nadia())
    answer = client.get("/desk/audit", headers={"Accept-Language": language})
    assert answer.status_code == 403
    assert f'<p class="notfound__what">{said}</p>' in answer.text


@pytest.mark.parametrize("kind", [Problem, NotFound, NotAllowed, Conflict, Invalid])
def test_every_kind_has_a_sentence_in_both_languages(app: Flask, kind: type[Problem]) -> None:
    with app.test_request_context():
        with force_locale("en"):
            english = str(kind().message)
        with force_locale("zh"):
            chinese = str(kind().message)
    assert english.isascii()
    assert not chinese.isascii()


def test_outside_of_a_request_it_is_english() -> None:
    assert str(NotAllowed()) == "You may not do this."
