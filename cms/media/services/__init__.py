"""Writes of the media room.

An upload comes in two steps. `receive_upload` is slow (it decodes, encodes, stores files) and touches no row: call
it before the transaction. `keep_media` is quick and makes the row: call it inside. A crash between the two leaves
files without a row, which the sweeper removes after a day; there is never a row without its file.
"""

from cms.media.services.finishing import (
    claim_media,
    fail_media,
    finish_media,
    record_size,
    replace_recording,
)
from cms.media.services.keeping import (
    InUse,
    attach,
    delete_media,
    describe_media,
    discard_files,
    edit_media,
    hear_erased,
    keep_media,
    mark_decorative,
    note_shown,
    remove_portrait,
    set_portrait,
    sweep_files,
)
from cms.media.services.receiving import Received, Refused, receive_file, receive_upload
from cms.media.services.replacing import (
    WHOLE,
    InLibrary,
    ReplacedMeanwhile,
    current_addresses,
    cut_picture,
    keep_cut,
    replace_media,
)
from cms.media.services.trash import keep_used, let_go, restore_media, trash_media

__all__ = [
    "WHOLE",
    "InLibrary",
    "InUse",
    "Received",
    "Refused",
    "ReplacedMeanwhile",
    "attach",
    "claim_media",
    "current_addresses",
    "cut_picture",
    "delete_media",
    "describe_media",
    "discard_files",
    "edit_media",
    "fail_media",
    "finish_media",
    "hear_erased",
    "keep_cut",
    "keep_media",
    "keep_used",
    "let_go",
    "mark_decorative",
    "note_shown",
    "receive_file",
    "receive_upload",
    "record_size",
    "remove_portrait",
    "replace_media",
    "replace_recording",
    "restore_media",
    "set_portrait",
    "sweep_files",
    "trash_media",
]
