"""The salts that visitors are hashed with. What was counted is in the store, not here."""

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cms.core.database import Base


class VisitorSalt(Base):
    """Random bytes for one window. Once the window is over the row is deleted, and nobody can hash like that again."""

    __tablename__ = "visitor_salts"

    window: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 202611, or 20261128
    salt: Mapped[bytes] = mapped_column(LargeBinary)


SALTS_ARE_LEFT_OUT = {VisitorSalt.__tablename__: "salts that must be gone when their window is over"}
