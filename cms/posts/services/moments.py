"""Times to come, as people give them: refused when they are past, and written back the way they were typed."""

from datetime import datetime

from flask_babel import gettext as _

from cms.core import walltime
from cms.core.errors import Invalid


def instant_to_come(wall: str, zone: str, *, which: int | None, at: datetime) -> datetime:
    """The instant meant by `2026-12-01T09:30` in a zone; refuses one that is not after `at`. See `walltime.instant`."""
    meant = walltime.instant(wall, zone, which=which)
    if meant <= at:
        raise Invalid(errors={"wall": _("This time has passed. To publish now, use the other button.")})
    return meant


def spoken(wall: str | None, zone: str | None) -> str:
    """`2026-12-01 09:30 (Asia/Shanghai)`."""
    return walltime.shown(wall, zone)
