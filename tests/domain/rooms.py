"""Rooms as a search knows them, for tests of the domain."""

from itertools import count

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.places import Known, VenueKind
from zalenzoeker.domain.rules import Rule, RuleName, rules_for_room
from zalenzoeker.domain.slots import WeeklyHours
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS

EVERY_DAY = tuple(WeeklyHours(weekday, 9 * 60, 23 * 60) for weekday in range(7))
_number = count(1)


def a_room(name="", *, rules=None, hours=EVERY_DAY, facilities=(), point=(51.05, 3.72), **facts):
    """A room of an Open Huis that is asked here; ``rules``: by their names."""
    number = next(_number)
    name = name or f"zaal-{number}"
    lines = [Rule(RuleName(rule), value, is_of_room=True) for rule, value in (rules or {}).items()]
    defaults = {
        "id": number,
        "venue_id": number,
        "venue_slug": f"huis-{number}",
        "slug": name,
        "name": name,
        "venue_name": f"Huis {name}",
        "kind": VenueKind.OPEN_HUIS,
        "neighbourhood_id": 1,
        "neighbourhood_slug": "drongen",
        "neighbourhood_name": "Drongen",
        "lat": point[0],
        "lon": point[1],
        "centre": (51.0, 3.7),
        "is_asked_here": True,
        "capacity": 40,
        "facilities": frozenset(facilities),
        "wheelchair": Known.UNKNOWN,
        "hours": tuple(hours),
        "rules": rules_for_room(lines),
        "space_ids": (number,),
        "address": "Dorpsstraat 7",
        "town": "9031 Drongen",
        "special": NO_SPECIAL_DAYS,
    }
    return KnownRoom(**{**defaults, **facts})
