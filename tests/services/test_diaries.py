"""The diary a house keeps elsewhere: what it takes, what goes before it, and how one reading replaces another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    PASSER_BY,
    SATURDAY,
    actor_of,
    at,
    decider_of,
    make_account,
    make_city_desk,
    make_closure,
    make_decider,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_wish,
)
from tests.gateways.diary_files import calendar, event
from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.diaries import Fetched, NotAnAddress, Reading, Skipped, Trouble, Unchanged
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import epoch, from_epoch
from zalenzoeker.gateways import diary_dates
from zalenzoeker.services import diaries, houses, programme, requests, wishes
from zalenzoeker.storage import accounts, city, occupancy, rooms
from zalenzoeker.storage import diaries as storage
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Change, Diary, DiaryTime, Occupancy, Space

ADDRESS = "https://agenda.example/geheim/basic.ics"
HOSTS = frozenset({"agenda.example"})
pytestmark = pytest.mark.usefixtures("app")


def on(day, starts, ends):
    return event(f"DTSTART:{day:%Y%m%d}T{starts:02}0000", f"DTEND:{day:%Y%m%d}T{ends:02}0000", uid=f"{day}{starts}")


def nobody(_address, _etag, _modified):
    raise AssertionError("this diary has no address")


def read_all(now=NOW, fetch=nobody):
    while diaries.read_next(now, fetch=fetch, read=diary_dates.read):
        pass
    db.session.close()


def hand_in(room, *events, by, now=NOW, keep_days=30):
    diaries.hand_in(room.venue.slug, room.slug, calendar(*events), keep_days, by=by, now=now)
    read_all(now)


def taken(room, day=SATURDAY):
    """What the diary has of a room on a day, as hours of the wall clock."""
    first = programme.midnight(day)
    db.session.close()
    found = rooms.taken(occupancy.spaces_of(room.id), first, first + 86_400, epoch(NOW))
    return [f"{one.by} {from_epoch(one.from_epoch):%H}-{from_epoch(one.to_epoch):%H}" for one in found]


def diary_of(room):
    db.session.close()
    found = storage.of_room(room.id)
    assert found is not None
    return found


@pytest.mark.both
def test_diary_takes_its_room(app):
    room = make_room()
    hand_in(room, on(SATURDAY, 14, 18), by=make_decider(room))
    assert taken(room) == ["diary 14-18"]
    assert (diary_of(room).dates, diary_of(room).read_at, diary_of(room).trouble) == (1, NOW, None)
    with pytest.raises(wishes.Refused) as refused:
        requests.ask(make_wish(room, at("17:00", "19:00")), by=PASSER_BY, visitor=AT_HOME, now=NOW)
    assert [one.code for one in refused.value.obstacles] == [Code.DIARY]


@pytest.mark.both
def test_database_itself_refuses_what_the_diary_has(app):
    room = make_room()
    hand_in(room, on(SATURDAY, 14, 18), by=make_decider(room))
    slot = at("17:00", "19:00")
    hold = occupancy.Hold(occupancy.TakenBy.BOOKING)
    with pytest.raises(occupancy.AlreadyTaken), write_unit():
        occupancy.take(occupancy.spaces_of(room.id), [(slot.from_epoch, slot.to_epoch)], hold, now_epoch=epoch(NOW))


@pytest.mark.both
@pytest.mark.parametrize("status", [Status.REQUESTED, Status.APPROVED])
def test_diary_takes_what_is_left_and_lists_who_is_in_its_way(app, status):
    room = make_room()
    request = make_request(status, room=room, slot=at("15:00", "16:00"))
    hand_in(room, on(SATURDAY, 14, 18), by=decider_of(request))
    by = {Status.REQUESTED: "request", Status.APPROVED: "booking"}[status]
    assert taken(room) == ["diary 14-15", f"{by} 15-16", "diary 16-18"]
    db.session.close()
    assert [(one.code, one.status) for one in storage.clashes(room.venue_id, epoch(NOW))] == [(request.code, status)]


@pytest.mark.both
def test_queue_is_not_told_no_by_a_diary(app):
    room = make_room(rules={RuleName.PENDING: {"default": "queue"}})
    request = make_request(room=room, slot=at("15:00", "16:00"))
    hand_in(room, on(SATURDAY, 14, 18), by=decider_of(request))
    assert taken(room) == ["diary 14-15", "queued 15-16", "diary 16-18"]
    db.session.close()
    assert [one.status for one in storage.clashes(room.venue_id, epoch(NOW))] == [Status.REQUESTED]


@pytest.mark.both
def test_what_came_free_is_taken_within_the_hour(app):
    room = make_room()
    request = make_request(room=room, slot=at("15:00", "16:00"))
    hand_in(room, on(SATURDAY, 14, 18), by=decider_of(request))
    requests.withdraw(request.code, by=actor_of(accounts.by_email(request.contact_email)), now=NOW)
    assert taken(room) == ["diary 14-15", "diary 16-18"]
    read_all(NOW + timedelta(hours=1))
    assert taken(room) == ["diary 14-18"]


@pytest.mark.both
def test_another_file_replaces_the_former_one(app):
    room = make_room()
    by = make_decider(room)
    hand_in(room, on(SATURDAY, 14, 18), on(SATURDAY, 20, 22), by=by)
    hand_in(room, on(SATURDAY, 9, 10), by=by)
    assert taken(room) == ["diary 09-10"]
    assert db.session.query(Diary).count() == 1


@pytest.mark.both
def test_diary_that_is_let_go_frees_everything(app):
    room = make_room()
    by = make_decider(room)
    hand_in(room, on(SATURDAY, 14, 18), by=by)
    diaries.let_go(room.venue.slug, room.slug, by=by, now=NOW)
    diaries.let_go(room.venue.slug, room.slug, by=by, now=NOW)
    assert taken(room) == []
    assert [db.session.query(one).count() for one in (Diary, DiaryTime, Occupancy)] == [0, 0, 0]


@pytest.mark.both
def test_own_programme_and_closing_days_go_before_the_diary(app):
    room = make_room()
    hand_in(room, on(SATURDAY, 10, 18), on(SATURDAY + timedelta(days=1), 10, 18), by=make_decider(room))
    make_programme(room, weekday=5, hours=(11, 14))
    make_closure(room, SATURDAY + timedelta(days=1))
    assert taken(room) == ["diary 10-11", "own_programme 11-14", "diary 14-18"]
    assert taken(room, SATURDAY + timedelta(days=1)) == ["closure 00-00"]


@pytest.mark.both
def test_diary_of_a_hall_and_of_its_part(app):
    venue = make_room("deel").venue
    part = make_room("deel-a", venue=venue)
    whole = make_room("geheel", venue=venue, spaces=[make_space(venue), *spaces_of(part)])
    by = make_decider(whole)
    hand_in(part, on(SATURDAY, 14, 18), by=by)
    hand_in(whole, on(SATURDAY, 16, 20), by=by)
    assert taken(part) == ["diary 14-18", "diary 18-20"]
    diaries.let_go(venue.slug, part.slug, by=by, now=NOW)
    read_all(NOW + timedelta(hours=1))
    assert taken(part) == ["diary 16-20"]


def spaces_of(room):
    return db.session.query(Space).filter(Space.id.in_(occupancy.spaces_of(room.id))).all()


def test_three_weeks_of_holiday_are_rows_that_can_be_held():
    room = make_room()
    whole = event("DTSTART;VALUE=DATE:20270701", "DTEND;VALUE=DATE:20270722")
    hand_in(room, whole, by=make_decider(room))
    assert db.session.query(Occupancy).count() == 11
    assert taken(room, date(2027, 7, 10)) == ["diary 00-00"]


def test_file_that_cannot_be_read_leaves_the_former_one():
    room = make_room()
    by = make_decider(room)
    hand_in(room, on(SATURDAY, 14, 18), by=by)
    diaries.hand_in(room.venue.slug, room.slug, b"PK\x03\x04", 30, by=by, now=NOW)
    diaries.read_next(NOW, fetch=nobody, read=lambda *_: Trouble.ZIPPED)
    found = diary_of(room)
    assert (found.trouble, found.raw, found.read_at) == (Trouble.ZIPPED, None, NOW)
    assert taken(room) == ["diary 14-18"]


def test_reading_of_what_was_replaced_meanwhile_is_thrown_away():
    room = make_room()
    by = make_decider(room)
    diaries.hand_in(room.venue.slug, room.slug, calendar(on(SATURDAY, 14, 18)), 30, by=by, now=NOW)

    def slow(raw, first, last):
        diaries.hand_in(room.venue.slug, room.slug, calendar(on(SATURDAY, 9, 10)), 30, by=by, now=NOW)
        return diary_dates.read(raw, first, last)

    diaries.read_next(NOW, fetch=nobody, read=slow)
    assert taken(room) == []
    read_all()
    assert taken(room) == ["diary 09-10"]


def test_no_word_of_a_diary_is_kept():
    room = make_room()
    hand_in(room, event("DTSTART:20270116T140000", "DURATION:PT1H", title="Echtscheiding Jan"), by=make_decider(room))
    found = diary_of(room)
    assert (found.raw, found.address) == (None, "")
    assert [one.after for one in db.session.query(Change)] == [{"room": room.name, "host": "", "day": "2026-11-23"}]


def test_diary_is_kept_by_who_keeps_the_house():
    room = make_room()
    stranger = actor_of(make_account("vreemd@elders.example"))
    with pytest.raises(NotAllowed):
        hand_in(room, on(SATURDAY, 14, 18), by=stranger)
    with pytest.raises(NotAllowed):
        diaries.let_go(room.venue.slug, room.slug, by=stranger, now=NOW)
    city_desk = make_account("stad@gent.example")
    make_city_desk([city_desk])
    hand_in(room, on(SATURDAY, 14, 18), by=actor_of(city_desk))
    assert taken(room) == ["diary 14-18"]


@pytest.mark.parametrize("raw, keep_days", [(b"", 30), (b"x" * (1024 * 1024 + 1), 30), (b"x", 31)])
def test_file_that_is_none_is_not_kept(raw, keep_days):
    room = make_room()
    with pytest.raises(diaries.NotAFile):
        diaries.hand_in(room.venue.slug, room.slug, raw, keep_days, by=make_decider(room), now=NOW)


class Site:
    """An address that answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, address, etag, modified):
        self.asked.append((address, etag, modified))
        return self.answers.pop(0)


