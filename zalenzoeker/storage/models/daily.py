"""Who wants a daily letter about what, and who wants no reminders."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.storage.db import Base, Key, Moment
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.desks import Desk


class DailyLetter(Base):
    """What a reader of a desk reads once a day: a member, or the shared address where ``account_id`` is empty.

    ``news``: of which kinds (domain.daily.News); what is not among them comes at once. ``last_day``: the day in Ghent
    for which it was made up last.
    """

    __tablename__ = "daily_letter"
    __table_args__ = (
        UniqueConstraint("desk_id", "account_id"),
        Index(
            "uq_daily_letter_shared",
            "desk_id",
            unique=True,
            sqlite_where=text("account_id IS NULL"),
            postgresql_where=text("account_id IS NULL"),
        ),
    )

    id: Mapped[Key]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    news: Mapped[list[str]] = mapped_column(JSON)
    last_day: Mapped[date | None]

    desk: Mapped[Desk] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise")


class NoReminders(Base):
    """An address to which no reminders go; every other letter still does."""

    __tablename__ = "no_reminders"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(320), unique=True)
    since: Mapped[Moment]
