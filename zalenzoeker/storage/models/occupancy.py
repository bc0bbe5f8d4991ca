"""Who has which space when: the one table in which overlap is impossible, and the house's own patterns behind it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.availability import LONGEST_TAKEN, TakenBy
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.storage.db import Base, Code, EpochSeconds, Key, Moment, Name
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.requests import Occurrence
from zalenzoeker.storage.models.rooms import Room


class OwnProgramme(Base):
    """A line of a house's own week, written out as occupancy. ``is_public``: its title may be shown; ``is_shielded``:
    not even that it is the house's own may be told.

    ``first_day`` and ``until``: the first and the last day on which it counts, where it has any. ``written_until``: the
    last day that was written out. ``sequence``: how often the house changed something about it, as calendars count.
    """

    __tablename__ = "own_programme"
    __table_args__ = (CheckConstraint("NOT (is_shielded AND is_public)", name="shielded_is_not_public"),)

    id: Mapped[Key]
    code: Mapped[Code]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    title: Mapped[Name]
    is_public: Mapped[bool] = mapped_column(default=True)
    is_shielded: Mapped[bool] = mapped_column(default=False)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    from_minute: Mapped[int] = mapped_column(SmallInteger)
    to_minute: Mapped[int] = mapped_column(SmallInteger)
    first_day: Mapped[date | None]
    until: Mapped[date | None]
    written_until: Mapped[date | None]
    changed_at: Mapped[Moment]
    sequence: Mapped[int] = mapped_column(default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)

    room: Mapped[Room] = relationship(lazy="raise")
    exceptions: Mapped[list["ProgrammeException"]] = relationship(
        lazy="raise", order_by="ProgrammeException.day", cascade="all"
    )

    @property
    def hours(self) -> WeeklyHours:
        return WeeklyHours(self.weekday, self.from_minute, self.to_minute, self.title)


class ProgrammeException(Base):
    """A day on which a line of own programme is left out."""

    __tablename__ = "programme_exception"

    programme_id: Mapped[int] = mapped_column(ForeignKey("own_programme.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class ProgrammeDate(Base):
    """One date of a line that the house changed by itself: left out, put back, moved, closed over.

    ``uid``: as calendars know it, for ever. ``sequence``: how often it changed, besides its line. ``moved_to_id``: the
    line of one day that it became, whose words for residents are still those of its own line.
    """

    __tablename__ = "programme_date"

    uid: Mapped[str] = mapped_column(String(60), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("own_programme.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Moment]
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("own_programme.id", ondelete="SET NULL"), unique=True)


class ProgrammeGone(Base):
    """A date of own programme that stood in the calendars and fell away: left out, moved, or the house is closed."""

    __tablename__ = "programme_gone"

    programme_id: Mapped[int] = mapped_column(ForeignKey("own_programme.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True, index=True)
    from_epoch: Mapped[EpochSeconds] = mapped_column(primary_key=True)
    to_epoch: Mapped[EpochSeconds]
    gone_at: Mapped[Moment]


class Closure(Base):
    """Days on which a room is closed, first and last included, with the reason people read.

    ``code``: its identity in calendars.
    """

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="in_order"),)

    id: Mapped[Key]
    code: Mapped[Code]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[Name]
    closed_at: Mapped[Moment]
    is_demo: Mapped[bool] = mapped_column(default=False)


class Occupancy(Base):
    """One space, taken for one stretch: [from_epoch, to_epoch) in seconds. The database refuses overlap.

    ``held_until``: only a short hold, free again after that many seconds since 1970. A QUEUED row takes nothing: it
    tells that somebody asked, and the guards leave it out. No row is longer than LONGEST_TAKEN, so that a look at a
    stretch of time never has to read what began long before.
    """

    __tablename__ = "occupancy"
    __table_args__ = (
        CheckConstraint("from_epoch < to_epoch", name="in_order"),
        CheckConstraint("from_epoch % 60 = 0 AND to_epoch % 60 = 0", name="whole_minutes"),
        CheckConstraint(f"to_epoch - from_epoch <= {LONGEST_TAKEN}", name="not_too_long"),
        Index("ix_occupancy_space_id_from_epoch", "space_id", "from_epoch", "to_epoch"),
        Index("ix_occupancy_from_epoch", "from_epoch", "to_epoch", "space_id", "by", "held_until"),
    )

    id: Mapped[Key]
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    from_epoch: Mapped[EpochSeconds]
    to_epoch: Mapped[EpochSeconds]
    by: Mapped[TakenBy] = enum_column(TakenBy)
    held_until: Mapped[EpochSeconds | None]
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("own_programme.id", ondelete="CASCADE"), index=True)
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id", ondelete="CASCADE"), index=True)
    diary_id: Mapped[int | None] = mapped_column(ForeignKey("diary.id", ondelete="CASCADE"), index=True)

    occurrence: Mapped[Occurrence | None] = relationship(lazy="raise")
    programme: Mapped[OwnProgramme | None] = relationship(lazy="raise")
    closure: Mapped[Closure | None] = relationship(lazy="raise")