def test_address_is_read_every_hour_and_asked_whether_it_changed():
    room = make_room()
    by = make_decider(room)
    diaries.follow(room.venue.slug, room.slug, ADDRESS, HOSTS, by=by, now=NOW)
    raw = calendar(on(SATURDAY, 14, 18))
    site = Site(Fetched(raw, '"een"', "Mon"), Unchanged(), Trouble.NO_ANSWER, Fetched(raw, '"een"', "Mon"))
    for hours in (0, 0.5, 1, 2, 24):
        read_all(NOW + timedelta(hours=hours), site)
    assert site.asked == [
        (ADDRESS, "", ""),
        (ADDRESS, '"een"', "Mon"),
        (ADDRESS, '"een"', "Mon"),
        (ADDRESS, "", ""),
    ]
    assert taken(room) == ["diary 14-18"]
    assert diary_of(room).read_at == NOW + timedelta(hours=24)
    assert [one.after for one in db.session.query(Change)] == [
        {"room": room.name, "host": "agenda.example", "day": "2026-11-23"}
    ]


@pytest.mark.parametrize(
    "words",
    [
        "http://agenda.example/a.ics",
        "https://elders.example/a.ics",
        "https://agenda.example:8443/a.ics",
        "https://agenda.example@elders.example/a.ics",
        "https://x:y@agenda.example/a.ics",
        "https://agenda.example\\@elders.example/",
        "https://127.0.0.1/a.ics",
        "https://[::1]/a.ics",
        "https://[::1/a.ics",
        "file:///etc/passwd",
        "https://agenda.example/ a.ics",
        "https://agenda.example/\r\nHost: x",
        "",
    ],
)
def test_address_that_may_not_be_read(words):
    room = make_room()
    with pytest.raises(NotAnAddress):
        diaries.follow(room.venue.slug, room.slug, words, HOSTS, by=make_decider(room), now=NOW)


