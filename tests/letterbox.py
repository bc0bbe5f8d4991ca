"""Every letter in every variant, by living through a winter of two houses in which everything happens once."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import update

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_closure,
    make_desk,
    make_entered,
    make_neighbourhood,
    make_request,
    make_room,
    make_venue,
    read,
)
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.daily import News
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.incoming import IncomingMail, Nature
from zalenzoeker.domain.letters import LetterKind, Parcel
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import Action, NotPossible, RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern, PatternKind, Scope
from zalenzoeker.domain.slots import Slot, WeeklyHours, to_utc
from zalenzoeker.domain.weekly_letter import Choices
from zalenzoeker.services import (
    accounts,
    advice,
    agreeing,
    associations,
    conversation,
    crew,
    daily,
    date_reminders,
    dates,
    deadlines,
    handing,
    handover,
    incoming,
    membership,
    proposals,
    subscriptions,
    weekly_letter,
)
from zalenzoeker.services import decisions as deciding
from zalenzoeker.services import requests as asking
from zalenzoeker.services.dates import Move
from zalenzoeker.services.wishes import WishedDate
from zalenzoeker.storage import desks, letters, requests
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, DeskMember, Facility, Occupancy, Request, Room, RoomFacility, RoutingLine

# What is drawn by lot in real life.
FIXED = {"code": "aanvraag-met-128-bits", "reference": "DR-7K4M", "token": "bewijs-met-128-bits"}
THREAD = "0123456789abcdef0123456789abcdef"
VISITOR = Visitor(browser_hash="van An", address="192.0.2.1", is_limited=False)
SATURDAYS = (WeeklyHours(5, 14 * 60, 18 * 60),)
DAY = timedelta(days=1)
MANY = {RuleName.OPEN_REQUESTS: 90, RuleName.HOLD_DAYS: 14}


class Winter:
    """The people and rooms, and what was written so far, each letter by its kind, its side and its variant."""

    def __init__(self) -> None:
        self.found: dict[str, Parcel] = {}
        self.variants: dict[str, str] = {}
        self._seen: set[str] = set()
        kitchen, screen = (keep(Facility(slug=name.lower(), name=name, group="x")) for name in ("Keuken", "Beamer"))
        self.house = make_venue("open-huis-drongen", name="Open Huis Drongen", phone="09 227 72 85")
        # So far away that everybody agrees on the distance, whatever the last digit.
        elsewhere = make_neighbourhood("mariakerke", "Mariakerke")
        centre = make_venue("de-vlieger", name="De Vlieger", neighbourhood=elsewhere, lat=51.075, lon=3.69)
        far = make_venue("de-grote-zaal", name="De Grote Zaal", neighbourhood=elsewhere, lat=51.09, lon=3.69)
        self.room = make_room("zaal", venue=self.house, name="Zaal", rules=MANY)
        queue = {**MANY, RuleName.PENDING: {"default": "queue"}}
        self.queue = make_room("leslokaal", venue=self.house, name="Leslokaal", rules=queue)
        instant = {**MANY, RuleName.PENDING: {"default": "instant"}}
        self.instant = make_room("salon", venue=self.house, name="Salon", capacity=12, rules=instant)
        other = self.other = make_room("zolder", venue=centre, name="Zolder", rules=MANY)
        self.hall = make_room("feestzaal", venue=far, name="Feestzaal", capacity=400, hours=SATURDAYS, rules=queue)
        for room in (self.room, self.queue, other):
            keep(*(RoomFacility(room_id=room.id, facility_id=one.id) for one in (kitchen, screen)))
        marcel = make_account("marcel@drongen.example", "Marcel")
        make_desk("drongen", venue=self.house, name="Open Huis Drongen", members=[marcel])
        make_desk("grote-zaal", venue=far, name="De Grote Zaal", members=[marcel])
        account = make_account("an@harmonie.example", "An Peeters")
        self.club = make_association("Harmonie De Eendracht", members=[account])
        self.by, self.desk = actor_of(account), actor_of(marcel)
        self.bert = actor_of(make_account("bert@post.example", "Bert"))

    def asks(
        self, variant: str, *when: Slot, rooms: tuple[Room, ...] = (), to: Status = Status.REQUESTED, **fields: Any
    ) -> Request:
        """An asks for these moments in these rooms, and it comes so far."""
        wanted = rooms or (self.room,)
        moments = tuple(WishedDate(f"{room.venue.slug}/{room.slug}", slot) for slot in when for room in wanted)
        defaults = {
            "activity": "Pannenkoeken & “vrienden”",
            "is_public": True,
            "people": 45,
            "association_id": self.club.id,
            "association_name": self.club.name,
            "requester_kind": RequesterKind.NON_PROFIT,
            "contact_phone": "0470 12 34 56",
            "facilities": ("keuken", "beamer"),
            "remarks": "Mogen we de avond voordien al klaarzetten?\nWe brengen zelf glazen mee.",
        }
        fields = {**defaults, **fields}
        asked = make_request(to, room=wanted[0], by=self.by, dates=moments, visitor=VISITOR, **fields)
        self.variants[asked.code] = variant
        self.collect()
        return asked

    def bert_has(self, room: Room, slot: Slot, to: Status = Status.APPROVED) -> Request:
        asked = make_request(to, room=room, slot=slot, by=self.bert, visitor=VISITOR, activity="Quiz", people=10)
        self.variants[asked.code] = "bert"
        return asked

    def collect(self) -> None:
        """Keep what was written since the last time under its name; the first of a name stays."""
        db.session.close()
        codes = {one.id: one.code for one in db.session.query(Request)}
        for letter in reversed(letters.newest(limit=1000)):
            if letter.code in self._seen:
                continue
            self._seen.add(letter.code)
            variant = self.variants.get(codes.get(letter.request_id or 0, ""), "")
            variant = {True: "done", False: "offered"}.get(letter.facts.get("is_done"), variant)
            side = {True: "desk", False: "asker"}.get(letter.facts.get("is_for_desk"), "person")
            name = "-".join(part for part in (letter.kind, side, variant) if part)
            self.found.setdefault(name, settled(letter.parcel))


REQUEST = {"code": FIXED["code"], "reference": FIXED["reference"]}
LISTED = {"happened": REQUEST, "waits": REQUEST, "activities": {"code": "activiteit"}}


def settled(parcel: Parcel) -> Parcel:
    """A letter without what is drawn by lot."""
    facts = {**parcel.facts, **{name: value for name, value in FIXED.items() if name in parcel.facts}}
    if parcel.kind is LetterKind.SIGN_IN_CODE:
        facts["code"] = "123456"
    uids: dict[str, str] = {}
    for one in (facts, *facts.get("dates", ()), *facts.get("told", ())):
        if "uid" in one:
            uids.setdefault(one["uid"], THREAD if not uids else f"{len(uids):032}")
    for name in ("dates", "told"):
        if name in facts:
            facts[name] = [{**one, "uid": uids[one["uid"]]} for one in facts[name]]
    if "uid" in facts:
        facts |= {"uid": THREAD, "thread": THREAD}
    for name in LISTED.keys() & facts.keys():
        facts[name] = [{**one, **LISTED[name]} for one in facts[name]]
    if facts.get("moves"):
        # The date itself stays, and its letter is about the moment it wanted: it may be named nowhere else.
        facts["moves"] = uids.get(facts["moves"], "1" * 32)
    thread = THREAD if parcel.thread else ""
    return replace(parcel, code="brief-met-128-bits", facts=facts, thread=thread, created_at=NOW)


def weekly(first: date, count: int, kind: PatternKind = PatternKind.WEEKLY) -> Pattern:
    return Pattern(kind, first, time(19), time(22), count=count)


def slots(pattern: Pattern) -> list[Slot]:
    return [one.slot for one in pattern.slots() if one.slot]


def _version(request: Request) -> dict[str, Any]:
    db.session.close()
    found = requests.by_code(request.code)
    assert found is not None
    return {"now": NOW, "version": found.version}


@cache
def write() -> dict[str, Parcel]:
    """Live through it all; one parcel of every kind, side and variant, as values that need no database again."""
    winter = Winter()
    _ask_once(winter)
    _ask_in_series(winter)
    _change_dates(winter)
    _stand_in_queues(winter)
    _wait(winter)
    _find_nothing(winter)
    _talk(winter)
    _decide_for_nothing(winter)
    _propose(winter)
    _remind(winter)
    deadlines.tick(NOW + 2 * DAY)
    winter.collect()
    _fall_silent(winter)
    _on_behalf(winter)
    _answer_by_mail(winter)
    for moment in (
        NOW + 5 * DAY,
        NOW + 8 * DAY,
        NOW + 11 * DAY,
        NOW + 14 * DAY,
        at("20:00", "01:00").starts_at,
        at("20:00", "01:00").moved(days=35).starts_at,
        at("20:00", "01:00").moved(days=42).starts_at,
    ):
        deadlines.tick(moment)
        winter.collect()
    _vote(winter)
    associations.invite(winter.club.code, "els@yoga.example", by=winter.by, now=NOW, visitor=VISITOR)
    accounts.send_code("an@harmonie.example", visitor=VISITOR, now=NOW)
    _read_daily(winter)
    _hand_over(winter)
    _tell_the_week()
    winter.collect()
    return winter.found


def _read_daily(winter: Winter) -> None:
    """Marcel reads once a day what happened, and what waits."""
    winter.collect()
    daily.choose("drongen", tuple(News), is_shared=False, by=winter.desk, now=NOW)
    few = {"rooms": (winter.instant,), "people": 8, "facilities": ()}
    gone = winter.asks("daily", at("10:00", "12:00", day=date(2027, 3, 20)), **few)
    asking.withdraw(gone.code, by=winter.by, now=NOW)
    weeks = weekly(date(2027, 3, 3), 4)
    running = winter.asks("daily", *slots(weeks), pattern=weeks.as_json(), to=Status.APPROVED)
    dates.let_go(running.code, running.occurrences[0].uid, Scope.FOLLOWING, by=winter.by, now=NOW)
    daily.tell(NOW + DAY)


def _tell_the_week() -> None:
    """Somebody asks for the weekly letter, says yes, and reads what is on."""
    subscriptions.ask("godelieve@post.example", Choices(), now=NOW, visitor=VISITOR)
    subscriptions.confirm(letters.newest(1)[0].facts["token"], now=NOW)
    weekly_letter.send(to_utc(datetime.combine(date(2027, 1, 14), time(7))))


def _hand_over(winter: Winter) -> None:
    """A new member, an offer to the next committee, and its yes."""
    membership.add("drongen", "mia@drongen.example", by=winter.desk, now=NOW, visitor=VISITOR)
    membership.set_address("drongen", "samen@drongen.example", by=winter.desk, now=NOW, visitor=VISITOR)
    handover.offer("drongen", "lies@huis.example", "", by=winter.desk, now=NOW, visitor=VISITOR)
    token = next(one.facts["token"] for one in letters.newest() if one.kind == LetterKind.HANDOVER_OFFERED)
    handover.confirm(token, by=actor_of(make_account("lies@huis.example", "Lies")), now=NOW)


def _ask_once(winter: Winter) -> None:
    states = [Status.REQUESTED, Status.APPROVED, Status.REFUSED, Status.CANCELLED, Status.WITHDRAWN]
    for week, status in enumerate(states):
        winter.asks("", at("20:00", "01:00").moved(days=7 * week), to=status)
    gone = winter.asks("confirmed", at("20:00", "01:00", day=date(2027, 4, 3)), to=Status.APPROVED)
    asking.withdraw(gone.code, by=winter.by, now=NOW, note="De zanger is ziek.")
    winter.asks("exception", at(day=date(2026, 12, 5)), exception_reason="De zaal van de school brandde af.")
    winter.asks("at-once", at("10:00", "12:00"), rooms=(winter.instant,), people=8, facilities=())


def _ask_in_series(winter: Winter) -> None:
    thursdays = weekly(date(2027, 1, 7), 12)
    winter.asks("series", *slots(thursdays), to=Status.APPROVED, pattern=thursdays.as_json())
    fridays = weekly(date(2027, 1, 8), 3, PatternKind.FORTNIGHTLY)
    winter.asks("series", *slots(fridays), to=Status.CANCELLED, pattern=fridays.as_json())
    mondays = weekly(date(2027, 1, 4), 3)
    winter.asks("series", *slots(mondays), to=Status.REFUSED, pattern=mondays.as_json())
    loose = Pattern.on_days([date(2027, 1, 10), date(2027, 1, 24), date(2027, 3, 7)], time(14), time(17))
    gone = winter.asks("series", *slots(loose), to=Status.APPROVED, pattern=loose.as_json())
    asking.withdraw(gone.code, by=winter.by, now=NOW)
    winter.asks("rooms", at("10:00", "13:00", day=date(2027, 4, 10)), rooms=(winter.room, winter.queue))


def _change_dates(winter: Winter) -> None:
    tuesdays = weekly(date(2027, 1, 5), 8)
    asked = winter.asks("running", *slots(tuesdays), to=Status.APPROVED, pattern=tuesdays.as_json())
    uids = [one.uid for one in asked.occurrences]
    by: dict[str, Any] = {"by": winter.by, "now": NOW}
    dates.let_go(asked.code, uids[6], Scope.FOLLOWING, **by, note="Dan is het vakantie.")
    dates.change(asked.code, uids[4], Scope.FOLLOWING, _to(winter.room, 19, 21), **by)
    _name(winter, asked, "asked")
    dates.change(asked.code, uids[0], Scope.THIS, _to(winter.room, 19, 22, days=1), **by)
    decisions.approve(asked.code, by=winter.desk, **_version(asked))
    _name(winter, asked, "moved")
    dates.change(asked.code, uids[1], Scope.THIS, _to(winter.room, 18, 22), **by)
    decisions.refuse(asked.code, by=winter.desk, **_version(asked), note="Dan is er soep.")
    dates.let_go(asked.code, uids[3], Scope.THIS, **by)
    _change_desk(winter)
    single = winter.asks("one", at("10:00", "13:00", day=date(2027, 4, 11)), to=Status.APPROVED)
    dates.change(single.code, single.first.uid, Scope.THIS, _to(winter.room, 10, 12), **by)
    _name(winter, single, "one-asked")
    dates.change(single.code, single.first.uid, Scope.THIS, _to(winter.room, 14, 16), **by)
    winter.collect()


def _change_desk(winter: Winter) -> None:
    """Early mornings belong to another desk."""
    early = make_desk("vroeg", name="De vroege vogels", members=[make_account("vroeg@drongen.example", "Roger")])
    line = {"venue_id": winter.house.id, "desk_id": early.id, "reason": "Voor de middag"}
    row = keep(RoutingLine(position=1, room_id=winter.room.id, from_time=time(9), to_time=time(10), **line))
    waits = winter.asks("early", at("14:00", "16:00", day=date(2027, 4, 18)))
    dates.change(waits.code, waits.first.uid, Scope.THIS, _to(winter.room, 9, 11), by=winter.by, now=NOW)
    winter.collect()
    with write_unit() as session:
        session.delete(session.get(RoutingLine, row.id))


def _to(room: Room, starts: int, ends: int, *, days: int = 0) -> Move:
    return Move(days=days, from_time=time(starts), to_time=time(ends), room=f"{room.venue.slug}/{room.slug}")


def _name(winter: Winter, request: Request, variant: str) -> None:
    """From here on, what is written about this request has another name."""
    winter.collect()
    winter.variants[request.code] = variant


def _stand_in_queues(winter: Winter) -> None:
    slot = at("14:00", "18:00", day=date(2027, 2, 7))
    winter.asks("queue", slot, rooms=(winter.queue,))
    series = weekly(date(2027, 2, 10), 4)
    winter.asks("queue-series", *slots(series), rooms=(winter.queue,), pattern=series.as_json())
    for moment in (slot, slots(series)[1]):
        chosen = winter.bert_has(winter.queue, moment, Status.REQUESTED)
        decisions.approve(chosen.code, by=winter.desk, **_version(chosen))
    winter.collect()


def _wait(winter: Winter) -> None:
    for week, variant in ((5, "stays"), (6, "")):
        slot = at("20:00", "01:00").moved(days=7 * week)
        taken = winter.bert_has(winter.room, slot)
        winter.asks(variant, slot, is_waiting=True)
        if not variant:
            decisions.cancel(taken.code, by=winter.desk, **_version(taken), note="Waterschade.")
    winter.collect()


def _find_nothing(winter: Winter) -> None:
    open_on = [date(2027, 1, 16), date(2027, 3, 27)]
    for first, last in ((date(2026, 12, 1), open_on[0]), (open_on[0] + DAY, open_on[1]), (open_on[1] + DAY, None)):
        make_closure(winter.hall, first, last - DAY if last else date(2027, 5, 30))
    many = {"people": 350, "facilities": (), "rooms": (winter.hall,)}
    winter.asks("nothing", at(day=open_on[0]), to=Status.REFUSED, **many)
    winter.asks("nothing", at(day=open_on[1]), **many)
    chosen = winter.bert_has(winter.hall, at(day=open_on[1]), Status.REQUESTED)
    decisions.approve(chosen.code, by=winter.desk, **_version(chosen))
    winter.collect()


def _remind(winter: Winter) -> None:
    """A week before the first date of a booking, and of a series, it is near."""
    single = winter.asks("", at("10:00", "12:00", day=date(2027, 4, 24)), to=Status.APPROVED)
    weeks = weekly(date(2027, 4, 27), 3)
    many = winter.asks("running", *slots(weeks), pattern=weeks.as_json(), to=Status.APPROVED)
    for asked in (single, many):
        date_reminders.tell(asked.first.slot.starts_at - 7 * DAY)
    winter.collect()


def _fall_silent(winter: Winter) -> None:
    """Nobody answers: Lies and Marcel take turns in Drongen, which stands in for the community workers."""
    lies, sofie = make_account("lies@drongen.example", "Lies"), make_account("sofie@stad.example", "Sofie")
    make_city_desk([sofie])
    drongen, workers = desks.by_slug("drongen"), desks.by_slug("wijkwerk")
    assert drongen is not None
    assert workers is not None
    keep(DeskMember(desk_id=drongen.id, account_id=lies.id, since=NOW))
    crew.join_rota("drongen", lies.code, by=winter.desk, now=NOW)
    winter.asks("duty", at("10:00", "12:00", day=date(2027, 5, 16)))
    crew.join_rota("drongen", f"code-of-{winter.desk.email}", by=winter.desk, now=NOW)
    with write_unit() as session:
        session.execute(update(Desk).where(Desk.id == workers.id).values(deputy_desk_id=drongen.id))


def _on_behalf(winter: Winter) -> None:
    """What the desk types in: for Godelieve, whose letters are printed, and for Jef, who has an e-mail address."""
    rita = make_account("rita@drongen.example", "Rita")
    keep(DeskMember(desk_id=min(winter.desk.desk_ids), account_id=rita.id, since=NOW))
    colleague = actor_of(rita)
    evening = at("20:00", "23:00", day=date(2027, 5, 1))

    def enter(variant: str, slot: Slot, **fields: Any) -> Request:
        told = {"activity": "Koffietafel", "postal_address": "Dorpsstraat 1\n9031 Drongen", **fields}
        found = make_entered(winter.room, by=winter.desk, slot=slot, **told)
        winter.variants[found.code] = variant
        winter.collect()
        return found

    enter("entered", evening.moved(days=1), contact_name="Jef", contact_email="jef@post.example")
    asked = enter("paper", evening)
    conversation.ask(asked.code, "Met hoeveel zijn jullie?", by=colleague, now=NOW)
    decisions.approve(asked.code, by=colleague, **_version(asked), note="Welkom.")
    refused = enter("paper", evening.moved(days=7))
    decisions.refuse(refused.code, by=colleague, **_version(refused), note="Dan is er soep.")
    taken = winter.bert_has(winter.room, evening.moved(days=14))
    enter("paper", evening.moved(days=14), is_waiting=True)
    decisions.cancel(taken.code, by=colleague, **_version(taken), note="Waterschade.")
    winter.collect()


def _talk(winter: Winter) -> None:
    """A question and its answer, a word unasked for, and a request that goes to another desk and one of its members."""
    wouter = make_account("wouter@wijkwerk.example", "Wouter")
    make_desk("wijkwerk", name="Team buurtwerk Drongen", email="team@wijkwerk.example", members=[wouter])
    asked = winter.asks("talk", at("10:00", "12:00", day=date(2027, 4, 17)))
    _name(winter, asked, "")
    conversation.ask(asked.code, "Brengen jullie zelf glazen mee? Wij hebben er maar 20.", by=winter.desk, now=NOW)
    conversation.reply(asked.code, "Ja, wij brengen alles zelf mee.", by=winter.by, now=NOW, visitor=VISITOR)
    _name(winter, asked, "unasked")
    conversation.reply(asked.code, "We komen al om 9 uur klaarzetten.", by=winter.by, now=NOW, visitor=VISITOR)
    _name(winter, asked, "decided")
    answers = {asked.first.uid: Action.REFUSE}
    deciding.decide(asked.code, answers, by=winter.desk, **_version(asked), note="Dan is er soep.")
    conversation.reply(asked.code, "Of kan het in een ander lokaal?", by=winter.by, now=NOW, visitor=VISITOR)
    _name(winter, asked, "forwarded")
    handing.forward(asked.code, "wijkwerk", by=winter.desk, now=NOW, note="Wij zijn dan met verlof.")
    _name(winter, asked, "")
    second = make_account("zoe@wijkwerk.example", "Zoë")
    keep(DeskMember(desk_id=read(asked.code).desk_id, account_id=second.id, since=NOW))
    handing.hand(asked.code, second.code, by=actor_of(wouter), now=NOW)
    _name(winter, asked, "talk")


def _decide_for_nothing(winter: Winter) -> None:
    """A decision that nobody heard of: the asker goes before it, and the room that was kept is gone all the same."""
    gone = winter.asks("decided", at("10:00", "12:00", day=date(2027, 4, 24)))
    deciding.decide(gone.code, {gone.first.uid: Action.APPROVE}, by=winter.desk, **_version(gone))
    asking.withdraw(gone.code, by=winter.by, now=NOW)
    slot = at("10:00", "12:00", day=date(2027, 4, 25))
    lost = winter.asks("lost", slot, rooms=(winter.queue,))
    _name(winter, lost, "")
    deciding.decide(lost.code, {lost.first.uid: Action.APPROVE}, by=winter.desk, **_version(lost))
    with write_unit() as session:
        session.query(Occupancy).filter_by(occurrence_id=lost.first.id).delete()
    winter.bert_has(winter.queue, slot)
    deciding.carry_out(lost.code, NOW + UNDO_WITHIN)


def _vote(winter: Winter) -> None:
    """Requests at a desk whose members decide together, and at one that advises the city desk."""
    house = make_venue("buurthuis-malem", name="Buurthuis Malem")
    hall = make_room("hal", venue=house, name="Hal", rules=MANY)
    two = [make_account(f"{name}@malem.example", name.title()) for name in ("lies", "omar")]
    make_desk("malem", venue=house, name="Buurthuis Malem", members=two)
    ways = {"vote": (AdviceKind.DECIDES, Silence.NO), "committee": (AdviceKind.ADVISES, Silence.NOTHING)}
    for day, (variant, (kind, silence)) in enumerate(ways.items()):
        advice.set_advice("malem", kind, needed=2, days=7, silence=silence, by=actor_of(two[0]), now=NOW)
        asked = winter.asks(variant, at("10:00", "12:00", day=date(2027, 4, 12 + day)), rooms=(hall,))
        _name(winter, asked, "voted" if kind is AdviceKind.DECIDES else "advised")
        word = {"note": "Dan zitten we vol.", "to_asker": "In mei kan het wel."}
        for one in two[: 1 if kind is AdviceKind.DECIDES else 2]:
            is_yes = kind is AdviceKind.ADVISES
            advice.vote(asked.code, is_yes, by=actor_of(one), **_version(asked), **({} if is_yes else word))
    deadlines.tick(NOW + DAY)


def _propose(winter: Winter) -> None:
    """Another moment, or the room of another house: agreed, declined, taken back, and left without an answer."""
    mondays = weekly(date(2027, 5, 3), 2)
    asked = {
        "": winter.asks("", at("10:00", "12:00", day=date(2027, 5, 9))),
        "declined": winter.asks("declined", at("10:00", "12:00", day=date(2027, 5, 11))),
        "taken-back": winter.asks("taken-back", at("10:00", "12:00", day=date(2027, 5, 12))),
        "elsewhere": winter.asks("elsewhere", at("10:00", "12:00", day=date(2027, 5, 13))),
        "series": winter.asks("series", *slots(mondays), pattern=mondays.as_json()),
    }
    for variant, request in asked.items():
        room = winter.other if variant == "elsewhere" else winter.room
        proposals.propose(
            request.code,
            [one.uid for one in request.dates],
            _to(room, 14, 16),
            by=winter.desk,
            note="Om 10 uur is de keuken nog niet klaar." if variant == "" else "",
            **_version(request),
            undo_within=timedelta(0),
        )
        deciding.carry_out(request.code, NOW)
    winter.collect()
    winter.bert_has(winter.other, at("14:00", "16:00", day=date(2027, 5, 13)))
    with suppress(NotPossible):
        agreeing.agree(asked["elsewhere"].code, by=winter.by, now=NOW)
    agreeing.agree(asked[""].code, by=winter.by, now=NOW)
    agreeing.decline(asked["declined"].code, by=winter.by, now=NOW, words="Dan is onze dirigent er niet.")
    proposals.withdraw(asked["taken-back"].code, by=winter.desk, now=NOW)
    proposals.end(asked["series"].code, NOW + 5 * DAY)
    winter.collect()


def _answer_by_mail(winter: Winter) -> None:
    """What somebody wrote by mail cannot be kept: it holds no words, it is decided already, or it has ended."""
    asked = winter.asks("mail", at("10:00", "12:00", day=date(2027, 4, 26)))

    def writes(email: str, words: str) -> None:
        token = next(one.reply_token for one in letters.newest(20) if one.recipient == email)
        mail = IncomingMail(f"{email} {words}", email, Nature.PERSON, (token,), words=words)
        incoming.take_in([("1", mail)], done=lambda _number: None, now=lambda: NOW)

    _name(winter, asked, "empty")
    writes(winter.by.email, "")
    _name(winter, asked, "decided")
    answers = {asked.first.uid: Action.REFUSE}
    deciding.decide(asked.code, answers, by=winter.desk, **_version(asked), note="Dan is er soep.")
    writes(winter.desk.email, "Hebben jullie een klein orkest?")
    deciding.carry_out(asked.code, NOW + UNDO_WITHIN)
    _name(winter, asked, "closed")
    writes(winter.by.email, "Jammer. En een week later?")
    winter.collect()
