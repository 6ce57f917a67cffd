"""The cast of this room: Nadia decides, Rae and Ivy talk."""

import pytest
from flask import Flask

from cms.people.models import Person
from tests import factories


@pytest.fixture
def nadia(app: Flask) -> Person:
    return factories.nadia()


@pytest.fixture
def rae(app: Flask) -> Person:
    return factories.rae()


@pytest.fixture
def ivy(app: Flask) -> Person:
    return factories.ivy()
