"""The life of a request: every state against every action."""

import pytest

from zalenzoeker.domain.requests import (
    AWAITS_PROOF,
    HOLDS_THE_ROOM,
    IS_OPEN,
    NEEDS_A_REASON,
    WAITS_FOR_THE_DESK,
    Action,
    NotPossible,
    Status,
    after,
    may_follow,
)

A = Action
ACTIONS = [A.PROVE, A.LAPSE, A.APPROVE, A.REFUSE, A.WITHDRAW, A.CANCEL, A.EXPIRE]
NOTHING = "–"
LIFE = """
            prove      lapse   approve   refuse   withdraw   cancel     expire
unproved    requested  lapsed  –         –        withdrawn  –          –
lapsed      requested  –       –         –        withdrawn  –          –
requested   –          –       approved  refused  withdrawn  –          expired
approved    –          –       –         –        withdrawn  cancelled  –
refused     –          –       –         –        –          –          –
withdrawn   –          –       –         –        –          –          –
cancelled   –          –       –         –        –          –          –
expired     –          –       –         –        –          –          –
"""


def cells():
    head, *rows = LIFE.strip().splitlines()
    for row in rows:
        state, *nexts = row.split()
        for action, follows in zip(head.split(), nexts, strict=True):
            yield Status(state), Action(action), follows


def test_table_speaks_of_every_state_and_every_action():
    found = {(state, action) for state, action, _ in cells()}
    assert found == {(state, action) for state in Status for action in Action}


@pytest.mark.parametrize("state,action,follows", [cell for cell in cells() if cell[2] != NOTHING])
def test_state_follows_from_action(state, action, follows):
    assert (after(state, action), may_follow(state, action)) == (Status(follows), True)


@pytest.mark.parametrize("state,action", [cell[:2] for cell in cells() if cell[2] == NOTHING])
def test_action_is_not_possible_in_this_state(state, action):
    assert may_follow(state, action) is False
    with pytest.raises(NotPossible) as refused:
        after(state, action)
    assert (refused.value.status, refused.value.action) == (state, action)


@pytest.mark.parametrize(
    "group,states",
    [
        (HOLDS_THE_ROOM, {Status.UNPROVED, Status.REQUESTED, Status.APPROVED}),
        (WAITS_FOR_THE_DESK, {Status.REQUESTED}),
        (AWAITS_PROOF, {Status.UNPROVED, Status.LAPSED}),
        (IS_OPEN, {Status.UNPROVED, Status.REQUESTED}),
    ],
    ids=["holds the room", "waits for the desk", "awaits proof", "is open"],
)
def test_states_of_a_policy(group, states):
    assert group == states


def test_only_a_no_needs_a_reason():
    assert {Action.REFUSE, Action.CANCEL} == NEEDS_A_REASON
