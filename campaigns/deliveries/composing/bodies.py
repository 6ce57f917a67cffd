"""The body of an article as one account says it: written as the post is, in Markdown or HTML, rendered before it is kept.

Where no account says something of its own it is the post's. An address of ours in it is whole, and pictures of the page
that stand beside the words come before them, as they do with the post's own body.
"""

from dataclasses import dataclass, replace

from flask_babel import gettext as _

from campaigns.channels.messages import Story
from campaigns.deliveries.composing.placeholder import with_link
from campaigns.deliveries.composing.plain import readable
from campaigns.deliveries.composing.story import Source
from cms.core.errors import Invalid
from cms.core.markup import render_html, render_markdown
from cms.core.text import strip_control
from cms.posts.mentions import people_named
from cms.site.feeds.document import absolute_html


@dataclass(frozen=True)
class Body:
    """A body, written and rendered."""

    text: str
    html: str  # clean


def prepare_body(text: str, *, form: str = "markdown") -> Body:
    """Render what was typed, Markdown or HTML as the post is. No transaction may be open. Raises `Invalid` for `body`."""
    text = strip_control(text.replace("\r\n", "\n")).strip()
    if not text:
        raise Invalid(errors={"body": _("Please write something, or go back to the original.")})
    try:
        return Body(text, (render_html if form == "html" else render_markdown)(text).html)
    except Invalid as problem:
        raise Invalid(errors={"body": str(problem.message)}) from problem


def story_saying(story: Story, body: Body, source: Source) -> Story:
    """The story with another body."""
    html = with_link(body.html, story.link)
    whole = strip_control(source.figures + absolute_html(html, source.url))
    return replace(story, html=whole, text=readable(html, people_named([html])))
