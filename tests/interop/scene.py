"""A house whose calendar holds every hard case, over both changes of the clock, and what the database says of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, text

from tests import decisions
from tests.builders import (
    actor_of,
    at,
    decider_of,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import Slot, WeeklyHours, epoch
from zalenzoeker.gateways import mailer
from zalenzoeker.services import closures, dates, delivery
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Activity, Closure, Occurrence

# Early enough that both changes of the clock can still be asked, and stand in a feed.
NOW = datetime(2026, 9, 28, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OCTOBER, MARCH = date(2026, 10, 25), date(2027, 3, 28)
# A Wednesday and a Thursday, on which own programme falls away.
ENDING: Mapping[str, Any] = MappingProxyType({"now": NOW, "changed_at": NOW, "until": date(2026, 11, 26)})
CLOSED = date(2026, 11, 4), date(2026, 11, 5)
# The date in the hour that comes twice, by its fixed identity.
BY_HAND = f"{3:032x}@zalenzoeker"
# Open day and night, and asked as late and as far ahead as one likes.
OPEN: Mapping[str, Any] = MappingProxyType(
    {
        "hours": [WeeklyHours(weekday, 0, 30 * 60) for weekday in range(7)],
        "rules": {RuleName.LEAD_DAYS: 0, RuleName.HORIZON_MONTHS: 12},
    }
)
FEEDS: Mapping[str, str] = MappingProxyType(
    {
        "room": "/kalender/zaal/huis/zaal.ics",
        "part": "/kalender/zaal/huis/kelder.ics",
        "venue": "/kalender/locatie/huis.ics",
        "neighbourhood": "/kalender/wijk/wijk.ics",
        "city": "/kalender/gent.ics",
    }
)
# What people may have typed: it would break a line, end a date, add a property, or is longer than a line may be.
TYPED = MappingProxyType(
    {
        "activity": "Feest\r\nATTACH:evil\nEND:VEVENT; quiz, \\N en\x07 \u2028soep 🎉🎉🎉 voor heel de straat",
        "remarks": "a\r\nBEGIN:VALARM",
        "name": 'An "Anneke";CN=x\r\nATTENDEE:mailto:evil@x.example',
        "venue": "Huis; van, de\\wijk\r\nX-EVIL:1",
        "room": "Zaal\x0bX-EVIL:1 👩‍👩‍👧‍👦",
        "neighbourhood": "Wijk\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
        "programme": "Soepcafé\nDTSTART:19700101T000000Z",
    }
)


@dataclass(frozen=True)
class Instant:
    """A date as the database has it: its identity in calendars, epoch seconds, whether it fell away."""

    uid: str
    starts: int
    ends: int
    is_cancelled: bool


def build() -> dict[str, str]:
    """Fill the database of a test: by the services, as people do, and by hand what no form lets pass.

    Every identity that was drawn by lot gets a fixed one, as long as it was: they come back by their former ones, which
    stand in the letters.
    """
    street = {"street": "Straat\r\nX-EVIL:1", "house_number": "7, bus 2"}
    wijk = make_neighbourhood("wijk", TYPED["neighbourhood"])
    house = make_venue("huis", neighbourhood=wijk, name=TYPED["venue"], **street)
    hall = make_room("zaal", venue=house, name=TYPED["room"], **OPEN)
    cellar = make_room("kelder", venue=house, name="Kelder", **OPEN)
    make_room("lokaal", venue=make_venue("buren", neighbourhood=wijk, name="Buren"))
    elsewhere = make_venue("ver", neighbourhood=make_neighbourhood("ver", "Ver"), name="Ver")
    far = make_room("verre-zaal", venue=elsewhere, **OPEN)
    known = {"now": NOW, "is_public": True, "status": Status.APPROVED}
    _series(hall, known)
    nights = [
        (cellar, "Nachtwinkel", Slot(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 4))),
        (cellar, "Nachtwake", Slot(datetime(2027, 3, 27, 22), datetime(2027, 3, 28, 4))),
        (hall, "Om drie uur", Slot(datetime(2027, 3, 28, 3), datetime(2027, 3, 28, 4, 30))),
        (cellar, "Zomer", at("10:00", "12:00", date(2027, 7, 1))),
    ]
    for number, (room, activity, slot) in enumerate(nights):
        _booked(room, slot, activity, number)
    request = _booked(cellar, at("10:00", "12:00", OCTOBER), "Dubbel uur", 8)
    _put(request.first.id, datetime(2026, 10, 25, 0, 15, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, tzinfo=UTC))
    make_request(room=hall, slot=at("08:00", "09:00", OCTOBER), activity="Besloten", **{**known, "is_public": False})
    fallen = {**known, "status": Status.CANCELLED}
    make_request(room=hall, slot=at("20:00", "01:00", date(2026, 10, 31)), activity=TYPED["activity"], **fallen)
    make_request(room=far, slot=at("14:00", "18:00", MARCH), activity=TYPED["activity"], **known)
    for code, title, is_public in (("soep", TYPED["programme"], True), ("intern", "Overleg", False)):
        make_programme(hall, title, weekday=2 + is_public, code=code, is_public=is_public, **ENDING)
    closures.close("huis", ["zaal"], *CLOSED, "Verlof\r\nX-EVIL:1", by=decider_of(request), now=NOW)
    return _fixed()


def _fixed() -> dict[str, str]:
    with write_unit() as session:
        dates = session.scalars(select(Occurrence).order_by(Occurrence.starts, Occurrence.room_id, Occurrence.id)).all()
        fixed = {one.uid: f"{number:032x}" for number, one in enumerate(dates, 1)}
        for one in dates:
            one.uid = fixed[one.uid]
        for number, activity in enumerate(session.scalars(select(Activity).order_by(Activity.id)), 1):
            activity.code = f"activiteit-{number}"
        for number, closure in enumerate(session.scalars(select(Closure).order_by(Closure.id)), 1):
            closure.code = f"dicht-{number}"
    return fixed


def _booked(room, slot, activity, number):
    email = f"nacht{number}@post.example"
    wanted = {"activity": activity, "contact_email": email, "is_public": True}
    return make_request(Status.APPROVED, room=room, slot=slot, now=NOW, **wanted)


def _series(hall, known) -> None:
    """Six Sundays, over the change of October: one is moved, one is let go, one is cancelled by the house."""
    words = {"contact_name": TYPED["name"], "remarks": TYPED["remarks"], "activity": "Repetitie"}
    series = make_series(hall, pattern=weekly("19:00", "22:00", first=date(2026, 10, 18)), **words, **known)
    first, second, third, *_others = (one.uid for one in series.occurrences)
    by = actor_of(accounts.by_email(series.contact_email))
    dates.change(series.code, first, Scope.THIS, Move(time(20), time(23)), by=by, now=NOW)
    waiting = next(one for one in read(series.code).occurrences if one.replaces_id)
    desk, version = decider_of(series), read(series.code).version
    decisions.decide(series.code, {waiting.uid: Action.APPROVE}, by=desk, now=NOW, version=version)
    dates.let_go(series.code, second, Scope.THIS, by=by, now=NOW)
    version = read(series.code).version
    cancel = {third: Action.CANCEL}
    decisions.decide(series.code, cancel, by=desk, now=NOW, version=version, note="Lek\r\nX-EVIL:1")


def _put(date_id: int, starts: datetime, ends: datetime) -> None:
    """Into the hour that comes twice, which the form refuses: as the register of a former program may hold it."""
    with write_unit() as session:
        one = session.get(Occurrence, date_id)
        one.zone, one.starts, one.ends = "UTC", starts.replace(tzinfo=None), ends.replace(tzinfo=None)
        one.from_epoch, one.to_epoch = epoch(starts), epoch(ends)


INSTANTS = """
    SELECT occurrence.uid, occurrence.from_epoch, occurrence.to_epoch, occurrence.status <> 'approved'
    FROM occurrence JOIN request ON request.id = occurrence.request_id JOIN room ON room.id = occurrence.room_id
    JOIN venue ON venue.id = room.venue_id JOIN neighbourhood ON neighbourhood.id = venue.neighbourhood_id
    WHERE (occurrence.status = 'approved'
        OR occurrence.was_confirmed AND occurrence.status IN ('cancelled', 'withdrawn'))
    AND {where} {public}
