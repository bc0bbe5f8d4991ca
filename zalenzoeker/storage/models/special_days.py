"""Days that are not like others, and the number that tells when the facts of rooms changed."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.storage.db import Base, Key, Name
from zalenzoeker.storage.enums import enum_column

FACTS = "facts"


class SpecialDay(Base):
    """A holiday, a school holiday, the Gentse Feesten, or a closing day of the city; first and last day included.

    ``rule``: how the days are found, in words; ``source``: who says so.
    """

    __tablename__ = "special_day"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="in_order"),)

    id: Mapped[Key]
    kind: Mapped[SpecialKind] = enum_column(SpecialKind)
    name: Mapped[Name]
    first_day: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date]
    source: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[str] = mapped_column(Text, default="")


class Revision(Base):
    """How often something changed; raised by the database itself, so that no writer can forget it."""

    __tablename__ = "revision"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
