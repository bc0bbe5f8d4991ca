"""The agenda: what it lists, for whom, and the page of each activity; a closed door is never promised."""

import json
import re
from datetime import timedelta

import icalendar
import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from tests.statements import asked
from zalenzoeker.domain.activities import FREE, Theme
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import houses
from zalenzoeker.storage import accounts, activities
from zalenzoeker.storage.db import write_unit

THURSDAY = NOW.date() + timedelta(days=3)
WEEK = "2027-W02"


def say(line, **words):
    """Let residents read this of a line of own programme; its code."""
    with write_unit():
        found = activities.of_line(line.id)
        for name, value in words.items():
            setattr(found, name, value)
        return found.code


def titles(page):
    return page.found(tag="h4")


@pytest.fixture
def brugse_poort(app):
    """A hall in another neighbourhood, three kilometres from the others."""
    wijk = make_neighbourhood("brugse-poort", "Brugse Poort – Rooigem", lat=51.058, lon=3.7)
    place = make_venue("open-huis-waterkant", neighbourhood=wijk, lat=51.058, lon=3.7, street="Staakskensstraat")
    return make_room("zaal", venue=place)


def test_agenda_lists_the_week_day_by_day_from_now_on(drongen, passer_by, clock):
    make_programme(drongen, "Kaartnamiddag", weekday=0, hours=(13, 17))
    make_programme(drongen, "Ontbijt", weekday=0, hours=(9, 10))
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(drongen, "Overleg", weekday=4, is_public=False)
    page = passer_by.opens("activities.index")
    assert titles(page) == ["Kaartnamiddag", "Soepcafé"]
    assert [one.split()[0] for one in page.found(css="day-head")] == ["23", "26"]
    clock.passes(timedelta(days=1))
    assert titles(passer_by.opens("activities.index")) == ["Soepcafé"]
    page = passer_by.opens("activities.index").clicks(f"{dutch('Later:')} {dutch('Next week')}")
    assert titles(page) == ["Ontbijt", "Kaartnamiddag", "Soepcafé"]


@pytest.mark.parametrize(
    "query,expected",
    [
        ({}, ["Kaartnamiddag", "Soepcafé", "Soepcafé"]),
        ({"wijk": "brugse-poort"}, ["Soepcafé"]),
        ({"thema": "soepcafe"}, ["Soepcafé", "Soepcafé"]),
        ({"thema": ["soepcafe", "kaarten"]}, ["Kaartnamiddag", "Soepcafé", "Soepcafé"]),
        ({"thema": "soepcafe", "wijk": "brugse-poort"}, ["Soepcafé"]),
        ({"dag": "2026-11-26"}, ["Soepcafé", "Soepcafé"]),
        ({"dag": "2026-11-27"}, []),
        ({"week": "2026-W49", "thema": "kaarten"}, ["Kaartnamiddag"]),
        ({"week": "2026-W40"}, []),
    ],
)
def test_agenda_chooses_by_neighbourhood_theme_day_and_week(drongen, brugse_poort, passer_by, query, expected):
    make_programme(drongen, "Kaartnamiddag", weekday=0, hours=(13, 17))
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(brugse_poort, "Soepcafé", weekday=3)
    assert titles(passer_by.opens("activities.index", **query)) == expected


@pytest.mark.parametrize(
    "query",
    [{"wijk": "mars"}, {"thema": "zwemmen"}, {"dag": "gisteren"}, {"week": "2027-W99"}, {"week": "0001-W01"}],
)
def test_agenda_leaves_aside_what_it_does_not_know_and_says_so(drongen, passer_by, query):
    make_programme(drongen, "Soepcafé", weekday=3)
    page = passer_by.opens("activities.index", **query)
    value = next(iter(query.values()))
    assert titles(page) == ["Soepcafé"]
    left = dutch("We do not know “%(value)s”, so we left it aside.") % {"value": value}
    assert page.found(css="notice") == [f"{dutch('We left something aside')} {left}"]


@pytest.mark.parametrize("place", ["51.059,3.701", "Staakskensstraat", "brugse poort"])
def test_agenda_of_today_shows_what_is_close(drongen, brugse_poort, passer_by, place):
    make_programme(drongen, "Kaartnamiddag", weekday=0, hours=(13, 17))
    make_programme(brugse_poort, "Koffie", weekday=0, hours=(14, 17))
    make_programme(brugse_poort, "Soepcafé", weekday=3)
    page = passer_by.opens("activities.index", bij=place)
    assert titles(page) == ["Koffie"]


def test_agenda_says_when_it_does_not_know_the_place_and_keeps_what_was_typed(drongen, passer_by):
    page = passer_by.opens("activities.index", bij="Xyzzy", status=422)
    assert (list(page.errors), page.elements(tag="input")[-2].get("value")) == (["bij"], "Xyzzy")


def test_agenda_says_what_does_not_go_on(drongen, passer_by):
    line = make_programme(drongen, "Soepcafé", weekday=3)
    marcel = actor_of(accounts.by_email("marcel@drongen.example"))
    houses.leave_out("open-huis-drongen", line.code, THURSDAY, by=marcel, now=NOW)
    page = passer_by.opens("activities.index")
    assert (titles(page), page.found(css="is-no")) == (["Soepcafé"], [dutch("Does not go on")])


