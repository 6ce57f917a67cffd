"""Writes of this room: `opening` what becomes of a blog, `writing` what its owner does, `featuring` and `pitching` how its
posts come to the main site."""

from cms.blogs.services.featuring import feature_post, unfeature_post
from cms.blogs.services.opening import (
    Face,
    apply,
    change_face,
    close_blog,
    open_blog,
    refuse_blog,
    withdraw_application,
)
from cms.blogs.services.pitching import accept, decline, pitch_post, withdraw
from cms.blogs.services.problems import (
    BlogNotOpen,
    HasBlog,
    NewerText,
    NotInBlog,
    NotPitched,
    NotShown,
    OtherState,
    PitchedAlready,
    PitchedAnother,
)
from cms.blogs.services.writing import (
    Text,
    begin_text,
    discard_text,
    prepare,
    publish_text,
    save_text,
    take_down_text,
)

__all__ = [
    "BlogNotOpen",
    "Face",
    "HasBlog",
    "NewerText",
    "NotInBlog",
    "NotPitched",
    "NotShown",
    "OtherState",
    "PitchedAlready",
    "PitchedAnother",
    "Text",
    "accept",
    "apply",
    "begin_text",
    "change_face",
    "close_blog",
    "decline",
    "discard_text",
    "feature_post",
    "open_blog",
    "pitch_post",
    "prepare",
    "publish_text",
    "refuse_blog",
    "save_text",
    "take_down_text",
    "unfeature_post",
    "withdraw",
    "withdraw_application",
]
