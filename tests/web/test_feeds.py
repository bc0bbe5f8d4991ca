"""Feeds: what stands in them, for whom, and that an unchanged one costs nothing."""

import gzip
import re
from datetime import date, time, timedelta

import icalendar
import pytest

from tests import decisions
from tests.browser import Browser, dutch, header_faults
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_space,
    make_venue,
)
from tests.statements import asked
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates, house_dates, houses
from zalenzoeker.services.dates import Move
from zalenzoeker.storage import accounts, activities, desks, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Venue

ADDRESS = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"


def events(answer):
    """Return the events of a feed: (summary, start, status)."""
    calendar = icalendar.Calendar.from_ical(answer.data)
    return [
        (str(one["SUMMARY"]), one.decoded("DTSTART").strftime("%d-%m %H:%M"), str(one["STATUS"]))
        for one in calendar.walk("VEVENT")
    ]


def test_feed_names_what_is_for_everybody_and_says_taken_for_the_rest(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"), is_public=True, activity="Repaircafé")
    make_request(Status.APPROVED, room=drongen, slot=at("14:00", "16:00"), activity="Geheim feest")
    answer = passer_by.asks(ADDRESS)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert events(answer) == [
        ("Repaircafé", "16-01 10:00", "CONFIRMED"),
        (dutch("Taken"), "16-01 14:00", "CONFIRMED"),
    ]
    assert [word for word in (b"Geheim", b"an@harmonie", b"Peeters") if word in answer.data] == []


THURSDAY = date(2026, 11, 26)
HERE = "open-huis-drongen", "zaal-open-huis"


def as_written(answer):
    """The bytes of each date, by its UID."""
    return {str(one["UID"]): one.to_ical() for one in icalendar.Calendar.from_ical(answer.data).events}


def leave_out(line, by):
    houses.leave_out(HERE[0], line.code, THURSDAY, by=by, now=NOW + timedelta(hours=1))


def move(line, by, to=THURSDAY):
    house_dates.move_date(
        HERE[0], line.code, THURSDAY, room=HERE[1], to=to, minutes=(720, 840), by=by, now=NOW + timedelta(hours=1)
    )


def move_to_saturday(line, by):
    move(line, by, THURSDAY + timedelta(days=2))


@pytest.mark.parametrize("deed", [leave_out, move, move_to_saturday])
def test_one_date_of_own_programme_that_changes_is_the_only_one_in_calendars_that_does(drongen, passer_by, deed):
    line = make_programme(drongen, "Soepcafé")
    addresses = ["/kalender/gent.ics", f"/agenda/{activities.of_line(line.id).code}.ics"]
    written = [as_written(passer_by.asks(each)) for each in addresses]
    deed(line, actor_of(accounts.by_email("marcel@drongen.example")))
    for address, before in zip(addresses, written, strict=True):
        after = as_written(passer_by.asks(address))
        assert set(after) == set(before)
        [changed] = [uid for uid in before if after[uid] != before[uid]]
        assert (b"STATUS:CANCELLED" in after[changed]) is (deed is leave_out)
        assert (b"SEQUENCE:0" in before[changed], b"SEQUENCE:1" in after[changed]) == (True, True)


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.UNPROVED, Status.LAPSED, Status.REFUSED, Status.EXPIRED])
def test_feed_holds_nothing_that_was_never_confirmed(drongen, passer_by, status):
    make_request(status, room=drongen, is_public=True)
    assert events(passer_by.asks(ADDRESS)) == []


def test_feed_holds_nothing_of_a_request_withdrawn_before_its_answer(drongen, passer_by):
    make_request(Status.WITHDRAWN, room=drongen, is_public=True)
    assert events(passer_by.asks(ADDRESS)) == []


def test_feed_keeps_a_cancelled_date_for_thirty_days_as_cancelled(drongen, passer_by, clock):
    make_request(Status.CANCELLED, room=drongen, is_public=True, activity="Repaircafé")
    cancelled = [(f"{dutch('Cancelled:')} Repaircafé", "16-01 14:00", "CANCELLED")]
    assert events(passer_by.asks(ADDRESS)) == cancelled
    clock.passes(timedelta(days=30))
    assert events(passer_by.asks(ADDRESS)) == cancelled
    clock.passes(timedelta(days=1))
    assert events(passer_by.asks(ADDRESS)) == []


