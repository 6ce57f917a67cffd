"""Wall times with their zone, in the brackets of the language."""

import pytest
from flask import Flask
from flask_babel import force_locale

from cms.core import walltime


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "2026-12-01 09:30 (Asia/Shanghai)"), ("zh", "2026-12-01 09:30（Asia/Shanghai）")],
)
def test_a_wall_time_is_shown_with_its_zone(app: Flask, locale: str, said: str) -> None:
    with app.test_request_context(), force_locale(locale):
        assert walltime.shown("2026-12-01T09:30", "Asia/Shanghai") == said
        shown = app.jinja_env.from_string("{{ wall | in_zone(zone) }}")
        assert shown.render(wall="2026-12-01T09:30", zone="Asia/Shanghai") == said
