"""The demonstration: invented people, hours, requests and bookings around the real places, marked and removable."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from random import Random

from zalenzoeker.domain.places import Unit, is_asked_here
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.requests import Action, RequesterKind, Status
from zalenzoeker.domain.slots import NotASlot, Slot, to_local
from zalenzoeker.services import demo_agenda, demo_desks, demo_inside, demo_shown, demo_wishes, programme
from zalenzoeker.services.demo_facts import (
    ACTIVITIES,
    ASSOCIATIONS,
    CITY_PERSON,
    DESK_PEOPLE,
    HALLS,
    HOURS,
    JOINING,
    OWN_PROGRAMME,
    PRIVATE_PERSON,
    REFUSAL,
    ROOM_FACILITIES,
    RULE_SOURCE,
    RULES,
    SHOWN_FACILITIES,
    SHOWN_HOUSE,
    SHOWN_ROOM,
    SHOWN_SIZE,
    SIZES_IN_HALLS,
    TRUSTED,
    Line,
    Person,
)
from zalenzoeker.services.desks import add_desk
from zalenzoeker.storage import accounts, activities, counts, demo, desks, requests, venues
from zalenzoeker.storage import programme as lines
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import (
    Account,
    Association,
    DeskMember,
    HouseFact,
    Membership,
    Opening,
    OwnProgramme,
    Room,
    RuleLine,
    Venue,
)
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED, FACILITY, JOINED

SIZES = (20, 25, 30, 40, 50, 60, 80, 100)
APPROVED_SHARE, REFUSED_SHARE = 0.55, 0.1
MOST_WAITING = 4
LINES_OF_A_ROOM = 3


def make(*, now: datetime, seed: int = 1) -> int:
    """Make the demonstration set around today, the same for the same seed; returns how many requests it holds.

    The register must have been taken over. Does nothing where a set is already there.
    """
    if accounts.has_demonstration_rows():
        return 0
    chance = Random(seed)  # noqa: S311 -- the same set again is what it is for
    with write_unit():
        _add_houses(chance, now)
    programme.write_out(now)
    with write_unit():
        _add_closures(now)
    shown = demo_shown.make(now)
    asked = sum(1 for _ in _ask_for_rooms(chance, now))
    # Late: what waited before they voted was decided by one of them.
    asked += demo_desks.make(now) + demo_inside.make(now)
    with write_unit():
        demo_agenda.tell(now)
    return shown + asked


def purge() -> None:
    """Remove everything the demonstration made, and what was asked at its desks."""
    with write_unit():
        demo.purge()


def renew(*, now: datetime, seed: int = 1) -> int:
    """Begin again around today."""
    purge()
    return make(now=now, seed=seed)


def _add_houses(chance: Random, now: datetime) -> None:
    people = {person.email: _add_person(person, now) for person in DESK_PEOPLE}
    for venue in venues.all_with_rooms():
        if venue.slug in JOINING:
            db.session.add(HouseFact(venue_id=venue.id, name=JOINED, is_demo=True))
        rooms = [room for room in venue.rooms if _is_demonstrated(venue, room)]
        if not rooms:
            continue
        _add_desk(venue, people, now)
        for weekday, (from_hour, to_hour) in enumerate(HOURS):
            db.session.add(
                Opening(
                    venue_id=venue.id,
                    weekday=weekday,
                    from_minute=from_hour * 60,
                    to_minute=to_hour * 60,
                    is_demo=True,
                )
            )
        planned = {}
        for room in rooms:
            _add_room_facts(venue, room, chance)
            planned[room.slug] = chance.sample(OWN_PROGRAMME, LINES_OF_A_ROOM)
        demo_agenda.spread(venue.slug, planned)
        _spare_the_parts(venue, planned)
        for room in rooms:
            _add_programme(room, planned[room.slug], now)
    city_id = desks.city_id()
    assert city_id is not None, "the register's import makes the city desk"
    db.session.add(DeskMember(desk_id=city_id, account_id=_add_person(CITY_PERSON, now).id, since=now))
    for association in ASSOCIATIONS:
        _add_association(association.name, association.kind, association.person, now)
    _add_person(PRIVATE_PERSON, now)
    _add_choices(now)


def _add_choices(now: datetime) -> None:
    """What some of the houses would choose, and the parts of a hall."""
    for venue in venues.all_with_rooms():
        for name, value in RULES.get(venue.slug, {}).items():
            line = RuleLine(venue_id=venue.id, name=name, value=value, source=RULE_SOURCE, is_own=True, is_demo=True)
            db.session.add(line)
        if venue.slug in HALLS:
            hall, parts = HALLS[venue.slug]
            ids = {room.slug: room.id for room in venue.rooms}
            demo.join_spaces(ids[hall], [ids[part] for part in parts])
        if venue.slug in TRUSTED:
            demo.trust(venue.id, TRUSTED[venue.slug], now)


def _is_demonstrated(venue: Venue, room: Room) -> bool:
    return is_asked_here(venue.house, room.unit) or (venue.slug in JOINING and room.unit is Unit.ROOM)


def _add_person(person: Person, now: datetime) -> Account:
    account = Account(
        code=secrets.token_urlsafe(16), email=person.email, name=person.name, created_at=now, is_demo=True
    )
    db.session.add(account)
    db.session.flush()
    return account


def _add_desk(venue: Venue, people: dict[str, Account], now: datetime) -> None:
    """A desk with the people who decide for this house; its shared address is invented, like they are."""
    slug = f"demo-{venue.slug}"
    desk = add_desk(venue, slug=slug, email=f"{venue.slug}@demo.example", is_demo=True)
    for person in DESK_PEOPLE:
        if person.decides_for(venue.slug, venue.managed_by):
            db.session.add(DeskMember(desk_id=desk.id, account_id=people[person.email].id, since=now))


def _add_room_facts(venue: Venue, room: Room, chance: Random) -> None:
    is_shown = (venue.slug, room.slug) == (SHOWN_HOUSE, SHOWN_ROOM)
    if room.capacity_seated is None and room.capacity_standing is None:
        drawn = chance.choice(SIZES) if not is_shown else SHOWN_SIZE
        size = str(SIZES_IN_HALLS.get((venue.slug, room.slug), drawn))
        db.session.add(HouseFact(venue_id=venue.id, room_id=room.id, name=CAPACITY_SEATED, value=size, is_demo=True))
    known = {facility.slug for facility in room.facilities}
    for slug in SHOWN_FACILITIES if is_shown else chance.sample(ROOM_FACILITIES, 4):
        if slug not in known:
            db.session.add(HouseFact(venue_id=venue.id, room_id=room.id, name=FACILITY, value=slug, is_demo=True))


def _spare_the_parts(venue: Venue, planned: dict[str, list[Line]]) -> None:
    """The house is not in the hall while it is in a part of it: the hall gets what its parts leave."""
    hall, parts = HALLS.get(venue.slug, ("", ()))
    if hall in planned:
        in_parts = [line for part in parts for line in planned.get(part, ())]
        left = [line for line in OWN_PROGRAMME if line not in in_parts]
        planned[hall] = left[:LINES_OF_A_ROOM]


def _add_programme(room: Room, planned: Iterable[Line], now: datetime) -> None:
    for line in planned:
        row = OwnProgramme(
            code=secrets.token_urlsafe(16),
            room_id=room.id,
            title=line.title,
            weekday=line.weekday,
            from_minute=line.from_minute,
            to_minute=line.to_minute,
            changed_at=now,
            is_demo=True,
        )
        db.session.add(row)
        db.session.flush()
        activities.add(line.title, now, is_demo=True, programme_id=row.id)


def _add_closures(now: datetime) -> None:
    """One house closes for some days in six weeks, so that a visitor meets a closed week."""
    first = to_local(now).date() + timedelta(days=47)
    for room in demo.rooms_with_own_programme()[:2]:
        lines.free([room.id], *span_of(first, first + timedelta(days=2)), now)
        programme.close(room.id, first, first + timedelta(days=2), "Herstelling aan de vloer", now=now, is_demo=True)


def _add_association(name: str, kind: RequesterKind, person: Person, now: datetime) -> None:
    account = _add_person(person, now)
    association = Association(code=secrets.token_urlsafe(16), name=name, kind=kind, created_at=now, is_demo=True)
    db.session.add(association)
    db.session.flush()
    db.session.add(Membership(association_id=association.id, account_id=account.id, since=now))


def _ask_for_rooms(chance: Random, now: datetime) -> Iterator[str]:
    """Requests of the last weeks, asked and decided through the same services as everybody's."""
    for room in demo.rooms_with_own_programme():
        if (room.venue.slug, room.slug) == (SHOWN_HOUSE, SHOWN_ROOM):
            continue
        for _ in range(chance.randint(3, 6)):
            asked_at = now - timedelta(days=chance.randint(1, 20), minutes=chance.randint(0, 600))
            code = _ask(room, chance, asked_at, now)
            if code is not None:
                _decide(code, chance, asked_at, now)
                yield code


