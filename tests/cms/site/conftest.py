"""Searches of one test do not count against those of the next."""

import pytest

from cms.site.views import looking


@pytest.fixture(autouse=True)
def nobody_searched_yet() -> None:
    looking.forget_who_asked()
