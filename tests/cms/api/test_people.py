from flask import Flask

from cms.core.database import transaction
from cms.media import services as media
from cms.people import services as people
from tests.cms.api.conftest import Program
from tests.conftest import NOW
from tests.factories import make_media, make_person, rae


def test_somebody_is_shown_as_their_profile_page_shows_them(api: Program, app: Flask) -> None:
    mei = make_person("梅雨", "author", handle="mei", headline={"zh": "网络规划师"}, bio={"en": "Plans."})
    picture = make_media()
    with transaction():
        media.set_portrait(mei.id, media_id=picture.id, by=mei, at=NOW)
    told = {
        "handle": "mei",
        "name": "梅雨",
        "url": "http://localhost/@mei",
        "headline": {"zh": "网络规划师"},
        "bio": {"en": "Plans."},
        "portrait": picture.id,
        "role": None,
    }
    assert Program(app, rae()).get("/people/mei").json == told
    assert api.get("/people/mei").json == {**told, "role": "author"}
    assert api.get("/people/@MEI").json["handle"] == "mei"


def test_an_old_handle_leads_to_who_had_it(api: Program) -> None:
    mei = make_person("Mei", "author", handle="mei")
    with transaction():
        people.rename_handle(mei.id, handle="mei-rain", at=NOW)
    with transaction():
        people.rename_handle(mei.id, handle="mei-fog", at=NOW)
    assert api.get("/people/mei-rain").json["handle"] == "mei-fog"


def test_accounts_of_readers_are_not_listed_to_each_other(api: Program, app: Flask) -> None:
    make_person("Guest", "guest")
    make_person("Gone", "author", disabled_at=NOW)
    make_person("Ivy", "member")
    reader = Program(app, rae())
    assert [one["handle"] for one in reader.get("/people").json["items"]] == ["rae", "guest", "nadia"]
    listed = [one["handle"] for one in api.get("/people").json["items"]]
    assert listed == ["rae", "ivy", "gone", "guest", "nadia"]
    for handle in ("ivy", "gone", "nobody", "%E2%80%8B", "..", "x" * 500):
        assert reader.get(f"/people/{handle}").status_code == 404
    assert [reader.get(f"/people/{one}").status_code for one in ("rae", "guest", "nadia")] == [200] * 3
    assert "@" not in api.get("/people").text.replace("localhost/@", "")


def test_people_are_paged(api: Program) -> None:
    for number in range(3):
        make_person(f"Person {number}", "author", handle=f"person-{number}")
    first = api.get("/people?limit=2").json
    make_person("Later", "author")
    second = api.get(f"/people?limit=2&cursor={first['next']}").json
    seen = [one["handle"] for page in (first, second) for one in page["items"]]
    assert (seen, second["next"]) == (["person-2", "person-1", "person-0", "nadia"], None)
