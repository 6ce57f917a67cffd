"""Builds the application: settings, a written-out list of rooms, the seams, error pages, commands, jobs."""

import gc

gc.disable()  # nothing that is imported becomes garbage; to look for some meanwhile is a fifth of a start

import os
import sys
from collections.abc import Callable, Mapping

import click
from flask import Flask
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from campaigns.channels import demo as channel_demo
from campaigns.channels import jobs as channel_jobs
from campaigns.channels import news as channel_news
from campaigns.channels import panels as channel_panels
from campaigns.channels import rules as channel_rules
from campaigns.channels import seats, waiting
from campaigns.channels import services as channel_services
from campaigns.channels import views as channels
from campaigns.channels.catalogue import networks
from campaigns.channels.events import AccountRemoved
from campaigns.channels.services import leaving as channel_leaving
from campaigns.deliveries import commands as delivery_commands
from campaigns.deliveries import demo as delivery_demo
from campaigns.deliveries import jobs as delivery_jobs
from campaigns.deliveries import news as delivery_news
from campaigns.deliveries import panels as delivery_panels
from campaigns.deliveries import rules as delivery_rules
from campaigns.deliveries import services as delivery_services
from campaigns.deliveries import times as delivery_times
from campaigns.deliveries import views as deliveries
from campaigns.deliveries.checks import before_account_removal
from campaigns.deliveries.engine import guarding
from campaigns.deliveries.events import DeliveryGone, DeliverySent
from campaigns.deliveries.queries.waiting import waiting_by_account
from campaigns.engagement import commands as engagement_commands
from campaigns.engagement import demo as engagement_demo
from campaigns.engagement import facts as engagement_facts
from campaigns.engagement import installing as engagement
from campaigns.engagement import jobs as engagement_jobs
from campaigns.engagement import panels as engagement_panels
from campaigns.engagement import views as engagement_views
from campaigns.engagement import watching as engagement_watching
from campaigns.engagement.collector import Follower
from campaigns.engagement.feeds import services as feeds
from campaigns.engagement.feeds.models import READERS_ARE_LEFT_OUT
from campaigns.engagement.gate import Gate
from campaigns.engagement.listening import hear_clicks
from campaigns.engagement.models import SALTS_ARE_LEFT_OUT
from campaigns.engagement.platform import api as figures
from campaigns.engagement.platform import demo as figure_demo
from campaigns.engagement.platform import jobs as figure_jobs
from campaigns.engagement.platform import watching as figure_watching
from campaigns.engagement.queries import clicks_of_links
from campaigns.goals import demo as goals_demo
from campaigns.goals import following as goals_following
from campaigns.goals import jobs as goal_jobs
from campaigns.goals import panels as goal_panels
from campaigns.goals import views as goals
from campaigns.goals.models import TOUCHES_ARE_LEFT_OUT
from campaigns.links import counted
from campaigns.links import demo as link_demo
from campaigns.links import jobs as link_jobs
from campaigns.links import panels as link_panels
from campaigns.links import rules as link_rules
from campaigns.links import views as links
from campaigns.links.ahead import Ahead
from campaigns.links.shelf import Shelf
from campaigns.plans import demo as plan_demo
from campaigns.plans import holding as plan_holding
from campaigns.plans import jobs as plan_jobs
from campaigns.plans import news as plan_news
from campaigns.plans import panels as plan_panels
from campaigns.plans import rules as plan_rules
from campaigns.plans import times as plan_times
from campaigns.plans import views as plans
from campaigns.plans.events import CampaignMoved
from campaigns.plans.finding import find_campaigns
from campaigns.plans.queries import PUBLIC_CAMPAIGNS, posts_of
from campaigns.plans.serving import CAMPAIGNS
from campaigns.polls import demo as polls_demo
from campaigns.polls import jobs as poll_jobs
from campaigns.polls import panels as poll_panels
from campaigns.polls import rules as poll_rules
from campaigns.polls import views as polls
from campaigns.reports import jobs as report_jobs
from campaigns.reports import panels as report_panels
from campaigns.reports import rules as report_rules
from campaigns.reports import views as reports
from campaigns.reports.services import leaving as report_leaving
from campaigns.reports.unusual import jobs as unusual_jobs
from campaigns.reports.unusual import news as unusual_news
from cms.api import jobs as api_jobs
from cms.api import views as api
from cms.blogs import held as blogs_held
from cms.blogs import news as blog_news
from cms.blogs import panels as blog_panels
from cms.blogs import rules as blog_rules
from cms.blogs import views as blogs
from cms.blogs.services import leaving as blog_leaving
from cms.calendar import rules as calendar_rules
from cms.calendar import sources as calendar_sources
from cms.calendar import views as calendar
from cms.circles import held as circles_held
from cms.circles import jobs as circle_jobs
from cms.circles import news as circle_news
from cms.circles import panels as circle_panels
from cms.circles import rules as circle_rules
from cms.circles import subjects as circle_topics
from cms.circles import times as circle_times
from cms.circles import views as circle_views
from cms.circles.events import CircleJoined, CircleMerged, TopicStarted
from cms.circles.services import keeping as circles
from cms.circles.services import leaving as circle_leaving
from cms.comments import held as comments_held
from cms.comments import jobs as comment_jobs
from cms.comments import news as comment_news
from cms.comments import panels as comment_panels
from cms.comments import rules as comment_rules
from cms.comments import subjects as comment_subjects
from cms.comments import views as comments
from cms.comments.events import CommentGone, CommentShown, ReactionGiven
from cms.comments.on_posts import Posts as CommentedPosts
from cms.comments.services import erasing as comment_erasing
from cms.contests import held as contests_held
from cms.contests import jobs as contest_jobs
from cms.contests import news as contest_news
from cms.contests import outcomes, proposals
from cms.contests import panels as contest_panels
from cms.contests import rules as contest_rules
from cms.contests import times as contest_times
from cms.contests import views as contests
from cms.contests.events import EntrySubmitted
from cms.contests.judging import commands as judging_commands
from cms.contests.judging import held as judging_held
from cms.contests.judging import jobs as judging_jobs
from cms.contests.judging import news as judging_news
from cms.contests.judging import services as judging_services
from cms.contests.judging import telling
from cms.contests.judging import views as judging
from cms.contests.judging.events import VoteCast
from cms.contests.queries.public import CONTESTS, winning_posts
from cms.contests.services import forgetting as contest_forgetting
from cms.contributions import held as contributions_held
from cms.contributions import jobs as contribution_jobs
from cms.contributions import news as contribution_news
from cms.contributions import panels as contribution_panels
from cms.contributions import rules as contribution_rules
from cms.contributions import services as contribution_services
from cms.contributions import times as contribution_times
from cms.contributions import views as contributions
from cms.contributions.checks import before_publication as find_in_contributions
from cms.contributions.services import leaving as contribution_leaving
from cms.core import (
    access,
    changes,
    desk,
    health,
    languages,
    logs,
    mail,
    pagecache,
    pages,
    problems,
    sealed,
    seams,
    words,
)
from cms.core import commands as core_commands
from cms.core.config import Config, read_config
from cms.core.database import db, engine_options
from cms.core.doctor import Check
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.drafts import held as drafts_held
from cms.drafts import jobs as draft_jobs
from cms.following import held as following_held
from cms.following import jobs as following_jobs
from cms.following import kinds as following_kinds
from cms.following import news as following_news
from cms.following import services as following_services
from cms.following import views as following
from cms.following.kinds import Followable
from cms.media import held as media_held
from cms.media import holders
from cms.media import jobs as media_jobs
from cms.media import rules as media_rules
from cms.media import services as media
from cms.media import views as media_views
from cms.media.events import MediaReplaced
from cms.media.views import serving as media_files
from cms.notices import held as notices_held
from cms.notices import jobs as notice_jobs
from cms.notices import kinds as notice_kinds
from cms.notices import services as notice_services
from cms.notices import views as notices
from cms.notices.kinds import NoticeKind
from cms.people import commands as people_commands
from cms.people import held as people_held
from cms.people import identity
from cms.people import jobs as people_jobs
from cms.people import rules as people_rules
from cms.people import views as people
from cms.people.events import PersonErased, SignedUp
from cms.people.held import Held
from cms.people.services import second_step
from cms.posts import held as posts_held
from cms.posts import holding as post_holding
from cms.posts import jobs as post_jobs
from cms.posts import mentions
from cms.posts import news as post_news
from cms.posts import panels as post_panels
from cms.posts import rules as post_rules
from cms.posts import services as posts
from cms.posts import times as post_times
from cms.posts import views as post_views
from cms.posts.cards import fetching as link_cards
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown, RevisionSaved
from cms.posts.services import erasing as post_erasing
from cms.reviews import checks as review_checks
from cms.reviews import jobs as review_jobs
from cms.reviews import news as review_news
from cms.reviews import panels as review_panels
from cms.reviews import queries as review_queries
from cms.reviews import rules as review_rules
from cms.reviews import services as review_services
from cms.reviews import times as review_times
from cms.reviews import views as reviews
from cms.reviews.services import leaving as review_leaving
from cms.site import commands as site_commands
from cms.site import jobs as site_jobs
from cms.site import views as site
from cms.site.outgoing import find_in_card
from cms.site.rules import can_arrange_site
from cms.site.services import index as search_index
from cms.topics import rules as topic_rules
from cms.topics import views as topics
from cms.topics.events import TagMerged
from cms.transfer import commands as transfer_commands
from cms.transfer import jobs as transfer_jobs
from cms.transfer.archive import commands as archive_commands
from cms.transfer.backup import commands as backup_commands
from cms.transfer.demo import circles as circle_demo
from cms.transfer.demo import comments as comment_demo
from cms.transfer.demo import contests as contest_demo
from cms.transfer.demo.blogs import make_blogs
from cms.transfer.demo.command import make_demo
from cms.transfer.demo.site import DemoSite
from cms.transfer.events import DatabaseRestored

