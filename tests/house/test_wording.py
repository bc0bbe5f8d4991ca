"""Wording: every code that a person may meet is said in words, in Dutch."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from flask_babel import force_locale

from tests.builders import NOW, at, make_request
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.availability import CODE_OF_TAKEN, Code, Obstacle, TakenBy
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.dayplan import KIND_OF_TAKEN, StretchKind
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, VenueKind, WayIn
from zalenzoeker.domain.requests import DECISIONS, Action, ActivityKind, RequesterKind, Status
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import NotASlot
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.storage.models import Event
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.web import (
    advice,
    decision_form,
    desk_page,
    forms,
    happened,
    headlines,
    refusals,
    routing_words,
    story,
    timegrid,
    votes,
    wording,
)

SAID = [
    (wording.KIND, VenueKind),
    (wording.KINDS, VenueKind),
    (wording.KIND_EXPLAINED, VenueKind),
    (wording.OPERATOR, Operator),
    (wording.MANAGER, Manager),
    (wording.WAY_IN, WayIn),
    (wording.KNOWN, Known),
    (wording.CONFIDENCE, Confidence),
    (wording.PRECISION, CoordPrecision),
    (wording.STATUS, Status),
    (wording.DATE_STATUS, Status),
    (wording.REQUESTER_KIND, RequesterKind),
    (wording.REQUESTERS, RequesterKind),
    (wording.ACTIVITY_KIND, ActivityKind),
    (routing_words.FOR_ACTIVITY, ActivityKind),
    (wording.SPECIAL_KIND, SpecialKind),
    (wording.DESK_KIND, DeskKind),
    (wording.DAY_PART, DayPart),
    (wording.STRETCH, StretchKind),
    (wording.LETTER_STATE, LetterState),
    (advice.KIND, AdviceKind),
    (advice.SILENCE, Silence),
    (votes.SILENCE_ABOUT, Silence),
    (wording.CAME_BY, CameBy),
]
FACTS = {
    "hours": [at()],
    "day": date(2027, 1, 16),
    "season": ["11-01", "03-31"],
    "title": "Verlof",
    "days": 28,
    "first_day": date(2026, 12, 21),
    "months": 6,
    "last_day": date(2027, 5, 23),
    "slot": at(),
    "people": 80,
    "capacity": 60,
    "limit": 10,
    "in_working_days": False,
    "kinds": [RequesterKind.ASSOCIATION],
    "kind": ActivityKind.SALE,
    "from_day": date(2026, 12, 7),
    "minutes": 90,
    "until": date(2027, 7, 16),
    "week_hours": 10,
    "name": "Brugdag",
    "latest": time(22),
    "is_next_morning": False,
}


@pytest.mark.parametrize("words, codes", SAID, ids=lambda one: getattr(one, "__name__", ""))
def test_codes_are_all_said_and_none_twice(app, words, codes):
    with app.test_request_context():
        said = {code: str(words[code]) for code in codes}
    assert set(words) == set(codes)
    assert [code for code, sentence in said.items() if not sentence.strip()] == []
    assert len(set(said.values())) == len(said), said


@pytest.mark.parametrize(
    "looks, codes", [(wording.KIND_CLASS, VenueKind), (wording.STATUS_LOOK, Status), (timegrid.LOOK, StretchKind)]
)
def test_codes_all_have_a_look(looks, codes):
    assert set(looks) == set(codes)


@pytest.mark.parametrize("code", Code)
def test_obstacles_are_sentences_that_name_the_room_or_the_cure(app, code):
    with app.test_request_context():
        said = refusals.sentence(Obstacle(code, FACTS), room="Zaal 1")
    assert not said[0].islower(), said
    assert said.endswith("."), said
    assert [sign for sign in ("%(", "_", "{") if sign in said] == []


def test_obstacles_that_hold_a_room_each_have_a_code():
    assert set(CODE_OF_TAKEN) == set(TakenBy) - {TakenBy.QUEUED}
    assert set(KIND_OF_TAKEN) == set(TakenBy)


def test_steps_of_a_request_are_all_told(app):
    request = make_request(Status.APPROVED)
    with app.test_request_context(), force_locale("nl"):
        for action in Action:
            request.events[:] = [Event(at=NOW, action=action, status=request.status, note="", facts={})]
            told = story.story(request, NOW, with_letters=False, with_internal=True)[0]
            assert (told.title != "", told.icon != "", told.when) == (True, True, "maandag 23 november 2026, 10.00 uur")


# Only a date of a request can be left out, or be proposed.
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SKIPPED, Status.PROPOSED}))
def test_requests_in_every_state_say_where_they_stand(app, status):
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    request = make_request(status)
    with app.test_request_context():
        steps = story.story(request, moment, with_letters=False)
        headline = headlines.headline(request, moment)
    assert steps, f"{status} has no line on its timeline"
    assert (headline.title != "", headline.text != "") == (True, True)


def test_decisions_all_have_a_button_and_a_service():
    assert set(decision_form.DECISION) == set(desk_page.ANSWERED) - {Action.PROPOSE} == set(DECISIONS)


def test_times_that_cannot_be_all_have_their_sentence():
    assert set(forms.SLOT_ERRORS) == set(NotASlot.__subclasses__())


def test_icons_of_facilities_are_all_in_the_sprite(app):
    sprite = (Path(app.root_path).parent / "static/img/icons.svg").read_text(encoding="utf-8")
    wanted = {"check", *wording.FACILITIES_OF_ICON, *happened.ICONS.values()}
    assert sorted(name for name in wanted if f'id="{name}"' not in sprite) == []
