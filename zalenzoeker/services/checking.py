"""What is in the way of a wish, date by date, and what can be asked instead; always looked up anew."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from zalenzoeker.domain import availability
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, Need, Obstacle, RoomFacts, blocking, obstacles
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.series import NotAPattern, Pattern, PatternKind
from zalenzoeker.domain.slots import Slot, Week, epoch
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.domain.ways_on import Asked, WayOn, ways_on
from zalenzoeker.services.wishes import NOBODY_YET, Asker, Refused, Trouble, UnknownRoom, Wish, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import counts, programme
from zalenzoeker.storage.models import Request


def look(
    wish: Wish, by: Actor, now: datetime, *, without: Collection[int] = (), is_judged_whole: bool = True
) -> list[Trouble]:
    """Every obstacle of every date that is wanted; dates with none are not in the answer. Raises UnknownRoom.

    ``without``: ids of dates that are left out of account. The number of queries does not depend on that of dates.
    ``is_judged_whole`` False: not how many requests the asker has open already.
    """
    city = cities.city()
    rooms = {code: known(city, code) for code in {date.room for date in wish.dates}}
    wanted = wish.wanted
    if not wanted:
        return []
    places = [rooms[date.room] for date in wanted]
    slots = [date.slot for date in wanted]
    facts = _facts(city, places, slots, now, without)
    days = [slot.day for slot in slots]
    used = _used(wish.association_id, rooms.values(), min(days), max(days), without)
    asked = _asked(wish.asker, places[0], slots[0], used, by if is_judged_whole else ANYONE)
    asked = replace(asked, need=replace(asked.need, series_first=_first_day(wish, days)))
    is_weekly, ends = _weekly(wish)
    return _troubles(wanted, asked, facts, now, weekly_until=ends if is_weekly else None)


def _troubles(
    wanted: Sequence[WishedDate],
    asked: Asked,
    facts: Mapping[str, tuple[KnownRoom, RoomFacts]],
    now: datetime,
    *,
    weekly_until: date | None = None,
) -> list[Trouble]:
    """What is in the way of each date, the dates before it included: nobody can have a moment or an hour twice."""
    own: list[tuple[KnownRoom, Taken]] = []
    used = dict(asked.used)
    asked = replace(asked, used=used)
    troubles = []
    for one in wanted:
        room, here = facts[one.room]
        need = asked.need_of(room, one.slot)
        if weekly_until and one is wanted[0]:
            need = replace(need, is_weekly=True, pattern_end=weekly_until)
        week = room.venue_id, Week.of(one.slot.day)
        used[week] = used.get(week, 0) + one.slot.minutes
        if twice := _taken_by(own, room, one.slot):
            here = replace(here, taken=(*here.taken, *twice))
        if found := obstacles(need, here, now):
            troubles.append(Trouble(one, room, found))
        own.append((room, Taken(*room.rules.widened(one.slot), TakenBy.REQUEST)))
    return troubles


def _taken_by(own: Iterable[tuple[KnownRoom, Taken]], room: KnownRoom, slot: Slot) -> list[Taken]:
    """What earlier dates of the same wish would take of this moment: nobody can have it twice."""
    first, last = room.rules.widened(slot)
    return [
        one
        for other, one in own
        if one.from_epoch < last and first < one.to_epoch and set(other.space_ids) & set(room.space_ids)
    ]


def known(city: City, code: str) -> KnownRoom:
    """The room of a code (``venue/room``). Raises UnknownRoom."""
    try:
        return city.by_code[code]
    except KeyError:
        raise UnknownRoom(code) from None


def _taken(
    city: City, rooms: Collection[KnownRoom], slots: Sequence[Slot], now: datetime, without: Collection[int]
) -> dict[int, list[Taken]]:
    spans = [room.rules.widened(slot) for room in rooms for slot in slots]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    ids = {room.id for room in rooms}
    return cities.taken(city, first, last, epoch(now), room_ids=ids, without=without)


def _facts(
    city: City, rooms: Collection[KnownRoom], slots: Sequence[Slot], now: datetime, without: Collection[int]
) -> dict[str, tuple[KnownRoom, RoomFacts]]:
    """What is known of each room (by its code) at these moments, the reasons of its closures too."""
    taken = with_reasons(_taken(city, rooms, slots, now, without))
    return {room.code: (room, room.facts(taken.get(room.id, ()))) for room in rooms}


def with_reasons(taken: Mapping[int, Sequence[Taken]]) -> dict[int, Sequence[Taken]]:
    """What holds rooms (by id), with the reason of every closure: looked up only where a room is closed."""
    closed = [(room_id, one) for room_id, rows in taken.items() for one in rows if one.by is TakenBy.CLOSURE]
    if not closed:
        return dict(taken)
    first, last = min(one.from_epoch for _id, one in closed), max(one.to_epoch for _id, one in closed)
    reasons = programme.reasons_of_closures({room_id for room_id, _one in closed}, first, last)
    return {
        room_id: [replace(one, title=reasons.get((room_id, one.from_epoch, one.to_epoch), one.title)) for one in rows]
        for room_id, rows in taken.items()
    }


def _used(
    association_id: int | None, rooms: Iterable[KnownRoom], first: date, last: date, without: Collection[int] = ()
) -> dict[tuple[int, Week], int]:
    """The minutes the association has between two days already, per place and week, where a house counts them.

    ``without``: ids of dates that are left out of account.
    """
    counted = {room.venue_id for room in rooms if room.rules.week_hours is not None}
    if association_id is None or not counted:
        return {}
    return counts.week_minutes(association_id, counted, Week.of(first), Week.of(last), without=without)


def _pattern(wish: Wish) -> Pattern | None:
    try:
        return Pattern.from_json(wish.pattern) if wish.pattern else None
    except NotAPattern:
        return None


def _weekly(wish: Wish) -> tuple[bool, date | None]:
    pattern = _pattern(wish)
    return (pattern.is_weekly, pattern.last_day) if pattern else (False, None)


def _first_day(wish: Wish, days: Collection[date]) -> date | None:
    """The day by which is judged how far ahead a series is asked; loose days are judged one by one."""
    pattern = _pattern(wish)
    if pattern is None or pattern.kind is PatternKind.LOOSE:
        return None
    return wish.series_first or min(days)


def in_the_way(troubles: Sequence[Trouble], *, asks_exception: bool) -> bool:
    """Does any of it stop the asker?"""
    return any(blocking(trouble.obstacles, asks_exception=asks_exception) for trouble in troubles)


def refusal(
    wish: Wish,
    troubles: list[Trouble],
    now: datetime,
    *,
    by: Actor = ANYONE,
    was_lost: bool = False,
    without: Collection[int] = (),
) -> Refused:
    """Why not, with the ways on from the first date that is about the moment or the room."""
    lost = next((one for one in troubles if _is_about_elsewhere(one)), None)
    if lost is None and not was_lost:
        return Refused(troubles, [])
    date = lost.date if lost else wish.wanted[0]
    return Refused(
        troubles, instead_of(asked_of(wish, date, by=by, without=without), now, without=without), was_lost=was_lost
    )


def asked_of(wish: Wish, date: WishedDate, *, by: Actor = ANYONE, without: Collection[int] = ()) -> Asked:
    """One date of a wish, to look what can be asked instead."""
    return asked_by(wish.asker, known(cities.city(), date.room), [date.slot], by=by, without=without)


def asked_by(
    asker: Asker,
    room: KnownRoom,
    slots: Sequence[Slot],
    *,
    by: Actor = ANYONE,
    without: Collection[int] = (),
) -> Asked:
    """A room at the first of these moments as this asker asks for it, with what they have in the weeks around them.

    ``by``: who is visiting; how many requests are open is counted only of who has signed in. At most two queries.
    """
    around = timedelta(days=availability.DAYS_AROUND)
    first, last = min(slot.day for slot in slots) - around, max(slot.day for slot in slots) + around
    used = _used(asker.association_id, cities.city().rooms, first, last, without)
    return _asked(asker, room, slots[0], used, by)


def _asked(asker: Asker, room: KnownRoom, slot: Slot, used: Mapping[tuple[int, Week], int], by: Actor) -> Asked:
    # Only of somebody who proved who they are: a stranger must not learn what an address has asked.
    open_requests = counts.open_count(by.account_id, asker.association_id) if by.is_signed_in else 0
    told = asker.people, open_requests, asker.kind, None, asker.activity_kind
    need = Need(slot, *told, takes_space=asker.takes_space)
    return Asked(room, need, asker.facilities, asker.neighbourhood, used)


def _is_about_elsewhere(trouble: Trouble) -> bool:
    about = ABOUT_THE_MOMENT | {availability.Code.TOO_MANY_PEOPLE, availability.Code.NOT_ASKED_HERE}
    about |= {availability.Code.WHO_MAY_ASK, availability.Code.EXCLUDED_ACTIVITY, availability.Code.NOT_INSIDE}
    return any(one.code in about for one in trouble.obstacles)


def instead_of(
    asked: Asked, now: datetime, *, without: Collection[int] = (), given_up: Collection[Slot] = ()
) -> list[WayOn]:
    """What can be asked instead of a room and a moment, free at this very moment, the nearest first.

    ``given_up``: moments that the asker was just told they cannot have in this room, although nothing stands there.
    """
    city, slot = cities.city(), asked.need.slot
    around = availability.span_around(slot)
    own = cities.taken(city, *around, epoch(now), room_ids=[asked.room.id], without=without)
    others = [room for room in city.rooms if room.is_asked_here and room.id != asked.room.id and asked.is_met_by(room)]
    then = _taken(city, others, [slot], now, without) if others else {}
    by_room = {**then, asked.room.id: own.get(asked.room.id, [])}
    refused = [Taken(one.from_epoch, one.to_epoch, TakenBy.CLOSURE) for one in given_up]
    for sharing in {one.id for space in asked.room.space_ids for one in city.rooms_of_space[space]}:
        by_room[sharing] = [*by_room.get(sharing, []), *refused]
    return ways_on(asked, others, lambda room: by_room.get(room.id, []), now)


def preview(
    dates: Sequence[WishedDate],
    now: datetime,
    asker: Asker = NOBODY_YET,
    *,
    by: Actor = ANYONE,
    is_series: bool = False,
    without: Collection[int] = (),
) -> Refused | None:
    """What is known to be in the way before a form is filled in, with ways on; None when nothing is.

    ``is_series``: the dates follow a pattern. Raises UnknownRoom.
    """
    city = cities.city()
    rooms = {date.room: known(city, date.room) for date in dates}
    wanted = list(dict.fromkeys(date for date in dates if not date.is_skipped))
    if not wanted:
        return None
    slots = [date.slot for date in wanted]
    asked = asked_by(asker, rooms[wanted[0].room], slots, by=by, without=without)
    first_day = min(slot.day for slot in slots) if is_series else None
    whole = replace(asked, need=replace(asked.need, series_first=first_day))
    troubles = _troubles(wanted, whole, _facts(city, list(rooms.values()), slots, now, without), now)
    if not troubles:
        return None
    first = troubles[0]
    if not _is_about_elsewhere(first):
        return Refused(troubles, [])
    lost = replace(asked, room=first.room, need=replace(asked.need, slot=first.date.slot))
    return Refused(troubles, instead_of(lost, now, without=without))


def not_excepted(troubles: Sequence[Trouble], exceptions: Collection[str]) -> list[Trouble]:
    """What is left when the house was asked already to set these rules aside (codes of obstacles)."""
    return _only(troubles, lambda one: one.code.value not in exceptions)


def only_too_short(troubles: Sequence[Trouble]) -> list[Trouble]:
    """What is left when a moment only gets shorter."""
    return _only(troubles, lambda one: one.code is availability.Code.TOO_SHORT)


def is_taken(troubles: Sequence[Trouble]) -> bool:
    """Has somebody else one of these moments?"""
    return any(one.code in availability.OVERLAP for trouble in troubles for one in trouble.obstacles)


def without_overlap(troubles: Sequence[Trouble]) -> list[Trouble]:
    """What is left when somebody else's being there does not matter."""
    return _only(troubles, lambda one: one.code not in availability.OVERLAP)


