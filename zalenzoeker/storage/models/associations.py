"""Associations, their members, and invitations to join one."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.storage.db import Base, Code, Key, Moment, Name
from zalenzoeker.storage.enums import enum_column
from zalenzoeker.storage.models.accounts import Account


class Association(Base):
    """A group that asks for rooms. It stays when its members leave."""

    __tablename__ = "association"

    id: Mapped[Key]
    code: Mapped[Code]
    name: Mapped[Name]
    kind: Mapped[RequesterKind] = enum_column(RequesterKind)
    enterprise_number: Mapped[str] = mapped_column(String(12), default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id", ondelete="SET NULL"))
    created_at: Mapped[Moment]
    is_demo: Mapped[bool] = mapped_column(default=False)

    memberships: Mapped[list["Membership"]] = relationship(lazy="raise", order_by="Membership.since")


class Membership(Base):
    """Who belongs to an association."""

    __tablename__ = "membership"

    association_id: Mapped[int] = mapped_column(ForeignKey("association.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[Moment]

    account: Mapped[Account] = relationship(lazy="raise")


class Trust(Base):
    """A group that a house trusts: where the house's rules say so, its requests are confirmed at once."""

    __tablename__ = "trust"

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id", ondelete="CASCADE"), primary_key=True)
    association_id: Mapped[int] = mapped_column(
        ForeignKey("association.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[Moment]


class Invitation(Base):
    """An invitation by mail: its token is kept as a hash, works once and not for ever."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("association_id", "email"),)

    id: Mapped[Key]
    association_id: Mapped[int] = mapped_column(ForeignKey("association.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]

    association: Mapped[Association] = relationship(lazy="raise")
