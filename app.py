"""Builds the application: settings, what both houses list in their `wiring.py`, the seams, error pages."""

import gc

gc.disable()  # nothing that is imported becomes garbage; to look for some meanwhile is a fifth of a start

import os
import sys

import click
from flask import Flask
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from campaigns import wiring as campaigns
from campaigns.channels import panels as channel_panels
from campaigns.channels import rules as channel_rules
from campaigns.channels import services as channel_services
from campaigns.channels import waiting
from campaigns.channels.catalogue import networks
from campaigns.channels.events import AccountRemoved
from campaigns.deliveries import panels as delivery_panels
from campaigns.deliveries import rules as delivery_rules
from campaigns.deliveries import services as delivery_services
from campaigns.deliveries.checks import before_account_removal
from campaigns.deliveries.engine import guarding
from campaigns.deliveries.events import DeliveryGone, DeliverySent
from campaigns.deliveries.queries.waiting import waiting_by_account
from campaigns.engagement import facts as engagement_facts
from campaigns.engagement import installing as engagement
from campaigns.engagement import panels as engagement_panels
from campaigns.engagement.gate import Gate
from campaigns.engagement.listening import hear_clicks
from campaigns.engagement.platform import watching as figure_watching
from campaigns.engagement.queries import clicks_of_links
from campaigns.goals import panels as goal_panels
from campaigns.links import counted
from campaigns.links import panels as link_panels
from campaigns.links import rules as link_rules
from campaigns.links.ahead import Ahead
from campaigns.links.shelf import Shelf
from campaigns.plans import news as plan_news
from campaigns.plans import panels as plan_panels
from campaigns.plans import rules as plan_rules
from campaigns.plans.events import CampaignMoved
from campaigns.plans.queries import PUBLIC_CAMPAIGNS, posts_of
from campaigns.plans.serving import CAMPAIGNS
from campaigns.polls import panels as poll_panels
from campaigns.polls import rules as poll_rules
from campaigns.reports import panels as report_panels
from campaigns.reports import rules as report_rules
from cms import wiring as cms
from cms.blogs import panels as blog_panels
from cms.blogs import rules as blog_rules
from cms.calendar import rules as calendar_rules
from cms.circles import panels as circle_panels
from cms.circles import rules as circle_rules
from cms.circles import subjects as circle_topics
from cms.circles.events import CircleJoined, CircleMerged, TopicStarted
from cms.circles.services import keeping as circles
from cms.comments import panels as comment_panels
from cms.comments import rules as comment_rules
from cms.comments import subjects as comment_subjects
from cms.comments.events import CommentGone, CommentShown, ReactionGiven
from cms.contests import outcomes, proposals
from cms.contests import panels as contest_panels
from cms.contests import rules as contest_rules
from cms.contests.events import EntrySubmitted
from cms.contests.judging import services as judging_services
from cms.contests.judging import telling
from cms.contests.judging.events import VoteCast
from cms.contests.queries.public import CONTESTS, winning_posts
from cms.contributions import panels as contribution_panels
from cms.contributions import rules as contribution_rules
from cms.contributions import services as contribution_services
from cms.contributions.checks import before_publication as find_in_contributions
from cms.core import (
    access,
    desk,
    languages,
    logs,
    pagecache,
    pages,
    problems,
    sealed,
    seams,
    words,
)
from cms.core.config import Config, read_config
from cms.core.database import db, engine_options
from cms.core.errors import Problem
from cms.core.front import Front
from cms.following import kinds as following_kinds
from cms.following import services as following_services
from cms.following.kinds import Followable
from cms.media import holders
from cms.media import rules as media_rules
from cms.media.events import MediaReplaced
from cms.notices import kinds as notice_kinds
from cms.people import held as people_held
from cms.people import identity
from cms.people import rules as people_rules
from cms.people.events import PersonErased, SignedUp
from cms.posts import holding as post_holding
from cms.posts import mentions
from cms.posts import panels as post_panels
from cms.posts import rules as post_rules
from cms.posts import services as posts
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown, RevisionSaved
from cms.reviews import checks as review_checks
from cms.reviews import panels as review_panels
from cms.reviews import rules as review_rules
from cms.reviews import services as review_services
from cms.site.outgoing import find_in_card
from cms.site.rules import can_arrange_site
from cms.site.services import index as search_index
from cms.topics import rules as topic_rules
from cms.topics.events import TagMerged
from cms.transfer.events import DatabaseRestored

