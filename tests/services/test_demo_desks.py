"""What a new volunteer meets at the desks of the demonstration: each newer part of the desk, once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import NOW, actor_of, make_city_desk, make_neighbourhood, make_room, make_venue
from tests.torture.stage import FULL
from zalenzoeker.domain.advice import AdviceKind, Outcome, Silence
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.conversation import Turn, turn
from zalenzoeker.domain.places import Manager
from zalenzoeker.domain.requests import Action, ActivityKind, Policy, Status
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.gateways import register as files
from zalenzoeker.services import advice, agreeing, demo, demo_desks, register
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services.demo_facts import DRONGEN, MARCEL, MARIE_CHRISTINE, PAULA, ROBINIA
from zalenzoeker.storage import accounts, desks, duty, printing, queue, requests, self_check
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Change, Desk, Request, RoutingLine, Vote

DATA = Path(__file__).parents[2] / "zalenzoeker" / "data"
ERRANDS = (
    demo_desks.ASKED_ABOUT,
    demo_desks.PROPOSED,
    demo_desks.TYPED_IN,
    demo_desks.FIRST_IN_QUEUE,
    demo_desks.SECOND_IN_QUEUE,
    demo_desks.VOTED_ABOUT,
)


@pytest.fixture
def town(app):
    """Both houses, and one whose community workers decide."""
    make_city_desk()
    make_neighbourhood()
    make_room("zaal", venue=make_venue(DRONGEN), hours=())
    make_room("zaal", venue=make_venue(ROBINIA), hours=())
    make_room("zaal", venue=make_venue("buurtcentrum-x", managed_by=Manager.COMMUNITY_WORKER), hours=())
    demo.make(now=NOW)


def desk_of(house: str) -> Desk:
    desk = desks.by_slug(f"demo-{house}")
    assert desk is not None
    return desk


def request_for(errand: demo_desks.Errand) -> Request:
    code = db.session.scalars(select(Request.code).where(Request.activity == errand.activity)).one()
    request = requests.by_code(code)
    assert request is not None
    return request


def by(email: str):
    return actor_of(accounts.by_email(email))


def test_two_take_turns_and_somebody_steps_in_after_them(town):
    desk = desk_of(DRONGEN)
    assert [one.name for one in duty.rota(desk.id)] == [MARCEL.name, MARIE_CHRISTINE.name]
    on_duty = [duty.on_duty(desk.id, to_local(NOW).date() + timedelta(weeks=week)).name for week in range(3)]
    assert on_duty == [MARCEL.name, MARIE_CHRISTINE.name, MARCEL.name]
    assert (desk.reminder_days, desk.deputy_days, desk.city_days, desk.counts_working_days) == (4, 7, 10, True)
    assert desks.by_id(desk.deputy_desk_id).slug == "demo-buurtcentrum-x"


def test_crew_is_away_for_a_week_in_six_weeks(town):
    [away] = duty.quiet_periods([desk_of(DRONGEN).id], to_local(NOW).date())
    assert (away.first_day.weekday(), (away.last_day - away.first_day).days) == (0, 6)
    assert 36 < (away.first_day - to_local(NOW).date()).days <= 42
    assert away.reason == demo_desks.QUIET_REASON


def test_party_politics_goes_to_the_community_workers(town):
    [line] = db.session.scalars(select(RoutingLine).where(RoutingLine.activity_kind == ActivityKind.PARTY_POLITICS))
    assert (desks.by_id(line.desk_id).slug, line.is_demo, line.reason) == (
        "demo-buurtcentrum-x",
        True,
        demo_desks.POLITICS,
    )


def test_log_says_what_each_of_them_changed(town):
    names = dict(db.session.execute(select(Change.what, Change.account_id).order_by(Change.id)).all())
    people = {accounts.by_email(person.email).id: person.name for person in (MARCEL, MARIE_CHRISTINE, PAULA)}
    assert {what: people[account_id] for what, account_id in names.items()} == {
        Subject.DEADLINES: MARCEL.name,
        Subject.DUTY: MARIE_CHRISTINE.name,
        Subject.ROUTING: MARCEL.name,
        Subject.QUIET: MARIE_CHRISTINE.name,
        Subject.ADVICE: PAULA.name,
        Subject.PROGRAMME: MARCEL.name,
    }


def test_three_vote_and_the_second_yes_decides(town):
    desk, request = desk_of(ROBINIA), request_for(demo_desks.VOTED_ABOUT)
    assert [len(desk.members), desk.advice, desk.votes_needed, desk.advice_days, desk.silence_means] == [
        3,
        AdviceKind.DECIDES,
        2,
        7,
        Silence.NOTHING,
    ]
    assert [(one.account_id, one.is_yes) for one in db.session.scalars(select(Vote))] == [
        (accounts.by_email(PAULA.email).id, True)
    ]
    assert request.status is Status.REQUESTED
    rita = by("rita@demo.example")
    assert advice.vote(request.code, is_yes=True, by=rita, now=NOW, version=request.version) is Outcome.YES


def test_question_waits_for_its_asker(town):
    request = request_for(demo_desks.ASKED_ABOUT)
    assert (request.status, turn(event.action for event in request.events)) == (Status.REQUESTED, Turn.ASKER)
    assert [event.note for event in request.events if event.action is Action.ASK] == [demo_desks.QUESTION]


def test_proposal_waits_for_its_asker_who_can_still_take_it(town):
    request = request_for(demo_desks.PROPOSED)
    offered, asked = sorted(request.occurrences, key=lambda date: date.status is Status.REQUESTED)
    assert (offered.status, asked.status) == (Status.PROPOSED, Status.REQUESTED)
    assert (offered.slot.day - asked.slot.day).days in (7, 14, 21)
    assert request.proposal.until > NOW
    agreeing.agree(request.code, by=by(demo_desks.KITCHEN.person.email), now=NOW)
    assert request_for(demo_desks.PROPOSED).status is Status.APPROVED


def test_who_telephoned_gets_her_letters_on_paper(town):
    request = request_for(demo_desks.TYPED_IN)
    [letter] = printing.waiting([desk_of(DRONGEN).id], is_city=False)
    assert (letter.request_id, letter.recipient, request.contact_email) == (request.id, "", "")
    marie_christine = by(MARIE_CHRISTINE.email)
    answers = {date.uid: Action.APPROVE for date in request.occurrences}
    deciding.decide(request.code, answers, by=marie_christine, now=NOW, version=request.version)
    deciding.carry_out(request.code, NOW + timedelta(minutes=10))
    assert len(printing.waiting([desk_of(DRONGEN).id], is_city=False)) == 2


def test_two_stand_in_line_for_one_moment(town):
    first, second = request_for(demo_desks.FIRST_IN_QUEUE), request_for(demo_desks.SECOND_IN_QUEUE)
    assert (first.policy, second.policy) == (Policy.QUEUE, Policy.QUEUE)
    assert (first.status, second.status, first.first.slot) == (Status.REQUESTED, Status.REQUESTED, second.first.slot)
    assert [date.request_id for date in queue.rivals_of(first.occurrences)] == [second.id]
    assert [date.request_id for date in queue.rivals_of(second.occurrences)] == [first.id]


def test_house_without_community_workers_nearby_has_the_rest(app):
    make_city_desk()
    make_room("zaal", venue=make_venue(DRONGEN), hours=())
    demo.make(now=NOW)
    assert desk_of(DRONGEN).deputy_desk_id is None
    assert len(duty.rota(desk_of(DRONGEN).id)) == 2
    assert db.session.scalars(select(RoutingLine.activity_kind)).all() == [None]
    asked = set(db.session.scalars(select(Request.activity)))
    assert {errand.activity for errand in ERRANDS} - asked == {demo_desks.VOTED_ABOUT.activity}


@pytest.mark.torture
@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2027, 2, 28, 23, 30, tzinfo=UTC),
        datetime(2027, 7, 1, 6, tzinfo=UTC),
        datetime(2027, 12, 1, 12, tzinfo=UTC),
    ][:: 1 if FULL else 2],
    ids=lambda now: f"{now:%m-%d}",
)
def test_shipped_register_shows_each_of_them_at_any_time_of_the_year(app, now):
    register.take_over(files.read(DATA))
    demo.make(now=now, seed=3)
    slots: list[Slot] = [request_for(errand).first.slot for errand in ERRANDS]
    assert [slot.day.weekday() for slot in slots] == [errand.weekday for errand in ERRANDS]
    assert len(list(db.session.scalars(select(Vote)))) == 1
    assert desks.by_id(desk_of(DRONGEN).deputy_desk_id).slug == "demo-buurtcentrum-nieuw-gent"
    assert self_check.faults() == []
