"""The volunteers of a house keep its week, its closing days and its rules, and who asks meets what they said."""

from datetime import date

import icalendar

from tests.browser import dutch
from zalenzoeker.domain.requests import Policy
from zalenzoeker.storage import requests

HOUSE = "open-huis-drongen"
FEED = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"
THURSDAY = date(2027, 1, 14)
SOUP = {"naam": "Soepcafé", "weekdag": "3", "van": "11:00", "tot": "15:00", "openbaar": "ja"}
MOMENT = {"dag": THURSDAY.isoformat(), "dagdeel": "eigen-uren", "van": "13:00", "tot": "17:00"}


def on_the_calendar(browser):
    events = icalendar.Calendar.from_ical(browser.asks(FEED).data).walk("VEVENT")
    return [(str(one["SUMMARY"]), str(one["STATUS"])) for one in events if one.decoded("DTSTART").date() == THURSDAY]


def test_soup_is_left_out_once_and_the_hall_goes_to_who_asks(drongen, an, marcel, mia):
    """Marcel writes the soup café in the week; one Thursday it does not go on, and the brass band gets the hall."""
    page = marcel.opens("desk.inbox").clicks("Our house").goes_to("house.add", venue=HOUSE)
    page = page.form("house.add").fills_in(**SOUP).sends()
    assert page.heading == "Soepcafé"
    page = an.asks_for_the_hall(**MOMENT, status=409)
    assert dutch("That moment is not free") in page.main

    page = marcel.opens("house.show", venue=HOUSE)
    page = marcel.visits(page.addresses(f"/balie/huizen/{HOUSE}/werking/")[1])
    page.form("house.days").fills_in(niet=THURSDAY.isoformat()).sends()
    assert on_the_calendar(mia) == [(f"{dutch('Cancelled:')} Soepcafé", "CANCELLED")]
    page = an.asks_for_the_hall(**MOMENT)
    assert page.heading == dutch("The house looks at the request")
    code = an.page.path.rpartition("/")[2]

    mia.opens("desk.show", code=code)
    mia.decides("approve")
    line = marcel.opens("house.show", venue=HOUSE).addresses(f"/balie/huizen/{HOUSE}/werking/")[1]
    page = marcel.posts("house.days", {"toch": THURSDAY.isoformat()}, venue=HOUSE, code=line.rpartition("/")[2])
    assert dutch("not this time") in page.main
    assert sorted(on_the_calendar(mia)) == sorted(
        [(f"{dutch('Cancelled:')} Soepcafé", "CANCELLED"), (dutch("Taken"), "CONFIRMED")]
    )


def test_house_closes_after_it_talked_with_who_had_the_hall(drongen, an, marcel, mia):
    """Mia wants to close for the new floor; first the band's rehearsal must be settled."""
    an.asks_for_the_hall(**MOMENT)
    code = an.page.path.rpartition("/")[2]
    form = mia.opens("house.show", venue=HOUSE).goes_to("closures.new", venue=HOUSE).form("closures.new")
    days = {"eerste-dag": "2027-01-11", "laatste-dag": "2027-01-17", "reden": "Nieuwe vloer"}
    page = form.fills_in(**days).sends(status=409)
    assert "Harmonie De Eendracht" in page.main
    page.goes_to("desk.show", code=code)
    mia.decides("refuse", reden="De vloer wordt hersteld.")
    form = mia.opens("closures.new", venue=HOUSE).form("closures.new")
    assert "Nieuwe vloer" in form.fills_in(**days).sends().main
    page = an.asks_for_the_hall(**MOMENT, status=409)
    assert "Nieuwe vloer" in page.main


def test_rule_that_the_house_changes_holds_for_the_next_who_asks(drongen, an, marcel, somebody):
    """Until now a request kept the hall; from now on others can ask too, and the house chooses."""
    an.asks_for_the_hall(**MOMENT)
    first = requests.by_code(an.page.path.rpartition("/")[2])
    page = marcel.opens("house.show", venue=HOUSE).goes_to("rulebook.show", venue=HOUSE)
    page = page.goes_to("rulebook.change", venue=HOUSE, rule="wachtende-aanvraag")
    page = page.form("rulebook.change").fills_in(gewoon="queue", bron="vergadering van november").sends()
    assert "vergadering van november" in page.main
    again = {**MOMENT, "dag": "2027-01-21"}
    an.asks_for_the_hall(**again)
    second = requests.by_code(an.page.path.rpartition("/")[2])
    assert (first.policy, second.policy) == (Policy.HOLD, Policy.QUEUE)
    wim = somebody("wim@buurt.example")
    wim.asks_for_the_hall(**again, als="particulier", naam="Wim Wens", email="wim@buurt.example")
    assert wim.fills_in_the_code().heading == dutch("The house looks at the request")
