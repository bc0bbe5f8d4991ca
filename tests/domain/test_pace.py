"""How often something may be fetched."""

from datetime import timedelta

import pytest

from zalenzoeker.domain.limits import LIMITS, Limit, Limited
from zalenzoeker.domain.pace import fetched

SIXTY = Limit(60, timedelta(minutes=1))
NOW = 1_800_000_000.0


def many(count, settled_at=0.0, now=NOW, limit=SIXTY):
    """So many fetches at one moment: (when they are settled, how long each had to wait)."""
    waits = []
    for _one in range(count):
        settled_at, wait = fetched(settled_at, now, limit)
        waits.append(wait)
    return settled_at, waits


def test_feeds_may_be_fetched_sixty_times_a_minute():
    assert LIMITS[Limited.FEED_FOR_ADDRESS] == SIXTY


def test_pace_lets_sixty_go_on_at_once_and_makes_the_next_one_wait_a_second():
    _settled, waits = many(62)
    assert waits == [0] * 60 + [1, 1]


@pytest.mark.parametrize("later, may_go", [(0.5, 0), (1, 1), (10, 10), (59, 59), (60, 60), (3600, 60)])
def test_pace_gives_back_one_fetch_a_second(later, may_go):
    settled, _waits = many(60)
    _settled, waits = many(70, settled, NOW + later)
    assert waits.count(0) == may_go


def test_pace_says_how_long_to_wait_and_then_lets_one_go_on():
    settled, waits = many(61, limit=Limit(2, timedelta(minutes=1)))
    assert waits[:3] == [0, 0, 30]
    assert fetched(settled, NOW + 30, Limit(2, timedelta(minutes=1)))[1] == 0


def test_pace_does_not_count_what_it_refused():
    settled, _waits = many(60)
    again, _waits = many(500, settled)
    assert again == settled


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), -1.0, NOW + 61, NOW + 10**9])
def test_pace_forgets_a_moment_that_it_cannot_have_made(nonsense):
    """A clock that was set back for a year must lock nobody out for a year."""
    assert fetched(nonsense, NOW, SIXTY) == (NOW + 1, 0)
