"""Addresses of private calendars: by their hash, and of a person, with since when their maker belongs there."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, case, delete, func, or_, select

from zalenzoeker.domain.private_feeds import is_alive
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Association, Desk, DeskMember, FeedToken, Membership
from zalenzoeker.storage.models.desks import CITY_DESK


class Known(NamedTuple):
    """An address that still opens its calendar, with the names of whose it is."""

    token: FeedToken
    account: Account
    association: Association | None
    desk: Desk | None


def _with_members() -> Select[tuple[FeedToken, Account, Association, Desk, datetime]]:
    """Each with since when its maker belongs to its group, to its desk, or to the city desk, which runs all of them."""
    city = select(Desk.id).where(Desk.slug == CITY_DESK).scalar_subquery()
    since = (
        select(func.min(DeskMember.since))
        .where(DeskMember.account_id == FeedToken.account_id)
        .where(or_(DeskMember.desk_id == FeedToken.desk_id, DeskMember.desk_id == city))
        .scalar_subquery()
    )
    of_group = and_(
        Membership.association_id == FeedToken.association_id, Membership.account_id == FeedToken.account_id
    )
    return (
        select(
            FeedToken,
            Account,
            Association,
            Desk,
            case((FeedToken.desk_id.is_not(None), since), else_=Membership.since),
        )
        .join(Account, Account.id == FeedToken.account_id)
        .outerjoin(Membership, of_group)
        .outerjoin(Association, Association.id == FeedToken.association_id)
        .outerjoin(Desk, Desk.id == FeedToken.desk_id)
    )


def _alive(query: Select[tuple[FeedToken, Account, Association, Desk, datetime]]) -> list[Known]:
    rows = db.session.execute(query)
    return [Known(token, *others) for token, *others, since in rows if is_alive(token.of, token.created_at, since)]


def by_hash(token_hash: str) -> Known | None:
    """The calendar that an address opens now; None for an unknown one, and once its maker has left."""
    return next(iter(_alive(_with_members().where(FeedToken.token_hash == token_hash))), None)


def of_account(account_id: int) -> Sequence[FeedToken]:
    """The addresses somebody made that open a calendar now."""
    found = _alive(_with_members().where(FeedToken.account_id == account_id).order_by(FeedToken.id))
    return [one.token for one in found]


def lock_maker(account_id: int) -> None:
    """Wait for everything else this person does about their addresses, until the write unit ends."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def remove(account_id: int, *, association_id: int | None, desk_id: int | None) -> None:
    """The address somebody made of this calendar opens nothing from now on."""
    same = and_(
        FeedToken.association_id.is_not_distinct_from(association_id), FeedToken.desk_id.is_not_distinct_from(desk_id)
    )
    db.session.execute(delete(FeedToken).where(FeedToken.account_id == account_id, same))


def forget_ended() -> None:
    """Let go of those that open nothing any more."""
    rows = db.session.execute(_with_members())
    ended = [token.id for token, *_others, since in rows if not is_alive(token.of, token.created_at, since)]
    db.session.execute(delete(FeedToken).where(FeedToken.id.in_(ended)))