gc.freeze()
gc.enable()

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
    for room in [*cms.ROOMS, *campaigns.ROOMS]:
        app.register_blueprint(room)
    desk.install(app, DESK)
    notice_kinds.install(app, [*cms.NOTICES, *campaigns.NOTICES])
    following_kinds.install(app, FOLLOWABLE)
    comment_subjects.install(app, cms.SUBJECTS)
    holders.install(app, [*cms.HOLDERS, *campaigns.HOLDERS])
    sealed.install(app, [*cms.SEALED, *campaigns.SEALED])
    people_held.install(app, [*cms.HELD, *campaigns.HELD])
    waiting.install(app, waiting_by_account)
    engagement.install(app, config)
    counted.install(app, clicks_of_links)
    app.extensions["parley_jobs"] = [*cms.JOBS, *campaigns.JOBS]
    app.extensions["parley_sources"] = [*cms.SOURCES, *campaigns.SOURCES]
    app.extensions["parley_stages"] = cms.STAGES
    app.extensions["parley_followers"] = campaigns.FOLLOWERS
    app.extensions["parley_checks"] = [*cms.CHECKS, *campaigns.CHECKS]
    app.extensions["parley_figures"] = campaigns.FIGURES
    app.extensions["parley_post_campaigns"] = CAMPAIGNS
    app.extensions["parley_networks"] = networks
    app.extensions["parley_posts_of_campaign"] = posts_of
    app.extensions["parley_finders"] = campaigns.FINDERS
    app.extensions["parley_demo"] = [*cms.DEMO, *campaigns.DEMO]
    app.extensions["parley_left_out"] = {**cms.LEFT_OUT, **campaigns.LEFT_OUT, **campaigns.FORGOTTEN}
    app.extensions["parley_never_kept"] = frozenset(campaigns.FORGOTTEN)
    app.extensions["parley_beside"] = [engagement.beside(config)]
    app.extensions["parley_public_lists"] = [PUBLIC_CAMPAIGNS, CONTESTS]
    app.extensions["parley_winners"] = winning_posts
    proposals.install(app, judging_services.proposed_places)
    outcomes.install(app, telling.outcome_of)
    connect_seams()
    access.refuse_unguarded_routes(app)
    wrap(app, config)
    return app


def serve_app() -> Front:
    """The application as a web process runs it: behind what answers at once, and listening for changes that other processes
    make."""
    app = create_app()
    with app.app_context():
        pagecache.ChangeListener(app.extensions["parley_pages"], db.engine).start()
        gate: Gate = app.extensions["parley_gate"]
        gate.clients.salts.keep_fresh(db.engine)
    gc.freeze()  # what was made so far stays: looking through it for garbage halts pages with many rows
    return Front(app)


def connect_seams() -> None:
    """Who hears what. Written out, so that the way of a fact can be followed."""
    seams.on(TagMerged, posts.replace_merged_tag)
    seams.on(TagMerged, circles.replace_merged_tag)
    seams.on(CommentShown, circle_topics.follow_comment)
    seams.on(CommentGone, circle_topics.follow_gone)
    seams.on(CircleJoined, engagement_facts.hear_joined)
    for hear_erased in [*cms.ERASING, *campaigns.ERASING]:
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


for one in [*cms.COMMANDS, *campaigns.COMMANDS]:
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
