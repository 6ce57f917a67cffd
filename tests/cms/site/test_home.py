import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cms.site.models import HomeBlock, OldAddress
from tests.factories import make_post, save


def titles(page: str) -> list[str]:
    return [
        re.sub("<[^>]+>", "", one).strip()
        for one in re.findall(r'card__title"[^>]*>(.*?)</a>', page, re.DOTALL)
    ]


@pytest.mark.parametrize(("edition", "first"), [("en", "Chosen"), ("zh", "选中的")])
def test_a_chosen_lead_is_told_in_the_readers_language(
    app: Flask, client: FlaskClient, edition: str, first: str
) -> None:
    chosen = make_post("Chosen")
    make_post("选中的", language="zh", translation_of=chosen)
    make_post("Newer")
    make_post("更新的", language="zh")
    save(HomeBlock(kind="lead", post_id=chosen.id, count=3, position=0))
    shown = titles(client.get(f"/{edition}/").text)
    assert shown[0] == first
    assert {"Chosen", "选中的"} & set(shown) == {first}


def test_an_old_address_that_began_with_its_language_leads_on(app: Flask, client: FlaskClient) -> None:
    make_post("Spring notes", slug="spring-notes")
    save(OldAddress(path="/en/2013/spring/", target="/posts/spring-notes"))
    answer = client.get("/en/2013/spring/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/posts/spring-notes")
