"""Deriving the seconds of every date anew from its wall time, after a change of zone data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.settling import Move, Owner, Piece, outside, settle
from zalenzoeker.domain.slots import Slot, epoch, from_epoch
from zalenzoeker.storage import occupancy
from zalenzoeker.storage import times as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Occupancy, Occurrence, OwnProgramme

DATE, PROGRAMME, CLOSURE, DIARY = "date", "programme", "closure", "diary"
# Zone data moves a moment by some hours at most; what is further off is another date.
FARTHEST_SECONDS = 12 * 3600
# Who goes first where two want the same: what the house has for itself, what was promised, what was asked.
RANKS = {
    TakenBy.CLOSURE: 0,
    TakenBy.OWN_PROGRAMME: 1,
    TakenBy.BOOKING: 2,
    TakenBy.REQUEST: 3,
    TakenBy.QUEUED: 4,
    TakenBy.DIARY: 5,
}


@dataclass(frozen=True)
class Overlap:
    """A date that kept its former seconds: what it is, what is in its way (empty: its own hours), where and when."""

    what: str
    other: str
    room: str
    slot: Slot


@dataclass(frozen=True)
class Recomputed:
    """How many dates of a place were looked at and moved, and which could not."""

    dates: int
    moved: int
    overlaps: tuple[Overlap, ...]


Row = dict[str, Any]


@dataclass
class _Item:
    """One date with all it has; a date and the new moment that waits for a yes are one, because they share rows."""

    owner: Owner
    name: str
    room: str
    slot: Slot
    had: list[Occupancy]
    rows: list[Row] = field(default_factory=list)
    moments: list[tuple[Occurrence, Slot]] = field(default_factory=list)
    is_possible: bool = True

    @property
    def rank(self) -> int:
        return min((RANKS[row.by] for row in self.had), default=len(RANKS))

    @property
    def changes(self) -> bool:
        old = sorted((row.space_id, row.from_epoch, row.to_epoch) for row in self.had)
        new = sorted((row["space_id"], row["from_epoch"], row["to_epoch"]) for row in self.rows)
        return old != new or any(
            (date.from_epoch, date.to_epoch) != (slot.from_epoch, slot.to_epoch) for date, slot in self.moments
        )

    @property
    def move(self) -> Move:
        # Who waits in the queue takes nothing.
        old = [Piece(row.space_id, row.from_epoch, row.to_epoch) for row in self.had if row.by is not TakenBy.QUEUED]
        new = [
            Piece(row["space_id"], row["from_epoch"], row["to_epoch"])
            for row in self.rows
            if row["by"] is not TakenBy.QUEUED
        ]
        return Move(self.owner, tuple(old), tuple(new))


def recompute(venue_id: int, now: datetime, *, dry_run: bool = False) -> Recomputed:
    """Derive the seconds of all that begins after now in one place, in one write unit: the wall time is the truth.

    Every date of that place moves together, so that neighbours do not stand in each other's way while they move. A date
    whose spaces cannot be had at its new seconds, or whose hours the clock no longer shows, keeps its former seconds
    and spaces and is told of. ``dry_run``: the same answer, and nothing is kept.
    """
    now_epoch = epoch(now)
    with write_unit():
        spaces = storage.spaces_of(venue_id)
        occupancy.lock(spaces)
        rows = storage.rows(spaces, now_epoch)
        items = [*_dates(venue_id, rows, now_epoch), *_of_the_house(venue_id, rows, now_epoch)]
        changed = sorted((item for item in items if item.is_possible and item.changes), key=lambda item: item.rank)
        moving = {row.id for item in changed for row in item.had}
        fixed = [row for row in rows if row.id not in moving and row.by is not TakenBy.QUEUED]
        staying = settle([item.move for item in changed], [(_owner(row), _piece(row)) for row in fixed])
        moved = [item for item in changed if item.owner not in staying]
        if not dry_run:
            for date, slot in (moment for item in moved for moment in item.moments):
                date.from_epoch, date.to_epoch = slot.from_epoch, slot.to_epoch
            old = [row.id for item in moved for row in item.had]
            storage.replace(spaces, now_epoch, old, [row for item in moved for row in item.rows])
        overlaps = tuple(_overlaps(venue_id, items, staying))
    return Recomputed(len(items), len(moved), overlaps)


def _piece(row: Occupancy) -> Piece:
    return Piece(row.space_id, row.from_epoch, row.to_epoch)


def _owner(row: Occupancy) -> Owner:
    if row.occurrence_id is not None:
        return DATE, row.occurrence_id, 0
    if row.programme_id is not None:
        return PROGRAMME, row.programme_id, row.from_epoch
    if row.diary_id is not None:
        return DIARY, row.diary_id, row.from_epoch
    return CLOSURE, row.closure_id or 0, row.from_epoch


def _row(like: Occupancy, space_id: int, starts: int, ends: int) -> Row:
    columns = ("by", "held_until", "occurrence_id", "programme_id", "closure_id")
    kept = {name: getattr(like, name) for name in columns}
    return {"space_id": space_id, "from_epoch": starts, "to_epoch": ends, **kept}


def _dates(venue_id: int, rows: Iterable[Occupancy], now_epoch: int) -> list[_Item]:
    had: dict[int, list[Occupancy]] = {}
    for row in rows:
        had.setdefault(row.occurrence_id or 0, []).append(row)
    dates = storage.dates(venue_id, now_epoch)
    spaces = occupancy.spaces_of_rooms({date.room_id for date in dates})
    items: dict[int, _Item] = {}
    for date in sorted(dates, key=lambda date: (date.replaces_id is not None, date.id)):
        slot = Slot(date.starts, date.ends, date.zone)
        if date.replaces_id is None:
            owner = (DATE, date.id, 0)
            items[date.id] = _Item(owner, date.request.reference, date.room.name, slot, [])
        # Where the date it would replace has begun, the new moment is void: the clock's next round ends it.
        if item := items.get(date.replaces_id or date.id):
            item.is_possible = item.is_possible and slot.from_epoch < slot.to_epoch
            item.rows += _rows_of(date, slot, had.get(date.id, []), spaces.get(date.room_id, []), list(item.rows))
            item.had += had.get(date.id, [])
            item.moments.append((date, slot))
    return list(items.values())


def _rows_of(
    date: Occurrence, slot: Slot, had: Sequence[Occupancy], spaces: Sequence[int], replaced: Sequence[Row]
) -> Iterator[Row]:
    """What this date should have, if it has anything: the new moment of a date only what the date itself has not."""
    if not had:
        return
    starts, ends = slot.from_epoch - 60 * date.setup_minutes, slot.to_epoch + 60 * date.cleanup_minutes
    for space_id in {row.space_id for row in had} if date.replaces_id is None else spaces:
        of_the_other = [(row["from_epoch"], row["to_epoch"]) for row in replaced if row["space_id"] == space_id]
        for first, last in outside(starts, ends, sorted(of_the_other)):
            yield _row(had[0], space_id, first, last)


def _of_the_house(venue_id: int, rows: Iterable[Occupancy], now_epoch: int) -> list[_Item]:
    """Own programme and closures: rows of the same line and the same moment are one date."""
    lines, closures = storage.programme(venue_id), storage.closures(venue_id)
    items: dict[Owner, _Item] = {}
    for row in rows:
        # A diary tells moments, not wall times: its next reading brings them anew.
        if row.from_epoch <= now_epoch or row.occurrence_id is not None or row.diary_id is not None:
            continue
        owner = _owner(row)
        item = items.get(owner)
        if item is None:
            line = lines.get(row.programme_id or 0)
            name, room = (line.title, line.room.name) if line else closures.get(row.closure_id or 0, ("", ""))
            slot = _nearest(line, row) if line else _whole_days(row)
            if slot is None:
                continue
            item = items[owner] = _Item(owner, name, room, slot, [])
        item.had.append(row)
        item.rows.append(_row(row, row.space_id, item.slot.from_epoch, item.slot.to_epoch))
    return list(items.values())


def _nearest(line: OwnProgramme, row: Occupancy) -> Slot | None:
    """The date of a weekly line that this row was written for; None when the line has another day by now."""
    around = [from_epoch(row.from_epoch).date() + timedelta(days=number) for number in (-1, 0, 1)]
    slots = [slot for day in around if (slot := line.hours.on(day))]
    near = [slot for slot in slots if abs(slot.from_epoch - row.from_epoch) <= FARTHEST_SECONDS]
    return near[0] if near else None


def _whole_days(row: Occupancy) -> Slot:
    """From midnight to midnight, the nearest ones."""
    starts, ends = (from_epoch(seconds) + timedelta(hours=12) for seconds in (row.from_epoch, row.to_epoch))
    return Slot(datetime.combine(starts.date(), time()), datetime.combine(ends.date(), time()))


def _overlaps(venue_id: int, items: Iterable[_Item], staying: Mapping[Owner, Owner]) -> Iterator[Overlap]:
    told = [item for item in items if item.owner in staying or not item.is_possible]
    if not told:
        return
    others = {other[1] for other in staying.values() if other[0] == DATE}
    names = {(DATE, key): reference for key, reference in storage.references(others).items()}
    names |= {(PROGRAMME, key): line.title for key, line in storage.programme(venue_id).items()}
    names |= {(CLOSURE, key): reason for key, (reason, _room) in storage.closures(venue_id).items()}
    venue = storage.venue_name(venue_id)
    for item in told:
        other = staying.get(item.owner)
        yield Overlap(
            item.name,
            names.get(other[:2], "the diary of the house") if other else "",
            f"{item.room}, {venue}",
            item.slot,
        )
