"""The log of a house: what was changed, newest first, and the names of the people it speaks of."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Association, Change


def of_house(venue_id: int, desk_ids: Collection[int], most: int, after: int) -> Sequence[Change]:
    """What was changed about a place and about the desks that keep it, at most so many after so many."""
    query = (
        select(Change)
        .where(or_(Change.venue_id == venue_id, Change.desk_id.in_(desk_ids)))
        .options(joinedload(Change.account), joinedload(Change.by_desk))
        .order_by(Change.at.desc(), Change.id.desc())
    )
    return db.session.scalars(query.limit(most).offset(after)).all()


def of_desk(desk_id: int, most: int) -> Sequence[Change]:
    """The newest changes of a desk: its members, its duty, handing over."""
    query = (
        select(Change)
        .where(Change.desk_id == desk_id)
        .options(joinedload(Change.account), joinedload(Change.by_desk))
        .order_by(Change.at.desc(), Change.id.desc())
    )
    return db.session.scalars(query.limit(most)).all()


def names_of_people(account_ids: Collection[int]) -> dict[int, str]:
    """What people are called, or their address where they gave no name; who is gone is left out."""
    if not account_ids:
        return {}
    found = db.session.execute(select(Account.id, Account.name, Account.email).where(Account.id.in_(account_ids)))
    return {account_id: name or email for account_id, name, email in found}


def association_name(association_id: int) -> str:
    return db.session.scalar(select(Association.name).where(Association.id == association_id)) or ""
