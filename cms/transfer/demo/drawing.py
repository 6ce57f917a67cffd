"""Draws the pictures of the sample site and synthesises its recordings, on all cores. Imports nothing of Parley beyond
the drawing: each process starts by reading this file."""

import io
import multiprocessing
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from cms.transfer.demo import sounds
from cms.transfer.demo.pictures.canvas import Canvas
from cms.transfer.demo.pictures.hills import SCENES as HILLS
from cms.transfer.demo.pictures.portraits import portrait
from cms.transfer.demo.pictures.rooms import SCENES as ROOMS

SCENES = {**HILLS, **ROOMS}


def make_files(
    people: Sequence[Mapping[str, object]], folder: Path, *, quiet: bool
) -> Iterator[tuple[str, Path]]:
    """Draw and synthesise everything, on all cores; gives each as it is ready."""
    jobs: list[tuple[str, str, dict[str, object]]] = [("mast-asleep", "film", {})]  # the longest first
    jobs += [(name, "scene", {}) for name in SCENES]
    jobs += [
        (f"portrait-{p['handle']}", "portrait", {k: p[k] for k in ("skin", "hair", "colour")}) for p in people
    ]
    jobs += [(name, "sound", {}) for name in ("night-shift", "river-notes")]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        drawn = [pool.submit(_make, name, what, options, folder) for name, what, options in jobs]
        for (name, *_), future in zip(
            jobs, tqdm(drawn, "Drawing", unit=" files", disable=quiet), strict=True
        ):
            yield name, future.result()


def _make(name: str, what: str, options: dict[str, object], folder: Path) -> Path:
    suffix = {"scene": "jpg", "portrait": "jpg", "sound": "wav", "film": "webm"}[what]
    path = folder / f"{name}.{suffix}"
    if what == "film":
        sounds.mast_asleep(path)
        return path
    if what == "sound":
        data = sounds.night_shift() if name == "night-shift" else sounds.river_notes()
    else:
        seed = zlib.crc32(name.encode())
        if what == "scene":
            canvas = Canvas(seed)
            SCENES[name](canvas)
            picture = canvas.finish()
        else:
            picture = portrait(seed, **options)  # type: ignore[arg-type]
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=92)
        data = out.getvalue()
    path.write_bytes(data)
    return path
