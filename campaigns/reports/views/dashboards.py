"""What is going on: one page a question."""

from typing import Any

from flask import request

from campaigns.engagement import beside
from campaigns.engagement.definitions import NAMES as FIGURE_NAMES
from campaigns.engagement.definitions import WORDS
from campaigns.engagement.feeds.queries import feeds_figures
from campaigns.engagement.platform.definitions import NAMES as NETWORK_NAMES
from campaigns.engagement.queries import counted_until, figures_of, opens_of
from campaigns.engagement.recent import reading_now
from campaigns.engagement.store import POST
from campaigns.plans.figures import money_in_words
from campaigns.plans.wording import MEASURE_NAMES, age_word, day_word
from campaigns.reports import rules
from campaigns.reports.dashboards import accounts, campaigns, posts, site
from campaigns.reports.dashboards.period import LENGTHS, Period, read_period
from campaigns.reports.unusual.presenting import incidents
from campaigns.reports.views import bp
from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import NotFound
from cms.core.pages import config, page, zone


@bp.get("/desk/reports")
@allowed(rules.can_read_reports)
def show_now() -> tuple[str, int]:
    """Who reads now, and the site by day."""
    period = _period()
    told = site.site_of_period(period)
    return _shown("now", period, told=told, unusual=incidents(period.since), **_reading())


@bp.get("/desk/reports/now")
@allowed(rules.can_read_reports)
def show_reading() -> str:
    """Only the part of the page that is asked for again and again."""
    return page("campaigns/reports/dashboards/_reading.html", **_reading())


@bp.get("/desk/reports/posts")
@allowed(rules.can_read_reports)
def show_posts() -> tuple[str, int]:
    """Posts of a period."""
    period = _period()
    rows, has_more = posts.posts_of_period(period)
    return _shown("posts", period, rows=rows, has_more=has_more)


@bp.get("/desk/reports/posts/<int:post_id>")
@allowed(rules.can_read_reports)
def show_post(post_id: int) -> tuple[str, int]:
    """Everything of one post: how its readers came, day by day, and what networks say of each delivery."""
    post = posts.posts_by_id([post_id]).get(post_id)
    if post is None:
        raise NotFound
    cells = beside.cells_of_post(post, today=clock.now().date())
    deliveries = beside.deliveries_of(post_id)
    return _shown(
        "post",
        None,
        post=post,
        figures=figures_of(POST, post_id),
        ways=beside.ways(cells),
        days=beside.days(cells),
        opens=opens_of(POST, post_id),
        names=FIGURE_NAMES,
        deliveries=deliveries,
        metrics=beside.shown_metrics(deliveries),
        growth=beside.growth_of(deliveries),
    )


@bp.get("/desk/reports/accounts")
@allowed(rules.can_read_reports)
def show_accounts() -> tuple[str, int]:
    """Accounts, and what came of what went out there."""
    period = _period()
    return _shown("accounts", period, rows=accounts.accounts_of_period(period, at=clock.now()))


@bp.get("/desk/reports/links")
@allowed(rules.can_read_reports)
def show_links() -> tuple[str, int]:
    """Links of a period."""
    period = _period()
    return _shown("links", period, rows=accounts.links_of_period(period, at=clock.now()))


@bp.get("/desk/reports/authors")
@allowed(rules.can_read_reports)
def show_authors() -> tuple[str, int]:
    """Authors and experts of a period."""
    period = _period()
    return _shown("authors", period, rows=posts.authors_of_period(period))


@bp.get("/desk/reports/feeds")
@allowed(rules.can_read_reports)
def show_feeds() -> tuple[str, int]:
    """Feeds, and who follows them."""
    return _shown("feeds", None, feeds=feeds_figures(until=clock.now()), words=WORDS)


@bp.get("/desk/reports/campaigns")
@allowed(rules.can_read_reports)
def show_campaigns_today() -> tuple[str, int]:
    """Campaigns against their targets and their budget."""
    return _shown("campaigns", None, rows=campaigns.campaigns_at(clock.now()))


def _period() -> Period:
    return read_period(request.args, zone=zone(), at=clock.now())


def _shown(name: str, period: Period | None, **told: Any) -> tuple[str, int]:
    """A dashboard with what all of them say: the period, and as of when."""
    html = page(
        f"campaigns/reports/dashboards/{name}.html",
        period=period,
        lengths=LENGTHS,
        as_of=counted_until(),
        window=config().visitor_window,
        network_names=NETWORK_NAMES,
        measures=MEASURE_NAMES,
        day_word=day_word,
        age_word=age_word,
        money_in_words=money_in_words,
        **told,
    )
    return html, 422 if period and period.error else 200


def _reading() -> dict[str, Any]:
    at = clock.now()
    reading = reading_now(at=at)
    most_read = dict(list(reading.by_post.items())[:10])
    named = posts.posts_by_id(most_read)
    shown = [(named[one], people) for one, people in most_read.items() if one in named]
    return {"reading": reading, "reading_posts": shown, "at": at}
