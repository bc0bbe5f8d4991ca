"""Rows for tests, by plain functions with sane defaults; what has a life of its own goes through the real services."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, TypeVar

from tests import decisions
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.services import deadlines, programme, wishes
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, activities, desks, requests, rooms
from zalenzoeker.storage.db import Base, db, write_unit
from zalenzoeker.storage.models import (
    Account,
    Association,
    Desk,
    DeskMember,
    HouseFact,
    Membership,
    Neighbourhood,
    Opening,
    OwnProgramme,
    Request,
    Room,
    RoomSpace,
    RoutingLine,
    RuleLine,
    Space,
    Trust,
    Venue,
)
from zalenzoeker.storage.models.desks import CITY_DESK, DeskKind

Row = TypeVar("Row", bound=Base)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10.00 in Ghent
SATURDAY = date(2027, 1, 16)  # far enough ahead to be asked, near enough not to be too far
EVERY_DAY = tuple(WeeklyHours(weekday, 9 * 60, 25 * 60) for weekday in range(7))  # 9.00 till 1.00
AT_HOME = Visitor(browser_hash="browser of An", address="192.0.2.1")
PASSER_BY = ANYONE
# Where a request can stand; a date can also have been left out, or be proposed.
STATES = tuple(status for status in Status if status not in {Status.SKIPPED, Status.PROPOSED})
_number = count(1)


def at(starts: str = "14:00", ends: str = "18:00", day: date = SATURDAY) -> Slot:
    """A slot on one day; an end up to 06:00 before the start means the next morning."""
    return Slot.on(day, time.fromisoformat(starts), time.fromisoformat(ends))


def keep(row: Row, *others: Base) -> Row:
    """Write rows together; the first comes back and stays readable after later write units."""
    with write_unit() as session:
        session.add_all((row, *others))
        session.flush()
        session.refresh(row)
        session.expunge(row)
    return row


def make_neighbourhood(slug: str = "sint-amandsberg", name: str = "Sint-Amandsberg", **columns: Any) -> Neighbourhood:
    """A wijk; the one with this slug when it is there already."""
    known = db.session.query(Neighbourhood).filter_by(slug=slug).one_or_none()
    return known or keep(Neighbourhood(slug=slug, name=name, **{"lat": 51.06, "lon": 3.75, "source": "", **columns}))


def make_city_desk(members: Sequence[Account] = ()) -> Desk:
    """The city desk, which the register's import makes; here with members."""
    known = desks.by_slug(CITY_DESK)
    desk = known or keep(Desk(slug=CITY_DESK, name="Stadsbalie", kind=DeskKind.CITY))
    return _with_members(desk, members)


def make_venue(
    slug: str = "", *, neighbourhood: Neighbourhood | None = None, joined: bool = False, **columns: Any
) -> Venue:
    """A place; by default an Open Huis of the city, run by its volunteers, so that its rooms are asked here."""
    make_city_desk()
    slug = slug or f"open-huis-{next(_number)}"
    neighbourhood = neighbourhood or make_neighbourhood()
    defaults = {
        "name": slug.replace("-", " ").capitalize(),
        "kind": VenueKind.OPEN_HUIS,
        "operator": Operator.CITY,
        "managed_by": Manager.VOLUNTEER_GROUP,
        "street": "Dorpsstraat",
        "house_number": "7",
        "postal_code": "9040",
        "city": "Gent",
        "coord_precision": CoordPrecision.EXACT,
        "lat": 51.06,
        "lon": 3.75,
        "email": f"{slug}@huis.example",
        "wheelchair": Known.UNKNOWN,
        "confidence": Confidence.HIGH,
        "source": "een pagina",
        "source_year": 2018,
    }
    venue = keep(Venue(slug=slug, neighbourhood_id=neighbourhood.id, **{**defaults, **columns}))
    if joined:
        keep(HouseFact(venue_id=venue.id, name="joined"))
    return venue


