"""When a letter that failed is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.letters import GIVE_UP_AFTER, next_try

WRITTEN = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "tries,seconds", [(1, 30), (2, 60), (3, 120), (4, 240), (7, 1920), (8, 3600), (9, 3600), (500, 3600)]
)
def test_wait_doubles_to_an_hour_with_a_fifth_more_or_less(tries, seconds):
    waits = {(next_try(tries, WRITTEN, WRITTEN, Random(seed)) - WRITTEN).total_seconds() for seed in range(40)}
    assert min(waits) >= seconds * 0.8
    assert max(waits) <= seconds * 1.2
    assert len(waits) > 30


@pytest.mark.parametrize("hours,is_tried", [(0, True), (71, True), (72, False), (100, False)])
def test_letter_is_given_up_after_three_days(hours, is_tried):
    again = next_try(5, WRITTEN, WRITTEN + timedelta(hours=hours), Random(1))
    assert (again is not None) is is_tried


@given(st.integers(0, 10**6))
def test_letter_is_tried_to_the_end_and_then_given_up(seed):
    chance, now, tries = Random(seed), WRITTEN, 0
    while (again := next_try(tries + 1, WRITTEN, now, chance)) is not None:
        assert timedelta(seconds=24) <= again - now <= timedelta(minutes=72)
        now, tries = again, tries + 1
    assert now - WRITTEN >= GIVE_UP_AFTER
    assert 60 <= tries <= 110