def _waits_long_enough(association_id: int | None) -> bool:
    """Whoever tries the site as one of these people must still be able to ask."""
    return counts.open_count(None, association_id) > MOST_WAITING


def _ask(room: Room, chance: Random, asked_at: datetime, now: datetime) -> str | None:
    activity = chance.choice(ACTIVITIES)
    group = chance.choice(ASSOCIATIONS)
    day = to_local(now).date() + timedelta(days=chance.randint(29, 110))
    people = chance.randint(8, 20)
    try:
        slot = Slot.on(day, time(activity.from_hour), time(activity.to_hour))
    except NotASlot:
        return None
    return demo_wishes.ask(
        f"{room.venue.slug}/{room.slug}",
        slot,
        group,
        activity=activity.title,
        people=people,
        is_public=activity.is_public,
        now=asked_at,
    )


def _decide(code: str, chance: Random, asked_at: datetime, now: datetime) -> None:
    """Most are approved, some refused, and the rest wait."""
    request = requests.by_code(code)
    assert request is not None, "it was asked a moment ago"
    desk = desks.by_id(request.desk_id or 0)
    if desk is None or not desk.members or request.status is not Status.REQUESTED:
        # Some houses say yes at once.
        return
    by = accounts.actor(desk.members[0])
    decided_at = min(now, asked_at + timedelta(days=chance.randint(1, 6), hours=chance.randint(0, 9)))
    fate = chance.random()
    if fate < APPROVED_SHARE or _waits_long_enough(request.association_id):
        demo_wishes.decide(request, Action.APPROVE, by=by, now=decided_at)
    elif fate < APPROVED_SHARE + REFUSED_SHARE:
        demo_wishes.decide(request, Action.REFUSE, by=by, now=decided_at, note=REFUSAL)
