"""A letter about a request on its way: to its asker, to its desk, to who is on duty there."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from zalenzoeker.domain.decision_links import LINK_LIVES
from zalenzoeker.domain.letters import SECRETS, LetterKind
from zalenzoeker.domain.permissions import is_own
from zalenzoeker.domain.requests import WAITS_FOR_THE_DESK
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import decision_links
from zalenzoeker.services.letter_facts import facts_of
from zalenzoeker.storage import accounts, conversation, desks, duty, outbox
from zalenzoeker.storage.models import Account, Desk, Request
from zalenzoeker.storage.models.desks import CITY_DESK


def tell_asker(kind: LetterKind, request: Request, desk: Desk, now: datetime, *, mark: str = "", **more: Any) -> None:
    """``mark``: what tells letters of one kind about one version of a request apart."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": False}
    put(kind, [request.contact_email], request, facts, now, reply_to=reply_to_house(request, desk), mark=mark)


def tell_desk(
    kind: LetterKind, request: Request, desk: Desk, now: datetime, *, also: Sequence[str] = (), **more: Any
) -> None:
    """``also``: who else must hear of it, by e-mail."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True}
    put_at_desk(kind, list(dict.fromkeys([*_who_decide(desk, request), *also])), request, desk, facts, now)


def tell_voters(
    kind: LetterKind, voters: Sequence[Account], request: Request, desk: Desk, now: datetime, **more: Any
) -> None:
    """To those of a desk whose vote is missing, each by their own address: nobody votes for another."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True}
    put_at_desk(kind, [one.email for one in voters], request, desk, facts, now)


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
        put_at_desk(kind, [first.email], request, desk, facts, now)
    put_at_desk(kind, list(group), request, desk, {**facts, "is_copy": first is not None}, now)


def tell_member(kind: LetterKind, member: Account, request: Request, desk: Desk, now: datetime, **more: Any) -> None:
    """To one of a desk alone, who has to act."""
    facts = {**facts_of(request, desk), **more, "is_for_desk": True, "on_duty": member.name or member.email}
    put_at_desk(kind, [member.email], request, desk, facts, now)


def on_duty_for(request: Request, desk: Desk, now: datetime) -> Account | None:
    """Who of a desk is on duty today; nobody looks after their own request."""
    found = duty.on_duty(desk.id, to_local(now).date())
    return None if found is None or is_own(accounts.actor(found), request.parties) else found


def put_at_desk(
    kind: LetterKind, people: Collection[str], request: Request, desk: Desk, facts: dict[str, Any], now: datetime
) -> None:
    """To each of a desk; where something waits for them, with a link of their own by which they decide.

    An answer goes to the asker, except to a letter with a link: it would come along in what is quoted.
    """
    for person in people:
        token = decision_links.make(request, desk, now, to=person) if _has_link(kind, request, desk) else ""
        if token:
            own = {**facts, "token": token, "link_until": (now + LINK_LIVES).isoformat()}
            if votes_by_mail(request, desk.id):
                own["is_vote"] = True
            put(kind, [person], request, own, now, reply_to=desk.email)
        else:
            put(kind, [person], request, facts, now, reply_to=request.contact_email)


def _has_link(kind: LetterKind, request: Request, desk: Desk) -> bool:
    """Does it wait for this desk, whose members decide alone, or vote? Who stands in for others does not vote."""
    decides = desk.slug == CITY_DESK or desk.id == request.desk_id
    if not request.voting:
        decides = decides or desk.id == request.deputy_desk_id
    return kind in SECRETS and decides and request.status in WAITS_FOR_THE_DESK


def votes_by_mail(request: Request, desk_id: int) -> bool:
    """Is it a vote that a reader of this desk gives by their letter? The city desk decides in any case."""
    return bool(request.voting) and desk_id == request.desk_id


def put(
    kind: LetterKind,
    people: Collection[str],
    request: Request,
    facts: dict[str, Any],
    now: datetime,
    *,
    reply_to: str,
    mark: str = "",
) -> None:
    side = "desk" if facts["is_for_desk"] else "asker"
    # Handed on, and back, is no new version, but each time somebody is told.
    mark = f":{len(request.events)}" if kind is LetterKind.REQUEST_HANDED else mark
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
