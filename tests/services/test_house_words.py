"""What a house says of itself and of its rooms: beside the register, at once, and told to the later of two."""

from dataclasses import replace

import pytest

from tests.builders import (
    NOW,
    PASSER_BY,
    actor_of,
    keep,
    make_account,
    make_an,
    make_decider,
    make_desk,
    make_room,
    make_venue,
)
from tests.race import together
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.places import Known
from zalenzoeker.services import house_rooms, house_texts, houses
from zalenzoeker.services.house_rooms import RoomWords
from zalenzoeker.services.house_texts import HouseWords
from zalenzoeker.storage import changes, city, venues
from zalenzoeker.storage import facilities as things
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Facility, HouseFact, HouseText, RoomFacility

WORDS = HouseWords("Kom binnen.\n\nDe koffie is klaar.", "Sleutel bij de bakker.", Known.YES)
ROOM = RoomWords("Een lichte zaal.", 40, 60, frozenset({"beamer", "lift"}), frozenset({"ringleiding"}))


@pytest.fixture
def room(app):
    return make_room("zaal", venue=make_venue("open-huis-drongen"), capacity=None)


@pytest.fixture
def facilities(app):
    """Beamer, kitchen, lift and loop."""
    return {
        slug: keep(Facility(slug=slug, name=slug.capitalize(), group="x"))
        for slug in ("beamer", "keuken", "lift", "ringleiding")
    }


def told(room):
    db.session.close()
    return house_texts.told(houses.houses.venue(room.venue.slug))


def told_of_room(room):
    db.session.close()
    return house_rooms.told(room.venue, things.with_facilities(room.venue_id, room.slug))


def says(room, by, words=WORDS, seen=None):
    seen = version_of(told(room).as_kept()) if seen is None else seen
    house_texts.say(room.venue.slug, words, by=by, now=NOW, version=seen)


def says_of_room(room, by, words=ROOM, seen=None):
    seen = version_of(told_of_room(room).as_kept()) if seen is None else seen
    house_rooms.say(room.venue.slug, room.slug, words, by=by, now=NOW, version=seen)


def log(room):
    db.session.close()
    return [(one.what.value, one.before, one.after) for one in reversed(changes.of_house(room.venue_id, [], 50, 0))]


@pytest.mark.both
def test_house_says_what_it_is_and_the_register_stays(room, marcel):
    says(room, marcel, replace(WORDS, about="  Kom binnen.  \r\n\r\n\r\n\r\nDe koffie is klaar. \n"))
    assert told(room) == WORDS
    assert log(room) == [
        ("text", None, {"name": "about", "room": "", "words": WORDS.about}),
        ("text", None, {"name": "practical", "room": "", "words": WORDS.practical}),
        ("facilities", {"wheelchair": "unknown"}, {"wheelchair": "yes"}),
    ]
    place = venues.by_slug(room.venue.slug)
    assert (place.wheelchair, place.access) == (Known.UNKNOWN, Known.YES)
    assert city.city().by_id[room.id].wheelchair is Known.YES
    says(room, marcel)
    says(room, marcel, HouseWords())
    assert told(room) == HouseWords()
    assert (db.session.query(HouseText).count(), db.session.query(HouseFact).count()) == (0, 0)
    assert len(log(room)) == 6


def test_house_that_says_what_the_register_says_keeps_no_fact(marcel, room):
    db.session.close()
    place = make_venue("met-helling", wheelchair=Known.YES)
    by = make_decider(make_room("zaal", venue=place), "rita@helling.example")
    house_texts.say("met-helling", HouseWords(wheelchair=Known.YES), by=by, now=NOW, version="wat dan ook")
    assert db.session.query(HouseFact).count() == 0
    seen = version_of(HouseWords().as_kept())
    house_texts.say("met-helling", HouseWords(wheelchair=Known.NO), by=by, now=NOW, version=seen)
    db.session.close()
    assert (venues.by_slug("met-helling").wheelchair, venues.by_slug("met-helling").access) == (Known.YES, Known.NO)


