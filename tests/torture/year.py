"""A year of an Open Huis: five volunteers with one mailbox, the groups that ask them, and the city desk."""

import re
import time as real_time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from tests.builders import make_account, make_association, make_city_desk, make_desk, make_room, make_venue
from tests.conftest import Clock
from tests.smtp import Postbox
from tests.torture.stage import WITHOUT_END
from tests.torture.visitor import Visitor
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import Slot, to_local
from zalenzoeker.storage import limits
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Occupancy, RoomSpace
from zalenzoeker.storage.models.letters import LetterState

MAILBOX = "vrijwilligers@drongen.example"
VOLUNTEERS = ("marcel", "mia", "fatima", "jos", "greet")
CITY = ("sofie", "stan")
GROUPS = 12
HOURS = ((10, 12), (14, 17), (14, 18), (18, 20), (19, 22), (20, 23))
# Of a hundred days: on how many somebody asks for a room, and how many askers there are then.
ASKERS_A_DAY = (0, 0, 1, 1, 1, 2)
# On how many days one of the five opens the inbox.
AWAKE = 0.6
PATIENCE_SECONDS = 30.0
A_ROUND_SECONDS = 0.2
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/[^\s>]*)")


@dataclass(frozen=True)
class House:
    """Who and what it is: the volunteers, those who ask them (by e-mail), and its rooms."""

    volunteers: tuple[str, ...]
    groups: tuple[str, ...]
    rooms: tuple[Any, ...]


def text_of(letter: Any) -> str:
    """What somebody reads of a letter."""
    return str(letter.get_body(("plain",)).get_content())


@dataclass
class Year:
    """The site, its clock and its post, and everybody who has to do with the house."""

    app: Any
    port: int
    clock: Clock
    postbox: Postbox
    chance: Random
    house: House
    people: dict[str, Visitor] = field(default_factory=dict)
    deeds: Counter[str] = field(default_factory=Counter)
    read: dict[str, int] = field(default_factory=dict)

    # The clock and the post.

    def comes_to(self, moment: datetime) -> None:
        """It is this moment, the worker has looked at it, and no letter waits any more."""
        self.clock.stands_at(moment)
        self._until(self._worker_has_seen, f"the worker did not look at {moment}")
        real_time.sleep(A_ROUND_SECONDS)
        self._until(lambda: not self._waiting_letters(), "letters still wait")

    def _worker_has_seen(self) -> bool:
        db.session.close()
        last = limits.last_beat("worker")
        return last is not None and last >= self.clock.now

    def _waiting_letters(self) -> int:
        db.session.close()
        states = (LetterState.WAITING, LetterState.SENDING)
        return len(db.session.scalars(select(Letter.id).where(Letter.state.in_(states))).all())

    @staticmethod
    def _until(is_so: Any, fault: str) -> None:
        until = real_time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert real_time.monotonic() < until, fault
            real_time.sleep(0.05)

    def letters(self, email: str) -> list[Any]:
        """The letters in this box that nobody has read yet."""
        box = [one for one in self.postbox.messages if str(one["To"]) == email]
        new = box[self.read.get(email, 0) :]
        self.read[email] = len(box)
        return new

    # The people.

    def visitor(self, email: str) -> Visitor:
        """Their browser; whoever was not here for long signs in with a code by mail."""
        if email not in self.people:
            self.people[email] = Visitor(self.app, self.port)
        person = self.people[email]
        person.opens("accounts.mine")
        if person.page.has_form("accounts.sign_in"):
            person.page.form("accounts.sign_in").fills_in(email=email).sends()
            self._until(lambda: not self._waiting_letters(), "the code did not leave")
            code = str(next(one for one in reversed(self.postbox.messages) if str(one["To"]) == email)["Subject"])
            person.page.form("accounts.code").fills_in(code=code.split(maxsplit=1)[0]).sends()
            self.deeds["signed in"] += 1
        return person

    # A day.

    def lives(self, morning: datetime) -> None:
        """One day: people ask in the morning, the house looks in the evening, if anybody does."""
        self.comes_to(morning)
        for _one in range(self.chance.choice(ASKERS_A_DAY)):
            self.somebody_asks()
        self.askers_read()
        self.comes_to(morning + timedelta(hours=9))
        if self.chance.random() < AWAKE:
            self.volunteers_look(self.chance.choice(self.house.volunteers))

    def ends(self) -> None:
        """Nobody asks any more; the house answers what still waits."""
        for day in range(1, 4):
            self.comes_to(self.clock.now + timedelta(days=day))
            for email in self.house.volunteers[:2]:
                self.volunteers_look(email)
            self.askers_read()

    def askers_read(self) -> None:
        """Those who ask open their letters; now and then one no longer needs the room."""
        for email in self.house.groups:
            for letter in self.letters(email):
                self._answers(email, letter)

    def _answers(self, email: str, letter: Any) -> None:
        code = next((one.split("/")[-1] for one in LINK.findall(text_of(letter)) if one.startswith("/aanvragen/")), "")
        if not code:
            return
        asker = self.visitor(email)
        page = asker.opens("requests.show", code=code)
        if page.has_form("talking.answer"):
            page.form("talking.answer").fills_in(antwoord="Met een man of twintig, tot tien uur.").sends()
            self.deeds["answers"] += 1
        elif self.chance.random() < 0.03 and page.addresses(f"/aanvragen/{code}/intrekken"):
            self.somebody_withdraws(code, email)

    # Those who ask.

    def somebody_asks(self) -> None:
        chance = self.chance
        email, room = chance.choice(self.house.groups), chance.choice(self.house.rooms)
        slot = self._free_moment(room)
        if slot is None:
            return
        asker = self.visitor(email)
        form = asker.opens("asking.new", zaal=f"open-huis-drongen/{room.slug}").form("asking.new")
        form.fills_in(
            dag=slot.day.isoformat(),
            van=f"{slot.starts:%H:%M}",
            tot=f"{slot.ends:%H:%M}",
            activiteit=chance.choice(["Vergadering", "Repetitie", "Kaartnamiddag", "Soep voor de buurt"]),
            openbaar=chance.choice(["ja", "nee"]),
            personen=str(chance.randint(5, 20)),
            akkoord=True,
        ).sends()
        self.deeds["asked"] += 1

    def _free_moment(self, room: Any) -> Slot | None:
        chance = self.chance
        for _try in range(20):
            day = to_local(self.clock.now).date() + timedelta(days=chance.randint(29, 150))
            starts, ends = chance.choice(HOURS)
            slot = Slot.on(day, time(starts), time(ends))
            if is_free(room, slot):
                return slot
        return None

    def somebody_withdraws(self, code: str, email: str) -> None:
        asker = self.visitor(email)
        asker.opens("requests.show", code=code)
        asker.opens("requests.withdraw", code=code).form("requests.withdraw").sends()
        self.deeds["withdrawn"] += 1

    # Those who decide.

    def volunteers_look(self, email: str) -> None:
        """One of the five opens the inbox and answers what waits."""
        volunteer = self.visitor(email)
        page = volunteer.opens("desk.inbox")
        for address in dict.fromkeys(page.addresses("/balie/aanvragen/")):
            code = address.rpartition("/")[2]
            self._decides(volunteer, code)

    def _decides(self, volunteer: Visitor, code: str) -> None:
        chance = self.chance
        page = volunteer.opens("desk.show", code=code)
        if not page.has_form("desk.decide"):
            self.deeds["not theirs"] += 1
            return
        form = page.form("desk.decide")
        if "approve" not in form.offered["besluit"]:
            return
        if chance.random() < 0.1 and page.has_form("talking.ask"):
            page.form("talking.ask").fills_in(vraag="Met hoeveel komen jullie, en tot hoe laat?").sends()
            self.deeds["questions"] += 1
            return
        if chance.random() < 0.8:
            form.fills_in(besluit="approve", reden="Veel plezier!").sends()
            self.deeds["yes"] += 1
        else:
            form.fills_in(besluit="refuse", waarom="zelf-nodig").sends()
            self.deeds["no"] += 1
        if chance.random() < 0.05:
            volunteer.opens("desk.show", code=code).form("desk.undo").sends()
            self.deeds["undone"] += 1