gc.freeze()
gc.enable()

ROOMS = [
    pages.bp,
    health.bp,
    people.bp,
    notices.bp,
    media_views.bp,
    media_files.bp,
    topics.bp,
    calendar.bp,
    post_views.bp,
    reviews.bp,
    comments.bp,
    judging.bp,
    circle_views.bp,
    site.bp,
    contributions.bp,
    blogs.bp,
    contests.bp,
    following.bp,
    plans.bp,
    channels.bp,
    links.bp,
    deliveries.bp,
    engagement_views.bp,
    goals.bp,
    polls.bp,
    reports.bp,
    api.bp,
    plans.api,
    links.api,
    channels.api,
    deliveries.api,
    figures.api,
    reports.api,
    goals.api,
    polls.api,
]
COMMANDS: list[click.Command] = [
    *core_commands.COMMANDS,
    *people_commands.COMMANDS,
    *site_commands.COMMANDS,
    *transfer_commands.COMMANDS,
    *engagement_commands.COMMANDS,
    *archive_commands.COMMANDS,
    *backup_commands.COMMANDS,
    *delivery_commands.COMMANDS,
    *judging_commands.COMMANDS,
    make_demo,
]
JOBS: list[Job] = [
    *mail.JOBS,
    *changes.JOBS,
    *people_jobs.JOBS,
    *notice_jobs.JOBS,
    *media_jobs.JOBS,
    *draft_jobs.JOBS,
    *post_jobs.JOBS,
    *link_cards.JOBS,
    *review_jobs.JOBS,
    *circle_jobs.JOBS,
    *comment_jobs.JOBS,
    *contribution_jobs.JOBS,
    *following_jobs.JOBS,
    *judging_jobs.JOBS,
    *transfer_jobs.JOBS,
    *contest_jobs.JOBS,
    *site_jobs.JOBS,
    *api_jobs.JOBS,
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
    *post_news.NOTICES,
    *review_news.NOTICES,
    *contribution_news.NOTICES,
    *blog_news.NOTICES,
    *contest_news.NOTICES,
    *judging_news.NOTICES,
    *following_news.NOTICES,
    mentions.MENTIONED,
    *comment_news.NOTICES,
    *circle_news.NOTICES,
    *channel_news.NOTICES,
    *delivery_news.NOTICES,
    *plan_news.NOTICES,
    *unusual_news.NOTICES,
]
FOLLOWABLE: list[Followable] = [  # what can be followed, in the order in which it is listed
    Followable(
        "person",
        _("Person"),
        following_kinds.people_named,
        following_kinds.people_posts,
        following_kinds.people_of_post,
    ),
    Followable(
        "tag",
        _("Topic"),
        following_kinds.tags_named,
        following_kinds.tags_posts,
        following_kinds.tags_of_post,
    ),
    Followable(
        "circle",
        _("Circle"),
        following_kinds.circles_named,
        following_kinds.no_posts,
        following_kinds.of_no_post,
    ),
]
HOLDERS: list[holders.HolderSource] = [
    post_holding.SOURCE,
    plan_holding.SOURCE,
]  # who says where a file is used
SEALED: list[sealed.Sealed] = [second_step.SEALED, seats.SEALED]  # what `parley secrets rotate` writes anew
FIGURES: list[health.Figures] = [
    *delivery_jobs.FIGURES,
    engagement_watching.figures,
]  # what rooms add to the metrics
CHECKS: list[Check] = [*people_commands.CHECKS, *delivery_jobs.CHECKS]
SUBJECTS: list[comment_subjects.Source] = [
    CommentedPosts(),
    circle_topics.Topics(),
]  # what can be commented on
SOURCES: list[calendar_sources.Source] = [
    *post_times.SOURCES,
    *review_times.SOURCES,
    *contribution_times.SOURCES,
    *contest_times.SOURCES,
    *circle_times.SOURCES,
    *plan_times.SOURCES,
    *delivery_times.SOURCES,
]
FOLLOWERS: list[Follower] = [
    feeds.follow,
    goals_following.follow,
]  # who hears what was collected, before it is kept
FINDERS: list[desk.Finder] = [find_campaigns]  # what the command palette finds besides posts
HELD: list[Held] = [  # what somebody may take along, in this order
    *people_held.HELD,
    *notices_held.HELD,
    *media_held.HELD,
    *drafts_held.HELD,
    *posts_held.HELD,
    *comments_held.HELD,
    *circles_held.HELD,
    *contributions_held.HELD,
    *blogs_held.HELD,
    *following_held.HELD,
    *contests_held.HELD,
    *judging_held.HELD,
]
ERASING: list[Callable[[PersonErased], None]] = [  # what rooms do beside emptying what names somebody
    notice_services.hear_erased,
    media.hear_erased,
    post_erasing.hear_erased,
    review_leaving.hear_erased,
    comment_erasing.hear_erased,
    circle_leaving.hear_erased,
    contribution_leaving.hear_erased,
    blog_leaving.hear_erased,
    following_services.hear_erased,
    contest_forgetting.hear_erased,
    judging_services.hear_erased,
    channel_leaving.hear_erased,
    report_leaving.hear_erased,
]
LEFT_OUT = {
    **SALTS_ARE_LEFT_OUT,
    "report_shares": "links that let somebody in",
    "fresh_posts": "news on its way to followers",
    "fresh_topics": "news on its way to followers",
}  # tables no archive holds, and why
DEMO: list[Callable[[DemoSite], None]] = [  # what rooms below add to the sample site
    comment_demo.make_comments,
    make_blogs,
    circle_demo.make_circles,
    contest_demo.make_contests,
    plan_demo.make_campaigns,
    channel_demo.make_accounts,
    link_demo.make_links,
    delivery_demo.make_deliveries,
    goals_demo.make_goals,
    polls_demo.make_polls,
    figure_demo.make_platform_figures,
    engagement_demo.make_figures,  # the last: its figures are not undone with the rest
]
STAGES: list[Callable[[], Mapping[int, str]]] = [review_queries.stages]  # where posts stand, for the board
DESK = [
    desk.Place(_("Today"), "posts.show_today", "sun", post_rules.can_enter_desk, "today"),
    desk.Place(_("Posts"), "posts.list_posts", "write", post_rules.can_enter_desk, "write"),
    desk.Place(_("New note"), "posts.new_note", "note", post_rules.can_write, "write"),
    desk.Place(_("Board"), "posts.show_board", "board", post_rules.can_enter_desk, "write"),
    desk.Place(_("Media"), "media.list_media", "media", media_rules.can_see_library, "write"),
    desk.Place(
        _("Experts and partners"),
        "contributions.list_contributions",
        "person",
        contribution_rules.can_see_contributions,
        "write",
    ),
    desk.Place(_("Members’ blogs"), "blogs.list_blogs", "note", blog_rules.can_run_blogs, "write"),
    desk.Place(_("Reviews"), "reviews.list_reviews", "check", review_rules.can_see_queue, "write"),
    desk.Place(_("Calendar"), "calendar.show_calendar", "today", calendar_rules.can_see_calendar, "calendar"),
    desk.Place(
        _("Contests"), "contests.list_contests_at_desk", "flag", contest_rules.can_see_contests, "write"
    ),
    desk.Place(_("Campaigns"), "plans.list_campaigns", "flag", plan_rules.can_see_campaigns, "campaigns"),
    desk.Place(
        _("Deliveries"), "deliveries.list_deliveries", "send", delivery_rules.can_see_deliveries, "campaigns"
    ),
    desk.Place(
        _("Accounts"), "channels.list_accounts", "channel", channel_rules.can_see_accounts, "campaigns"
    ),
    desk.Place(_("Links"), "links.list_links", "link", link_rules.can_see_links, "campaigns"),
    desk.Place(_("Questions to readers"), "polls.list_polls", "check", poll_rules.can_ask, "campaigns"),
    desk.Place(
        _("Figures"),
        "reports.show_now",
        "eye",
        report_rules.can_read_reports,
        "reports",
    ),
    desk.Place(
        _("Campaigns compared"),
        "reports.show_comparison",
        "layers",
        report_rules.can_read_reports,
        "reports",
        covers=("/desk/reports/figure",),
    ),
    desk.Place(_("Comments"), "comments.show_queue", "chat", comment_rules.can_enter_queue, "community"),
    desk.Place(
        _("Questions"),
        "comments.list_questions",
        "hand",
        comment_rules.can_answer_for_company,
        "community",
    ),
    desk.Place(_("All settings"), "site.show_all_settings", "menu", people_rules.is_staff),
    desk.Place(
        _("Topics"),
        "topics.list_topics",
        "topics",
        topic_rules.can_edit_topics,
        covers=("/desk/sections", "/desk/tags"),
    ),
    desk.Place(_("Releases"), "posts.list_releases", "layers", post_rules.can_publish, "calendar"),
    desk.Place(_("Home page"), "site.show_arrangement", "site", can_arrange_site),
    desk.Place(_("Search"), "site.show_searches", "search", can_arrange_site),
    desk.Place(_("Site"), "site.show_settings", "settings", can_arrange_site),
    desk.Place(_("Styles"), "site.show_styles", "theme", people_rules.is_staff),
    desk.Place(_("Circles"), "circles.show_health", "people", circle_rules.looks_after_circles),
    desk.Place(
        _("People"),
        "people.list_people",
        "people",
        people_rules.can_see_people,
        covers=("/desk/invitations",),
    ),
    desk.Place(_("Outgoing mail"), "people.list_mail", "mail", people_rules.can_see_mail),
    desk.Place(_("Audit log"), "people.list_audit", "check", people_rules.can_read_audit),
]
TRANSLATIONS = tuple(words.home(room) for room in words.ROOMS)


