"""Rooms and all that is known of them when somebody looks or asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from zalenzoeker.domain.availability import LONGEST_TAKEN, RoomFacts, Taken, TakenBy
from zalenzoeker.domain.rules import HouseRules, Rule, rules_for_room
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.storage import city
from zalenzoeker.storage.db import db
from zalenzoeker.storage.facilities import there_and_absent
from zalenzoeker.storage.models import (
    Activity,
    Closure,
    Facility,
    HouseFact,
    Neighbourhood,
    Occupancy,
    Occurrence,
    Opening,
    OwnProgramme,
    Request,
    Room,
    RoomFacility,
    RoomSpace,
    RuleLine,
    Venue,
)
from zalenzoeker.storage.models.rooms import CAPACITY_SEATED, CAPACITY_STANDING, FACILITY, NO_FACILITY


def by_slug(venue_slug: str, room_slug: str) -> Room | None:
    """A room with its place, neighbourhood and what the house told."""
    return _one(Venue.slug == venue_slug, Room.slug == room_slug)


def by_id(room_id: int) -> Room | None:
    """The same, by its id."""
    return _one(Room.id == room_id)


def by_ids(room_ids: Collection[int]) -> dict[int, Room]:
    """Rooms with their places, as a request and its letters need them, by their ids."""
    query = select(Room).join(Room.venue).options(contains_eager(Room.venue)).where(Room.id.in_(room_ids))
    return {room.id: room for room in db.session.scalars(query)}


def neighbourhood_id(slug: str) -> int | None:
    return db.session.scalar(select(Neighbourhood.id).where(Neighbourhood.slug == slug))


def _one(*conditions: ColumnElement[bool]) -> Room | None:
    return db.session.scalars(_with_place().where(*conditions)).unique().one_or_none()


def _with_place() -> Select[tuple[Room]]:
    return (
        select(Room)
        .join(Room.venue)
        .join(Venue.neighbourhood)
        .outerjoin(Venue.facts)
        .options(contains_eager(Room.venue).options(contains_eager(Venue.neighbourhood), contains_eager(Venue.facts)))
    )


def all_facilities() -> list[Facility]:
    return list(db.session.scalars(select(Facility).order_by(Facility.group, Facility.name)))


def names_of_facilities(slugs: Collection[str]) -> list[str]:
    """What people call these facilities."""
    return list(db.session.scalars(select(Facility.name).where(Facility.slug.in_(slugs)).order_by(Facility.name)))


def all_neighbourhoods() -> list[Neighbourhood]:
    return list(db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.name)))


def hours(room: Room) -> tuple[WeeklyHours, ...]:
    """The hours in which this room can be asked: its own where it has any, else those of the house."""
    query = (
        select(Opening.room_id, Opening.weekday, Opening.from_minute, Opening.to_minute)
        .where(Opening.venue_id == room.venue_id, or_(Opening.room_id.is_(None), Opening.room_id == room.id))
        .order_by(Opening.weekday, Opening.from_minute)
    )
    lines = db.session.execute(query).all()
    own = [line for line in lines if line[0]]
    return tuple(WeeklyHours(*line[1:]) for line in own or lines)


def openings_of_venue(venue_id: int) -> list[Opening]:
    """The hours in which the rooms of a house can be asked, unless a room has its own."""
    query = (
        select(Opening)
        .where(Opening.venue_id == venue_id, Opening.room_id.is_(None))
        .order_by(Opening.weekday, Opening.from_minute)
    )
    return list(db.session.scalars(query))


def rules(room: Room) -> HouseRules:
    """The rules of this room: its own lines, those of its place, those of the city."""
    query = select(
        RuleLine.name, RuleLine.value, RuleLine.source, RuleLine.venue_id.is_not(None), RuleLine.room_id.is_not(None)
    ).where(
        or_(
            RuleLine.room_id == room.id,
            and_(RuleLine.room_id.is_(None), RuleLine.venue_id == room.venue_id),
            and_(RuleLine.room_id.is_(None), RuleLine.venue_id.is_(None)),
        )
    )
    query = query.order_by(RuleLine.is_own, RuleLine.id)
    return rules_for_room(Rule(*line) for line in db.session.execute(query))


def rooms_that_share(room_id: int) -> Select[tuple[int]]:
    """The ids of the rooms that take a space of this one, itself among them: what fills one fills the other."""
    own = select(RoomSpace.space_id).where(RoomSpace.room_id == room_id)
    return select(RoomSpace.room_id).where(RoomSpace.space_id.in_(own))


def told_by_house(room: Room, venue: Venue) -> list[HouseFact]:
    """What the house told of one of its rooms besides the register."""
    return [fact for fact in venue.facts if fact.room_id == room.id]


def capacities(room: Room, venue: Venue) -> dict[str, tuple[int | None, bool]]:
    """Per set-up how many people fit, and whether that number is a demonstration fact. None: nobody knows."""
    known: dict[str, tuple[int | None, bool]] = {
        CAPACITY_SEATED: (room.capacity_seated, False),
        CAPACITY_STANDING: (room.capacity_standing, False),
    }
    for fact in told_by_house(room, venue):
        if fact.name in known and known[fact.name][0] is None:
            known[fact.name] = (int(fact.value), fact.is_demo)
    return known


def largest_capacity(room: Room, venue: Venue) -> int | None:
    """How many people fit in the set-up that holds most, or None when no set-up is known."""
    numbers = [number for number, _ in capacities(room, venue).values() if number is not None]
    return max(numbers, default=None)


def largest_of_venue(venue: Venue) -> tuple[int | None, bool]:
    """How many people fit in the largest room of a place, and whether that is a demonstration fact. None: unknown."""
    told = [(size, is_demo) for room in venue.rooms for size, is_demo in capacities(room, venue).values() if size]
    return max(told, default=(None, False))


def facility_slugs(room: Room, venue: Venue) -> frozenset[str]:
    """What is in a room, of the register and of the house."""
    return there_and_absent({one.slug for one in room.facilities}, told_by_house(room, venue))[0]


class Thing(NamedTuple):
    """A facility as it is, is not, or is not known to be in a room; ``is_demo``: only the demonstration says so."""

    slug: str
    name: str
    is_there: bool
    is_demo: bool
    is_absent: bool = False


def things(room: Room, also: Collection[str] = ()) -> list[Thing]:
    """What is in the room, of the register and of the house; ``also``: slugs to name even where nobody told of them."""
    facts = told_by_house(room, room.venue)
    told = {fact.value: fact.is_demo for fact in facts if fact.name == FACILITY}
    gone = {fact.value for fact in facts if fact.name == NO_FACILITY}
    has = RoomFacility.room_id.is_not(None)
    query = (
        select(Facility.slug, Facility.name, has)
        .outerjoin(RoomFacility, and_(RoomFacility.facility_id == Facility.id, RoomFacility.room_id == room.id))
        .where(or_(has, Facility.slug.in_([*told, *gone, *also])))
        .order_by(Facility.group, Facility.name)
    )
    return [
        Thing(
            slug,
            name,
            is_there=(own or slug in told) and slug not in gone,
            is_demo=not own and told.get(slug, False),
            is_absent=slug in gone,
        )
        for slug, name, own in db.session.execute(query)
    ]


@dataclass(frozen=True)
class Sight:
    """How much of what holds a room somebody may see; ``without``: ids of dates to leave out of account."""

    all_titles: bool = False
    without: tuple[int, ...] = ()


IN_PUBLIC = Sight()
A_DAY = 24 * 3600


def taken(
    space_ids: Sequence[int], from_epoch: int, to_epoch: int, now_epoch: int, sight: Sight = IN_PUBLIC
) -> list[Taken]:
    """What holds a room that takes these spaces between two moments. A hold that lapsed holds nothing."""
    query = _holders_of_spaces()
    if sight.without:
        query = query.where(or_(Occupancy.occurrence_id.is_(None), Occupancy.occurrence_id.not_in(sight.without)))
    given = {"space_ids": list(space_ids), "from_epoch": from_epoch, "to_epoch": to_epoch, "now_epoch": now_epoch}
    return [_taken(row, sight) for row in db.session.execute(query, given)]


@cache
def _holders_of_spaces() -> Select[Any]:
    """What a week page asks: writing the query costs more than asking it, so it is written once."""
    starts, ends = (bindparam(name, type_=BigInteger) for name in ("from_epoch", "to_epoch"))
    spaces = bindparam("space_ids", expanding=True)
    return _holders().where(Occupancy.space_id.in_(spaces), *_meets(starts, ends))


def taken_around(occurrence_ids: Collection[int], now_epoch: int) -> dict[int, list[Taken]]:
    """What else holds the room within a day of each of these dates, by the id of the date; with all titles."""
    asked = aliased(Occurrence)
    query = (
        _holders()
        .add_columns(asked.id)
        .join(RoomSpace, RoomSpace.space_id == Occupancy.space_id)
        .join(asked, asked.room_id == RoomSpace.room_id)
        .where(asked.id.in_(occurrence_ids))
        .where(or_(Occupancy.occurrence_id.is_(None), Occupancy.occurrence_id != asked.id))
        .where(*_meets(asked.from_epoch - A_DAY, asked.to_epoch + A_DAY))
    )
    around: dict[int, list[Taken]] = {}
    for *row, occurrence_id in db.session.execute(query, {"now_epoch": now_epoch}):
        around.setdefault(occurrence_id, []).append(_taken(row, Sight(all_titles=True)))
    return around


def _meets(from_epoch: Any, to_epoch: Any) -> tuple[ColumnElement[bool], ...]:
    """What stands in the room between two moments; no row is so long that one must look further back."""
    return (
        Occupancy.from_epoch < to_epoch,
        Occupancy.from_epoch > from_epoch - LONGEST_TAKEN,
        Occupancy.to_epoch > from_epoch,
    )


def _holders() -> Select[Any]:
    """Each stretch in which a room is held at ``now_epoch``, once however many spaces it takes."""
    return (
        select(
            Occupancy.from_epoch,
            Occupancy.to_epoch,
            Occupancy.by,
            OwnProgramme.title,
            case(
                (
                    OwnProgramme.is_public,
                    func.coalesce(_told(Activity.programme_id == OwnProgramme.id), OwnProgramme.title),
                )
            ),
            OwnProgramme.is_shielded,
            Request.activity,
            case((Request.is_public, func.coalesce(_told(Activity.request_id == Request.id), Request.activity))),
            Closure.reason,
        )
        .distinct()
        .outerjoin(OwnProgramme, Occupancy.programme_id == OwnProgramme.id)
        .outerjoin(Closure, Occupancy.closure_id == Closure.id)
        .outerjoin(Occurrence, Occupancy.occurrence_id == Occurrence.id)
        .outerjoin(Request, Occurrence.request_id == Request.id)
        .where(or_(Occupancy.held_until.is_(None), Occupancy.held_until > bindparam("now_epoch")))
        .order_by(Occupancy.from_epoch)
    )


def _told(which: ColumnElement[bool]) -> ScalarSelect[str]:
    """What residents read of it."""
    return select(Activity.title).where(which).scalar_subquery()


def _taken(row: Sequence[Any], sight: Sight) -> Taken:
    starts, ends, by, programme, programme_told, is_shielded, activity, activity_told, reason = row
    if is_shielded and not sight.all_titles:
        # Not even that it is the house's own: it stands there as any booking does.
        return Taken(starts, ends, TakenBy.BOOKING)
    title = {
        TakenBy.OWN_PROGRAMME: programme if sight.all_titles else programme_told,
        TakenBy.BOOKING: activity if sight.all_titles else activity_told,
        TakenBy.CLOSURE: reason,
        # Its words were never kept.
        TakenBy.DIARY: "",
        TakenBy.REQUEST: activity if sight.all_titles else "",
        TakenBy.QUEUED: activity if sight.all_titles else "",
    }[by]
    return Taken(starts, ends, by, title or "")


def facts(room: Room, from_epoch: int, to_epoch: int, now_epoch: int, sight: Sight = IN_PUBLIC) -> RoomFacts:
    """All that decides whether this room can be had between two moments (epoch seconds)."""
    everything = city.city()
    known = everything.by_id[room.id]
    return RoomFacts(
        is_asked_here=known.is_asked_here,
        capacity=largest_capacity(room, room.venue),
        hours=hours(room),
        rules=rules(room),
        taken=tuple(taken(known.space_ids, from_epoch, to_epoch, now_epoch, sight)),
        special=everything.special,
        open_hours=known.open_hours,
        offers_inside=known.offers_inside,
    )
