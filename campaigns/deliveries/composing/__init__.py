"""From a post to what one account says of it: the story, the draft, the variant, and the message as it is sent."""

from campaigns.deliveries.composing.bodies import Body, prepare_body
from campaigns.deliveries.composing.drafts import Tailored, draft_for, tailored, tailored_drafts
from campaigns.deliveries.composing.message import Composed, compose, message_for
from campaigns.deliveries.composing.story import story_of

__all__ = [
    "Body",
    "Composed",
    "Tailored",
    "compose",
    "draft_for",
    "message_for",
    "prepare_body",
    "story_of",
    "tailored",
    "tailored_drafts",
]
