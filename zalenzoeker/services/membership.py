"""Who belongs to a desk and how it is reached: its members and the city add people, remove them, change its address."""

import secrets
from datetime import datetime

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.services import advice, changes, desk_letters
from zalenzoeker.services.accounts import account_of
from zalenzoeker.services.desks import opened
from zalenzoeker.storage import accounts, decision_links, desks, handovers, limits
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import DeskMember


class AlreadyMember(Exception):
    """This address belongs to a member already."""


class LastMember(Exception):
    """Without this person nobody would be left; who stops hands the desk over."""


def add(desk_slug: str, email: str, *, by: Actor, now: datetime, visitor: Visitor) -> None:
    """Make somebody a member and tell them by mail; their account is made where they have none.

    Raises UnknownDesk, NotAllowed, AlreadyMember, TooMany.
    """
    email = email.casefold()
    with write_unit():
        desk = opened(desk_slug, by)
        if any(member.email == email for member in desk.members):
            raise AlreadyMember
        limits.spend(Limited.INVITE_FOR_ACCOUNT, str(by.account_id), now, visitor)
        account = account_of(email, now)
        db.session.add(DeskMember(desk_id=desk.id, account_id=account.id, since=now))
        changes.log(desk, Subject.MEMBER, None, {"people": [account.id]}, by=by, now=now)
        # Added, removed and added again is each time a letter.
        key = f"member:{desk.id}:{secrets.token_hex(8)}"
        desk_letters.member_added(desk, email, by_name=by.name, event_key=key, now=now)
        desk_id = desk.id
    advice.count_anew(desk_id, now)


def remove(desk_slug: str, account_code: str, *, by: Actor, now: datetime) -> None:
    """Somebody is a member no longer, at once; a second time changes nothing. What they offered, or could still decide
    from their mail, falls away, and what is voted there is counted without them.

    Raises UnknownDesk, NotAllowed, LastMember.
    """
    with write_unit():
        desk = opened(desk_slug, by)
        account = accounts.by_code(account_code)
        ids = {member.id for member in desk.members}
        if account is None or account.id not in ids:
            return
        if len(ids) == 1:
            raise LastMember
        desks.end_membership(desk.id, [account.id])
        decision_links.close(desk.id, [account.id], now)
        handovers.revoke_all(desk.id, now, by_id=account.id)
        changes.log(desk, Subject.MEMBER, {"people": [account.id]}, None, by=by, now=now)
        desk_id = desk.id
    advice.count_anew(desk_id, now)


def set_address(desk_slug: str, email: str, *, by: Actor, now: datetime, visitor: Visitor) -> None:
    """Another shared address, or none when ``email`` is empty; the same one changes nothing.

    Everybody of the desk hears of it, and so does the former address, whose letters decide nothing any more.
    Raises UnknownDesk, NotAllowed, TooMany.
    """
    email = email.casefold()
    with write_unit():
        desk = opened(desk_slug, by)
        if desk.email == email:
            return
        limits.spend(Limited.INVITE_FOR_ACCOUNT, str(by.account_id), now, visitor)
        former, told = desk.email, desk.addresses
        desk.email = email
        decision_links.close(desk.id, [], now, is_shared_too=True)
        changes.log(desk, Subject.ADDRESS, _address(former), _address(email), by=by, now=now)
        # There and back again is each time a letter.
        key = f"address:{desk.id}:{secrets.token_hex(8)}"
        told = (told | desk.addresses) - {by.email}
        desk_letters.address_changed(desk, told, former=former, by_name=by.name, event_key=key, now=now)


def _address(email: str) -> dict[str, str] | None:
    return {"address": email} if email else None
