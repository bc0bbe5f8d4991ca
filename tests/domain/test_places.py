"""What you can do at a place: drop in, ask for a room here, ask the house itself."""

import pytest

from zalenzoeker.domain.places import House, Manager, Operator, Unit, VenueKind, WayIn, is_asked_here, ways_in

CITY, OCMW, PRIVATE = Operator.CITY, Operator.OCMW, Operator.PRIVATE
WORKER, GROUP, NOBODY_KNOWS = Manager.COMMUNITY_WORKER, Manager.VOLUNTEER_GROUP, Manager.UNKNOWN
CENTRE = House(VenueKind.BUURTCENTRUM, CITY, WORKER)
CITY_HALL = House(VenueKind.CITY, CITY, Manager.RECEPTION)
PRIVATE_HALL = House(VenueKind.PRIVATE, PRIVATE, Manager.NON_PROFIT)


@pytest.mark.parametrize(
    "house,unit,expected",
    [
        (CENTRE, Unit.ROOM, True),
        (CENTRE, Unit.WHOLE_VENUE, True),
        (CENTRE, Unit.SEVERAL, False),
        (CENTRE, Unit.PERMISSION, False),
        (House(VenueKind.OPEN_HUIS, CITY, GROUP), Unit.ROOM, True),
        (House(VenueKind.BUURTHUIS, CITY, GROUP), Unit.ROOM, True),
        (House(VenueKind.LDC, OCMW, Manager.RECEPTION), Unit.ROOM, True),
        (House(VenueKind.OPEN_HUIS, CITY, NOBODY_KNOWS), Unit.ROOM, False),
        (House(VenueKind.BUURTHUIS, PRIVATE, GROUP), Unit.ROOM, False),
        (CITY_HALL, Unit.ROOM, False),
        (PRIVATE_HALL, Unit.ROOM, False),
        (House(VenueKind.PRIVATE, PRIVATE, Manager.NON_PROFIT, has_joined=True), Unit.ROOM, True),
        (House(VenueKind.CITY, CITY, NOBODY_KNOWS, has_joined=True), Unit.WHOLE_VENUE, True),
        (House(VenueKind.PRIVATE, PRIVATE, Manager.NON_PROFIT, has_joined=True), Unit.SEVERAL, False),
        (House(VenueKind.PRIVATE, PRIVATE, Manager.NON_PROFIT, has_joined=True), Unit.PERMISSION, False),
    ],
)
def test_room_is_asked_here_when_its_house_is_of_the_city_or_joined(house, unit, expected):
    assert is_asked_here(house, unit) is expected


@pytest.mark.parametrize(
    "house,units,expected",
    [
        (CENTRE, {Unit.ROOM}, [WayIn.DROP_IN, WayIn.ASK_HERE]),
        (CENTRE, {Unit.ROOM, Unit.SEVERAL}, [WayIn.DROP_IN, WayIn.ASK_HERE, WayIn.ASK_THE_HOUSE]),
        (CENTRE, {Unit.PERMISSION}, [WayIn.DROP_IN, WayIn.ASK_THE_HOUSE]),
        (CENTRE, set(), [WayIn.DROP_IN]),
        (House(VenueKind.LDC, OCMW, NOBODY_KNOWS), {Unit.ROOM}, [WayIn.DROP_IN, WayIn.ASK_THE_HOUSE]),
        (CITY_HALL, {Unit.ROOM}, [WayIn.ASK_THE_HOUSE]),
        (CITY_HALL, set(), [WayIn.ASK_THE_HOUSE]),
        (PRIVATE_HALL, {Unit.ROOM, Unit.WHOLE_VENUE}, [WayIn.ASK_THE_HOUSE]),
        (House(VenueKind.PRIVATE, PRIVATE, Manager.NON_PROFIT, has_joined=True), {Unit.ROOM}, [WayIn.ASK_HERE]),
    ],
)
def test_ways_in_are_said_in_one_order(house, units, expected):
    assert ways_in(house, frozenset(units)) == expected


@pytest.mark.parametrize("kind", list(VenueKind))
def test_every_kind_of_place_has_a_way_in(kind):
    house = House(kind, PRIVATE, NOBODY_KNOWS)
    assert ways_in(house, frozenset()) != []
