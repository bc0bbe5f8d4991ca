"""Where a request stands, and withdrawing it."""

from datetime import date, timedelta

import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    EVERY_DAY,
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_an,
    make_association,
    make_closure,
    make_request,
    make_room,
    make_series,
    make_venue,
    read,
    weekly,
)
from tests.web.asking import PLACE, asked, asks
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates, deadlines
from zalenzoeker.storage import accounts, letters

# Where a request stands.


@pytest.mark.parametrize(
    "status, heading",
    [
        (Status.UNPROVED, "We wait for your code"),
        (Status.LAPSED, "The request was not completed"),
        (Status.REQUESTED, "The house looks at the request"),
        (Status.APPROVED, "Yes, the room is yours"),
        (Status.REFUSED, "No, it is not possible then"),
        (Status.WITHDRAWN, "The request was withdrawn"),
        (Status.CANCELLED, "The house cancelled the booking"),
        (Status.EXPIRED, "Nobody answered in time"),
    ],
)
def test_page_of_a_request_says_where_it_stands(drongen, passer_by, status, heading):
    request = make_request(status, room=drongen)
    page = passer_by.opens("requests.show", code=request.code)
    assert page.heading == dutch(heading)
    assert request.reference in page.text
    assert "zaterdag 16 januari 2027" in page.text


PRIVATE = {
    "contact_name": "Wilhelmina Geheim",
    "contact_phone": "0499 99 99 99",
    "remarks": "De sleutel ligt onder de mat",
    "activity": "Geheime dans",
    "association_name": "Club Geheim",
    "requester_kind": RequesterKind.ASSOCIATION,
}
SECRETS = (
    "Wilhelmina",
    "0499",
    "wilhelmina@geheim.example",
    "sleutel ligt",
    "Geheime dans",
    "Club Geheim",
    "Eigen feest",
)


@pytest.fixture
def private(drongen):
    by = actor_of(make_account("wilhelmina@geheim.example", "Wilhelmina Geheim"))
    return make_request(Status.REFUSED, room=drongen, by=by, **PRIVATE)


def test_page_of_a_request_keeps_persons_and_letters_from_a_stranger(app, private, passer_by):
    html = passer_by.opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word in html] == []
    somebody = Browser(app, make_account("els@x.example"))
    html = somebody.opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word in html] == []


@pytest.mark.parametrize("email", ["wilhelmina@geheim.example", "marcel@drongen.example"])
def test_page_of_a_request_shows_persons_and_letters_to_its_parties(app, private, email):
    html = Browser(app, accounts.by_email(email)).opens("requests.show", code=private.code).html
    assert [word for word in SECRETS if word not in html] == []


def test_page_of_a_request_is_kept_by_no_cache_and_no_search_engine(private, passer_by):
    headers = passer_by.opens("requests.show", code=private.code).response.headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "same-origin",
    )


@pytest.mark.parametrize("code", ["x", "DR-7K4M", "1", "%27", "a" * 3000, "..", "een-code-van-een-ander"])
def test_page_of_no_request_is_not_found(private, passer_by, code):
    passer_by.visits(f"/aanvragen/{code}", status=404)


def test_reference_of_a_request_opens_nothing(private, passer_by):
    passer_by.visits(f"/aanvragen/{private.reference}", status=404)


# Withdrawing.


def test_request_is_withdrawn_by_its_asker(app, drongen, an):
    request = make_request(Status.APPROVED, room=drongen, by=actor_of(accounts.by_email("an@harmonie.example")))
    page = an.opens("requests.show", code=request.code).form("requests.withdraw", code=request.code).sends()
    assert an.trail == [f"/aanvragen/{request.code}"]
    assert page.heading == dutch("The request was withdrawn")
    assert page.found(css="messages") == [dutch("You withdrew the request. The room is free again for somebody else.")]
    assert not page.has_form("requests.withdraw")
    asks(an)
    assert asked()[-1].status is Status.REQUESTED


def test_request_that_was_withdrawn_already_is_told_so(app, drongen, an):
    request = make_request(Status.WITHDRAWN, room=drongen, by=actor_of(accounts.by_email("an@harmonie.example")))
    an.posts("requests.withdraw", code=request.code, status=409)


