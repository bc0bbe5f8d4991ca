"""Activities inside the open hours of a house (soup café, sewing, shop): where they can be asked, and when."""

from collections.abc import Sequence

from zalenzoeker.domain.hours import is_open, wall_minutes
from zalenzoeker.domain.places import VenueKind
from zalenzoeker.domain.slots import Slot, WeeklyHours

# Houses that are open to drop in and whose crew is there then: volunteers, or a community worker. An LDC has its own
# programme for that, a buurthuis its manager, and what those allow no source says.
BY_DEFAULT = frozenset({VenueKind.OPEN_HUIS, VenueKind.BUURTCENTRUM})


def is_offered(said: bool | None, kind: VenueKind, hours: Sequence[WeeklyHours]) -> bool:
    """May an activity inside the open hours of a house be asked? ``said``: by the house itself, None where it does not.

    Without known hours it never is: nothing lies inside of what nobody knows.
    """
    if not hours:
        return False
    return kind in BY_DEFAULT if said is None else said


def is_within(slot: Slot, hours: Sequence[WeeklyHours]) -> bool:
    """Does a slot lie wholly inside these hours? Where none are known it does not."""
    return bool(hours) and is_open(hours, slot.starts.weekday(), *wall_minutes(slot))
