"""Who is told what: the facts of each letter, as they were when the deed was done."""

from datetime import date, datetime, time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    AT_HOME,
    NOW,
    at,
    code_of,
    decider_of,
    make_an,
    make_closure,
    make_decider,
    make_request,
    make_room,
    make_series,
    make_space,
    make_venue,
    make_wish,
    read,
    weekly,
)
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import Slot, WeeklyHours
from zalenzoeker.services import dates, deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.services.dates import Move
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Request

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
QUEUE = {RuleName.PENDING: {"default": "queue"}}
INSTANT = {RuleName.PENDING: {"default": "instant"}}


def of_kind(kind: LetterKind, *, for_desk: bool = False) -> list[Letter]:
    """The letters of a kind to one side, the first written first."""
    db.session.close()
    found = [one for one in reversed(letters.newest(limit=1000)) if one.kind == kind]
    return [one for one in found if one.facts["is_for_desk"] is for_desk]


def told(letter: Letter) -> list[str]:
    return [one["starts"] for one in letter.facts["told"]]


def starts(*slots: Slot) -> list[str]:
    return [slot.starts.isoformat() for slot in slots]


def ways(letter: Letter) -> list[tuple[str, Slot]]:
    """The rooms and moments that a letter proposes."""
    return [
        (one["room"], Slot(datetime.fromisoformat(one["starts"]), datetime.fromisoformat(one["ends"]), one["zone"]))
        for one in letter.facts["ways_on"]
    ]


def decide(request: Request) -> dict:
    """Who decides, when, on what they see."""
    return {"by": decider_of(request), "now": NOW, "version": read(request.code).version}


def test_refusal_proposes_what_can_really_be_asked_at_that_moment(app):
    home = make_venue()
    room, _, other = make_room(venue=home), make_room("kelder", venue=home), make_room("zolder")
    make_request(Status.REFUSED, room=room)
    (letter,) = of_kind(LetterKind.REQUEST_REFUSED)
    assert [code for code, _ in ways(letter)] == [code_of(room)] * 2 + [f"{home.slug}/kelder", code_of(other)]
    by_code = {code_of(one): one for one in (room, other)}
    for code, slot in ways(letter):
        if code in by_code:
            assert make_request(room=by_code[code], slot=slot).status is Status.REQUESTED


def test_refusal_never_proposes_the_refused_moment_nor_one_that_overlaps_it(app):
    """Nothing stands there, and yet the house just said no; what shares its space is the same hall."""
    home = make_venue()
    space = make_space(home)
    room = make_room(venue=home, spaces=[space])
    half = make_room("halve-zaal", venue=home, spaces=[space])
    make_request(Status.REFUSED, room=room)
    (letter,) = of_kind(LetterKind.REQUEST_REFUSED)
    assert [code for code, slot in ways(letter) if code in (code_of(room), code_of(half)) and slot.overlaps(at())] == []
    assert ways(letter) != []


def test_request_that_nobody_answered_is_shown_the_same_weekday_as_soon_as_it_can_be_asked(app):
    make_request(Status.EXPIRED, room=make_room())
    (letter,) = of_kind(LetterKind.REQUEST_EXPIRED)
    again = at().moved(days=28)
    assert ways(letter)[0][1] == again
    assert letter.facts["instead_of"]["starts"] == again.starts.isoformat()


def test_refusal_with_nothing_to_propose_says_for_which_moment_it_looked(app):
    room = make_room(hours=[at_that_hour()])
    make_closure(room, date(2026, 12, 1), at().day - DAY)
    make_closure(room, at().day + DAY, date(2027, 3, 1))
    make_request(Status.REFUSED, room=room)
    (letter,) = of_kind(LetterKind.REQUEST_REFUSED)
    assert (ways(letter), letter.facts["instead_of"]["starts"]) == ([], starts(at())[0])


def at_that_hour() -> WeeklyHours:
    return WeeklyHours(at().day.weekday(), 14 * 60, 18 * 60)


def test_yes_at_once_is_told_to_both_sides(app):
    room = make_room(rules=INSTANT)
    make_decider(room)
    make_request(room=room)
    (asker,), (desk,) = of_kind(LetterKind.REQUEST_APPROVED), of_kind(LetterKind.REQUEST_CONFIRMED, for_desk=True)
    assert (asker.facts["is_instant"], asker.facts["dates"][0]["was_confirmed"]) == (True, True)
    assert desk.facts["reference"] == asker.facts["reference"]
    assert of_kind(LetterKind.REQUEST_RECEIVED) == []


