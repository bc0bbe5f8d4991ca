"""Who of a desk is on duty."""

from datetime import date, timedelta

import pytest

from zalenzoeker.domain.duty import Duty, Rota, next_on_duty, on_duty

MONDAY = date(2026, 11, 23)
AN, BOB, CEM = 1, 2, 3
OF_THREE = Rota(MONDAY, (AN, BOB, CEM))
BY_HAND = (Duty(date(2026, 12, 2), date(2026, 12, 4), CEM),)


@pytest.mark.parametrize(
    "day,rota,by_hand,who",
    [
        (MONDAY, OF_THREE, (), AN),
        (MONDAY + timedelta(days=6), OF_THREE, (), AN),
        (MONDAY + timedelta(days=7), OF_THREE, (), BOB),
        (MONDAY + timedelta(days=21), OF_THREE, (), AN),
        (MONDAY - timedelta(days=1), OF_THREE, (), None),
        (MONDAY, Rota(MONDAY), (), None),
        (MONDAY, Rota(None, (AN,)), (), None),
        (date(2026, 12, 1), OF_THREE, BY_HAND, BOB),
        (date(2026, 12, 2), OF_THREE, BY_HAND, CEM),
        (date(2026, 12, 4), OF_THREE, BY_HAND, CEM),
        (date(2026, 12, 5), OF_THREE, BY_HAND, BOB),
        (date(2026, 12, 2), Rota(), BY_HAND, CEM),
    ],
)
def test_duty_goes_round_by_the_week_and_what_is_written_by_hand_goes_first(day, rota, by_hand, who):
    assert on_duty(day, by_hand, rota) == who


@pytest.mark.parametrize(
    "day,rota,by_hand,who",
    [
        (MONDAY, OF_THREE, (), BOB),
        (MONDAY + timedelta(days=14), OF_THREE, (), AN),
        (MONDAY, Rota(MONDAY, (AN,)), (), None),
        (MONDAY, Rota(MONDAY, (AN,)), BY_HAND, CEM),
        (MONDAY, Rota(MONDAY, (AN, AN, BOB)), (), BOB),
        (date(2026, 12, 1), OF_THREE, BY_HAND, CEM),
        (MONDAY - timedelta(days=8), OF_THREE, (), AN),
        (MONDAY, Rota(), (), None),
    ],
)
def test_next_on_duty_is_the_first_other_one(day, rota, by_hand, who):
    assert next_on_duty(day, by_hand, rota) == who