def test_address_as_programs_write_it():
    room = make_room()
    words = " webcal://Agenda.example:443/a.ics?x=1#hier "
    diaries.follow(room.venue.slug, room.slug, words, HOSTS, by=make_decider(room), now=NOW)
    assert diary_of(room).address == "https://agenda.example/a.ics?x=1"


def known(room):
    db.session.close()
    return city.city().by_id[room.id]


@pytest.mark.both
def test_room_with_an_old_diary_is_asked_of_the_house(app, clock):
    room = make_room()
    by = make_decider(room)
    hand_in(room, on(SATURDAY, 14, 18), by=by, keep_days=7)
    assert (known(room).is_asked_here, known(room).is_unsure) == (True, False)
    clock.stands_at(NOW + timedelta(days=7, seconds=-1))
    assert known(room).is_asked_here
    clock.stands_at(NOW + timedelta(days=7))
    assert (known(room).is_asked_here, known(room).is_unsure) == (False, True)
    with pytest.raises(wishes.Refused) as refused:
        requests.ask(make_wish(room, at("20:00", "21:00")), by=PASSER_BY, visitor=AT_HOME, now=clock.now)
    assert [one.code for one in refused.value.obstacles] == [Code.NOT_ASKED_HERE]
    hand_in(room, on(SATURDAY, 14, 18), by=by, now=clock.now)
    assert known(room).is_asked_here


def test_what_shares_a_space_with_an_unsure_room_is_unsure(clock):
    room = make_room("deel-a")
    whole = make_room("geheel", venue=room.venue, spaces=[make_space(room.venue), *spaces_of(room)])
    other = make_room("apart", venue=room.venue)
    hand_in(room, on(SATURDAY, 14, 18), by=make_decider(room), keep_days=7)
    clock.stands_at(NOW + timedelta(days=8))
    assert [known(one).is_unsure for one in (room, whole, other)] == [True, True, False]


def test_figures_of_a_reading_are_kept():
    room = make_room()
    diaries.hand_in(room.venue.slug, room.slug, b"x", 30, by=make_decider(room), now=NOW)
    found = Reading((), 0, {Skipped.RULE: 2})
    diaries.read_next(NOW, fetch=nobody, read=lambda *_: found)
    assert diary_of(room).skipped == {"rule": 2}
    assert diary_of(room).counts_until == datetime(2026, 12, 23, 9, 0, tzinfo=UTC)


def test_line_of_own_programme_may_be_put_where_the_diary_is():
    room = make_room()
    by = make_decider(room)
    thursday = date(2026, 11, 26)
    hand_in(room, on(thursday, 10, 18), by=by)
    line = houses.Line(room=room.slug, title="Soepcafé", weekday=3, from_minute=11 * 60, to_minute=14 * 60)
    houses.add_line(room.venue.slug, line, by=by, now=NOW)
    assert taken(room, thursday) == ["diary 10-11", "own_programme 11-14", "diary 14-18"]
