"""Where codes lead, as the redirect needs it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from campaigns.links.models import Link
from campaigns.links.targets import address_for
from cms.core.database import db

_ID = secrets.token_urlsafe(
    18
)  # stands for the click id while an address is put together: no target holds it


@dataclass(frozen=True)
class Destination:
    """What a process keeps of a link."""

    link_id: int
    code: str
    target: str
    utm: Mapping[str, str]
    replacement: str
    expires_at: datetime | None
    ended_at: datetime | None
    created_at: datetime

    def is_over(self, at: datetime) -> bool:
        """Ended by a person, or past its time."""
        return self.ended_at is not None or (self.expires_at is not None and self.expires_at <= at)

    def leads_to(self, at: datetime) -> str:
        """The target, the replacement once it is over, or nothing."""
        return self.replacement if self.is_over(at) else self.target

    def way(self, at: datetime) -> tuple[str, str] | None:
        """The address a visitor is sent to, before and after the click id; None where it is over."""
        return self._replacing if self.is_over(at) else self._leading

    @cached_property
    def _leading(self) -> tuple[str, str]:
        return self._around(self.target)

    @cached_property
    def _replacing(self) -> tuple[str, str] | None:
        return self._around(self.replacement) if self.replacement else None

    def _around(self, target: str) -> tuple[str, str]:
        before, _id, after = address_for(target, self.utm, _ID).rpartition(_ID)
        return before, after


def find_destination(code: str) -> Destination | None:
    """Where a code leads; one query."""
    row = db.session.execute(
        select(
            Link.id,
            Link.code,
            Link.target,
            Link.utm,
            Link.replacement,
            Link.expires_at,
            Link.ended_at,
            Link.created_at,
        ).where(Link.code == code)
    ).one_or_none()
    return Destination(*row) if row else None
