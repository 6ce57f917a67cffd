import pytest
from flask import Flask


@pytest.fixture
def own_app(own_app: Flask) -> Flask:
    """Forms are sent without their token."""
    own_app.config.update(WTF_CSRF_ENABLED=False)
    return own_app
