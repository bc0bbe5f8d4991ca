"""A small city in which anything may happen in any order: steps that people, houses and the clock take."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import delete

from tests import decisions
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
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed
from zalenzoeker.domain.requests import MAY_BE_MOVED, ON_THE_WAITING_LIST, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern, PatternKind, Scope
from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.domain.waiting import offer_until
from zalenzoeker.services import agreeing, closures, dates, deadlines, houses, proposals, waiting
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.services.decisions import ChangedMeanwhile, NoLongerFree, ReasonNeeded
from zalenzoeker.services.wishes import Refused, UnknownRequest, UnknownRoom, Wish, WishedDate
from zalenzoeker.storage import occupancy, requests
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import (
    Closure,
    Event,
    Letter,
    Occupancy,
    Occurrence,
    OwnProgramme,
    ProgrammeException,
    ProgrammeGone,
    Request,
    RoutingLine,
    SelfCheck,
)

FIRST_DAY = date(2026, 12, 7)
HOURS = (("10:00", "12:00"), ("11:00", "13:00"), ("12:00", "14:00"), ("11:30", "12:30"), ("22:00", "01:00"))
# How many weeks in a row each way of asking has; weekly use as long as a season is asked about before it ends.
WEEKS = {"weekly": 4, "gaps": 4, "season": 6}
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
    proposals.OtherDesk,
    proposals.SameMoment,
    proposals.TooLate,
    occupancy.AlreadyTaken,
    houses.UnknownHouse,
    closures.AlreadyClosed,
    closures.NotAPeriod,
    houses.Promised,
)
UNLIMITED = Visitor(browser_hash="browser", address="192.0.2.7", is_limited=False)
FREE_RULES = {RuleName.LEAD_DAYS: 0, RuleName.HORIZON_MONTHS: 24, RuleName.OPEN_REQUESTS: 1_000_000}
# What lives shorter than a play, in an order in which it can be let go.
PLAYED = (
    Occupancy,
    Event,
    Letter,
    Occurrence,
    Request,
    ProgrammeException,
    ProgrammeGone,
    OwnProgramme,
    Closure,
    SelfCheck,
)


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
    lines: list[str] = field(default_factory=list)
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

    def date(self, number: int, date: int) -> tuple[Request, str]:
        """One of the requests and one of its dates, by its uid. Raises UnknownRequest."""
        request = self.request(number)
        return request, request.occurrences[date % len(request.occurrences)].uid

    def date_that(self, number: int, fits: Callable[[Occurrence], bool]) -> tuple[Request, str]:
        """One of the dates that fit; any date while none does, so that somebody is too late now and then."""
        known = [self.request(place) for place in range(len(self.codes))]
        found = [(request, one.uid) for request in known for one in request.occurrences if fits(one)]
        return found[number % len(found)] if found else self.date(number, number)

    def asker_of(self, request: Request) -> Actor:
        return next(one for one in self.city.askers if one.email == request.contact_email)

    def ask(self, who: int, wished: Sequence[WishedDate], *, is_known: bool = True, **details: Any) -> None:
        """Send a form that is filled in with these dates."""
        self.forms += 1
        by = self.city.askers[who]
        fields = {"contact_email": by.email, "form_key": f"play-{self.forms}", **self.city.kinds[who], **details}
        if not is_known:
            by, fields["association_id"] = ANYONE, None
        wish = replace(self.city.wish, dates=tuple(wished), **fields)
        self.codes.append(asking.ask(wish, by=by, now=self.now, visitor=UNLIMITED).code)


class Step(ABC):
    """Something that somebody does."""

    @abstractmethod
    def do(self, play: Play) -> object:
        """Do it, through the services; what they refuse is told by their exception."""


@dataclass(frozen=True)
class Ask(Step):
    """Somebody asks: one moment, weeks in a row, or two rooms at once; wants to wait, or to come during open hours."""

    who: int
    room: int
    day: int
    hours: int
    shape: str = "single"
    is_known: bool = True

    def do(self, play: Play) -> object:
        slot, room = moment(self.day, self.hours), play.city.rooms[self.room]
        takes_space = not self.shape.startswith("inside")
        details: dict[str, Any] = {"is_waiting": self.shape == "wait", "takes_space": takes_space}
        wished = [WishedDate(room, slot)]
        if weeks := WEEKS.get(self.shape):
            wished, details["pattern"] = weekly(room, slot, weeks)
            if self.shape == "gaps":
                wished = [replace(one, is_skipped=number in (1, 3)) for number, one in enumerate(wished)]
        elif self.shape == "rooms":
            wished.append(WishedDate(play.city.rooms[(self.room + 1) % len(play.city.rooms)], slot))
        play.ask(self.who, wished, is_known=self.is_known, **details)
        return None


def weekly(room: str, slot: Slot, weeks: int) -> tuple[list[WishedDate], dict[str, Any]]:
    """The dates of weekly use that begins with this one, and its pattern as a wish keeps it."""
    pattern = Pattern(PatternKind.WEEKLY, slot.day, slot.starts.time(), slot.ends.time(), count=weeks)
    return [WishedDate(room, one.slot) for one in pattern.slots() if one.slot], pattern.as_json()


@dataclass(frozen=True)
class Renew(Step):
    """The asker of weekly use goes on with it in the week after its last date."""

    number: int

    def do(self, play: Play) -> object:
        request = play.request(self.number)
        last = request.occurrences[-1]
        if not request.pattern:
            raise UnknownRequest
        who = play.city.askers.index(play.asker_of(request))
        slot = last.slot.moved(days=7)
        wished, pattern = weekly(f"{last.room.venue.slug}/{last.room.slug}", slot, WEEKS["weekly"])
        play.ask(who, wished, pattern=pattern, renews=request.code, takes_space=request.takes_space)
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
        request, uid = play.date(self.number, self.date)
        return dates.let_go(request.code, uid, self.scope, by=play.asker_of(request), now=play.now)


@dataclass(frozen=True)
class PutBack(Step):
    number: int

    def do(self, play: Play) -> object:
        request, uid = play.date_that(self.number, lambda one: one.status is Status.SKIPPED)
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
        request, uid = play.date(self.number, self.date)
        room = "" if self.room is None else play.city.rooms[self.room]
        starts, ends = (time.fromisoformat(one) for one in HOURS[self.hours % len(HOURS)])
        move = dates.Move(starts, ends, days=self.days, room=room)
        return dates.change(request.code, uid, self.scope, move, by=play.asker_of(request), now=play.now)


@dataclass(frozen=True)
class TakeBack(Step):
    """Somebody who asked for another moment does not want it any more."""

    number: int

    def do(self, play: Play) -> object:
        request, uid = play.date_that(self.number, lambda one: bool(one.replaces_id) and one.status is Status.REQUESTED)
        return dates.let_go(request.code, uid, Scope.THIS, by=play.asker_of(request), now=play.now)


@dataclass(frozen=True)
class Answer(Step):
    """Somebody on the waiting list says yes, or leaves."""

    number: int
    is_yes: bool

    def do(self, play: Play) -> object:
        request, _ = play.date_that(self.number, lambda one: one.status in ON_THE_WAITING_LIST)
        answer = waiting.accept if self.is_yes else waiting.leave
        answer(request.code, by=play.asker_of(request), now=play.now)
        return None


@dataclass(frozen=True)
class Propose(Step):
    """The desk offers another moment or room, for one date or for all that can be moved; its letter leaves or waits."""

    number: int
    days: int
    hours: int
    room: int | None = None
    is_for_all: bool = False
    is_told: bool = True

    def do(self, play: Play) -> object:
        request, uid = play.date_that(self.number, lambda one: one.status in MAY_BE_MOVED and not one.replaces_id)
        uids = [one.uid for one in request.occurrences] if self.is_for_all else [uid]
        starts, ends = (time.fromisoformat(one) for one in HOURS[self.hours % len(HOURS)])
        move = dates.Move(starts, ends, days=self.days, room="" if self.room is None else play.city.rooms[self.room])
        within = timedelta(0) if self.is_told else UNDO_WITHIN
        by, version = play.city.desk, request.version
        proposals.propose(request.code, uids, move, by=by, now=play.now, version=version, undo_within=within)
        if self.is_told:
            deciding.carry_out(request.code, play.now)
        return None


@dataclass(frozen=True)
class AnswerProposal(Step):
    """The asker says yes or no to what the desk proposes; or the desk takes it back, or undoes it in time."""

    number: int
    answer: str

    def do(self, play: Play) -> object:
        if self.answer == "undo":
            request, _ = play.date_that(self.number, lambda one: one.status is Status.SKIPPED and bool(one.replaces_id))
            return deciding.undo(request.code, by=play.city.desk, now=play.now)
        request, _ = play.date_that(self.number, lambda one: one.status is Status.PROPOSED)
        if self.answer == "take back":
            return proposals.withdraw(request.code, by=play.city.desk, now=play.now)
        answer = agreeing.agree if self.answer == "yes" else agreeing.decline
        return answer(request.code, by=play.asker_of(request), now=play.now)


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
