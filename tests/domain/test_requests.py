"""The life of a request and of its dates: every state against every action, and where the whole stands."""

import pytest

from zalenzoeker.domain.requests import (
    AWAITS_PROOF,
    FOREMOST,
    HOLDS,
    IS_ALIVE,
    IS_OPEN,
    NEEDS_A_REASON,
    NEXT,
    ON_THE_WAITING_LIST,
    SAID_OF,
    WAITS_FOR_THE_DESK,
    Action,
    NotPossible,
    Policy,
    Status,
    after,
    may_follow,
    whole,
)

LIFE = """
unproved    prove requested · wait waiting · lapse lapsed · withdraw withdrawn
lapsed      prove requested · wait waiting · withdraw withdrawn
requested   approve approved · confirm approved · refuse refused · overtake refused · withdraw withdrawn
            let_go withdrawn · expire expired · hold_end requested · change requested · agree approved
approved    withdraw withdrawn · let_go withdrawn · cancel cancelled · change approved · agree approved
skipped     put_back requested · propose proposed
waiting     offer offered · withdraw withdrawn · expire expired
offered     accept requested · miss expired · withdraw withdrawn
proposed    agree approved · decline withdrawn · proposal_end expired
refused
withdrawn
cancelled
expired
"""


def steps():
    """Every line of the table as (state, action, what follows)."""
    state = None
    for line in LIFE.strip().splitlines():
        name, rest = line[:12].strip(), line[12:]
        state = Status(name) if name else state
        for step in filter(None, (one.strip() for one in rest.split("·"))):
            action, follows = step.split()
            yield state, Action(action), Status(follows)


STEPS = list(steps())
POSSIBLE = {(state, action) for state, action, _ in STEPS}


def test_table_is_the_whole_life():
    assert {(state, action): follows for state, action, follows in STEPS} == NEXT
    assert {line[:12].strip() for line in LIFE.strip().splitlines()} - {""} == set(Status)
    assert {action for _, action, _ in STEPS} | SAID_OF.keys() == set(Action)
    assert not {action for _, action, _ in STEPS} & SAID_OF.keys()


@pytest.mark.parametrize("state,action,follows", STEPS)
def test_state_follows_from_action(state, action, follows):
    assert (after(state, action), may_follow(state, action)) == (follows, True)


@pytest.mark.parametrize(
    "state,action", [(state, action) for state in Status for action in Action if (state, action) not in POSSIBLE]
)
def test_action_is_not_possible_in_this_state(state, action):
    assert may_follow(state, action) is False
    with pytest.raises(NotPossible) as refused:
        after(state, action)
    assert (refused.value.status, refused.value.action) == (state, action)


@pytest.mark.parametrize(
    "group,states",
    [
        (HOLDS[Policy.HOLD], {Status.UNPROVED, Status.REQUESTED, Status.APPROVED}),
        (HOLDS[Policy.INSTANT], {Status.UNPROVED, Status.REQUESTED, Status.APPROVED}),
        (HOLDS[Policy.QUEUE], {Status.APPROVED}),
        (HOLDS[Policy.WAIT], {Status.APPROVED, Status.OFFERED}),
        (HOLDS[Policy.INSIDE], set()),
        (WAITS_FOR_THE_DESK, {Status.REQUESTED}),
        (AWAITS_PROOF, {Status.UNPROVED, Status.LAPSED}),
        (ON_THE_WAITING_LIST, {Status.WAITING, Status.OFFERED}),
        (IS_OPEN, {Status.UNPROVED, Status.REQUESTED, Status.WAITING, Status.OFFERED, Status.PROPOSED}),
        (IS_ALIVE, set(IS_OPEN) | {Status.APPROVED}),
    ],
    ids=[
        "hold",
        "instant",
        "queue",
        "wait",
        "inside",
        "waits for the desk",
        "awaits proof",
        "waiting list",
        "open",
        "alive",
    ],
)
def test_states_of_a_group(group, states):
    assert group == states


def test_every_policy_says_what_it_holds():
    assert set(HOLDS) == set(Policy)


def test_only_a_no_needs_a_reason():
    assert {Action.REFUSE, Action.CANCEL} == NEEDS_A_REASON


def test_every_state_has_its_place_in_the_order_of_the_whole():
    assert (sorted(FOREMOST), len(FOREMOST)) == (sorted(Status), len(Status))


@pytest.mark.parametrize(
    "dates,stands",
    [
        (["approved", "requested", "skipped"], "requested"),
        (["approved", "withdrawn", "skipped"], "approved"),
        (["withdrawn", "skipped"], "withdrawn"),
        (["refused", "approved"], "approved"),
        (["expired", "requested"], "requested"),
        (["unproved", "skipped"], "unproved"),
        (["cancelled", "withdrawn", "refused"], "cancelled"),
        (["requested", "proposed"], "requested"),
        (["approved", "proposed"], "approved"),
    ],
)
def test_request_stands_where_the_foremost_of_its_dates_stands(dates, stands):
    assert whole(Status(one) for one in dates) is Status(stands)
