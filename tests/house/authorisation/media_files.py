"""Uploaded files: whoever has the unguessable address may see the file."""

from cms.core.storage import storage
from tests.house.authorisation import everyone


def stored_file() -> str:
    storage().put("wa/lk/walk.mp4", b"for the walk")
    return "/media/wa/lk/walk.mp4"


ROWS = {"media_files.show_file GET": everyone(stored_file)}
