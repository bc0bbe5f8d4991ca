"""Links in letters: those by which a desk decides, and those by which an asker gives up a date."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.storage.db import Base, EpochSeconds, Key, Moment
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.desks import Desk


class DecisionLink(Base):
    """A link by which the reader of one letter decides once; of its token only the hash is kept.

    ``account_id``: whose it is; None for a mailbox that a desk shares, of which ``email`` is the address.
    ``version``: of the request that the letter told of. ``answer``: the action it was used for.
    ``browser_hash``: where it was used, which may undo it.
    """

    __tablename__ = "decision_link"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(String(40), default="")
    browser_hash: Mapped[str] = mapped_column(String(64), default="")

    desk: Mapped[Desk] = relationship(lazy="raise")
    account: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[account_id])
    used_by: Mapped[Account | None] = relationship(lazy="raise", foreign_keys=[used_by_id])


class DateReminder(Base):
    """That an asker was reminded of a confirmed date, once for each moment it has had, and the link to give it up."""

    __tablename__ = "date_reminder"
    __table_args__ = (UniqueConstraint("occurrence_id", "from_epoch"),)

    id: Mapped[Key]
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    from_epoch: Mapped[EpochSeconds]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
