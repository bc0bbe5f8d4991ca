"""Which desk decides for a house: who may say so, what comes of it, and what stays where it is."""

from datetime import date, time

import pytest

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    keep,
    make_account,
    make_city_desk,
    make_decider,
    make_desk,
    make_neighbourhood,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.race import together
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.requests import ActivityKind, RequesterKind, Status
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import houses, routing
from zalenzoeker.services.routing import WantedLine
from zalenzoeker.storage import city, desks
from zalenzoeker.storage import houses as kept_houses
from zalenzoeker.storage import routing as stored
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import RoutingLine, SpecialDay
from zalenzoeker.storage.models.desks import DeskKind

HOUSE = "open-huis-drongen"
PARTY = ActivityKind.PARTY
PARTIES = WantedLine("wijkteam", "Voor een feest", activity_kind=PARTY)
EVENINGS = WantedLine("stad", "’s Avonds", from_time=time(18))


@pytest.fixture
def team(room):
    """The community workers of a centre in the same neighbourhood."""
    centre = make_venue("buurtcentrum")
    member = make_account("bea@wijkteam.example")
    return make_desk("wijkteam", venue=centre, members=[member], kind=DeskKind.COMMUNITY_WORKERS)


@pytest.fixture
def sofie(app):
    return actor_of(make_city_desk([make_account("sofie@stad.example")]).members[0])


def version(room):
    db.session.close()
    return stored.version_of(stored.lines_for(room.venue_id))


def lines(room):
    """Return the lines of the house in their order: whose desk, and why."""
    db.session.close()
    return [(row.desk.slug, row.reason) for row in stored.lines_for(room.venue_id)]


def adds(room, by, wanted=PARTIES, **changes):
    changes.setdefault("version", version(room))
    return routing.add(room.venue.slug, wanted, by=by, now=NOW, **changes)


def goes_to(room, day=SATURDAY, **fields):
    """Ask for the room; say which desk has it and which reason is kept."""
    request = make_request(room=room, slot=at(fields.pop("starts", "14:00"), "23:00", day=day), **fields)
    return request.desk.slug, request.route_reason


@pytest.mark.both
def test_line_routes_what_is_asked_next_and_keeps_its_reason(room, marcel, team):
    own = lines(room)[0]
    waiting = make_request(room=room, activity_kind=PARTY)
    code = adds(room, marcel)
    assert lines(room) == [("wijkteam", "Voor een feest"), own]
    assert goes_to(room, date(2027, 1, 17), activity_kind=PARTY) == ("wijkteam", "Voor een feest")
    assert goes_to(room, date(2027, 1, 18), activity_kind=ActivityKind.MEETING) == own
    assert goes_to(room, date(2027, 1, 19)) == own
    after = read(waiting.code)
    assert (after.desk.slug, after.route_reason, after.version) == (own[0], own[1], waiting.version)
    routing.drop(HOUSE, code, by=marcel, version=version(room), now=NOW)
    assert goes_to(room, date(2027, 1, 20), activity_kind=PARTY) == own


@pytest.mark.both
def test_snapshot_of_the_city_sees_every_change_of_a_line(room, marcel, team):
    def known():
        db.session.close()
        found = city.city()
        return [(line.reason, line.activity_kind) for line in found.routing if line.venue_id == room.venue_id]

    rest = known()
    code = adds(room, marcel)
    other = adds(room, marcel, EVENINGS)
    assert known() == [("Voor een feest", PARTY), ("’s Avonds", None), *rest]
    routing.move(HOUSE, other, is_up=True, by=marcel, version=version(room), now=NOW)
    assert known() == [("’s Avonds", None), ("Voor een feest", PARTY), *rest]
    repetition = WantedLine("wijkteam", "Repetities", activity_kind=ActivityKind.REHEARSAL)
    routing.change(HOUSE, code, repetition, by=marcel, version=version(room), now=NOW)
    assert known() == [("’s Avonds", None), ("Repetities", ActivityKind.REHEARSAL), *rest]
    routing.drop(HOUSE, other, by=marcel, version=version(room), now=NOW)
    assert known() == [("Repetities", ActivityKind.REHEARSAL), *rest]


