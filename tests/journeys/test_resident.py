"""A resident follows what they chose, and their calendar keeps up with what houses do."""

from datetime import date, datetime, time

import pytest

from tests.browser import dutch
from tests.builders import make_account, make_desk, make_neighbourhood, make_programme, make_room, make_venue
from tests.interop.readers import by_ical, by_ical_js, by_icalendar
from tests.journeys.conftest import Person
from zalenzoeker.domain.slots import Slot

FRIDAYS = [date(2027, 1, day) for day in (8, 15, 22)]
HOUSES = ("buurthuis-malem", "open-huis-de-porre")


@pytest.fixture
def poort(app):
    """Two houses in the Brugse Poort with a soup café each, what else they do, and a soup café somewhere else."""
    wijk = make_neighbourhood("brugse-poort", "Brugse Poort")
    volunteer = make_account("rita@malem.example", "Rita Claeys")
    for number, slug in enumerate(HOUSES):
        house = make_venue(slug, neighbourhood=wijk)
        make_desk(slug, venue=house, members=[volunteer])
        kitchen = make_room("keuken", venue=house)
        make_programme(kitchen, "Soepcafé", weekday=4, hours=(11 + number, 14), until=FRIDAYS[-1], code=f"soep-{slug}")
        make_programme(kitchen, "Naaiatelier", weekday=3, hours=(19, 21), until=FRIDAYS[-1])
    make_programme(make_room("zaal", venue=make_venue("ver")), "Soepcafé", weekday=4, hours=(11, 14), until=FRIDAYS[-1])
    return volunteer


@pytest.fixture
def rita(app, post, poort):
    return Person(app, post, poort.email, poort)


def hours(day, starts, ends):
    slot = Slot(datetime.combine(day, time(starts)), datetime.combine(day, time(ends)))
    return slot.from_epoch, slot.to_epoch


def seen(resident, address):
    """The moments that three calendar programs show, when all three show the same; without what fell away."""
    written = resident.asks(address).data
    lines = written.decode().replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
    gone = {line.partition("UID:")[2].split("\r\n")[0] for line in lines if "STATUS:CANCELLED" in line}
    shown = [
        sorted((starts, ends) for uid, starts, ends in read(written) if uid not in gone)
        for read in (by_icalendar, by_ical, by_ical_js)
    ]
    assert shown[0] == shown[1] == shown[2]
    return [one for one in shown[0] if one[0] > hours(date(2027, 1, 4), 0, 1)[0]], len(gone)


def test_calendar_of_what_was_chosen_follows_what_moved_and_what_was_called_off(poort, app, somebody, rita):
    resident = somebody("els@post.example")
    page = resident.opens("activities.index", wijk="brugse-poort", thema="soepcafe")
    found = [one.get("value", "") for one in page.elements(tag="input")]
    [address] = [one.partition("127.0.0.1:8000")[2] for one in found if "/kalender/agenda.ics?" in one]
    weekly = [hours(day, starts, 14) for day in FRIDAYS for starts in (11, 12)]
    assert seen(resident, address) == (weekly, 0)

    page = rita.opens("board_own.change", venue=HOUSES[0], code=f"soep-{HOUSES[0]}", day=FRIDAYS[1].isoformat())
    page.form("board_own.change").fills_in(dag="2027-01-16", van="15:00", tot="18:00").sends()
    page = rita.opens("board_own.change", venue=HOUSES[1], code=f"soep-{HOUSES[1]}", day=FRIDAYS[2].isoformat())
    page.form("board_own.leave_out").sends()

    left = [one for one in weekly if one not in (hours(FRIDAYS[1], 11, 14), hours(FRIDAYS[2], 12, 14))]
    # What moved is the same date somewhere else; only what was called off is gone.
    assert seen(resident, address) == (sorted([*left, hours(date(2027, 1, 16), 15, 18)]), 1)
    page = resident.opens("activities.index", wijk="brugse-poort", thema="soepcafe", week="2027-W02")
    assert "Soepcafé" in page.main
    assert dutch("Cancelled:") in resident.asks(address).get_data(as_text=True)
