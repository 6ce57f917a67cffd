"""What keeps somebody out of a page: what axe finds in it, and more width than a window has."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": [
        "violations"
    ],  # to describe each element that is right takes twice as long as to find what is not
}
WIDTHS = (320, 390, 820, 1440)
# What follows a change of the window, such as a chart, has followed by the second frame; what moves is brought to its
# end, since one that is called off meanwhile never says that it arrived. A window that draws nothing is an error.
EXCESS = """async () => {
    const frame = () => new Promise((shown, fail) => {
        requestAnimationFrame(shown);
        setTimeout(fail, 60000, new Error("no frame within a minute"));
    });
    await frame(); await frame();
    const ending = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
    ending.forEach(one => one.finish());
    return document.documentElement.scrollWidth - innerWidth;
}"""


def faults(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """A line for each thing that axe finds in the page that is shown, and for each of these widths that it exceeds."""
    said = Axe().run(page, options=RULES).response["violations"]
    found = [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in said]
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if (excess := page.evaluate(EXCESS)) > 0:
            found.append(f"{excess} px wider than a window of {width}")
    if before is not None:
        page.set_viewport_size(before)
    return found
