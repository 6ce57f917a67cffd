"""Campaigns where the desk looks for things: the list of posts, and the command palette."""

from flask.testing import FlaskClient
from lxml import html

from campaigns.plans import services
from cms.core import clock
from tests.factories import make_campaign, make_person, make_post, nadia, sign_in, transaction


def test_posts_are_narrowed_to_a_campaign(client: FlaskClient) -> None:
    editor = nadia()
    sign_in(client, editor)
    rivers, other = make_campaign(), make_campaign(slug="other", name={"en": "Other", "zh": "别的"})
    mine, _loose = make_post(title="Clean rivers"), make_post(title="Something else")
    with transaction():
        services.assign_post(mine.id, rivers.id, by=editor, at=clock.now())

    def titles(query: str) -> list[str]:
        page = html.fromstring(client.get(f"/desk/posts?{query}").get_data())
        return sorted(
            one.text_content().strip() for one in page.xpath("//form[contains(@class, 'bulk')]//tbody//a")
        )

    assert len(titles("")) == 2
    assert titles(f"campaign={rivers.id}") == ["Clean rivers"]
    assert titles(f"campaign={other.id}") == []
    page = html.fromstring(client.get(f"/desk/posts?campaign={rivers.id}").get_data())
    assert page.xpath("//select[@name='campaign']/option[@selected]/@value") == [str(rivers.id)]
    assert page.xpath("//input[@name='list_campaign']/@value") == [str(rivers.id)]


def test_a_campaign_of_the_archive_stays_chosen(client: FlaskClient) -> None:
    sign_in(client, nadia())
    old = make_campaign(state="archived")
    page = html.fromstring(client.get(f"/desk/posts?campaign={old.id}").get_data())
    assert page.xpath("//select[@name='campaign']/option[@selected]/@value") == [str(old.id)]


def test_the_palette_finds_campaigns_for_those_who_run_them(client: FlaskClient) -> None:
    campaign = make_campaign()
    sign_in(client, nadia())
    assert client.get("/desk/find?q=quiet").get_json() == {
        "posts": [
            {
                "title": "Quiet networks",
                "url": f"/desk/campaigns/{campaign.id}",
                "kind": "Campaign",
                "language": None,
            }
        ]
    }
    assert client.get("/desk/find?q=").get_json() == {"posts": []}
    sign_in(client, make_person("Ada Byron", role="author"))
    assert client.get("/desk/find?q=quiet").get_json() == {"posts": []}
