"""The daily letter of a desk: what waits for it and what does not, and that it is written exactly once."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_desk,
    make_request,
    make_room,
    make_series,
    make_venue,
    weekly,
)
from tests.race import together
from tests.services.looks import told
from zalenzoeker.domain.daily import News
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.services import daily, date_reminders, dates, deadlines, membership, stopping
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts, letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import QuietPeriod
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

AN, MARCEL, LIES = "an@harmonie.example", "marcel@drongen.example", "lies@drongen.example"
DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
EVERYTHING = tuple(News)


@pytest.fixture
def hall(app):
    """A hall whose desk has two members and no shared address."""
    hall = make_room("zaal", venue=make_venue("open-huis-drongen"))
    make_desk("drongen", venue=hall.venue, members=[make_account(MARCEL, "Marcel"), make_account(LIES, "Lies")])
    return hall


def member(email=MARCEL):
    return actor_of(accounts.by_email(email))


def wants(*news, email=MARCEL, is_shared=False, now=NOW):
    daily.choose("drongen", news, is_shared=is_shared, by=member(email), now=now)


def booked(hall, day=0, **fields):
    return make_request(Status.APPROVED, room=hall, slot=at().moved(days=day), **fields)


def withdraws(request, now=NOW):
    asking.withdraw(request.code, by=actor_of(accounts.by_email(AN)), now=now)


def states(kind="request_withdrawn", email=MARCEL):
    db.session.close()
    return [one.state for one in reversed(letters.newest(200)) if (one.kind, one.recipient) == (kind, email)]


def daily_letters(email=MARCEL):
    db.session.close()
    return [one for one in reversed(letters.newest(200)) if (one.kind, one.recipient) == ("daily_letter", email)]


def test_news_waits_for_who_wants_so_and_goes_at_once_to_the_others(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    assert (states(), states(email=LIES)) == ([LetterState.HELD], [LetterState.WAITING])


def test_news_of_another_kind_goes_at_once(hall):
    wants(News.MOVED)
    withdraws(booked(hall))
    assert states() == [LetterState.WAITING]


def test_what_needs_a_decision_goes_at_once(hall):
    wants(*EVERYTHING)
    make_request(room=hall)
    assert states("request_to_decide") == [LetterState.WAITING]


def test_what_is_about_tomorrow_goes_at_once(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall), now=at().starts_at - DAY)
    assert states() == [LetterState.WAITING]


def test_morning_brings_one_letter_with_all_of_it_and_what_waits(hall):
    wants(*EVERYTHING)
    for week in (0, 7):
        withdraws(booked(hall, week, activity=f"Repetitie {week}"))
    make_request(room=hall, slot=at().moved(days=14), activity="Quiz")
    daily.tell(MORNING - timedelta(seconds=1))
    assert daily_letters() == []
    daily.tell(MORNING)
    (letter,) = daily_letters()
    assert [one["activity"] for one in letter.facts["happened"]] == ["Repetitie 0", "Repetitie 7"]
    assert ([one["activity"] for one in letter.facts["waits"]], letter.facts["waiting_count"]) == (["Quiz"], 1)
    assert states() == [LetterState.BUNDLED] * 2


def test_letter_comes_once_a_day_and_tells_each_thing_once(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    for hours in range(24):
        deadlines.tick(MORNING + timedelta(hours=hours))
    assert len(daily_letters()) == 1
    withdraws(booked(hall, 7), now=MORNING + DAY - timedelta(hours=1))
    deadlines.tick(MORNING + DAY)
    assert [len(one.facts["happened"]) for one in daily_letters()] == [1, 1]


def test_days_that_were_skipped_come_in_one_letter(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    withdraws(booked(hall, 7), now=NOW + 3 * DAY)
    daily.tell(MORNING + 5 * DAY)
    assert [len(one.facts["happened"]) for one in daily_letters()] == [2]


def test_nothing_to_tell_is_no_letter(hall):
    wants(*EVERYTHING)
    daily.tell(MORNING)
    assert daily_letters() == []


def test_two_workers_write_it_once(app, hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    together(app, lambda: daily.tell(MORNING), lambda: daily.tell(MORNING))
    assert (len(daily_letters()), states()) == (1, [LetterState.BUNDLED])


def test_worker_that_is_stopped_before_the_end_leaves_nothing_behind(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    event.listen(db.session, "before_commit", _stopped)
    try:
        with suppress(PowerCut):
            daily.tell(MORNING)
    finally:
        event.remove(db.session, "before_commit", _stopped)
    assert (daily_letters(), states()) == ([], [LetterState.HELD])
    daily.tell(MORNING)
    assert (len(daily_letters()), states()) == (1, [LetterState.BUNDLED])


class PowerCut(Exception):
    """All was written, and nothing was kept."""


def _stopped(_session):
    raise PowerCut


def test_series_of_which_dates_are_given_up_is_one_piece_of_news(hall):
    wants(News.FREED)
    series = make_series(hall, status=Status.APPROVED, pattern=weekly(count=6))
    by = actor_of(accounts.by_email(series.contact_email))
    dates.let_go(series.code, series.occurrences[2].uid, Scope.FOLLOWING, by=by, now=NOW)
    daily.tell(MORNING)
    ((happened,),) = [one.facts["happened"] for one in daily_letters()]
    assert (happened["news"], len(happened["dates"])) == ("freed", 4)


def test_desk_that_is_away_gets_it_when_it_is_back(hall):
    wants(*EVERYTHING)
    keep(
        QuietPeriod(desk_id=min(member().desk_ids), first_day=MORNING.date(), last_day=MORNING.date(), reason="Verlof")
    )
    withdraws(booked(hall))
    daily.tell(MORNING)
    assert (daily_letters(), states()) == ([], [LetterState.HELD])
    daily.tell(MORNING + DAY)
    assert len(daily_letters()) == 1


def test_ending_it_sends_what_was_kept(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    wants()
    assert states() == [LetterState.WAITING]


def test_member_who_leaves_gets_nothing_more(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    membership.remove("drongen", f"code-of-{MARCEL}", by=member(LIES), now=NOW)
    daily.tell(MORNING)
    assert (daily_letters(), states()) == ([], [])


def test_own_request_is_no_news(hall):
    wants(*EVERYTHING)
    mine = make_request(Status.APPROVED, room=hall, by=member())
    asking.withdraw(mine.code, by=member(), now=NOW)
    db.session.close()
    held = [one for one in letters.newest() if one.state is LetterState.HELD]
    assert held == []


def test_shared_address_has_a_choice_of_its_own_and_a_member_beside_it(hall):
    membership.set_address("drongen", "samen@drongen.example", by=member(), now=NOW, visitor=AT_HOME)
    wants(News.FREED, is_shared=True)
    wants(News.FREED)
    withdraws(booked(hall))
    assert states(email="samen@drongen.example") == states() == [LetterState.HELD]
    daily.tell(MORNING)
    assert [len(daily_letters(one)) for one in ("samen@drongen.example", MARCEL, LIES)] == [1, 1, 0]


def test_somebody_of_the_city_desk_chooses_nothing_for_themselves_elsewhere(hall):
    stranger = actor_of(make_account("rita@malem.example"))
    with pytest.raises(NotAllowed):
        daily.choose("drongen", EVERYTHING, is_shared=False, by=stranger, now=NOW)


def test_button_of_the_letter_ends_it_and_a_second_press_changes_nothing(hall):
    wants(*EVERYTHING)
    withdraws(booked(hall))
    daily.tell(MORNING)
    code = daily_letters()[0].code
    withdraws(booked(hall, 7), now=MORNING)
    for _time in range(2):
        stopping.stop(code, MORNING)
        assert states() == [LetterState.BUNDLED, LetterState.WAITING]
    daily.tell(MORNING + DAY)
    assert len(daily_letters()) == 1


def test_letter_that_nobody_can_end_is_not_ended(hall):
    make_request(room=hall)
    code = next(one.code for one in letters.newest() if one.kind == LetterKind.REQUEST_RECEIVED)
    with pytest.raises(stopping.UnknownLetter):
        stopping.stop(code, NOW)


def test_who_wants_no_reminders_gets_none_until_they_want_them_again(hall):
    first = booked(hall)
    date_reminders.tell(first.first.slot.starts_at - 7 * DAY)
    code = next(one.code for one in letters.newest() if one.kind == LetterKind.DATE_REMINDER)
    stopping.stop(code, NOW)
    second = booked(hall, 14)
    date_reminders.tell(second.first.slot.starts_at - 7 * DAY)
    assert told(AN).count("date_reminder") == 1
    stopping.again(code)
    date_reminders.tell(second.first.slot.starts_at - 6 * DAY)
    assert told(AN).count("date_reminder") == 2


def test_desk_without_a_daily_letter_is_told_as_ever(hall):
    withdraws(booked(hall))
    assert (states(), states(email=LIES)) == ([LetterState.WAITING], [LetterState.WAITING])
