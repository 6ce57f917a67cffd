"""Who may use campaigns: those who run them, and readers what is public of them."""

from tests.factories import make_campaign, make_post
from tests.house.authorisation import Row, everyone, only

RUNS = ("editor", "manager", "admin")


def runs(path: str) -> Row:
    return only(*RUNS, at=lambda: f"/desk/campaigns/{make_campaign().id}{path}")


def shown(path: str = "") -> Row:
    return everyone(lambda: f"/campaigns/{make_campaign(is_public=True).slug}{path}")


ROWS = {
    "plans.list_campaigns GET": only(*RUNS, at="/desk/campaigns"),
    "plans.new_campaign GET": only(*RUNS, at="/desk/campaigns/new"),
    "plans.create_campaign POST": only(*RUNS, at="/desk/campaigns"),
    "plans.show_campaign GET": runs(""),
    "plans.edit_campaign GET": runs("/plan"),
    "plans.save_campaign POST": runs("/plan"),
    "plans.move_day POST": runs("/days/end"),
    "plans.move_campaign POST": runs("/state"),
    "plans.add_posts POST": runs("/posts"),
    "plans.remove_post POST": runs("/posts/1/removal"),
    "plans.add_chosen POST": only(*RUNS, at="/desk/campaigns/posts"),
    "plans.choose_campaign POST": only(*RUNS, at=lambda: f"/desk/posts/{make_post().id}/campaign"),
    "plans.list_public_campaigns GET": everyone("/campaigns"),
    "plans.show_public_campaign GET": shown(),
    "plans.campaign_feed_feed_xml GET": shown("/feed.xml"),
    "plans.campaign_feed_atom_xml GET": shown("/atom.xml"),
    "plans.campaign_feed_feed_json GET": shown("/feed.json"),
}
