"""How often things may be tried: the numbers that a person can be told."""

from datetime import timedelta

import pytest

from zalenzoeker.domain.limits import LIMITS, UNPROVED_PER_ROOM, Limit, Limited, TooMany

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "limited,count,window",
    [
        (Limited.CODE_FOR_EMAIL_AND_ADDRESS, 5, 15 * MINUTE),
        (Limited.CODE_FOR_EMAIL, 20, 60 * MINUTE),
        (Limited.CODE_FOR_EMAIL_A_DAY, 60, 24 * 60 * MINUTE),
        (Limited.CODE_FOR_ADDRESS, 20, 15 * MINUTE),
        (Limited.TRY_FOR_ADDRESS, 20, 5 * MINUTE),
        (Limited.ASK_FOR_ACCOUNT, 10, 60 * MINUTE),
        (Limited.ASK_FOR_ADDRESS, 30, 60 * MINUTE),
        (Limited.UNPROVED_FOR_ADDRESS, 5, 30 * MINUTE),
        (Limited.INVITE_FOR_ACCOUNT, 20, 60 * MINUTE),
        (Limited.MESSAGE_FOR_ACCOUNT, 10, 60 * MINUTE),
        (Limited.LINK_FOR_ADDRESS, 30, 5 * MINUTE),
        (Limited.ENTER_FOR_ACCOUNT, 120, 60 * MINUTE),
        (Limited.STRANGER_FOR_REQUEST, 5, 24 * 60 * MINUTE),
    ],
)
def test_limit_is_so_many_in_so_long(limited, count, window):
    assert LIMITS[limited] == Limit(count, window)


def test_everything_that_is_counted_has_a_limit():
    assert set(LIMITS) == set(Limited)


def test_one_stranger_cannot_fill_a_room_with_forms():
    assert LIMITS[Limited.UNPROVED_FOR_ADDRESS].count < UNPROVED_PER_ROOM


def test_too_many_says_what_and_how_long():
    refused = TooMany(Limited.CODE_FOR_EMAIL, 90)
    assert (refused.limited, refused.retry_after, str(refused)) == (
        Limited.CODE_FOR_EMAIL,
        90,
        "code_for_email: again after 90 s",
    )
