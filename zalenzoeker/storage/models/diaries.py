"""The diary a house keeps elsewhere, one for a room: where it comes from, what came of reading it, when it is busy."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.diaries import DiaryKind, Trouble, counts_until
from zalenzoeker.storage.db import Base, EpochSeconds, Key, Moment
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.rooms import Room


class Diary(Base):
    """A diary of a room. ``raw``: the file as it was handed in, until it is read; nothing of its words stays.

    ``address`` may hold a secret of the house, so that pages and logs say only its host. ``keep_days``: how long a file
    counts. ``mark``: another one each time somebody hands in a file or names an address, so that a reading of what was
    there before is thrown away. ``due_at``: when the worker looks at it again. ``read_at``: the last reading that went
    well; ``tried_at`` and ``trouble``: the last one at all. ``dates`` and ``skipped``: what the last good one found.
    """

    __tablename__ = "diary"
    __table_args__ = (CheckConstraint("(kind = 'address') = (address <> '')", name="address"),)

    id: Mapped[Key]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[DiaryKind] = enum_column(DiaryKind)
    address: Mapped[str] = mapped_column(String(2000), default="")
    keep_days: Mapped[int]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    mark: Mapped[str] = mapped_column(String(32))
    etag: Mapped[str] = mapped_column(String(200), default="")
    modified: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[Moment]
    due_at: Mapped[Moment] = mapped_column(index=True)
    tried_at: Mapped[Moment | None]
    read_at: Mapped[Moment | None]
    trouble: Mapped[Trouble | None] = enum_column(Trouble)
    dates: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    room: Mapped[Room] = relationship(lazy="raise")

    @property
    def counts_until(self) -> datetime | None:
        return counts_until(self.kind, self.read_at, self.keep_days)


class DiaryTime(Base):
    """A stretch in which a diary says that its room is busy; what of it the room could be taken for is occupancy."""

    __tablename__ = "diary_time"

    diary_id: Mapped[int] = mapped_column(ForeignKey("diary.id", ondelete="CASCADE"), primary_key=True)
    from_epoch: Mapped[EpochSeconds] = mapped_column(primary_key=True)
    to_epoch: Mapped[EpochSeconds]
