"""What the ground floor answers itself; its blueprints are `pages` and `health`."""

from cms.core.pages import STATIC
from tests.house.authorisation import everyone


def bundled_file() -> str:
    folder = STATIC / "dist"
    folder.mkdir(exist_ok=True)
    (folder / "walk.txt").write_text("for the walk", encoding="utf-8")
    return "/static/dist/walk.txt"


ROWS = {
    "pages.show_static GET": everyone(bundled_file),
    "health.show_live GET": everyone("/health/live"),
    "health.show_ready GET": everyone("/health/ready"),
    "health.show_metrics GET": everyone("/metrics"),
}
