"""A whole instance as an operator starts it, and a real browser that looks at it.

Started once for all journeys, with the sample site in it. Everything it needs is in a temporary folder, and it is
ended afterwards. Without Chromium these tests are skipped, saying so; under CI that is a failure.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from cms.core.supervisor import parley_command
from tests.databases import fresh_database

ROOT = Path(__file__).parents[2]
CHROMIUM = (
    "chromium-headless-shell",  # draws no windows of its own, so that a page takes a quarter of the work
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
ON_BOTH = {  # where processes meet in the database: publishing, locks, search, deliveries, what is counted
    *("circle", "comments", "contest", "deliveries", "editor", "engagement", "operator", "review"),
    *("scheduled_update", "transfer"),
}
PATIENCE = (
    20_000  # ms until what must appear is missing: the browser shares two cores with all else that is tested
)


@dataclass(frozen=True)
class Instance:
    """A running Parley: where it answers and how its shell is called."""

    url: str
    environment: dict[str, str]

    def shell(self, *arguments: str, stdin: str = "") -> str:
        """Run a `parley` command; gives what it said."""
        done = subprocess.run(
            parley_command(*arguments),
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"parley {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of these is a journey: `-m "not journey"` leaves them out. What a browser shows is the same on every database,
    and what its requests do is tested on both elsewhere: only `ON_BOTH` are told again."""
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.journey)
            if item.path.stem.removeprefix("test_") not in ON_BOTH:
                item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A server and a worker with the sample site, stopped when the last journey is over."""
    folder = tmp_path_factory.mktemp("instance")
    with fresh_database(folder) as database_url:
        yield from _running(database_url, folder)


def _running(database_url: str, folder: Path) -> Iterator[Instance]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "PARLEY_DATA": str(folder),
        "PARLEY_BASE_URL": url,
        "PARLEY_LOG_LEVEL": "warning",
        "PARLEY_OUTBOUND_ALLOW": "127.0.0.0/8",  # networks of journeys run on this machine
        "PARLEY_DATABASE_URL": database_url,
    }
    made = Instance(url, environment)
    made.shell("init")
    made.shell("demo")
    log = (folder / "serve.log").open("wb")
    command = parley_command("serve", "--port", str(port), "--workers", "1")
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait_until_ready(url, server, folder / "serve.log")
        yield made
    finally:
        server.terminate()
        try:
            code = server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            raise AssertionError("the server did not stop within a minute") from None
        log.close()
    assert code == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, instance: Instance) -> Iterator[BrowserContext]:
    """A visitor who was never here before. Anything that leaves this machine, and anything the page complains about
    in its console, fails the test."""
    context = browser.new_context(
        base_url=instance.url, locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    outside: list[str] = []
    complaints: list[str] = []
    context.on(
        "request",
        lambda request: None if request.url.startswith(instance.url) else outside.append(request.url),
    )
    context.on(
        "console",
        lambda message: (
            complaints.append(
                f"{message.text} ({message.location.get('url')}:{message.location.get('lineNumber')})"
            )
            if message.type == "error"
            else None
        ),
    )
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert [one for one in outside if not one.startswith(("data:", "blob:"))] == []
    assert [one for one in complaints if "Failed to load resource" not in one] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One tab."""
    return context.new_page()


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server is not ready: {log.read_text()[-3000:]}")
