"""Links by which a desk decides from its mail, by the hash of their token."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, DecisionLink, DeskMember, Request


def add(link: DecisionLink) -> None:
    db.session.add(link)


def close(desk_id: int, account_ids: Collection[int], now: datetime, *, is_shared_too: bool = False) -> None:
    """What these people could still decide by letters to this desk; ``is_shared_too``: and whoever reads its mailbox.

    Inside a write unit that has changed requests before: in that order, as who decides by a link does.
    """
    whose = DecisionLink.account_id.in_(account_ids)
    if is_shared_too:
        whose = or_(whose, DecisionLink.account_id.is_(None))
    query = update(DecisionLink).where(DecisionLink.desk_id == desk_id, whose, DecisionLink.expires_at > now)
    db.session.execute(query.values(expires_at=now), execution_options={"synchronize_session": False})


def by_hash(token_hash: str) -> DecisionLink | None:
    """A link, read anew, with its desk, whose it is, and who used it."""
    query = (
        select(DecisionLink)
        .where(DecisionLink.token_hash == token_hash)
        .options(
            joinedload(DecisionLink.desk),
            joinedload(DecisionLink.account),
            joinedload(DecisionLink.used_by),
        )
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def request_of(token_hash: str) -> str | None:
    """The code of the request that a link is about."""
    query = select(Request.code).join(DecisionLink, DecisionLink.request_id == Request.id)
    return db.session.scalar(query.where(DecisionLink.token_hash == token_hash))


def member_with(email: str, desk_id: int) -> Account | None:
    """The member of a desk who has this address (casefolded)."""
    query = select(Account).join(DeskMember, DeskMember.account_id == Account.id)
    return db.session.scalar(query.where(DeskMember.desk_id == desk_id, Account.email == email))


def forget_before(moment: datetime) -> None:
    """Links made before a moment; that must lie further back than any of them lives."""
    db.session.execute(delete(DecisionLink).where(DecisionLink.created_at < moment))