@pytest.mark.both
def test_conditions_are_kept_as_they_were_said(room, marcel, team):
    wanted = WantedLine(
        "wijkteam",
        "Feesten",
        room=room.slug,
        weekdays=frozenset({5, 6}),
        from_time=time(18),
        to_time=time(1),
        requester_kind=RequesterKind.PERSON,
        activity_kind=PARTY,
        on_holidays=False,
    )
    code = adds(room, marcel, wanted)
    row = next(row for row in stored.lines_for(room.venue_id) if row.code == code)
    found = row.line
    assert (found.room_id, found.weekdays, found.from_time, found.to_time) == (room.id, {5, 6}, time(18), time(1))
    assert (found.requester_kind, found.activity_kind, found.on_holidays) == (RequesterKind.PERSON, PARTY, False)


def test_holidays_are_those_that_the_city_knows(room, marcel, team):
    keep(
        SpecialDay(kind=SpecialKind.LEGAL, name="Feestdag", first_day=SATURDAY, last_day=SATURDAY),
        SpecialDay(
            kind=SpecialKind.CITY_CLOSING, name="Brugdag", first_day=date(2027, 1, 18), last_day=date(2027, 1, 18)
        ),
    )
    adds(room, marcel, WantedLine("wijkteam", "Feestdagen", on_holidays=True))
    sunday = date(2027, 1, 17)
    assert [goes_to(room, day)[1] for day in (SATURDAY, sunday)] == ["Feestdagen", lines(room)[-1][1]]


def test_series_goes_by_its_first_date(room, marcel, team):
    adds(room, marcel, WantedLine("wijkteam", "Zondag", weekdays=frozenset({6})))
    assert goes_to(room)[0] != "wijkteam"
    assert goes_to(room, date(2027, 1, 17))[0] == "wijkteam"


def test_request_confirmed_at_once_knows_its_desk_too(room, marcel, team):
    adds(room, marcel)
    request = make_request(Status.APPROVED, room=room, activity_kind=PARTY)
    assert request.desk.slug == "wijkteam"


# Who may.


