"""A letter about a request on its way: to its asker, to its desk, to who is on duty there."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import is_own
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services.letter_facts import facts_of
from zalenzoeker.storage import accounts, conversation, desks, duty, outbox
from zalenzoeker.storage.models import Account, Desk, Request


def tell_asker(kind: LetterKind, request: Request, desk: Desk, now: datetime, **more: Any) -> None:
    facts = {**facts_of(request, desk), **more, "is_for_desk": False}
    put(kind, [request.contact_email], request, facts, now, reply_to=reply_to_house(request, desk))


def tell_desk(kind: LetterKind, request: Request, desk: Desk, now: datetime, **more: Any) -> None:
    facts = {**facts_of(request, desk), **more, "is_for_desk": True}
    put(kind, _who_decide(desk, request), request, facts, now, reply_to=request.contact_email)


def tell_crew(
    kind: LetterKind, request: Request, desk: Desk, now: datetime, *, also: Sequence[str] = (), **more: Any
) -> None:
    """Somebody of a desk has to act: to the person on duty first, by name, and to the group in copy.

    ``also``: who else must hear of it, by e-mail.
    """
    first = on_duty_for(request, desk, now)
    name = first.name or first.email if first else ""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True, "on_duty": name}
    group = dict.fromkeys([*_who_decide(desk, request), *also])
    group.pop(first.email if first else "", None)
    if first is not None:
        put(kind, [first.email], request, facts, now, reply_to=request.contact_email)
    put(kind, list(group), request, {**facts, "is_copy": first is not None}, now, reply_to=request.contact_email)


def tell_member(kind: LetterKind, member: Account, request: Request, desk: Desk, now: datetime, **more: Any) -> None:
    """To one of a desk alone, who has to act."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True, "on_duty": member.name or member.email}
    put(kind, [member.email], request, facts, now, reply_to=request.contact_email)


def on_duty_for(request: Request, desk: Desk, now: datetime) -> Account | None:
    """Who of a desk is on duty today; nobody looks after their own request."""
    found = duty.on_duty(desk.id, to_local(now).date())
    return None if found is None or is_own(accounts.actor(found), request.parties) else found


def put(
    kind: LetterKind,
    people: Collection[str],
    request: Request,
    facts: dict[str, Any],
    now: datetime,
    *,
    reply_to: str,
) -> None:
    side = "desk" if facts["is_for_desk"] else "asker"
    # Handed on, and back, is no new version, but each time somebody is told.
    mark = f":{len(request.events)}" if kind is LetterKind.REQUEST_HANDED else ""
    outbox.put(
        kind,
        people,
        event_key=f"{request.id}:{request.version}:{kind}:{side}{mark}",
        facts=facts,
        now=now,
        reply_to=reply_to,
        request_id=request.id,
    )


def recipients(desk: Desk, day: date | None = None) -> list[str]:
    """The shared address of a desk, or each of its members when it has none; who is on duty on a ``day`` goes first."""
    group = [desk.email] if desk.email else [member.email for member in desk.members]
    first = duty.on_duty(desk.id, day) if day else None
    return group if first is None else list(dict.fromkeys([first.email, *group]))


def _who_decide(desk: Desk, request: Request) -> list[str]:
    """Who hears of a request as its desk: nobody whose own it is. Where nobody else is left, the city desk steps in."""
    people = recipients(desk)
    if people == [desk.email]:
        return people
    own = conversation.emails_of_askers(request)
    left = [email for email in people if email not in own]
    city = desks.city() if not left else None
    return left if city is None else [email for email in recipients(city) if email == city.email or email not in own]


def reply_to_house(request: Request, desk: Desk) -> str:
    """Where an answer to a letter goes: the desk, else the house's own address."""
    return desk.email or request.first.room.venue.email