def create_app(config: Config | None = None) -> Flask:
    """The application for these settings (default: the environment's), ready for a server or a test."""
    config = config or read_config(os.environ)
    app = Flask("parley", root_path=os.path.dirname(os.path.abspath(__file__)), static_folder=None)
    app.config.update(
        PARLEY=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        SESSION_COOKIE_NAME="__Host-parley" if config.base_url.startswith("https://") else "parley",
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1_200_000,  # two texts of 100,000 Han characters, and what stands around them
        MAX_FORM_PARTS=500,  # a post with sixty pictures
        BABEL_TRANSLATION_DIRECTORIES=";".join(
            os.path.join(app.root_path, room, "translations") for room in TRANSLATIONS
        ),
        BABEL_DEFAULT_LOCALE=config.locale,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # some readers hide the Referer; `refuse_cross_site` asks something better
    )
    logs.configure(config.log_level)
    db.init_app(app)
    Babel(app, locale_selector=languages.request_locale)
    access.refuse_cross_site(app)
    app.extensions["parley_csrf"] = CSRFProtect(app)
    identity.install(app)
    pages.install(app)
    problems.install(app)
    for room in ROOMS:
        app.register_blueprint(room)
    desk.install(app, DESK)
    notice_kinds.install(app, NOTICES)
    following_kinds.install(app, FOLLOWABLE)
    comment_subjects.install(app, SUBJECTS)
    holders.install(app, HOLDERS)
    sealed.install(app, SEALED)
    people_held.install(app, HELD)
    waiting.install(app, waiting_by_account)
    engagement.install(app, config)
    counted.install(app, clicks_of_links)
    app.extensions["parley_jobs"] = JOBS
    app.extensions["parley_sources"] = SOURCES
    app.extensions["parley_stages"] = STAGES
    app.extensions["parley_followers"] = FOLLOWERS
    app.extensions["parley_checks"] = CHECKS
    app.extensions["parley_figures"] = FIGURES
    app.extensions["parley_post_campaigns"] = CAMPAIGNS
    app.extensions["parley_networks"] = networks
    app.extensions["parley_posts_of_campaign"] = posts_of
    app.extensions["parley_finders"] = FINDERS
    app.extensions["parley_demo"] = DEMO
    forgotten = {**SALTS_ARE_LEFT_OUT, **READERS_ARE_LEFT_OUT, **TOUCHES_ARE_LEFT_OUT}
    app.extensions["parley_left_out"] = {**LEFT_OUT, **forgotten}
    app.extensions["parley_never_kept"] = frozenset(forgotten)
    app.extensions["parley_beside"] = [engagement.beside(config)]
    app.extensions["parley_public_lists"] = [PUBLIC_CAMPAIGNS, CONTESTS]
    app.extensions["parley_winners"] = winning_posts
    proposals.install(app, judging_services.proposed_places)
    outcomes.install(app, telling.outcome_of)
    connect_seams()
    access.refuse_unguarded_routes(app)
    wrap(app, config)
    return app


