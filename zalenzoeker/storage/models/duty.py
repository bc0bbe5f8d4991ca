"""When a desk is away, and who of it is on duty."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.storage.db import Base, Key, Name
from zalenzoeker.storage.models.accounts import Account


class QuietPeriod(Base):
    """Days on which a desk does not answer, both included; whoever asks reads the reason."""

    __tablename__ = "quiet_period"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="in_order"),
        Index("ix_quiet_period_desk_id_last_day", "desk_id", "last_day"),
    )

    id: Mapped[Key]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[Name] = mapped_column(default="")


class Duty(Base):
    """Who is on duty on these days, both included, entered by hand."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="in_order"),
        Index("ix_duty_desk_id_last_day", "desk_id", "last_day"),
    )

    id: Mapped[Key]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)

    account: Mapped[Account] = relationship(lazy="raise")


class DutyRota(Base):
    """A member in the rota of a desk; ``position``: from 0, each takes a week."""

    __tablename__ = "duty_rota"
    __table_args__ = (UniqueConstraint("desk_id", "position"),)

    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
