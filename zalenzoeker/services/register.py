"""Taking over the register: new and changed rows by their slugs; what is gone stays while something refers to it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from zalenzoeker.domain.places import ASKABLE_UNITS, Unit
from zalenzoeker.domain.register import Outline, Register, RoomRow, RuleRow
from zalenzoeker.storage import register as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Facility, Neighbourhood, Room, RuleLine, Space, Venue
from zalenzoeker.storage.models.desks import CITY_DESK

CITY_DESK_NAME = "Stadsbalie"

Row = TypeVar("Row", Neighbourhood, Facility, Venue, Room, RuleLine)


class UnknownNeighbourhood(LookupError):
    """An outline of a neighbourhood that is not in the database; its slug is the message."""


@dataclass(frozen=True)
class Change:
    """One row of the register: what it is, its slugs, and which of its columns changed."""

    noun: str
    key: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = f" ({', '.join(self.columns)})" if self.columns else ""
        return f"{self.noun} {self.key}{columns}"


@dataclass(frozen=True)
class Changes:
    """What taking over did, or would do. ``kept``: gone from the register, but something refers to it."""

    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: tuple[Change, ...]
    removed: tuple[Change, ...]
    kept: tuple[Change, ...]

    @property
    def gone(self) -> tuple[Change, ...]:
        """Everything that is no longer in the register, removed or kept."""
        return self.removed + self.kept


def take_over(register: Register, *, dry_run: bool = False) -> Changes:
    """Bring places, rooms, neighbourhoods, facilities and the register's rules up to date, in one write unit.

    Ids and slugs of what stays never change, and neither do the spaces of a room that has them: a house may have cut
    its hall into parts. ``dry_run``: the same answer, and nothing is kept. Any exception: nothing is kept.
    """
    taking = _Taking()

    def everything() -> None:
        neighbourhoods = _take_neighbourhoods(register, taking)
        facilities = _take_facilities(register, taking)
        venues = _take_venues(register, taking, neighbourhoods)
        rooms = _take_rooms(register, taking, venues, facilities)
        _take_rules(register, taking, venues, rooms)
        _take_away(register, taking)
        is_new = storage.make_sure_of_city_desk(CITY_DESK_NAME)
        taking.note(Change("desk", CITY_DESK), is_new=is_new)

    _in_write_unit(everything, dry_run=dry_run)
    return taking.changes()


def take_over_outlines(outlines: Iterable[Outline], *, dry_run: bool = False) -> Changes:
    """Keep the official borders with their neighbourhoods, in one write unit; other neighbourhoods keep theirs.

    Raises UnknownNeighbourhood. ``dry_run``: the same answer, and nothing is kept.
    """
    taking = _Taking()

    def everything() -> None:
        known = storage.by_slug(Neighbourhood)
        for outline in outlines:
            neighbourhood = known.get(outline.neighbourhood)
            if neighbourhood is None:
                raise UnknownNeighbourhood(outline.neighbourhood)
            geometry = dict(outline.geometry)
            change = Change("outline", outline.neighbourhood)
            if neighbourhood.outline == geometry:
                taking.same.append(change)
            else:
                (taking.changed if neighbourhood.outline else taking.new).append(change)
                neighbourhood.outline = geometry

    _in_write_unit(everything, dry_run=dry_run)
    return taking.changes()


class _OnlyTried(Exception):
    """Thrown at the end of a dry run, so that the write unit keeps nothing."""


def _in_write_unit(deed: Callable[[], None], *, dry_run: bool) -> None:
    try:
        with write_unit():
            deed()
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass


@dataclass
class _Taking:
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: list[Change] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)

    def changes(self) -> Changes:
        return Changes(*(tuple(each) for each in (self.new, self.changed, self.same, self.removed, self.kept)))

    def put(self, noun: str, key: str, row: Row | None, table: type[Row], values: Mapping[str, Any]) -> Row:
        """Write the values into the row, or into a new one, and note it. Returns the row with its id."""
        written, columns = _write(row, table, values)
        self.note(Change(noun, key, columns), is_new=row is None)
        return written

    def note(self, change: Change, *, is_new: bool) -> None:
        if is_new:
            self.new.append(Change(change.noun, change.key))
        else:
            (self.changed if change.columns else self.same).append(change)

    def note_gone(self, change: Change, *, is_removed: bool) -> None:
        (self.removed if is_removed else self.kept).append(change)


def _write(row: Row | None, table: type[Row], values: Mapping[str, Any]) -> tuple[Row, tuple[str, ...]]:
    if row is None:
        return storage.add(table(**values)), ()
    columns = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in columns:
        setattr(row, name, values[name])
    return row, columns


def _values(row: Any, *left_out: str) -> dict[str, Any]:
    return {each.name: getattr(row, each.name) for each in fields(row) if each.name not in left_out}


def _take_neighbourhoods(register: Register, taking: _Taking) -> dict[str, int]:
    known = storage.by_slug(Neighbourhood)
    return {
        row.slug: taking.put("neighbourhood", row.slug, known.get(row.slug), Neighbourhood, _values(row)).id
        for row in register.neighbourhoods
    }


def _take_facilities(register: Register, taking: _Taking) -> dict[str, int]:
    known = storage.by_slug(Facility)
    ids = {}
    for row in register.facilities:
        values = _values(row, "synonyms") | {"synonyms": list(row.synonyms)}
        ids[row.slug] = taking.put("facility", row.slug, known.get(row.slug), Facility, values).id
    return ids


def _take_venues(register: Register, taking: _Taking, neighbourhoods: Mapping[str, int]) -> dict[str, int]:
    known = storage.by_slug(Venue)
    ids = {}
    for row in register.venues:
        # A confirmation is not taken back by files that say nothing about it.
        silent = ("confirmed_on",) if row.confirmed_on is None else ()
        values = _values(row, "neighbourhood", *silent) | {"neighbourhood_id": neighbourhoods[row.neighbourhood]}
        ids[row.slug] = taking.put("venue", row.slug, known.get(row.slug), Venue, values).id
    return ids


RoomIds = dict[tuple[str, str], int]


def _take_rooms(
    register: Register, taking: _Taking, venues: Mapping[str, int], facilities: Mapping[str, int]
) -> RoomIds:
    known, had, spaces = storage.rooms(), storage.facilities_of_rooms(), storage.spaces_of_rooms()
    ids: RoomIds = {}
    # Rooms before whole houses, because a whole house takes the spaces of its rooms.
    for row in sorted(register.rooms, key=lambda row: row.unit is Unit.WHOLE_VENUE):
        key = f"{row.venue}/{row.slug}"
        values = _values(row, "venue", "facilities") | {"venue_id": venues[row.venue]}
        old = known.get((row.venue, row.slug))
        room, columns = _write(old, Room, values)
        ids[row.venue, row.slug] = room.id
        has = {facilities[slug] for slug in row.facilities}
        if had.get(room.id, set()) != has:
            storage.set_facilities(room.id, has)
            columns += ("facilities",)
        if _take_spaces(row, room, _spaces_of_others(register, row, ids, spaces), spaces):
            columns += ("spaces",)
        taking.note(Change("room", key, columns), is_new=old is None)
    return ids


def _spaces_of_others(register: Register, whole: RoomRow, ids: RoomIds, spaces: Mapping[int, set[int]]) -> set[int]:
    if whole.unit is not Unit.WHOLE_VENUE:
        return set()
    rooms = (row for row in register.rooms if row.venue == whole.venue and row.unit is Unit.ROOM)
    return {space for row in rooms for space in spaces.get(ids[row.venue, row.slug], ())}


def _take_spaces(row: RoomRow, room: Room, of_others: set[int], spaces: dict[int, set[int]]) -> bool:
    """Give a bookable room the spaces it lacks; whether there were any."""
    has = spaces.get(room.id, set())
    lacks = of_others - has
    if row.unit in ASKABLE_UNITS and not has and not of_others:
        lacks = {storage.add(Space(venue_id=room.venue_id, name=row.name)).id}
    if lacks:
        storage.add_spaces(room.id, lacks)
        spaces[room.id] = has | lacks
    return bool(lacks)


def _take_rules(register: Register, taking: _Taking, venues: Mapping[str, int], rooms: RoomIds) -> None:
    known = storage.rules()
    for row in register.rules or ():
        place = {"venue_id": venues.get(row.venue), "room_id": rooms.get((row.venue, row.room))}
        line = known.get((row.venue, row.room, row.name))
        if line is None:
            storage.remove_demo_rule(place["venue_id"], place["room_id"], row.name)
        values = _values(row, "venue", "room") | place
        taking.put("rule", _rule_key(row.venue, row.room, row.name), line, RuleLine, values)


def _rule_key(venue: str, room: str, name: str) -> str:
    return "/".join(part for part in (venue, room, name) if part)


def _take_away(register: Register, taking: _Taking) -> None:
    """Remove what the register no longer names, the parts before the whole, unless something refers to it."""
    if register.rules is not None:
        _take_rules_away(register.rules, taking)
    named = {(row.venue, row.slug) for row in register.rooms}
    for (venue, slug), room in storage.rooms().items():
        if (venue, slug) not in named:
            taking.note_gone(Change("room", f"{venue}/{slug}"), is_removed=storage.remove_room(room))
    _take_named_away("venue", storage.by_slug(Venue), register.venues, storage.remove_venue, taking)
    _take_named_away("facility", storage.by_slug(Facility), register.facilities, storage.remove_facility, taking)
    known = storage.by_slug(Neighbourhood)
    _take_named_away("neighbourhood", known, register.neighbourhoods, storage.remove_neighbourhood, taking)


def _take_rules_away(rules: Collection[RuleRow], taking: _Taking) -> None:
    named = {(row.venue, row.room, row.name) for row in rules}
    for key, line in storage.rules().items():
        if key not in named:
            storage.remove_rule(line)
            taking.note_gone(Change("rule", _rule_key(*key)), is_removed=True)


def _take_named_away(
    noun: str, known: Mapping[str, Row], rows: Iterable[Any], remove: Callable[[Row], bool], taking: _Taking
) -> None:
    named = {row.slug for row in rows}
    for slug, row in known.items():
        if slug not in named:
            taking.note_gone(Change(noun, slug), is_removed=remove(row))
