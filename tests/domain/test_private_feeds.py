"""Private calendars: what stands in them, and when their address ends."""

from datetime import UTC, datetime, timedelta

import pytest

from zalenzoeker.domain.private_feeds import STANDS, TENTATIVE, FeedOf, is_alive
from zalenzoeker.domain.requests import Status

MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEFORE, AFTER = MADE - timedelta(days=1), MADE + timedelta(days=1)


@pytest.mark.parametrize(
    "whose, since, lives",
    [
        # Nobody stops being who they are.
        (FeedOf.PERSON, None, True),
        (FeedOf.ASSOCIATION, BEFORE, True),
        (FeedOf.ASSOCIATION, MADE, True),
        (FeedOf.DESK, BEFORE, True),
        # Who left the group or the desk.
        (FeedOf.ASSOCIATION, None, False),
        (FeedOf.DESK, None, False),
        # Who left it and came back: what was copied before must not work again.
        (FeedOf.ASSOCIATION, AFTER, False),
        (FeedOf.DESK, AFTER, False),
    ],
)
def test_address_of_a_private_feed_lives_as_long_as_its_maker_belongs_there(whose, since, lives):
    assert is_alive(whose, MADE, since) is lives


@pytest.mark.parametrize(
    "whose, shown",
    [
        (FeedOf.PERSON, {Status.APPROVED}),
        (FeedOf.ASSOCIATION, {Status.APPROVED}),
        (FeedOf.DESK, {Status.APPROVED, Status.REQUESTED}),
    ],
)
def test_private_feed_shows_bookings_and_for_a_desk_what_waits_for_it(whose, shown):
    assert shown == STANDS[whose]


def test_only_what_waits_for_the_desk_is_tentative():
    assert {Status.REQUESTED} == TENTATIVE
