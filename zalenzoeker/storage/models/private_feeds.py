"""Addresses of private calendars: whose they are, and the hash by which they are known."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from zalenzoeker.domain.private_feeds import FeedOf
from zalenzoeker.storage.db import Base, Key, Moment


class FeedToken(Base):
    """The address of a private calendar that somebody made for themselves: of all their own, of a group, or of a desk.

    Each has its own, so that it ends with the membership of who made it. The token itself is kept nowhere.
    """

    __tablename__ = "feed_token"
    __table_args__ = (CheckConstraint("association_id IS NULL OR desk_id IS NULL", name="of_one_thing"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.id", ondelete="CASCADE"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]

    @property
    def of(self) -> FeedOf:
        if self.association_id is not None:
            return FeedOf.ASSOCIATION
        return FeedOf.PERSON if self.desk_id is None else FeedOf.DESK
