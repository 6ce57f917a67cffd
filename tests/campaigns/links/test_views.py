"""The desk's pages about links."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user

from campaigns.links import panels, services
from campaigns.links.models import InboundUTM, Link, UTMValue
from cms.core import clock
from cms.core.database import db, transaction
from cms.people.models import AuditEntry
from tests.campaigns.links.making import make_account, make_campaign, make_link
from tests.factories import make_post, nadia, read_again, save, sign_in, tom


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """Tom's browser."""
    client = app.test_client()
    sign_in(client, tom())
    return client


def acts() -> list[str]:
    return [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_an_empty_list_teaches(desk: FlaskClient) -> None:
    assert "Every delivery makes its own link." in desk.get("/desk/links").text
    assert "No link is like that" in desk.get("/desk/links?q=x").text


def test_the_list_makes_as_many_queries_for_three_as_for_one(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    def made(number: int) -> None:
        campaign, account = make_campaign(f"campaign-{number}"), make_account(f"Account {number}")
        make_link(campaign_id=campaign.id, account_id=account.id, post_id=make_post(f"Post {number}").id)

    made(1)
    desk.get("/desk/links")
    count_queries.clear()
    desk.get("/desk/links")
    for_one = len(count_queries)
    made(2)
    made(3)
    count_queries.clear()
    page = desk.get("/desk/links").text
    assert len(count_queries) == for_one
    assert [f">Post {number}</a>" in page for number in (1, 2, 3)] == [True, True, True]


def test_the_list_is_narrowed_and_paged_by_key(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.links.queries.PAGE_LENGTH", 2)
    links = [make_link(f"/posts/number-{number}") for number in range(3)]
    page = desk.get("/desk/links").text
    assert [link.code in page for link in links] == [False, True, True]
    older = unescape(page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0])
    assert [link.code in desk.get(older).text for link in links] == [True, False, False]
    page = desk.get("/desk/links?q=number-1").text
    assert [link.code in page for link in links] == [False, True, False]


def test_the_short_address_can_be_selected_without_script(desk: FlaskClient) -> None:
    link = make_link()
    assert f'value="http://localhost/l/{link.code}" readonly' in desk.get("/desk/links").text


def test_a_link_is_made_by_hand(desk: FlaskClient) -> None:
    campaign = make_campaign()
    answer = desk.post(
        "/desk/links",
        data={
            "target": "https://partner.example.com/",
            "label": "Poster",
            "campaign": str(campaign.id),
            "source": "Poster",
            "medium": "print",
            "expires": "2026-12-24T18:00",
        },
    )
    [link] = db.session.query(Link)
    assert (answer.status_code, answer.location) == (303, f"/desk/links/{link.id}")
    assert link.utm == {"source": "poster", "medium": "print", "campaign": "clean-rivers"}
    assert link.expires_at
    assert link.expires_at.isoformat() == "2026-12-24T18:00:00+00:00"
    assert acts()[-1] == "link.created"
    assert f"http://localhost/l/{link.code}" in desk.get(answer.location).text


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = desk.post(
        "/desk/links", data={"target": "ftp://x", "label": "Poster", "source": "a b", "expires": "soon"}
    )
    assert answer.status_code == 422
    assert 'value="ftp://x"' in answer.text
    assert 'value="Poster"' in answer.text
    assert "Please give a date and a time." in answer.text
    monkeypatch.setitem(
        desk.application.config,
        "PARLEY",
        replace(desk.application.config["PARLEY"], timezone="Asia/Shanghai"),
    )
    answer = desk.post("/desk/links", data={"target": "/", "expires": "0001-01-01T00:00"})
    assert (answer.status_code, "There is no such date or time." in answer.text) == (422, True)
    answer = desk.post("/desk/links", data={"target": "ftp://x", "source": "a b"})
    assert "Only addresses that begin with http:// or https:// can be given." in answer.text
    assert "A value has no spaces: please write a hyphen instead." in answer.text
    assert db.session.query(Link).count() == 0


def test_another_page_can_begin_a_link(desk: FlaskClient) -> None:
    campaign = make_campaign()
    page = desk.get(f"/desk/links/new?campaign={campaign.id}&target=/posts/x").text
    assert f'<option selected value="{campaign.id}">Clean rivers</option>' in page
    assert 'value="/posts/x"' in page


def test_of_a_delivery_only_label_end_and_replacement_change(desk: FlaskClient) -> None:
    link = make_link()
    page = desk.get(f"/desk/links/{link.id}").text
    assert 'name="target"' not in page
    assert 'name="source"' not in page
    sent = {"label": "Known", "target": "https://evil.example/", "source": "x", "version": str(link.version)}
    assert desk.post(f"/desk/links/{link.id}", data=sent).status_code == 303
    again = read_again(Link, link.id)
    assert (again.label, again.target, again.utm["source"]) == ("Known", link.target, "mastodon")


def test_who_comes_second_is_told(desk: FlaskClient) -> None:
    link = make_link()
    first = {"label": "First", "version": str(link.version)}
    assert desk.post(f"/desk/links/{link.id}", data=first).status_code == 303
    answer = desk.post(f"/desk/links/{link.id}", data={**first, "label": "Second"})
    assert (answer.status_code, "Somebody changed this link" in answer.text) == (409, True)
    assert 'value="Second"' in answer.text


def test_a_time_set_to_the_second_stays_when_it_is_not_touched(desk: FlaskClient) -> None:
    link = make_link()
    moment = clock.now() - timedelta(seconds=30)
    with transaction():
        row = db.session.get(Link, link.id)
        assert row is not None
        row.expires_at = moment
    sent = {"label": "Over", "expires": moment.strftime("%Y-%m-%dT%H:%M")}
    assert desk.post(f"/desk/links/{link.id}", data=sent).status_code == 303
    assert read_again(Link, link.id).expires_at == moment


def test_ending_is_undone(desk: FlaskClient, client: FlaskClient) -> None:
    link = make_link()
    assert desk.post(f"/desk/links/{link.id}/end").location == f"/desk/links/{link.id}"
    assert client.get(f"/l/{link.code}").status_code == 410
    assert "Undo: let it lead again" in desk.get(f"/desk/links/{link.id}").text
    desk.post(f"/desk/links/{link.id}/end/removal")
    assert client.get(f"/l/{link.code}").status_code == 302
    assert acts()[-2:] == ["link.ended", "link.resumed"]


def test_what_expired_is_called_so(desk: FlaskClient) -> None:
    link = make_link()
    with transaction():
        row = db.session.get(Link, link.id)
        assert row is not None
        row.expires_at = clock.now() - timedelta(hours=1)
    assert "Expired" in desk.get("/desk/links").text


# Boxes ------------------------------------------------------------------------------------------------------------


def test_a_live_post_has_its_links_beside_it(desk: FlaskClient) -> None:
    post = make_post("Spring notes", slug="spring-notes")
    page = desk.get(f"/desk/posts/{post.id}").text
    begins = f"/desk/links/new?target=/posts/spring-notes&amp;post={post.id}"
    assert begins in page
    account = make_account("Parley on Mastodon")
    for _number in range(6):
        make_link(post_id=post.id, account_id=account.id)
    page = desk.get(f"/desk/posts/{post.id}").text
    assert page.count('aria-label="Short address: Spring notes"') == 5
    assert f'href="/desk/links?post={post.id}">All links</a>' in page
    form = desk.get(unescape(begins)).text
    assert f'name="post" type="hidden" value="{post.id}"' in form
    desk.post("/desk/links", data={"target": "/posts/spring-notes", "post": str(post.id)})
    assert db.session.query(Link).order_by(Link.id.desc()).first().post_id == post.id  # type: ignore[union-attr]
    answer = desk.post("/desk/links", data={"target": "/", "post": "404"})
    assert (answer.status_code, "There is no such post." in answer.text) == (422, True)


def test_a_draft_without_links_has_no_box_of_them(desk: FlaskClient) -> None:
    draft = make_post("Draft", publish=False)
    assert "Short links" not in desk.get(f"/desk/posts/{draft.id}").text
    make_link(post_id=draft.id)
    assert "Short links" in desk.get(f"/desk/posts/{draft.id}").text


def test_a_campaign_has_its_links_beside_it(app: Flask) -> None:
    campaign = make_campaign()
    link = make_link(campaign_id=campaign.id)
    make_link()
    with app.test_request_context("/desk/campaigns/1"):
        assert panels.links_of_campaign(campaign) == ""  # nobody is signed in
        login_user(tom())
        box = panels.links_of_campaign(campaign)
    assert (box.count("data-copy="), link.code in box) == (1, True)
    assert f"/desk/links/new?campaign={campaign.id}" in box


# QR codes ---------------------------------------------------------------------------------------------------------


def test_a_code_is_dark_on_light_with_its_quiet_zone(desk: FlaskClient) -> None:
    link = make_link()
    answer = desk.get(f"/desk/links/{link.id}/qr.svg")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/svg+xml", "private, no-store")
    assert 'viewBox="0 0 37 37"' in answer.text  # version 3 has 29 modules, and four more on each side
    assert 'fill="#fff"' in answer.text
    assert 'stroke="#000"' in answer.text
    wider = desk.get(f"/desk/links/{link.id}/qr.svg?border=8&correction=L").text
    assert 'viewBox="0 0 41 41"' in wider


@pytest.mark.parametrize(("asked", "pixels"), [("", 999), ("?size=256", 222), ("?size=99999&border=0", 999)])
def test_a_picture_has_whole_modules(desk: FlaskClient, asked: str, pixels: int) -> None:
    answer = desk.get(f"/desk/links/{make_link().id}/qr.png{asked}")
    assert answer.mimetype == "image/png"
    assert int.from_bytes(answer.data[16:20]) == int.from_bytes(answer.data[20:24]) == pixels


def test_a_code_is_taken_away_under_its_name(desk: FlaskClient) -> None:
    link = make_link()
    answer = desk.get(f"/desk/links/{link.id}/qr.png?download=1&size=512&border=6&correction=H")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{link.code}.png"'


def test_a_sheet_shows_the_code_and_the_address(desk: FlaskClient) -> None:
    link = make_link()
    page = desk.get(f"/desk/links/{link.id}/sheet").text
    assert f">localhost/l/{link.code}</p>" in page
    assert f'src="/desk/links/{link.id}/qr.svg?correction=Q"' in page


# Rules and values that came in ------------------------------------------------------------------------------------


def test_values_are_allowed_and_taken_off(desk: FlaskClient) -> None:
    assert desk.post("/desk/links/values", data={"field": "source", "value": "Poster"}).status_code == 303
    [row] = db.session.query(UTMValue)
    assert "<code>poster</code>" in desk.get("/desk/links/values").text
    again = desk.post("/desk/links/values", data={"field": "source", "value": "poster"})
    assert (again.status_code, "“poster” is allowed already." in again.text) == (422, True)
    desk.post(f"/desk/links/values/{row.id}/removal")
    assert db.session.query(UTMValue).count() == 0
    assert acts()[-2:] == ["utm_value.allowed", "utm_value.disallowed"]


def came(**values: str) -> None:
    with transaction():
        services.note_inbound(values, at=clock.now())


def test_values_that_came_in_are_decided(desk: FlaskClient) -> None:
    campaign = make_campaign()
    came(source="<b>partner</b>", campaign="Clean-Rivers")
    [row] = db.session.query(InboundUTM)
    page = desk.get("/desk/links/inbound").text
    assert "utm_source=&lt;b&gt;partner&lt;/b&gt;" in page
    assert f'<option value="{campaign.id}" selected>' in page  # proposed, not taken
    at = f"/desk/links/inbound/{row.id}"
    desk.post(f"{at}/campaign", data={"campaign": str(campaign.id)})
    assert read_again(InboundUTM, row.id).campaign_id == campaign.id
    desk.post(f"{at}/decision/removal")
    desk.post(f"{at}/dismissal")
    assert read_again(InboundUTM, row.id).ignored_at == clock.now()
    assert acts()[-3:] == ["inbound_utm.mapped", "inbound_utm.reopened", "inbound_utm.ignored"]


def test_a_choice_that_is_none_is_said(desk: FlaskClient) -> None:
    came(campaign="spring")
    [row] = db.session.query(InboundUTM)
    answer = desk.post(f"/desk/links/inbound/{row.id}/campaign", data={"campaign": ""}, follow_redirects=True)
    assert "There is no such campaign." in answer.text
    assert desk.post(f"/desk/links/inbound/{row.id}/merger", data={"into": "404"}).status_code == 404


def test_values_are_merged_and_parted(desk: FlaskClient) -> None:
    came(campaign="spring")
    came(campaign="sprnig")
    right, wrong = db.session.query(InboundUTM).order_by(InboundUTM.id)
    desk.post(f"/desk/links/inbound/{wrong.id}/merger", data={"into": str(right.id)})
    assert "Part them again" in desk.get("/desk/links/inbound").text
    desk.post(f"/desk/links/inbound/{wrong.id}/merger/removal")
    assert "Part them again" not in desk.get("/desk/links/inbound").text
    assert acts()[-2:] == ["inbound_utm.merged", "inbound_utm.parted"]


def test_the_page_of_values_makes_as_many_queries_for_three_as_for_one(
    desk: FlaskClient, count_queries: list[str]
) -> None:
    came(campaign="one")
    desk.get("/desk/links/inbound")
    count_queries.clear()
    desk.get("/desk/links/inbound")
    for_one = len(count_queries)
    came(campaign="two")
    came(campaign="three")
    count_queries.clear()
    desk.get("/desk/links/inbound")
    assert len(count_queries) == for_one


def test_an_editor_sees_the_rules_and_a_manager_changes_them(desk: FlaskClient, client: FlaskClient) -> None:
    save(UTMValue(field="source", value="poster", created_at=clock.now()))
    sign_in(client, nadia())
    shown = [("Take off" in one, "Managers say which" in one) for one in map(rules_page, (desk, client))]
    assert shown == [(True, False), (False, True)]


def rules_page(browser: FlaskClient) -> str:
    return browser.get("/desk/links/values").text