def test_request_of_somebody_else_cannot_be_withdrawn(app, drongen):
    request = make_request(Status.REQUESTED, room=drongen)
    other = Browser(app, make_account("els@x.example"))
    assert not other.opens("requests.show", code=request.code).has_form("requests.withdraw")
    other.posts("requests.withdraw", code=request.code, status=403)
    other.posts("requests.withdraw", code="bestaat-niet", status=404)
    assert asked()[0].status is Status.REQUESTED


def test_request_is_withdrawn_by_another_member_of_its_association(app, drongen):
    an, els = make_account("an@harmonie.example", "An"), make_account("els@harmonie.example", "Els")
    club = make_association(members=[an, els])
    request = make_request(
        room=drongen, by=actor_of(an), association_id=club.id, association_name=club.name, requester_kind=club.kind
    )
    page = Browser(app, els).opens("requests.show", code=request.code)
    page.form("requests.withdraw", code=request.code).sends()
    assert asked()[0].status is Status.WITHDRAWN
    told = {one.recipient for one in letters.newest() if one.kind == "request_withdrawn"}
    assert told == {"an@harmonie.example", "marcel@drongen.example"}


def test_request_leads_the_desk_to_its_decision(app, drongen):
    request = make_request(Status.REQUESTED, room=drongen)
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    page = marcel.opens("requests.show", code=request.code).goes_to("desk.show", code=request.code)
    assert page.has_form("desk.decide")


def test_request_that_was_decided_says_by_whom_and_when(app, drongen, passer_by):
    request = make_request(Status.REQUESTED, room=drongen)
    marcel = actor_of(accounts.by_email("marcel@drongen.example"))
    decisions.approve(request.code, by=marcel, now=NOW + timedelta(hours=3), version=request.version)
    page = passer_by.opens("requests.show", code=request.code)
    assert "maandag 23 november 2026, 13.00 uur" in page.text
    assert "Marcel" not in page.text


# Several dates.


def series_of_six(drongen, **fields):
    """Six Saturdays, the second left out and the third let go after a yes; An asks."""
    asker = make_an()
    series = make_series(drongen, by=asker, status=Status.APPROVED, skipped=[1], **fields)
    dates.let_go(series.code, series.occurrences[2].uid, Scope.THIS, by=asker, now=NOW)
    return read(series.code)


def rows(page):
    """Return what each date of the page says, in order."""
    return page.found(css="date")


def test_series_shows_every_date_with_its_state(drongen, passer_by):
    page = passer_by.opens("requests.show", code=series_of_six(drongen).code)
    confirmed = dutch("Confirmed")
    assert rows(page) == [
        f"za 16 januari 2027 {confirmed}",
        f"za 23 januari 2027 {dutch('Skipped')}",
        f"za 30 januari 2027 {dutch('Let go')}",
        f"za 6 februari 2027 {confirmed}",
        f"za 13 februari 2027 {confirmed}",
        f"za 20 februari 2027 {confirmed}",
    ]
    assert page.found(css="counts")[0].startswith(dutch("%(num)d confirmed", num=4))
    assert "elke zaterdag van 18.00 tot 22.00 uur, van 16 januari tot en met 20 februari 2027" in page.text


def test_series_that_is_long_is_folded_by_month_and_opens_what_stands_out(drongen, passer_by):
    series = make_series(drongen, pattern=weekly(count=18), skipped=[9])
    page = passer_by.opens("requests.show", code=series.code)
    months = page.elements(css="dates-of-month")
    assert page.found(tag="h3")[:5] == ["januari 2027", "februari 2027", "maart 2027", "april 2027", "mei 2027"]
    assert ["open" in one.attrib for one in months] == [True, False, True, False, False]
    assert rows(page)[9] == f"za 20 maart {dutch('Skipped')}"


def test_series_leads_only_its_asker_to_its_dates(app, drongen, passer_by):
    series = series_of_six(drongen)
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.opens("requests.show", code=series.code)
    start = f"/aanvragen/{series.code}/datums/"
    # The one that was let go has ended.
    wanted = [f"{start}{one.uid}" for number, one in enumerate(series.occurrences) if number != 2]
    assert page.addresses(start) == wanted
    assert page.goes_to("occurrences.show", code=series.code, uid=series.occurrences[0].uid).status == 200
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    for other in (passer_by, marcel):
        assert other.opens("requests.show", code=series.code).addresses(start) == []


