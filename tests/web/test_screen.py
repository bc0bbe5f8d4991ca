"""The screen in the hall of a house: today, the next day when today is over, and what is in the page for later."""

from datetime import date, timedelta

import pytest

from tests import decisions
from tests.browser import dutch, words_of
from tests.builders import NOW, SATURDAY, at, make_programme, make_request, make_venue
from tests.statements import asked
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import accounts, desks

ADDRESS = "/locaties/open-huis-drongen/scherm"


def shown(page):
    """Return what is read on the screen: the heading of the day, and its rows."""
    for section in page.elements(css="screen-day"):
        if section.get("hidden") is None:
            heading = words_of(next(one for one in section.iter() if one.tag == "h2"))
            return heading, [_row(one) for one in section.iter() if one.tag == "li" and one.get("hidden") is None]
    return None


def _row(row):
    hours, what = row
    return words_of(hours), " ".join(words_of(part) for part in what if part.get("hidden") is None)


@pytest.fixture
def saturday(drongen):
    """A Saturday with soup at noon and cards in the afternoon, and yoga on Sunday."""
    make_programme(drongen, "Soepcafé", weekday=5, hours=(11, 13))
    make_programme(drongen, "Kaarten", weekday=5, hours=(14, 17))
    make_programme(drongen, "Yoga", weekday=6, hours=(10, 11))
    make_programme(drongen, "Bestuur", weekday=5, hours=(18, 20), is_public=False)


@pytest.mark.parametrize(
    "hour, expected",
    [
        (
            "09:00",
            (
                "Vandaag zaterdag 16 januari",
                [("11.00 tot 13.00 uur", "Soepcafé"), ("14.00 tot 17.00 uur", "Kaarten")],
            ),
        ),
        (
            "12:00",
            (
                "Vandaag zaterdag 16 januari",
                [("11.00 tot 13.00 uur", "Soepcafé Nu bezig"), ("14.00 tot 17.00 uur", "Kaarten")],
            ),
        ),
        ("13:00", ("Vandaag zaterdag 16 januari", [("14.00 tot 17.00 uur", "Kaarten")])),
        ("17:30", ("Morgen zondag 17 januari", [("10.00 tot 11.00 uur", "Yoga")])),
    ],
)
def test_screen_shows_what_is_still_to_come_today_and_then_the_next_day(saturday, passer_by, clock, hour, expected):
    clock.stands_at(at(hour, "23:00").starts_at)
    page = passer_by.visits(ADDRESS)
    assert shown(page) == expected
    assert "Bestuur" not in page.html


def test_screen_shows_an_evening_that_lasts_past_midnight_until_it_ends(drongen, passer_by, clock):
    make_request(Status.APPROVED, room=drongen, slot=at("20:00", "01:00"), is_public=True, activity="Quiz")
    clock.stands_at(at("20:00", "01:00").ends_at - timedelta(minutes=1))
    assert shown(passer_by.visits(ADDRESS)) == (
        "zaterdag 16 januari",
        [("20.00 tot zondag 1.00 uur", "Quiz Nu bezig")],
    )
    clock.passes(timedelta(minutes=1))
    page = passer_by.visits(ADDRESS)
    assert (shown(page), words_of(page.elements(css="screen-none")[0])) == (
        None,
        dutch("Nothing is announced for the coming week. Ask inside what you can do here."),
    )


def test_screen_says_of_what_fell_away_that_it_does_not_go_on(drongen, passer_by, clock):
    near = at(day=date(2026, 12, 22))
    request = make_request(Status.APPROVED, room=drongen, slot=near, is_public=True, activity="Repaircafé")
    decider = accounts.actor(desks.by_id(request.desk_id).members[0])
    decisions.cancel(request.code, by=decider, now=NOW, version=request.version, note="Lek.")
    clock.stands_at(near.starts_at - timedelta(days=1))
    _day, rows = shown(passer_by.visits(ADDRESS))
    assert rows == [("14.00 tot 18.00 uur", "Repaircafé Gaat niet door")]


def test_page_of_the_screen_holds_a_week_so_that_it_goes_on_without_a_network(saturday, passer_by, clock):
    clock.stands_at(at("09:00", "10:00").starts_at)
    page = passer_by.visits(ADDRESS)
    days = [one.get("data-day") for one in page.elements(css="screen-day")]
    assert days == ["2027-01-16", "2027-01-17", "2027-01-23"]
    rows = page.elements(css="screen-event")
    assert (rows[0].get("data-from"), rows[0].get("data-to")) == (
        str(at("11:00", "13:00", SATURDAY).from_epoch),
        str(at("11:00", "13:00", SATURDAY).to_epoch),
    )


def test_screen_without_a_script_fetches_itself_anew(drongen, passer_by):
    page = passer_by.visits(ADDRESS)
    assert '<noscript><meta http-equiv="refresh" content="300"></noscript>' in page.html


def test_screen_of_a_place_without_rooms_or_that_is_not_there(passer_by):
    make_venue("plein", name="Op het plein")
    assert shown(passer_by.visits("/locaties/plein/scherm")) is None
    assert passer_by.visits("/locaties/nergens/scherm", status=404).status == 404


def test_screen_asks_as_much_for_three_activities_as_for_one(drongen, passer_by):
    counts = []
    for weekdays in ([3], [4, 5]):
        for weekday in weekdays:
            make_programme(drongen, f"Dag {weekday}", weekday=weekday)
        passer_by.visits(ADDRESS)
        with asked() as statements:
            passer_by.visits(ADDRESS)
        counts.append(len(statements))
    assert counts[0] == counts[1]
