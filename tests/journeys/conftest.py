"""The people of the stories, at their browsers, and the letters they find in their boxes."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from random import Random
from typing import Any

import pytest

from tests.browser import Browser
from tests.builders import make_account, make_association, make_city_desk, make_desk, make_room, make_venue
from zalenzoeker import clock as system_clock
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.gateways import mailer
from zalenzoeker.services import decisions, delivery
from zalenzoeker.storage import accounts

PLACE = "open-huis-drongen/zaal-open-huis"
USUAL = {
    "dag": "2027-01-16",
    "van": "14:00",
    "tot": "18:00",
    "activiteit": "Algemene vergadering",
    "openbaar": "nee",
    "personen": "45",
    "akkoord": True,
}


@dataclass
class Post:
    """The postman: brings every letter that waits, as e-mail, to the box it is addressed to."""

    app: Any
    clock: Any
    boxes: dict = field(default_factory=dict)

    def goes_round(self):
        def bring(parcel):
            settings = {
                "sender": "zalen@zalen.example",
                "sender_name": "Zalenzoeker",
                "public_url": "http://127.0.0.1:8000",
            }
            message = message_from_bytes(mailer.compose(parcel, **settings).as_bytes(), policy=policy.default)
            self.boxes.setdefault(parcel.recipient, []).append(message)

        return delivery.deliver_waiting(send=bring, now=system_clock.now, chance=Random(1))

    def newest(self, email):
        self.goes_round()
        return self.boxes[email][-1]

    def subjects(self, email):
        self.goes_round()
        return [str(one["Subject"]) for one in self.boxes.get(email, [])]


class Person(Browser):
    """Somebody in a story."""

    def __init__(self, app, post, email, account=None):
        super().__init__(app, account)
        self.post = post
        self.email = email

    def asks_for_the_hall(self, *, status=200, **changes):
        form = self.opens("asking.new", zaal=PLACE).form("asking.new")
        wanted = {**USUAL, **changes}
        return form.fills_in(**wanted).sends(status=status)

    def reads(self):
        """Return the text of the newest letter in the box."""
        return self.post.newest(self.email).get_body(("plain",)).get_content()

    def fills_in_the_code(self):
        code = str(self.post.newest(self.email)["Subject"]).split()[0]
        return self.page.form("accounts.code").fills_in(code=code).sends()

    def follows_the_letter(self, start):
        """Open the address in the newest letter that begins like this."""
        lines = self.reads().split()
        path = next(word for word in lines if word.startswith(f"http://127.0.0.1:8000{start}"))
        return self.visits(path.removeprefix("http://127.0.0.1:8000"))

    def decides(self, decision, **more):
        """Decide, and let the ten minutes pass in which it could be undone."""
        code = self.page.path.rpartition("/")[2]
        page = self.page.form("desk.decide", code=code).fills_in(besluit=decision, **more).sends()
        self.post.clock.passes(UNDO_WITHIN)
        decisions.carry_out(code, system_clock.now())
        return page


@pytest.fixture
def post(app, clock):
    return Post(app, clock)


@pytest.fixture
def drongen(app):
    """The hall of the Open Huis of Drongen, whose volunteers decide."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen", email="huis@drongen.example")
    room = make_room("zaal-open-huis", venue=venue, name="Zaal Open Huis", capacity=70)
    make_desk("drongen", name="Open Huis Drongen", venue=venue, members=[
        make_account("marcel@drongen.example", "Marcel De Smet"), make_account("mia@drongen.example", "Mia Van Hecke"),
    ])  # fmt: skip
    make_city_desk([make_account("sofie@stad.example", "Sofie Maes")])
    return room


@pytest.fixture
def an(app, post):
    """An Peeters of the brass band, signed in."""
    account = make_account("an@harmonie.example", "An Peeters")
    make_association("Harmonie De Eendracht", members=[account])
    return Person(app, post, account.email, account)


def _signed_in(app, post, email):
    return Person(app, post, email, accounts.by_email(email))


@pytest.fixture
def marcel(app, post, drongen):
    return _signed_in(app, post, "marcel@drongen.example")


@pytest.fixture
def mia(app, post, drongen):
    return _signed_in(app, post, "mia@drongen.example")


@pytest.fixture
def somebody(app, post):
    """Make somebody nobody knows yet, with a letter box."""
    return lambda email: Person(app, post, email)
