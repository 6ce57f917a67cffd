"""`make test-peers` as `.ci/run` calls it: within a few minutes, and never the reason that a change may not land by
being slow or absent. What these tests find wrong is.

Installs what Debian has of it when it is missing and we may; the scripts that start the servers fetch the rest themselves.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = "wordpress php-cli php-mysql php-gd php-xml php-mbstring php-curl mariadb-server".split()
PROGRAMS = "php mariadbd".split()
FETCHING = 90  # seconds for the packages
STARTING = 75  # seconds for one server to be there; the first start fetches what it is made of
WHOLE = 240  # seconds, after which what still runs is ended and left out
ENDING = 45  # seconds to end the servers
FOUND_SOMETHING = 1  # pytest's code for tests that failed


def main() -> int:
    """Gives 1 when a test failed, else 0."""
    begun = time.monotonic()
    scripts = Path(os.environ.get("PARLEY_TEST_PEERS") or ROOT.parent / "shared" / "peers")
    if not scripts.is_dir():
        print(f"Peers: left out, there is no {scripts} (PARLEY_TEST_PEERS).")
        return 0
    install()
    code = run_tests(WHOLE - (time.monotonic() - begun))
    print(f"Peers: {time.monotonic() - begun:.0f} s")
    return FOUND_SOMETHING if code == FOUND_SOMETHING else 0


def install() -> None:
    """The Debian packages of WordPress, when they are missing, we are root, and it does not take long."""
    if all(map(shutil.which, PROGRAMS)) and Path("/usr/share/wordpress").exists():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("Peers: WordPress is not installed here, and we may not.")
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    deadline = time.monotonic() + FETCHING
    install = ["install", "-y", "--no-install-recommends", *PACKAGES]
    for words in (["update"], [*install, "--download-only"]):
        left = deadline - time.monotonic()
        if ended_in(["apt-get", "-qq", *words], left, environment, signal.SIGTERM) != 0:
            print(f"Peers: `apt-get {words[0]}` failed, or took more than {FETCHING} s.")
            return
    # What is fetched is put in place without a limit: cut short, it would leave the packages of this machine half done.
    subprocess.run(["apt-get", "-qq", *install], env=environment, stdout=subprocess.DEVNULL, check=False)


def run_tests(seconds: float) -> int:
    """The tests; gives pytest's exit code, or another one when they did not end in time."""
    python = str(ROOT / ".venv" / "bin" / "python")
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-r",
        "fE",
        "tests/peers/test_wordpress.py",
        "tests/peers",
    ]
    environment = {**os.environ, "PARLEY_TEST_PEERS_SECONDS": str(STARTING)}
    code = ended_in(command, seconds, environment, signal.SIGINT)
    if code not in (0, FOUND_SOMETHING):
        print(f"Peers: left out what had not ended after {seconds:.0f} s (exit code {code}).")
    return code


def ended_in(command: list[str], seconds: float, environment: dict[str, str], sign: signal.Signals) -> int:
    """Run it; when it takes too long ask it to end, so that it ends what it started. Gives its exit code, -1 then."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait(max(seconds, 1))
    except subprocess.TimeoutExpired:
        process.send_signal(sign)
    try:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return -1


if __name__ == "__main__":
    sys.exit(main())
