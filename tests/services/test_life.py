"""The life of a request: every deed at every stage by everybody who may come by; each cell of the tables is tried."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW, SATURDAY, at, read
from tests.put_back import filled_once
from tests.services.life import (
    ALLOWED,
    ALLOWED_TYPED,
    BESIDES,
    BY_THE_CLOCK,
    CALLED,
    DEEDS,
    FOLLOWS,
    FOLLOWS_FROM_OTHERS,
    LATER,
    NEVER_TYPED,
    STAGES,
    People,
    decide,
    make_people,
    table,
)
from zalenzoeker.domain.advice import AdviceNeeded
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.requests import Action, NotPossible
from zalenzoeker.services import deadlines, decisions
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Request

CELLS = [(deed, stage) for deed in DEEDS for stage in STAGES]
# What cannot be done by anybody is tried once, above.
CELLS_TYPED = [
    (deed, stage)
    for deed, stage in CELLS
    if stage not in NEVER_TYPED and FOLLOWS[deed][stage] != "-" and "yes" in ALLOWED_TYPED[deed].values()
]


# So many requests are there from the start: one for each of those who may do a deed.
READY = max(list(allowed.values()).count("yes") for table in (ALLOWED, ALLOWED_TYPED) for allowed in table.values())


@pytest.fixture
def at_stage(app, config):
    """Return a function that brings everybody together around requests that stand at a stage.

    ``is_typed``: they are of somebody without an e-mail address, typed in at the desk.
    """
    file = Path(config.database_url.removeprefix("sqlite:///"))

    def begin(stage: str, *, is_typed: bool = False) -> People:
        return filled_once(file, (stage, is_typed), lambda: fill(stage, is_typed))

    def fill(stage: str, is_typed: bool) -> People:
        people = make_people(is_typed=is_typed)
        people.ready = [people.request(stage, week).code for week in range(READY)]
        return people

    return begin


def test_tables_name_every_deed_and_every_stage():
    assert set(ALLOWED) == set(ALLOWED_TYPED) == set(FOLLOWS) == set(DEEDS)
    assert {frozenset(line) for line in FOLLOWS.values()} == {frozenset(STAGES)}
    for allowed in (ALLOWED, ALLOWED_TYPED):
        assert {frozenset(line) for line in allowed.values()} == {frozenset(next(iter(allowed.values())))}


def test_every_action_is_tried_or_happens_by_itself():
    assert {*CALLED.values(), *BY_THE_CLOCK, *FOLLOWS_FROM_OTHERS, *BESIDES} == set(Action)


@pytest.mark.parametrize("deed", DEEDS)
def test_deed_is_what_it_is_called_on_the_timeline(deed, at_stage):
    stage = next(one for one in STAGES if FOLLOWS[deed][one] not in ("-", "no desk", "votes"))
    people = at_stage(stage)
    request = before(deed, stage, people)
    role = next(role for role in people.by_role if may(deed, role, stage, people))
    DEEDS[deed](request, people.by_role[role], people)
    # What was decided leaves after ten minutes.
    decisions.carry_out(request.code, LATER + UNDO_WITHIN)
    assert CALLED[deed] in [event.action for event in read(request.code).events]


def before(deed: str, stage: str, people: People, week: int = 0) -> Request:
    """A request that stands there; where a decision is to be undone, decided a moment ago."""
    request = people.request(stage, week)
    if deed == "undo" and FOLLOWS["undo"][stage] == "same":
        decide(request, people.by_role["desk"])
        people.call_deputy(request)
        return read(request.code)
    return request


def may(deed: str, role: str, stage: str, people: People) -> bool:
    """May they, by the table? A form that nobody proved is of no group yet, so only its asker is known."""
    is_of_group = stage not in NEVER_TYPED or role == "asker"
    is_of_desk = FOLLOWS[deed][stage] == "no desk"
    return people.allowed[deed][role] == "yes" and (is_of_group or is_of_desk)


def fallen(request: Request) -> tuple[object, ...]:
    """What would show that a deed that was refused has left something."""
    letters = db.session.scalar(db.select(db.func.count()).select_from(Letter))
    return request.status, request.version, len(request.events), request.decision is None, letters


def nobody_else_can(stage: str, people: People) -> None:
    """At one stage, every deed by everybody who may not: each is refused, and leaves nothing."""
    plain, undoable = (before(deed, stage, people, week) for week, deed in enumerate(("note", "undo")))
    wrong = []
    for deed, act in DEEDS.items():
        request = undoable if deed == "undo" else plain
        stands = fallen(read(request.code))
        wanted = "not there" if FOLLOWS[deed][stage] == "no desk" else "not allowed"
        for role, actor in people.by_role.items():
            if may(deed, role, stage, people):
                continue
            try:
                act(request, actor, people)
                answer = "done"
            except NotAllowed:
                answer = "not allowed"
            except UnknownRequest:
                answer = "not there"
            if answer != wanted or fallen(read(request.code)) != stands:
                wrong.append((deed, role, answer))
    assert wrong == []


NOTHING_DONE = ("-", "no desk", "votes")


def follows_for_who_may(deed: str, stage: str, people: People) -> None:
    answers, wanted = {}, {}
    roles = [role for role in people.by_role if may(deed, role, stage, people)]
    for week, role in enumerate(roles):
        wanted[role] = FOLLOWS[deed][stage]
        if wanted[role] == "votes" and role == "city":
            wanted[role] = FOLLOWS[deed]["requested"]
        request = before(deed, stage, people, week)
        stands = fallen(request)
        try:
            DEEDS[deed](request, people.by_role[role], people)
        except NotPossible:
            answers[role] = "-"
        except UnknownRequest:
            answers[role] = "no desk"
        except AdviceNeeded:
            answers[role] = "votes"
        else:
            found = read(request.code)
            answers[role] = "same" if found.status is request.status else str(found.status)
        if answers[role] in NOTHING_DONE and fallen(read(request.code)) != stands:
            answers[role] += ", but it left something"
    assert answers == wanted


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_else_can_do_anything(stage, at_stage):
    nobody_else_can(stage, at_stage(stage))


@pytest.mark.parametrize("deed,stage", CELLS)
def test_what_follows_for_everybody_who_may(deed, stage, at_stage):
    follows_for_who_may(deed, stage, at_stage(stage))


@pytest.mark.parametrize("stage", [one for one in STAGES if one not in NEVER_TYPED])
def test_nobody_else_can_do_anything_about_what_was_typed_in(stage, at_stage):
    nobody_else_can(stage, at_stage(stage, is_typed=True))


@pytest.mark.parametrize("deed,stage", CELLS_TYPED)
def test_what_follows_of_what_was_typed_in(deed, stage, at_stage):
    follows_for_who_may(deed, stage, at_stage(stage, is_typed=True))


# What the clock alone makes of it: after the quarter of an hour of a form, when an offer or a proposal has ended, on
# the days of the steps, when it begins. Where it stands then, and what the clock said of it on its timeline.
CLOCK = """
stage      soon             in three days    in six days             in nine days            in twelve days          when it begins
unproved   lapsed: lapse    lapsed: lapse    lapsed: lapse           lapsed: lapse           lapsed: lapse           lapsed: lapse
lapsed     lapsed           lapsed           lapsed                  lapsed                  lapsed                  lapsed
requested  requested        requested        requested: remind       requested: to_deputy    requested: to_city      expired: expire
approved   approved         approved         approved                approved                approved                approved
refused    refused          refused          refused                 refused                 refused                 refused
withdrawn  withdrawn        withdrawn        withdrawn               withdrawn               withdrawn               withdrawn
cancelled  cancelled        cancelled        cancelled               cancelled               cancelled               cancelled
expired    expired          expired          expired                 expired                 expired                 expired
waiting    waiting          waiting          waiting                 waiting                 waiting                 expired: expire
offered    offered          expired: miss    expired: miss           expired: miss           expired: miss           expired: miss
proposed   requested        requested        requested: proposal_end  requested: proposal_end  requested: proposal_end  expired: expire
voted on   requested        requested        requested: remind       requested: remind       requested: to_city      expired: expire
"""  # noqa: E501 -- a table is read by its columns
MOMENTS = {
    "soon": NOW + timedelta(minutes=16),
    "in three days": NOW + timedelta(days=3),
    "in six days": NOW + timedelta(days=6),
    "in nine days": NOW + timedelta(days=9),
    "in twelve days": NOW + timedelta(days=12),
    "when it begins": at(day=SATURDAY).starts_at,
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("moment", MOMENTS)
def test_what_the_clock_makes_of_it(moment, stage, at_stage):
    request = at_stage(stage).request(stage, 0)
    known = len(request.events)
    for _again in range(2):
        deadlines.tick(MOMENTS[moment])
        found = read(request.code)
        said = [str(event.action) for event in found.events[known:]]
        assert ": ".join([str(found.status), *said]) == table(CLOCK)[stage][moment]
