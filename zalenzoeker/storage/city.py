"""The facts of every room at once, kept in the process until the database says that one of them changed."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import (
    BigInteger,
    Engine,
    String,
    and_,
    bindparam,
    case,
    cast,
    column,
    event,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.dayline import Held
from zalenzoeker.domain.taken import LONGEST_TAKEN, Taken, TakenBy
from zalenzoeker.storage import city_rooms
from zalenzoeker.storage.db import db, is_sqlite
from zalenzoeker.storage.models import Occupancy, OwnProgramme, Revision
from zalenzoeker.storage.models.special_days import FACTS

__all__ = ["City", "Held", "KnownRoom", "city", "held", "last_read", "taken"]

OF_SOME = Occupancy.space_id.in_(bindparam("space_ids", expanding=True))
SHIELDED = select(OwnProgramme.id).where(OwnProgramme.is_shielded)
# By its table: what is asked in every request need not pass through the mapping of objects.
REVISION = select(Revision.__table__.c.number).where(Revision.__table__.c.name == FACTS)

_kept: WeakKeyDictionary[Engine, tuple[int, City]] = WeakKeyDictionary()
_building = Lock()


def city() -> City:
    """Every room as it is now. One small query in a transaction; all is read again only when a fact has changed."""
    session = db.session()
    if session.info.get("in_write_unit"):
        # What a write unit has written itself must be seen.
        return _read()
    known = session.info.get("city")
    if known and known[0] is session.get_transaction():
        # Who reads sees one and the same city until the end.
        found: City = known[1]
        return found
    found = _read()
    session.info["city"] = (session.get_transaction(), found)
    return found


def last_read() -> tuple[int, City] | None:
    """The city as it was read last in this process, with the number it had then. A fact may have changed since."""
    return _kept.get(db.engine)


def _read() -> City:
    number = db.session.scalar(REVISION)
    engine = db.engine
    known = _kept.get(engine)
    # Handed in by the app: everybody asks which rooms there are, also who was never told what time it is.
    now: datetime = current_app.extensions["now"]()
    if known and known[0] == number and _counts(known[1], now):
        return known[1]
    with _building:
        known = _kept.get(engine)
        if known and known[0] == number and _counts(known[1], now):
            return known[1]
        found = city_rooms.read(now)
        # A database that does not count its changes is read anew each time.
        # What this unit is still writing may yet be taken back, and the number with it.
        if number is not None and not db.session.info.get("in_write_unit"):
            _kept[engine] = (number, found)
    return found


def _counts(known: City, now: datetime) -> bool:
    """Whether time alone has changed nothing: the one fact that ends by itself is how long a diary is believed."""
    return known.until is None or now < known.until


@event.listens_for(Engine, "engine_disposed")
def forget(engine: Engine) -> None:
    """Whoever lets go of all connections may put another database in the place of this one."""
    _kept.pop(engine, None)


def taken(
    city: City,
    from_epoch: int,
    to_epoch: int,
    now_epoch: int,
    *,
    room_ids: Collection[int] | None = None,
    without: Collection[int] = (),
) -> dict[int, list[Taken]]:
    """What holds each room between two moments (epoch seconds), by the id of the room, in order; without titles.

    One query, however many rooms. ``without``: ids of dates to leave out of account. A hold that lapsed holds nothing.
    """
    found = held(city, [(from_epoch, to_epoch)], now_epoch, room_ids=room_ids, without=without)
    return {room_id: [Taken(starts, ends, TakenBy(by)) for starts, ends, by in rows] for room_id, rows in found.items()}


def held(
    city: City,
    spans: Sequence[tuple[int, int]],
    now_epoch: int,
    *,
    room_ids: Collection[int] | None = None,
    without: Collection[int] = (),
) -> dict[int, list[Held]]:
    """The same for several stretches of time at once, as plain as the database gives it. Spans do not overlap."""
    rooms = city.rooms if room_ids is None else [city.by_id[room_id] for room_id in room_ids if room_id in city.by_id]
    asked = {room.id for room in rooms}
    is_near = any(later[0] - earlier[1] < LONGEST_TAKEN for earlier, later in pairwise(sorted(spans)))
    given: dict[str, Any] = {"now_epoch": now_epoch}
    if len(spans) == 1:
        given["from_epoch"], given["to_epoch"] = spans[0]
        query = _in_one_span(is_of_some=room_ids is not None)
    else:
        span = _each(json.dumps(spans))
        query = _query(is_twice=is_near).join(span[0], _is_within(*span[1:]))
        query = query.where(OF_SOME) if room_ids is not None else query
    if room_ids is not None:
        given["space_ids"] = sorted({one for room in rooms for one in room.space_ids})
    if without:
        query = query.where(or_(Occupancy.occurrence_id.is_(None), Occupancy.occurrence_id.not_in(list(without))))
    return _by_room(city, asked, db.session.execute(query, given))


@cache
def _in_one_span(*, is_of_some: bool) -> Any:
    """What is asked most: writing this query costs more than asking it, so it is written once."""
    starts, ends = (bindparam(name, type_=BigInteger) for name in ("from_epoch", "to_epoch"))
    query = _query(is_twice=False).where(_is_within(starts, ends))
    return query.where(OF_SOME) if is_of_some else query


def _each(spans: str) -> tuple[Any, Any, Any]:
    """The spans as rows, with their beginning and end: one parameter however many there are, so that SQLAlchemy writes
    the statement once.
    """
    if is_sqlite():
        rows = func.json_each(spans).table_valued("value", name="span")
        return rows, func.json_extract(rows.c.value, "$[0]"), func.json_extract(rows.c.value, "$[1]")
    rows = func.jsonb_array_elements(cast(literal(spans, String), JSONB)).table_valued(
        column("value", JSONB), name="span"
    )
    return rows, rows.c.value[0].astext.cast(BigInteger), rows.c.value[1].astext.cast(BigInteger)


def _query(*, is_twice: bool) -> Any:
    """``is_twice``: a row may begin in one span and end in the next, and would be found twice."""
    table = Occupancy.__table__.c
    # Of a shielded line not even that it is the house's own may be told.
    by = case((table.programme_id.in_(SHIELDED), TakenBy.BOOKING.value), else_=type_coerce(table.by, String))
    columns = (table.space_id, table.from_epoch, table.to_epoch, by)
    query = select(*columns).distinct() if is_twice else select(*columns)
    is_held = or_(Occupancy.held_until.is_(None), Occupancy.held_until > bindparam("now_epoch"))
    return query.where(is_held).order_by(Occupancy.from_epoch)


def _is_within(from_epoch: Any, to_epoch: Any) -> Any:
    return and_(
        Occupancy.from_epoch < to_epoch,
        Occupancy.from_epoch > from_epoch - LONGEST_TAKEN,
        Occupancy.to_epoch > from_epoch,
    )


def _by_room(city: City, asked: Collection[int], rows: Iterable[Any]) -> dict[int, list[Held]]:
    """What holds a space holds every room that takes it; a room of several spaces counts it once."""
    found: dict[int, list[Held]] = {}
    rooms_of_space = city.rooms_of_space
    for space_id, from_epoch, to_epoch, by in rows:
        one = (from_epoch, to_epoch, by)
        for room in rooms_of_space.get(space_id, ()):
            if room.id in asked:
                of_room = found.setdefault(room.id, [])
                if len(room.space_ids) == 1 or one not in of_room:
                    of_room.append(one)
    return found
