"""Publishing: who may, what follows, what two at once do; the booking itself stays what it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    ANYONE,
    NOW,
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
from zalenzoeker.domain.activities import FREE, CannotPublish, Published, Theme
from zalenzoeker.domain.changes import ChangedMeanwhile, version_of
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.requests import NotPossible, Status
from zalenzoeker.services import activities as standing
from zalenzoeker.services import house_dates, houses, publishing
from zalenzoeker.services.houses import UnknownHouse
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import accounts, activities, programme, programme_dates
from zalenzoeker.storage.db import db

SOUP = Published(
    "Soep voor iedereen", "Kom eten.\n\nBreng een kom mee.", Theme.SOUP, "de buurt", FREE, False, True, ("nl", "tr")
)


@pytest.fixture
def room(app):
    return make_room(venue=make_venue("open-huis"))


@pytest.fixture
def marcel(room):
    account = make_account("marcel@huis.example", "Marcel")
    make_desk("huis", venue=room.venue, members=[account])
    return actor_of(account)


def asker_of(request):
    return actor_of(accounts.by_email(request.contact_email))


def version(activity, title=""):
    return version_of(publishing.as_kept(publishing.told(activity, title)))


def listed():
    db.session.close()
    return [one.title for one in activities.listed(*span_of(NOW.date(), at().day))]


def publish(request, words=SOUP, *, by=None, of=None):
    mark = of or version(activities.of_request(request.id), request.activity)
    return publishing.publish(request.code, words, by=by or asker_of(request), now=NOW, version=mark)


@pytest.mark.both
def test_asker_publishes_a_booking_that_was_private_and_takes_it_down_again(room):
    request = make_request(Status.APPROVED, room=room, activity="Repetitie")
    assert listed() == []
    publish(request)
    assert (listed(), publishing.told(activities.of_request(request.id), "")) == (["Soep voor iedereen"], SOUP)
    publishing.take_down(request.code, by=asker_of(request), now=NOW + timedelta(hours=1))
    assert (listed(), publishing.told(activities.of_request(request.id), "")) == ([], SOUP)
    # Calendars that have its name take it away only from a date that is newer than what they have.
    assert [date.changed_at for date in read(request.code).occurrences] == [NOW + timedelta(hours=1)]
    after = read(request.code)
    assert (after.version, after.activity, after.status) == (request.version, "Repetitie", Status.APPROVED)


def test_what_waits_is_published_only_when_it_is_confirmed(room):
    request = make_request(room=room)
    publish(request)
    assert (listed(), read(request.code).is_public) == ([], True)


def test_same_words_twice_are_once_and_other_words_on_an_old_page_are_refused(room):
    request = make_request(Status.APPROVED, room=room, is_public=True, activity="Soep")
    old = version(activities.of_request(request.id))
    publish(request, of=old)
    publish(request, of=old)
    with pytest.raises(ChangedMeanwhile):
        publish(request, replace(SOUP, title="Iets anders"), of=old)
    assert listed() == ["Soep voor iedereen"]


def test_desk_takes_down_and_puts_no_words_in_anybodys_mouth(room):
    request = make_request(Status.APPROVED, room=room, is_public=True, activity="Soep")
    rita = decider_of(request)
    with pytest.raises(NotAllowed):
        publish(request, by=rita)
    publishing.take_down(request.code, by=rita, now=NOW)
    publishing.take_down(request.code, by=rita, now=NOW)
    assert listed() == []


@pytest.mark.parametrize("email", ["", "vreemd@post.example"])
def test_stranger_publishes_and_takes_down_nothing(room, email):
    request = make_request(Status.APPROVED, room=room, is_public=True, activity="Soep")
    by = actor_of(make_account(email)) if email else ANYONE
    for deed in (lambda: publish(request, by=by), lambda: publishing.take_down(request.code, by=by, now=NOW)):
        with pytest.raises(NotAllowed):
            deed()
    assert listed() == ["Soep"]


@pytest.mark.parametrize("status", [Status.UNPROVED, Status.REFUSED, Status.WITHDRAWN, Status.CANCELLED])
def test_what_does_not_go_on_is_not_published(room, status):
    request = make_request(status, room=room)
    by = asker_of(request)
    with pytest.raises(NotPossible):
        publish(request, by=by)


def test_words_that_cannot_be_shown_and_what_is_not_there_are_refused(room, marcel):
    request = make_request(Status.APPROVED, room=room)
    with pytest.raises(CannotPublish):
        publish(request, replace(SOUP, title=" "))
    with pytest.raises(UnknownRequest):
        publishing.publish("er-niet", SOUP, by=marcel, now=NOW, version="")
    with pytest.raises(UnknownHouse):
        publishing.publish_line("open-huis", "er-niet", SOUP, by=marcel, now=NOW, version="")


def test_picture_that_nobody_shows_any_more_is_named_and_one_that_another_shows_is_not(room, marcel):
    line = make_programme(room)
    words = replace(SOUP, picture="a.jpg", picture_words="Een pan")

    def say(said, code=line.code):
        found = activities.of_line(line.id) if code == line.code else activities.of_request(code)
        return publishing.publish_line("open-huis", code, said, by=marcel, now=NOW, version=version(found))

    assert say(words) == ""
    assert say(replace(words, picture="b.jpg")) == "a.jpg"
    house_dates.move_date(
        "open-huis", line.code, NOW.date().replace(day=26), room=room.slug, to=NOW.date().replace(day=27),
        minutes=(600, 660), by=marcel, now=NOW,
    )  # fmt: skip
    # What was moved shows it too, and goes on doing so when its day has another date again.
    houses.put_in("open-huis", line.code, NOW.date().replace(day=26), by=marcel, now=NOW)
    assert say(SOUP) == ""
    assert say(words) == ""


def test_house_publishes_its_own_line_and_no_other_house_does(room, marcel):
    line = make_programme(room, "Overleg", is_public=False)
    elsewhere = make_account("lies@elders.example")
    make_desk("elders", venue=make_venue("elders"), members=[elsewhere])
    with pytest.raises(NotAllowed):
        publishing.publish_line("open-huis", line.code, SOUP, by=actor_of(elsewhere), now=NOW, version="")
    mark = version(None, "Overleg")
    publishing.publish_line("open-huis", line.code, SOUP, by=marcel, now=NOW, version=mark)
    assert set(listed()) == {"Soep voor iedereen"}
    publishing.take_line_down("open-huis", line.code, by=marcel, now=NOW)
    assert listed() == []


def test_line_that_gets_another_name_takes_its_activity_along_unless_that_has_its_own(room, marcel):
    first, second = make_programme(room, "Soep", weekday=1), make_programme(room, "Kaarten", weekday=2)
    mark = version(activities.of_line(second.id))
    publishing.publish_line("open-huis", second.code, replace(SOUP, title="Manillen"), by=marcel, now=NOW, version=mark)
    for row, weekday in ((first, 1), (second, 2)):
        line = houses.Line(room.slug, "Anders", weekday, 660, 840)
        houses.change_line("open-huis", row.code, line, by=marcel, now=NOW)
    assert set(listed()) == {"Anders", "Manillen"}


def test_new_line_has_an_activity_and_a_date_of_it_keeps_that_wherever_it_is_moved(room, marcel):
    line = houses.Line(room.slug, "Soepcafé", 3, 660, 840)
    code, _overtaken = houses.add_line("open-huis", line, by=marcel, now=NOW)
    houses.add_line("open-huis", replace(line, weekday=4, is_public=False), by=marcel, now=NOW)
    assert set(listed()) == {"Soepcafé"}
    publishing.publish_line(
        "open-huis", code, SOUP, by=marcel, now=NOW,
        version=version_of(publishing.as_kept(Published("Soepcafé", theme=Theme.SOUP))),
    )  # fmt: skip
    day = NOW.date().replace(day=26)
    line_id, there = programme.by_code(code).id, code
    for to in (28, 29):
        [before] = activities.listed(*span_of(day, day.replace(day=29)))
        moment = {"to": day.replace(day=to), "minutes": (600, 660)}
        house_dates.move_date("open-huis", there, before.slot.day, room=room.slug, **moment, by=marcel, now=NOW)
        db.session.close()
        [after] = activities.listed(*span_of(day, day.replace(day=29)))
        same = before.code, before.uid, "Soep voor iedereen", False
        assert (after.code, after.uid, after.title, after.is_cancelled) == same
        assert (after.slot.day.day, after.sequence > before.sequence) == (to, True)
        [there] = [one.code for one in programme_dates.moved_from(line_id)]
    publishing.take_line_down("open-huis", code, by=marcel, now=NOW)
    assert listed() == []


def test_date_that_has_its_own_day_again_and_the_one_it_had_become_are_two(room, marcel):
    line = make_programme(room, "Soepcafé")
    day = NOW.date().replace(day=26)
    moment = {"to": day.replace(day=27), "minutes": (600, 660)}
    house_dates.move_date("open-huis", line.code, day, room=room.slug, **moment, by=marcel, now=NOW)
    houses.put_in("open-huis", line.code, day, by=marcel, now=NOW)
    found = activities.listed(*span_of(day, day.replace(day=27)))
    assert [(one.title, one.slot.day.day, one.is_cancelled) for one in found] == [
        ("Soepcafé", 26, False),
        ("Soepcafé", 27, False),
    ]
    assert len({one.code for one in found}) == len({one.uid for one in found}) == 2


def test_copied_columns_are_all_that_is_said():
    said = {*standing.COPIED, "title"}
    assert said == set(Published.__dataclass_fields__)
