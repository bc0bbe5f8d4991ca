"""What became of a letter: a table of sentences."""

import pytest

from zalenzoeker.domain.fates import IS_LOST, Fate, fate_of


@pytest.mark.parametrize(
    ("state", "error", "has_bounced", "expected"),
    [
        ("waiting", "", False, Fate.WAITING),
        ("sending", "", False, Fate.WAITING),
        ("waiting", "451 later", False, Fate.TRYING),
        ("sending", "TimeoutError: silence", False, Fate.TRYING),
        ("sent", "", False, Fate.SENT),
        ("sent", "no such mailbox", True, Fate.CAME_BACK),
        ("dead", "550 no such user", False, Fate.REFUSED),
        ("dead", "451 later", False, Fate.GIVEN_UP),
        ("dead", "cannot be written: ValueError()", False, Fate.GIVEN_UP),
        ("held", "", False, Fate.HELD),
        ("bundled", "", False, Fate.BUNDLED),
        ("to_print", "", False, Fate.TO_PRINT),
        ("printed", "", False, Fate.HANDED_OVER),
    ],
)
def test_letter_has_this_fate(state, error, has_bounced, expected):
    assert fate_of(state, last_error=error, has_bounced=has_bounced) is expected


def test_lost_letters_are_those_that_nobody_has():
    assert sorted(IS_LOST) == [Fate.CAME_BACK, Fate.GIVEN_UP, Fate.REFUSED]
