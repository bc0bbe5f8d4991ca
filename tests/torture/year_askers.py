"""Those who ask in the year of an Open Huis: groups with e-mail, who read their letters and answer them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import select

from tests.torture.year_site import YearSite, address_in, code_in, looking, text_of
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Slot, epoch, to_local
from zalenzoeker.storage.models import Occurrence, Request, Room

HOURS = ((10, 12), (14, 17), (14, 18), (18, 20), (19, 22), (20, 23))
WHAT = ("Vergadering", "Repetitie", "Kaartnamiddag", "Soep voor de buurt")
SOONEST, NEAR, FARTHEST = 29, 36, 150
WEEKS = 4
TRIES = 40
QUESTION = "Met hoeveel komen jullie, en tot hoe laat?"
ANSWERS_TO_A_PROPOSAL = ("agree", "decline", "silence", "agree")
ANSWERS_TO_AN_OFFER = ("accept", "accept", "leave", "silence")


@dataclass
class Askers:
    """``groups``: by e-mail. ``leaving``: who no longer needs the room, and from which day on they say so."""

    site: YearSite
    groups: tuple[str, ...]
    rooms: tuple[Room, ...]
    leaving: list[tuple[datetime, str, str]] = field(default_factory=list)
    _to_proposals: Iterator[str] = field(default_factory=lambda: cycle(ANSWERS_TO_A_PROPOSAL))
    _to_offers: Iterator[str] = field(default_factory=lambda: cycle(ANSWERS_TO_AN_OFFER))

    # Asking.

    def somebody_asks(self) -> None:
        self.asks(self.site.chance.choice(self.groups))

    def asks(self, email: str) -> str:
        """One evening or afternoon for a group; returns the code of the request."""
        room = self.site.chance.choice(self.rooms)
        slot = self.free_moment(room)
        asker = self.site.visitor(email)
        form = asker.opens("asking.new", zaal=code_of(room)).form("asking.new")
        page = form.fills_in(**when(slot), **self.what(), akkoord=True).sends()
        self.site.did("asked")
        return str(page.path.rpartition("/")[2])

    def asks_for_weeks(self, email: str) -> None:
        """The same evening, a few weeks in a row."""
        room = self.site.chance.choice(self.rooms)
        slot = self.free_moment(room, weeks=WEEKS)
        until = slot.day + timedelta(weeks=WEEKS - 1)
        planner = self.site.visitor(email)
        page = planner.opens("series.plan", zaal=code_of(room))
        told = {**when(slot), "herhaal": "wekelijks", "tot-en-met": until.isoformat()}
        page = page.form("series.plan").fills_in(**told).sends()
        page = page.form("series.plan").fills_in(verder="1").sends()
        page.form("asking.new").fills_in(**self.what(), akkoord=True).sends()
        self.site.did("asked")
        self.site.did("series")

    def somebody_waits(self) -> None:
        """What somebody else has is waited for; that somebody will find out not to need it."""
        taken = self._a_booking()
        if taken is None:
            return
        slot, room_id, code, owner = taken
        email = next(one for one in self.groups if one != owner)
        room = next(one for one in self.rooms if one.id == room_id)
        asker = self.site.visitor(email)
        page = asker.opens("asking.new", zaal=code_of(room), **when(slot))
        page = page.form("asking.new").fills_in(wacht="1").sends()
        page.form("asking.new").fills_in(**self.what(), akkoord=True).sends()
        self.site.did("waited")
        self.leaving.append((self.site.clock.now + timedelta(days=3), code, owner))

    def what(self) -> dict[str, str]:
        chance = self.site.chance
        people = str(chance.randint(5, 20))
        return {"activiteit": chance.choice(WHAT), "openbaar": chance.choice(["ja", "nee"]), "personen": people}

    def free_moment(self, room: Room, *, weeks: int = 1, farthest: int = FARTHEST) -> Slot:
        """Half of them ask for as soon as they may."""
        chance, today = self.site.chance, to_local(self.site.clock.now).date()
        for _try in range(TRIES):
            ahead = chance.randint(SOONEST, chance.choice([NEAR, farthest]))
            starts, ends = chance.choice(HOURS)
            days = [today + timedelta(days=ahead, weeks=week) for week in range(weeks)]
            slots = [Slot.on(day, time(starts), time(ends)) for day in days]
            if all(self.site.is_free(room, one) for one in slots):
                return slots[0]
        raise AssertionError("the house is full: ask less")

    def _a_booking(self) -> tuple[Slot, int, str, str] | None:
        """A date that is confirmed and far enough ahead to be asked: when, which room, the request and its asker."""
        soonest = epoch(self.site.clock.now + timedelta(days=SOONEST + 1))
        waited_for = {code for _day, code, _email in self.leaving}
        query = (
            select(Occurrence, Request)
            .join(Request, Request.id == Occurrence.request_id)
            .where(Occurrence.status == Status.APPROVED, Occurrence.from_epoch > soonest)
            .where(Request.contact_email.in_(self.groups))
            .order_by(Occurrence.id)
        )
        with looking() as session:
            rows = session.execute(query).all()
            fit = (row for row in rows if row.Request.pattern is None and row.Request.code not in waited_for)
            row = next(fit, None)
            return (row[0].slot, row[0].room_id, row[1].code, row[1].contact_email) if row else None

    # Their letters.

    def read(self) -> None:
        """They open their letters, and some no longer need the room."""
        due = [one for one in self.leaving if one[0] <= self.site.clock.now]
        self.leaving = [one for one in self.leaving if one not in due]
        for _day, code, email in due:
            self._withdraws(code, email)
        for email in self.groups:
            for letter in self.site.letters(email, reader="asker"):
                self._answers(email, letter)

    def _answers(self, email: str, letter: Any) -> None:
        if address := address_in(letter, "/voorstel/"):
            self._answers_proposal(email, address)
        elif address := address_in(letter, "/wachtlijst/"):
            self._answers_offer(email, address)
        elif address := address_in(letter, "/niet-nodig/"):
            self._is_reminded(email, address)
        elif QUESTION in text_of(letter) and address_in(letter, "/aanvragen/"):
            page = self.site.visitor(email).opens("requests.show", code=code_in(letter))
            page.form("talking.reply").fills_in(antwoord="Met een man of twintig, tot tien uur.").sends()
            self.site.did("answers")

    def _answers_proposal(self, email: str, address: str) -> None:
        answer = next(self._to_proposals)
        page = self.site.follows(self.site.phone(f"phone of {email}"), address)
        if answer == "silence" or not page.has_form("agreeing.agree_by_letter"):
            return
        if answer == "agree":
            page.form("agreeing.agree_by_letter").sends()
        else:
            page.form("agreeing.decline_by_letter").fills_in(bericht="Dan is onze dirigent er niet.").sends()
        self.site.did(f"proposals: {answer}")

    def _answers_offer(self, email: str, address: str) -> None:
        page = self.site.follows(self.site.phone(f"phone of {email}"), address)
        if not page.has_form("waiting.accept_by_letter"):
            return
        answer = next(self._to_offers)
        if answer != "silence":
            page.form(f"waiting.{answer}_by_letter").sends()
            self.site.did(f"offers: {answer}")

    def _is_reminded(self, email: str, address: str) -> None:
        page = self.site.follows(self.site.phone(f"phone of {email}"), address, may_be=(200, 410))
        if page.has_form("not_needed.let_go") and self.site.happens("not needed", 0.1):
            page.form("not_needed.let_go").sends()
            self.site.did("not needed")

    def _withdraws(self, code: str, email: str) -> None:
        page = self.site.visitor(email).opens("requests.show", code=code)
        if page.has_form("requests.withdraw"):
            page.form("requests.withdraw").sends()
            self.site.did("withdrawn")


def code_of(room: Room) -> str:
    return f"open-huis-drongen/{room.slug}"


def when(slot: Slot) -> dict[str, str]:
    """A moment as the forms take it."""
    return {"dag": slot.day.isoformat(), "van": f"{slot.starts:%H:%M}", "tot": f"{slot.ends:%H:%M}"}
