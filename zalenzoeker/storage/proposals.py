"""What desks propose: by the token of its letter."""

from sqlalchemy import select

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Proposal, Request


def by_token(token_hash: str) -> str | None:
    """The code of the request that a letter's token answers for."""
    query = select(Request.code).join(Request.proposal).where(Proposal.token_hash == token_hash, token_hash != "")
    return db.session.scalar(query)
