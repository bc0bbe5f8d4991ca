"""What keeps the service honest: counted attempts, and signs of life of the worker."""

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.storage.db import Base, EpochSeconds, Key, Moment


class Attempt(Base):
    """One attempt under a limit; ``key`` is a hash of what is limited and whose it is."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key_at_epoch", "key", "at_epoch"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64))
    at_epoch: Mapped[EpochSeconds]


class Heartbeat(Base):
    """When a process was last seen at work."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[Moment]


class SelfCheck(Base):
    """What the last look at the whole table of occupancy found; one row."""

    __tablename__ = "self_check"

    id: Mapped[Key]
    at: Mapped[Moment]
    faults: Mapped[list[str]] = mapped_column(JSON)
