"""A year of an Open Huis: five volunteers with one mailbox, the groups that ask them, and the city desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.builders import make_account, make_association, make_city_desk, make_desk, make_room, make_venue
from tests.torture.stage import WITHOUT_END
from tests.torture.year_askers import Askers
from tests.torture.year_deciders import DESK, MAILBOX, Deciders
from tests.torture.year_site import YearSite
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import to_local

VOLUNTEERS = ("marcel", "mia", "fatima", "jos", "greet")
CITY = ("sofie", "stan")
GROUPS = 12
CARD_PLAYERS = "De Kaarters"
# How many ask on a day, one of these; and on how many days one of the five opens the mailbox, and the inbox.
ASKERS_A_DAY = (0, 0, 1, 1, 1, 2)
OPENS_MAILBOX, OPENS_INBOX, OPENS_OWN_LETTERS = 0.6, 0.25, 0.3
# What returns every four weeks, and on which of their days.
ROUND_OF_DAYS = 28
KAARTERS_ASK, WEEKS_ARE_ASKED, IS_TYPED_IN = 1, 2, 3
IS_WAITED_FOR = (5, 6, 23)
LETTERS_ARE_PRINTED = 25
EVENING = timedelta(hours=9)
WORKING_DAYS_OF_THE_CITY = range(5)


@dataclass(frozen=True)
class Days:
    """Which days of the year are not like others, counted from its first one.

    ``asleep``: nobody of the house looks, and nobody said so. ``away``: the holiday, which is entered beforehand.
    """

    count: int
    asleep: range
    away: range
    entered_on: int


WHOLE_YEAR = Days(365, asleep=range(80, 94), away=range(224, 259), entered_on=200)
A_TENTH = Days(37, asleep=range(7, 21), away=range(28, 35), entered_on=22)


@dataclass
class Year:
    """What happens on each day of it."""

    site: YearSite
    askers: Askers
    deciders: Deciders
    days: Days
    begins: datetime

    def passes(self) -> None:
        self.deciders.take_turns(self.deciders.volunteers[1])
        for number in range(self.days.count):
            self._morning(number)
            self._evening(number)
        self._ends()

    def _morning(self, number: int) -> None:
        """People ask, and read what came."""
        self.site.comes_to(self.begins + timedelta(days=number, hours=1))
        day = number % ROUND_OF_DAYS
        for _one in range(self.site.chance.choice(ASKERS_A_DAY)):
            self.askers.somebody_asks()
        if day == KAARTERS_ASK:
            # Marcel asks for the group that he plays cards with.
            self.askers.asks(self.deciders.volunteers[0])
        elif day == WEEKS_ARE_ASKED:
            self.askers.asks_for_weeks(self.askers.groups[0])
        elif day in IS_WAITED_FOR:
            self.askers.somebody_waits()
        self.askers.read()

    def _evening(self, number: int) -> None:
        """The house looks, if anybody does; the city desk reads its letters on working days."""
        site, deciders, day = self.site, self.deciders, number % ROUND_OF_DAYS
        site.comes_to(site.clock.now + EVENING)
        if site.clock.now.weekday() in WORKING_DAYS_OF_THE_CITY:
            for email in deciders.city:
                deciders.read_own_letters(email)
        if number in self.days.asleep or number in self.days.away:
            return
        if number == self.days.entered_on:
            first, last = (to_local(self.begins).date() + timedelta(days=one) for one in self._away())
            deciders.go_away(deciders.volunteers[2], first, last)
        if day == KAARTERS_ASK:
            # Marcel finds his own request among the letters.
            deciders.read_the_mailbox(deciders.volunteers[0])
        if day == IS_TYPED_IN:
            deciders.type_in(site.chance.choice(deciders.volunteers))
        if day == LETTERS_ARE_PRINTED:
            deciders.hand_over_letters(deciders.volunteers[3])
        for share, look in (
            (OPENS_OWN_LETTERS, deciders.read_own_letters),
            (OPENS_MAILBOX, deciders.read_the_mailbox),
            (OPENS_INBOX, deciders.look_at_the_inbox),
        ):
            if site.chance.random() < share:
                look(site.chance.choice(deciders.volunteers))

    def _away(self) -> tuple[int, int]:
        return self.days.away[0], self.days.away[-1]

    def _ends(self) -> None:
        """Nobody asks any more; the house answers what still waits, and gets an answer to what it proposed."""
        for _day in range(8):
            self.site.comes_to(self.site.clock.now + timedelta(days=1))
            self.askers.read()
            for email in self.deciders.volunteers[:2]:
                self.deciders.answer_plainly(email)
        self.deciders.hand_over_letters(self.deciders.volunteers[3])
        self.site.comes_to(self.site.clock.now + timedelta(days=1, hours=1))


def build_house() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[Any, ...]]:
    """The Open Huis with a hall and a small room; returns its five volunteers, groups, the city desk, the rooms."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen", email="huis@drongen.example")
    rules = {RuleName.OPEN_REQUESTS: WITHOUT_END}
    rooms = tuple(
        make_room(slug, venue=venue, capacity=capacity, rules=rules)
        for slug, capacity in (("zaal", 70), ("lokaal", 20))
    )
    members = [make_account(f"{name}@drongen.example", name.capitalize()) for name in VOLUNTEERS]
    make_desk(DESK, name="Vrijwilligers Drongen", venue=venue, members=members, email=MAILBOX)
    city = make_city_desk([make_account(f"{name}@stad.example", name.capitalize()) for name in CITY])
    askers = [make_account(f"groep{number}@post.example", f"Groep {number}") for number in range(GROUPS)]
    for number, account in enumerate(askers):
        make_association(f"Vereniging {number}", members=[account], kind=RequesterKind.ASSOCIATION)
    # One group is led by a volunteer of the house: who may then not decide about it.
    make_association(CARD_PLAYERS, members=[members[0]], kind=RequesterKind.RESIDENTS)
    groups = tuple(account.email for account in (*askers, members[0]))
    return tuple(one.email for one in members), groups, tuple(one.email for one in city.members), rooms
