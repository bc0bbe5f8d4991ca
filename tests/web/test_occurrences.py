"""One date of a request: letting go, another moment, back into the series."""

from datetime import date, time, timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import SATURDAY, at, make_account, make_an, make_request, make_room, make_series, read, weekly
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import accounts, letters

MOVED = "2027-01-24"


@pytest.fixture
def asker(app):
    return make_an()


@pytest.fixture
def an(app, asker):
    """An, who asks; she has signed in."""
    return Browser(app, accounts.by_email(asker.email))


@pytest.fixture
def series(drongen, asker):
    """Six Saturdays in a row that were confirmed."""
    return make_series(drongen, by=asker, status=Status.APPROVED)


def opens(browser, request, number=0, **query):
    return browser.opens("occurrences.show", code=request.code, uid=request.occurrences[number].uid, **query)


def form(page, deed, request, number=0):
    return page.form(f"occurrences.{deed}", code=request.code, uid=request.occurrences[number].uid)


def states(request):
    return [str(one.status) for one in read(request.code).occurrences]


def days(request):
    return [one.starts.isoformat(" ", "minutes") for one in read(request.code).occurrences]


# Letting go.


@pytest.mark.parametrize("scope, gone", [("this", [2]), ("following", [2, 3, 4, 5]), ("all", [0, 1, 2, 3, 4, 5])])
def test_dates_are_let_go_this_one_or_more(an, series, scope, gone):
    page = form(opens(an, series, 2), "let_go", series, 2).fills_in(welke=scope, bericht="We zijn op kamp.").sends()
    assert an.trail == [f"/aanvragen/{series.code}"]
    assert states(series) == ["withdrawn" if number in gone else "approved" for number in range(6)]
    told = "You let %(num)d dates go. The room is free then for somebody else, and the house was told."
    one = "You let %(num)d date go. The room is free then for somebody else, and the house was told."
    assert page.found(css="messages") == [dutch(one if len(gone) == 1 else told, num=len(gone))]
    assert {one.recipient for one in letters.newest() if one.kind == "dates_let_go"} == {
        "an@harmonie.example",
        "marcel@drongen.example",
    }


def test_date_alone_offers_no_choice_of_dates(an, asker, drongen):
    request = make_request(Status.APPROVED, room=drongen, by=asker)
    page = opens(an, request)
    assert form(page, "let_go", request)["welke"] == "this"
    assert page.found(tag="fieldset") == []
    form(page, "let_go", request).sends()
    assert states(request) == ["withdrawn"]


def test_choice_of_dates_counts_only_those_to_come(an, series, clock):
    clock.passes(SATURDAY + timedelta(days=8) - clock.now.date())
    page = opens(an, series, 3)
    assert dutch("All that are still to come: %(count)s dates", count=4) in page.text
    assert dutch("This date and all that follow: %(count)s dates", count=3) in page.text


def test_scope_that_was_forged_changes_nothing(an, series):
    form(opens(an, series), "let_go", series).forges(welke="alles").sends(status=422)
    assert states(series) == ["approved"] * 6


# Another moment.


def test_date_made_shorter_is_so_at_once(an, series):
    page = form(opens(an, series), "change", series).fills_in(van="19:00").sends()
    assert page.found(css="messages") == [dutch("It is done: the moment is shorter, and the house was told.")]
    assert (days(series)[0], states(series)) == ("2027-01-16 19:00", ["approved"] * 6)


def test_date_that_was_confirmed_stays_until_the_house_says_yes_to_another(an, series):
    page = form(opens(an, series), "change", series).fills_in(dag=MOVED, van="10:00", tot="12:00").sends()
    assert page.found(css="messages") == [dutch("The house was asked. Your old moment stays until it answers.")]
    assert page.heading == dutch("The house looks at another moment")
    assert dutch("New time waits for a yes") in page.text
    assert dutch("Asked: %(moment)s", moment="zo 24 januari 2027, 10.00 tot 12.00 uur") in page.text
    assert sorted(states(series)) == ["approved"] * 6 + ["requested"]
    assert not opens(an, series).has_form("occurrences.change")


def test_date_that_waits_goes_to_the_new_moment_at_once(an, asker, drongen):
    request = make_request(Status.REQUESTED, room=drongen, by=asker)
    page = form(opens(an, request), "change", request).fills_in(dag=MOVED).sends()
    assert page.found(css="messages") == [dutch("Your request waits for the new moment now. The house was told.")]
    assert (days(request), states(request)) == (["2027-01-24 14:00"], ["requested"])


