"""Which dates of activities are listed: they follow the booking or the line that they lean on."""

from datetime import time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    decider_of,
    make_account,
    make_desk,
    make_programme,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.statements import asked
from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import dates, houses
from zalenzoeker.storage import accounts, activities, feeds, occupancy, rooms
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import RoomSpace, Space

THURSDAY = NOW.date() + timedelta(days=3)


TODAY = NOW.date()


def listed(first=TODAY, last=SATURDAY, **which):
    db.session.close()
    return activities.listed(*span_of(first, last), **which)


def told(rows):
    return [(one.title, one.theme, f"{one.slot.starts:%m-%d %H}", one.is_cancelled) for one in rows]


@pytest.fixture
def house(app):
    return make_venue("open-huis")


@pytest.fixture
def room(house):
    return make_room(venue=house)


@pytest.fixture
def marcel(house):
    account = make_account("marcel@huis.example")
    make_desk(venue=house, members=[account])
    return actor_of(account)


@pytest.mark.both
def test_public_booking_is_listed_and_what_waits_or_is_private_is_not(room):
    make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"), is_public=True, activity="Repaircafé")
    make_request(Status.APPROVED, room=room, slot=at("13:00", "14:00"), activity="Vergadering")
    make_request(room=room, slot=at("15:00", "16:00"), is_public=True, activity="Quiz")
    assert told(listed()) == [("Repaircafé", Theme.REPAIR, "01-16 10", False)]


def test_activity_follows_when_its_booking_moves_and_says_so_when_it_falls_away(room):
    moved = make_request(Status.APPROVED, room=room, is_public=True, activity="Repaircafé")
    make_request(Status.CANCELLED, room=room, slot=at("20:00", "22:00"), is_public=True, activity="Quiz")
    make_request(Status.WITHDRAWN, room=room, slot=at("09:00", "10:00"), is_public=True, activity="Nooit")
    an = actor_of(accounts.by_email(moved.contact_email))
    to = dates.Move(time(10), time(12))
    dates.change(moved.code, moved.first.uid, Scope.THIS, to, by=an, now=NOW)
    quiz = ("Quiz", Theme.GAMES, "01-16 20", True)
    assert told(listed()) == [("Repaircafé", Theme.REPAIR, "01-16 14", False), quiz]
    waiting = read(moved.code)
    decisions.approve(moved.code, by=decider_of(waiting), now=NOW, version=waiting.version)
    assert told(listed()) == [("Repaircafé", Theme.REPAIR, "01-16 10", False), quiz]


@pytest.mark.both
def test_line_of_own_programme_is_listed_day_by_day_and_a_day_that_fell_away_once(room, marcel):
    line = make_programme(room, "Soepcafé", weekday=3)
    make_programme(room, "Overleg", weekday=1, is_public=False)
    houses.leave_out(room.venue.slug, line.code, THURSDAY, by=marcel, now=NOW)
    houses.leave_out(room.venue.slug, line.code, THURSDAY + timedelta(days=7), by=marcel, now=NOW)
    houses.put_in(room.venue.slug, line.code, THURSDAY + timedelta(days=7), by=marcel, now=NOW)
    assert told(listed(last=THURSDAY + timedelta(days=14))) == [
        ("Soepcafé", Theme.SOUP, "11-26 11", True),
        ("Soepcafé", Theme.SOUP, "12-03 11", False),
        ("Soepcafé", Theme.SOUP, "12-10 11", False),
    ]


def test_listing_chooses_by_room_theme_code_and_moment(room, house):
    other = make_room("kelder", venue=house)
    make_programme(room, "Soepcafé", weekday=3)
    make_programme(other, "Kaartnamiddag", weekday=3)
    all_of_them = listed(last=THURSDAY)
    assert [one.title for one in all_of_them] == ["Kaartnamiddag", "Soepcafé"]
    assert listed(last=THURSDAY, room_ids=[other.id]) == all_of_them[:1]
    assert listed(last=THURSDAY, themes=[Theme.SOUP]) == all_of_them[1:]
    assert listed(last=THURSDAY, codes=[all_of_them[0].code]) == all_of_them[:1]
    assert (listed(last=THURSDAY, room_ids=[]), listed(last=THURSDAY - timedelta(days=1))) == ([], [])


