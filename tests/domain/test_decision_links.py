"""What a link in a letter opens: a table whose rows are sentences."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW
from zalenzoeker.domain.decision_links import LINK_LIVES, LinkFacts, LinkState, last_decision, state_of
from zalenzoeker.domain.requests import Action

SECOND = timedelta(seconds=1)
FRESH = LinkFacts(
    expires_at=NOW + LINK_LIVES,
    is_member=True,
    is_used=False,
    is_own=False,
    is_at_desk=True,
    is_decided=False,
    is_same_version=True,
)


@pytest.mark.parametrize(
    "told, state",
    [
        ({}, LinkState.OPEN),
        ({"is_used": True}, LinkState.USED),
        ({"is_own": True}, LinkState.OWN),
        ({"is_at_desk": False}, LinkState.MOVED),
        ({"is_same_version": False}, LinkState.CHANGED),
        ({"is_same_version": False, "is_decided": True}, LinkState.DECIDED),
        # Decided before the letter was written: it tells of what waits since.
        ({"is_decided": True}, LinkState.OPEN),
        ({"is_member": False}, LinkState.REVOKED),
        # Who may not look any more learns nothing, not even that it was decided, or by whom.
        ({"is_member": False, "is_used": True}, LinkState.REVOKED),
        ({"is_at_desk": False, "is_same_version": False, "is_decided": True}, LinkState.MOVED),
        ({"is_own": True, "is_same_version": False, "is_decided": True}, LinkState.OWN),
        # Who used it learns what came of it, wherever the request went.
        ({"is_used": True, "is_same_version": False, "is_at_desk": False}, LinkState.USED),
    ],
)
def test_link_opens_what_the_first_reason_says(told, state):
    assert state_of(replace(FRESH, **told), NOW) is state


def test_link_lives_seventy_two_hours():
    assert timedelta(hours=72) == LINK_LIVES
    assert state_of(FRESH, NOW + LINK_LIVES - SECOND) is LinkState.OPEN
    assert state_of(FRESH, NOW + LINK_LIVES) is LinkState.EXPIRED


def test_link_that_is_too_old_still_tells_what_was_decided():
    too_old = NOW + LINK_LIVES
    assert state_of(replace(FRESH, is_used=True), too_old) is LinkState.USED
    assert state_of(replace(FRESH, is_decided=True, is_same_version=False), too_old) is LinkState.DECIDED


@pytest.mark.parametrize(
    "actions, found",
    [
        ([], None),
        ([Action.PROVE, Action.ASK, Action.REPLY], None),
        ([Action.PROVE, Action.DECIDE], 1),
        ([Action.DECIDE, Action.APPROVE], 0),
        ([Action.DECIDE, Action.UNDO], None),
        ([Action.DECIDE, Action.VOID, Action.REPLY], None),
        ([Action.DECIDE, Action.UNDO, Action.DECIDE], 2),
    ],
)
def test_last_decision_is_the_one_that_nothing_took_back(actions, found):
    assert last_decision(actions) == found
