"""What other parts of the program ask about the campaign a post serves."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import gettext as _

from campaigns.plans import queries, rules, services
from cms.api.campaigns import PostCampaigns
from cms.core.errors import Invalid, NotAllowed
from cms.people.models import Person


def slugs_of_posts(post_ids: Iterable[int], person: Person | None) -> Mapping[int, str]:
    """The slugs of the campaigns these posts serve: of all for those who run them, else of the public ones."""
    return queries.slugs_of_posts(post_ids, only_public=not rules.can_see_campaigns(person))


def choose(slug: str | None, person: Person | None) -> int | None:
    """The number of the campaign that this person names for a post."""
    if not rules.can_edit_campaigns(person):
        raise NotAllowed(_("An editor decides which campaign a post serves. Please leave it out."))
    if slug is None:
        return None
    campaign = queries.find_campaign(slug)
    if campaign is None:
        raise Invalid(errors={"campaign": _("There is no campaign with this slug.")})
    return campaign.id


def assign(post_id: int, campaign_id: int | None, by: Person, at: datetime) -> None:
    """Let a post serve this campaign, also when it served another one, or none."""
    if campaign_id is None:
        services.remove_post(post_id, by=by, at=at)
    else:
        services.assign_post(post_id, campaign_id, move=True, by=by, at=at)


CAMPAIGNS = PostCampaigns(slugs_of_posts, choose, assign)