def test_dates_move_together_and_stay_in_their_own_rooms(an, asker, drongen):
    kitchen = make_room("keuken", venue=drongen.venue)
    series = make_series(drongen, kitchen, by=asker, pattern=weekly(count=2))
    page = opens(an, series)
    form(page, "change", series).fills_in(welke="following", dag="2027-01-17").sends()
    moved = read(series.code)
    assert sorted((one.starts.day, one.room.slug) for one in moved.occurrences) == [
        (17, "keuken"),
        (17, "zaal-open-huis"),
        (24, "keuken"),
        (24, "zaal-open-huis"),
    ]


def test_date_goes_to_another_room_of_the_house(an, series, drongen):
    make_room("keuken", venue=drongen.venue, name="Keuken")
    page = opens(an, series)
    assert form(page, "change", series).offered["zaal"] == [
        "open-huis-drongen/keuken",
        "open-huis-drongen/zaal-open-huis",
    ]
    page = form(page, "change", series).fills_in(zaal="open-huis-drongen/keuken").sends()
    where = dutch("%(moment)s in %(room)s", moment="za 16 januari 2027, 18.00 tot 22.00 uur", room="Keuken")
    moment = dutch("Asked: %(moment)s", moment=where)
    assert moment in page.text


def test_room_of_another_house_is_not_taken_from_a_forged_form(an, series, drongen):
    make_room("keuken", venue=drongen.venue)
    elsewhere = make_room("zaal")
    sent = form(opens(an, series), "change", series)
    sent.forges(zaal=f"{elsewhere.venue.slug}/zaal").sends(status=422)
    assert states(series) == ["approved"] * 6


@pytest.mark.parametrize(
    "typed, wrong",
    [
        ({"dag": ""}, {"dag": "Choose a day that exists, for instance 16-01-2027"}),
        ({"van": "20:07"}, {"van": "Choose a time on the quarter hour, for instance 14:15"}),
        (
            {"van": "22:00", "tot": "20:00"},
            {"tot": "The end must come after the start. An end until 6.00 means the next morning."},
        ),
        (
            {"dag": "2027-03-28", "van": "02:30", "tot": "04:00"},
            {"tot": "That hour does not exist: the clock goes forward that night. Choose another time."},
        ),
        ({}, {"tot": "This is the moment you have already. Choose another day or other hours."}),
    ],
)  # fmt: skip
def test_moment_that_cannot_be_is_said_beside_its_field(an, series, typed, wrong):
    page = form(opens(an, series), "change", series).fills_in(**typed).sends(status=422)
    assert page.errors == {name: dutch(words) for name, words in wrong.items()}
    assert [form(page, "change", series)[name] for name in typed] == list(typed.values())
    assert states(series) == ["approved"] * 6


def test_moment_that_is_taken_is_refused_with_ways_on_and_what_was_typed(an, series, drongen):
    make_request(Status.APPROVED, room=drongen, slot=at(day=date(2027, 1, 24)), contact_email="x@x.example")
    page = form(opens(an, series), "change", series).fills_in(dag=MOVED, van="14:00", tot="18:00").sends(status=409)
    taken = dutch(
        "%(room)s is taken then, %(hours)s. Choose another moment.", room="Zaal Open Huis", hours="14.00 tot 18.00 uur"
    )
    assert taken in page.text
    assert dutch("Nothing changed: every date is as it was.") in page.text
    assert form(page, "change", series)["dag"] == MOVED
    page = page.clicks("zondag 24 januari 2027, 18.00 tot 22.00 uur")
    chosen = form(page, "change", series)
    assert (chosen["dag"], chosen["van"], chosen["tot"]) == (MOVED, "18:00", "22:00")
    chosen.sends()
    assert sorted(states(series)) == ["approved"] * 6 + ["requested"]


def test_moments_that_are_taken_are_all_named_when_several_move(an, series, drongen):
    for day in (date(2027, 1, 17), date(2027, 1, 31)):
        make_request(Status.APPROVED, room=drongen, slot=at("19:00", "20:00", day), contact_email="x@x.example")
    page = form(opens(an, series), "change", series).fills_in(welke="following", dag="2027-01-17").sends(status=409)
    named = [words in page.text for words in ("zondag 17 januari", "zondag 24 januari", "zondag 31 januari")]
    assert named == [True, False, True]
    assert dutch("Choose “Only this date” to move them one by one.") in page.text


