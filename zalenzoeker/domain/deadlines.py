"""How long things may wait: the hold on a form, the answer of a desk and the steps towards it, the end of a request."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from statistics import median

from zalenzoeker.domain.slots import to_local, to_utc
from zalenzoeker.domain.special_days import NO_SPECIAL_DAYS, SpecialDays

UNPROVED_HOLD = timedelta(minutes=15)
ANSWER_BEFORE_START = timedelta(days=2)
UNDO_WITHIN = timedelta(minutes=10)
PROPOSAL_LASTS = timedelta(days=5)
# Somebody must still be able to prepare the activity; where that cannot be, there is little time to answer.
PROPOSAL_ENDS_BEFORE = timedelta(days=1)
HASTY_PROPOSAL_LASTS = timedelta(hours=4)
HASTY_PROPOSAL_ENDS_BEFORE = timedelta(hours=1)
SHORTEST_PROPOSAL = timedelta(hours=1)
# What the city desk needs to answer, once a request has come to it.
CITY_ANSWERS_IN_DAYS = 3
# A desk that is open less than this before it is too late has no time to look: then no day is left out.
SHORTEST_LOOK = timedelta(hours=6)
# Further ahead no day is counted, however long a desk stays away.
DAYS_LOOKED_AHEAD = 3 * 366
FEWEST_ANSWERS = 5


class ClockStep(StrEnum):
    """What the clock does when nobody answers, in this order; after the last one a request ends with its moment.

    REMIND: the desk is written again. TO_DEPUTY: its deputy, or the next on duty, too. TO_CITY: the city desk too.
    """

    REMIND = "remind"
    TO_DEPUTY = "to_deputy"
    TO_CITY = "to_city"


STEPS = tuple(ClockStep)


@dataclass(frozen=True)
class QuietPeriod:
    """Days on which a desk does not answer, both included; no step happens on them and none of them is counted."""

    first_day: date
    last_day: date
    reason: str = ""

    def has(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class DeskTimes:
    """After how many days a desk's steps come, and which days it counts."""

    reminder_days: int = 5
    deputy_days: int = 8
    city_days: int = 11
    counts_working_days: bool = False
    quiet: tuple[QuietPeriod, ...] = ()
    special: SpecialDays = NO_SPECIAL_DAYS

    @property
    def days(self) -> tuple[int, ...]:
        """The days of each of the STEPS."""
        return self.reminder_days, self.deputy_days, self.city_days

    @property
    def answer_days(self) -> int:
        return self.city_days + CITY_ANSWERS_IN_DAYS

    def quiet_on(self, day: date) -> QuietPeriod | None:
        return next((one for one in self.quiet if one.has(day)), None)

    def quiet_until(self, day: date) -> date | None:
        """The last day of the quiet that a day lies in, over periods that follow; None where it lies in none."""
        last = None
        while found := self.quiet_on(day):
            last = found.last_day
            day = last + timedelta(days=1)
        return last

    def counts(self, day: date) -> bool:
        """Is it a day that is counted? No quiet one, and where the desk wants so only working days."""
        return not self.quiet_on(day) and (not self.counts_working_days or self.special.is_working(day))


USUAL_TIMES = DeskTimes()


@dataclass(frozen=True)
class Due:
    """A step and its moment."""

    step: ClockStep
    at: datetime


def hold_until(now: datetime) -> datetime:
    """Until when an unproved request keeps its room."""
    return now + UNPROVED_HOLD


def counted_after(moment: datetime, days: int, times: DeskTimes) -> datetime:
    """The moment so many counted days later, at the same time on the wall clock."""
    local = to_local(moment)
    day, left = local.date(), days
    for _number in range(DAYS_LOOKED_AHEAD):
        day += timedelta(days=1)
        left -= times.counts(day)
        if left <= 0:
            break
    return to_utc(datetime.combine(day, local.time()))


def answer_by(asked_at: datetime, starts_at: datetime, times: DeskTimes = USUAL_TIMES) -> datetime:
    """When the desk should have answered: in its time, and two days before the start where that comes first."""
    in_its_time = counted_after(asked_at, times.answer_days, times)
    return max(asked_at, min(in_its_time, starts_at - ANSWER_BEFORE_START))


def last_moment(since: datetime, starts_at: datetime) -> datetime:
    """By when the steps must have led to an answer: two days before the start, or halfway there on short notice."""
    return max(starts_at - ANSWER_BEFORE_START, since + (starts_at - since) / 2)


