"""Votes of the members of a desk about a request."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.storage.db import Base, Key, Moment
from zalenzoeker.storage.models.accounts import Account


class Vote(Base):
    """What one member says about a request at their desk; a second vote takes the place of the first.

    ``note``: why, for the desk; ``to_asker``: words that go to the asker when it becomes a no. ``version``: of the
    request that was voted on; it counts from ``Request.votes_from`` on.
    """

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("request_id", "desk_id", "account_id"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    is_yes: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    to_asker: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Moment]
    version: Mapped[int]

    account: Mapped[Account] = relationship(lazy="raise")
