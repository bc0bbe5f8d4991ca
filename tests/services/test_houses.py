"""What a house keeps itself: its own programme, its closing days, and who may."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import (
    AT_HOME,
    NOW,
    PASSER_BY,
    SATURDAY,
    actor_of,
    at,
    make_account,
    make_an,
    make_city_desk,
    make_decider,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_space,
    make_venue,
    make_wish,
    read,
)
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.programme import DateState, Line, NotAWeeklyLine
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import epoch, from_epoch
from zalenzoeker.services import closures, houses, programme, requests
from zalenzoeker.storage import occupancy, programme_dates, rooms
from zalenzoeker.storage import programme as storage
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Closure, OwnProgramme, ProgrammeGone

SOUP = Line(room="zaal", title="Soepcafé", weekday=3, from_minute=11 * 60, to_minute=14 * 60)
THURSDAY = date(2026, 11, 26)
WEEK = timedelta(days=7)


def line_of(code):
    db.session.close()
    found = storage.by_code(code)
    assert found is not None
    return found


def held(code):
    """Return the days on which a line has its room, in order."""
    return sorted(storage.days_held(line_of(code).id))


def stands(room, day):
    """Return what stands in a room on a day: (by, from hour)."""
    db.session.close()
    found = rooms.taken(
        occupancy.spaces_of(room.id), programme.midnight(day), programme.midnight(day + timedelta(days=1)), epoch(NOW)
    )
    return [(one.by.value, from_epoch(one.from_epoch).hour) for one in found]


def add(room, by, line=SOUP, now=NOW):
    return houses.add_line(room.venue.slug, line, by=by, now=now)[0]


@pytest.mark.both
def test_line_is_written_out_at_once_and_holds_its_room(room, marcel):
    code = add(room, marcel)
    days = held(code)
    assert (days[0], days[1], len(days)) == (THURSDAY, THURSDAY + WEEK, 57)
    assert stands(room, THURSDAY) == [("own_programme", 11)]
    assert programme.write_out(NOW) == 0


@pytest.mark.both
def test_line_leaves_what_was_promised_and_says_to_whom(room, marcel):
    request = make_request(Status.APPROVED, room=room, slot=at("12:00", "16:00", day=date(2027, 1, 14)), by=make_an())
    code = add(room, marcel)
    assert date(2027, 1, 14) not in held(code)
    (promised,) = [one for one in storage.dates_of(line_of(code), NOW) if one.state is DateState.PROMISED]
    (there,) = promised.standing
    assert (promised.day, there.code, there.title, there.asker) == (
        date(2027, 1, 14),
        request.code,
        request.activity,
        request.asker,
    )


def test_line_that_somebody_without_a_proved_address_stands_in_the_way_of_names_nobody(room, marcel):
    make_request(Status.UNPROVED, room=room, slot=at("12:00", "16:00", day=date(2027, 1, 14)))
    (promised,) = [one for one in storage.dates_of(line_of(add(room, marcel)), NOW) if one.state is DateState.PROMISED]
    assert [(one.code, one.title, one.asker) for one in promised.standing] == [("", "", "")]


@pytest.mark.both
def test_line_that_an_offer_stands_in_the_way_of_names_nobody(room, marcel):
    slot, an = at("12:00", "16:00", day=date(2027, 1, 14)), make_an()
    booked = make_request(Status.APPROVED, room=room, slot=slot, by=an)
    bert = actor_of(make_account("bert@post.example", "Bert"))
    wish = make_wish(room, slot, contact_email=bert.email, is_waiting=True)
    waits = requests.ask(wish, by=bert, now=NOW, visitor=AT_HOME).code
    requests.withdraw(booked.code, by=an, now=NOW)
    assert read(waits).status is Status.OFFERED
    (promised,) = [one for one in storage.dates_of(line_of(add(room, marcel)), NOW) if one.state is DateState.PROMISED]
    assert [(one.code, one.title, one.asker) for one in promised.standing] == [("", "", "")]


def test_line_keeps_to_its_first_and_last_day(room, marcel):
    line = Line("zaal", "Kerststal", 3, 600, 720, first_day=date(2026, 12, 3), until=date(2026, 12, 17))
    assert held(add(room, marcel, line)) == [date(2026, 12, day) for day in (3, 10, 17)]


def test_line_of_an_evening_goes_on_after_midnight(room, marcel):
    code = add(room, marcel, Line("zaal", "Dansavond", 5, 20 * 60, 25 * 60))
    (first, *_) = storage.dates_of(line_of(code), NOW)
    assert (str(first.slot.starts), str(first.slot.ends)) == ("2026-11-28 20:00:00", "2026-11-29 01:00:00")


def test_line_of_today_that_is_over_is_not_written_back(room, marcel):
    assert held(add(room, marcel, Line("zaal", "Ontbijt", 0, 8 * 60, 9 * 60)))[0] == NOW.date() + WEEK


@pytest.mark.parametrize(
    "changes",
    [
        {"to_minute": 11 * 60},
        {"to_minute": 10 * 60},
        {"to_minute": 36 * 60},
        {"from_minute": -60},
        {"from_minute": 24 * 60, "to_minute": 25 * 60},
        {"weekday": 7},
        {"weekday": -1},
        {"title": "   "},
        {"title": "x" * 201},
        {"first_day": date(2027, 1, 2), "until": date(2027, 1, 1)},
        {"first_day": date(9999, 12, 31)},
        {"until": date(2046, 1, 1)},
    ],
    ids=str,
)
def test_line_that_cannot_be_is_refused(room, marcel, changes):
    line = Line(**{**SOUP.__dict__, **changes})
    with pytest.raises(NotAWeeklyLine):
        add(room, marcel, line)
    assert db.session.query(OwnProgramme).count() == 0


@pytest.mark.both
def test_changed_line_rewrites_only_what_is_to_come(room, marcel):
    code = add(room, marcel)
    later = NOW + timedelta(days=10)
    monday = Line("zaal", "Soep en brood", 0, 11 * 60, 14 * 60)
    houses.change_line(room.venue.slug, code, monday, by=marcel, now=later)
    days = held(code)
    assert days[:3] == [THURSDAY, date(2026, 12, 7), date(2026, 12, 14)]
    assert {day.weekday() for day in days[1:]} == {0}
    line = line_of(code)
    assert (line.title, line.sequence, line.changed_at) == ("Soep en brood", 1, later)


def test_changed_line_is_there_once_on_the_day_of_the_change(room, marcel):
    code = add(room, marcel)
    noon = datetime(2026, 11, 26, 11, 30, tzinfo=UTC)
    houses.change_line(room.venue.slug, code, Line("zaal", "Soepcafé", 3, 15 * 60, 17 * 60), by=marcel, now=noon)
    assert stands(room, THURSDAY) == [("own_programme", 11)]
    assert stands(room, THURSDAY + WEEK) == [("own_programme", 15)]


def test_changed_line_that_has_not_begun_today_moves_today_already(room, marcel):
    code = add(room, marcel)
    morning = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
    houses.change_line(room.venue.slug, code, Line("zaal", "Soepcafé", 3, 15 * 60, 17 * 60), by=marcel, now=morning)
    assert stands(room, THURSDAY) == [("own_programme", 15)]


def test_changed_line_takes_another_room_and_frees_the_first(room, marcel):
    small = make_room("kleine-zaal", venue=room.venue)
    code = add(room, marcel)
    line = Line("kleine-zaal", "Soepcafé", 3, 11 * 60, 14 * 60)
    houses.change_line(room.venue.slug, code, line, by=marcel, now=NOW)
    assert (stands(room, THURSDAY), stands(small, THURSDAY)) == ([], [("own_programme", 11)])


def test_dropped_line_ends_today_and_keeps_what_has_been(room, marcel):
    code = add(room, marcel)
    later = NOW + timedelta(days=10)
    houses.drop_line(room.venue.slug, code, by=marcel, now=later)
    assert (held(code), line_of(code).until) == ([THURSDAY], date(2026, 12, 2))
    assert storage.dates_of(line_of(code), later) == []
    assert programme.write_out(later + timedelta(days=40)) == 0
    assert storage.of_venue(room.venue.id, later.date()) == []


@pytest.mark.both
def test_day_left_out_is_free_for_others_and_comes_back(room, marcel):
    code = add(room, marcel)
    for _again in range(2):
        houses.leave_out(room.venue.slug, code, THURSDAY, by=marcel, now=NOW)
    assert (held(code)[0], stands(room, THURSDAY)) == (THURSDAY + WEEK, [])
    for _again in range(2):
        houses.put_in(room.venue.slug, code, THURSDAY, by=marcel, now=NOW)
    assert (held(code)[0], line_of(code).exceptions) == (THURSDAY, [])
    # It alone has changed, twice: the other dates are to calendars what they were.
    times = {uid: one.sequence for uid, one in programme_dates.changed([line_of(code).id]).items()}
    assert (line_of(code).sequence, times) == (0, {f"{code}-20261126": 2})


def test_day_left_out_stays_so_when_the_line_is_written_further(room, marcel):
    code = add(room, marcel)
    houses.leave_out(room.venue.slug, code, THURSDAY + WEEK, by=marcel, now=NOW)
    programme.write_out(NOW + timedelta(days=2))
    assert THURSDAY + WEEK not in held(code)


@pytest.mark.both
def test_day_that_somebody_has_meanwhile_does_not_come_back(room, marcel):
    day = date(2027, 1, 14)
    code = add(room, marcel)
    houses.leave_out(room.venue.slug, code, day, by=marcel, now=NOW)
    make_request(Status.APPROVED, room=room, slot=at("12:00", "16:00", day=day), by=make_an())
    with pytest.raises(houses.Promised) as refused:
        houses.put_in(room.venue.slug, code, day, by=marcel, now=NOW)
    assert refused.value.days == [day]
    assert [one.day for one in line_of(code).exceptions] == [day]


@pytest.mark.parametrize("day", [THURSDAY + timedelta(days=1), THURSDAY - WEEK, date(2029, 1, 4)], ids=str)
def test_day_that_is_no_date_of_the_line_cannot_be_left_out(room, marcel, day):
    code = add(room, marcel)
    for deed in (houses.leave_out, houses.put_in):
        with pytest.raises(houses.UnknownHouse):
            deed(room.venue.slug, code, day, by=marcel, now=NOW)


def test_date_whose_room_came_free_can_be_taken_after_all(room, marcel):
    day = date(2027, 1, 14)
    an = make_an()
    request = make_request(Status.REQUESTED, room=room, slot=at("12:00", "16:00", day=day), by=an)
    code = add(room, marcel)
    requests.withdraw(request.code, by=an, now=NOW)
    (state,) = [one.state for one in storage.dates_of(line_of(code), NOW) if one.day == day]
    assert state is DateState.FREE
    houses.put_in(room.venue.slug, code, day, by=marcel, now=NOW)
    assert day in held(code)


DEEDS = {
    "add": lambda room, code, by: houses.add_line(room.venue.slug, SOUP, by=by, now=NOW),
    "change": lambda room, code, by: houses.change_line(room.venue.slug, code, SOUP, by=by, now=NOW),
    "drop": lambda room, code, by: houses.drop_line(room.venue.slug, code, by=by, now=NOW),
    "leave out": lambda room, code, by: houses.leave_out(room.venue.slug, code, THURSDAY, by=by, now=NOW),
    "put in": lambda room, code, by: houses.put_in(room.venue.slug, code, THURSDAY, by=by, now=NOW),
    "close": lambda room, code, by: closures.close(
        room.venue.slug, ["zaal"], SATURDAY, SATURDAY, "Verlof", by=by, now=NOW
    ),
    "reopen": lambda room, code, by: closures.reopen(room.venue.slug, [1], by=by, now=NOW),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_house_is_kept_only_by_those_who_decide_for_it(room, deed):
    line = make_programme(room)
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            DEEDS[deed](room, line.code, who)
    assert db.session.query(OwnProgramme.sequence).all() == [(0,)]


@pytest.mark.parametrize("deed", ["change", "drop", "leave out", "put in"])
def test_line_of_another_house_is_not_found(room, marcel, deed):
    line = make_programme(make_room("zaal", venue=make_venue("malem")))
    with pytest.raises(houses.UnknownHouse):
        DEEDS[deed](room, line.code, marcel)


def test_house_may_be_kept_by_the_city_desk(room):
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    assert held(add(room, actor_of(sofie)))[0] == THURSDAY


def test_house_that_does_not_exist_is_not_found(room, marcel):
    with pytest.raises(houses.UnknownHouse):
        houses.add_line("nergens", SOUP, by=marcel, now=NOW)
    with pytest.raises(houses.UnknownHouse):
        add(room, marcel, Line("kelder", "Soepcafé", 3, 600, 700))


def close(room, by, first=date(2026, 12, 24), last=date(2026, 12, 31), reason="Verlof", *, slugs=("zaal",)):
    closures.close(room.venue.slug, slugs, first, last, reason, by=by, now=NOW)


def closure_ids():
    db.session.close()
    return [one.id for one in db.session.query(Closure).order_by(Closure.id)]


@pytest.mark.both
def test_closed_days_clear_own_programme_which_comes_back_with_them(room, marcel):
    code = add(room, marcel)
    before = held(code)
    close(room, marcel)
    assert [day for day in before if day not in held(code)] == [date(2026, 12, 24), date(2026, 12, 31)]
    assert [stands(room, date(2026, 12, day)) for day in (23, 24, 31)] == [[], [("closure", 0)], [("closure", 0)]]
    closures.reopen(room.venue.slug, closure_ids(), by=marcel, now=NOW)
    assert (held(code), closure_ids()) == (before, [])


def test_closed_days_clear_what_begins_the_evening_before_and_bring_it_back(room, marcel):
    code = add(room, marcel, Line("zaal", "Dansavond", 2, 20 * 60, 25 * 60))
    close(room, marcel)
    assert date(2026, 12, 23) not in held(code)
    closures.reopen(room.venue.slug, closure_ids(), by=marcel, now=NOW)
    assert date(2026, 12, 23) in held(code)


def test_day_left_out_does_not_come_back_with_an_opening(room, marcel):
    code = add(room, marcel)
    houses.leave_out(room.venue.slug, code, date(2026, 12, 24), by=marcel, now=NOW)
    close(room, marcel)
    closures.reopen(room.venue.slug, closure_ids(), by=marcel, now=NOW)
    assert date(2026, 12, 24) not in held(code)


@pytest.mark.both
def test_promised_days_cannot_be_closed_and_nothing_changes(room, marcel):
    code = add(room, marcel)
    before = held(code)
    make_request(Status.APPROVED, room=room, slot=at("15:00", "18:00", day=date(2027, 1, 14)), by=make_an())
    with pytest.raises(houses.Promised) as refused:
        close(room, marcel, date(2027, 1, 11), date(2027, 1, 17))
    assert (refused.value.days, held(code), closure_ids()) == ([date(2027, 1, 14)], before, [])
    assert (line_of(code).sequence, db.session.query(ProgrammeGone).count()) == (0, 0)


def test_days_that_are_closed_cannot_be_closed_again(room, marcel):
    close(room, marcel)
    with pytest.raises(closures.AlreadyClosed):
        close(room, marcel, date(2026, 12, 31), date(2027, 1, 2))
    assert len(closure_ids()) == 1


@pytest.mark.parametrize(
    "first, last, reason",
    [
        (date(2026, 12, 24), date(2026, 12, 23), "Verlof"),
        (date(2026, 11, 20), date(2026, 11, 22), "Verlof"),
        (date(2026, 12, 24), date(2028, 12, 24), "Verlof"),
        (date(2026, 12, 24), date(2026, 12, 24), "  "),
        (date(2026, 12, 24), date(2026, 12, 24), "x" * 201),
    ],
)
def test_days_that_cannot_be_closed_are_refused(room, marcel, first, last, reason):
    with pytest.raises(closures.NotAPeriod):
        close(room, marcel, first, last, reason)
    assert closure_ids() == []


@pytest.mark.parametrize("slugs", [[], ["kelder"], ["zaal", "kelder"]])
def test_rooms_that_the_house_has_not_cannot_be_closed(room, marcel, slugs):
    with pytest.raises(houses.UnknownHouse):
        close(room, marcel, slugs=slugs)
    assert closure_ids() == []


@pytest.mark.both
def test_hall_of_parts_closes_each_space_once(app):
    venue = make_venue("buurthuis")
    spaces = [make_space(venue, name) for name in ("Links", "Rechts")]
    left = make_room("links", venue=venue, spaces=spaces[:1])
    hall = make_room("zaal", venue=venue, spaces=spaces)
    marcel = make_decider(hall)
    code, _told_no = houses.add_line(venue.slug, Line("links", "Kaarten", 3, 780, 900), by=marcel, now=NOW)
    close(hall, marcel, slugs=["links", "zaal"])
    assert (stands(left, date(2026, 12, 24)), stands(hall, date(2026, 12, 24))) == ([("closure", 0)], [("closure", 0)])
    closures.reopen(venue.slug, closure_ids(), by=marcel, now=NOW)
    assert date(2026, 12, 24) in held(code)


def test_closure_of_another_house_stays(room, marcel):
    other = make_room("zaal", venue=make_venue("malem"))
    close(other, make_decider(other, "rita@malem.example"))
    for ids in (closure_ids(), [], [10**6]):
        with pytest.raises(houses.UnknownHouse):
            closures.reopen(room.venue.slug, ids, by=marcel, now=NOW)
    assert len(closure_ids()) == 1


def test_what_the_demonstrations_people_keep_is_marked_as_such(room):
    account = make_account("marcel@demo.example")
    make_desk("demo", venue=room.venue, members=[account], is_demo=True)
    code = add(room, actor_of(account))
    close(room, actor_of(account))
    assert (line_of(code).is_demo, db.session.query(Closure.is_demo).all()) == (True, [(True,)])


def test_what_fell_away_is_forgotten_when_no_calendar_shows_it_any_more(room, marcel):
    houses.leave_out(room.venue.slug, add(room, marcel), THURSDAY, by=marcel, now=NOW)
    programme.write_out(NOW + timedelta(days=31))
    assert db.session.query(ProgrammeGone).count() == 1
    programme.write_out(NOW + timedelta(days=41))
    assert db.session.query(ProgrammeGone).count() == 0


@pytest.mark.both
def test_day_left_out_is_offered_to_the_first_on_the_waiting_list(room, marcel):
    day = date(2027, 1, 14)
    code = add(room, marcel)
    wish = replace(make_wish(room, at("12:00", "14:00", day=day)), is_waiting=True)
    waiting = requests.ask(wish, by=make_an(), now=NOW, visitor=AT_HOME).code
    houses.leave_out(room.venue.slug, code, day, by=marcel, now=NOW)
    assert read(waiting).status is Status.OFFERED


@pytest.mark.parametrize("day", [date(2046, 1, 1), date(9999, 12, 31)], ids=str)
def test_closure_that_lies_absurdly_far_ahead_is_refused(room, marcel, day):
    with pytest.raises(closures.NotAPeriod):
        closures.close(room.venue.slug, [room.slug], day, day, "Vloer", by=marcel, now=NOW)
    assert db.session.query(Closure).count() == 0
