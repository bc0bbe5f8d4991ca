"""The dates of a series, each with what it meets, what was chosen for it and where it can go instead."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from zalenzoeker.domain.availability import Need, RoomFacts, blocking
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.domain.series_plan import (
    DAYS_OF_A_WEEK,
    ROOMS_INSTEAD,
    Met,
    is_apart,
    meet,
    merged,
    moments_near,
    one_of,
)
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.domain.taken import Taken, TakenBy, span_around
from zalenzoeker.domain.ways_on import WayOn, rooms_instead
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Asker, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.web.dates import day_long, day_plain, hours, weekday, when
from zalenzoeker.web.notation import moment_address, written
from zalenzoeker.web.series_form import KEEP, MOVE, OWN, PART, SKIP, Planned, SeriesForm
from zalenzoeker.web.series_look import State, special_words, state_of
from zalenzoeker.web.ways import MAY_COME_FREE, Said, Way, kilometres_words, said

# How much around a moment other rooms are looked at: more than any house needs to set up and to clean.
MARGIN_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Row:
    """One date on the page. ``ways``: what it can move to; ``away``: other houses (address, words), asked apart.

    ``dates``: what it asks of the rooms as it was chosen; None while that is still to be decided. ``part``: the rooms
    that are free where others are not. ``line``: the form for this moment alone, to stand in line for it.
    """

    one: Planned
    number: int
    when: str
    state: State
    special: tuple[str, ...]
    chosen: str = ""
    can_keep: bool = False
    is_free: bool = False
    part: str = ""
    moved_to: str = ""
    reasons: tuple[Said, ...] = ()
    wrong: str = ""
    ways: tuple[Way, ...] = ()
    away: tuple[Way, ...] = ()
    line: str = ""
    dates: tuple[WishedDate, ...] | None = None

    @property
    def chosen_value(self) -> str:
        """The value of the way on that was chosen."""
        target = self.one.target
        return written(target.slot, target.room) if target and self.one.choice == MOVE else ""

    @property
    def is_plain(self) -> bool:
        """Whether it is simply free and kept, with nothing to know or to do."""
        return self.is_free and self.chosen == KEEP and self.state.look == "free" and not self.special

    @property
    def is_open(self) -> bool:
        """Whether all that can be done with it is shown: it must be decided, or it is being moved."""
        return self.dates is None or not self.is_free or self.chosen in (MOVE, OWN)


def rows(form: SeriesForm, everything: City, now: datetime, asker: Asker, by: Actor) -> list[Row]:
    """Every date of the series as this asker can have it; as many queries for few dates as for many."""
    if not form.rows:
        return []
    return _Builder(form, everything, now, asker, by).rows()


class _Builder:
    """Looks everything up once, and then says each date."""

    def __init__(self, form: SeriesForm, everything: City, now: datetime, asker: Asker, by: Actor) -> None:
        self.form, self.city, self.now = form, everything, now
        home = form.room
        self.house = [room for room in everything.rooms if room.venue_id == home.venue_id and room.is_asked_here]
        is_loose = form.pattern is not None and form.pattern.kind is PatternKind.LOOSE
        first_day = None if is_loose else min(one.day for one in form.rows)
        slots = [slot for one in form.rows for slot in (one.slot, one.target and one.target.slot) if slot]
        self.facts = self._facts(self.house, [span_around(slot, DAYS_OF_A_WEEK) for slot in slots])
        # Another house is asked apart, and so for one moment that belongs to no series.
        self.apart = checking.asked_by(asker, home, slots, by=by) if slots else None
        self.asked = self.apart and replace(self.apart, need=replace(self.apart.need, series_first=first_day))

    def _facts(self, rooms: Collection[KnownRoom], spans: Iterable[tuple[int, int]]) -> dict[int, RoomFacts]:
        wanted = merged(spans)
        ids = [room.id for room in rooms]
        held = cities.held(self.city, wanted, epoch(self.now), room_ids=ids) if wanted and ids else {}
        taken = {
            room_id: [Taken(first, last, TakenBy(by)) for first, last, by in of_room]
            for room_id, of_room in held.items()
        }
        named = checking.with_reasons(taken)
        return {room.id: room.facts(named.get(room.id, ())) for room in rooms}

    def _need(self, slot: Slot) -> Need:
        """What is needed of the rooms of this house at a moment."""
        assert self.asked is not None, "there is a moment"
        return self.asked.need_of(self.form.room, slot)

    def rows(self) -> list[Row]:
        found = [self._row(one, number) for number, one in enumerate(self.form.rows, 1)]
        if self.form.args.get("alles") == "overslaan":
            found = [self._left_out(row) if row.dates is None else row for row in found]
        shown = [row for row in found if row.is_open]
        away = self._away(shown)
        return [replace(row, **self._ways(row, found, away)) if row.is_open else row for row in found]

    def _rooms(self, one: Planned) -> Sequence[KnownRoom]:
        return [self.city.by_code[one.room]] if one.room else self.form.rooms

    def _row(self, one: Planned, number: int) -> Row:
        special = special_words(one.day, self.city.special)
        # The hours are said once, with the pattern; only a date that has its own says them again.
        is_usual = one.slot is None or one.key == str(one.day)
        words = day_long(one.day) if is_usual else when(one.slot)
        rooms = self._rooms(one)
        met = meet(rooms, self._need(one.slot), self.facts, self.now) if one.slot else None
        row = Row(
            one,
            number,
            words,
            state_of(met) if met else State("no", "clock", one.why),
            special,
            can_keep=bool(met and met.can_be_asked),
            is_free=bool(met and met.can_be_asked),
            part=_part(met),
            line=self._line(one, met),
            reasons=_reasons(met),
        )
        return self._decided(row, met, rooms)

    def _line(self, one: Planned, met: Met | None) -> str:
        """Where one can wait for a moment that somebody has who may still let go."""
        codes = {each.code for each in met.obstacles} if met else set()
        if one.slot is None or len(self.form.rooms) > 1 or not codes or not codes <= MAY_COME_FREE:
            return ""
        code = one.room or self.form.room.code
        return moment_address(code, one.slot, **self._told())

    def _told(self) -> dict[str, list[str]]:
        """What travels along to a request for one date alone, which goes on with no series."""
        return {name: values for name, values in self.form.kept_by_name.items() if name != "verleng"}

    def _decided(self, row: Row, met: Met | None, rooms: Sequence[KnownRoom]) -> Row:
        """The row with what was chosen for it, as far as that can be."""
        one = row.one
        if one.choice == SKIP:
            return self._left_out(row)
        if one.choice in (MOVE, OWN):
            return self._moved(row, rooms)
        if one.slot and met and met.can_be_asked:
            dates = tuple(WishedDate(room.code, one.slot) for room in rooms)
            return replace(row, chosen=KEEP, dates=dates)
        if one.slot and met and row.part and one.choice == PART:
            kept = met.rooms_left
            dates = tuple(WishedDate(room.code, one.slot, is_skipped=room not in kept) for room in rooms)
            return replace(row, chosen=PART, dates=dates)
        return row

    def _left_out(self, row: Row) -> Row:
        slot = row.one.slot
        dates = tuple(WishedDate(room.code, slot, is_skipped=True) for room in self._rooms(row.one)) if slot else ()
        return replace(row, chosen=SKIP, dates=dates, state=State("", "minus", _("Left out")), reasons=())

    def _moved(self, row: Row, rooms: Sequence[KnownRoom]) -> Row:
        one, target = row.one, row.one.target
        row = replace(row, chosen=one.choice, wrong=one.wrong)
        if target is None:
            return row
        named = self.city.by_code.get(target.room) if target.room else None
        there = [named] if named and named in self.house else list(rooms)
        met = meet(there, self._need(target.slot), self.facts, self.now)
        words = ", ".join([when(target.slot), *(room.name for room in there if named)])
        if self._is_double(row, target.slot):
            return replace(row, wrong=_("That moment is in your series already."))
        if not met.can_be_asked:
            return replace(row, wrong=" ".join(reason.words for reason in _reasons(met)))
        dates = tuple(WishedDate(room.code, target.slot) for room in there)
        return replace(row, dates=dates, moved_to=words, state=state_of(met), reasons=_reasons(met))

    def _is_double(self, row: Row, slot: Slot) -> bool:
        others = [one for one in self.form.rows if one.key != row.one.key and one.choice != SKIP]
        slots = [one.target.slot if one.target else one.slot for one in others]
        return any(slot.overlaps(other) for other in slots if other)

    def _away(self, shown: Sequence[Row]) -> dict[int, RoomFacts]:
        """What holds the rooms of other houses at the moments that cannot be had."""
        slots = [row.one.slot for row in shown if row.one.slot and not row.is_free]
        if len(self.form.rooms) > 1 or not slots or self.apart is None:
            return {}
        rooms = [
            room
            for room in self.city.rooms
            if room.is_asked_here and room.venue_id != self.form.room.venue_id and self.apart.is_met_by(room)
        ]
        spans = [(slot.from_epoch - MARGIN_SECONDS, slot.to_epoch + MARGIN_SECONDS) for slot in slots]
        return self._facts(rooms, spans)

    def _ways(self, row: Row, found: Sequence[Row], away: dict[int, RoomFacts]) -> dict[str, tuple[Way, ...]]:
        slot, rooms = row.one.slot, self._rooms(row.one)
        if slot is None or self.asked is None or self.apart is None:
            return {}
        dates = [date for other in found if other is not row for date in other.dates or () if not date.is_skipped]
        others = [(self.city.by_code[date.room], date.slot) for date in dates]
        # The rooms that are asked together use the hours of the house together.
        this = one_of(self.asked, rooms[0], slot, [*others, *((room, slot) for room in rooms[1:])])
        moments = moments_near(rooms, this, self.facts, self.now, avoid=others)
        ways = [Way(written(moment), _moved_words(moment, slot)) for moment in moments]
        if len(rooms) > 1 or row.is_free:
            return {"ways": tuple(self._with_chosen(row, ways))}
        house = [room for room in self.house if is_apart(room, slot, others)]
        own = rooms_instead(this, house, lambda room: self.facts[room.id], self.now, most=ROOMS_INSTEAD)
        hint = _("at the same moment, in this house")
        ways += [Way(written(slot, one.room.code), one.room.name, hint) for one in own]
        alone = replace(self.apart, room=rooms[0], need=replace(self.apart.need, slot=slot))
        elsewhere = [room for room in self.city.rooms if room.id in away]
        apart = rooms_instead(alone, elsewhere, lambda room: away[room.id], self.now, most=ROOMS_INSTEAD)
        return {
            "ways": tuple(self._with_chosen(row, ways)),
            "away": tuple(self._apart(one) for one in apart),
        }

    def _with_chosen(self, row: Row, ways: list[Way]) -> list[Way]:
        """What was chosen before stays in the list, first, also when it is no longer among the nearest."""
        target = row.one.target
        if row.one.choice != MOVE or target is None:
            return ways
        value = row.chosen_value
        if any(way.to == value for way in ways):
            return ways
        room = self.city.by_code.get(target.room)
        words = room.name if room else _moved_words(target.slot, row.one.slot or target.slot)
        return [Way(value, words, when(target.slot) if room else ""), *ways]

    def _apart(self, way: WayOn) -> Way:
        """Another house decides for itself, so that its date is a request of its own."""
        address = moment_address(way.room.code, way.slot, **self._told())
        return Way(address, f"{way.room.name}, {way.room.venue_name}", kilometres_words(way, self.form.room))


def _moved_words(there: Slot, slot: Slot) -> str:
    """A moment near another: of the same day only its hours are said."""
    if there.day == slot.day:
        return _("the same day, %(hours)s", hours=hours(there))
    return f"{weekday(there.day)} {day_plain(there.day)}, {hours(there)}"


def _part(met: Met | None) -> str:
    if met is None or met.can_be_asked or len(met.found) < 2:
        return ""
    return ", ".join(room.name for room in met.rooms_left)


def _reasons(met: Met | None) -> tuple[Said, ...]:
    if met is None:
        return ()
    found = [
        said(one, room.name)
        for room, all_found in met.found
        for one in (blocking(all_found, asks_exception=True) or all_found)
    ]
    return tuple({one.words: one for one in found}.values())
