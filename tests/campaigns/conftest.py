"""What the rooms of campaigns share: a program that calls the API for Nadia."""

from tests.cms.api.conftest import api, count_reads_anew

__all__ = ["api", "count_reads_anew"]