def make_space(venue: Venue, name: str = "Zaal") -> Space:
    return keep(Space(venue_id=venue.id, name=name))


def make_room(
    slug: str = "zaal",
    *,
    venue: Venue | None = None,
    capacity: int | None = 60,
    hours: Iterable[WeeklyHours] = EVERY_DAY,
    spaces: Sequence[Space] = (),
    rules: dict[RuleName, Any] | None = None,
    **columns: Any,
) -> Room:
    """A room with its own space (or these), hours and rule lines, read back as pages read it."""
    venue = venue or make_venue()
    defaults = {
        "name": slug.replace("-", " ").capitalize(),
        "unit": Unit.ROOM,
        "capacity_seated": capacity,
        "is_heated": Known.YES,
        "confidence": Confidence.HIGH,
        "source": "een pagina",
    }
    with write_unit() as session:
        room = Room(slug=slug, venue_id=venue.id, **{**defaults, **columns})
        own = [] if spaces else [Space(venue_id=venue.id, name=room.name)]
        session.add_all([room, *own])
        session.flush()
        place = {"venue_id": venue.id, "room_id": room.id}
        session.add_all(RoomSpace(room_id=room.id, space_id=space.id) for space in spaces or own)
        for line in hours:
            minutes = {"from_minute": line.from_minute, "to_minute": line.to_minute}
            session.add(Opening(weekday=line.weekday, **place, **minutes))
        session.add_all(RuleLine(name=name, value=value, is_own=True, **place) for name, value in (rules or {}).items())
        room_id = room.id
    found = rooms.by_id(room_id)
    assert found is not None
    return found


def make_account(email: str = "", name: str = "", **columns: Any) -> Account:
    email = email or f"iemand{next(_number)}@post.example"
    defaults = {"code": f"code-of-{email}"[:43], "created_at": NOW}
    return keep(Account(email=email, name=name, **{**defaults, **columns}))


def actor_of(account: Account) -> Actor:
    """This person as they are now: with the associations and desks they belong to."""
    db.session.close()
    return accounts.actor(account)


def make_association(
    name: str = "Harmonie De Eendracht",
    *,
    members: Sequence[Account] = (),
    kind: RequesterKind = RequesterKind.NON_PROFIT,
    **columns: Any,
) -> Association:
    defaults = {"code": f"vereniging-{next(_number)}", "created_at": NOW}
    association = keep(Association(name=name, kind=kind, **{**defaults, **columns}))
    if members:
        keep(*(Membership(association_id=association.id, account_id=member.id, since=NOW) for member in members))
    return association


def make_desk(
    slug: str = "",
    *,
    venue: Venue | None = None,
    room: Room | None = None,
    members: Sequence[Account] = (),
    kind: DeskKind = DeskKind.VOLUNTEER_GROUP,
    position: int = 100,
    reason: str | None = None,
    **columns: Any,
) -> Desk:
    """A desk with its members; with a venue or a room also the line that routes there."""
    slug = slug or f"balie-{next(_number)}"
    desk = keep(Desk(slug=slug, kind=kind, **{"name": slug.replace("-", " ").capitalize(), **columns}))
    if venue or room:
        keep(
            RoutingLine(
                position=position,
                venue_id=venue.id if venue else None,
                room_id=room.id if room else None,
                desk_id=desk.id,
                reason=kind.value if reason is None else reason,
            )
        )
    return _with_members(desk, members)


def _with_members(desk: Desk, members: Sequence[Account]) -> Desk:
    for member in members:
        if not desks.is_member(desk.id, member.id):
            keep(DeskMember(desk_id=desk.id, account_id=member.id, since=NOW))
    found = desks.by_id(desk.id)
    assert found is not None
    return found


def make_an(email: str = "an@harmonie.example") -> Actor:
    """An of the Harmonie: signed in, the one member of her association."""
    account = make_account(email, "An Peeters")
    make_association(members=[account])
    return actor_of(account)