def test_series_is_one_letter_that_keeps_its_pattern_and_all_its_dates(app):
    make_series(make_room(), pattern=weekly(count=12), status=Status.APPROVED)
    (letter,) = of_kind(LetterKind.REQUEST_APPROVED)
    assert (len(letter.facts["dates"]), len(letter.facts["told"])) == (12, 12)
    assert letter.facts["pattern"] == weekly(count=12).as_json()


def test_date_that_is_left_out_is_in_no_letter(app):
    make_series(make_room(), pattern=weekly(count=3), skipped={1})
    (letter,) = of_kind(LetterKind.REQUEST_RECEIVED)
    assert [one["starts"] for one in letter.facts["dates"]] == starts(
        *(one.slot for one in weekly(count=3).slots()[::2])
    )


def test_overtaken_date_of_a_series_is_told_alone_and_the_others_wait_on(app):
    room = make_room(rules=QUEUE)
    make_decider(room)
    series = make_series(room, pattern=weekly(count=3))
    second = weekly(count=3).slots()[1].slot
    bert = make_request(room=room, slot=second, contact_email="bert@post.example")
    decisions.approve(bert.code, **decide(bert))
    (letter,) = of_kind(LetterKind.REQUEST_OVERTAKEN)
    assert (letter.recipient, told(letter)) == ("an@harmonie.example", starts(second))
    assert [one.status for one in read(series.code).occurrences] == [
        Status.REQUESTED,
        Status.REFUSED,
        Status.REQUESTED,
    ]


def test_end_of_a_hold_tells_both_sides_for_how_long_nobody_answered(app):
    room = make_room(rules={RuleName.HOLD_DAYS: 14})
    make_decider(room)
    make_request(room=room)
    deadlines.tick(NOW + 14 * DAY)
    (asker,), (desk,) = of_kind(LetterKind.HOLD_ENDED), of_kind(LetterKind.HOLD_ENDED, for_desk=True)
    assert (asker.facts["days"], desk.facts["days"], desk.recipient) == (14, 14, "fatima@amandsberg.example")
    assert (told(asker), "ways_on" in asker.facts, "ways_on" in desk.facts) == (starts(at()), True, False)


def test_moment_that_is_asked_for_a_confirmed_date_is_told_beside_the_one_it_has(app):
    an, room = make_an(), make_room()
    request = make_request(Status.APPROVED, room=room, by=an)
    move = Move(time(10), time(14))
    assert dates.change(request.code, request.first.uid, Scope.ALL, move, by=an, now=NOW) is dates.Changed.ASKED
    (letter,) = of_kind(LetterKind.DATES_CHANGED)
    (one,) = letter.facts["told"]
    assert (one["starts"], one["before"]["starts"]) == (at("10:00", "14:00").starts.isoformat(), starts(at())[0])
    assert (letter.facts["needs_yes"], one["was_confirmed"]) == (True, False)


def test_moment_that_was_approved_is_told_as_the_date_it_became(app):
    """By its own identity and a higher sequence: so the event moves in the calendar, and no second one appears."""
    an, room = make_an(), make_room()
    request = make_request(Status.APPROVED, room=room, by=an)
    dates.change(request.code, request.first.uid, Scope.ALL, Move(time(10), time(14)), by=an, now=NOW)
    decisions.approve(request.code, **decide(request))
    first, second = of_kind(LetterKind.REQUEST_APPROVED)
    (before,), (after,) = first.facts["told"], second.facts["told"]
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 1)
    assert (after["starts"], after["status"]) == (at("10:00", "14:00").starts.isoformat(), "approved")


def test_moment_that_gets_shorter_is_told_with_the_one_it_had(app):
    an, room = make_an(), make_room()
    request = make_request(Status.APPROVED, room=room, by=an)
    dates.change(request.code, request.first.uid, Scope.ALL, Move(time(14), time(16)), by=an, now=NOW)
    (letter,) = of_kind(LetterKind.DATES_CHANGED)
    (one,) = letter.facts["told"]
    assert (one["ends"], one["before"]["ends"]) == (
        at("14:00", "16:00").ends.isoformat(),
        at().ends.isoformat(),
    )
    assert (letter.facts["needs_yes"], one["sequence"], one["was_confirmed"]) == (False, 1, True)