@pytest.mark.both
def test_room_is_what_the_house_says_at_once(room, marcel, facilities):
    says_of_room(room, marcel)
    assert told_of_room(room) == ROOM
    known = city.city().by_id[room.id]
    assert (known.capacity, known.is_seated, known.facilities) == (60, False, {"beamer", "lift"})
    place = venues.by_slug(room.venue.slug)
    assert things.access(place, ["lift", "ringleiding", "parking"]) == {
        "lift": Known.YES,
        "ringleiding": Known.NO,
        "parking": Known.UNKNOWN,
    }
    assert log(room) == [
        ("text", None, {"name": "about", "room": "Zaal", "words": "Een lichte zaal."}),
        (
            "capacity",
            {"room": "Zaal", "seated": None, "standing": None},
            {"room": "Zaal", "seated": 40, "standing": 60},
        ),
        (
            "facilities",
            {"room": "Zaal", "there": [], "absent": []},
            {"room": "Zaal", "there": ["beamer", "lift"], "absent": ["ringleiding"]},
        ),
    ]
    says_of_room(room, marcel)
    assert len(log(room)) == 3


@pytest.mark.both
def test_room_says_that_something_of_the_register_is_gone_and_the_register_stays(app, facilities):
    room = make_room("zaal", venue=make_venue("open-huis-drongen"), capacity=50)
    marcel = make_decider(room, "marcel@drongen.example")
    keep(RoomFacility(room_id=room.id, facility_id=facilities["beamer"].id))
    says_of_room(room, marcel, RoomWords(seated=10, there=frozenset({"keuken"})))
    words = told_of_room(room)
    assert (words.seated, words.there, words.absent) == (50, {"keuken"}, {"beamer"})
    assert city.city().by_id[room.id].facilities == {"keuken"}
    assert db.session.query(RoomFacility).count() == 1
    says_of_room(room, marcel, RoomWords(there=frozenset({"keuken", "beamer"})))
    facts = [(one.name, one.value) for one in db.session.query(HouseFact)]
    assert (told_of_room(room).there, facts) == ({"keuken", "beamer"}, [("facility", "keuken")])


def test_texts_that_are_too_long_and_things_that_are_not_there_are_refused(room, marcel, facilities):
    for words in (HouseWords("x" * 601), HouseWords(practical="x" * 2001)):
        with pytest.raises(house_texts.TooLong):
            says(room, marcel, words)
    with pytest.raises(house_texts.TooLong):
        says_of_room(room, marcel, RoomWords("x" * 601))
    for number in (0, -1, 5001):
        with pytest.raises(house_rooms.NotANumber):
            says_of_room(room, marcel, RoomWords(seated=number))
    both = frozenset({"beamer"})
    for words in (RoomWords(there=frozenset({"zwembad"})), RoomWords(there=both, absent=both)):
        with pytest.raises(house_rooms.UnknownThing):
            says_of_room(room, marcel, words)
    assert log(room) == []


@pytest.mark.both
def test_words_of_two_at_once_are_told_to_the_later(app, room, marcel, facilities):
    seen = version_of(told(room).as_kept())
    texts = [lambda text=text: says(room, marcel, HouseWords(text), seen) for text in ("Eén", "Twee")]
    of_room = version_of(told_of_room(room).as_kept())
    sizes = [lambda size=size: says_of_room(room, marcel, RoomWords(seated=size), of_room) for size in (10, 20)]
    for deeds in (texts, sizes):
        found = sorted(type(one).__name__ for one in together(app, *deeds))
        assert found == ["ChangedMeanwhile", "NoneType"]
    with pytest.raises(ChangedMeanwhile):
        says(room, marcel, HouseWords("Drie"), seen)


def test_words_are_kept_only_by_those_who_decide(room, facilities):
    elsewhere = make_decider(make_room("zaal", venue=make_venue("malem")), "rita@malem.example")
    for who in (PASSER_BY, make_an(), elsewhere):
        with pytest.raises(NotAllowed):
            says(room, who)
        with pytest.raises(NotAllowed):
            says_of_room(room, who)


def test_words_of_a_room_that_is_not_there_are_not_found(room, marcel):
    with pytest.raises(houses.UnknownHouse):
        house_rooms.say(room.venue.slug, "kelder", RoomWords(), by=marcel, now=NOW, version="")


def test_words_of_the_demonstrations_people_are_marked_and_those_of_others_stay(room, facilities):
    account = make_account("marcel@demo.example")
    make_desk("demo", venue=room.venue, members=[account], is_demo=True)
    says(room, actor_of(account))
    says_of_room(room, actor_of(account))
    db.session.close()
    assert {one.is_demo for one in db.session.query(HouseFact)} == {True}
    assert {one.is_demo for one in db.session.query(HouseText)} == {True}
