"""What each room answers to a search, in words: one of six, why, and the way on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from zalenzoeker.domain.availability import Code, Obstacle
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.rules import HouseRules
from zalenzoeker.domain.search import CAN_BE_ASKED, Answer, Found, Group
from zalenzoeker.domain.slots import DAY, Slot
from zalenzoeker.domain.taken import TakenBy
from zalenzoeker.domain.wallday import WallDay
from zalenzoeker.domain.wanted import WHEELCHAIR, Wanted
from zalenzoeker.web.dates import hours, minute_clock, month_day, weekday
from zalenzoeker.web.kept import kept_as_it_is, language, written
from zalenzoeker.web.refusals import sentence
from zalenzoeker.web.wording import REQUESTER_KIND

# What people look for most is named first in the line of a room, and no more than this many.
NAMED_FIRST = ("keuken", "kleine-keuken", "professionele-keuken", "bar", "beamer", "podium", "geluid", "wifi", "lift")
MOST_NAMED = 4
# A place of which only the neighbourhood is known is no nearer than this.
NO_DISTANCE = 0.5


@dataclass(slots=True)
class RoomPieces:
    """What never changes about a room: its part of the line, its name with that of its house, and its addresses."""

    line: Markup
    name: Markup
    page: str


@dataclass(slots=True)
class Action:
    """Where the button of a room leads; ``is_main``: it is what the page is for."""

    href: str
    words: str
    is_main: bool = False


@dataclass(slots=True)
class Line:
    """One room in the results. ``room``: what never changes about it; ``notes``: sentences below its answer."""

    room: RoomPieces
    look: str
    symbol: str
    words: str
    action: Action | None
    notes: Sequence[str] = ()
    link: tuple[str, str] | None = None
    link_intro: str = ""
    bar: Markup | None = None
    links: Sequence[tuple[str, str]] = ()


@dataclass
class Speaker:
    """Says the answers of one page; what it has said once it need not look up again."""

    city: City
    wanted: Wanted
    _said: dict[Any, str] = field(default_factory=dict)
    _rooms: dict[int, RoomPieces] = field(init=False)

    def __post_init__(self) -> None:
        self._rooms = kept_as_it_is(self.city, ("pieces", language()), dict)

    def said(self, key: Any, words: Callable[[], str]) -> str:
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = words()
        return found

    def listed(self, items: list[str]) -> str:
        """14, 21 en 28"""
        if len(items) == 1:
            return items[0]
        joined = self.said("and", lambda: _("%(first)s and %(last)s"))
        return joined % {"first": ", ".join(items[:-1]), "last": items[-1]}

    def room(self, room: KnownRoom) -> RoomPieces:
        """What is the same about this room in every search."""
        found = self._rooms.get(room.id)
        if found is None:
            found = self._rooms[room.id] = self._pieces(room)
        return found

    def _pieces(self, room: KnownRoom) -> RoomPieces:
        order = [*NAMED_FIRST, *self.city.facility_names]
        there = sorted(room.facilities & self.city.facility_names.keys(), key=order.index)[:MOST_NAMED]
        names = [self.city.facility_names[slug].lower() for slug in there]
        return RoomPieces(
            written(render_template("search/_room.html", room=room, facilities=names)),
            escape(f"{room.name}, {room.venue_name}"),
            url_for("rooms.show", venue=room.venue_slug, room=room.slug),
        )

    def form(self, room: KnownRoom, slot: Slot) -> str:
        """The form with everything filled in that the search knows."""
        return f"{self.said('form', self._form)}{room.code}{self.said(id(slot), lambda: self._times(slot))}"

    def _form(self) -> str:
        return f"{url_for('asking.new')}?zaal="

    def _times(self, slot: Slot) -> str:
        people = f"&personen={self.wanted.people}" if self.wanted.people else ""
        return f"&dag={slot.day}&van={slot.starts:%H:%M}&tot={slot.ends:%H:%M}{people}"

    def day_page(self, room: KnownRoom, day: date) -> str:
        return f"{self.room(room).page}/dagen/{day}"

    def notes(self, unknown: Collection[str], distance: float | None, room: KnownRoom) -> list[str]:
        """What nobody knows of the room, and how far it is."""
        if not unknown and distance is None:
            return []
        found = [self.said(("unknown", slug), lambda slug=slug: self._unknown(slug)) for slug in sorted(unknown)]
        return [*found, self.far(distance, room)] if distance is not None else found

    def who(self, room: KnownRoom) -> list[str]:
        """For whom the house keeps this room, if not for everybody: a search does not know who asks."""
        rules, found = room.rules, []
        if rules.who:
            found.append(self.said(("who", id(rules)), lambda: _("Only for: %(kinds)s.", kinds=_kinds(rules))))
        if rules.neighbourhood_first == 0:
            found.append(_("Only for people and groups of %(name)s.", name=room.neighbourhood_name))
        elif rules.neighbourhood_first:
            days, name = rules.neighbourhood_first, room.neighbourhood_name
            words = _("Until %(days)s days before, only people and groups of %(name)s can ask.", days=days, name=name)
            found.append(words)
        return found

    def _unknown(self, slug: str) -> str:
        if slug == WHEELCHAIR:
            return _("Unknown whether a wheelchair can get in.")
        return _("Unknown whether there is: %(facility)s.", facility=self.city.facility_names.get(slug, slug).lower())

    def far(self, distance: float, room: KnownRoom) -> str:
        if room.has_exact_point:
            return _("At %(km)s km", km=kilometres_said(distance))
        if distance < NO_DISTANCE:
            return self.said("here", lambda: _("In this neighbourhood; we do not know the precise spot"))
        return _("At about %(km)s km: we only know the neighbourhood", km=kilometres_said(distance))

    def why(self, found: Found, wall: WallDay) -> str:
        """The answer in words, beginning with one of the six."""
        if found.answer is Answer.FREE:
            return self.said("free", lambda: _("Free to ask for"))
        if found.answer is Answer.REQUESTED:
            return self.said("requested", lambda: _("Requested"))
        if found.answer is Answer.ASK_THE_HOUSE:
            return self.said("ask", lambda: _("Ask the house"))
        if found.answer is Answer.TAKEN:
            starts, ends, by = found.in_the_way[0]
            when = max(0, wall.minute(starts)), wall.minute(ends), by
            return self.said(when, lambda: taken_words(*when))
        code = found.obstacles[0].code if found.obstacles else None
        if found.answer is Answer.CLOSED:
            closed = next((one for one in found.obstacles if one.code in CLOSED), None)
            key = ("closed", id(found.room.rules), id(found.room.hours), code)
            return self.said(key, lambda: CLOSED[closed.code](closed.facts) if closed else _("Closed"))
        if found.is_inaccessible:
            return self.said("inaccessible", lambda: _("Does not fit: not accessible with a wheelchair"))
        if code is Code.TOO_MANY_PEOPLE:
            capacity = found.room.capacity or 0
            return self.said(("size", capacity), lambda: _("Does not fit: room for %(capacity)d", capacity=capacity))
        return self.said("unfit", lambda: _("Does not fit"))

    def rule(self, found: Found) -> list[str]:
        """The sentences of the rules that stand in the way, with their source."""
        if found.answer is not Answer.UNFIT:
            return []
        return [self._quoted(one, found.room) for one in found.obstacles if one.code is not Code.TOO_MANY_PEOPLE][:2]

    def _quoted(self, one: Obstacle, room: KnownRoom) -> str:
        return self.said((one.code, id(room.rules), room.name), lambda: sentence(one, room=room.name))


def _kinds(rules: HouseRules) -> str:
    return ", ".join(str(REQUESTER_KIND[kind]).lower() for kind in RequesterKind if kind in rules.who)


def kilometres_said(distance: float) -> str:
    """1,2"""
    return f"{distance:.1f}".replace(".", ",")


def taken_words(first: int, last: int, by: str) -> str:
    """What holds a room between two minutes of a day."""
    if first == 0 and last >= DAY:
        return {
            TakenBy.REQUEST.value: _("Taken: asked for all day"),
            TakenBy.OWN_PROGRAMME.value: _("Taken: own programme all day"),
            TakenBy.DIARY.value: _("Taken all day (diary of the house)"),
        }.get(by, _("Taken all day"))
    when = {"starts": minute_clock(first), "ends": minute_clock(last)}
    if by == TakenBy.REQUEST.value:
        return _("Taken: asked for from %(starts)s to %(ends)s", **when)
    if by == TakenBy.OWN_PROGRAMME.value:
        return _("Taken: own programme from %(starts)s to %(ends)s", **when)
    if by == TakenBy.DIARY.value:
        return _("Taken from %(starts)s to %(ends)s (diary of the house)", **when)
    return _("Taken from %(starts)s to %(ends)s", **when)


def _outside(facts: Any) -> str:
    if not facts["hours"]:
        return _("Closed on %(day)s", day=weekday(facts["day"]))
    return _("Closed then: open %(hours)s", hours=", ".join(hours(slot) for slot in facts["hours"]))


CLOSED: dict[Code, Callable[[Any], str]] = {
    Code.CLOSED_SEASON: lambda facts: _(
        "Closed from %(first)s to %(last)s, every year",
        first=month_day(facts["season"][0]),
        last=month_day(facts["season"][1]),
    ),
    Code.CITY_CLOSED: lambda facts: _("Closed: %(name)s", name=facts["name"]),
    Code.OUTSIDE_HOURS: _outside,
}
# What is not asked here, or will never do, needs no line of its day either.
NO_OTHER_DAY = frozenset({Group.ASK_THE_HOUSE, Group.UNFIT})
LOOK = {
    Answer.FREE: ("free", "check"),
    Answer.REQUESTED: ("wait", "hourglass"),
    Answer.TAKEN: ("no", "cross"),
    Answer.CLOSED: ("", "clock"),
    Answer.UNFIT: ("", "info"),
    Answer.ASK_THE_HOUSE: ("info", "out"),
}


def line(found: Found, speaker: Speaker, wall: WallDay, bar: Markup | None = None) -> Line:
    """One room's answer to a wish for one moment."""
    room = found.room
    look, symbol = LOOK[found.answer]
    notes = speaker.notes(found.unknown, found.distance, room)
    link, intro = None, ""
    if found.answer in CAN_BE_ASKED:
        notes += speaker.who(room)
    if found.answer is Answer.REQUESTED:
        notes.insert(0, speaker.said("too", lambda: _("Nobody has decided yet. You can ask too.")))
    elif found.answer is Answer.UNFIT:
        notes = [*speaker.rule(found), *notes]
    if other := found.other:
        intro = speaker.said("other", lambda: _("It is free to ask for:"))
        link = speaker.form(room, other), speaker.said(("hours", id(other)), lambda: hours(other))
    elif found.may_be_excepted and found.slot:
        link = speaker.form(room, found.slot), speaker.said("except", lambda: _("Ask for an exception"))
    words, way = speaker.why(found, wall), action(found, speaker, wall.day)
    return Line(speaker.room(room), look, symbol, words, way, notes, link, intro, bar)


