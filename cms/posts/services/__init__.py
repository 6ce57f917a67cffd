"""Writing posts. First `prepare` the content, outside any transaction, because rendering may be slow; the rest
is called inside one. Every function says who acts (`by=`, None for a job or an import) and when (`at=`)."""

from cms.posts.services.bulk import MOST as MOST_IN_BULK
from cms.posts.services.bulk import (
    UNDONE_WITHIN,
    begin_bulk,
    begin_undoing,
    do_item,
    finish_bulk,
    refuse_item,
    undo_item,
)
from cms.posts.services.content import Attachment, Content, prepare
from cms.posts.services.corrections import (
    add_correction,
    can_be_mended,
    change_correction,
    remove_correction,
)
from cms.posts.services.details import KEEP, set_details
from cms.posts.services.editing import edit_post
from cms.posts.services.embargoes import find_embargo, is_standing, lift_embargo, set_embargo
from cms.posts.services.ending import cancel_removal, plan_removal
from cms.posts.services.erasing import erase_post
from cms.posts.services.firing import (
    note_missed,
    note_removal_missed,
    publish_if_due,
    take_down_if_due,
)
from cms.posts.services.loading import expect_version
from cms.posts.services.naming import name_revision, unname_revision
from cms.posts.services.problems import (
    AlreadyImported,
    AlreadyPublished,
    AlreadyReleased,
    ChangedMeanwhile,
    Embargoed,
    InRelease,
    LiveChanged,
    LiveUnderEmbargo,
    NeverRead,
    NotEmbargoed,
    NothingToEnd,
    NotLive,
    NotReady,
    ReleaseStopped,
    SlugTaken,
    TranslationExists,
)
from cms.posts.services.publishing import publish_post, take_down_post
from cms.posts.services.queueing import count_try, is_turn, realign_times
from cms.posts.services.releases import (
    add_to_release,
    cancel_release,
    create_release,
    note_release_missed,
    order_release,
    publish_release,
    publish_release_if_due,
    remove_release,
    rename_release,
    schedule_release,
    take_from_release,
)
from cms.posts.services.scheduling import cancel_schedule, move_schedule, schedule_post
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
    "MOST_IN_BULK",
    "UNDONE_WITHIN",
    "AlreadyImported",
    "AlreadyPublished",
    "AlreadyReleased",
    "Attachment",
    "ChangedMeanwhile",
    "Content",
    "Embargoed",
    "InRelease",
    "LiveChanged",
    "LiveUnderEmbargo",
    "NeverRead",
    "NotEmbargoed",
    "NotLive",
    "NotReady",
    "NothingToEnd",
    "ReleaseStopped",
    "SlugTaken",
    "TranslationExists",
    "add_correction",
    "add_to_release",
    "begin_bulk",
    "begin_undoing",
    "can_be_mended",
    "cancel_release",
    "cancel_removal",
    "cancel_schedule",
    "change_correction",
    "count_try",
    "create_post",
    "create_release",
    "do_item",
    "edit_post",
    "erase_post",
    "expect_version",
    "find_embargo",
    "finish_bulk",
    "is_standing",
    "is_turn",
    "lift_embargo",
    "link_translation",
    "move_schedule",
    "name_revision",
    "note_missed",
    "note_release_missed",
    "note_removal_missed",
    "order_release",
    "plan_removal",
    "prepare",
    "publish_if_due",
    "publish_post",
    "publish_release",
    "publish_release_if_due",
    "purge_post",
    "realign_times",
    "refuse_item",
    "remove_correction",
    "remove_release",
    "rename_release",
    "replace_merged_tag",
    "restore_post",
    "restore_revision",
    "save_revision",
    "schedule_post",
    "schedule_release",
    "set_details",
    "set_embargo",
    "take_down_if_due",
    "take_down_post",
    "take_from_release",
    "trash_post",
    "undo_item",
    "unlink_translation",
    "unname_revision",
]
