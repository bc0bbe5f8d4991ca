"""The link that goes with a letter to who decides: made for one reader, kept as a hash."""

from datetime import datetime

from zalenzoeker.domain.decision_links import LINK_LIVES
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import is_own
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import accounts, limits
from zalenzoeker.storage import decision_links as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import DecisionLink, Desk, Request


def make(request: Request, desk: Desk, now: datetime, *, to: str) -> str:
    """A token of 128 bits for the letter to this address of a desk, inside the write unit that puts the letter.

    Empty for whom it would open nothing: somebody who is not of the desk, or whose own request it is.
    """
    email = to.casefold()
    is_shared = email == desk.email.casefold()
    reader = None if is_shared else storage.member_with(email, desk.id)
    if is_shared and email == request.contact_email.casefold():
        return ""
    if not is_shared and (reader is None or is_own(accounts.actor(reader), request.parties)):
        return ""
    token = new_token()
    storage.add(
        DecisionLink(
            request_id=request.id,
            desk_id=desk.id,
            account_id=reader.id if reader else None,
            email=email,
            token_hash=hash_of(token),
            version=request.version,
            created_at=now,
            expires_at=now + LINK_LIVES,
        )
    )
    return token


def count_a_guess(now: datetime, visitor: Visitor) -> None:
    """Somebody tried a link that is none. Raises TooMany."""
    with write_unit():
        limits.spend(Limited.LINK_FOR_ADDRESS, visitor.address, now, visitor)