def test_feed_keeps_uid_and_raises_the_sequence_when_a_date_falls_away(drongen, passer_by):
    request = make_request(Status.APPROVED, room=drongen)
    before = icalendar.Calendar.from_ical(passer_by.asks(ADDRESS).data).walk("VEVENT")[0]
    desk = desks.by_id(request.desk_id)
    decider = accounts.actor(desk.members[0])
    decisions.cancel(request.code, by=decider, now=NOW, version=request.version, note="Lek.")
    after = icalendar.Calendar.from_ical(passer_by.asks(ADDRESS).data).walk("VEVENT")[0]
    assert (before["UID"], int(before["SEQUENCE"])) == (after["UID"], 0)
    assert int(after["SEQUENCE"]) == 1


def test_feed_shows_own_programme_by_name_only_where_it_is_public(drongen, passer_by):
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(drongen, "Intern overleg", weekday=2, is_public=False)
    summaries = {summary for summary, _, _ in events(passer_by.asks(ADDRESS))}
    assert summaries == {"Soepcafé", dutch("Taken")}


@pytest.mark.parametrize("days, is_there", [(-59, True), (-61, False), (540, True), (560, False)])
def test_feed_reaches_sixty_days_back_and_eighteen_months_ahead(drongen, passer_by, clock, days, is_there):
    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    clock.stands_at(at("10:00", "12:00").ends_at - timedelta(days=days))
    assert (len(events(passer_by.asks(ADDRESS))) == 1) is is_there