def serve_app() -> Flask:
    """The application as a web process runs it: also listening for changes that other processes make."""
    app = create_app()
    with app.app_context():
        pagecache.ChangeListener(app.extensions["parley_pages"], db.engine).start()
        gate: Gate = app.extensions["parley_gate"]
        gate.clients.salts.keep_fresh(db.engine)
    gc.freeze()  # what was made so far stays: looking through it for garbage halts pages with many rows
    return app


def connect_seams() -> None:
    """Who hears what. Written out, so that the way of a fact can be followed."""
    seams.on(TagMerged, posts.replace_merged_tag)
    seams.on(TagMerged, circles.replace_merged_tag)
    seams.on(CommentShown, circle_topics.follow_comment)
    seams.on(CommentGone, circle_topics.follow_gone)
    seams.on(CircleJoined, engagement_facts.hear_joined)
    for hear_erased in ERASING:
        seams.on(PersonErased, hear_erased)
    seams.on(TagMerged, search_index.index_retagged_posts)
    seams.on(TagMerged, following_services.follow_merged_tag)
    seams.on(CircleMerged, following_services.follow_merged_circle)
    seams.on(TopicStarted, following_services.hear_topic)
    seams.on(MediaReplaced, post_holding.follow_replaced)
    seams.on(PostPublished, search_index.index_changed_post)
    seams.on(PostPublished, mentions.tell_mentioned)
    seams.on(PostPublished, following_services.hear_published)
    seams.on(LivePostChanged, search_index.index_changed_post)
    seams.on(LivePostChanged, mentions.tell_mentioned)
    seams.on(PostTakenDown, search_index.forget_post)
    seams.on(RevisionSaved, contribution_services.hear_revision)
    seams.on(SignedUp, engagement_facts.hear_sign_up)
    seams.on(CommentShown, engagement_facts.hear_comment)
    seams.on(ReactionGiven, engagement_facts.hear_reaction)
    seams.on(EntrySubmitted, engagement_facts.hear_entry)
    seams.on(VoteCast, engagement_facts.hear_vote)
    seams.check("publication", find_in_card)
    seams.check("publication", find_in_contributions)
    seams.panel("desk.post", delivery_panels.post_panel)
    seams.panel("desk.post", engagement_panels.post_panel)
    seams.panel("desk.post", contribution_panels.post_panel)
    seams.panel("desk.today", channel_panels.today_panel)
    seams.panel("desk.today", delivery_panels.today_panel)
    seams.panel("desk.today", contribution_panels.today_panel)
    seams.panel("desk.person", contribution_panels.person_panel)
    seams.panel("site.person", blog_panels.on_profile)
    seams.panel("site.post.blog", blog_panels.below_post)
    seams.panel("desk.post", blog_panels.blog_of_post)
    seams.panel("desk.today", blog_panels.today_panel)
    seams.on(RevisionSaved, review_services.follow_text)
    seams.on(RevisionSaved, review_services.note_links)
    seams.on(PostPublished, review_services.follow_publication)
    seams.on(LivePostChanged, review_services.follow_publication)
    seams.check("publication", review_checks.review_before_publication)
    seams.panel("desk.post", review_panels.review_of_post)
    seams.panel("desk.post", review_panels.quality_of_post)
    seams.panel("desk.section", review_panels.steps_of_section)
    seams.panel("desk.post", link_panels.links_of_post)
    seams.panel("desk.campaign", engagement_panels.campaign_panel)
    seams.panel("desk.campaign", report_panels.campaign_panel)
    seams.panel("desk.campaign", link_panels.links_of_campaign)
    seams.check("publication", posts.find_embargo)
    seams.panel("desk.post", plan_panels.campaign_of_post)
    seams.panel("site.post", plan_panels.part_of)
    seams.panel("desk.posts.chosen", plan_panels.with_chosen_posts)
    seams.panel("desk.posts.choices", plan_panels.choice_of_campaign)
    seams.panel("desk.section", post_panels.posts_in_section)
    seams.panel("desk.today", review_panels.waiting_for_me)
    seams.panel("desk.tag", post_panels.posts_with_tag)
    seams.panel("desk.today", post_panels.unsaved_texts)
    seams.panel("desk.today", post_panels.times_to_decide)
    seams.panel("desk.post", comment_panels.policy_of_post)
    seams.panel("desk.today", comment_panels.today_panel)
    seams.panel("desk.comment", contest_panels.theme_of_comment)
    seams.panel("comments.reported", circle_panels.reported_at_desk)
    seams.panel("site.below_post", comment_panels.below_post)
    seams.on(PostPublished, delivery_services.follow_publication)
    seams.on(PostTakenDown, delivery_services.follow_taken_down)
    seams.on(CampaignMoved, delivery_services.follow_campaign)
    seams.on(CampaignMoved, plan_news.tell_owner)
    seams.on(AccountRemoved, delivery_services.follow_account_removed)
    seams.on(DatabaseRestored, guarding.follow_restored)
    seams.on(DeliverySent, figure_watching.follow_sent)
    seams.on(DeliveryGone, figure_watching.follow_gone)
    seams.on(AccountRemoved, figure_watching.follow_account_removed)
    seams.on(DatabaseRestored, channel_services.pause_without_credentials)
    seams.check("account.removal", before_account_removal)
    seams.panel("desk.banner", delivery_panels.hold_banner)
    seams.panel("site.footer", engagement_panels.footer_link)
    seams.panel("desk.campaign", delivery_panels.campaign_panel)
    seams.panel("desk.campaign", goal_panels.goals_of_campaign)
    seams.panel("desk.campaign", poll_panels.polls_of_campaign)
    seams.panel("desk.post", poll_panels.polls_of_post)
    seams.panel("site.post", poll_panels.below_post)
    seams.panel("site.campaign", poll_panels.on_campaign)
    seams.panel("desk.account", delivery_panels.account_panel)


