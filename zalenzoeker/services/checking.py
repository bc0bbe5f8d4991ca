"""What is in the way of a wish, date by date, and what can be asked instead; always looked up anew."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from zalenzoeker.domain import availability
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, Need, Obstacle, Taken, TakenBy, blocking, obstacles
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import ANYONE, Actor
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.series import NotAPattern, Pattern, PatternKind
from zalenzoeker.domain.slots import Slot, Week, epoch
from zalenzoeker.domain.ways_on import Asked, WayOn, is_neighbour, ways_on
from zalenzoeker.services.wishes import Refused, Trouble, UnknownRoom, Wish, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import programme, requests
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
    taken = _with_reasons(_taken(city, places, [date.slot for date in wanted], now, without))
    # Only of somebody who proved who they are: a stranger must not learn what an address has asked.
    is_counted = is_judged_whole and by.is_signed_in
    open_requests = requests.open_count(by.account_id, wish.association_id) if is_counted else 0
    days = [date.slot.day for date in wanted]
    used = _used(wish, rooms.values(), min(days), max(days), without)
    is_weekly, ends = _weekly(wish)
    first_day = _first_day(wish, days)
    facts = {code: room.facts(taken.get(room.id, [])) for code, room in rooms.items()}
    own: list[tuple[KnownRoom, Taken]] = []
    troubles = []
    for one in wanted:
        room = rooms[one.room]
        week = (room.venue_id, Week.of(one.slot.day))
        need = Need(
            one.slot,
            wish.people,
            open_requests,
            kind=wish.requester_kind,
            is_neighbour=is_neighbour(wish.requester_kind, wish.neighbourhood, room),
            activity_kind=wish.activity_kind,
            week_minutes=used.get(week, 0),
            is_weekly=is_weekly and one is wanted[0],
            pattern_end=ends,
            series_first=first_day,
        )
        used[week] = used.get(week, 0) + one.slot.minutes
        twice = _taken_by(own, room, one.slot)
        here = replace(facts[one.room], taken=(*facts[one.room].taken, *twice)) if twice else facts[one.room]
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


def _with_reasons(taken: dict[int, list[Taken]]) -> dict[int, list[Taken]]:
    """The same, with the reason of every closure: looked up only where a room is closed, which is seldom."""
    closed = [(room_id, one) for room_id, rows in taken.items() for one in rows if one.by is TakenBy.CLOSURE]
    if not closed:
        return taken
    first, last = min(one.from_epoch for _id, one in closed), max(one.to_epoch for _id, one in closed)
    reasons = programme.reasons_of_closures({room_id for room_id, _one in closed}, first, last)
    return {
        room_id: [replace(one, title=reasons.get((room_id, one.from_epoch, one.to_epoch), "")) for one in rows]
        for room_id, rows in taken.items()
    }


def _used(
    wish: Wish, rooms: Iterable[KnownRoom], first: date, last: date, without: Collection[int] = ()
) -> dict[tuple[int, Week], int]:
    """The minutes the association has between two days already, per place and week, where a house counts them.

    ``without``: ids of dates that are left out of account.
    """
    counted = {room.venue_id for room in rooms if room.rules.week_hours is not None}
    if wish.association_id is None or not counted:
        return {}
    return requests.week_minutes(wish.association_id, counted, Week.of(first), Week.of(last), without=without)


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
    return Refused(troubles, instead_of(asked_of(wish, date, by=by), now, without=without), was_lost=was_lost)


def asked_of(wish: Wish, date: WishedDate, *, by: Actor = ANYONE) -> Asked:
    """One date of a wish, to look what can be asked instead; of who has signed in with what they have already."""
    city = cities.city()
    open_requests, used = 0, {}
    if by.is_signed_in:
        open_requests = requests.open_count(by.account_id, wish.association_id)
        around = timedelta(days=availability.DAYS_AROUND)
        used = _used(wish, city.rooms, date.slot.day - around, date.slot.day + around)
    kind, activity_kind = wish.requester_kind, wish.activity_kind
    need = Need(date.slot, wish.people, open_requests, kind=kind, activity_kind=activity_kind)
    return Asked(known(city, date.room), need, frozenset(wish.facilities), wish.neighbourhood, used)


def _is_about_elsewhere(trouble: Trouble) -> bool:
    about = ABOUT_THE_MOMENT | {availability.Code.TOO_MANY_PEOPLE, availability.Code.NOT_ASKED_HERE}
    about |= {availability.Code.WHO_MAY_ASK, availability.Code.EXCLUDED_ACTIVITY}
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
    *,
    people: int | None = None,
    kind: RequesterKind | None = None,
    activity_kind: ActivityKind | None = None,
    is_series: bool = False,
    without: Collection[int] = (),
) -> Refused | None:
    """What is known to be in the way before a form is filled in, with ways on; None when nothing is.

    ``is_series``: the dates follow a pattern. Of who asks only the kind is judged, and only where it is known. Raises
    UnknownRoom.
    """
    city = cities.city()
    rooms = {date.room: known(city, date.room) for date in dates}
    wanted = [date for date in dates if not date.is_skipped]
    if not wanted:
        return None
    taken = _with_reasons(_taken(city, list(rooms.values()), [date.slot for date in wanted], now, without))
    first_day = min(date.slot.day for date in wanted) if is_series else None
    troubles = []
    for one in wanted:
        room = rooms[one.room]
        need = Need(one.slot, people, kind=kind, activity_kind=activity_kind, series_first=first_day)
        if found := obstacles(need, room.facts(taken.get(room.id, [])), now):
            troubles.append(Trouble(one, room, found))
    if not troubles:
        return None
    first = troubles[0]
    need = Need(first.date.slot, people, kind=kind, activity_kind=activity_kind)
    ways = instead_of(Asked(first.room, need), now, without=without) if _is_about_elsewhere(first) else []
    return Refused(troubles, ways)


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
