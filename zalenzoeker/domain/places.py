"""Kinds of places and what you can do there: drop in, ask for a room here, ask the house itself."""

from dataclasses import dataclass
from enum import StrEnum


class VenueKind(StrEnum):
    """The kinds in Ghent's register."""

    BUURTCENTRUM = "buurtcentrum"
    OPEN_HUIS = "open_huis"
    BUURTHUIS = "buurthuis"
    LDC = "lokaal_dienstencentrum"
    CITY = "overig_groep_gent"
    PRIVATE = "privaat"


class Operator(StrEnum):
    """Who is responsible for a place and for its conditions."""

    CITY = "stad_gent"
    OCMW = "ocmw_gent"
    PRIVATE = "privaat"


class Manager(StrEnum):
    """Who runs a place from day to day."""

    COMMUNITY_WORKER = "buurtwerker"
    VOLUNTEER_GROUP = "vrijwilligersgroep"
    RECEPTION = "onthaal"
    NON_PROFIT = "vzw"
    UNKNOWN = "onbekend"


class CoordPrecision(StrEnum):
    """How far a point may be believed: only EXACT may be drawn as a pin."""

    EXACT = "exact"
    STREET = "street"
    NEIGHBOURHOOD = "neighbourhood"
    APPROX = "approx"


class Known(StrEnum):
    """A fact that may be unknown. UNKNOWN is an answer, never to be read as NO."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure the register is of a row."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Unit(StrEnum):
    """What a row of the register's rooms stands for."""

    ROOM = "room"
    SEVERAL = "several"
    PERMISSION = "permission"
    WHOLE_VENUE = "whole_venue"


class WayIn(StrEnum):
    """What a person can do at a place; several can hold together."""

    DROP_IN = "drop_in"
    ASK_HERE = "ask_here"
    ASK_THE_HOUSE = "ask_the_house"


NEIGHBOURHOOD_KINDS = frozenset({VenueKind.BUURTCENTRUM, VenueKind.OPEN_HUIS, VenueKind.BUURTHUIS, VenueKind.LDC})
ASKABLE_UNITS = frozenset({Unit.ROOM, Unit.WHOLE_VENUE})


@dataclass(frozen=True)
class House:
    """The facts about a place that decide how its rooms are asked; ``has_joined``: the house itself chose to join."""

    kind: VenueKind
    operator: Operator
    managed_by: Manager
    has_joined: bool = False


def is_asked_here(house: House, unit: Unit) -> bool:
    """May this room be asked through the site?

    A room of a buurtcentrum, Open Huis, buurthuis or LDC of the city with a known manager may, and any room of a
    house that joined. A row that stands for several rooms, or for a permission, never is.
    """
    if unit not in ASKABLE_UNITS:
        return False
    by_default = (
        house.kind in NEIGHBOURHOOD_KINDS
        and house.operator is not Operator.PRIVATE
        and house.managed_by is not Manager.UNKNOWN
    )
    return by_default or house.has_joined


def ways_in(house: House, units: frozenset[Unit]) -> list[WayIn]:
    """What you can do at a place with rooms of these units, in the order in which a card says it."""
    ways = []
    if house.kind in NEIGHBOURHOOD_KINDS:
        ways.append(WayIn.DROP_IN)
    asked_here = {unit for unit in units if is_asked_here(house, unit)}
    if asked_here:
        ways.append(WayIn.ASK_HERE)
    if units - asked_here or not ways:
        ways.append(WayIn.ASK_THE_HOUSE)
    return ways
