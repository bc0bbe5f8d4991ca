"""The log of what was changed about a house or a desk."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.changes import Subject
from zalenzoeker.storage.db import Base, Key, Moment
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.desks import Desk


class Change(Base):
    """One change of a house or of a desk: what stood there, what stands there, who did it for which desk, and when.

    ``before`` is None for what is new, ``after`` for what is gone. The log outlives whoever wrote on it.
    """

    __tablename__ = "change_log"
    __table_args__ = (
        CheckConstraint("(venue_id IS NULL) <> (desk_id IS NULL)", name="of_one"),
        Index("ix_change_log_venue_id_at", "venue_id", "at"),
        Index("ix_change_log_desk_id_at", "desk_id", "at"),
    )

    id: Mapped[Key]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    what: Mapped[Subject] = enum_column(Subject)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    by_desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="SET NULL"), index=True)
    at: Mapped[Moment]
    is_demo: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account | None] = relationship(lazy="raise")
    by_desk: Mapped[Desk | None] = relationship(lazy="raise", foreign_keys=[by_desk_id])
