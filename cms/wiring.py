"""What the rooms of this house offer, written out, for `app.py` to join with the other house's. No room imports it."""

from collections.abc import Callable, Mapping

import click

from cms.api import jobs as api_jobs
from cms.api import views as api
from cms.blogs import held as blogs_held
from cms.blogs import news as blog_news
from cms.blogs import views as blogs
from cms.blogs.services import leaving as blog_leaving
from cms.calendar import sources as calendar_sources
from cms.calendar import views as calendar
from cms.circles import held as circles_held
from cms.circles import jobs as circle_jobs
from cms.circles import news as circle_news
from cms.circles import subjects as circle_topics
from cms.circles import times as circle_times
from cms.circles import views as circle_views
from cms.circles.services import leaving as circle_leaving
from cms.comments import held as comments_held
from cms.comments import jobs as comment_jobs
from cms.comments import news as comment_news
from cms.comments import subjects as comment_subjects
from cms.comments import views as comments
from cms.comments.on_posts import Posts as CommentedPosts
from cms.comments.services import erasing as comment_erasing
from cms.contests import held as contests_held
from cms.contests import jobs as contest_jobs
from cms.contests import news as contest_news
from cms.contests import times as contest_times
from cms.contests import views as contests
from cms.contests.judging import commands as judging_commands
from cms.contests.judging import held as judging_held
from cms.contests.judging import jobs as judging_jobs
from cms.contests.judging import news as judging_news
from cms.contests.judging import services as judging_services
from cms.contests.judging import views as judging
from cms.contests.services import forgetting as contest_forgetting
from cms.contributions import held as contributions_held
from cms.contributions import jobs as contribution_jobs
from cms.contributions import news as contribution_news
from cms.contributions import times as contribution_times
from cms.contributions import views as contributions
from cms.contributions.services import leaving as contribution_leaving
from cms.core import changes, health, mail, pages, sealed
from cms.core import commands as core_commands
from cms.core.doctor import Check
from cms.core.worker import Job
from cms.drafts import held as drafts_held
from cms.drafts import jobs as draft_jobs
from cms.following import held as following_held
from cms.following import jobs as following_jobs
from cms.following import news as following_news
from cms.following import services as following_services
from cms.following import views as following
from cms.media import held as media_held
from cms.media import holders
from cms.media import jobs as media_jobs
from cms.media import services as media
from cms.media import views as media_views
from cms.media.views import serving as media_files
from cms.notices import held as notices_held
from cms.notices import jobs as notice_jobs
from cms.notices import services as notice_services
from cms.notices import views as notices
from cms.notices.kinds import NoticeKind
from cms.people import commands as people_commands
from cms.people import held as people_held
from cms.people import jobs as people_jobs
from cms.people import views as people
from cms.people.events import PersonErased
from cms.people.held import Held
from cms.people.services import second_step
from cms.posts import held as posts_held
from cms.posts import holding as post_holding
from cms.posts import jobs as post_jobs
from cms.posts import mentions
from cms.posts import news as post_news
from cms.posts import times as post_times
from cms.posts import views as post_views
from cms.posts.cards import fetching as link_cards
from cms.posts.services import erasing as post_erasing
from cms.reviews import jobs as review_jobs
from cms.reviews import news as review_news
from cms.reviews import queries as review_queries
from cms.reviews import times as review_times
from cms.reviews import views as reviews
from cms.reviews.services import leaving as review_leaving
from cms.site import commands as site_commands
from cms.site import jobs as site_jobs
from cms.site import views as site
from cms.topics import views as topics
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
    api.bp,
]
COMMANDS: list[click.Command] = [
    *core_commands.COMMANDS,
    *people_commands.COMMANDS,
    *site_commands.COMMANDS,
    *transfer_commands.COMMANDS,
    *archive_commands.COMMANDS,
    *backup_commands.COMMANDS,
    *judging_commands.COMMANDS,
    make_demo,
]
JOBS: list[Job] = [  # what the worker does, in this order
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
]
HOLDERS: list[holders.HolderSource] = [  # who says where a file is used
    post_holding.SOURCE,
]
SEALED: list[sealed.Sealed] = [  # what `parley secrets rotate` writes anew
    second_step.SEALED,
]
CHECKS: list[Check] = [
    *people_commands.CHECKS,
]
SUBJECTS: list[comment_subjects.Source] = [  # what can be commented on
    CommentedPosts(),
    circle_topics.Topics(),
]
SOURCES: list[calendar_sources.Source] = [  # what has a time, for the calendar
    *post_times.SOURCES,
    *review_times.SOURCES,
    *contribution_times.SOURCES,
    *contest_times.SOURCES,
    *circle_times.SOURCES,
]
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
]
LEFT_OUT = {  # tables no archive holds, and why
    "fresh_posts": "news on its way to followers",
    "fresh_topics": "news on its way to followers",
}
DEMO: list[Callable[[DemoSite], None]] = [  # what rooms below add to the sample site
    comment_demo.make_comments,
    make_blogs,
    circle_demo.make_circles,
    contest_demo.make_contests,
]
STAGES: list[Callable[[], Mapping[int, str]]] = [  # where posts stand, for the board
    review_queries.stages,
]