def test_dates_that_were_let_go_are_told_with_the_words_that_came_along(app):
    an, room = make_an(), make_room()
    make_decider(room)
    request = make_series(room, pattern=weekly(count=3), status=Status.APPROVED, by=an)
    last = request.occurrences[-1]
    dates.let_go(request.code, last.uid, Scope.THIS, by=an, now=NOW, note="Dan is het vakantie.")
    (asker,), (desk,) = of_kind(LetterKind.DATES_LET_GO), of_kind(LetterKind.DATES_LET_GO, for_desk=True)
    assert told(asker) == told(desk) == starts(last.slot)
    assert asker.facts["note"] == desk.facts["note"] == "Dan is het vakantie."


def test_withdrawal_tells_only_the_dates_that_fell_away_now(app):
    an, room = make_an(), make_room()
    request = make_series(room, pattern=weekly(count=3), status=Status.APPROVED, by=an)
    dates.let_go(request.code, request.occurrences[0].uid, Scope.THIS, by=an, now=NOW)
    asking.withdraw(request.code, by=an, now=NOW)
    (letter,) = of_kind(LetterKind.REQUEST_WITHDRAWN)
    assert told(letter) == starts(*(one.slot for one in weekly(count=3).slots()[1:]))


def test_place_on_the_waiting_list_comes_with_a_key_and_its_offer_with_a_new_one(app):
    room = make_room()
    make_request(Status.OFFERED, room=room)
    (joined,), (offered,) = of_kind(LetterKind.WAITING_JOINED), of_kind(LetterKind.PLACE_OFFERED)
    assert joined.facts["token"] != offered.facts["token"]
    assert datetime.fromisoformat(offered.facts["offer_until"]) == NOW + 2 * DAY


def test_offer_that_nobody_answered_is_told_once_with_ways_on(app):
    make_request(Status.OFFERED, room=make_room())
    for hours in (48, 49):
        deadlines.tick(NOW + timedelta(hours=hours))
    (letter,) = of_kind(LetterKind.OFFER_ENDED)
    assert (told(letter), ways(letter) != []) == (starts(at()), True)


def test_moment_that_came_without_a_free_place_is_told(app):
    make_request(Status.WAITING, room=make_room())
    deadlines.tick(at().starts_at)
    (letter,) = of_kind(LetterKind.WAITING_ENDED)
    assert (told(letter), ways(letter)[0][1]) == (starts(at()), at().moved(days=28))


def test_renewal_names_only_the_dates_that_still_stand(app):
    an, room = make_an(), make_room()
    request = make_series(room, pattern=weekly(count=8), status=Status.APPROVED, by=an)
    dates.let_go(request.code, request.occurrences[3].uid, Scope.THIS, by=an, now=NOW)
    last = request.occurrences[-1].slot
    deadlines.tick(last.starts_at - 7 * DAY)
    (letter,) = of_kind(LetterKind.RENEWAL_DUE)
    assert (len(letter.facts["told"]), told(letter)[-1]) == (7, starts(last)[0])


def test_letter_about_a_date_in_several_rooms_names_each_room(app):
    home = make_venue()
    rooms = [make_room(slug, venue=home, name=slug.title()) for slug in ("zaal", "kelder")]
    make_series(*rooms, pattern=weekly(count=1))
    (letter,) = of_kind(LetterKind.REQUEST_RECEIVED)
    assert [one["room"] for one in letter.facts["dates"]] == ["Zaal", "Kelder"]


def test_wish_that_was_never_proved_tells_the_desk_nothing(app):
    an, room = make_an(), make_room()
    make_decider(room)
    request = make_request(Status.UNPROVED, room=room, by=an)
    asking.withdraw(request.code, by=an, now=NOW)
    assert [one.kind for one in letters.newest()] == [LetterKind.SIGN_IN_CODE]


def test_second_post_of_the_same_form_writes_no_second_letter(app):
    an, room = make_an(), make_room()
    wish = make_wish(room, at(day=date(2027, 1, 23)))
    for _ in range(2):
        asking.ask(wish, by=an, now=NOW, visitor=AT_HOME)
    assert len(of_kind(LetterKind.REQUEST_RECEIVED)) == 1
