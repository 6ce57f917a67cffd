"""One row for each delivery and figure: the newest that tells a number, else the newest."""

from typing import Any

from sqlalchemy import Select, func, select

from campaigns.engagement.platform.models import PlatformFigure


def newest() -> Select[Any]:
    """Rows of figures with their `place`, 1 for the newest. A figure that was told once and is missing now keeps its last
    value and the time of it: a network that skips an answer has not lost the likes."""
    place = func.row_number().over(
        partition_by=(PlatformFigure.delivery_id, PlatformFigure.metric),
        order_by=(
            PlatformFigure.value.is_(None),
            PlatformFigure.captured_at.desc(),
            PlatformFigure.id.desc(),
        ),
    )
    return select(PlatformFigure, place.label("place"))
