"""How often the calendar of a room changed."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.storage.db import Base


class CalendarVersion(Base):
    """Raised by the database itself with every change of what a room's calendar shows (``storage.calendar_guards``)."""

    __tablename__ = "calendar_version"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)
