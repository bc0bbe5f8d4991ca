"""A small city in which anything may happen in any order: steps that people, houses and the clock take."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import delete, select

from tests.builders import (
    NOW,
    actor_of,
    code_of,
    keep,
    make_account,
    make_association,
    make_desk,
    make_room,
    make_space,
    make_trusted,
    make_venue,
    make_wish,
)
from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed
from zalenzoeker.domain.requests import HOLDS, IS_OPEN, NotPossible, Policy, RequesterKind, Status, whole
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern, PatternKind, Scope
from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.domain.waiting import offer_until
from zalenzoeker.services import dates, deadlines, decisions, programme, waiting
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile, NoLongerFree, ReasonNeeded
from zalenzoeker.services.wishes import Refused, UnknownRequest, UnknownRoom, Wish, WishedDate
from zalenzoeker.storage import occupancy, requests, self_check
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import (
    Closure,
    Event,
    Letter,
    Occupancy,
    Occurrence,
    OwnProgramme,
    Request,
    RoutingLine,
    SelfCheck,
)

FIRST_DAY = date(2026, 12, 7)
HOURS = (("10:00", "12:00"), ("11:00", "13:00"), ("12:00", "14:00"), ("11:30", "12:30"), ("22:00", "01:00"))
# A no that people are told; anything else is a fault of the house.
TOLD = (
    NotAllowed,
    NotASlot,
    NotPossible,
    UnknownRequest,
    UnknownRoom,
    ChangedMeanwhile,
    NoLongerFree,
    ReasonNeeded,
    occupancy.AlreadyTaken,
)
UNLIMITED = Visitor(browser_hash="browser", address="192.0.2.7", is_limited=False)
FREE_RULES = {RuleName.LEAD_DAYS: 0, RuleName.HORIZON_MONTHS: 24, RuleName.OPEN_REQUESTS: 1_000_000}
# What lives shorter than a play, in an order in which it can be let go.
PLAYED = (Occupancy, Event, Letter, Occurrence, Request, OwnProgramme, Closure, SelfCheck)


@dataclass
class City:
    """A hall, one half of it that needs time to set up, a room with a queue, and one whose house trusts a group."""

    rooms: list[str]
    room_ids: list[int]
    askers: list[Actor]
    kinds: list[dict[str, Any]]
    desk: Actor
    wish: Wish

    @classmethod
    def build(cls) -> "City":
        house, elsewhere = make_venue("huis"), make_venue("elders")
        front, back = make_space(house, "voor"), make_space(house, "achter")
        buffers = {RuleName.SETUP_MINUTES: 30, RuleName.CLEANUP_MINUTES: 30}
        queue = {RuleName.PENDING: {"default": "queue", "vzw": "hold"}, RuleName.HOLD_DAYS: 2}
        rooms = [
            make_room("hal", venue=house, spaces=[front, back], rules={**FREE_RULES, RuleName.HOLD_DAYS: 4}),
            make_room("helft", venue=house, spaces=[back], rules={**FREE_RULES, **buffers}),
            make_room("rij", venue=elsewhere, rules={**FREE_RULES, **queue}),
            make_room("vlot", venue=elsewhere, rules={**FREE_RULES, RuleName.INSTANT: {"trusted": True}}),
        ]
        people = [make_account(f"vrager{number}@post.example", "An Peeters") for number in range(3)]
        group = make_association(members=[people[1]], kind=RequesterKind.NON_PROFIT)
        make_trusted(group.id, elsewhere)
        desk = make_desk(venue=house, members=[make_account("fatima@huis.example", "Fatima")])
        keep_desk_of(elsewhere, desk.id)
        kinds: list[dict[str, Any]] = [
            {},
            {
                "requester_kind": RequesterKind.NON_PROFIT,
                "association_id": group.id,
                "association_name": group.name,
            },
            {"requester_kind": RequesterKind.RESIDENTS, "association_name": "Buurtcomité"},
        ]
        return cls(
            [code_of(room) for room in rooms],
            [room.id for room in rooms],
            [actor_of(person) for person in people],
            kinds,
            actor_of(desk.members[0]),
            make_wish(rooms[0]),
        )


def keep_desk_of(venue: Any, desk_id: int) -> None:
    """The same desk decides for another place as well."""
    keep(RoutingLine(position=100, venue_id=venue.id, desk_id=desk_id, reason="volunteer_group"))


def moment(day: int, hours: int) -> Slot:
    starts, ends = HOURS[hours % len(HOURS)]
    return Slot.on(FIRST_DAY + timedelta(days=day), time.fromisoformat(starts), time.fromisoformat(ends))


@dataclass
class Play:
    """One sequence of steps; every step takes a minute, so that nobody asks at the same moment."""

    city: City
    now: datetime = NOW
    codes: list[str] = field(default_factory=list)
    forms: int = 0

    def take(self, step: "Step") -> str:
        """Do it; returns what came of it, in a word that is the same in every database."""
        self.now += timedelta(minutes=1)
        try:
            answer = step.do(self)
        except Refused as refused:
            return "refused " + " ".join(sorted({one.code.value for one in refused.obstacles}))
        except TOLD as told:
            return type(told).__name__
        finally:
            db.session.close()
        return "" if answer is None else str(answer)

    def request(self, number: int) -> Request:
        """One of the requests so far. Raises UnknownRequest."""
        if not self.codes:
            raise UnknownRequest
        found = requests.by_code(self.codes[number % len(self.codes)])
        assert found is not None
        db.session.close()
        return found

    def asker_of(self, request: Request) -> Actor:
        return next(one for one in self.city.askers if one.email == request.contact_email)


class Step:
    """Something that somebody does."""

    def do(self, play: Play) -> object:
        raise NotImplementedError


@dataclass(frozen=True)
class Ask(Step):
    """Somebody asks: one moment, weeks in a row, or two rooms at once; or wants to wait for it."""

    who: int
    room: int
    day: int
    hours: int
    shape: str = "single"
    is_known: bool = True

    def do(self, play: Play) -> object:
        city, slot = play.city, moment(self.day, self.hours)
        room = city.rooms[self.room]
        pattern = None
        wished = [WishedDate(room, slot)]
        if self.shape in {"weekly", "gaps"}:
            pattern = Pattern(PatternKind.WEEKLY, slot.day, slot.starts.time(), slot.ends.time(), count=4)
            wished = [
                WishedDate(room, one.slot, is_skipped=self.shape == "gaps" and number in (1, 3))
                for number, one in enumerate(pattern.slots())
                if one.slot
            ]
        elif self.shape == "rooms":
            wished.append(WishedDate(city.rooms[(self.room + 1) % len(city.rooms)], slot))
        play.forms += 1
        by = city.askers[self.who]
        details = {"contact_email": by.email, "form_key": f"play-{play.forms}", **city.kinds[self.who]}
        if not self.is_known:
            details |= {"association_id": None}
        wish = replace(
            city.wish,
            dates=tuple(wished),
            pattern=pattern.as_json() if pattern else None,
            is_waiting=self.shape == "wait",
            **details,
        )
        by = by if self.is_known else ANYONE
        play.codes.append(asking.ask(wish, by=by, now=play.now, visitor=UNLIMITED).code)
        return None


@dataclass(frozen=True)
class Prove(Step):
    number: int

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        asking.prove(request.code, by=play.asker_of(request), now=play.now)
        return None


@dataclass(frozen=True)
class Decide(Step):
    """The desk decides, on the page as it is now or on an old one."""

    number: int
    decision: str
    is_old: bool = False

    DECISIONS: ClassVar[dict[str, Callable[..., None]]] = {
        "approve": decisions.approve,
        "refuse": decisions.refuse,
        "cancel": decisions.cancel,
    }

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        version = request.version - self.is_old
        self.DECISIONS[self.decision](request.code, by=play.city.desk, now=play.now, version=version, note="Daarom.")
        return None


@dataclass(frozen=True)
class Withdraw(Step):
    number: int

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        asking.withdraw(request.code, by=play.asker_of(request), now=play.now)
        return None


@dataclass(frozen=True)
class LetGo(Step):
    number: int
    date: int
    scope: Scope

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        uid = request.occurrences[self.date % len(request.occurrences)].uid
        return dates.let_go(request.code, uid, self.scope, by=play.asker_of(request), now=play.now)


@dataclass(frozen=True)
class PutBack(Step):
    number: int
    date: int

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        uid = request.occurrences[self.date % len(request.occurrences)].uid
        dates.put_back(request.code, uid, by=play.asker_of(request), now=play.now)
        return None


@dataclass(frozen=True)
class Change(Step):
    """Another moment, longer or shorter, or another room; for one date, for it and the following, or for all."""

    number: int
    date: int
    scope: Scope
    days: int
    hours: int
    room: int | None = None

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        uid = request.occurrences[self.date % len(request.occurrences)].uid
        room = "" if self.room is None else play.city.rooms[self.room]
        starts, ends = (time.fromisoformat(one) for one in HOURS[self.hours % len(HOURS)])
        move = dates.Move(starts, ends, days=self.days, room=room)
        return dates.change(request.code, uid, self.scope, move, by=play.asker_of(request), now=play.now)


@dataclass(frozen=True)
class Answer(Step):
    """Somebody on the waiting list says yes, or leaves."""

    number: int
    is_yes: bool

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        answer = waiting.accept if self.is_yes else waiting.leave
        answer(request.code, by=play.asker_of(request), now=play.now)
        return None


@dataclass(frozen=True)
class Close(Step):
    room: int
    day: int
    days: int

    def do(self, play: Play) -> object:
        first = FIRST_DAY + timedelta(days=self.day)
        with write_unit():
            programme.close(
                play.city.room_ids[self.room], first, first + timedelta(days=self.days), "Verlof", now=play.now
            )
        return None


@dataclass(frozen=True)
class KeepForTheHouse(Step):
    """The house begins a weekly line of its own programme, written out for some weeks."""

    room: int
    weekday: int
    hours: int

    def do(self, play: Play) -> object:
        starts = (10 + self.hours) * 60
        with write_unit() as session:
            line = OwnProgramme(
                code=f"eigen-{play.now.isoformat()}",
                room_id=play.city.room_ids[self.room],
                title="Soepcafé",
                weekday=self.weekday,
                from_minute=starts,
                to_minute=starts + 90,
                until=FIRST_DAY + timedelta(weeks=5),
                exceptions=[],
                changed_at=play.now,
            )
            session.add(line)
            session.flush()
            return programme.write_line(line, play.now)


@dataclass(frozen=True)
class Tick(Step):
    """Time passes, and the clock makes its round."""

    hours: int

    def do(self, play: Play) -> object:
        play.now += timedelta(hours=self.hours)
        deadlines.tick(play.now)
        left = [requests.by_code(one.code) for one in waiting_list.with_free_room(play.now)]
        passed_over = [one for one in left if one and offer_until(play.now, one.first.slot.starts_at)]
        assert passed_over == [], "somebody waits for what is free"
        return None


def forget_everything() -> None:
    """Let go of all that the last play left; the city stays."""
    db.session.rollback()
    with write_unit() as session:
        for table in PLAYED:
            session.execute(delete(table))


def faults() -> list[str]:
    """What is not as it must be, whatever happened."""
    db.session.close()
    return [*self_check.faults(), *_wrong_wholes(), *_wrong_rows()]


def _wrong_wholes() -> Iterator[str]:
    for request in db.session.scalars(select(Request)).all():
        dates_of = db.session.scalars(select(Occurrence).where(Occurrence.request_id == request.id)).all()
        counted = [one.status for one in dates_of if one.replaces_id is None or one.status in IS_OPEN]
        if request.status is not whole(counted):
            yield f"{request.status} although its dates are {counted}"


def _wrong_rows() -> Iterator[str]:
    """Each date against what it has of each space, looked at one by one."""
    policies = dict(db.session.execute(select(Request.id, Request.policy)).all())
    has: dict[int, dict[int, list[Occupancy]]] = {}
    for row in db.session.scalars(select(Occupancy).where(Occupancy.occurrence_id.is_not(None))):
        has.setdefault(row.occurrence_id or 0, {}).setdefault(row.space_id, []).append(row)
    all_dates = db.session.scalars(select(Occurrence)).all()
    moving = {one.replaces_id for one in all_dates if one.replaces_id and one.status is Status.REQUESTED}
    for one in all_dates:
        policy, own = policies[one.request_id], has.get(one.id, {})
        by = _should_have(policy, one.status)
        spaces = occupancy.spaces_of(one.room_id)
        if by is None:
            if own and one.status not in (Status.UNPROVED, Status.OFFERED):
                yield f"{one.status} ({policy}) has {_said(own)}"
            continue
        if any(row.by is not by or row.held_until is not None for rows in own.values() for row in rows):
            yield f"{one.status} ({policy}) is held as {_said(own)}"
        for space_id in spaces:
            covered = sorted((row.from_epoch, row.to_epoch) for row in own.get(space_id, []))
            is_right = covered == [(one.taken_from, one.taken_to)]
            if one.replaces_id is not None:
                # It may lie where dates are that leave when it comes.
                others = [row for former in moving for row in has.get(former or 0, {}).get(space_id, [])]
                covered = sorted([*covered, *((row.from_epoch, row.to_epoch) for row in others)])
                is_right = _covers(covered, one.taken_from, one.taken_to)
            if not is_right:
                yield f"{one.status} ({policy}) {one.starts} has {covered} of {space_id}"
        if set(own) - set(spaces):
            yield f"{one.status} ({policy}) has a space of another room"


def _should_have(policy: Policy, status: Status) -> TakenBy | None:
    if status is Status.APPROVED:
        return TakenBy.BOOKING
    if status is Status.REQUESTED:
        return TakenBy.REQUEST if Status.REQUESTED in HOLDS[policy] else TakenBy.QUEUED
    return None


def _covers(stretches: list[tuple[int, int]], starts: int, ends: int) -> bool:
    for first, last in stretches:
        if first <= starts < last:
            starts = last
    return starts >= ends


def _said(own: dict[int, list[Occupancy]]) -> list[str]:
    return [f"{row.by} {row.space_id} until {row.held_until}" for rows in own.values() for row in rows]


def story(codes: list[str]) -> list[Any]:
    """Where everything stands, without what differs from one database to the next."""
    db.session.close()
    found: list[Any] = []
    for code in codes:
        request = requests.by_code(code)
        assert request is not None
        told = db.session.scalars(select(Letter).where(Letter.request_id == request.id).order_by(Letter.id)).all()
        found.append(
            (
                request.status,
                request.policy,
                request.version,
                [
                    (one.room.slug, one.starts, one.ends, one.status, one.sequence, one.replaces_id is not None)
                    for one in sorted(request.occurrences, key=lambda one: (one.from_epoch, one.room.slug, one.id))
                ],
                [event.action for event in request.events],
                [(letter.kind, letter.recipient) for letter in told],
            )
        )
    rows = db.session.execute(select(Occupancy.space_id, Occupancy.from_epoch, Occupancy.to_epoch, Occupancy.by))
    return [*found, sorted(tuple(row) for row in rows)]