"""
PROGRAMME = """
    SELECT own_programme.code, {times}.from_epoch, {times}.to_epoch, {gone}
    FROM own_programme JOIN {times} ON {times}.programme_id = own_programme.id
    JOIN room ON room.id = own_programme.room_id
    JOIN venue ON venue.id = room.venue_id JOIN neighbourhood ON neighbourhood.id = venue.neighbourhood_id
    WHERE {where} {public}
"""
CLOSED_DAYS = """
    SELECT closure.code, closure.first_day, closure.last_day FROM closure JOIN room ON room.id = closure.room_id
    JOIN venue ON venue.id = room.venue_id WHERE {where}
"""
WHERE = MappingProxyType(
    {
        "room": "venue.slug = 'huis' AND room.slug = 'zaal'",
        "part": "venue.slug = 'huis' AND room.slug = 'kelder'",
        "venue": "venue.slug = 'huis'",
        "neighbourhood": "neighbourhood.slug = 'wijk'",
        "city": "1 = 1",
    }
)


def instants(feed: str) -> set[Instant]:
    """What this feed must hold, asked of the tables by SQL of this file's own."""
    is_public = feed in ("neighbourhood", "city")
    words = {"where": WHERE[feed], "public": "AND request.is_public" if is_public else ""}
    found = {Instant(f"{uid}@zalenzoeker", *rest) for uid, *rest in _rows(INSTANTS.format(**words))}
    words["public"] = "AND own_programme.is_public" if is_public else ""
    for times, gone in (("programme_gone", "1 = 1"), ("occupancy", "1 = 0")):
        for code, starts, ends, is_gone in _rows(PROGRAMME.format(times=times, gone=gone, **words)):
            day = datetime.fromtimestamp(starts, UTC).strftime("%Y%m%d")
            found.add(Instant(f"{code}-{day}@zalenzoeker", starts, ends, is_gone))
    if not is_public:
        for code, first, last in db.session.execute(text(CLOSED_DAYS.format(**words))):
            days = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
            found.add(Instant(f"{code}@zalenzoeker", *(midnight(day) for day in days), is_cancelled=False))
    return found


def _rows(query: str) -> Sequence[tuple[str, int, int, bool]]:
    return [(uid, starts, ends, bool(gone)) for uid, starts, ends, gone in db.session.execute(text(query))]


def invitations(fixed: Mapping[str, str]) -> Iterator[tuple[str, str, bytes]]:
    """Of each letter that changes a calendar: its kind, the method of its calendar, and the bytes; oldest first.

    ``fixed``: what ``build`` gave back.
    """
    sent = []
    delivery.deliver_waiting(send=sent.append, now=lambda: LATER, chance=Random(1), limit=1_000)
    for parcel in sent:
        message = mailer.compose(
            parcel, sender="zalen@zalen.example", sender_name=TYPED["name"], public_url="https://zalen.example"
        )
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        if parts:
            written = parts[-1].get_payload(decode=True)
            for former, uid in fixed.items():
                written = written.replace(former.encode(), uid.encode())
            yield parcel.kind, parts[-1].get_param("method"), written
