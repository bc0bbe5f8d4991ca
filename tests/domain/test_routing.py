"""Which desk decides: the first line that fits, with its reason."""

from datetime import date, time

import pytest

from zalenzoeker.domain.desk_choice import Seat, nearby
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.routing import LONGEST_REASON, Asked, Line, NotALine, Route, check, route
from zalenzoeker.domain.slots import Slot
from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind

CITY = Route(99, "stad")
FRIDAY, SATURDAY, SUNDAY = date(2027, 1, 15), date(2027, 1, 16), date(2027, 1, 17)
ASCENSION = date(2027, 5, 6)  # a Thursday
SPECIAL = SpecialDays(
    (
        SpecialDay(SpecialKind.LEGAL, "O.L.H. Hemelvaart", ASCENSION, ASCENSION),
        SpecialDay(SpecialKind.LEGAL, "Kerstmis", date(2027, 12, 25), date(2027, 12, 25)),
        SpecialDay(SpecialKind.SCHOOL, "Krokusvakantie", date(2027, 2, 8), date(2027, 2, 14)),
        SpecialDay(SpecialKind.CITY_CLOSING, "Brugdag", date(2027, 5, 7), date(2027, 5, 7)),
    )
)
ASSOCIATION, PERSON = RequesterKind.ASSOCIATION, RequesterKind.PERSON
PARTY, MEETING = ActivityKind.PARTY, ActivityKind.MEETING
SATURDAY_NIGHT = {"weekdays": frozenset({5}), "from_time": time(18), "to_time": time(2)}
SATURDAY_PARTIES = {**SATURDAY_NIGHT, "requester_kind": PERSON, "activity_kind": PARTY, "on_holidays": False}


def asked(day=SATURDAY, starts=time(14), ends=None, *, kind=ASSOCIATION, activity=MEETING):
    """Return a request for room 10 of place 1, two hours long where no end is named."""
    slot = Slot.on(day, starts, ends or time((starts.hour + 2) % 24, starts.minute))
    return Asked(1, 10, slot, kind, activity, SPECIAL)


@pytest.mark.parametrize(
    "sentence, fits, line",
    [
        ("an empty line fits everything", True, {}),
        ("this place", True, {"venue_id": 1}),
        ("another place", False, {"venue_id": 2}),
        ("this room", True, {"room_id": 10}),
        ("another room of this place", False, {"venue_id": 1, "room_id": 11}),
        ("on Saturdays", True, {"weekdays": frozenset({5})}),
        ("in the weekend", True, {"weekdays": frozenset({5, 6})}),
        ("from Monday to Friday", False, {"weekdays": frozenset(range(5))}),
        ("from its first minute", True, {"from_time": time(14)}),
        ("from a minute later", False, {"from_time": time(14, 1)}),
        ("until its first minute", False, {"to_time": time(14)}),
        ("until a minute later", True, {"to_time": time(14, 1)}),
        ("until midnight", True, {"from_time": time(14), "to_time": time(0)}),
        ("the whole day, written as hours", True, {"from_time": time(0), "to_time": time(0)}),
        ("in hours that end before it begins", False, {"from_time": time(9), "to_time": time(12)}),
        ("in hours that begin while it goes on", False, {"from_time": time(15), "to_time": time(22)}),
        ("associations", True, {"requester_kind": ASSOCIATION}),
        ("people who ask for themselves", False, {"requester_kind": PERSON}),
        ("meetings", True, {"activity_kind": MEETING}),
        ("parties", False, {"activity_kind": PARTY}),
        ("never on a holiday", True, {"on_holidays": False}),
        ("only on holidays", False, {"on_holidays": True}),
        (
            "all of it together",
            True,
            {
                "venue_id": 1,
                "room_id": 10,
                "weekdays": frozenset({5}),
                "from_time": time(9),
                "to_time": time(17),
                "requester_kind": ASSOCIATION,
                "activity_kind": MEETING,
                "on_holidays": False,
            },
        ),
        ("all of it save one", False, {"venue_id": 1, "weekdays": frozenset({5}), "activity_kind": PARTY}),
    ],
)
def test_line_fits_what_it_names(sentence, fits, line):
    """An association meets on a Saturday from 14.00 to 16.00."""
    assert Line(7, sentence, **line).fits(asked()) is fits
    assert route(asked(), [Line(7, sentence, id=3, **line)], CITY) == (Route(7, sentence, 3) if fits else CITY)