def action(found: Found, speaker: Speaker, day: date) -> Action | None:
    """What the button of a room does."""
    room = found.room
    if found.slot and found.answer in (Answer.FREE, Answer.REQUESTED):
        return Action(speaker.form(room, found.slot), speaker.said("do", lambda: _("Ask for it")), is_main=True)
    return side_action(found.group, room, speaker, day)


def side_action(group: Group, room: KnownRoom, speaker: Speaker, day: date) -> Action | None:
    """What the button of a room does that cannot be asked then: its day. Where no day will do, its name leads to it."""
    if group in NO_OTHER_DAY:
        return None
    return Action(speaker.day_page(room, day), speaker.said("day", lambda: _("See the day")))


def heads(wanted: Wanted, moment: str) -> dict[Group, str]:
    """What each group is called."""
    people = wanted.people
    return {
        Group.FITS: _("Free, and large enough") if people else _("Free to ask for"),
        Group.PARTLY_KNOWN: _("Free, but we do not know whether everything you need is there"),
        Group.SIZE_UNKNOWN: _(
            "Free, but we do not know the size of these rooms, nor whether %(people)s people fit", people=people
        ),
        Group.NEARLY_FITS: _("Free, but a little too small for %(people)s people", people=people),
        Group.BY_EXCEPTION: _("Only by exception"),
        Group.OTHER_HOUR: _("Not %(moment)s, but at another hour", moment=moment),
        Group.NOT_THEN: _("Not possible on this day"),
        Group.UNFIT: _("Does not fit what you look for"),
        Group.ASK_THE_HOUSE: _("Not asked here: ask the house itself"),
    }
