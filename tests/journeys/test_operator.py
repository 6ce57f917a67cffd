"""An operator's worries: a change must reach every process, and a database may go away."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from cms.core.supervisor import parley_command
from tests.databases import KIND, migrated_database
from tests.proxies import Proxy

ROOT = Path(__file__).parents[2]


def get(url: str) -> tuple[int, str]:
    """Status and text, whatever the status."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def leads(url: str) -> str:
    """Where an address sends its visitor, without what links add; nothing when nowhere."""
    address = urlsplit(url)
    asking = http.client.HTTPConnection(address.netloc, timeout=20)
    asking.request("GET", address.path)
    answer = asking.getresponse()
    asking.close()
    return answer.headers.get("Location", "").partition("?")[0]


def eventually(holds: Callable[[], bool], words: str, within: float) -> None:
    """Look until something holds. How long it takes is measured in `benchmarks/read.py`, not here."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() - start < within, words
        time.sleep(0.02)


@contextmanager
def serving(environment: dict[str, str], *, processes: int = 2) -> Iterator[str]:
    """Web processes, each with a cache of its own; gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = parley_command("serve", "--port", str(port), "--workers", str(processes))
    command.append("--no-worker")
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(url), "it should become ready", 60)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        return get(f"{url}/health/ready")[0] == 200
    except OSError:
        return False


def shell(environment: dict[str, str], code: str) -> None:
    """Run a few lines inside the application, in a process of its own."""
    lines = f"from app import create_app\nwith create_app().app_context():\n    {code}"
    subprocess.run([sys.executable, "-c", lines], cwd=ROOT, env=environment, check=True, capture_output=True)


SETTINGS = (
    "from cms.core.database import db, transaction; from cms.core import clock; from cms.site.models import SiteSettings\n"
    "    with transaction():\n"
    "        row = db.session.get(SiteSettings, 1) or SiteSettings(id=1, tagline={}, updated_at=clock.now())\n"
    "        row.name = {'en': 'Before'}; db.session.add(row)"
)
RENAME = (
    "from cms.core.database import db, transaction; from cms.core.pagecache import touch; "
    "from cms.site.models import SiteSettings;\n"
    "    with transaction():\n"
    "        db.session.get(SiteSettings, 1).name = {{'en': '{name}'}}; touch('site')"
)

LINK = (
    "from campaigns.links.services import mint_link; from cms.core import clock; "
    "from cms.core.database import transaction\n"
    "    of = dict.fromkeys(('post_id', 'account_id', 'campaign_id', 'by'))\n"
    "    with transaction():\n"
    "        mint_link(target='/sections', source='x', medium='y', at=clock.now(), **of).code = 'bcdfghj'"
)


def test_a_change_reaches_every_process(tmp_path: Path) -> None:
    with migrated_database(tmp_path) as database:
        environment = {**os.environ, "PARLEY_DATA": str(tmp_path), "PARLEY_DATABASE_URL": database}
        shell(environment, SETTINGS)
        with serving(environment) as url:
            assert all("Before" in get(f"{url}/en/")[1] for _ in range(20))
            shell(environment, RENAME.format(name="After"))
            eventually(
                lambda: all("After" in get(f"{url}/en/")[1] for _ in range(20)), "all should be new", 10
            )


if KIND == "postgresql":

    def test_kept_pages_are_served_while_the_database_is_away(tmp_path: Path) -> None:
        with migrated_database(tmp_path) as database:
            address = make_url(database)
            proxy = Proxy((address.host or "127.0.0.1", address.port or 5432))
            through = address.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
            environment = {**os.environ, "PARLEY_DATA": str(tmp_path), "PARLEY_DATABASE_URL": database}
            shell(environment, SETTINGS)
            shell(environment, LINK)
            # One process: with two, nothing says that each was asked, and so keeps the page, before the line is cut.
            with serving({**environment, "PARLEY_DATABASE_URL": through}, processes=1) as url:
                assert "Before" in get(f"{url}/en/")[1]
                assert {leads(f"{url}/l/bcdfghj") for _ in range(20)} == {"http://127.0.0.1:8000/sections"}
                proxy.cut()
                assert all(get(f"{url}/en/")[0] == 200 for _ in range(20))
                assert {leads(f"{url}/l/bcdfghj") for _ in range(20)} == {"http://127.0.0.1:8000/sections"}
                assert leads(f"{url}/l/2345678") == ""
                status, words = get(f"{url}/en/archive")
                assert (status, "Traceback" in words) == (503, False)
                proxy.mend()
                eventually(lambda: get(f"{url}/en/archive")[0] == 200, "it should come back by itself", 20)
            proxy.close()
