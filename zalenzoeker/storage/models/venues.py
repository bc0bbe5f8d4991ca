"""Neighbourhoods and places, as the register tells them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.places import (
    Confidence,
    CoordPrecision,
    House,
    Known,
    Manager,
    Operator,
    Unit,
    VenueKind,
    ways_in,
)
from zalenzoeker.storage.db import Base, Facts, Key, Name, Slug
from zalenzoeker.storage.enums import enum_column


class Neighbourhood(Base):
    """A wijk. ``outline``: the city's own polygon as GeoJSON coordinates, where it was imported."""

    __tablename__ = "neighbourhood"

    id: Mapped[Key]
    slug: Mapped[Slug] = mapped_column(unique=True)
    name: Mapped[Name]
    lat: Mapped[float]
    lon: Mapped[float]
    source: Mapped[str] = mapped_column(Text, default="")
    outline: Mapped[Facts | None]


class Venue(Base):
    """A meeting place. Only what the register says stands here; what a house adds is a HouseFact."""

    __tablename__ = "venue"
    __table_args__ = (CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="point_is_whole"),)

    id: Mapped[Key]
    slug: Mapped[Slug] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[VenueKind] = enum_column(VenueKind)
    operator: Mapped[Operator] = enum_column(Operator)
    managed_by: Mapped[Manager] = enum_column(Manager)
    street: Mapped[Name] = mapped_column(default="")
    house_number: Mapped[str] = mapped_column(String(20), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[Name] = mapped_column(default="")
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    coord_precision: Mapped[CoordPrecision] = enum_column(CoordPrecision)
    phone: Mapped[Name] = mapped_column(default="")
    email: Mapped[Name] = mapped_column(default="")
    website: Mapped[str] = mapped_column(Text, default="")
    drop_in_hours: Mapped[str] = mapped_column(Text, default="")
    wheelchair: Mapped[Known] = enum_column(Known)
    notes: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[Confidence] = enum_column(Confidence)
    source_year: Mapped[int | None]
    confirmed_on: Mapped[date | None]

    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="raise")
    rooms: Mapped[list["Room"]] = relationship(lazy="raise", back_populates="venue", order_by="Room.name")
    facts: Mapped[list["HouseFact"]] = relationship(lazy="raise", viewonly=True)

    @property
    def house(self) -> House:
        """The facts the domain asks of a place; the query must have loaded ``facts``."""
        has_joined = any(fact.is_joining for fact in self.facts)
        return House(self.kind, self.operator, self.managed_by, has_joined)

    @property
    def access(self) -> Known:
        """Whether one gets in with a wheelchair: the house's word, else the register's; ``facts`` must be loaded."""
        return next((Known(fact.value) for fact in self.facts if fact.is_access), self.wheelchair)

    @property
    def ways_in(self) -> list[str]:
        """What you can do here; the query must have loaded ``facts`` and ``rooms``."""
        return list(ways_in(self.house, frozenset(Unit(room.unit) for room in self.rooms)))

    @property
    def has_exact_point(self) -> bool:
        return self.coord_precision is CoordPrecision.EXACT and self.lat is not None

    @property
    def address(self) -> str:
        """Street and number as far as known, or an empty text."""
        return " ".join(part for part in (self.street, self.house_number) if part)
