"""Whose turn it is: after each thing that was said, asked or decided."""

import pytest

from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.requests import Action


@pytest.mark.parametrize(
    "actions, expected",
    [
        ([], None),
        ([Action.PROVE], None),
        ([Action.PROVE, Action.ASK], Turn.ASKER),
        ([Action.ASK, Action.REPLY], Turn.DESK),
        ([Action.ASK, Action.REPLY, Action.ASK], Turn.ASKER),
        ([Action.REPLY], Turn.DESK),
        ([Action.ASK, Action.NOTE, Action.HAND, Action.FORWARD, Action.CHANGE], Turn.ASKER),
        ([Action.REPLY, Action.NOTE, Action.FORWARD], Turn.DESK),
        ([Action.ASK, Action.APPROVE], None),
        ([Action.REPLY, Action.REFUSE], None),
        ([Action.ASK, Action.DECIDE], Turn.ASKER),
        ([Action.ASK, Action.DECIDE, Action.CANCEL], None),
        ([Action.APPROVE, Action.ASK], Turn.ASKER),
    ],
)
def test_turn_follows_from_what_was_said_last(actions, expected):
    assert turn(actions) is expected
