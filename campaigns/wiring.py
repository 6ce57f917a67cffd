"""What the rooms of this house offer, written out, for `app.py` to join with the other house's. No room imports it."""

from collections.abc import Callable

import click

from campaigns.channels import demo as channel_demo
from campaigns.channels import held as channel_held
from campaigns.channels import jobs as channel_jobs
from campaigns.channels import news as channel_news
from campaigns.channels import seats
from campaigns.channels import views as channels
from campaigns.channels.services import leaving as channel_leaving
from campaigns.deliveries import commands as delivery_commands
from campaigns.deliveries import demo as delivery_demo
from campaigns.deliveries import jobs as delivery_jobs
from campaigns.deliveries import news as delivery_news
from campaigns.deliveries import times as delivery_times
from campaigns.deliveries import views as deliveries
from campaigns.engagement import api as engagement_api
from campaigns.engagement import commands as engagement_commands
from campaigns.engagement import demo as engagement_demo
from campaigns.engagement import jobs as engagement_jobs
from campaigns.engagement import views as engagement_views
from campaigns.engagement import watching as engagement_watching
from campaigns.engagement.collector import Follower
from campaigns.engagement.feeds import services as feeds
from campaigns.engagement.feeds.models import READERS_ARE_LEFT_OUT
from campaigns.engagement.models import SALTS_ARE_LEFT_OUT
from campaigns.engagement.platform import api as figures
from campaigns.engagement.platform import demo as figure_demo
from campaigns.engagement.platform import jobs as figure_jobs
from campaigns.goals import demo as goals_demo
from campaigns.goals import following as goals_following
from campaigns.goals import jobs as goal_jobs
from campaigns.goals import views as goals
from campaigns.goals.models import TOUCHES_ARE_LEFT_OUT
from campaigns.links import demo as link_demo
from campaigns.links import jobs as link_jobs
from campaigns.links import views as links
from campaigns.plans import demo as plan_demo
from campaigns.plans import holding as plan_holding
from campaigns.plans import jobs as plan_jobs
from campaigns.plans import news as plan_news
from campaigns.plans import times as plan_times
from campaigns.plans import views as plans
from campaigns.plans.finding import find_campaigns
from campaigns.polls import demo as polls_demo
from campaigns.polls import jobs as poll_jobs
from campaigns.polls import views as polls
from campaigns.reports import demo as report_demo
from campaigns.reports import held as report_held
from campaigns.reports import jobs as report_jobs
from campaigns.reports import views as reports
from campaigns.reports.services import leaving as report_leaving
from campaigns.reports.unusual import demo as unusual_demo
from campaigns.reports.unusual import jobs as unusual_jobs
from campaigns.reports.unusual import news as unusual_news
from cms.calendar import sources as calendar_sources
from cms.core import desk, health, sealed
from cms.core.doctor import Check
from cms.core.worker import Job
from cms.media import holders
from cms.notices.kinds import NoticeKind
from cms.people.events import PersonErased
from cms.people.held import Held
from cms.transfer.demo.site import DemoSite

ROOMS = [
    plans.bp,
    channels.bp,
    links.bp,
    deliveries.bp,
    engagement_views.bp,
    goals.bp,
    polls.bp,
    reports.bp,
    plans.api,
    links.api,
    channels.api,
    deliveries.api,
    figures.api,
    engagement_api.api,
    reports.api,
    goals.api,
    polls.api,
]
COMMANDS: list[click.Command] = [
    *engagement_commands.COMMANDS,
    *delivery_commands.COMMANDS,
]
JOBS: list[Job] = [  # what the worker does, in this order
    *plan_jobs.JOBS,
    *channel_jobs.JOBS,
    *link_jobs.JOBS,
    *delivery_jobs.JOBS,
    *engagement_jobs.JOBS,
    *report_jobs.JOBS,
    *figure_jobs.JOBS,
    *unusual_jobs.JOBS,
    *goal_jobs.JOBS,
    *poll_jobs.JOBS,
]
NOTICES: list[NoticeKind] = [  # in the order in which people choose among them
    *channel_news.NOTICES,
    *delivery_news.NOTICES,
    *plan_news.NOTICES,
    *unusual_news.NOTICES,
]
HOLDERS: list[holders.HolderSource] = [  # who says where a file is used
    plan_holding.SOURCE,
]
SEALED: list[sealed.Sealed] = [  # what `parley secrets rotate` writes anew
    seats.SEALED,
]
FIGURES: list[health.Figures] = [  # what rooms add to the metrics
    *delivery_jobs.FIGURES,
    engagement_watching.figures,
]
CHECKS: list[Check] = [
    *delivery_jobs.CHECKS,
]
SOURCES: list[calendar_sources.Source] = [  # what has a time, for the calendar
    *plan_times.SOURCES,
    *delivery_times.SOURCES,
]
FOLLOWERS: list[Follower] = [  # who hears what was collected, before it is kept
    feeds.follow,
    goals_following.follow,
]
FINDERS: list[desk.Finder] = [  # what the command palette finds besides posts
    find_campaigns,
]
HELD: list[Held] = [  # what somebody may take along, in this order
    *channel_held.HELD,
    *report_held.HELD,
]
ERASING: list[Callable[[PersonErased], None]] = [  # what rooms do beside emptying what names somebody
    channel_leaving.hear_erased,
    report_leaving.hear_erased,
]
LEFT_OUT = {  # tables no archive holds, and why
    "report_shares": "links that let somebody in",
}
DEMO: list[Callable[[DemoSite], None]] = [  # what rooms below add to the sample site
    plan_demo.make_campaigns,
    channel_demo.make_accounts,
    link_demo.make_links,
    delivery_demo.make_deliveries,
    goals_demo.make_goals,
    polls_demo.make_polls,
    report_demo.make_kept,
    figure_demo.make_platform_figures,
    engagement_demo.make_figures,  # its figures are not undone with the rest
    unusual_demo.tell_busiest_hour,  # reads them
]
FORGOTTEN = {
    **SALTS_ARE_LEFT_OUT,
    **READERS_ARE_LEFT_OUT,
    **TOUCHES_ARE_LEFT_OUT,
}  # tables that no backup keeps either