def make_decider(room: Room, email: str = "fatima@amandsberg.example") -> Actor:
    """The desk of Sint-Amandsberg: a volunteer whose desk decides for the place of this room."""
    account = make_account(email, "Fatima El Amrani")
    make_desk(venue=room.venue, members=[account])
    return actor_of(account)


def make_wish(room: Room, slot: Slot | None = None, **fields: Any) -> wishes.Wish:
    """What a person types into the form, for themselves; a fresh form each time."""
    defaults = {
        "activity": "Repetitie",
        "people": 20,
        "is_public": False,
        "requester_kind": RequesterKind.PERSON,
        "contact_name": "An Peeters",
        "contact_email": "an@harmonie.example",
        "form_key": f"form-{next(_number)}",
    }
    dates = (wishes.WishedDate(code_of(room), slot or at()),)
    return wishes.Wish(**{"dates": dates, **defaults, **fields})


def code_of(room: Room) -> str:
    """The room as a wish names it: ``venue/room``."""
    return f"{room.venue.slug}/{room.slug}"


def weekly(starts: str = "18:00", ends: str = "22:00", *, first: date = SATURDAY, count: int = 6) -> Pattern:
    """So many weeks in a row at the same hours."""
    return Pattern(PatternKind.WEEKLY, first, time.fromisoformat(starts), time.fromisoformat(ends), count=count)


def make_series_wish(
    *rooms: Room, pattern: Pattern | None = None, skipped: Iterable[int] = (), **fields: Any
) -> wishes.Wish:
    """Every date of a pattern in all these rooms; ``skipped``: the numbers of those that are left out, from 0."""
    pattern, left_out = pattern or weekly(), set(skipped)
    dates = tuple(
        wishes.WishedDate(code_of(room), one.slot, is_skipped=number in left_out)
        for number, one in enumerate(pattern.slots())
        for room in rooms
        if one.slot is not None
    )
    return make_wish(rooms[0], **{"dates": dates, "pattern": pattern.as_json(), **fields})


def make_request(
    status: Status = Status.REQUESTED,
    *,
    room: Room | None = None,
    slot: Slot | None = None,
    by: Actor | None = None,
    now: datetime = NOW,
    visitor: Visitor = AT_HOME,
    **fields: Any,
) -> Request:
    """A request that came this far through the services, as pages read it. EXPIRED and LAPSED let the clock tick.

    WAITING and OFFERED: somebody else had the moment before, and for OFFERED let it go. A request cannot be SKIPPED,
    only a date of it.
    """
    assert status in STATES, "only a date of a request can be left out or proposed"
    room = room or make_room()
    asker = by or _asker(fields.get("contact_email", "an@harmonie.example"))
    wish = make_wish(room, slot, **{"contact_email": asker.email, **fields})
    if status in ON_THE_WAITING_LIST:
        return _make_waiting(status, wish, room, slot, asker, now)
    return _bring_to(status, wish, asker, now, visitor)


def make_series(
    *rooms: Room,
    status: Status = Status.REQUESTED,
    pattern: Pattern | None = None,
    skipped: Iterable[int] = (),
    by: Actor | None = None,
    now: datetime = NOW,
    visitor: Visitor = AT_HOME,
    **fields: Any,
) -> Request:
    """A series that came this far, as pages read it; in one room, or in several at once."""
    asker = by or _asker(fields.get("contact_email", "an@harmonie.example"))
    rooms = rooms or (make_room(),)
    wish = make_series_wish(*rooms, pattern=pattern, skipped=skipped, **{"contact_email": asker.email, **fields})
    return _bring_to(status, wish, asker, now, visitor)


