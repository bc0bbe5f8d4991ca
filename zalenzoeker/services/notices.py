"""Who is told what: each letter with its facts, and the round that sends those that wait."""

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random
from typing import Any

from zalenzoeker.domain.letters import (
    GIVE_UP_AFTER,
    GIVE_UP_SOONER,
    SERVER_AWAY_PAUSE,
    LetterKind,
    NoServer,
    Parcel,
    SendLater,
    SendNever,
    next_try,
)
from zalenzoeker.storage import outbox, rooms
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Desk, Request


def sign_in_code(email: str, code: str, *, minutes: int, event_key: str, now: datetime) -> None:
    facts = {"code": code, "minutes": minutes}
    outbox.put(LetterKind.SIGN_IN_CODE, email, event_key=event_key, facts=facts, now=now)


def invitation(email: str, *, token: str, association: str, invited_by: str, event_key: str, now: datetime) -> None:
    facts = {"token": token, "association": association, "invited_by": invited_by}
    outbox.put(LetterKind.INVITATION, email, event_key=event_key, facts=facts, now=now)


def request_received(request: Request, desk: Desk, now: datetime) -> None:
    """To the asker that it arrived, to the desk that it waits."""
    _tell_asker(LetterKind.REQUEST_RECEIVED, request, desk, now)
    _tell_desk(LetterKind.REQUEST_TO_DECIDE, request, desk, now)


def request_approved(request: Request, desk: Desk, now: datetime) -> None:
    _tell_asker(LetterKind.REQUEST_APPROVED, request, desk, now)


def request_refused(request: Request, desk: Desk, now: datetime) -> None:
    _tell_asker(LetterKind.REQUEST_REFUSED, request, desk, now)


def request_cancelled(request: Request, desk: Desk, now: datetime) -> None:
    _tell_asker(LetterKind.REQUEST_CANCELLED, request, desk, now)


def request_withdrawn(request: Request, desk: Desk, now: datetime) -> None:
    """To the desk and, for the record, to the asker: another member may have done it."""
    _tell_asker(LetterKind.REQUEST_WITHDRAWN, request, desk, now)
    _tell_desk(LetterKind.REQUEST_WITHDRAWN, request, desk, now)


def request_expired(request: Request, desk: Desk, now: datetime) -> None:
    _tell_asker(LetterKind.REQUEST_EXPIRED, request, desk, now)


def _tell_asker(kind: LetterKind, request: Request, desk: Desk, now: datetime) -> None:
    facts = {**_facts(request, desk), "is_for_desk": False}
    _put(kind, [request.contact_email], request, facts, now, reply_to=reply_to_house(request, desk))


def _tell_desk(kind: LetterKind, request: Request, desk: Desk, now: datetime) -> None:
    facts = {**_facts(request, desk), "is_for_desk": True}
    _put(kind, recipients(desk), request, facts, now, reply_to=request.contact_email)


def _put(
    kind: LetterKind,
    people: Iterable[str],
    request: Request,
    facts: dict[str, Any],
    now: datetime,
    *,
    reply_to: str,
) -> None:
    for recipient in people:
        side = "desk" if facts["is_for_desk"] else "asker"
        outbox.put(
            kind,
            recipient,
            event_key=f"{request.id}:{request.version}:{kind}:{side}",
            facts=facts,
            now=now,
            reply_to=reply_to,
            request_id=request.id,
        )


def recipients(desk: Desk) -> list[str]:
    """The shared address of a desk, or each of its members when it has none."""
    return [desk.email] if desk.email else [member.email for member in desk.members]


def reply_to_house(request: Request, desk: Desk) -> str:
    """Where an answer to a letter goes: the desk, else the house's own address."""
    return desk.email or request.first.room.venue.email


def _facts(request: Request, desk: Desk) -> dict[str, Any]:
    """The facts as they are now: a letter keeps saying what was true when it was written."""
    date = request.first
    venue = date.room.venue
    place = ", ".join(part for part in (venue.name, venue.address, f"{venue.postal_code} {venue.city}".strip()) if part)
    return {
        "code": request.code,
        "reference": request.reference,
        "thread": date.uid,
        "activity": request.activity,
        "people": request.people,
        "is_public": request.is_public,
        "asker": request.asker,
        "contact_name": request.contact_name,
        "contact_email": request.contact_email,
        "contact_phone": request.contact_phone,
        "facilities": rooms.names_of_facilities(request.facilities),
        "remarks": request.remarks,
        "exceptions": list(request.exceptions),
        "exception_reason": request.exception_reason,
        "room": date.room.name,
        "room_slug": date.room.slug,
        "venue": venue.name,
        "venue_slug": venue.slug,
        "location": f"{date.room.name}, {place}",
        "phone": venue.phone,
        "starts": date.starts.isoformat(),
        "ends": date.ends.isoformat(),
        "zone": date.zone,
        "uid": date.uid,
        "sequence": date.sequence,
        "stamp": request.changed_at.isoformat(),
        "desk": desk.name,
        "route_reason": request.route_reason,
        "answer_by": request.answer_by.isoformat() if request.answer_by else "",
        "was_confirmed": date.was_confirmed,
        "note": request.decision_note,
    }


def deliver_waiting(
    *,
    send: Callable[[Parcel], None],
    now: Callable[[], datetime],
    chance: Random,
    limit: int = 50,
    keeps_secrets: bool = False,
) -> int:
    """Send what is due, each letter claimed before and marked after, never sent inside a transaction.

    ``send`` raises SendLater or SendNever about a letter, or NoServer, which ends the round and is raised. Returns how
    many left the house. A worker killed between sending and marking leaves a lease that ends: the letter goes again,
    with the same Message-ID. ``keeps_secrets``: codes stay readable here, for the letter box of a demonstration.
    """
    count = 0
    for _ in range(limit):
        with write_unit():
            parcel = outbox.claim(now())
        if parcel is None:
            break
        try:
            send(parcel)
        except SendNever as error:
            _mark_failed(parcel, str(error), None)
        except SendLater as error:
            _mark_failed(parcel, str(error), _next_try(parcel, now(), chance))
        except NoServer as error:
            with write_unit():
                outbox.unclaim(parcel.code, str(error), now() + SERVER_AWAY_PAUSE)
            raise
        else:
            with write_unit():
                outbox.sent(parcel, now(), keeps_secret=keeps_secrets)
            count += 1
    return count


def _next_try(parcel: Parcel, now: datetime, chance: Random) -> datetime | None:
    patience = GIVE_UP_SOONER.get(parcel.kind, GIVE_UP_AFTER)
    return next_try(outbox.tries_of(parcel.code), parcel.created_at, now, chance, give_up_after=patience)


def _mark_failed(parcel: Parcel, reason: str, next_try_at: datetime | None) -> None:
    with write_unit():
        outbox.failed(parcel.code, reason, next_try_at)
        if next_try_at is None:
            outbox.forget_secret(parcel)