def test_feed_bears_a_strong_mark_and_answers_304_with_nothing(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen)
    first = passer_by.asks(ADDRESS)
    mark = first.headers["ETag"]
    assert re.fullmatch('"[^"]+"', mark)
    again = passer_by.asks(ADDRESS, headers={"If-None-Match": mark})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", mark)
    assert "Content-Length" not in again.headers or again.headers["Content-Length"] == "0"


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_feed_that_is_compressed_has_a_mark_of_its_own_and_answers_304(drongen, passer_by, encoding):
    for hour in range(9, 21):
        make_request(
            Status.APPROVED,
            room=drongen,
            slot=at(f"{hour:02}:00", f"{hour + 1:02}:00"),
            contact_email=f"x{hour}@post.example",
        )
    plain = passer_by.asks(ADDRESS).headers["ETag"]
    headers = {"Accept-Encoding": encoding}
    first = passer_by.asks(ADDRESS, headers=headers)
    mark = first.headers["ETag"]
    assert not mark.startswith("W/"), "Compressing made the mark weak."
    assert "Accept-Encoding" in first.headers.get("Vary", "")
    if encoding != "identity":
        assert (first.headers["Content-Encoding"], mark != plain) == (encoding, True)
    if encoding == "gzip":
        assert gzip.decompress(first.data).startswith(b"BEGIN:VCALENDAR")
    again = passer_by.asks(ADDRESS, headers={**headers, "If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")


def test_feed_that_changed_is_sent_again(drongen, passer_by):
    mark = passer_by.asks(ADDRESS).headers["ETag"]
    make_request(Status.APPROVED, room=drongen)
    answer = passer_by.asks(ADDRESS, headers={"If-None-Match": mark})
    assert (answer.status_code, len(events(answer))) == (200, 1)


def test_feed_does_not_change_by_being_read_or_by_time_passing(drongen, passer_by, clock):
    make_request(Status.APPROVED, room=drongen)
    first = passer_by.asks(ADDRESS).data
    clock.passes(timedelta(hours=5))
    assert passer_by.asks(ADDRESS).data == first


def test_feed_answers_head_with_the_same_headers(drongen, passer_by):
    get, head = passer_by.asks(ADDRESS), passer_by.asks(ADDRESS, method="HEAD")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
    assert head.content_type == get.content_type


def test_feed_sets_no_cookie_and_may_be_kept_a_while(drongen, passer_by):
    answer = passer_by.asks(ADDRESS)
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert header_faults(answer, passer_by.app) == []


def test_feed_is_the_same_for_somebody_who_signed_in(drongen, app, passer_by):
    make_request(Status.APPROVED, room=drongen, activity="Geheim feest")
    member = accounts.by_email("marcel@drongen.example")
    assert Browser(app, member).asks(ADDRESS).data == passer_by.asks(ADDRESS).data


def test_feed_says_when_in_local_time_also_past_midnight(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen, slot=at("20:00", "01:00"))
    data = passer_by.asks(ADDRESS).data
    assert b"DTSTART;TZID=Europe/Brussels:20270116T200000" in data
    assert b"DTEND;TZID=Europe/Brussels:20270117T010000" in data
    assert SATURDAY.isoformat() == "2027-01-16"


@pytest.mark.parametrize("typed", ["Feest\\, dans; BEGIN:VEVENT", "Lijn\u2028twee", "Één café", "ـمرحبا 🎉"])
def test_feed_keeps_what_somebody_typed_in_one_event(drongen, passer_by, typed):
    make_request(Status.APPROVED, room=drongen, is_public=True, activity=typed)
    found = events(passer_by.asks(ADDRESS))
    assert [summary.replace("\u2028", " ") for summary, _, _ in found] == [typed.replace("\u2028", " ")]


def queries_of_building(passer_by, address):
    with asked() as seen:
        passer_by.asks(address)
    return len(seen)


def test_feed_asks_the_database_as_often_for_three_bookings_as_for_one(drongen, passer_by):
    passer_by.asks(ADDRESS)
    make_request(Status.APPROVED, room=drongen, slot=at("10:00", "12:00"))
    one = queries_of_building(passer_by, ADDRESS)
    make_request(Status.APPROVED, room=drongen, slot=at("12:00", "14:00"))
    make_request(Status.CANCELLED, room=drongen, slot=at("14:00", "16:00"))
    assert queries_of_building(passer_by, ADDRESS) == one


@pytest.mark.parametrize("address", ["/kalender/zaal/open-huis-drongen/kelder.ics", "/kalender/zaal/x/y.ics"])
def test_feed_of_no_room_is_not_found(drongen, passer_by, address):
    passer_by.visits(address, status=404)


def test_feed_of_a_room_holds_nothing_of_the_room_beside_it(drongen, passer_by):
    other = make_request(Status.APPROVED)
    assert other.first.room_id != drongen.id
    assert events(passer_by.asks(ADDRESS)) == []
    assert requests.by_code(other.code) is not None


def test_feed_tells_each_date_of_a_series_as_it_stands(drongen, passer_by):
    series = make_series(drongen, status=Status.APPROVED)
    by = accounts.actor(accounts.by_email(series.contact_email))
    first, second, *_others = (date.uid for date in series.occurrences)
    dates.let_go(series.code, first, Scope.THIS, by=by, now=NOW)
    dates.change(series.code, second, Scope.THIS, Move(time(10), time(12)), by=by, now=NOW)
    feed = icalendar.Calendar.from_ical(passer_by.asks(ADDRESS).data)
    cancelled = [str(one["UID"]).partition("@")[0] for one in feed.events if one.get("STATUS") == "CANCELLED"]
    assert (len(feed.events), cancelled) == (len(series.occurrences), [first])


# A feed is built only when something in it changed.


def is_built(look):
    """Whether the dates of a feed are read when it is looked at."""
    with asked(at_least=0) as seen:
        look()
    return any("FROM occurrence" in query for query in seen)


def test_feed_that_did_not_change_is_answered_without_looking_at_a_date(drongen, passer_by):
    make_request(Status.APPROVED, room=drongen)
    assert is_built(lambda: passer_by.asks(ADDRESS))
    assert not is_built(lambda: passer_by.asks(ADDRESS))
    mark = passer_by.asks(ADDRESS).headers["ETag"]
    assert not is_built(lambda: passer_by.asks(ADDRESS, headers={"If-None-Match": mark}))
    assert not is_built(lambda: passer_by.asks(ADDRESS, headers={"Accept-Encoding": "br"}))


def test_feed_is_built_again_for_its_own_changes_only(drongen, passer_by):
    other = make_room("elders")
    passer_by.asks(ADDRESS)
    make_request(Status.APPROVED, room=other)
    make_request(room=drongen)
    with write_unit() as session:
        session.get(Venue, drongen.venue_id).notes = "De bel hangt achteraan."
    assert not is_built(lambda: passer_by.asks(ADDRESS))
    make_request(Status.APPROVED, room=drongen, slot=at("20:00", "22:00"))
    assert is_built(lambda: passer_by.asks(ADDRESS))


def test_feed_is_built_again_when_the_house_gets_another_name(drongen, passer_by):
    before = passer_by.asks(ADDRESS).data
    with write_unit() as session:
        session.get(Venue, drongen.venue_id).name = "Het Grote Huis"
    assert (b"Het Grote Huis" in before, b"Het Grote Huis" in passer_by.asks(ADDRESS).data) == (False, True)


def test_feed_is_built_once_for_everybody_who_comes_after_a_change(drongen, passer_by):
    passer_by.asks(ADDRESS)
    make_request(Status.APPROVED, room=drongen)
    assert [is_built(lambda: passer_by.asks(ADDRESS)) for _one in range(10)] == [True] + [False] * 9


# Of more than one room.

VENUE, CITY = "/kalender/locatie/open-huis-drongen.ics", "/kalender/gent.ics"


@pytest.fixture
def two_rooms(drongen):
    """A hall and a cellar of one house, a room of another house of the same neighbourhood, and one far away."""
    cellar = make_room("kelder", venue=drongen.venue, name="Kelder")
    near = make_room("lokaal", venue=make_venue("buurthuis-drongen", neighbourhood=drongen.venue.neighbourhood))
    far = make_room("verre-zaal", venue=make_venue("ver", neighbourhood=make_neighbourhood("ver", "Ver")))
    return {"hall": drongen, "cellar": cellar, "near": near, "far": far}


@pytest.fixture
def busy(two_rooms):
    """In each of them something for everybody, and something else."""
    for name, room in two_rooms.items():
        email = f"{name}@post.example"
        public = {"activity": f"Open {name}", "is_public": True, "contact_email": email}
        make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"), **public)
        make_request(Status.APPROVED, room=room, slot=at("14:00", "16:00"), activity="Besloten", contact_email=email)
    return two_rooms


def summaries(answer):
    return sorted(summary for summary, _starts, _status in events(answer))


def test_feed_of_a_place_tells_of_all_its_rooms(busy, passer_by):
    answer = passer_by.asks(VENUE)
    assert summaries(answer) == [dutch("Taken"), dutch("Taken"), "Open cellar", "Open hall"]
    where = {str(one["LOCATION"]).partition(",")[0] for one in icalendar.Calendar.from_ical(answer.data).events}
    assert where == {busy["hall"].name, "Kelder"}


def test_feed_of_a_neighbourhood_and_of_the_city_holds_only_what_is_for_everybody(busy, passer_by):
    slug = busy["hall"].venue.neighbourhood.slug
    near = passer_by.asks(f"/kalender/wijk/{slug}.ics")
    assert summaries(near) == ["Open cellar", "Open hall", "Open near"]
    assert summaries(passer_by.asks(CITY)) == ["Open cellar", "Open far", "Open hall", "Open near"]


def test_same_date_has_one_identity_in_every_feed(busy, passer_by):
    slug = busy["hall"].venue.neighbourhood.slug
    found = [
        {str(one["UID"]) for one in icalendar.Calendar.from_ical(passer_by.asks(address).data).events}
        for address in (ADDRESS, VENUE, f"/kalender/wijk/{slug}.ics", CITY)
    ]
    hall, venue, near, city = found
    assert (hall < venue, len(near & venue), len(near & city), len(hall & city)) == (True, 2, 3, 1)


@pytest.mark.parametrize("address", [VENUE, CITY])
def test_feed_of_many_rooms_asks_the_database_as_often_as_that_of_one(busy, passer_by, address):
    passer_by.asks("/kalender/zaal/open-huis-drongen/kelder.ics")
    few = queries_of_building(passer_by, ADDRESS)
    # The days on which a room is closed stand only where it matters that it is taken.
    assert queries_of_building(passer_by, address) == few - (address == CITY)


def test_feed_of_no_place_and_of_no_neighbourhood_is_not_found(drongen, passer_by):
    for address in ("/kalender/locatie/nergens.ics", "/kalender/wijk/nergens.ics"):
        passer_by.visits(address, status=404)


def test_shared_space_is_taken_in_the_feed_of_both_rooms_and_once_in_that_of_the_place(drongen, passer_by):
    venue = make_venue("hal")
    left, right = make_space(venue, "Links"), make_space(venue, "Rechts")
    whole = make_room("hele-zaal", venue=venue, spaces=[left, right])
    make_room("linkerhelft", venue=venue, spaces=[left])
    make_request(Status.APPROVED, room=whole, is_public=True, activity="Fuif")
    for address, count_of in (("zaal/hal/hele-zaal", 1), ("zaal/hal/linkerhelft", 1), ("locatie/hal", 1)):
        assert summaries(passer_by.asks(f"/kalender/{address}.ics")) == ["Fuif"] * count_of
