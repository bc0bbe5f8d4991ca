"""The addresses of private calendars: made, renewed and revoked by who follows them."""

from datetime import datetime

from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import desks, feed_tokens, limits
from zalenzoeker.storage.associations import by_code as association_by_code
from zalenzoeker.storage.associations import membership
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import FeedToken


class UnknownCalendar(LookupError):
    """There is no such group or desk, or it is somebody else's."""


def make(*, association: str = "", desk: str = "", by: Actor, now: datetime, visitor: Visitor) -> str:
    """A new address of a calendar; the one before opens nothing any more. Returns its token, which is kept as a hash.

    ``association``: the code of a group, ``desk``: the slug of a desk; without either all that is one's own.
    Raises NotAllowed for somebody who has not signed in, UnknownCalendar, TooMany.
    """
    with write_unit():
        account_id = _locked(by)
        association_id, desk_id = _whose(association, desk, account_id)
        limits.spend(Limited.FEED_ADDRESS_FOR_ACCOUNT, str(account_id), now, visitor)
        feed_tokens.remove(account_id, association_id=association_id, desk_id=desk_id)
        token = new_token()
        db.session.add(
            FeedToken(
                account_id=account_id,
                association_id=association_id,
                desk_id=desk_id,
                token_hash=hash_of(token),
                created_at=now,
            )
        )
    return token


def revoke(*, association: str = "", desk: str = "", by: Actor) -> None:
    """The address opens nothing from now on; without one nothing changes. Raises NotAllowed, UnknownCalendar."""
    with write_unit():
        account_id = _locked(by)
        association_id, desk_id = _whose(association, desk, account_id)
        feed_tokens.remove(account_id, association_id=association_id, desk_id=desk_id)


def _locked(by: Actor) -> int:
    if by.account_id is None:
        raise NotAllowed
    feed_tokens.lock_maker(by.account_id)
    return by.account_id


def _whose(association: str, desk: str, account_id: int) -> tuple[int | None, int | None]:
    """The ids of the group and the desk, as far as this person belongs there at this moment."""
    if association:
        group = association_by_code(association)
        if group is None or membership(group.id, account_id) is None:
            raise UnknownCalendar(association)
        return group.id, None
    if desk:
        found = desks.by_slug(desk)
        if found is None or not desks.runs(found.id, account_id):
            raise UnknownCalendar(desk)
        return None, found.id
    return None, None
