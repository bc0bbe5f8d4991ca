"""The link that goes with a letter to who decides: made for one reader, kept as a hash."""

from collections.abc import Collection
from datetime import datetime

from zalenzoeker.domain.decision_links import LINK_LIVES
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor, is_own
from zalenzoeker.services.readers import Readers
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import decision_links as storage
from zalenzoeker.storage import limits
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request


def make(request: Request, readers: Readers, now: datetime, *, to: Collection[str]) -> dict[str, str]:
    """A token of 128 bits for the letter to each of these addresses, inside the write unit that puts the letters.

    None for whom it would open nothing: somebody who is not of the desk, or whose own request it is.
    """
    found = {person: reader for person in to if (reader := _reader(person, request, readers)) is not None}
    tokens = {person: new_token() for person in found}
    storage.add(
        {
            "request_id": request.id,
            "desk_id": readers.desk.id,
            "account_id": found[person].account_id,
            "email": person.casefold(),
            "token_hash": hash_of(token),
            "version": request.version,
            "created_at": now,
            "expires_at": now + LINK_LIVES,
        }
        for person, token in tokens.items()
    )
    return tokens


def _reader(address: str, request: Request, readers: Readers) -> Actor | None:
    """Who would open a link at this address: nobody in particular where a desk shares it. None: who may have none."""
    email = address.casefold()
    if email == readers.desk.email.casefold():
        return None if email == request.contact_email.casefold() else ANYONE
    member = readers.members.get(email)
    return None if member is None or is_own(member, request.parties) else member


def count_a_guess(now: datetime, visitor: Visitor) -> None:
    """Somebody tried a link that is none. Raises TooMany."""
    with write_unit():
        limits.spend(Limited.LINK_FOR_ADDRESS, visitor.address, now, visitor)
