"""Messages in a Slack channel, through an incoming webhook.

The answer is the word "ok" and no number: what was said can be neither changed, taken away, counted nor looked up. A
text is sent as rich text, whose pieces are never read as markup: no `<!channel>` in a title wakes anybody.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from campaigns.channels.adapter import Field, Outcome, Paused, Seat, Step
from campaigns.channels.http import Reply
from campaigns.channels.messages import Limits, Message
from campaigns.channels.pieces import Piece, pieces
from campaigns.channels.robots import YES, Robot, base_field, longest_field

LONGEST = 3000  # characters of a section; Slack cuts texts far beyond that without a word
_WORD = re.compile(r"[a-z_]{3,60}")
_UNAVAILABLE = (401, 403, 404, 410)


class Slack(Robot):
    """One message."""

    key = "slack"
    name = _("Slack (webhook)")
    icon = "hash"
    begins = ("https://hooks.slack.com", "https://hooks.slack-gov.com")
    path = "/services/"
    busy = ("rollup_error",)
    fields = (
        Field(
            "url",
            _("Address of the webhook"),
            _(
                "It begins with https://hooks.slack.com/services/. Whoever has it can post: keep it as a password."
            ),
            kind="secret",
        ),
        longest_field(LONGEST),
        base_field(),
    )
    guide = (
        _("Open api.slack.com/apps, and make an app for your workspace, or open the one you have."),
        _("Under Incoming Webhooks, switch them on and choose Add New Webhook to Workspace."),
        _("Choose the channel, allow it, and copy the address."),
    )
    base_limits = Limits(text=LONGEST, counter="characters")

    def body(self, step: Step, message: Message, seat: Seat) -> Mapping[str, Any]:
        """Rich text, and a plain one for notifications."""
        return rich(message)

    def probe(self, seat: Seat) -> Mapping[str, Any]:
        """No text."""
        return {"text": ""}

    def word(self, reply: Reply) -> tuple[str, str] | None:
        """`ok`, or one word such as `no_service`."""
        said = reply.text.strip()
        if reply.is_ok:
            return (YES, "") if said == "ok" else None
        if reply.status >= 500 and said not in self.busy:
            return None
        return (said, said) if _WORD.fullmatch(said) else None

    def read(self, reply: Reply, seat: Seat) -> Outcome:
        """Whatever word comes with it: these mean that the address is not to be used any more."""
        word = self.word(reply)
        if word and reply.status in _UNAVAILABLE:
            return Paused(word[1], code=word[0])
        return super().read(reply, seat)

    def is_pausing(self, code: str, seat: Seat) -> bool:
        """Never by its word: by the status it comes with."""
        return False


def rich(message: Message) -> dict[str, Any]:
    """A text as Slack shows it without reading it as markup, and for notifications with what is markup escaped."""
    elements = [_element(one) for one in pieces(message.text, message.title)]
    section = {"type": "rich_text_section", "elements": elements}
    return {
        "text": html.escape(message.text, quote=False),
        "blocks": [{"type": "rich_text", "elements": [section]}],
    }


def _element(piece: Piece) -> dict[str, Any]:
    if piece.kind == "link":
        return {"type": "link", "url": piece.text}
    bold = {"style": {"bold": True}} if piece.kind == "title" else {}
    return {"type": "text", "text": piece.text, **bold}