def test_agenda_names_nobody(drongen, passer_by):
    make_request(
        Status.APPROVED, room=drongen, is_public=True, activity="Repaircafé", association_name="Harmonie De Eendracht"
    )
    page = passer_by.opens("activities.index", week=WEEK)
    detail = page.clicks("Repaircafé")
    assert [word for word in ("Peeters", "Harmonie", "an@harmonie") if word in page.html + detail.html] == []


def test_agenda_asks_as_much_for_one_activity_as_for_many(drongen, brugse_poort, app):
    def count():
        with asked() as seen:
            Browser(app).opens("activities.index")
        return len(seen)

    make_programme(drongen, "Soepcafé", weekday=3)
    count()
    one = count()
    for hour in range(9, 15):
        make_programme(brugse_poort, f"Kaarten {hour}", weekday=2, hours=(hour, hour + 1))
    count()
    assert count() == one


def test_agenda_shows_fifty_at_a_time_and_keeps_the_choice(drongen, passer_by):
    for number in range(9):
        room = make_room(f"zaal-{number}", venue=drongen.venue)
        for weekday in range(1, 7):
            make_programme(room, f"Soepcafé {number}", weekday=weekday)
    first = passer_by.opens("activities.index", thema="soepcafe")
    assert len(titles(first)) == 50
    assert len(titles(first.clicks("Show more"))) == 4


def test_agenda_offers_the_calendar_of_the_choice(drongen, brugse_poort, passer_by, app):
    make_programme(brugse_poort, "Soepcafé", weekday=3)
    both = passer_by.opens("activities.index", wijk="brugse-poort", thema="soepcafe")
    feeds = [
        (passer_by.opens("activities.index"), "/kalender/gent.ics"),
        (passer_by.opens("activities.index", wijk="brugse-poort"), "/kalender/wijk/brugse-poort.ics"),
        (passer_by.opens("activities.index", thema="soepcafe"), "/kalender/thema/soepcafe.ics"),
        (both, "/kalender/agenda.ics?thema=soepcafe&wijk=brugse-poort"),
    ]
    for page, address in feeds:
        assert page.addresses(f"webcal://localhost{address}") or page.addresses("webcal://"), address
        assert [one.partition("/kalender")[2] for one in page.addresses("webcal://")] == [
            address.removeprefix("/kalender")
        ]


def test_activity_has_a_page_with_what_is_known_and_unknown_is_said(drongen, passer_by):
    code = say(
        make_programme(drongen, "Soepcafé", weekday=3),
        text="Soep, brood en een babbel.",
        price=FREE,
        sign_up=False,
        languages=["nl", "tr"],
    )
    page = passer_by.opens("activities.show", code=code)
    facts = dict(zip(page.found(tag="dt"), page.found(tag="dd"), strict=True))
    assert (page.heading, facts[dutch("Price")], facts[dutch("Languages")]) == (
        "Soepcafé",
        "gratis",
        "Nederlands en Turks",
    )
    assert facts[dutch("Accessible with a wheelchair")] == dutch("unknown")
    assert "Soep, brood en een babbel." in page.main


def test_activity_page_tells_search_engines_and_share_cards_the_same(drongen, passer_by):
    line = make_programme(drongen, "Soep </script><b>", weekday=3)
    code = say(line, price=FREE, text="Kom.")
    page = passer_by.opens("activities.show", code=code)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page.html, re.DOTALL)[1])
    first = data[0]
    assert (first["@type"], first["name"], first["startDate"]) == (
        "Event",
        "Soep </script><b>",
        "2026-11-26T11:00:00+01:00",
    )
    assert (first["eventStatus"], first["isAccessibleForFree"]) == ("https://schema.org/EventScheduled", True)
    cards = {one.get("property"): one.get("content") for one in page.elements(tag="meta") if one.get("property")}
    assert (cards["og:title"], cards["og:url"].endswith(f"/agenda/{code}")) == ("Soep </script><b>", True)
    assert cards["og:image"].startswith("http")


def test_activity_that_is_shown_no_more_has_no_page_and_leaves_the_calendars_that_follow_it(drongen, passer_by):
    waiting = make_request(room=drongen, is_public=True, activity="Quiz")
    private = make_programme(drongen, "Soepcafé", weekday=3)
    say(private)
    with write_unit() as session:
        session.merge(private).is_public = False
    for found in (activities.of_request(waiting.id), activities.of_line(private.id)):
        passer_by.opens("activities.show", code=found.code, status=404)
        followed = passer_by.asks(f"/agenda/{found.code}.ics")
        assert (followed.status_code, b"VEVENT" in followed.data, b"Quiz" in followed.data) == (200, False, False)
    passer_by.opens("activities.show", code="bestaatniet", status=404)
    assert passer_by.asks("/agenda/bestaatniet.ics").status_code == 404


