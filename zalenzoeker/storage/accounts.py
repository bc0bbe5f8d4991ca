"""Accounts, what somebody may act for, and the codes that prove an address."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from zalenzoeker.domain.permissions import Actor
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Desk, DeskMember, Membership, SignInCode
from zalenzoeker.storage.models.desks import CITY_DESK


def by_email(email: str) -> Account | None:
    """``email`` casefolded."""
    return db.session.scalar(select(Account).where(Account.email == email))


def by_code(code: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.code == code))


def add(account: Account) -> Account:
    """A new account, or the one that the same person made a moment ago in another browser."""
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError:
        if (known := by_email(account.email)) is None:
            raise
        return known
    return account


PEOPLE = (
    select(Account, Membership.association_id, Desk.id, Desk.slug)
    .outerjoin(Membership, Membership.account_id == Account.id)
    .outerjoin(DeskMember, DeskMember.account_id == Account.id)
    .outerjoin(Desk, Desk.id == DeskMember.desk_id)
)
# Asked for every page of everybody who has signed in: one question, written once.
PERSON = PEOPLE.where(Account.code == bindparam("code"))


def person(code: str) -> tuple[Account, Actor] | None:
    """Who has this code, with the associations and desks they may act for."""
    rows = db.session.execute(PERSON, {"code": code}).all()
    if not rows:
        return None
    account = rows[0][0]
    desks = {(desk_id, slug) for _, _, desk_id, slug in rows if desk_id is not None}
    associations = (association_id for _, association_id, _, _ in rows if association_id is not None)
    return account, _acting(account, associations, desks)


def actor(account: Account) -> Actor:
    """A person with the associations and desks they may act for."""
    desks = db.session.execute(
        select(Desk.id, Desk.slug).join(DeskMember).where(DeskMember.account_id == account.id)
    ).all()
    associations = db.session.scalars(select(Membership.association_id).where(Membership.account_id == account.id))
    return _acting(account, associations, [(desk_id, slug) for desk_id, slug in desks])


def of_desk(desk_id: int) -> list[Actor]:
    """The members of a desk, each with the associations and desks they may act for, asked at once."""
    ours = select(DeskMember.account_id).where(DeskMember.desk_id == desk_id)
    rows: dict[Account, list[tuple[int | None, int | None, str | None]]] = {}
    for account, *row in db.session.execute(PEOPLE.where(Account.id.in_(ours))):
        rows.setdefault(account, []).append(tuple(row))
    return [
        _acting(
            account,
            (group for group, _, _ in of_account if group is not None),
            {(one, slug or "") for _, one, slug in of_account if one is not None},
        )
        for account, of_account in rows.items()
    ]


def _acting(account: Account, associations: Iterable[int], desks: Collection[tuple[int, str]]) -> Actor:
    return Actor(
        account_id=account.id,
        email=account.email,
        name=account.name,
        association_ids=frozenset(associations),
        desk_ids=frozenset(desk_id for desk_id, _ in desks),
        is_city=any(slug == CITY_DESK for _, slug in desks),
    )


def live_code(browser_hash: str, now: datetime) -> SignInCode | None:
    """The newest code this browser asked for that can still be used, locked, so that every try is counted."""
    query = (
        select(SignInCode)
        .where(SignInCode.browser_hash == browser_hash, SignInCode.used_at.is_(None), SignInCode.expires_at > now)
        .order_by(SignInCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return db.session.scalar(query)


def void_codes(email: str, browser_hash: str, now: datetime) -> None:
    """A new code makes the older ones of this browser and address useless."""
    db.session.execute(
        update(SignInCode)
        .where(SignInCode.email == email, SignInCode.browser_hash == browser_hash, SignInCode.used_at.is_(None))
        .values(used_at=now)
    )


def demonstration() -> Sequence[Account]:
    """The people of the demonstration set."""
    return db.session.scalars(select(Account).where(Account.is_demo).order_by(Account.id)).all()


def has_demonstration_rows() -> bool:
    return db.session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is not None


def live_link(code_hash: str, now: datetime) -> SignInCode | None:
    """A one-time link that was not used and is not too old."""
    query = select(SignInCode).where(
        SignInCode.code_hash == code_hash, SignInCode.used_at.is_(None), SignInCode.expires_at > now
    )
    return db.session.scalar(query)


def keep_contact(account_id: int | None, *, name: str, phone: str) -> None:
    """The name, and the telephone where one was given, of a person."""
    values = {"name": name} | ({"phone": phone} if phone else {})
    query = update(Account).where(Account.id == account_id).values(values)
    db.session.execute(query, execution_options={"synchronize_session": False})
