"""The steps of the clock when nobody answers: the desk is reminded, its deputy steps in, then the city desk."""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property

from zalenzoeker.domain.deadlines import ClockStep, DeskTimes, days_between, due_steps, next_at, steps, waits_until
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import desk_clock, proposing, telling
from zalenzoeker.services.letter_facts import vote_facts
from zalenzoeker.services.readers import Readers
from zalenzoeker.services.timeline import tell
from zalenzoeker.storage import advice, desks, duty, requests
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request
from zalenzoeker.storage.models.desks import CITY_DESK


class Desks:
    """What the steps of one write unit must know of desks, each read once."""

    def __init__(self, found: Collection[Request], now: datetime) -> None:
        self.now = now
        self._known: dict[int, Readers | None] = {}
        self._away: dict[int, bool] = {}
        since = [one.clock_since for one in found if one.clock_since]
        ids = {one.desk_id for one in found if one.desk_id}
        self.times: dict[int, DeskTimes] = desk_clock.times_of_all(ids, min(since)) if since and ids else {}

    def by_id(self, desk_id: int) -> Readers | None:
        if desk_id not in self._known:
            desk = desks.by_id(desk_id)
            self._known[desk_id] = None if desk is None else Readers(desk, self.now)
        return self._known[desk_id]

    @cached_property
    def city(self) -> Readers | None:
        city = desks.by_slug(CITY_DESK)
        return None if city is None else Readers(city, self.now)

    def is_away(self, desk_id: int) -> bool:
        if desk_id not in self._away:
            self._away[desk_id] = duty.is_quiet(desk_id, to_local(self.now).date())
        return self._away[desk_id]


def take_steps(codes: Collection[str], now: datetime) -> None:
    """Do what is due for these requests, with its letters, all in one write unit; asked twice, it is done once.

    Of several steps that are due at once only the last that reaches somebody is done. A desk that is quiet is left in
    peace until it is back, unless that is too late for the asker. What somebody else is busy with is left for the next
    round. Where one fails nothing is done for any of them.
    """
    # Inside a write unit the facts of the city are not kept for the next one.
    cities.city()
    with write_unit():
        found = [one for one in requests.nobody_elses(codes) if _is_waiting(one, now)]
        known = Desks(found, now)
        for request in found:
            _take_step(request, known, now)


def _take_step(request: Request, known: Desks, now: datetime) -> None:
    readers = known.by_id(request.desk_id or 0)
    since = request.clock_since
    starts_at = desk_clock.first_start(request, since) if since else None
    if readers is None or since is None or starts_at is None:
        request.next_step_at = None
        return
    times = known.times.get(readers.desk.id, DeskTimes())
    plan = steps(since, starts_at, times)
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
            if STEPS[step](request, readers, known, days):
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


def _remind(request: Request, readers: Readers, known: Desks, days: int) -> bool:
    if any(event.action is Action.HOLD_END and event.at == known.now for event in request.events):
        # In this same round the desk was asked to answer, because the room is no longer kept.
        return True
    if votes := advice.about(request):
        if not votes.missing:
            return False
        tell(request, Action.REMIND, by=ANYONE, now=known.now)
        told = {"days_waited": days, "vote": vote_facts(request, votes)}
        telling.tell_voters(LetterKind.REQUEST_REMINDER, votes.missing, request, readers, **told)
        return True
    tell(request, Action.REMIND, by=ANYONE, now=known.now)
    telling.tell_crew(LetterKind.REQUEST_REMINDER, request, readers, days_waited=days)
    return True


def _to_deputy(request: Request, readers: Readers, known: Desks, days: int) -> bool:
    """The desk that stands in for this one, else the next of its own on duty; whether there is either.

    Where members vote, nobody stands in for their votes.
    """
    if request.voting:
        return False
    kind, former = LetterKind.REQUEST_TO_DEPUTY, readers.desk
    if deputy := _deputy_of(readers, known):
        request.deputy_desk_id = deputy.desk.id
        tell(request, Action.TO_DEPUTY, by=ANYONE, now=known.now, facts={"desk": deputy.desk.name})
        telling.tell_crew(kind, request, deputy, days_waited=days, former=former.name)
        return True
    if colleague := readers.unless_own(readers.next_on_duty, request):
        tell(request, Action.TO_DEPUTY, by=ANYONE, now=known.now)
        name = colleague.name or colleague.email
        telling.tell_member(kind, colleague.email, request, readers, days_waited=days, on_duty=name)
        return True
    return False


def _to_city(request: Request, readers: Readers, known: Desks, days: int) -> bool:
    """The city desk, which could step in all the time, is asked to; the asker hears so, once."""
    city, kind = known.city, LetterKind.REQUEST_TO_CITY
    if city is None or city.desk.id == readers.desk.id:
        return False
    tell(request, Action.TO_CITY, by=ANYONE, now=known.now, facts={"desk": city.desk.name})
    telling.tell_crew(kind, request, city, days_waited=days, former=readers.desk.name)
    telling.tell_asker(kind, request, readers.desk, known.now, days_waited=days, city=city.desk.name)
    return True


STEPS = {ClockStep.REMIND: _remind, ClockStep.TO_DEPUTY: _to_deputy, ClockStep.TO_CITY: _to_city}


def _deputy_of(readers: Readers, known: Desks) -> Readers | None:
    """The desk that stands in, when a letter reaches it and it is not away itself."""
    deputy = known.by_id(readers.desk.deputy_desk_id) if readers.desk.deputy_desk_id else None
    return None if deputy is None or not deputy.group or known.is_away(deputy.desk.id) else deputy
