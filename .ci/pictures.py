"""Pictures of every page of the desk, to be looked at: `python .ci/pictures.py OUT [--url http://127.0.0.1:8000]`.

Needs a running site with the sample content (`make run`) and Chromium. Walks the desk by its links, then takes each
page in both languages, both themes and three widths, and says which are wider than their window.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from app import create_app  # noqa: E402
from tests.journeys.walking import desk_pages, sign_in  # noqa: E402

WIDTHS = (390, 820, 1440)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
TALLEST = 4000  # pixels of one picture


def main() -> None:
    """Walk, take, report."""
    options = arguments()
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        sys.exit("This needs Chromium (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(base_url=options.url, reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, options.email, options.password)
        pages = desk_pages(page, create_app())
        if options.only:
            pages = {name: path for name, path in pages.items() if re.search(options.only, name)}
        print(f"{len(pages)} pages")
        problems = []
        for scheme in options.schemes.split(","):
            page.emulate_media(color_scheme=scheme)
            for language in options.languages.split(","):
                for width in map(int, options.widths.split(",")):
                    page.set_viewport_size({"width": width, "height": 900})
                    for name, path in sorted(pages.items()):
                        problems += take(page, name, path, language, scheme, width, Path(options.out))
        browser.close()
    print("\n".join(sorted(set(problems))) or "nothing is wider than its window")


def arguments() -> argparse.Namespace:
    """What to take, of which site, where to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--email", default="admin@example.com")
    parser.add_argument("--password", default="parley-admin")
    parser.add_argument("--only", help="routes whose name matches this pattern")
    parser.add_argument("--schemes", default="light,dark")
    parser.add_argument("--languages", default="en,zh")
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    return parser.parse_args()


def take(page: Page, name: str, path: str, language: str, scheme: str, width: int, out: Path) -> list[str]:
    """One picture; gives what is wrong with the page as far as a program can tell."""
    answer = page.goto(f"/{language}{path}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    folder = out / f"{language}-{scheme}-{width}"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=folder / f"{name}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": max(tall, 900)},
    )
    problems = [f"{name} at {width}: {wide} px wide ({path})"] if wide > width else []
    if answer is None or not answer.ok:
        problems.append(f"{name}: {answer and answer.status} ({path})")
    return problems


if __name__ == "__main__":
    main()