def test_rule_in_the_way_is_said_with_its_source(an, asker):
    room = make_room(rules={RuleName.LATEST_END: "22:00"})
    request = make_request(Status.APPROVED, room=room, by=asker)
    page = form(opens(an, request), "change", request).fills_in(tot="23:00").sends(status=422)
    said = dutch("Everything ends in %(room)s at %(time)s at the latest. End earlier.", room="Zaal", time="22.00")
    assert f"{said} ({dutch('Rule of this room')})" in page.text


def test_address_that_was_written_wrong_fills_in_the_moment_as_it_is(an, series):
    page = opens(an, series, dag="morgen", van="25:00", tot="", zaal="elders/zaal")
    sent = form(page, "change", series)
    assert [sent[name] for name in ("dag", "van", "tot")] == ["2027-01-16", "18:00", "22:00"]


# Back into the series.


def test_date_that_was_left_out_is_put_back(an, asker, drongen):
    series = make_series(drongen, by=asker, status=Status.APPROVED, skipped=[1])
    page = form(opens(an, series, 1), "put_back", series, 1).sends()
    assert page.found(css="messages") == [dutch("The date is back in the series. The house decides about it.")]
    assert states(series) == ["approved", "requested", "approved", "approved", "approved", "approved"]


def test_date_that_was_left_out_and_taken_meanwhile_cannot_be_put_back(an, asker, drongen):
    series = make_series(drongen, by=asker, skipped=[1])
    make_request(
        Status.APPROVED, room=drongen, slot=at("18:00", "22:00", date(2027, 1, 23)), contact_email="x@x.example"
    )
    page = form(opens(an, series, 1), "put_back", series, 1).sends(status=409)
    assert dutch("That cannot be") in page.text
    assert states(series)[1] == "skipped"


def test_date_that_was_let_go_is_not_put_back(an, series):
    form(opens(an, series, 2), "let_go", series, 2).sends()
    page = opens(an, series, 2)
    assert dutch("Nothing can be changed about this date any more") in page.text
    uid = series.occurrences[2].uid
    an.posts("occurrences.put_back", code=series.code, uid=uid, status=409)
    an.posts("occurrences.let_go", {"welke": "this"}, code=series.code, uid=uid, status=409)


def test_date_that_is_past_cannot_be_changed(an, series, clock):
    clock.passes(SATURDAY + timedelta(days=1) - clock.now.date())
    page = opens(an, series)
    assert not any(page.has_form(f"occurrences.{deed}") for deed in ("let_go", "change", "put_back"))
    assert dutch("Past") in page.text


# Whose.


@pytest.mark.parametrize("uid", ["x", "0", "%27", "a" * 300])
def test_date_that_is_not_there_is_not_found(an, series, uid):
    an.opens("occurrences.show", code=series.code, uid=uid, status=404)


def test_date_of_another_request_is_not_found_in_this_one(an, series, asker, drongen):
    other = make_request(room=drongen, by=asker, slot=at("09:00", "10:00"))
    an.opens("occurrences.show", code=series.code, uid=other.first.uid, status=404)
    an.opens("occurrences.show", code="bestaat-niet", uid=other.first.uid, status=404)


def test_date_of_somebody_else_is_shut(app, series):
    other = Browser(app, make_account("els@x.example"))
    uid = series.occurrences[0].uid
    other.opens("occurrences.show", code=series.code, uid=uid, status=403)
    other.posts("occurrences.let_go", {"welke": "this"}, code=series.code, uid=uid, status=403)
    marcel = Browser(app, accounts.by_email("marcel@drongen.example"))
    marcel.opens("occurrences.show", code=series.code, uid=uid, status=403)
    assert states(series) == ["approved"] * 6


def test_page_of_a_date_asks_the_database_as_often_in_a_long_series(an, asker, drongen, queries_of):
    short = make_series(drongen, by=asker, pattern=weekly(count=2))
    long = make_series(drongen, by=asker, pattern=weekly("09:00", "10:00", count=15))
    few = len(queries_of(lambda: opens(an, short)))
    assert len(queries_of(lambda: opens(an, long))) == few


