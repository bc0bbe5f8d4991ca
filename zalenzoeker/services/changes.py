"""Writes on the log of a house, in the transaction of the deed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.routing import Line
from zalenzoeker.storage import desks, houses
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Change, Desk, OwnProgramme, Venue

Words = Mapping[str, Any]


def log(
    of: Venue | Desk,
    what: Subject,
    before: Words | None,
    after: Words | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Note what changed of a place or a desk, inside a write unit; what stayed the same is not noted.

    ``before``: what stood there, None for what is new; ``after``: what stands there, None for what is gone; both as
    JSON can hold them, in the form that ``web.change_words`` says in words.
    """
    if before == after:
        return
    is_venue = isinstance(of, Venue)
    keepers = desks.keepers_of_venue(of.id) if is_venue else {of.id}
    db.session.add(
        Change(
            venue_id=of.id if is_venue else None,
            desk_id=None if is_venue else of.id,
            what=what,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            account_id=by.account_id,
            by_desk_id=_acted_for(by, keepers),
            at=now,
            is_demo=houses.is_of_demonstration(of.id) if isinstance(of, Venue) else of.is_demo,
        )
    )


def _acted_for(by: Actor, keepers: set[int]) -> int | None:
    """For which of their desks somebody did it: one that keeps this, else the city desk."""
    keeping = sorted(by.desk_ids & keepers)
    return keeping[0] if keeping else desks.city_id() if by.is_city else None


def of_line(row: OwnProgramme, room: str) -> dict[str, Any]:
    """A line of own programme as the log keeps it; ``room``: its name."""
    return {
        "title": row.title,
        "room": room,
        "weekday": row.weekday,
        "minutes": [row.from_minute, row.to_minute],
        "first_day": row.first_day.isoformat() if row.first_day else "",
        "until": row.until.isoformat() if row.until else "",
        "is_public": row.is_public,
        "is_shielded": row.is_shielded,
    }


def of_day(row: OwnProgramme, day: date) -> dict[str, Any]:
    """One day of a line as the log keeps it."""
    return {"title": row.title, "day": day.isoformat()}


def of_closure(first_day: date, last_day: date, reason: str, rooms: Sequence[str]) -> dict[str, Any]:
    """Days on which rooms are closed as the log keeps them; ``rooms``: their names."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    return {**days, "reason": reason.strip(), "rooms": sorted(rooms)}


def of_quiet(first_day: date, last_day: date, reason: str) -> dict[str, Any]:
    """Days on which a desk does not answer, as the log keeps them."""
    return {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "reason": reason}


def of_duty(people: Sequence[int], first_day: date | None = None, last_day: date | None = None) -> dict[str, Any]:
    """Who is on duty, by the ids of their accounts: on some days, or in turns where there are none."""
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()} if first_day and last_day else {}
    return {"people": list(people), **days}


def of_advice(desk: Desk) -> dict[str, Any]:
    """How a desk votes, as the log keeps it."""
    voting = desk.voting
    return {"kind": desk.advice.value, **(voting.as_json if voting else {})}


def of_routing(line: Line, desk: str, room: str) -> dict[str, Any]:
    """A line of the routing table as the log keeps it; ``desk`` and ``room``: their names."""
    return {
        "desk": desk,
        "reason": line.reason,
        "room": room,
        "weekdays": sorted(line.weekdays),
        "from_time": f"{line.from_time:%H:%M}" if line.from_time else "",
        "to_time": f"{line.to_time:%H:%M}" if line.to_time else "",
        "requester_kind": line.requester_kind.value if line.requester_kind else "",
        "activity_kind": line.activity_kind.value if line.activity_kind else "",
        "on_holidays": line.on_holidays,
    }
