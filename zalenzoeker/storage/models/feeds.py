"""That the calendar of a room changed."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.storage.db import Base


class CalendarMark(Base):
    """Drawn anew by the database with every change of what a room's calendar shows (``storage.calendar_guards``)."""

    __tablename__ = "calendar_mark"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)
