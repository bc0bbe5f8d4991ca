"""The town of a large invented set: places, rooms, hours, rules, desks, people and what the houses do themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from zalenzoeker.domain.activities import theme_of
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Operator, Unit
from zalenzoeker.domain.requests import Policy, RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import to_utc
from zalenzoeker.services.bench_bookings import Asker, code_of, epoch_on
from zalenzoeker.services.bench_names import (
    CLOSED_WEEKDAYS,
    EARLY,
    FACILITIES,
    GROUPS,
    KINDS,
    LATE,
    NAMES,
    NEIGHBOURHOODS,
    OWN,
    SIZES,
)
from zalenzoeker.services.bench_plan import PARTS, Hall, House
from zalenzoeker.services.desks import add_desk
from zalenzoeker.storage import bench, desks, register
from zalenzoeker.storage.db import Base, db
from zalenzoeker.storage.models import (
    Account,
    Activity,
    Association,
    DeskMember,
    Facility,
    Membership,
    Neighbourhood,
    Occupancy,
    Opening,
    OwnProgramme,
    Room,
    RoomFacility,
    RoomSpace,
    RuleLine,
    Space,
    Venue,
)

Row = TypeVar("Row", bound=Base)

ROOMS_OF_A_CUT_HALL = 3
PROGRAMME_WEEKS_BACK, PROGRAMME_DAYS_AHEAD = 52, 400
PEOPLE, ASSOCIATIONS = 200, 80
WITHOUT_END = 1_000_000
MIDDLE = (51.0536, 3.7253)


@dataclass
class Town:
    """What was built: houses to deal bookings out to, and people to ask."""

    houses: list[House]
    askers: list[Asker]


def build(rooms_per_venue: Sequence[int], *, source: str, today: date, chance: Random) -> Town:
    """Build a town inside a write unit: places with so many rooms each, three of which are a hall and its two halves.

    ``source``: what each place says of where it comes from.
    """
    return _Builder(source, today, chance).town(rooms_per_venue)


def keep(row: Row) -> Row:
    """Add a row, so that its id is known."""
    db.session.add(row)
    db.session.flush()
    return row


@dataclass
class _Builder:
    source: str
    today: date
    chance: Random
    neighbourhoods: list[Neighbourhood] = field(default_factory=list)
    facilities: list[Facility] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return to_utc(datetime.combine(self.today, time()))

    def town(self, rooms_per_venue: Sequence[int]) -> Town:
        register.make_sure_of_city_desk("Stadsbalie")
        city_id = desks.city_id()
        assert city_id is not None, "it was made a moment ago"
        db.session.add(DeskMember(desk_id=city_id, account_id=self.person("stad", "Sofie Maes").id, since=self.now))
        keep(RuleLine(name=RuleName.OPEN_REQUESTS, value=WITHOUT_END, source=self.source))
        for slug, name in NEIGHBOURHOODS.items():
            lat, lon = self.point()
            self.neighbourhoods.append(keep(Neighbourhood(slug=slug, name=name, lat=lat, lon=lon, source=self.source)))
        for slug, (name, group) in FACILITIES.items():
            self.facilities.append(keep(Facility(slug=slug, name=name, group=group, synonyms=[])))
        houses = [self.house(number, rooms) for number, rooms in enumerate(rooms_per_venue)]
        return Town(houses, self.askers())

    def point(self) -> tuple[float, float]:
        lat, lon = (round(middle + self.chance.uniform(-0.04, 0.04), 6) for middle in MIDDLE)
        return lat, lon

    def house(self, number: int, rooms: int) -> House:
        venue = self.venue(number)
        desk = add_desk(venue, slug=venue.slug, email=f"{venue.slug}@bench.example")
        decider = self.person(f"balie-{number + 1:02d}", f"Rita Claeys {number + 1}")
        db.session.add(DeskMember(desk_id=desk.id, account_id=decider.id, since=self.now))
        closed_weekday = CLOSED_WEEKDAYS[number % len(CLOSED_WEEKDAYS)]
        for weekday in range(7):
            if weekday != closed_weekday:
                latest = LATE if weekday in (4, 5) else EARLY
                db.session.add(Opening(venue_id=venue.id, weekday=weekday, from_minute=9 * 60, to_minute=latest * 60))
        setup, cleanup, policy = self.rules(venue, number)
        groups = self.rooms(venue, rooms)
        own = [self.programme(group[0], closed_weekday) for group in groups if self.chance.random() < 0.5]
        return House(
            desk_id=desk.id,
            decider_id=decider.id,
            groups=tuple(groups),
            setup_minutes=setup,
            cleanup_minutes=cleanup,
            policy=policy,
            closed_weekday=closed_weekday,
            own=frozenset(cell for cells in own for cell in cells),
        )

    def venue(self, number: int) -> Venue:
        kind, manager = KINDS[number % len(KINDS)]
        neighbourhood = self.neighbourhoods[number % len(self.neighbourhoods)]
        is_exact = self.chance.random() < 0.9
        lat, lon = self.point() if is_exact else (neighbourhood.lat, neighbourhood.lon)
        return keep(
            Venue(
                slug=f"huis-{number + 1:02d}",
                name=f"{NAMES[kind]} {neighbourhood.name} {number + 1}",
                kind=kind,
                operator=Operator.CITY,
                managed_by=manager,
                street="Dorpsstraat",
                house_number=str(number + 1),
                postal_code="9000",
                city="Gent",
                neighbourhood_id=neighbourhood.id,
                lat=lat,
                lon=lon,
                coord_precision=CoordPrecision.EXACT if is_exact else CoordPrecision.NEIGHBOURHOOD,
                wheelchair=self.chance.choice(list(Known)),
                source=self.source,
                confidence=Confidence.HIGH,
            )
        )

    def rules(self, venue: Venue, number: int) -> tuple[int, int, Policy]:
        """Rules of its own, as some houses have: minutes of set-up and clean-up, and what a request does meanwhile."""
        lines: dict[RuleName, object] = {}
        setup, cleanup = (15, 30) if number % 3 == 1 else (0, 0)
        policy = Policy.QUEUE if number % 4 == 3 else Policy.HOLD
        if cleanup:
            lines |= {RuleName.SETUP_MINUTES: setup, RuleName.CLEANUP_MINUTES: cleanup}
        if policy is Policy.QUEUE:
            lines[RuleName.PENDING] = {"default": policy.value}
        if number % 5 == 2:
            lines[RuleName.LEAD_DAYS] = 14
        if number % 6 == 5:
            lines[RuleName.LEAST_MINUTES] = 60
        db.session.add_all(RuleLine(venue_id=venue.id, name=name, value=value) for name, value in lines.items())
        return setup, cleanup, policy

    def rooms(self, venue: Venue, count: int) -> list[tuple[Hall, ...]]:
        """The rooms of a place in groups that share spaces: with three, a hall and its halves; else each alone."""
        if count == ROOMS_OF_A_CUT_HALL:
            halves = [self.space(venue, name) for name in ("Linkerhelft", "Rechterhelft")]
            hall = self.room(venue, "grote-zaal", "Grote zaal", halves, share=0.4)
            left, right = (self.room(venue, space.name.lower(), space.name, [space]) for space in halves)
            return [(hall, left, right)]
        names = [f"Zaal {number + 1}" for number in range(count)]
        return [(self.room(venue, name.lower().replace(" ", "-"), name, [self.space(venue, name)]),) for name in names]

    def space(self, venue: Venue, name: str) -> Space:
        return keep(Space(venue_id=venue.id, name=name))

    def room(self, venue: Venue, slug: str, name: str, spaces: Sequence[Space], share: float = 1.0) -> Hall:
        capacity = self.chance.choice(SIZES)
        columns = {"unit": Unit.ROOM, "is_heated": Known.YES, "confidence": Confidence.HIGH, "source": self.source}
        row = keep(Room(venue_id=venue.id, slug=slug, name=name, capacity_seated=capacity, **columns))
        db.session.add_all(RoomSpace(room_id=row.id, space_id=space.id) for space in spaces)
        some = self.chance.sample(self.facilities, self.chance.randint(3, 8))
        db.session.add_all(RoomFacility(room_id=row.id, facility_id=facility.id) for facility in some)
        return Hall(row.id, tuple(space.id for space in spaces), capacity, share)

    def programme(self, hall: Hall, closed_weekday: int | None) -> list[tuple[int, int, int]]:
        """A line of own programme, written out by date; the weekday and part of the day it takes of each space."""
        weekday = self.chance.choice([day for day in range(7) if day != closed_weekday])
        part = self.chance.randrange(2)
        first = self.today - timedelta(weeks=PROGRAMME_WEEKS_BACK)
        last = self.today + timedelta(days=PROGRAMME_DAYS_AHEAD)
        line = keep(
            OwnProgramme(
                code=code_of(self.chance),
                room_id=hall.id,
                title=self.chance.choice(OWN),
                weekday=weekday,
                from_minute=PARTS[part].earliest + 30,
                to_minute=PARTS[part].latest - 15,
                written_until=last,
                changed_at=self.now,
            )
        )
        keep(
            Activity(
                code=f"l{line.id}",
                programme_id=line.id,
                title=line.title,
                theme=theme_of(line.title),
                changed_at=self.now,
            )
        )
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        minutes = (line.from_minute, line.to_minute)
        bench.write(
            Occupancy,
            [
                {
                    "space_id": space_id,
                    "from_epoch": epoch_on(day, minutes[0]),
                    "to_epoch": epoch_on(day, minutes[1]),
                    "by": TakenBy.OWN_PROGRAMME,
                    "programme_id": line.id,
                }
                for day in days
                if day.weekday() == weekday
                for space_id in hall.space_ids
            ],
        )
        return [(space_id, weekday, part) for space_id in hall.space_ids]

    def person(self, address: str, name: str) -> Account:
        email = f"{address}@bench.example"
        return keep(Account(code=code_of(self.chance), email=email, name=name, created_at=self.now))

    def askers(self) -> list[Asker]:
        """Private people, and groups with one member each."""
        found = []
        for number in range(PEOPLE):
            person = self.person(f"vrager-{number + 1:03d}", f"An Peeters {number + 1}")
            neighbourhood_id = self.chance.choice(self.neighbourhoods).id
            kind, group = RequesterKind.PERSON, None
            if number < ASSOCIATIONS:
                kind = GROUPS[number % len(GROUPS)]
                group = keep(
                    Association(
                        code=code_of(self.chance),
                        name=f"Harmonie {number + 1}",
                        kind=kind,
                        neighbourhood_id=neighbourhood_id,
                        created_at=self.now,
                    )
                )
                db.session.add(Membership(association_id=group.id, account_id=person.id, since=self.now))
            found.append(
                Asker(
                    person.id,
                    person.name,
                    person.email,
                    kind,
                    neighbourhood_id,
                    group.id if group else None,
                    group.name if group else "",
                )
            )
        return found
