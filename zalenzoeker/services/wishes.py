"""What somebody wishes of a room, and the ways in which a wish can end."""

import hashlib
from dataclasses import asdict, dataclass, field

from zalenzoeker.domain.availability import Obstacle
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.slots import Slot


class UnknownRoom(Exception):
    """There is no such room."""


class UnknownRequest(Exception):
    """There is no request with this code."""


class Refused(Exception):
    """Something is in the way: all of it, and the moments near by that are free."""

    def __init__(self, obstacles: list[Obstacle], alternatives: list[Slot], *, was_lost: bool = False) -> None:
        super().__init__(", ".join(one.code for one in obstacles))
        self.obstacles = obstacles
        self.alternatives = alternatives
        self.was_lost = was_lost


@dataclass(frozen=True)
class Wish:
    """What somebody typed into the form. ``form_key``: the form's own random key; ``exception_reason`` asks for one."""

    venue_slug: str
    room_slug: str
    slot: Slot
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

    @property
    def fingerprint(self) -> str:
        """The same for two posts of the same contents."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """Which request came of a form, and whether its address must still prove itself; ``is_repeat``: once more."""

    code: str
    needs_proof: bool
    is_repeat: bool = field(default=False, compare=False)
