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
    keep_media,
    note_shown,
    remove_portrait,
    set_portrait,
    sweep_files,
)
from cms.media.services.receiving import Received, Refused, receive_file, receive_upload

__all__ = [
    "InUse",
    "Received",
    "Refused",
    "attach",
    "claim_media",
    "delete_media",
    "describe_media",
    "discard_files",
    "edit_media",
    "fail_media",
    "finish_media",
    "keep_media",
    "note_shown",
    "receive_file",
    "receive_upload",
    "record_size",
    "remove_portrait",
    "replace_recording",
    "set_portrait",
    "sweep_files",
]
