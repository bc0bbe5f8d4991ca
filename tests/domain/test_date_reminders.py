"""When an asker is reminded of a date, and what the link in that letter does."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from zalenzoeker.domain.date_reminders import ReleaseState, is_due, state_of
from zalenzoeker.domain.requests import Status

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STARTS = NOW + 30 * DAY


@pytest.mark.parametrize(
    "confirmed, now, due",
    [
        (NOW, STARTS - 7 * DAY - SECOND, False),
        (NOW, STARTS - 7 * DAY, True),
        (NOW, STARTS - SECOND, True),
        (NOW, STARTS, False),
        (STARTS - 7 * DAY, STARTS - 7 * DAY, True),
        (STARTS - 7 * DAY + SECOND, STARTS - 6 * DAY, False),
    ],
)
def test_date_is_near_for_the_last_week_when_it_was_confirmed_before(confirmed, now, due):
    assert is_due(STARTS, confirmed, now) is due


@pytest.mark.parametrize(
    "status, is_same, now, state",
    [
        (Status.APPROVED, True, NOW, ReleaseState.OPEN),
        (Status.APPROVED, True, STARTS, ReleaseState.PAST),
        (Status.APPROVED, False, NOW, ReleaseState.MOVED),
        (Status.WITHDRAWN, True, NOW, ReleaseState.GONE),
        (Status.WITHDRAWN, False, STARTS, ReleaseState.GONE),
        (Status.CANCELLED, True, NOW, ReleaseState.GONE),
    ],
)
def test_link_gives_up_what_still_stands_as_the_letter_said(status, is_same, now, state):
    assert state_of(status, is_same_moment=is_same, starts_at=STARTS, now=now) is state
