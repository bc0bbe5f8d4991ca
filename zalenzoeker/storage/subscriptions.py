"""Who gets the weekly letter: by address and by the link in a letter, and whose turn it is."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Subscription, SubscriptionLink

KINDS = (LetterKind.SUBSCRIPTION_ASKED, LetterKind.WEEKLY_LETTER)


def of_email(email: str, now: datetime, chosen: dict[str, list[str]]) -> Subscription:
    """The subscription of an address (casefolded), locked; a new one, not confirmed, where there is none."""
    query = select(Subscription).where(Subscription.email == email).with_for_update()
    found = db.session.scalar(query)
    if found is not None:
        return found
    new = Subscription(email=email, chosen=chosen, asked_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except IntegrityError:
        # Somebody typed the same address a moment ago.
        return db.session.scalars(query).one()
    return new


def add_link(subscription: Subscription, token_hash: str, now: datetime, wanted: dict[str, list[str]] | None) -> None:
    db.session.flush()
    db.session.add(
        SubscriptionLink(subscription_id=subscription.id, token_hash=token_hash, wanted=wanted, created_at=now)
    )


def link(token_hash: str) -> SubscriptionLink | None:
    return db.session.scalar(select(SubscriptionLink).where(SubscriptionLink.token_hash == token_hash))


def by_id(subscription_id: int | None) -> Subscription | None:
    return db.session.scalar(select(Subscription).where(Subscription.id == subscription_id))


def locked(subscription_id: int | None) -> Subscription | None:
    """A subscription as it is now; nobody else changes it, or writes to it, until the write unit ends."""
    query = select(Subscription).where(Subscription.id == subscription_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def waiting(issue: date, *, limit: int) -> Sequence[int]:
    """The ids of at most so many who have not got this letter yet."""
    query = select(Subscription.id).where(Subscription.confirmed_at.is_not(None))
    query = query.where(or_(Subscription.last_issue.is_(None), Subscription.last_issue < issue))
    return db.session.scalars(query.order_by(Subscription.id).limit(limit)).all()


def end(subscription: Subscription) -> None:
    """Forget an address, with every letter of these kinds that was written to it, sent or not."""
    _forget([subscription.id], [subscription.email])


def forget_unconfirmed(before: datetime) -> None:
    """Forget the addresses that were last typed in before a moment and never confirmed."""
    query = select(Subscription).where(Subscription.confirmed_at.is_(None), Subscription.asked_at < before)
    rows = db.session.scalars(query).all()
    _forget([one.id for one in rows], [one.email for one in rows])


def _forget(ids: Collection[int], emails: Collection[str]) -> None:
    db.session.execute(delete(Letter).where(Letter.kind.in_(KINDS), Letter.recipient.in_(emails)))
    db.session.execute(delete(Subscription).where(Subscription.id.in_(ids)))
    db.session.expire_all()


def forget_links(before: datetime) -> None:
    """What stood in letters that were written before a moment."""
    db.session.execute(delete(SubscriptionLink).where(SubscriptionLink.created_at < before))
