"""Counted attempts: so many in so long, per person and per address."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import AT_HOME, NOW
from tests.race import together
from zalenzoeker.domain.limits import Limited, TooMany, Visitor
from zalenzoeker.storage import limits
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Attempt

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)
CODE = Limited.CODE_FOR_EMAIL_AND_ADDRESS  # five in a quarter of an hour


def spend(minutes: float = 0, whose: str = "an@post.example", limited: Limited = CODE, visitor: Visitor = AT_HOME):
    """Returns the seconds to wait, or None when it was allowed."""
    try:
        with write_unit():
            limits.spend(limited, whose, NOW + minutes * MINUTE, visitor)
    except TooMany as refused:
        return refused.retry_after
    return None


def count() -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(Attempt))


def test_limit_refuses_the_sixth_and_says_how_long_to_wait(app):
    assert [spend(minute) for minute in (0, 1, 2, 3, 4)] == [None] * 5
    assert spend(5) == 10 * 60


def test_refusal_is_not_counted(app):
    for minute in range(5):
        spend(minute)
    assert [spend(5), spend(14), count()] == [600, 60, 5]


def test_waiting_as_long_as_was_said_is_enough_and_a_second_less_is_not(app):
    for minute in range(5):
        spend(minute)
    seconds = spend(5)
    assert spend(5 + (seconds - 1) / 60) == 1
    assert spend(5 + seconds / 60) is None


def test_each_person_and_each_limit_is_counted_apart(app):
    for _ in range(5):
        spend()
    assert (spend(), spend(whose="bert@post.example"), spend(limited=Limited.ASK_FOR_ACCOUNT)) == (900, None, None)


def test_measuring_on_one_machine_is_not_limited_and_not_counted(app):
    assert [spend(visitor=Visitor(is_limited=False)) for _ in range(8)] == [None] * 8
    assert count() == 0


def test_no_address_is_kept_in_the_open(app):
    spend()
    key = db.session.scalar(select(Attempt.key))
    assert (len(key), "an@post.example" in key, key.isalnum()) == (64, False, True)


def test_attempts_side_by_side_are_all_counted(app):
    outcomes = together(app, *[spend] * 12)
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert (outcomes.count(None), count()) == (5, 5)


def test_attempts_that_no_limit_counts_are_forgotten(app):
    spend(0)
    spend(30)
    with write_unit():
        limits.forget_before(NOW + 30 * MINUTE)
    assert count() == 1
    assert limits.longest_window() == timedelta(days=1)


def test_worker_that_was_seen_is_remembered_with_its_last_moment(app):
    assert limits.last_beat("worker") is None
    for minute in (0, 1):
        with write_unit():
            limits.beat("worker", NOW + minute * MINUTE)
    assert (limits.last_beat("worker"), limits.last_beat("site")) == (NOW + MINUTE, None)
