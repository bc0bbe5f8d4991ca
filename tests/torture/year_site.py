"""The site of the year as everybody has it: its clock, its worker, the post, and the browsers of people."""

import re
import time as real_time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.browser import Page
from tests.conftest import Clock
from tests.smtp import Postbox
from tests.torture.visitor import Visitor
from zalenzoeker.domain.slots import Slot
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Occupancy, Room, RoomSpace
from zalenzoeker.storage.models.letters import LetterState

PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.01
ON_ITS_WAY = (LetterState.WAITING, LetterState.SENDING)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(/[^\s>]*)")


def text_of(letter: Any) -> str:
    """What somebody reads of a letter."""
    return str(letter.get_body(("plain",)).get_content())


def address_in(letter: Any, start: str) -> str:
    """The first address in a letter that begins like this, or nothing."""
    return next((one for one in ADDRESS.findall(text_of(letter)) if one.startswith(start)), "")


def code_in(letter: Any) -> str:
    """The request that a letter is about."""
    found = address_in(letter, "/balie/aanvragen/") or address_in(letter, "/aanvragen/")
    return found.rpartition("/")[2]


@contextmanager
def looking() -> Iterator[Session]:
    """Look at what is stored, as it is now, and keep nobody from writing."""
    db.session.close()
    yield db.session()
    db.session.close()


@dataclass
class YearSite:
    """``deeds``: what people did, and how often. ``seen``: where the worker writes down what it has looked at."""

    app: Any
    port: int
    clock: Clock
    postbox: Postbox
    seen: Path
    chance: Random
    deeds: Counter[str] = field(default_factory=Counter)
    _people: dict[str, Visitor] = field(default_factory=dict)
    _read: Counter[tuple[str, str]] = field(default_factory=Counter)

    # The clock and the post.

    def comes_to(self, moment: datetime) -> None:
        """It is this moment, the worker has been round since, and every letter has left."""
        self.clock.stands_at(moment)
        self.settles()

    def settles(self) -> None:
        """The worker has looked at the present moment, and no letter waits for it any more."""
        until = real_time.monotonic() + PATIENCE_SECONDS
        while not self._is_seen() or self._waiting_letters():
            assert real_time.monotonic() < until, f"the worker did not finish with {self.clock.now}"
            real_time.sleep(LOOK_EVERY_SECONDS)

    def _is_seen(self) -> bool:
        return self.seen.exists() and datetime.fromisoformat(self.seen.read_text("utf-8")) >= self.clock.now

    @staticmethod
    def _waiting_letters() -> int:
        with looking() as session:
            return session.scalar(select(func.count(Letter.id)).where(Letter.state.in_(ON_ITS_WAY))) or 0

    def letters(self, email: str, *, reader: str = "") -> list[Any]:
        """The letters in this box that were not read yet; of a box with two readers each reads for themselves."""
        box = [one for one in self.postbox.messages if str(one["To"]) == email]
        new = box[self._read[email, reader] :]
        self._read[email, reader] = len(box)
        return new

    def newest_subject(self, email: str) -> str:
        return str(next(one for one in reversed(self.postbox.messages) if str(one["To"]) == email)["Subject"])

    # The people.

    def visitor(self, email: str) -> Visitor:
        """Their browser; whoever was not here for long signs in with a code by mail."""
        person = self.phone(email)
        if person.asks(person.address_of("accounts.mine")).status_code != 200:
            person.opens("accounts.mine").form("accounts.sign_in").fills_in(email=email).sends()
            self.settles()
            code = self.newest_subject(email).split(maxsplit=1)[0]
            person.page.form("accounts.code").fills_in(code=code).sends()
            self.did("signed in")
        return person

    def phone(self, name: str) -> Visitor:
        """A browser of its own, in which somebody may have signed in or not."""
        return self._people.setdefault(name, Visitor(self.app, self.port))

    @staticmethod
    def follows(browser: Visitor, address: str, *, may_be: tuple[int, ...] = (200,)) -> Page:
        """Open an address of a letter, after the program that looks through mail did so."""
        status = browser.asks(address).status_code
        assert status in may_be, f"{address} answered {status}"
        return browser.visits(address, status=status)

    def did(self, deed: str) -> None:
        self.deeds[deed] += 1

    def happens(self, deed: str, share: float) -> bool:
        """Does this happen now? At the first opportunity, and after that so often."""
        return not self.deeds[deed] or self.chance.random() < share

    def is_free(self, room: Room, slot: Slot) -> bool:
        """Does nothing stand in this room then?"""
        spaces = select(RoomSpace.space_id).where(RoomSpace.room_id == room.id)
        taken = select(Occupancy.id).where(
            Occupancy.space_id.in_(spaces), Occupancy.from_epoch < slot.to_epoch, Occupancy.to_epoch > slot.from_epoch
        )
        with looking() as session:
            return session.scalars(taken).first() is None
