"""Associations, of a person and by address, and the invitations to join them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Association, Invitation, Membership, Trust


def of_person(association_ids: Collection[int]) -> Sequence[Association]:
    """The associations with these ids, by name, with their members."""
    if not association_ids:
        return []
    query = (
        select(Association)
        .where(Association.id.in_(association_ids))
        .options(selectinload(Association.memberships).joinedload(Membership.account))
        .order_by(Association.name, Association.id)
    )
    return db.session.scalars(query).all()


def by_code(code: str) -> Association | None:
    query = (
        select(Association)
        .where(Association.code == code)
        .options(selectinload(Association.memberships).joinedload(Membership.account))
    )
    return db.session.scalar(query)


def lock(association_id: int) -> None:
    """Wait for everybody else who changes this association, until the write unit ends."""
    db.session.execute(select(Association.id).where(Association.id == association_id).with_for_update())


def membership(association_id: int, account_id: int) -> Membership | None:
    return db.session.get(Membership, (association_id, account_id))


def invitations(association_id: int) -> Sequence[Invitation]:
    """Invitations nobody accepted yet."""
    query = select(Invitation).where(Invitation.association_id == association_id, Invitation.accepted_at.is_(None))
    return db.session.scalars(query.order_by(Invitation.email)).all()


def of_account(account_id: int | None) -> Sequence[Association]:
    """The associations a person belongs to now, by name."""
    query = select(Association).join(Membership).where(Membership.account_id == account_id)
    return db.session.scalars(query.order_by(Association.name, Association.id)).all()


def invitation(token_hash: str, *, for_change: bool = False) -> Invitation | None:
    """The invitation with this token; ``for_change``: locked until the write unit ends."""
    query = select(Invitation).where(Invitation.token_hash == token_hash).options(joinedload(Invitation.association))
    return db.session.scalar(query.with_for_update(of=Invitation) if for_change else query)


def invitation_to(association_id: int, email: str) -> Invitation | None:
    query = select(Invitation).where(Invitation.association_id == association_id, Invitation.email == email)
    return db.session.scalar(query)


def trusting(association_id: int | None, venue_ids: Collection[int]) -> set[int]:
    """Which of these places trust this group."""
    if association_id is None:
        return set()
    query = select(Trust.venue_id).where(Trust.association_id == association_id, Trust.venue_id.in_(venue_ids))
    return set(db.session.scalars(query))


def trust(venue_id: int, association_id: int) -> Trust | None:
    """That this place trusts this group, if it does."""
    return db.session.get(Trust, (venue_id, association_id))