def _make_waiting(
    status: Status, wish: wishes.Wish, room: Room, slot: Slot | None, asker: Actor, now: datetime
) -> Request:
    before = make_request(Status.APPROVED, room=room, slot=slot, now=now, contact_email="eerder@iemand.example")
    wish = replace(wish, is_waiting=True)
    code = asking.ask(wish, by=asker, now=now, visitor=Visitor(is_limited=False)).code
    if status is Status.OFFERED:
        asking.withdraw(before.code, by=_asker(before.contact_email), now=now)
    return read(code)


def _bring_to(status: Status, wish: wishes.Wish, asker: Actor, now: datetime, visitor: Visitor) -> Request:
    is_known = status not in (Status.UNPROVED, Status.LAPSED)
    code = asking.ask(wish, by=asker if is_known else ANYONE, now=now, visitor=visitor).code
    request = read(code)
    if status in (Status.APPROVED, Status.CANCELLED):
        decisions.approve(code, by=decider_of(request), now=now, version=request.version, note="Veel plezier!")
    if status is Status.CANCELLED:
        version = read(code).version
        decisions.cancel(code, by=decider_of(request), now=now, version=version, note="Waterschade.")
    elif status is Status.REFUSED:
        decisions.refuse(code, by=decider_of(request), now=now, version=request.version, note="Eigen feest.")
    elif status is Status.WITHDRAWN:
        asking.withdraw(code, by=asker, now=now)
    elif status is Status.EXPIRED:
        deadlines.tick(wish.dates[0].slot.starts_at)
    elif status is Status.LAPSED:
        deadlines.tick(now + timedelta(minutes=15))
    return read(code)


def read(code: str) -> Request:
    """A request as pages read it now."""
    db.session.close()
    request = requests.by_code(code)
    assert request is not None
    return request


def _asker(email: str) -> Actor:
    account = accounts.by_email(email)
    return actor_of(account or make_account(email, "An Peeters"))


def make_trusted(association_id: int, venue: Venue) -> None:
    """A house that trusts a group."""
    keep(Trust(venue_id=venue.id, association_id=association_id, since=NOW))


def decider_of(request: Request) -> Actor:
    """A member of the desk that decides; a desk that has none gets one."""
    desk = desks.by_id(request.desk_id or 0)
    assert desk is not None
    if not desk.members:
        desk = _with_members(desk, [make_account(f"{desk.slug}@balie.example", "Rita Claeys")])
    return actor_of(desk.members[0])


def make_programme(
    room: Room,
    title: str = "Soepcafé",
    *,
    weekday: int = 3,
    hours: tuple[int, int] = (11, 14),
    now: datetime = NOW,
    **columns: Any,
) -> OwnProgramme:
    """A line of own programme of a room, written out as the worker does it."""
    starts, ends = hours
    minutes = {"from_minute": starts * 60, "to_minute": ends * 60}
    defaults = {"code": f"eigen-{next(_number)}", "changed_at": NOW}
    line = keep(OwnProgramme(room_id=room.id, title=title, weekday=weekday, **{**minutes, **defaults, **columns}))
    if line.is_public:
        with write_unit():
            activities.add(title, now, programme_id=line.id)
    programme.write_out(now)
    return line


def make_closure(room: Room, first_day: date, last_day: date | None = None, reason: str = "Verlof") -> None:
    """Days on which a room is closed."""
    with write_unit():
        programme.close(room.id, first_day, last_day or first_day, reason, now=NOW)


def make_entered(
    room: Room | None = None,
    *,
    by: Actor,
    slot: Slot | None = None,
    came_by: CameBy = CameBy.PHONE,
    now: datetime = NOW,
    **fields: Any,
) -> Request:
    """A request that a member of a desk types in for Godelieve, who has no e-mail address; as pages read it."""
    defaults = {"contact_name": "Godelieve Maes", "contact_email": "", "contact_phone": "09 226 00 00"}
    wish = make_wish(room or make_room(), slot, came_by=came_by, **{**defaults, **fields})
    return read(asking.ask(wish, by=by, now=now, visitor=AT_HOME).code)
