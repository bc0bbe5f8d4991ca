"""Handing a desk over to the next committee: an offer by mail that waits for a yes."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.storage.db import Base, Key, Moment
from zalenzoeker.storage.models.accounts import Account
from zalenzoeker.storage.models.desks import Desk


class Handover(Base):
    """An offer to take over a desk. Its token is kept as a hash; ``new_email``: the shared address from then on."""

    __tablename__ = "handover"

    id: Mapped[Key]
    desk_id: Mapped[int] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    to_email: Mapped[str] = mapped_column(String(320))
    new_email: Mapped[str] = mapped_column(String(320), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]

    desk: Mapped[Desk] = relationship(lazy="raise")
    by: Mapped[Account | None] = relationship(lazy="raise")