def _only(troubles: Sequence[Trouble], keeps: Callable[[Obstacle], bool]) -> list[Trouble]:
    kept = [Trouble(one.date, one.room, [two for two in one.obstacles if keeps(two)]) for one in troubles]
    return [one for one in kept if one.obstacles]


def wish_for(request: Request, dates: Sequence[WishedDate]) -> Wish:
    """These dates, asked as the request was asked."""
    neighbourhoods = {room.neighbourhood_id: room.neighbourhood_slug for room in cities.city().rooms}
    return Wish(
        dates=tuple(dates),
        activity=request.activity,
        people=request.people,
        is_public=request.is_public,
        is_shielded=request.is_shielded,
        takes_space=request.takes_space,
        requester_kind=request.requester_kind,
        contact_name=request.contact_name,
        contact_email=request.contact_email,
        form_key=request.form_key,
        association_id=request.association_id,
        facilities=tuple(request.facilities),
        activity_kind=request.activity_kind,
        neighbourhood=neighbourhoods.get(request.neighbourhood_id or 0, ""),
        pattern=request.pattern,
        series_first=min(date.slot.day for date in request.dates) if len(request.dates) > 1 else None,
    )


def wish_of(request: Request) -> Wish:
    """What was asked with a request, as it would be asked again."""
    by_id = cities.city().by_id
    return wish_for(request, [WishedDate(by_id[date.room_id].code, date.slot) for date in request.dates])
