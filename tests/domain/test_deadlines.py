"""How long things may wait."""

from datetime import UTC, datetime, timedelta

import pytest

from zalenzoeker.domain.deadlines import answer_by, hold_until, is_over, proposal_until

ASKED = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_hold_on_a_form_lasts_a_quarter_of_an_hour():
    assert hold_until(ASKED) == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "starts_in,answer_in",
    [
        (timedelta(days=60), timedelta(days=14)),
        (timedelta(days=16), timedelta(days=14)),
        (timedelta(days=15), timedelta(days=13)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=2), timedelta(0)),
        (timedelta(hours=1), timedelta(0)),
    ],
)
def test_desk_answers_in_two_weeks_or_two_days_before_the_start(starts_in, answer_in):
    assert answer_by(ASKED, ASKED + starts_in) == ASKED + answer_in


@pytest.mark.parametrize("seconds,expired", [(1, False), (0, True), (-1, True)])
def test_request_expires_when_its_moment_begins(seconds, expired):
    assert is_over(ASKED + timedelta(seconds=seconds), ASKED) is expired


@pytest.mark.parametrize(
    "starts_in,lasts",
    [
        (timedelta(days=60), timedelta(days=5)),
        (timedelta(days=6), timedelta(days=5)),
        (timedelta(days=4), timedelta(days=3)),
        (timedelta(days=1, hours=4), timedelta(hours=4)),
        (timedelta(days=1, hours=3), timedelta(hours=4)),
        (timedelta(hours=5), timedelta(hours=4)),
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(hours=1, minutes=58), None),
        (timedelta(hours=-1), None),
    ],
)
def test_proposal_lasts_five_days_and_less_where_its_first_moment_is_near(starts_in, lasts):
    starts = [ASKED + starts_in, ASKED + timedelta(days=90)]
    assert proposal_until(ASKED, starts) == (None if lasts is None else ASKED + lasts)
