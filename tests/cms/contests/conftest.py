"""What tests with real threads need: an application whose commits stay."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def own_app(own_app: Flask) -> Iterator[Flask]:
    """In its context."""
    with own_app.app_context():
        yield own_app
