"""The bookings of a large invented set as rows: requests, their dates, their timeline and the spaces they take."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from zalenzoeker.domain import deadlines
from zalenzoeker.domain.activities import theme_of
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.requests import Action, ActivityKind, Policy, RequesterKind, Status
from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.domain.slots import BRUSSELS, epoch, to_utc
from zalenzoeker.services.bench_plan import Planned, Stretch
from zalenzoeker.storage import bench
from zalenzoeker.storage.db import Base
from zalenzoeker.storage.models import Activity, Event, Occupancy, Occurrence, Request

BATCH = 5_000
STILL_WAITING = 0.12
HOLD = timedelta(days=21)
NOON = 12 * 60
MOST_PEOPLE = 40
ACTIVITIES = (
    ("Repetitie", ActivityKind.REHEARSAL, False),
    ("Bestuursvergadering", ActivityKind.MEETING, False),
    ("Repaircafé", ActivityKind.NEIGHBOURHOOD, True),
    ("Kookles voor nieuwe buren", ActivityKind.COURSE, True),
    ("Infoavond geveltuinen", ActivityKind.MEETING, True),
    ("Taaloefening Nederlands", ActivityKind.COURSE, True),
    ("Feest van de straat", ActivityKind.PARTY, False),
    ("Yoga voor beginners", ActivityKind.SPORT, True),
)
HOLDER = {Status.APPROVED: TakenBy.BOOKING, Status.REQUESTED: TakenBy.REQUEST}


@dataclass(frozen=True)
class Asker:
    """Somebody who asks, for themselves or for a group."""

    account_id: int
    name: str
    email: str
    kind: RequesterKind
    neighbourhood_id: int
    association_id: int | None = None
    association_name: str = ""


def write(
    plan: Iterator[Planned],
    askers: Sequence[Asker],
    *,
    bookings: int,
    today: date,
    chance: Random,
    on_progress: Callable[[int], None],
) -> None:
    """Write so many dates of a plan as requests, inside a write unit. ``on_progress``: how many each batch had."""
    rows = _Rows(today, chance)
    left = bookings
    while left:
        batch = 0
        while batch < min(left, BATCH):
            one = next(plan)
            # The last series may end before its time.
            dates = one.dates[: left - batch]
            rows.add(one._replace(dates=dates), chance.choice(askers))
            batch += len(dates)
        rows.write()
        left -= batch
        on_progress(batch)


def code_of(chance: Random) -> str:
    """Looks like the codes that nobody may guess, but is the same for the same seed."""
    return base64.urlsafe_b64encode(chance.randbytes(16)).rstrip(b"=").decode()


@lru_cache(maxsize=2_000)
def _epoch_of_noon(day: date) -> int:
    return epoch(to_utc(datetime.combine(day, time(12))))


def epoch_on(day: date, minute: int) -> int:
    """Epoch seconds of a minute of a day after the small hours, in which the clock may change."""
    return _epoch_of_noon(day) + 60 * (minute - NOON)


@lru_cache(maxsize=2_000)
def moment_on(day: date) -> datetime:
    """Noon of a day, as an aware moment."""
    return to_utc(datetime.combine(day, time(12)))


@dataclass
class _Rows:
    """Rows that wait to be written, with the ids they will have."""

    today: date
    chance: Random
    waiting: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)
    ids: dict[type[Base], int] = field(default_factory=dict)

    def put(self, table: type[Base], **columns: Any) -> int:
        self.ids[table] = number = self.next_id(table)
        self.waiting.setdefault(table, []).append({"id": number, **columns})
        return number

    def next_id(self, table: type[Base]) -> int:
        if table not in self.ids:
            self.ids[table] = bench.last_id(table)
        return self.ids[table] + 1

    def write(self) -> None:
        # Those that others refer to come first.
        for table in (Request, Activity, Occurrence, Event, Occupancy):
            bench.write(table, self.waiting.pop(table, []))

    def add(self, one: Planned, asker: Asker) -> None:
        first = one.dates[0].day
        ahead = (first - self.today).days
        waits = ahead > deadlines.ANSWER_BEFORE_START.days and self.chance.random() < STILL_WAITING
        status = Status.REQUESTED if waits else Status.APPROVED
        asked_on = min(first - timedelta(days=self.chance.randint(28, 150)), self.today - timedelta(days=8))
        if waits:
            asked_on = self.today - timedelta(days=self.chance.randint(0, 6))
        decided_on = asked_on if waits else asked_on + timedelta(days=self.chance.randint(1, 7))
        request_id = self._put_request(one, asker, status, asked_on, decided_on)
        told = {"request_id": request_id, "note": "", "facts": {}}
        self.put(
            Event,
            at=moment_on(asked_on),
            action=Action.PROVE,
            status=Status.REQUESTED,
            account_id=asker.account_id,
            desk_id=None,
            **told,
        )
        if status is Status.APPROVED:
            self.put(
                Event,
                at=moment_on(decided_on),
                action=Action.APPROVE,
                status=status,
                account_id=one.house.decider_id,
                desk_id=one.house.desk_id,
                **told,
            )
        for stretch in one.dates:
            self._put_date(one, request_id, stretch, status, decided_on)

    def _put_request(self, one: Planned, asker: Asker, status: Status, asked_on: date, decided_on: date) -> int:
        activity, kind, is_public = self.chance.choice(ACTIVITIES)
        number = self.next_id(Request)
        waits = status is Status.REQUESTED
        asked_at, decided_at = moment_on(asked_on), moment_on(decided_on)
        begins = datetime.fromtimestamp(epoch_on(one.dates[0].day, one.dates[0].from_minute), asked_at.tzinfo)
        if is_public:
            self._put_activity(number, activity, decided_at)
        return self.put(
            Request,
            code=code_of(self.chance),
            reference=f"BE-{number:X}",
            status=status,
            version=2 if waits else 3,
            account_id=asker.account_id,
            association_id=asker.association_id,
            requester_kind=asker.kind,
            association_name=asker.association_name,
            enterprise_number="",
            contact_name=asker.name,
            contact_email=asker.email,
            contact_phone="",
            activity=activity,
            people=self.chance.randint(5, min(one.hall.capacity or MOST_PEOPLE, MOST_PEOPLE)),
            is_public=is_public,
            facilities=[],
            remarks="",
            exceptions=[],
            exception_reason="",
            activity_kind=kind,
            neighbourhood_id=asker.neighbourhood_id,
            policy=one.house.policy,
            pattern=_pattern(one.dates),
            hold_until=asked_at + HOLD if waits and one.house.policy is Policy.HOLD else None,
            offer_until=None,
            answer_token_hash="",
            renews_id=None,
            renewal_told_at=None,
            desk_id=one.house.desk_id,
            route_reason="",
            clock_since=asked_at if waits else None,
            next_step_at=deadlines.steps(asked_at, begins)[0].at if waits else None,
            decision_note="",
            created_at=asked_at,
            asked_at=asked_at,
            answer_by=deadlines.answer_by(asked_at, begins),
            changed_at=decided_at,
            form_key=f"bench-{number}",
            form_hash="",
            browser_hash="",
            is_demo=False,
        )

    def _put_activity(self, request_id: int, title: str, at: datetime) -> None:
        self.put(
            Activity,
            code=f"b{request_id}",
            request_id=request_id,
            title=title,
            text="",
            theme=theme_of(title),
            audience="",
            price="",
            languages=[],
            picture="",
            picture_words="",
            changed_at=at,
            is_demo=False,
        )

    def _put_date(self, one: Planned, request_id: int, stretch: Stretch, status: Status, decided_on: date) -> None:
        house, day = one.house, stretch.day
        midnight = datetime.combine(day, time())
        starts, ends = epoch_on(day, stretch.from_minute), epoch_on(day, stretch.to_minute)
        occurrence_id = self.put(
            Occurrence,
            request_id=request_id,
            room_id=one.hall.id,
            status=status,
            uid=self.chance.randbytes(16).hex(),
            sequence=0,
            starts=midnight + timedelta(minutes=stretch.from_minute),
            ends=midnight + timedelta(minutes=stretch.to_minute),
            zone=BRUSSELS,
            from_epoch=starts,
            to_epoch=ends,
            setup_minutes=house.setup_minutes,
            cleanup_minutes=house.cleanup_minutes,
            replaces_id=None,
            was_confirmed=status is Status.APPROVED,
            changed_at=moment_on(decided_on),
        )
        is_queued = status is Status.REQUESTED and house.policy is Policy.QUEUE
        for space_id in one.hall.space_ids:
            self.put(
                Occupancy,
                space_id=space_id,
                from_epoch=starts - 60 * house.setup_minutes,
                to_epoch=ends + 60 * house.cleanup_minutes,
                by=TakenBy.QUEUED if is_queued else HOLDER[status],
                held_until=None,
                occurrence_id=occurrence_id,
                programme_id=None,
                closure_id=None,
            )


def _pattern(dates: Sequence[Stretch]) -> dict[str, Any] | None:
    """The rule of a series, kept to explain it; a single date has none."""
    if len(dates) == 1:
        return None
    first, last = dates[0], dates[-1]
    hours = [time(minute // 60, minute % 60) for minute in (first.from_minute, first.to_minute)]
    return Pattern(PatternKind.WEEKLY, first.day, hours[0], hours[1], until=last.day).as_json()
