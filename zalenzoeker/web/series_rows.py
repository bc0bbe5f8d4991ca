"""The dates of a series, each with what it meets, what was chosen for it and where it can go instead."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from zalenzoeker.domain.availability import Need, RoomFacts, blocking, span_around
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.domain.series_plan import DAYS_OF_A_WEEK, Met, meet, merged, moments_near, rooms_instead
from zalenzoeker.domain.slots import Slot, epoch
from zalenzoeker.domain.taken import Taken, TakenBy
from zalenzoeker.domain.ways_on import Asked, WayKind, WayOn
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import programme
from zalenzoeker.web.dates import day_long, day_plain, hours, weekday, when
from zalenzoeker.web.notation import form_address, written
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
    def is_open(self) -> bool:
        """Whether all that can be done with it is shown: it must be decided, or it is being moved."""
        return self.dates is None or not self.is_free or self.chosen in (MOVE, OWN)


def rows(form: SeriesForm, everything: City, now: datetime) -> list[Row]:
    """Every date of the series; the number of queries does not depend on how many there are."""
    if not form.rows:
        return []
    return _Builder(form, everything, now).rows()


class _Builder:
    """Looks everything up once, and then says each date."""

    def __init__(self, form: SeriesForm, everything: City, now: datetime) -> None:
        self.form, self.city, self.now = form, everything, now
        home = form.room
        self.house = [room for room in everything.rooms if room.venue_id == home.venue_id and room.is_asked_here]
        is_loose = form.pattern is not None and form.pattern.kind is PatternKind.LOOSE
        self.first_day = None if is_loose else min(one.day for one in form.rows)
        slots = [slot for one in form.rows for slot in (one.slot, one.target and one.target.slot) if slot]
        self.facts = self._with_reasons(self._facts(self.house, [span_around(slot, DAYS_OF_A_WEEK) for slot in slots]))
        self.wants = frozenset(form.args.getlist("faciliteit"))

    def _facts(self, rooms: Collection[KnownRoom], spans: Iterable[tuple[int, int]]) -> dict[int, RoomFacts]:
        wanted = merged(spans)
        ids = [room.id for room in rooms]
        held = cities.held(self.city, wanted, epoch(self.now), room_ids=ids) if wanted and ids else {}
        return {
            room.id: room.facts(Taken(first, last, TakenBy(by)) for first, last, by in held.get(room.id, ()))
            for room in rooms
        }

    def _with_reasons(self, facts: dict[int, RoomFacts]) -> dict[int, RoomFacts]:
        """The same, with the reason of every closure; looked up only where a room is closed, which is seldom."""
        closed = {room_id: [one for one in here.taken if one.by is TakenBy.CLOSURE] for room_id, here in facts.items()}
        found = [one for of_room in closed.values() for one in of_room]
        if not found:
            return facts
        span = min(one.from_epoch for one in found), max(one.to_epoch for one in found)
        reasons = programme.reasons_of_closures([room_id for room_id, of_room in closed.items() if of_room], *span)
        return {
            room_id: replace(here, taken=tuple(_named(room_id, one, reasons) for one in here.taken))
            for room_id, here in facts.items()
        }

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
        met = meet(rooms, Need(one.slot, series_first=self.first_day), self.facts, self.now) if one.slot else None
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
        return form_address(code, [WishedDate(code, one.slot)], personen=self.form.people.data)

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
        met = meet(there, Need(target.slot, series_first=self.first_day), self.facts, self.now)
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
        if len(self.form.rooms) > 1 or not slots:
            return {}
        asked = Asked(self.form.room, Need(slots[0], self.form.people.data), self.wants)
        rooms = [
            room
            for room in self.city.rooms
            if room.is_asked_here and room.venue_id != self.form.room.venue_id and asked.is_met_by(room)
        ]
        spans = [(slot.from_epoch - MARGIN_SECONDS, slot.to_epoch + MARGIN_SECONDS) for slot in slots]
        return self._facts(rooms, spans)

    def _ways(self, row: Row, found: Sequence[Row], away: dict[int, RoomFacts]) -> dict[str, tuple[Way, ...]]:
        slot, rooms = row.one.slot, self._rooms(row.one)
        if slot is None:
            return {}
        need = Need(slot, series_first=self.first_day)
        avoid = [date.slot for other in found if other is not row for date in other.dates or () if not date.is_skipped]
        moments = moments_near(rooms, need, self.facts, self.now, avoid=avoid)
        ways = [Way(written(moment), _moved_words(moment, slot), "") for moment in moments]
        if len(rooms) > 1 or row.is_free:
            return {"ways": tuple(self._with_chosen(row, ways))}
        asked = Asked(rooms[0], replace(need, people=self.form.people.data), self.wants)
        facts = {**self.facts, **away}
        others = rooms_instead(asked, [room for room in self.city.rooms if room.id in facts], facts, self.now)
        own = [one for one in others if one.kind is WayKind.OTHER_ROOM]
        hint = _("at the same moment, in this house")
        ways += [Way(written(slot, one.room.code), one.room.name, hint) for one in own]
        apart = [self._apart(one) for one in others if one.kind is WayKind.OTHER_PLACE]
        return {"ways": tuple(self._with_chosen(row, ways)), "away": tuple(apart)}

    def _with_chosen(self, row: Row, ways: list[Way]) -> list[Way]:
        """What was chosen before stays in the list, first, also when it is no longer among the nearest."""
        target = row.one.target
        if row.one.choice != MOVE or target is None:
            return ways
        value = row.chosen_value
        if any(way.value == value for way in ways):
            return ways
        room = self.city.by_code.get(target.room)
        words = room.name if room else _moved_words(target.slot, row.one.slot or target.slot)
        return [Way(value, words, when(target.slot) if room else ""), *ways]

    def _apart(self, way: WayOn) -> Way:
        """Another house decides for itself, so that its date is a request of its own."""
        slot = way.slot
        told = {"dag": slot.day, "van": f"{slot.starts:%H:%M}", "tot": f"{slot.ends:%H:%M}"}
        address = url_for("asking.new", zaal=way.room.code, **told, personen=self.form.people.data)
        return Way(address, f"{way.room.name}, {way.room.venue_name}", kilometres_words(way, self.form.room))


def _named(room_id: int, one: Taken, reasons: Mapping[tuple[int, int, int], str]) -> Taken:
    reason = reasons.get((room_id, one.from_epoch, one.to_epoch), "")
    return replace(one, title=reason) if reason else one


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
