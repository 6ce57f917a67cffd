"""Builds the application: settings, a written-out list of rooms, the seams, error pages, commands, jobs."""

import os
import sys

import click
from flask import Flask
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from cms.api import jobs as api_jobs
from cms.api import views as api
from cms.core import access, changes, desk, health, languages, logs, mail, pagecache, pages, problems, seams
from cms.core import commands as core_commands
from cms.core.config import Config, read_config
from cms.core.database import db, engine_options
from cms.core.doctor import Check
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.media import jobs as media_jobs
from cms.media import rules as media_rules
from cms.media import views as media_views
from cms.media.views import serving as media_files
from cms.people import commands as people_commands
from cms.people import identity
from cms.people import jobs as people_jobs
from cms.people import rules as people_rules
from cms.people import views as people
from cms.posts import jobs as post_jobs
from cms.posts import panels as post_panels
from cms.posts import rules as post_rules
from cms.posts import services as posts
from cms.posts import views as post_views
from cms.posts.events import LivePostChanged, PostPublished, PostTakenDown
from cms.site import commands as site_commands
from cms.site import jobs as site_jobs
from cms.site import views as site
from cms.site.rules import can_arrange_site
from cms.site.services import index as search_index
from cms.topics import rules as topic_rules
from cms.topics import views as topics
from cms.topics.events import TagMerged
from cms.transfer import commands as transfer_commands
from cms.transfer.demo.command import make_demo

ROOMS = [
    pages.bp,
    health.bp,
    people.bp,
    media_views.bp,
    media_files.bp,
    topics.bp,
    post_views.bp,
    site.bp,
    api.bp,
]
COMMANDS: list[click.Command] = [
    *core_commands.COMMANDS,
    *people_commands.COMMANDS,
    *site_commands.COMMANDS,
    *transfer_commands.COMMANDS,
    make_demo,
]
JOBS: list[Job] = [
    *mail.JOBS,
    *changes.JOBS,
    *people_jobs.JOBS,
    *media_jobs.JOBS,
    *post_jobs.JOBS,
    *site_jobs.JOBS,
    *api_jobs.JOBS,
]
CHECKS: list[Check] = [*people_commands.CHECKS]
DESK = [
    desk.Place(_("Today"), "posts.show_today", "today", post_rules.can_enter_desk),
    desk.Place(_("Posts"), "posts.list_posts", "write", post_rules.can_enter_desk),
    desk.Place(_("Topics"), "topics.list_topics", "topics", topic_rules.can_edit_topics),
    desk.Place(_("Media"), "media.list_media", "media", media_rules.can_see_library),
    desk.Place(_("Home page"), "site.show_arrangement", "site", can_arrange_site),
    desk.Place(_("Search"), "site.show_searches", "search", can_arrange_site),
    desk.Place(_("Site"), "site.show_settings", "settings", can_arrange_site),
    desk.Place(_("Styles"), "site.show_styles", "theme", people_rules.is_staff),
    desk.Place(_("People"), "people.list_people", "people", people_rules.can_see_people),
    desk.Place(_("Outgoing mail"), "people.list_mail", "mail", people_rules.can_see_mail),
    desk.Place(_("Audit log"), "people.list_audit", "check", people_rules.can_read_audit),
]
TRANSLATIONS = (
    "cms/core",
    "cms/people",
    "cms/media",
    "cms/topics",
    "cms/posts",
    "cms/site",
    "cms/transfer",
    "cms/api",
)


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
    app.extensions["parley_jobs"] = JOBS
    app.extensions["parley_checks"] = CHECKS
    connect_seams()
    access.refuse_unguarded_routes(app)
    wrap(app, config)
    return app


def serve_app() -> Flask:
    """The application as a web process runs it: also listening for changes that other processes make."""
    app = create_app()
    with app.app_context():
        pagecache.ChangeListener(app.extensions["parley_pages"], db.engine).start()
    return app


def connect_seams() -> None:
    """Who hears what. Written out, so that the way of a fact can be followed."""
    seams.on(TagMerged, posts.replace_merged_tag)
    seams.on(TagMerged, search_index.index_retagged_posts)
    seams.on(PostPublished, search_index.index_changed_post)
    seams.on(LivePostChanged, search_index.index_changed_post)
    seams.on(PostTakenDown, search_index.forget_post)
    seams.panel("desk.section", post_panels.posts_in_section)
    seams.panel("desk.tag", post_panels.posts_with_tag)


def wrap(app: Flask, config: Config) -> None:
    """The WSGI layers, innermost first: proxy headers, language, page cache."""
    app.wsgi_app = languages.LanguagePrefix(app.wsgi_app, config.locale)  # type: ignore[method-assign]
    cache = pagecache.PageCache(app.wsgi_app, default_locale=config.locale)
    app.extensions["parley_pages"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]
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
        cli()
    except Problem as problem:
        click.echo(problem.message, err=True)
        sys.exit(2 if problem.status == 422 else 1)


if __name__ == "__main__":
    main()
