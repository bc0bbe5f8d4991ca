"""The steps of the clock when nobody answers: the desk is reminded, its deputy steps in, then the city desk."""

from datetime import datetime

from zalenzoeker.domain.deadlines import ClockStep, days_between, due_steps, next_at, waits_until
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import ANYONE, is_own
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import desk_clock, proposing, telling
from zalenzoeker.services.letter_facts import vote_facts
from zalenzoeker.services.timeline import tell
from zalenzoeker.storage import accounts, advice, desks, duty, requests
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Account, Desk, Request
from zalenzoeker.storage.models.desks import CITY_DESK


def take_step(code: str, now: datetime) -> None:
    """Do what is due for a request, with its letters, in one write unit; asked twice, it is done once.

    Of several steps that are due at once only the last that reaches somebody is done. A desk that is quiet is left in
    peace until it is back, unless that is too late for the asker.
    """
    # Inside a write unit the facts of the city are not kept for the next one.
    cities.city()
    with write_unit():
        request = requests.locked(code)
        if request is None or not _is_waiting(request, now):
            return
        desk = desks.by_id(request.desk_id or 0)
        since = request.clock_since
        starts_at = desk_clock.first_start(request, since) if since else None
        if desk is None or since is None or starts_at is None:
            request.next_step_at = None
            return
        times = desk_clock.times_of(desk.id, since)
        plan = desk_clock.plan_of(request, times)
        due = due_steps(plan, request.clock_step, now)
        votes_until = request.vote_until if request.vote_until and request.vote_until > now else None
        if votes_until:
            # The house chose how long it votes: nobody steps in before that.
            due = [step for step in due if step is not ClockStep.TO_CITY]
        if due:
            if again := waits_until(now, since, starts_at, times):
                request.next_step_at = again
                return
            days = days_between(since, now, times)
            for step in reversed(due):
                if STEPS[step](request, desk, now, days):
                    break
            request.clock_step = due[-1]
        request.next_step_at = next_at(plan, request.clock_step)
        if votes_until and request.next_step_at and request.next_step_at <= now:
            request.next_step_at = votes_until


def _is_waiting(request: Request, now: datetime) -> bool:
    """Somebody may have answered a moment ago, or another worker have done this step."""
    is_due = request.next_step_at is not None and request.next_step_at <= now
    waits = request.status is Status.REQUESTED and request.decision is None
    return is_due and waits and not proposing.live(request)


def _remind(request: Request, desk: Desk, now: datetime, days: int) -> bool:
    if any(event.action is Action.HOLD_END and event.at == now for event in request.events):
        # In this same round the desk was asked to answer, because the room is no longer kept.
        return True
    if votes := advice.about(request):
        if not votes.missing:
            return False
        tell(request, Action.REMIND, by=ANYONE, now=now)
        told = {"days_waited": days, "vote": vote_facts(request, votes)}
        telling.tell_voters(LetterKind.REQUEST_REMINDER, votes.missing, request, desk, now, **told)
        return True
    tell(request, Action.REMIND, by=ANYONE, now=now)
    telling.tell_crew(LetterKind.REQUEST_REMINDER, request, desk, now, days_waited=days)
    return True


def _to_deputy(request: Request, desk: Desk, now: datetime, days: int) -> bool:
    """The desk that stands in for this one, else the next of its own on duty; whether there is either.

    Where members vote, nobody stands in for their votes.
    """
    if request.voting:
        return False
    if deputy := _deputy_of(desk, now):
        request.deputy_desk_id = deputy.id
        tell(request, Action.TO_DEPUTY, by=ANYONE, now=now, facts={"desk": deputy.name})
        telling.tell_crew(LetterKind.REQUEST_TO_DEPUTY, request, deputy, now, days_waited=days, former=desk.name)
        return True
    if colleague := _next_on_duty(request, desk, now):
        tell(request, Action.TO_DEPUTY, by=ANYONE, now=now)
        telling.tell_member(LetterKind.REQUEST_TO_DEPUTY, colleague, request, desk, now, days_waited=days)
        return True
    return False


def _to_city(request: Request, desk: Desk, now: datetime, days: int) -> bool:
    """The city desk, which could step in all the time, is asked to; the asker hears so, once."""
    city = desks.by_slug(CITY_DESK)
    if city is None or city.id == desk.id:
        return False
    tell(request, Action.TO_CITY, by=ANYONE, now=now, facts={"desk": city.name})
    telling.tell_crew(LetterKind.REQUEST_TO_CITY, request, city, now, days_waited=days, former=desk.name)
    telling.tell_asker(LetterKind.REQUEST_TO_CITY, request, desk, now, days_waited=days, city=city.name)
    return True


STEPS = {ClockStep.REMIND: _remind, ClockStep.TO_DEPUTY: _to_deputy, ClockStep.TO_CITY: _to_city}


def _deputy_of(desk: Desk, now: datetime) -> Desk | None:
    """The desk that stands in, when a letter reaches it and it is not away itself."""
    deputy = desks.by_id(desk.deputy_desk_id) if desk.deputy_desk_id else None
    if deputy is None or not (deputy.email or deputy.members) or duty.is_quiet(deputy.id, to_local(now).date()):
        return None
    return deputy


def _next_on_duty(request: Request, desk: Desk, now: datetime) -> Account | None:
    found = duty.next_on_duty(desk.id, to_local(now).date())
    return None if found is None or is_own(accounts.actor(found), request.parties) else found