def wrap(app: Flask, config: Config) -> None:
    """The WSGI layers, innermost first: language, page cache, what pages say of a visit, links, proxy headers."""
    app.wsgi_app = languages.LanguagePrefix(app.wsgi_app, config.locale)  # type: ignore[method-assign]
    cache = pagecache.PageCache(app.wsgi_app, default_locale=config.locale)
    app.extensions["parley_pages"] = cache
    gate = engagement.gate_around(cache, config)
    app.extensions["parley_gate"] = gate
    app.extensions["parley_clicks"] = [hear_clicks(gate)]  # while the visitor waits
    app.extensions["parley_links"] = Shelf()
    app.wsgi_app = Ahead(  # type: ignore[method-assign]
        gate,
        shelf=app.extensions["parley_links"],
        cache=cache,
        listeners=app.extensions["parley_clicks"],
        base_url=config.base_url,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Parley: a place where a company talks with the public."""
    context.with_resource(create_app().app_context())


for one in COMMANDS:
    cli.add_command(one)


def main() -> None:
    """The `parley` command. A problem is a sentence and exit code 1; wrong input is exit code 2."""
    try:
        cli(prog_name="parley")
    except Problem as problem:
        click.echo(problem.message, err=True)
        sys.exit(2 if problem.status == 422 else 1)


if __name__ == "__main__":
    main()