@pytest.mark.parametrize(
    "sentence, fits, request_, line",
    [
        ("Saturday evening", True, asked(SATURDAY, time(18)), SATURDAY_NIGHT),
        ("just before it", False, asked(SATURDAY, time(17, 45)), SATURDAY_NIGHT),
        ("the last minutes of Saturday", True, asked(SATURDAY, time(23, 45)), SATURDAY_NIGHT),
        ("Sunday after midnight is still Saturday night", True, asked(SUNDAY, time(1, 45)), SATURDAY_NIGHT),
        ("until the night ends", False, asked(SUNDAY, time(2)), SATURDAY_NIGHT),
        ("Saturday after midnight is Friday night", False, asked(SATURDAY, time(1)), SATURDAY_NIGHT),
        ("Sunday evening", False, asked(SUNDAY, time(20)), SATURDAY_NIGHT),
        ("early on Saturday, with whole Saturdays", True, asked(SATURDAY, time(1)), {"weekdays": frozenset({5})}),
        ("a party of a person on Saturday night", True, asked(kind=PERSON, activity=PARTY), {"activity_kind": PARTY}),
        (
            "all of it, in the evening",
            True,
            asked(starts=time(20), kind=PERSON, activity=PARTY),
            SATURDAY_PARTIES,
        ),
        ("all of it, of an association", False, asked(starts=time(20), activity=PARTY), SATURDAY_PARTIES),
        ("all of it, for a meeting", False, asked(starts=time(20), kind=PERSON), SATURDAY_PARTIES),
        ("all of it, in the afternoon", False, asked(kind=PERSON, activity=PARTY), SATURDAY_PARTIES),
        (
            "all of it, on Christmas, a Saturday",
            False,
            asked(date(2027, 12, 25), time(20), kind=PERSON, activity=PARTY),
            SATURDAY_PARTIES,
        ),
        (
            "the night of Christmas belongs to Christmas",
            True,
            asked(date(2027, 12, 26), time(0, 30)),
            {**SATURDAY_NIGHT, "on_holidays": True},
        ),
        (
            "the night before Christmas does not",
            False,
            asked(date(2027, 12, 25), time(0, 30)),
            {"from_time": time(18), "to_time": time(2), "on_holidays": True},
        ),
        ("nobody said what it is for", False, asked(activity=None), {"activity_kind": ActivityKind.OTHER}),
        ("nobody said what it is for, and no line asks", True, asked(activity=None), {"weekdays": frozenset({5})}),
        ("on Ascension", True, asked(ASCENSION), {"on_holidays": True}),
        ("on Ascension, never on a holiday", False, asked(ASCENSION), {"on_holidays": False}),
        ("on Ascension, whatever the day", True, asked(ASCENSION), {"weekdays": frozenset({3})}),
        ("a closing day of the city is no holiday", False, asked(date(2027, 5, 7)), {"on_holidays": True}),
        ("a school holiday is no holiday", True, asked(date(2027, 2, 10)), {"on_holidays": False}),
        (
            "a holiday on another weekday",
            False,
            asked(ASCENSION),
            {"on_holidays": True, "weekdays": frozenset({5})},
        ),
    ],
)
def test_line_fits_by_its_hours_its_activity_and_holidays(sentence, fits, request_, line):
    assert Line(7, sentence, **line).fits(request_) is fits


