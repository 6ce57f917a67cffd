"""The power goes at every step of an upload: there is never a row without its whole file."""

import hashlib
import multiprocessing
import os
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from cms.core import clock, storage
from cms.core.config import Config
from cms.core.database import db, transaction
from cms.media import services
from cms.media.models import Media
from tests.cms.media import samples

PROCESSES = multiprocessing.get_context("forkserver")  # Parley is loaded once for all that crash
PROCESSES.set_forkserver_preload([__name__])
STEPS = {
    "while writing": 0,
    "before the file is on the disk": 0,
    "before it has its name": 0,
    "before the folder is on the disk": 0,
    "between file and row": 0,
    "before the commit": 0,
    "after the commit": 1,
}


def upload_and_die(step: str, upload: Path, settings: dict[str, str]) -> None:
    """What the process does that loses its power at this step."""
    os.environ.update(settings)
    with create_app().app_context():
        if step == "while writing":
            storage._copy = write_half
        if step == "before the file is on the disk":
            os.fsync = die
        if step == "before it has its name":
            os.replace = die
        if step == "before the folder is on the disk":
            storage._sync_folder = die
        received = services.receive_file(upload)
        if step == "between file and row":
            die()
        with transaction():
            services.keep_media(received, by=None, at=clock.now())
            if step == "before the commit":
                die()
        if step == "after the commit":
            die()


def die(*_: object, **__: object) -> NoReturn:
    os._exit(9)


def write_half(data: object, file: BinaryIO) -> NoReturn:
    file.write(b"half")
    file.flush()
    die()


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_leaves_no_row_without_a_whole_file(own_app: Flask, step: str, tmp_path: Path) -> None:
    config: Config = own_app.config["PARLEY"]
    upload = tmp_path / "upload.png"
    upload.write_bytes(samples.picture("PNG"))
    settings = {
        "PARLEY_DATABASE_URL": config.database_url,
        "PARLEY_STORAGE_URL": config.storage_url,
        "PARLEY_DATA": str(config.data),
    }
    crashing = PROCESSES.Process(target=upload_and_die, args=(step, upload, settings))
    crashing.start()
    crashing.join(60)
    crashing.kill()  # nothing is left of one that hangs
    assert crashing.exitcode == 9

    with own_app.app_context():
        rows, files = db.session.scalars(select(Media)).all(), storage.storage()
        assert len(rows) == STEPS[step]
        for name in files.names():  # a file that has its name is whole: its name says what is in it
            assert name.split("/")[2].startswith(hashlib.sha256(files.read(name)).hexdigest()[:32])
        for row in rows:
            assert files.size(row.file) == row.byte_size