@pytest.mark.parametrize("who", ["anyone", "elsewhere"])
def test_lines_are_only_of_who_keeps_the_house(room, marcel, team, who):
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    by = {"anyone": ANYONE, "elsewhere": elsewhere}[who]
    code = adds(room, marcel)
    before, seen = lines(room), version(room)
    for deed in (
        lambda: routing.add(HOUSE, EVENINGS, by=by, version=seen, now=NOW),
        lambda: routing.change(HOUSE, code, EVENINGS, by=by, version=seen, now=NOW),
        lambda: routing.drop(HOUSE, code, by=by, version=seen, now=NOW),
        lambda: routing.move(HOUSE, code, is_up=False, by=by, version=seen, now=NOW),
        lambda: routing.set_rest(HOUSE, "stad", "", by=by, version=seen, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert lines(room) == before


def test_house_chooses_its_own_desks_the_community_workers_nearby_and_the_city(room, marcel, team):
    far = make_venue("buurtcentrum-ver", neighbourhood=make_neighbourhood("ver", "Ver"))
    make_desk("verre-team", venue=far, kind=DeskKind.COMMUNITY_WORKERS)
    make_desk("vrijwilligers-elders", venue=make_venue("open-huis-elders"))
    own = lines(room)[0][0]
    found = [desk.slug for desk in stored.desks_for(room.venue_id, is_city=False)]
    assert found == [own, "wijkteam", "stad"]
    for other in ("verre-team", "vrijwilligers-elders", "nergens"):
        with pytest.raises(routing.NotThisDesk):
            adds(room, marcel, WantedLine(other, "Voor een feest", activity_kind=PARTY))
    assert len(lines(room)) == 1


def test_house_without_community_workers_around_chooses_the_nearest(room):
    near = make_venue("dichtbij", neighbourhood=make_neighbourhood("dicht", "Dicht"), lat=51.07)
    far = make_venue("verweg", neighbourhood=make_neighbourhood("ver", "Ver"), lat=51.2)
    make_desk("naaste", venue=near, kind=DeskKind.COMMUNITY_WORKERS)
    make_desk("verre", venue=far, kind=DeskKind.COMMUNITY_WORKERS)
    # Some hours of a house nearby are no place to work from.
    verre = desks.by_slug("verre")
    keep(RoutingLine(position=1, venue_id=room.venue_id, desk_id=verre.id, reason="Feest", activity_kind=PARTY))
    found = [desk.slug for desk in stored.desks_for(make_venue("leeg").id, is_city=False)]
    assert found == ["naaste", "stad"]


def test_city_chooses_any_desk_for_any_house(room, marcel, sofie):
    make_desk("vrijwilligers-elders", venue=make_venue("open-huis-elders"))
    adds(room, sofie, WantedLine("vrijwilligers-elders", "Voor een feest", activity_kind=PARTY))
    assert lines(room)[0] == ("vrijwilligers-elders", "Voor een feest")
    # What the city chose, the house may keep when it changes the rest of the line.
    code = stored.lines_for(room.venue_id)[0].code
    changed = WantedLine("vrijwilligers-elders", "Grote feesten", activity_kind=PARTY, on_holidays=True)
    routing.change(HOUSE, code, changed, by=marcel, version=version(room), now=NOW)
    assert lines(room)[0] == ("vrijwilligers-elders", "Grote feesten")


# The rest.


def test_line_for_the_rest_stays_whatever_the_house_does(room, marcel, team):
    adds(room, marcel)
    before = lines(room)
    rest = stored.lines_for(room.venue_id)[-1].code
    parties = stored.lines_for(room.venue_id)[0].code
    for deed in (
        lambda: routing.drop(HOUSE, rest, by=marcel, version=version(room), now=NOW),
        lambda: routing.change(HOUSE, rest, EVENINGS, by=marcel, version=version(room), now=NOW),
        lambda: routing.move(HOUSE, rest, is_up=True, by=marcel, version=version(room), now=NOW),
        lambda: routing.move(HOUSE, parties, is_up=False, by=marcel, version=version(room), now=NOW),
    ):
        with pytest.raises(routing.RestStays):
            deed()
    with pytest.raises(NotAllowed):
        routing.set_rest(HOUSE, "stad", "", by=marcel, version=version(room), now=NOW)
    with pytest.raises(routing.NotALine):
        adds(room, marcel, WantedLine("stad", "Alles"))
    assert lines(room) == before


@pytest.mark.both
def test_city_says_who_decides_about_the_rest(room, marcel, team, sofie):
    adds(room, marcel)
    routing.set_rest(HOUSE, "wijkteam", "", by=sofie, version=version(room), now=NOW)
    assert lines(room) == [("wijkteam", "Voor een feest"), ("wijkteam", "buurtwerkers")]
    assert goes_to(room) == ("wijkteam", "buurtwerkers")
    routing.set_rest(HOUSE, "stad", "Het huis verbouwt", by=sofie, version=version(room), now=NOW)
    assert desks.of_venue(room.venue_id).slug == "stad"
    with pytest.raises(routing.NotALine):
        routing.set_rest(HOUSE, "stad", "x" * 300, by=sofie, version=version(room), now=NOW)


def test_house_without_a_desk_gets_one_for_the_rest(app, sofie):
    room = make_room("zaal", venue=make_venue("zonder"))
    make_desk("elders")
    routing.set_rest("zonder", "elders", "", by=sofie, version=version(room), now=NOW)
    routing.set_rest("zonder", "elders", "", by=sofie, version="wat dan ook", now=NOW)
    assert lines(room) == [("elders", "vrijwilligersgroep")]


# Twice, at once, and in order.


def test_line_added_twice_stands_there_once(room, marcel, team):
    seen = version(room)
    first = adds(room, marcel, version=seen)
    assert (adds(room, marcel, version=seen), len(lines(room))) == (first, 2)


@pytest.mark.both
def test_lines_of_two_people_at_once_are_one_line_or_one_refusal(app, room, marcel, team):
    seen = version(room)
    same = together(app, *[lambda: adds(room, marcel, version=seen)] * 2)
    assert (len({*same}), len(lines(room))) == (1, 2)
    seen = version(room)
    wanted = [EVENINGS, WantedLine("stad", "Repetities", activity_kind=ActivityKind.REHEARSAL)]
    found = together(app, *[lambda line=line: adds(room, marcel, line, version=seen) for line in wanted])
    assert sorted(type(one).__name__ for one in found) == ["OtherLines", "str"]
    assert len(lines(room)) == 3


def test_line_changed_twice_is_changed_once(room, marcel, team):
    code, seen = adds(room, marcel), version(room)
    for _time in range(2):
        routing.change(HOUSE, code, EVENINGS, by=marcel, version=seen, now=NOW)
    assert lines(room)[0] == ("stad", "’s Avonds")


def test_line_with_the_conditions_of_another_is_refused(room, marcel, team):
    first, second = adds(room, marcel), adds(room, marcel, EVENINGS)
    with pytest.raises(routing.LineExists):
        adds(room, marcel, WantedLine("stad", "Feesten", activity_kind=PARTY))
    with pytest.raises(routing.LineExists):
        routing.change(HOUSE, second, PARTIES, by=marcel, version=version(room), now=NOW)
    assert [row.code for row in stored.lines_for(room.venue_id)][:2] == [first, second]


def test_lines_that_somebody_changed_meanwhile_are_looked_at_again_first(room, marcel, team):
    code = adds(room, marcel)
    seen = version(room)
    adds(room, marcel, EVENINGS)
    before = lines(room)
    repetition = WantedLine("stad", "Repetities", activity_kind=ActivityKind.REHEARSAL)
    for deed in (
        lambda: routing.add(HOUSE, repetition, by=marcel, version=seen, now=NOW),
        lambda: routing.change(HOUSE, code, repetition, by=marcel, version=seen, now=NOW),
        lambda: routing.drop(HOUSE, code, by=marcel, version=seen, now=NOW),
        lambda: routing.move(HOUSE, code, is_up=False, by=marcel, version=seen, now=NOW),
    ):
        with pytest.raises(routing.OtherLines):
            deed()
    assert lines(room) == before


def test_line_pressed_up_twice_moves_once(room, marcel, team):
    names = ["Een", "Twee", "Drie"]
    kinds = [ActivityKind.PARTY, ActivityKind.MEETING, ActivityKind.SPORT]
    codes = [
        adds(room, marcel, WantedLine("stad", name, activity_kind=kind))
        for name, kind in zip(names, kinds, strict=True)
    ]
    seen = version(room)
    routing.move(HOUSE, codes[2], is_up=True, by=marcel, version=seen, now=NOW)
    with pytest.raises(routing.OtherLines):
        routing.move(HOUSE, codes[2], is_up=True, by=marcel, version=seen, now=NOW)
    assert [reason for _desk, reason in lines(room)][:3] == ["Een", "Drie", "Twee"]
    routing.move(HOUSE, codes[0], is_up=True, by=marcel, version=version(room), now=NOW)
    routing.move(HOUSE, codes[0], is_up=False, by=marcel, version=version(room), now=NOW)
    assert [reason for _desk, reason in lines(room)][:3] == ["Drie", "Een", "Twee"]


def test_lines_of_the_whole_city_keep_their_place(room, marcel, team):
    city_id = desks.city_id()
    keep(
        RoutingLine(position=1, desk_id=city_id, reason="Verkiezingen", activity_kind=ActivityKind.PARTY_POLITICS),
        RoutingLine(position=500, desk_id=city_id, reason="Al het andere"),
    )
    first = adds(room, marcel)
    adds(room, marcel, EVENINGS)
    routing.move(HOUSE, first, is_up=False, by=marcel, version=version(room), now=NOW)
    own = lines(room)[3]
    assert [reason for _desk, reason in lines(room)] == [
        "Verkiezingen",
        "’s Avonds",
        "Voor een feest",
        own[1],
        "Al het andere",
    ]


def test_rooms_and_lines_of_another_house_are_unknown(room, marcel, team):
    with pytest.raises(houses.UnknownHouse):
        adds(room, marcel, WantedLine("stad", "Kelder", room="kelder"))
    elsewhere = make_desk("elders", venue=make_venue("malem"))
    line = db.session.query(RoutingLine).filter_by(desk_id=elsewhere.id).one().code
    with pytest.raises(routing.UnknownLine):
        routing.drop(HOUSE, line, by=marcel, version=version(room), now=NOW)
    with pytest.raises(houses.UnknownHouse):
        routing.add("nergens", PARTIES, by=marcel, version="", now=NOW)


def test_house_of_the_demonstration_stays_one_when_the_city_decides_some_of_it(app):
    venue = make_venue("proefhuis")
    room = make_room("zaal", venue=venue)
    member = make_account("proef@demo.example")
    make_desk("proef", venue=venue, members=[member], is_demo=True)
    adds(room, actor_of(member), EVENINGS)
    marks = [row.is_demo for row in stored.lines_for(venue.id) if row.desk.slug == "stad"]
    assert (marks, kept_houses.is_of_demonstration(venue.id)) == ([True], True)
