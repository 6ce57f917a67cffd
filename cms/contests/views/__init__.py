"""Contests as readers see them, entries as their authors write them, and the desk's pages."""

from flask import Blueprint

bp = Blueprint("contests", __name__)

from cms.contests.views import checking, desk, making, own, public, results, taking_part, writing  # noqa: E402, F401

__all__ = ["bp"]