def steps(since: datetime, starts_at: datetime, times: DeskTimes = USUAL_TIMES) -> tuple[Due, ...]:
    """When each step is due for a request that a desk has had since a moment, and that starts at another.

    They come after as many counted days as the desk says. Where that is too late, they come as far apart as they would
    be, in the time that is left on counted days. Where too little of that is left they come in the plain time that is
    left, because a request must not wait for who comes back too late; then nobody of a quiet desk is reminded.
    """
    by_days = [Due(step, counted_after(since, days, times)) for step, days in zip(STEPS, times.days, strict=True)]
    limit = last_moment(since, starts_at)
    if by_days[-1].at <= limit:
        return tuple(by_days)
    open_time = list(_open_time(since, limit, times))
    if sum((to - start for start, to in open_time), timedelta()) >= min(SHORTEST_LOOK, limit - since):
        return tuple(Due(one, _along(open_time, share)) for one, share in _shares(times))
    plain = tuple(Due(one, _along([(since, max(since, limit))], share)) for one, share in _shares(times))
    return plain[1:] if times.quiet_on(to_local(plain[0].at).date()) else plain


def _shares(times: DeskTimes) -> Iterator[tuple[ClockStep, float]]:
    """How far along the way to an answer each step is."""
    return ((step, days / times.answer_days) for step, days in zip(STEPS, times.days, strict=True))


def _open_time(since: datetime, until: datetime, times: DeskTimes) -> Iterator[tuple[datetime, datetime]]:
    """The stretches on counted days between two moments."""
    day, last = to_local(since).date(), to_local(until).date()
    while day <= last:
        if times.counts(day):
            starts, ends = (to_utc(datetime.combine(day + timedelta(days=more), time())) for more in (0, 1))
            if max(since, starts) < min(until, ends):
                yield max(since, starts), min(until, ends)
        day += timedelta(days=1)


def _along(stretches: Sequence[tuple[datetime, datetime]], share: float) -> datetime:
    """The moment at a share of the time in these stretches, in whole seconds."""
    left = sum((ends - starts for starts, ends in stretches), timedelta()) * share
    for starts, ends in stretches:
        if left <= ends - starts:
            break
        left -= ends - starts
    return (starts + left).replace(microsecond=0)


def due_steps(plan: Iterable[Due], done: ClockStep | None, now: datetime) -> list[ClockStep]:
    """The steps after this one whose moment has come.

    Only the last one that reaches somebody is done and those before it are passed over, so that nobody is written twice
    at once about one request.
    """
    return [one.step for one in plan if one.at <= now and _is_after(one.step, done)]


def next_at(plan: Iterable[Due], done: ClockStep | None) -> datetime | None:
    """When the first step after this one is due; None after the last."""
    return next((one.at for one in plan if _is_after(one.step, done)), None)


def _is_after(step: ClockStep, done: ClockStep | None) -> bool:
    return done is None or STEPS.index(step) > STEPS.index(done)


def waits_until(now: datetime, since: datetime, starts_at: datetime, times: DeskTimes) -> datetime | None:
    """Until when a step that is due waits for a desk that is quiet now; None where it does not, or that is too late."""
    quiet_until = times.quiet_until(to_local(now).date())
    if quiet_until is None:
        return None
    again = to_utc(datetime.combine(quiet_until + timedelta(days=1), to_local(since).time()))
    return again if again <= last_moment(since, starts_at) else None


def days_between(asked_at: datetime, answered_at: datetime, times: DeskTimes) -> int:
    """How many counted days an answer took; one that came the same day took one."""
    first, last = to_local(asked_at).date(), to_local(answered_at).date()
    after = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return max(1, sum(times.counts(day) for day in after))


def usual_days(answers: Collection[int]) -> int | None:
    """Within how many days a desk answers as a rule: half of its answers came by then. None where these are few."""
    return ceil(median(answers)) if len(answers) >= FEWEST_ANSWERS else None


def undo_until(now: datetime, starts: Iterable[datetime], undo_within: timedelta = UNDO_WITHIN) -> datetime:
    """Until when a decision can be undone: for ten minutes, or until the first of its dates that is to come begins."""
    return min([now + undo_within, *(moment for moment in starts if moment > now)])


def proposal_until(now: datetime, starts: Iterable[datetime]) -> datetime | None:
    """Until when a proposal made now keeps its rooms, by when its moments and those they replace begin.

    Five days, and a day before the first; at short notice four hours, and an hour before it; None: too late for one.
    """
    first = min(starts)
    until = min(now + PROPOSAL_LASTS, first - PROPOSAL_ENDS_BEFORE)
    if until - now < HASTY_PROPOSAL_LASTS:
        until = min(now + HASTY_PROPOSAL_LASTS, first - HASTY_PROPOSAL_ENDS_BEFORE)
    # In whole minutes, so that the hold on the room ends at the very moment the proposal does.
    until = until.replace(second=0, microsecond=0)
    return until if until - now >= SHORTEST_PROPOSAL - timedelta(minutes=1) else None


def is_over(ends_at: datetime, now: datetime) -> bool:
    """What has taken place cannot be withdrawn or cancelled any more."""
    return ends_at <= now