def test_series_in_two_rooms_names_the_room_of_each_date(drongen, passer_by):
    kitchen = make_room("keuken", venue=drongen.venue, name="Keuken")
    page = passer_by.opens("requests.show", code=make_series(drongen, kitchen, pattern=weekly(count=2)).code)
    assert [words.split(" 2027 ")[1].split(" Wacht")[0] for words in rows(page)] == ["Zaal Open Huis", "Keuken"] * 2


def test_series_of_which_a_part_was_lost_says_so_with_ways_on(app, drongen, passer_by):
    room = make_room("kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue"}})
    series = make_series(room)
    rival = make_request(
        room=room, slot=at("19:00", "20:00", SATURDAY + timedelta(days=7)), contact_email="x@x.example"
    )
    marcel = actor_of(accounts.by_email("marcel@drongen.example"))
    decisions.approve(rival.code, by=marcel, now=NOW, version=rival.version)
    decisions.approve(series.code, by=marcel, now=NOW, version=read(series.code).version)
    page = passer_by.opens("requests.show", code=series.code)
    assert page.heading == dutch("Yes, on %(count)s of the %(total)s dates", count=5, total=6)
    assert dutch("The house chose another request for this moment") in page.text
    assert dutch("About %(days)s.", days="23 januari 2027") in page.text
    assert dutch("Instead of %(moment)s:", moment="zaterdag 23 januari 2027, 18.00 tot 22.00 uur") in page.text


def test_page_of_a_request_asks_the_database_as_often_in_a_long_series(drongen, app, queries_of):
    an = Browser(app, accounts.by_email(make_an().email))
    by = actor_of(accounts.by_email("an@harmonie.example"))
    short = make_series(drongen, by=by, pattern=weekly(count=2))
    long = make_series(drongen, by=by, pattern=weekly("09:00", "10:00", count=17))
    few = len(queries_of(lambda: an.opens("requests.show", code=short.code)))
    assert len(queries_of(lambda: an.opens("requests.show", code=long.code))) == few


def test_series_stands_once_in_the_list_of_ones_own(app, drongen, clock):
    series = series_of_six(drongen)
    clock.passes(timedelta(days=60))
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.opens("accounts.mine")
    assert page.found(tag="caption") == [dutch("Requests still to come")]
    assert "za 6 februari 2027" in page.text
    assert dutch("Series of %(count)s dates", count=5) in page.text
    assert page.addresses(f"/aanvragen/{series.code}") == [f"/aanvragen/{series.code}"] * 2


@pytest.mark.parametrize("days, is_asked", [(-1, False), (1, True)])
def test_weekly_use_that_ends_soon_is_asked_whether_it_goes_on(app, drongen, clock, days, is_asked):
    series = make_series(drongen, by=make_an(), status=Status.APPROVED, pattern=weekly(count=8))
    last = series.dates[-1].slot.day
    clock.passes(last - timedelta(days=28) + timedelta(days=days) - clock.now.date())
    an = Browser(app, accounts.by_email("an@harmonie.example"))
    page = an.opens("requests.show", code=series.code)
    leads = page.addresses("/aanvragen/nieuw")
    assert (dutch("Does it go on?") in page.text, any("verleng=" in one for one in leads)) == (is_asked, is_asked)
    assert dutch("Does it go on?") not in Browser(app).opens("requests.show", code=series.code).text


# What can be done instead.


def ways_on(page):
    """Return the addresses of the forms that the page offers instead."""
    return [one.get("href") for one in page.elements(tag="a", css="go")]


@pytest.mark.parametrize("status", [Status.REFUSED, Status.CANCELLED, Status.LAPSED])
def test_request_that_came_to_nothing_shows_what_is_free_now_to_everybody(drongen, passer_by, status):
    make_room("keuken", venue=drongen.venue, name="Keuken")
    elsewhere = make_room("zaal", venue=make_venue("huis-verder"), hours=EVERY_DAY, capacity=80)
    request = make_request(status, room=drongen)
    page = passer_by.opens("requests.show", code=request.code)
    offered = ways_on(page)
    assert (len(offered), len([one for one in offered if f"opnieuw={request.code}" in one])) == (6, 6)
    rooms = [one.partition("zaal=")[2].partition("&")[0] for one in offered]
    assert rooms == [PLACE] * 4 + ["open-huis-drongen/keuken", f"{elsewhere.venue.slug}/zaal"]


