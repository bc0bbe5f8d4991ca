"""What a letter was told, turned back from its kept facts into values that its templates and its calendar file use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from zalenzoeker.domain.series import NotAPattern, Pattern
from zalenzoeker.domain.slots import BRUSSELS, Slot

# What a letter of an earlier version of the site did not tell, so that it stays readable.
UNTOLD: dict[str, Any] = {
    "policy": "hold",
    "pattern": None,
    "dates": None,
    "told": None,
    "ways_on": None,
    "instead_of": None,
    "is_instant": False,
    "is_shielded": False,
    "takes_space": True,
    "needs_yes": False,
    "is_moved": False,
    "is_change": False,
    "is_answer": False,
    "is_printed": False,
    "is_read_by_mail": False,
    "came_by": "",
    "had_decided": False,
    "former": "",
    "handed_by": "",
    "on_duty": "",
    "is_copy": False,
    "city": "",
    "days_waited": 0,
    "house": "",
    "moves": "",
    "offer_until": "",
    "other_desk": "",
    "is_taken_back": False,
    "is_lost": False,
    "link_until": "",
    "days": 0,
    "vote": None,
    "votes": None,
    "advice": None,
    "house_words": "",
}
STANDS = frozenset({"requested", "approved"})
# So many dates are named in a letter; the page of the request names them all.
MOST_NAMED = 8


@dataclass(frozen=True)
class ToldDate:
    """A date as it stood when the letter was written; ``before``: the moment that it takes, or took, the place of."""

    slot: Slot
    room: str
    venue: str
    location: str
    uid: str
    sequence: int
    status: str
    was_confirmed: bool
    before: Slot | None = None


@dataclass(frozen=True)
class ToldMoment:
    """Dates of one moment, in one room or in several at once."""

    slot: Slot
    before: Slot | None
    rooms: str


@dataclass(frozen=True)
class ToldWay:
    """What could be asked instead when the letter was written; ``code``: the room as addresses name it."""

    code: str
    room: str
    venue: str
    slot: Slot
    distance: float
    kind: str

    @property
    def address(self) -> dict[str, str]:
        """What the address of the form says about it."""
        return address_of(self.code, self.slot)


def address_of(room: str, slot: Slot) -> dict[str, str]:
    """A room (``venue/room``) and a moment as they stand in the address of the form."""
    return {
        "zaal": room,
        "dag": slot.day.isoformat(),
        "van": f"{slot.starts:%H:%M}",
        "tot": f"{slot.ends:%H:%M}",
    }


def facts_of_request(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a letter about a request, with values for what is about time. Raises KeyError or ValueError.

    ``dates``: all of the request; ``told``: those that this letter is about; ``moments``: the same, those of one moment
    together, of which some are ``named``; ``place``: where, in a few words.
    """
    found = {**UNTOLD, **facts}
    own = [{**facts, "status": ""}]
    dates = [_date(one) for one in found["dates"] or own]
    told = [_date(one) for one in found["told"] or []] or dates
    moments, everything = _moments(told), _moments(dates)
    instead_of = found["instead_of"]
    return {
        **found,
        "slot": slot_of(facts),
        "answer_by": _moment(found.get("answer_by", "")),
        "offer_until": _moment(found["offer_until"]),
        "vote_until": _moment((found["vote"] or {}).get("until", "")),
        "link_until": _moment(found["link_until"]),
        "pattern": _pattern(found["pattern"]),
        "dates": dates,
        "told": told,
        "moments": moments,
        "named": moments[:MOST_NAMED],
        "is_series": len(everything) > 1 or len(moments) > 1,
        "is_about_all": len(moments) >= len(everything),
        "others_stay": len(told) < len(dates) and any(one.status in STANDS for one in dates),
        "place": _place(told),
        "rooms_said": ", ".join(dict.fromkeys(one.room for one in told)),
        "locations": list(dict.fromkeys(one.location for one in told)),
        "ways_on": None if found["ways_on"] is None else [_way(one) for one in found["ways_on"]],
        "instead_of": address_of(instead_of["room"], slot_of(instead_of)) if instead_of else None,
    }


def slot_of(facts: Mapping[str, Any]) -> Slot:
    """A moment as facts keep it: two wall times and their zone."""
    starts, ends = datetime.fromisoformat(facts["starts"]), datetime.fromisoformat(facts["ends"])
    return Slot(starts, ends, facts.get("zone", BRUSSELS))


def _date(facts: Mapping[str, Any]) -> ToldDate:
    before = facts.get("before")
    return ToldDate(
        slot=slot_of(facts),
        room=facts["room"],
        venue=facts["venue"],
        location=facts["location"],
        uid=facts["uid"],
        sequence=facts["sequence"],
        status=facts["status"],
        was_confirmed=facts["was_confirmed"],
        before=slot_of(before) if before else None,
    )


def _moments(dates: Sequence[ToldDate]) -> list[ToldMoment]:
    rooms: dict[tuple[Slot, Slot | None], list[str]] = {}
    for one in dates:
        rooms.setdefault((one.slot, one.before), []).append(one.room)
    return [ToldMoment(slot, before, ", ".join(names)) for (slot, before), names in rooms.items()]


def _way(facts: Mapping[str, Any]) -> ToldWay:
    return ToldWay(facts["room"], facts["room_name"], facts["venue"], slot_of(facts), facts["distance"], facts["kind"])


def _moment(written: str) -> datetime | str:
    return datetime.fromisoformat(written) if written else ""


def _pattern(facts: Mapping[str, Any] | None) -> Pattern | None:
    """The pattern explains the dates; without it they are still all there."""
    try:
        return Pattern.from_json(facts) if facts else None
    except NotAPattern:
        return None


def _place(dates: Sequence[ToldDate]) -> str:
    """The room and its place; of more rooms than one only the places."""
    rooms = list(dict.fromkeys((one.room, one.venue) for one in dates))
    if len(rooms) == 1:
        return ", ".join(rooms[0])
    return ", ".join(dict.fromkeys(venue for _, venue in rooms))


def days_of(activities: Sequence[Mapping[str, Any]]) -> list[tuple[date, list[dict[str, Any]]]]:
    """What is on, as it was told in the order of time, by day; each with its ``slot``."""
    told = [
        {**one, "slot": Slot(datetime.fromisoformat(one["starts"]), datetime.fromisoformat(one["ends"]))}
        for one in activities
    ]
    return [(day, [*some]) for day, some in groupby(told, key=lambda one: one["slot"].day)]