def test_first_line_that_fits_wins_and_keeps_its_reason():
    lines = [
        Line(1, "een ander huis", venue_id=2),
        Line(2, "feesten van particulieren", venue_id=1, requester_kind=PERSON, activity_kind=PARTY),
        Line(3, "de avond", venue_id=1, from_time=time(18)),
        Line(4, "feestdagen", venue_id=1, on_holidays=True),
        Line(5, "het huis", venue_id=1),
        Line(6, "iedereen"),
    ]
    chosen = [
        asked(),
        asked(starts=time(18)),
        asked(starts=time(18), kind=PERSON, activity=PARTY),
        asked(starts=time(18), kind=PERSON),
        asked(ASCENSION),
        asked(ASCENSION, time(20)),
    ]
    reasons = ["het huis", "de avond", "feesten van particulieren", "de avond", "feestdagen", "de avond"]
    assert [route(one, lines, CITY).reason for one in chosen] == reasons


def test_request_that_no_line_knows_goes_to_the_city():
    assert route(asked(), [], CITY) == CITY
    assert route(asked(), [Line(1, "feesten", activity_kind=PARTY)], CITY) == CITY


def test_evening_past_midnight_is_routed_by_its_start():
    evening = Line(5, "de avond", from_time=time(18), weekdays=frozenset({5}))
    assert route(asked(SATURDAY, time(20), time(1)), [evening], CITY) == Route(5, "de avond")


@pytest.mark.parametrize(
    "sentence, line",
    [
        ("nothing named", {}),
        ("every day of the week", {"weekdays": frozenset(range(7))}),
        ("from midnight to midnight", {"from_time": time(0), "to_time": time(0)}),
        ("until midnight", {"to_time": time(0)}),
    ],
)
def test_line_without_conditions_is_none(sentence, line):
    assert not Line(7, sentence, venue_id=1, **line).has_conditions
    with pytest.raises(NotALine):
        check(Line(7, sentence, venue_id=1, **line))


@pytest.mark.parametrize("reason", ["", "   ", "a\nb", "x" * (LONGEST_REASON + 1)])
def test_line_needs_a_reason_that_can_be_read(reason):
    with pytest.raises(NotALine):
        check(Line(7, reason, venue_id=1, activity_kind=PARTY))


def test_conditions_that_say_nothing_are_left_out():
    whole = Line(7, " Feest ", venue_id=1, weekdays=frozenset(range(7)), from_time=time(0), activity_kind=PARTY, id=3)
    assert check(whole) == Line(7, "Feest", venue_id=1, activity_kind=PARTY, id=3)


def test_lines_are_compared_by_what_they_say_yes_to():
    one = Line(7, "Feest", venue_id=1, activity_kind=PARTY, id=3)
    other = Line(8, "Een feest", venue_id=1, activity_kind=PARTY, from_time=time(0), id=4)
    assert one.conditions == other.conditions
    assert one.conditions != Line(7, "Feest", venue_id=1, activity_kind=PARTY, on_holidays=False).conditions
    evening = Line(7, "De avond", venue_id=1, from_time=time(18))
    assert evening.conditions == Line(8, "", venue_id=1, from_time=time(18), to_time=time(0)).conditions


HERE = (51.05, 3.72)


@pytest.mark.parametrize(
    "sentence, seats, found",
    [
        ("nobody works anywhere", [], set()),
        ("those of the neighbourhood, also when others are nearer", [(1, 4, 0.02), (2, 5, 0.0), (3, 4, 0.01)], {1, 3}),
        ("without any, those of the nearest place", [(1, 5, 0.02), (2, 6, 0.01), (3, 6, 0.03)], {2}),
        ("two desks at that place", [(1, 5, 0.01), (2, 5, 0.01)], {1, 2}),
    ],
)
def test_desks_nearby_are_of_the_neighbourhood_or_of_the_nearest_place(sentence, seats, found):
    seats = [Seat(desk_id, place, (HERE[0] + far, HERE[1])) for desk_id, place, far in seats]
    assert nearby(4, HERE, seats) == found, sentence