def test_what_is_offered_can_be_asked_at_that_moment(app, drongen):
    make_room("keuken", venue=drongen.venue)
    by = make_an()
    request = make_request(Status.REFUSED, room=drongen, by=by, activity="Dansles")
    make_request(Status.APPROVED, room=drongen, slot=at("18:00", "22:00"), contact_email="x@x.example")
    an = Browser(app, accounts.by_email(by.email))
    offered = ways_on(an.opens("requests.show", code=request.code))
    assert len(offered) == 5
    for address in offered:
        form = an.visits(address).form("asking.new")
        assert form["activiteit"] == "Dansles"
    form.fills_in(als="particulier", akkoord=True).sends()
    assert asked()[-1].status is Status.REQUESTED


def test_what_is_offered_is_looked_up_anew_for_every_page(drongen, passer_by):
    request = make_request(Status.REFUSED, room=drongen)
    before = ways_on(passer_by.opens("requests.show", code=request.code))
    taken = [one for one in before if "van=14:30" in one or "van=14%3A30" in one]
    assert len(taken) == 1
    make_request(Status.APPROVED, room=drongen, slot=at("14:30", "18:30"), contact_email="x@x.example")
    after = ways_on(passer_by.opens("requests.show", code=request.code))
    assert taken[0] not in after
    assert len(after) == 4


def test_nothing_else_that_is_free_is_said(drongen, passer_by):
    request = make_request(Status.REFUSED, room=drongen)
    make_closure(drongen, date(2026, 12, 1), date(2027, 2, 28))
    page = passer_by.opens("requests.show", code=request.code)
    assert (ways_on(page), dutch("Nothing else is free now") in page.text) == ([], True)
    assert page.goes_to("search.show").status == 200


def test_moment_that_somebody_has_now_can_be_waited_for(app, drongen, passer_by):
    room = make_room("kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "queue"}})
    request = make_request(room=room, contact_email="els@x.example")
    rival = make_request(room=room, contact_email="piet@x.example")
    marcel = actor_of(accounts.by_email("marcel@drongen.example"))
    decisions.approve(rival.code, by=marcel, now=NOW, version=rival.version)
    page = passer_by.opens("requests.show", code=request.code)
    assert page.heading == dutch("The house chose another request")
    page = page.clicks("Put me on the waiting list")
    assert page.path.startswith("/aanvragen/nieuw?zaal=open-huis-drongen/kelder&dag=2027-01-16&van=14:00&tot=18:00")


def test_moment_the_house_refused_is_not_offered_again(drongen, passer_by):
    page = passer_by.opens("requests.show", code=make_request(Status.REFUSED, room=drongen).code)
    assert dutch("Ask for the same moment again") not in page.text
    page = passer_by.opens("requests.show", code=make_request(Status.LAPSED, room=drongen).code)
    assert dutch("Ask for the same moment again") in page.text


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.APPROVED, Status.WITHDRAWN, Status.UNPROVED])
def test_request_that_needs_nothing_else_offers_nothing(drongen, passer_by, status):
    assert ways_on(passer_by.opens("requests.show", code=make_request(status, room=drongen).code)) == []


def test_request_whose_hold_ended_says_so_and_shows_what_is_free(drongen, passer_by, clock):
    request = make_request(room=drongen, slot=at(day=date(2027, 3, 6)))
    clock.stands_at(read(request.code).hold_until)
    deadlines.tick(clock.now)
    page = passer_by.opens("requests.show", code=request.code)
    assert page.heading == dutch("The house looks at the request")
    assert dutch("The room is no longer kept for this request") in page.text
    assert len(ways_on(page)) == 4


def test_request_that_the_rules_confirm_says_so(drongen, passer_by):
    room = make_room("kelder", venue=drongen.venue, rules={RuleName.PENDING: {"default": "instant"}})
    page = passer_by.opens("requests.show", code=make_request(room=room).code)
    assert page.heading == dutch("Yes, the room is yours")
    assert dutch("The house said yes at once") in page.text


def test_house_whose_rules_would_refuse_this_asker_is_not_offered(drongen, passer_by):
    make_room("zaal", venue=make_venue("huis-van-de-buurt"), capacity=80, rules={RuleName.NEIGHBOURHOOD_FIRST: 0})
    open_to_all = make_room("zaal", venue=make_venue("huis-verder"), capacity=80)
    request = make_request(Status.REFUSED, room=drongen)
    offered = [one for one in ways_on(passer_by.opens("requests.show", code=request.code)) if PLACE not in one]
    assert [f"zaal={open_to_all.venue.slug}/zaal" in one for one in offered] == [True]
