"""Links by which a desk decides from its mail, by the hash of their token."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DecisionLink, Request

NEW = DecisionLink.metadata.tables[DecisionLink.__tablename__].insert()


def add(rows: Iterable[Mapping[str, Any]]) -> None:
    """New links, by their columns; inside the write unit that writes the letters they go with."""
    if given := [dict(row) for row in rows]:
        # Past the mapping of objects: a round of the clock makes thousands.
        db.session.connection().execute(NEW, given)


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


def forget_before(moment: datetime) -> None:
    """Links made before a moment; that must lie further back than any of them lives."""
    db.session.execute(delete(DecisionLink).where(DecisionLink.created_at < moment))
