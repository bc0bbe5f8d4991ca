"""Links by which a desk decides from its mail, by the hash of their token."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DecisionLink, Request

NEW = DecisionLink.metadata.tables[DecisionLink.__tablename__].insert()


def add(rows: Iterable[Mapping[str, Any]]) -> None:
    """New links, by their columns; inside the write unit that writes the letters they go with."""
    if given := [dict(row) for row in rows]:
        # Past the mapping of objects: a round of the clock makes thousands.
        db.session.connection().execute(NEW, given)


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
