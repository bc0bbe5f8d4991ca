"""Two desks of the demonstration as their volunteers run them: turns, deadlines, a vote, a talk, a proposal, paper."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from zalenzoeker.domain import availability
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.domain.requests import ActivityKind
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import advice, checking, conversation, crew, decisions, proposals, routing
from zalenzoeker.services.demo_facts import (
    ASSOCIATIONS,
    DRONGEN,
    MARCEL,
    MARIE_CHRISTINE,
    PAULA,
    PRIVATE_PERSON,
    ROBINIA,
    Group,
    Person,
)
from zalenzoeker.services.demo_wishes import AT_ONCE, actor_of, send, wish_of
from zalenzoeker.services.moving import Move
from zalenzoeker.services.wishes import Wish
from zalenzoeker.storage import city, desks, requests, venues
from zalenzoeker.storage import routing as lines
from zalenzoeker.storage.models import Desk, Request
from zalenzoeker.storage.models.desks import DeskKind

A_WEEK = timedelta(weeks=1)
TUESDAY, FRIDAY, SATURDAY, SUNDAY = 1, 4, 5, 6
# How far ahead a free moment is looked for.
WEEKS = 12
DAYS = crew.Days(reminder=4, deputy=7, city=10, counts_working_days=True)
QUIET_IN_WEEKS, QUIET_REASON = 6, "Onze ploeg is dan met verlof."
POLITICS = "Over partijpolitiek beslist het team buurtwerk, zodat onze vrijwilligers geen partij kiezen."
VOTES_NEEDED, DAYS_TO_VOTE = 2, 7
VOTE = "Vorige keer liet hij alles netjes achter."
QUESTION = "Brengen jullie ook slagwerk mee? Dan vragen we het eerst aan de buren."
PROPOSAL = "Die avond kan niemand van ons openen en sluiten. Op de nieuwe datum lukt het wel."


@dataclass(frozen=True)
class Errand:
    """What somebody comes for, on a weekday (0 is Monday), from and to these hours."""

    asker: Group | Person
    activity: str
    people: int
    weekday: int
    hours: tuple[int, int]
    is_public: bool = False

    def wish(self, room: KnownRoom, slot: Slot) -> Wish:
        return wish_of(
            self.asker, room.code, slot, activity=self.activity, people=self.people, is_public=self.is_public
        )


HARMONIE, COMMITTEE, KITCHEN = ASSOCIATIONS
JEANNINE = Person("Jeannine Baetens", "")
JEANNINE_TELEPHONE, JEANNINE_ADDRESS = "09 000 00 12", "Verzonnenstraat 12, 9031 Drongen"
ASKED_ABOUT = Errand(HARMONIE, "Repetitie met de jeugd", 12, TUESDAY, (19, 22))
PROPOSED = Errand(KITCHEN, "Samen koken voor de straat", 18, SATURDAY, (19, 23), is_public=True)
TYPED_IN = Errand(JEANNINE, "Vijftig jaar getrouwd", 20, SUNDAY, (15, 19))
FIRST_IN_QUEUE = Errand(PRIVATE_PERSON, "Verjaardag van de tweeling", 20, SATURDAY, (14, 18))
SECOND_IN_QUEUE = Errand(COMMITTEE, "Ruilbeurs voor speelgoed", 20, SATURDAY, (14, 18), is_public=True)
VOTED_ABOUT = Errand(PRIVATE_PERSON, "Babyborrel", 18, FRIDAY, (19, 22))


def make(now: datetime) -> int:
    """Run both desks for some weeks, up to today; returns how many requests that took.

    What cannot be had, as the house or a free moment is missing, is left out.
    """
    return _at_drongen(now) + _at_robinia(now)


def _at_drongen(now: datetime) -> int:
    """Two volunteers with one mailbox, and what waits for them."""
    desk, room = desks.by_slug(f"demo-{DRONGEN}"), _hall(DRONGEN)
    if desk is None or room is None:
        return 0
    _take_turns(desk, now)
    codes = (
        _asked_about(room, now),
        _proposed(room, now),
        _typed_in(room, now),
        *_in_queue(room, now),
    )
    return sum(code is not None for code in codes)


def _at_robinia(now: datetime) -> int:
    """Three volunteers of whom two must say yes, and what one of them voted about."""
    desk, room = desks.by_slug(f"demo-{ROBINIA}"), _hall(ROBINIA)
    if desk is None or room is None:
        return 0
    paula = actor_of(PAULA)
    advice.set_advice(
        desk.slug,
        AdviceKind.DECIDES,
        needed=VOTES_NEEDED,
        days=DAYS_TO_VOTE,
        silence=Silence.NOTHING,
        by=paula,
        now=_before(now, days=12),
    )
    code = _ask(VOTED_ABOUT, room, now, days_ago=2)
    if code is None:
        return 0
    at = _before(now, days=1)
    advice.vote(code, is_yes=True, by=paula, now=at, version=_request(code).version, note=VOTE)
    return 1


def _take_turns(desk: Desk, now: datetime) -> None:
    """Who is on duty, who steps in after how long, when they are away, and what they leave to somebody else."""
    marcel, marie_christine = actor_of(MARCEL), actor_of(MARIE_CHRISTINE)
    slug, members = desk.slug, [member.code for member in desk.members]
    venue = venues.by_slug(DRONGEN)
    assert venue is not None, "it has a desk"
    nearby = lines.desks_for(venue.id, is_city=False)
    # A line that leads to a desk of real people would not be the demonstration's to remove.
    team = next((one.slug for one in nearby if one.is_demo and one.kind is DeskKind.COMMUNITY_WORKERS), "")
    crew.set_days(slug, replace(DAYS, deputy_desk=team), by=marcel, now=_before(now, days=20))
    for member in members:
        crew.join_rota(slug, member, by=marie_christine, now=_before(now, days=14))
    if team:
        version = lines.version_of(lines.lines_for(venue.id))
        wanted = routing.WantedLine(team, POLITICS, activity_kind=ActivityKind.PARTY_POLITICS)
        routing.add(DRONGEN, wanted, by=marcel, version=version, now=_before(now, days=9))
    today = to_local(now).date()
    first = today + timedelta(weeks=QUIET_IN_WEEKS, days=-today.weekday())
    crew.be_quiet(slug, first, first + timedelta(days=6), QUIET_REASON, by=marie_christine, now=_before(now, days=5))


def _asked_about(room: KnownRoom, now: datetime) -> str | None:
    """The desk wants to know more before it decides."""
    code = _ask(ASKED_ABOUT, room, now, days_ago=2)
    if code is not None:
        conversation.ask(code, QUESTION, by=actor_of(MARCEL), now=_before(now, days=1))
    return code


def _proposed(room: KnownRoom, now: datetime) -> str | None:
    """The desk proposes another moment, and its asker has not answered."""
    code = _ask(PROPOSED, room, now, days_ago=3)
    if code is None:
        return None
    at, request = _before(now, days=1), _request(code)
    by, [asked] = actor_of(MARCEL), request.occurrences
    other = _free(PROPOSED, room, now, at, after=asked.slot.day)
    if other is not None:
        starts, ends = (time(hour) for hour in PROPOSED.hours)
        move, version = Move(starts, ends, to_day=other.day), request.version
        proposals.propose(code, [asked.uid], move, by=by, now=at, version=version, note=PROPOSAL, undo_within=AT_ONCE)
        decisions.carry_out(code, at)
    return code


def _typed_in(room: KnownRoom, now: datetime) -> str | None:
    """Somebody without an e-mail address telephoned; what the desk tells her goes on paper."""
    by, at = actor_of(MARCEL), _before(now, days=1)
    slot = _free(TYPED_IN, room, now, at)
    if slot is None:
        return None
    wish = replace(TYPED_IN.wish(room, slot), contact_phone=JEANNINE_TELEPHONE, postal_address=JEANNINE_ADDRESS)
    return send(replace(wish, came_by=CameBy.PHONE), by=by, now=at)


def _in_queue(room: KnownRoom, now: datetime) -> tuple[str | None, ...]:
    """Two who want the same moment: who asks for themselves waits in a queue here, and who comes after joins it."""
    first = _ask(FIRST_IN_QUEUE, room, now, days_ago=4)
    if first is None:
        return ()
    wish = SECOND_IN_QUEUE.wish(room, _request(first).first.slot)
    return first, send(wish, by=actor_of(COMMITTEE.person), now=_before(now, days=2))


def _ask(errand: Errand, room: KnownRoom, now: datetime, *, days_ago: int) -> str | None:
    """Asked so many days ago, for the first moment that was free."""
    person = errand.asker.person if isinstance(errand.asker, Group) else errand.asker
    by, at = actor_of(person), _before(now, days=days_ago)
    slot = _free(errand, room, now, at)
    return send(errand.wish(room, slot), by=by, now=at) if slot else None


def _free(errand: Errand, room: KnownRoom, now: datetime, at: datetime, *, after: date | None = None) -> Slot | None:
    """The first such moment that can be asked ``at`` some day, and a week later still; or some weeks ``after`` a day.

    A legal holiday is left out: the story would look odd on Christmas.
    """
    first = after or availability.first_day(room.rules, now, room.special) + A_WEEK
    first += timedelta(days=(errand.weekday - first.weekday()) % 7)
    starts, ends = (time(hour) for hour in errand.hours)
    for day in (first + A_WEEK * week for week in range(bool(after), WEEKS)):
        slot = Slot.on(day, starts, ends)
        is_holiday = any(one.kind is SpecialKind.LEGAL for one in room.special.on(day))
        if not is_holiday and not checking.look(errand.wish(room, slot), ANYONE, at, is_judged_whole=False):
            return slot
    return None


def _hall(house: str) -> KnownRoom | None:
    return next((room for room in city.city().rooms if room.venue_slug == house and room.is_asked_here), None)


def _request(code: str) -> Request:
    request = requests.by_code(code)
    assert request is not None, "it was asked a moment ago"
    return request


def _before(now: datetime, *, days: int) -> datetime:
    return now - timedelta(days=days)
