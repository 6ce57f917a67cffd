"""Makes the pictures of the README from a running sample site: `.venv/bin/python docs/screenshots.py [URL]`.

Needs what the tests need (`make setup-test`) and `make run` in another terminal.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).parent / "img"
SIZE = {"width": 1280, "height": 860}
EDITOR = ("editor@example.com", "parley-editor")  # a sample sign-in, see `parley demo`


def main() -> None:
    """Take them all."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    path = shutil.which("chromium") or shutil.which("google-chrome")
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        take(browser, url, "/en/", "home-en-light")
        take(browser, url, "/zh/", "home-zh-light")
        take(browser, url, first_post(browser, url), "post-en-dark", dark=True)
        take(browser, url, "/desk/posts", "desk-en-light", signed_in=True)
        refused, tailored = refused_delivery(browser, url)
        take(browser, url, tailored, "tailor-en-light", signed_in=True)
        take(browser, url, "/desk/deliveries", "deliveries-en-light", signed_in=True)
        take(browser, url, "/desk/reports/comparison#figures-head", "comparison-en-light", signed_in=True)
        take(browser, url, "/desk/reports", "reports-en-light", signed_in=True)
        take(browser, url, refused, "delivery-en-light", signed_in=True)
        browser.close()


def take(
    browser: Browser, url: str, path: str, name: str, *, dark: bool = False, signed_in: bool = False
) -> None:
    """One picture, in few colours so that the repository stays small."""
    context = browser.new_context(
        base_url=url, viewport=SIZE, color_scheme="dark" if dark else "light", locale="en-GB"
    )
    page = context.new_page()
    if signed_in:
        sign_in(page)
    page.goto(path, wait_until="networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(TARGET / f"{name}.png", optimize=True)
    context.close()
    print(f"{name}.png")


def first_post(browser: Browser, url: str) -> str:
    """The address of the lead story."""
    page = browser.new_page(base_url=url)
    page.goto("/en/")
    address = page.locator("main a[href*='/posts/']").first.get_attribute("href")
    page.close()
    assert address
    return address


def refused_delivery(browser: Browser, url: str) -> tuple[str, str]:
    """The address of a delivery that was refused, and of where its story is tailored for every account."""
    page = browser.new_page(base_url=url)
    sign_in(page)
    page.goto("/desk/deliveries?show=asking&state=refused")
    delivery = page.locator(".table__title").first.get_attribute("href")
    page.goto(delivery or "")
    address = page.get_by_role("link", name="Mend the text").get_attribute("href")
    page.close()
    assert delivery
    assert address
    return delivery, address.rpartition("/")[0]


def sign_in(page: Page) -> None:
    """As the sample editor."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(EDITOR[0])
    page.get_by_label("Password").fill(EDITOR[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk**")


if __name__ == "__main__":
    main()