def test_what_fell_away_long_ago_is_left_out_when_asked(room, marcel):
    line = make_programme(room, "Soepcafé", weekday=3)
    houses.leave_out(room.venue.slug, line.code, THURSDAY, by=marcel, now=NOW)
    assert listed(last=THURSDAY, since=NOW) == []
    assert len(listed(last=THURSDAY, since=NOW - timedelta(seconds=1))) == 1


def test_hall_of_two_spaces_is_listed_once(house):
    half, other = make_room("links", venue=house), make_room("rechts", venue=house)
    spaces = [one for room in (half, other) for one in spaces_of(room)]
    make_programme(make_room("zaal", venue=house, spaces=spaces), "Bal")
    assert len(listed(last=THURSDAY)) == 1


def spaces_of(room):
    query = db.select(Space).join(RoomSpace, RoomSpace.space_id == Space.id).where(RoomSpace.room_id == room.id)
    return list(db.session.scalars(query))


def test_listing_asks_as_much_for_one_date_as_for_many(room):
    make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"), is_public=True)
    make_programme(room)
    with asked() as one:
        listed(last=THURSDAY)
    with asked() as many:
        listed()
    assert len(one) == len(many)


@pytest.mark.both
def test_calendar_is_marked_when_the_words_of_an_activity_change(room):
    line = make_programme(room, "Soepcafé")
    other = make_room("elders")
    make_programme(other, "Kaarten")
    before, before_other = feeds.standing(feeds.written([room.id])).mark, feeds.standing(feeds.written([other.id])).mark
    for name, value in (("title", "Soep"), ("theme", None), ("theme", Theme.MEAL), ("text", "Kom eten.")):
        with write_unit():
            setattr(activities.of_line(line.id), name, value)
        after = feeds.standing(feeds.written([room.id])).mark
        assert after != before
        before = after
    assert feeds.standing(feeds.written([other.id])).mark == before_other


@pytest.mark.both
def test_public_reads_the_words_of_the_activity_in_the_week_of_the_room_and_the_desk_those_that_were_asked(room):
    request = make_request(Status.APPROVED, room=room, activity="Repetitie", is_public=True)
    line = make_programme(room, "Soep", weekday=5, hours=(20, 21))
    with write_unit():
        activities.of_request(request.id).title = "Zingen"
        activities.of_line(line.id).title = "Soepcafé"
    span = span_of(SATURDAY, SATURDAY)
    seen = [
        [one.title for one in rooms.taken(occupancy.spaces_of(room.id), *span, 0, sight)]
        for sight in (rooms.IN_PUBLIC, rooms.Sight(all_titles=True))
    ]
    assert seen == [["Zingen", "Soepcafé"], ["Repetitie", "Soep"]]


@pytest.mark.both
def test_dates_of_a_theme_are_found_with_those_that_fell_away_and_without_those_that_were_never_sure(room):
    for status, moment in ((Status.APPROVED, "10:00"), (Status.CANCELLED, "14:00"), (Status.REQUESTED, "18:00")):
        slot = at(moment, f"{int(moment[:2]) + 2}:00")
        make_request(status, room=room, slot=slot, is_public=True, activity="Repaircafé")
    make_request(Status.APPROVED, room=room, slot=at("20:00", "22:00"), is_public=True, activity="Quiz")

    def found(**which):
        rows = feeds.booked([room.id], *span_of(TODAY, SATURDAY), since=NOW - timedelta(days=1), **which)
        return {(row.theme, f"{row.starts:%H}", row.status) for row in rows}

    everything = found()
    assert len(everything) == 3
    for theme in (Theme.REPAIR, Theme.GAMES):
        assert found(themes=[theme]) == {one for one in everything if one[0] is theme}