def test_hours_of_a_date_past_midnight_are_said(an, asker, drongen):
    request = make_request(Status.APPROVED, room=drongen, by=asker, slot=at("20:00", "01:00"))
    page = form(opens(an, request), "change", request).fills_in(tot="00:30").sends()
    assert page.found(css="messages") == [dutch("It is done: the moment is shorter, and the house was told.")]
    assert read(request.code).first.ends.time() == time(0, 30)


# Another moment that waits for a yes.


@pytest.mark.parametrize("start", ["the request", "the date"])
def test_change_that_waits_is_shown_beside_the_date_and_taken_back(an, asker, drongen, start):
    request = make_request(Status.APPROVED, room=drongen, by=asker)
    page = form(opens(an, request), "change", request).fills_in(dag=MOVED).sends()
    if start == "the date":
        page = opens(an, request)
    old, new = (f"{day}, 14.00 tot 18.00 uur" for day in ("Zaterdag 16 januari 2027", "zondag 24 januari 2027"))
    assert dutch("%(old)s would become %(new)s.", old=old, new=new) in page.text
    page = form(page, "take_back", request).sends()
    told = "You took your change back. Everything stays as it was, and the house was told."
    assert page.found(css="messages") == [dutch(told)]
    assert (days(request), page.has_form("occurrences.take_back")) == (["2027-01-16 14:00", "2027-01-24 14:00"], False)
    assert (read(request.code).status, opens(an, request).has_form("occurrences.change")) == (Status.APPROVED, True)


def test_change_that_is_taken_back_twice_says_so_kindly(an, asker, drongen):
    request = make_request(Status.APPROVED, room=drongen, by=asker)
    page = form(opens(an, request), "change", request).fills_in(dag=MOVED).sends()
    again = form(page, "take_back", request)
    form(page, "take_back", request).sends()
    assert again.sends().found(css="messages") == [dutch("That change no longer waits for an answer.")]


def test_change_of_several_dates_is_taken_back_as_a_whole(an, series):
    page = form(opens(an, series), "change", series).fills_in(welke="following", dag="2027-01-17").sends()
    assert dutch("%(num)d other moments wait for a yes", num=6) in page.text
    form(opens(an, series, 3), "take_back", series, 3).sends()
    assert sorted(states(series)) == ["approved"] * 6 + ["withdrawn"] * 6


def test_change_of_somebody_else_is_not_taken_back(app, an, series):
    form(opens(an, series), "change", series).fills_in(dag=MOVED).sends()
    other = Browser(app, make_account("els@x.example"))
    uid = series.occurrences[0].uid
    other.posts("occurrences.take_back", code=series.code, uid=uid, status=403)
    assert sorted(states(series)) == ["approved"] * 6 + ["requested"]
    assert not other.opens("requests.show", code=series.code).has_form("occurrences.take_back")


# Where the house says yes at once.


def test_date_that_moves_where_the_house_says_yes_at_once_is_told_to_have_moved(an, asker):
    room = make_room(rules={RuleName.PENDING: {"default": "instant"}})
    request = make_request(room=room, by=asker)
    page = form(opens(an, request), "change", request).fills_in(dag=MOVED).sends()
    told = "It is done: your date has moved, and the room is yours then."
    assert (page.found(css="messages"), days(request)) == ([dutch(told)], ["2027-01-24 14:00"])


def test_date_put_back_where_the_house_says_yes_at_once_is_told_to_be_theirs(an, asker):
    room = make_room(rules={RuleName.PENDING: {"default": "instant"}})
    series = make_series(room, by=asker, skipped=[1])
    page = form(opens(an, series, 1), "put_back", series, 1).sends()
    assert page.found(css="messages") == [dutch("The date is back in the series, and the room is yours then.")]
    assert states(series) == ["approved"] * 6


def test_date_put_back_over_ones_own_other_date_is_not_told_to_be_of_somebody_else(an, asker, drongen):
    series = make_series(drongen, by=asker, pattern=weekly(count=2), skipped=[1])
    form(opens(an, series), "change", series).fills_in(dag="2027-01-23", van="20:00", tot="23:00").sends()
    page = form(opens(an, series, 1), "put_back", series, 1).sends(status=409)
    told = "You have %(room)s yourself then, %(hours)s, with another date of this request. Move that one first."
    assert dutch(told, room="Zaal Open Huis", hours="20.00 tot 23.00 uur") in page.text
