"""Writing posts. First `prepare` the content, outside any transaction, because rendering may be slow; the rest
is called inside one. Every function says who acts (`by=`, None for a job or an import) and when (`at=`)."""

from cms.posts.services.content import Attachment, Content, prepare
from cms.posts.services.details import KEEP, set_details
from cms.posts.services.editing import edit_post
from cms.posts.services.loading import expect_version
from cms.posts.services.problems import (
    AlreadyImported,
    AlreadyPublished,
    ChangedMeanwhile,
    NotLive,
    NotReady,
    SlugTaken,
    TranslationExists,
)
from cms.posts.services.publishing import publish_post, take_down_post
from cms.posts.services.scheduling import cancel_schedule, note_missed, publish_if_due, schedule_post
from cms.posts.services.tagging import replace_merged_tag
from cms.posts.services.trash import purge_post, restore_post, trash_post
from cms.posts.services.writing import (
    create_post,
    link_translation,
    restore_revision,
    save_revision,
    unlink_translation,
)

__all__ = [
    "KEEP",
    "AlreadyImported",
    "AlreadyPublished",
    "Attachment",
    "ChangedMeanwhile",
    "Content",
    "NotLive",
    "NotReady",
    "SlugTaken",
    "TranslationExists",
    "cancel_schedule",
    "create_post",
    "edit_post",
    "expect_version",
    "link_translation",
    "note_missed",
    "prepare",
    "publish_if_due",
    "publish_post",
    "purge_post",
    "replace_merged_tag",
    "restore_post",
    "restore_revision",
    "save_revision",
    "schedule_post",
    "set_details",
    "take_down_post",
    "trash_post",
    "unlink_translation",
]
