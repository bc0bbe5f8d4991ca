"""What somebody wishes, and the ways in which a wish can end."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from zalenzoeker.domain.availability import Obstacle
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.ways_on import WayOn


class UnknownRoom(Exception):
    """There is no such room."""


class UnknownRequest(Exception):
    """There is no request with this code."""


@dataclass(frozen=True)
class WishedDate:
    """One moment in one room (``venue/room``); ``is_skipped``: a date of the series that the asker leaves out."""

    room: str
    slot: Slot
    is_skipped: bool = False


@dataclass(frozen=True)
class Trouble:
    """Everything that is in the way of one date."""

    date: WishedDate
    room: KnownRoom
    obstacles: list[Obstacle]


class Refused(Exception):
    """Something is in the way: all of it, date by date, and the ways on that are free now."""

    def __init__(self, troubles: list[Trouble], ways_on: list[WayOn], *, was_lost: bool = False) -> None:
        super().__init__(", ".join(one.code for trouble in troubles for one in trouble.obstacles))
        self.troubles = troubles
        self.ways_on = ways_on
        self.was_lost = was_lost

    @property
    def obstacles(self) -> list[Obstacle]:
        return [one for trouble in self.troubles for one in trouble.obstacles]


@dataclass(frozen=True)
class Asker:
    """Who asks and what they need of a room, as far as that is known yet: what is None is not judged.

    ``neighbourhood``: the slug of the wijk they come from, empty for none. ``takes_space`` False: they come inside the
    open hours of the house.
    """

    kind: RequesterKind | None = None
    neighbourhood: str | None = None
    association_id: int | None = None
    activity_kind: ActivityKind | None = None
    people: int | None = None
    facilities: frozenset[str] = frozenset()
    takes_space: bool = True


NOBODY_YET = Asker()


@dataclass(frozen=True)
class Wish:
    """What somebody typed into the form. ``form_key``: the form's own random key; ``exception_reason`` asks for one.

    ``neighbourhood``: the slug of the wijk the asker comes from. ``pattern``: the rule the dates were written out from,
    as ``Pattern.as_json`` gives it. ``is_waiting``: it may be taken now, but wants to know when it comes free.
    ``renews``: the code of the weekly use that this one continues. ``series_first``: the first day of the series that
    these dates are only a part of. ``came_by``: how it came to the desk that types it in for somebody, who then needs
    no e-mail address; ``postal_address``: only then. ``takes_space`` False: an activity inside the open hours of the
    house. ``is_shielded``: nobody outside may read what it is; it is not public then, whatever was chosen.
    """

    dates: tuple[WishedDate, ...]
    activity: str
    people: int
    is_public: bool
    requester_kind: RequesterKind
    contact_name: str
    contact_email: str
    form_key: str
    contact_phone: str = ""
    association_id: int | None = None
    association_name: str = ""
    enterprise_number: str = ""
    facilities: tuple[str, ...] = ()
    remarks: str = ""
    exception_reason: str = ""
    activity_kind: ActivityKind | None = None
    neighbourhood: str = ""
    pattern: Mapping[str, Any] | None = None
    is_waiting: bool = False
    renews: str = ""
    series_first: date | None = None
    came_by: CameBy | None = None
    postal_address: str = ""
    takes_space: bool = True
    is_shielded: bool = False

    @property
    def fingerprint(self) -> str:
        """The same for two posts of the same contents."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()

    @property
    def wanted(self) -> tuple[WishedDate, ...]:
        """The dates that are not left out."""
        return tuple(date for date in self.dates if not date.is_skipped)

    @property
    def asker(self) -> Asker:
        facilities = frozenset(self.facilities)
        return Asker(
            self.requester_kind,
            self.neighbourhood,
            self.association_id,
            self.activity_kind,
            self.people,
            facilities,
            self.takes_space,
        )


@dataclass(frozen=True)
class Receipt:
    """Which request came of a form, and whether its address must still prove itself; ``is_repeat``: once more."""

    code: str
    needs_proof: bool
    is_repeat: bool = field(default=False, compare=False)
