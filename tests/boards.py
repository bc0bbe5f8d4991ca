"""A board as full as boards get: thirty rooms of six houses, and five hundred bookings on one day."""

from collections.abc import Sequence
from random import Random

from tests.builders import NOW, SATURDAY, make_account, make_desk, make_room, make_venue
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import Policy, RequesterKind, Status
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.domain.wallday import wall_day
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Account, Occupancy, Occurrence, Request, Room, RoomSpace

BOOKINGS, HOUSES, ROOMS = 500, 6, 30
KIB = 1024
MOST_KIB = 8
OPENS, CLOSES = 8 * 60, 24 * 60
EVERY_DAY = tuple(WeeklyHours(weekday, OPENS, CLOSES) for weekday in range(7))
PLACES = ("Drongen", "Ledeberg", "De Porre", "Aan de Waterkant", "Sint-Denijs-Westrem", "Nieuw Gent")
NAMES = ("Polyvalente zaal", "Ontmoetingsruimte", "Vergaderzaal", "Leslokaal", "Keuken")
ACTIVITIES = (
    "Repetitie", "Bestuursvergadering", "Repaircafé", "Kookles voor nieuwe buren", "Infoavond geveltuinen",
    "Taaloefening Nederlands", "Feest van de straat", "Yoga voor beginners", "Quiz van de ouderraad", "Turks koor",
    "Iftar met de buren", "Spelnamiddag", "Huiswerkbegeleiding", "Fotoclub", "Naaiatelier", "Buurtmaaltijd",
)  # fmt: skip


def make_full_board() -> Account:
    """Write it, and return somebody of the desk that keeps all six houses."""
    fatima = make_account("fatima@huizen.example", "Fatima El Amrani")
    rooms = []
    for number, place in enumerate(PLACES):
        slug = f"open-huis-{place.lower().replace(' ', '-')}"
        venue = make_venue(slug, name=f"Open Huis {place}")
        make_desk(slug, venue=venue, members=[fatima])
        rooms += [
            make_room(name.lower().replace(" ", "-"), venue=venue, name=name, hours=EVERY_DAY)
            for name in NAMES[: ROOMS // HOUSES]
        ]
        assert number < HOUSES
    _fill(rooms)
    return fatima


def _fill(rooms: Sequence[Room]) -> None:
    chance = Random(2027)
    wall = wall_day(SATURDAY)
    with write_unit() as session:
        for number, room in enumerate(rooms):
            space_id = session.query(RoomSpace.space_id).filter_by(room_id=room.id).scalar()
            count = BOOKINGS // ROOMS + (number < BOOKINGS % ROOMS)
            for first, last in _stretches(chance, count):
                slot = wall.slot(first, last)
                date = _booking(room, slot, chance)
                session.add(date.request)
                session.flush()
                session.add(
                    Occupancy(
                        space_id=space_id, from_epoch=slot.from_epoch, to_epoch=slot.to_epoch,
                        by=TakenBy.BOOKING, occurrence_id=date.id,
                    )
                )  # fmt: skip


def _stretches(chance: Random, count: int) -> list[tuple[int, int]]:
    """So many stretches between opening and closing, in minutes; as long as fits, with quarters of an hour between."""
    lengths = [chance.choice((30, 30, 45, 45, 60)) for _ in range(count)]
    while sum(lengths) > CLOSES - OPENS - 60:
        lengths[chance.randrange(count)] = 30
    left = (CLOSES - OPENS - sum(lengths)) // 15
    breaks = sorted(chance.randrange(left + 1) for _ in lengths)
    found, reached = [], OPENS
    for length, pause, before in zip(lengths, breaks, [0, *breaks], strict=False):
        start = reached + (pause - before) * 15
        found.append((start, start + length))
        reached = start + length
    return found


def _booking(room: Room, slot: Slot, chance: Random) -> Occurrence:
    code = chance.randbytes(16).hex()
    request = Request(
        code=code, reference=f"DR-{code[:8]}", status=Status.APPROVED, requester_kind=RequesterKind.RESIDENTS,
        contact_name="An Peeters", contact_email="an@harmonie.example", activity=chance.choice(ACTIVITIES), people=20,
        is_public=True, policy=Policy.HOLD, created_at=NOW, asked_at=NOW, changed_at=NOW, form_key=code, form_hash=code,
        desk_id=_desk_of(room),
    )  # fmt: skip
    return Occurrence(
        request=request, room_id=room.id, status=Status.APPROVED, uid=code, starts=slot.starts, ends=slot.ends,
        from_epoch=slot.from_epoch, to_epoch=slot.to_epoch, changed_at=NOW,
    )  # fmt: skip


def _desk_of(room: Room) -> int:
    query = "SELECT desk_id FROM routing_line WHERE venue_id = :venue"
    return int(db.session.execute(db.text(query), {"venue": room.venue_id}).scalar_one())
