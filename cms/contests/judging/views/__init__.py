"""Pages of jurors, of voters, of organisers, and of anybody who wants to check a result or a certificate."""

from flask import Blueprint

bp = Blueprint("judging", __name__)

from cms.contests.judging.views import certificates, desk, jury, proof, voting  # noqa: E402, F401 - they add routes

__all__ = ["bp"]