def test_activity_that_was_called_off_says_so(drongen, passer_by):
    cancelled = make_request(Status.CANCELLED, room=drongen, is_public=True, activity="Repaircafé")
    page = passer_by.opens("activities.show", code=activities.of_request(cancelled.id).code)
    assert page.found(css="notice") == [
        f"{dutch('Does not go on')} {dutch('This activity was called off. Look at the agenda for something else.')}"
    ]


def test_activity_that_is_over_says_so(drongen, passer_by, clock):
    done = make_request(Status.APPROVED, room=drongen, is_public=True, activity="Repaircafé")
    clock.stands_at(at().ends_at + timedelta(days=1))
    page = passer_by.opens("activities.show", code=activities.of_request(done.id).code)
    assert page.found(css="lead") == [dutch("This is over.")]


def summaries(answer):
    calendar = icalendar.Calendar.from_ical(answer.data)
    return sorted({(str(one["SUMMARY"]), str(one["LOCATION"]).split(", ")[1]) for one in calendar.walk("VEVENT")})


def test_calendars_of_a_theme_and_of_a_choice_hold_that_and_nothing_else(drongen, brugse_poort, passer_by):
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(brugse_poort, "Soepcafé", weekday=3)
    make_programme(brugse_poort, "Kaarten", weekday=1)
    make_request(Status.APPROVED, room=brugse_poort, activity="Bestuur")
    here, there = ("Soepcafé", "Open huis waterkant"), ("Soepcafé", "Open Huis Drongen")
    assert summaries(passer_by.asks("/kalender/thema/soepcafe.ics")) == [there, here]
    assert summaries(passer_by.asks("/kalender/agenda.ics?wijk=brugse-poort&thema=soepcafe")) == [here]
    assert summaries(passer_by.asks("/kalender/agenda.ics?wijk=brugse-poort&thema=soepcafe&thema=kaarten")) == [
        ("Kaarten", "Open huis waterkant"),
        here,
    ]
    for address in ("/kalender/thema/zwemmen.ics", "/kalender/agenda.ics?wijk=mars", "/kalender/agenda.ics?thema=x"):
        assert passer_by.asks(address).status_code == 404


def test_one_choice_is_one_calendar_however_its_address_is_put(drongen, brugse_poort, passer_by):
    make_programme(drongen, "Soepcafé", weekday=3)
    one = passer_by.asks("/kalender/agenda.ics?wijk=brugse-poort&wijk=sint-amandsberg&thema=soepcafe&thema=")
    other = passer_by.asks("/kalender/agenda.ics?thema=soepcafe&wijk=sint-amandsberg&wijk=brugse-poort&thema=soepcafe")
    assert (one.data, one.headers["ETag"]) == (other.data, other.headers["ETag"])
    assert b"thema=soepcafe&wijk=brugse-poort&wijk=sint-amandsberg" in one.data.replace(b"\r\n ", b"")


def test_calendar_shows_the_words_of_the_activity_and_changes_with_them(drongen, passer_by):
    line = make_programme(drongen, "Soepcafé", weekday=3)
    before = passer_by.asks("/kalender/thema/soepcafe.ics")
    code = say(line, title="Soep voor iedereen", text="Kom gerust alleen.")
    after = passer_by.asks("/kalender/thema/soepcafe.ics", headers={"If-None-Match": before.headers["ETag"]})
    first = icalendar.Calendar.from_ical(after.data).walk("VEVENT")[0]
    assert (after.status_code, str(first["SUMMARY"]), str(first["DESCRIPTION"])) == (
        200,
        "Soep voor iedereen",
        "Kom gerust alleen.",
    )
    assert str(first["URL"]).endswith(f"/agenda/{code}")
    uids = [str(one["UID"]) for one in icalendar.Calendar.from_ical(before.data).walk("VEVENT")]
    assert uids == [str(one["UID"]) for one in icalendar.Calendar.from_ical(after.data).walk("VEVENT")]


def test_activity_has_a_calendar_of_its_own_with_the_same_identities(drongen, passer_by):
    make_programme(drongen, "Kaarten", weekday=1)
    code = say(make_programme(drongen, "Soepcafé", weekday=3))
    own = passer_by.asks(f"/agenda/{code}.ics")
    of_theme = passer_by.asks("/kalender/thema/soepcafe.ics")
    events = [
        [(str(one["UID"]), one.to_ical()) for one in icalendar.Calendar.from_ical(answer.data).walk("VEVENT")]
        for answer in (own, of_theme)
    ]
    assert (len(events[0]) > 50, events[0]) == (True, events[1])


@pytest.mark.parametrize("theme", list(Theme))
def test_theme_has_a_calendar_and_a_place_in_the_agenda(drongen, passer_by, theme):
    answer = passer_by.asks(f"/kalender/thema/{theme.value}.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")


def test_agenda_page_is_kept_by_no_cache_for_long_and_sets_no_cookie(drongen, passer_by):
    answer = passer_by.asks("/agenda")
    assert ("Set-Cookie" in answer.headers, answer.headers["Cache-Control"]) == (False, "no-cache")
