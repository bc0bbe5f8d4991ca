"""Rooms, the spaces they take, what is in them, and the rules and hours of a house."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.places import Confidence, Known, Unit, is_asked_here
from zalenzoeker.domain.rules import Rule, RuleName
from zalenzoeker.storage.db import Base, Key, Name, Slug
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.venues import Venue

JOINED = "joined"
FACILITY = "facility"
NO_FACILITY = "no_facility"
WHEELCHAIR = "wheelchair"
CAPACITY_SEATED = "capacity_seated"
CAPACITY_STANDING = "capacity_standing"


class Facility(Base):
    """Something a room can have, with the words people use for it."""

    __tablename__ = "facility"

    id: Mapped[Key]
    slug: Mapped[Slug] = mapped_column(unique=True)
    name: Mapped[Name]
    group: Mapped[Name]
    synonyms: Mapped[list[str]] = mapped_column(JSON, default=list)


class RoomFacility(Base):
    """A facility that the register names for a room."""

    __tablename__ = "room_facility"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("facility.id"), primary_key=True)


class Room(Base):
    """A row of the register's rooms: one room, a whole house, several rooms, or a permission."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue_id", "slug"),)

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    slug: Mapped[Slug]
    name: Mapped[Name]
    unit: Mapped[Unit] = enum_column(Unit)
    capacity_seated: Mapped[int | None]
    capacity_standing: Mapped[int | None]
    area_m2: Mapped[int | None]
    is_heated: Mapped[Known] = enum_column(Known)
    price_note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[Confidence] = enum_column(Confidence)
    source_year: Mapped[int | None]

    venue: Mapped[Venue] = relationship(lazy="raise", back_populates="rooms")
    facilities: Mapped[list[Facility]] = relationship(
        lazy="raise", secondary="room_facility", order_by="(Facility.group, Facility.name)"
    )

    @property
    def is_asked_here(self) -> bool:
        """The query must have loaded ``venue`` and its ``facts``."""
        return is_asked_here(self.venue.house, self.unit)


class Space(Base):
    """A part of a building that cannot be divided: what can be taken only once at a time."""

    __tablename__ = "space"

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    name: Mapped[Name]


class RoomSpace(Base):
    """Which spaces a room takes; ``is_demo``: only the demonstration says that it takes this one too."""

    __tablename__ = "room_space"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)


class HouseFact(Base):
    """What a house tells besides the register: that it joined, how many fit, what is there and what is not.

    No ``room_id``: of the house. What the house tells goes before what the register names, whose rows stay.
    """

    __tablename__ = "house_fact"
    __table_args__ = (UniqueConstraint("venue_id", "room_id", "name", "value"),)

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    name: Mapped[Name]
    value: Mapped[Name] = mapped_column(default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    @property
    def is_joining(self) -> bool:
        return self.name == JOINED

    @property
    def is_access(self) -> bool:
        return self.name == WHEELCHAIR and self.room_id is None


class Opening(Base):
    """A line of the week in which a house's rooms can be asked. ``room_id`` None: all rooms of the house."""

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("from_minute < to_minute", name="in_order"),
    )

    id: Mapped[Key]
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    from_minute: Mapped[int] = mapped_column(SmallInteger)
    to_minute: Mapped[int] = mapped_column(SmallInteger)
    is_demo: Mapped[bool] = mapped_column(default=False)


class RuleLine(Base):
    """A rule as data. No venue: of the whole city; no room: of all rooms of the place.

    ``is_own``: the house says so itself, beside what the register says and before it.
    """

    __tablename__ = "rule"
    __table_args__ = (UniqueConstraint("venue_id", "room_id", "name", "is_own"),)

    id: Mapped[Key]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    name: Mapped[RuleName] = enum_column(RuleName)
    value: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text, default="")
    is_own: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)

    @property
    def rule(self) -> Rule:
        return Rule(self.name, self.value, self.source, self.venue_id is not None, self.room_id is not None)
