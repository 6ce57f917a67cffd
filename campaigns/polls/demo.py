"""Questions of the sample site, for `parley demo`, and what readers answered; a few answers are ours or a machine's."""

import random
from datetime import timedelta
from pathlib import Path

import yaml

from campaigns.engagement.visitors import window_at
from campaigns.plans.queries import find_campaign
from campaigns.polls import services
from campaigns.polls.models import AUDIENCES
from campaigns.polls.terms import PollTerms, read_terms
from cms.core.database import db
from cms.core.pages import config
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite

SAID = Path(__file__).with_name("demo.yaml")
SEED = 1895  # the year of the first telegraph without a wire
OTHERS = ("staff", "crawler")  # beside the people


def make_polls(site: DemoSite) -> None:
    """Ask, and answer. Inside the transaction of the sample site."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    for said in yaml.safe_load(SAID.read_text(encoding="utf-8")):
        campaign = find_campaign(said["campaign"]) if "campaign" in said else None
        asked_at = site.at + timedelta(days=said["day"])
        poll = services.ask(
            read_terms(
                PollTerms(
                    said["kind"],
                    said["question"],
                    said.get("choices", ()),
                    said.get("asks_audience", False),
                    said.get("shows_results", False),
                )
            ),
            post_id=site.stories[said["story"]] if "story" in said else None,
            campaign_id=campaign.id if campaign else None,
            by=db.session.get_one(Person, site.people[said["by"]]),
            at=asked_at,
        )
        keys = [one.id for one in poll.choices] if poll.kind == "choice" else list(range(11))
        given = [key for key, many in zip(keys, said["answers"], strict=True) for _ in range(many)]
        chance.shuffle(given)
        for number, key in enumerate((*given, *chance.choices(keys, k=len(OTHERS)))):
            at = asked_at + (site.at - asked_at) * chance.random()
            services.answer_poll(
                poll.id,
                str(key),
                chance.choice(("", "", *AUDIENCES)),
                visitor=number + 1,
                window=window_at(at, config().visitor_window),
                verdict="human" if number < len(given) else OTHERS[number - len(given)],
                at=at,
            )
