"""Real exports for tests. They are not ours to copy, so they are looked for beside the project."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMES = {
    "theme": "theme-test-data--themeunittestdata.wordpress.xml",
    "small": "importer--small-export.xml",
    "malformed": "importer--malformed.xml",
    "ghost": "ghost2021--v4_export.json",
}


def real_file(name: str) -> Path:
    """The file, or a skip that says so; under CI a missing file is a failure."""
    folder = Path(os.environ.get("PARLEY_TEST_DATA") or ROOT / ".." / "shared" / "data")
    path = folder / NAMES[name]
    if not path.exists():
        sentence = f"{path} is missing: set PARLEY_TEST_DATA to the folder with the real exports"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path