def build_house() -> House:
    """The Open Huis with a hall and a small room, its five volunteers, groups that ask, and the city desk."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen", email="huis@drongen.example")
    rules = {RuleName.OPEN_REQUESTS: WITHOUT_END}
    rooms = tuple(
        make_room(slug, venue=venue, capacity=capacity, rules=rules)
        for slug, capacity in (("zaal", 70), ("lokaal", 20))
    )
    members = [make_account(f"{name}@drongen.example", name.capitalize()) for name in VOLUNTEERS]
    make_desk("drongen", name="Vrijwilligers Drongen", venue=venue, members=members, email=MAILBOX)
    make_city_desk([make_account(f"{name}@stad.example", name.capitalize()) for name in CITY])
    askers = [make_account(f"groep{number}@post.example", f"Groep {number}") for number in range(GROUPS)]
    for number, account in enumerate(askers):
        make_association(f"Vereniging {number}", members=[account], kind=RequesterKind.ASSOCIATION)
    # One group is led by a volunteer of the house: who may then not decide about it.
    make_association("De Kaarters", members=[members[0]], kind=RequesterKind.RESIDENTS)
    groups = tuple(account.email for account in (*askers, members[0]))
    return House(tuple(account.email for account in members), groups, rooms)


def is_free(room: Any, slot: Slot) -> bool:
    """Does nothing stand in this room then? The year asks what can be had."""
    spaces = select(RoomSpace.space_id).where(RoomSpace.room_id == room.id)
    taken = select(Occupancy.id).where(
        Occupancy.space_id.in_(spaces), Occupancy.from_epoch < slot.to_epoch, Occupancy.to_epoch > slot.from_epoch
    )
    db.session.close()
    return db.session.scalars(taken).first() is None
