"""The round that sends what waits: nothing is lost, a second copy only where nobody could know, the dead are seen."""

import socket
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests import decisions
from tests.builders import AT_HOME, NOW, make_an, make_decider, make_request, make_room
from tests.race import together
from tests.smtp import Fault
from zalenzoeker.config import MailSettings
from zalenzoeker.domain.letters import (
    GIVE_UP_AFTER,
    LEASE,
    SECRETS,
    SERVER_AWAY_PAUSE,
    LetterKind,
    NoServer,
    Parcel,
    SendLater,
    SendNever,
)
from zalenzoeker.domain.posting import BEGUN_WITHIN, MailStopped
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import mailer
from zalenzoeker.services import accounts, delivery, wishes
from zalenzoeker.storage import letters, outbox, self_check
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WAITING, SENDING, SENT, DEAD = LetterState.WAITING, LetterState.SENDING, LetterState.SENT, LetterState.DEAD


class Killed(BaseException):
    """The worker's process is gone: nothing after this is done."""


def put(*recipients: str, kind: LetterKind = LetterKind.SIGN_IN_CODE) -> None:
    with write_unit():
        for recipient in recipients:
            facts = {"code": "123456", "minutes": 10}
            outbox.put(kind, [recipient], event_key=recipient, facts=facts, now=NOW)


def deliver(send, now=NOW, **options) -> int:
    return delivery.deliver_waiting(send=send, now=lambda: now, chance=Random(1), **options)


def states() -> dict[str, tuple[LetterState, int]]:
    """Where each letter is, after how many tries."""
    db.session.close()
    return {one.recipient: (one.state, one.tries) for one in db.session.scalars(select(Letter).order_by(Letter.id))}


def next_try(recipient: str = "a@post.example") -> timedelta:
    """How long after NOW this letter is tried again."""
    db.session.close()
    return db.session.scalar(select(Letter.next_try_at).where(Letter.recipient == recipient)) - NOW


class Sender:
    """Keeps what it is given, and raises what it was told to, letter by letter."""

    def __init__(self, *errors: BaseException | None) -> None:
        self.sent: list[str] = []
        self.errors = list(errors)

    def __call__(self, parcel: Parcel) -> None:
        self.sent.append(parcel.recipient)
        if self.errors and (error := self.errors.pop(0)):
            raise error


def test_everything_that_is_due_is_sent_once_in_its_order(app):
    put("a@post.example", "b@post.example", "c@post.example")
    sender = Sender()
    assert (deliver(sender), deliver(sender)) == (3, 0)
    assert sender.sent == ["a@post.example", "b@post.example", "c@post.example"]
    assert set(states().values()) == {(SENT, 1)}


def test_nothing_waits_and_nothing_is_sent(app):
    assert deliver(Sender()) == 0


def test_round_sends_no_more_than_its_limit(app):
    put("a@post.example", "b@post.example", "c@post.example")
    assert [deliver(Sender(), limit=2), deliver(Sender(), limit=2)] == [2, 1]


def test_no_transaction_is_open_while_a_letter_is_sent(app):
    """Somebody else can write meanwhile: a slow mail server stops nobody."""
    put("a@post.example")

    def send(parcel: Parcel) -> None:
        outcomes = together(app, lambda: put("b@post.example"))
        assert outcomes == [None]

    assert deliver(send, limit=1) == 1
    assert states() == {"a@post.example": (SENT, 1), "b@post.example": (WAITING, 0)}


def test_letter_that_failed_is_tried_again_and_the_others_are_sent(app):
    put("a@post.example", "b@post.example")
    assert deliver(Sender(SendLater("451 try later"))) == 1
    assert states() == {"a@post.example": (WAITING, 1), "b@post.example": (SENT, 1)}
    assert timedelta(seconds=24) <= next_try() <= timedelta(seconds=36)
    assert deliver(Sender(), now=NOW + 23 * SECOND) == 0
    assert deliver(Sender(), now=NOW + 37 * SECOND) == 1
    assert states()["a@post.example"] == (SENT, 2)


def test_letter_to_a_dead_address_is_given_up_at_once_and_seen(app):
    put("dood@post.example", "b@post.example")
    assert deliver(Sender(SendNever("550 no such user"))) == 1
    letter = letters.newest()[-1]
    assert (letter.recipient, letter.state, letter.last_error) == ("dood@post.example", DEAD, "550 no such user")
    assert letters.count(DEAD) == 1


def test_code_that_comes_too_late_is_given_up_and_forgotten(app):
    put("a@post.example")
    deliver(Sender(SendLater("451")))
    deliver(Sender(SendLater("451")), now=NOW + timedelta(minutes=10))
    assert states()["a@post.example"] == (DEAD, 2)
    assert letters.newest()[0].facts == {"minutes": 10}


def test_letter_is_given_up_after_three_days(app):
    put("a@post.example", kind=LetterKind.INVITATION)
    later = [SendLater("451")] * 1000
    moment, tries = NOW, 0
    while states()["a@post.example"][0] is WAITING:
        moment = NOW + next_try()
        deliver(Sender(*later), now=moment)
        tries += 1
    assert states()["a@post.example"] == (DEAD, tries)
    assert GIVE_UP_AFTER <= moment - NOW < GIVE_UP_AFTER + 2 * HOUR
    assert tries > 60


def test_server_that_is_away_costs_no_letter_a_try_and_ends_the_round(app):
    put("a@post.example", "b@post.example")
    sender = Sender(NoServer("connection refused"))
    with pytest.raises(NoServer):
        deliver(sender)
    assert (sender.sent, states()) == (
        ["a@post.example"],
        {"a@post.example": (WAITING, 0), "b@post.example": (WAITING, 0)},
    )
    assert next_try() == SERVER_AWAY_PAUSE
    assert deliver(Sender(), now=NOW + SERVER_AWAY_PAUSE) == 2


def test_server_that_was_away_for_a_week_finds_every_letter(app):
    put("a@post.example", "b@post.example")
    for hours in range(0, 24 * 7, 12):
        with pytest.raises(NoServer):
            deliver(Sender(NoServer("away")), now=NOW + hours * HOUR)
    assert deliver(Sender(), now=NOW + 7 * 24 * HOUR) == 2


def test_worker_killed_before_sending_loses_nothing(app):
    put("a@post.example")
    with pytest.raises(Killed):
        deliver(Sender(Killed()))
    assert states() == {"a@post.example": (SENDING, 1)}
    assert deliver(Sender(), now=NOW + LEASE - SECOND) == 0
    assert deliver(Sender(), now=NOW + LEASE) == 1
    assert states() == {"a@post.example": (SENT, 2)}


def test_workers_side_by_side_send_each_letter_once(app):
    expected = [f"lezer{number:02}@post.example" for number in range(10)]
    put(*expected)
    senders = [Sender() for _ in range(3)]
    counts = together(app, *[lambda sender=sender: deliver(sender) for sender in senders])
    assert sum(counts) == len(expected)
    assert sorted(recipient for sender in senders for recipient in sender.sent) == expected


def test_code_is_forgotten_once_its_letter_left_and_kept_while_it_waits(app):
    put("a@post.example", "b@post.example")
    deliver(Sender(None, SendLater("451")))
    assert {one.recipient: one.facts for one in letters.newest()} == {
        "a@post.example": {"minutes": 10},
        "b@post.example": {"code": "123456", "minutes": 10},
    }


@pytest.mark.parametrize("kind,secret", SECRETS.items())
def test_secret_leaves_with_its_letter_and_stays_readable_in_the_letter_box_of_the_demonstration(app, kind, secret):
    found = []
    for keeps_secrets in (False, True):
        with write_unit():
            facts = {secret: "opens a door", "activity": "Repetitie"}
            outbox.put(kind, ["a@post.example"], event_key=str(keeps_secrets), facts=facts, now=NOW)
        assert deliver(mailer.keep, keeps_secrets=keeps_secrets) == 1
        found.append((letters.newest()[0].state, letters.newest()[0].facts.get(secret, "")))
    assert found == [(SENT, ""), (SENT, "opens a door")]


def test_links_of_the_waiting_list_stay_in_the_letter_box_of_the_demonstration(app):
    make_request(Status.OFFERED, room=make_room())
    deliver(mailer.keep, keeps_secrets=True)
    tokens = {one.kind: one.facts["token"] for one in letters.newest() if "token" in one.facts}
    assert set(tokens) == {LetterKind.WAITING_JOINED, LetterKind.PLACE_OFFERED}
    for letter in letters.newest():
        if letter.kind in tokens:
            text = mailer.compose(letter.parcel, **HOUSE).get_body(("plain",)).get_content()
            assert f"http://127.0.0.1:8000/wachtlijst/{tokens[letter.kind]}\n" in text


def test_deed_that_was_refused_leaves_no_letter(app):
    room = make_room()
    desk = make_decider(room)
    request = make_request(room=room)
    before = states()
    with pytest.raises(decisions.ReasonNeeded):
        decisions.refuse(request.code, by=desk, now=NOW, version=2, note="")
    assert states() == before


def test_request_that_lost_the_race_leaves_no_letter(app):
    room = make_room()
    make_request(Status.APPROVED, room=room)
    before = states()
    with pytest.raises(wishes.Refused):
        make_request(room=room, contact_email="bert@post.example")
    assert (states(), self_check.overlaps()) == (before, 0)


# With the real mail server and the real gateway from here on.

HOUSE = {"sender": "zalen@stad.example", "sender_name": "Zalenzoeker", "public_url": "http://127.0.0.1:8000"}


@pytest.fixture
def house(make_app, smtp):
    app = make_app(mail=MailSettings("127.0.0.1", smtp.port, HOUSE["sender"]))
    app.config["MAIL_TIMEOUT_SECONDS"] = 0.5
    with app.app_context():
        yield app
        db.session.remove()


@contextmanager
def line():
    """What the worker sends with, for one round."""
    with mailer.sender_of(**HOUSE) as send:
        yield send


def deliver_by_mail(now=NOW) -> int:
    with line() as send:
        return deliver(send, now=now)


def ids(smtp) -> list[str]:
    return [str(message["Message-ID"]) for message in smtp.messages]


def try_until_all_is_decided(smtp, first=NOW, rounds: int = 40) -> None:
    """Rounds of the worker, a minute apart, until no letter waits."""
    for number in range(rounds):
        try:
            deliver_by_mail(first + number * MINUTE)
        except (MailStopped, NoServer):
            continue
        if not {WAITING, SENDING} & {state for state, _ in states().values()}:
            return


def test_request_and_its_answer_arrive(house, smtp):
    an, room = make_an(), make_room()
    make_decider(room)
    make_request(Status.APPROVED, room=room, by=an)
    accounts.send_code("an@harmonie.example", visitor=AT_HOME, now=NOW)
    assert deliver_by_mail() == 4
    assert smtp.recipients() == [
        "an@harmonie.example",
        "fatima@amandsberg.example",
        "an@harmonie.example",
        "an@harmonie.example",
    ]
    assert len(set(ids(smtp))) == 4


@pytest.mark.parametrize(
    "faults,copies",
    [
        ([], 1),
        ([Fault.BUSY, Fault.BUSY], 1),
        ([Fault.GREYLISTED], 1),
        ([Fault.LATER, Fault.LATER, Fault.LATER], 1),
        ([Fault.HANG], 1),
        ([Fault.DROP_BEFORE], 1),
        ([Fault.DROP_AFTER], 2),
        ([Fault.DROP_AFTER, Fault.DROP_AFTER], 3),
        ([Fault.DROP_AT_QUIT], 1),
        ([Fault.SENDER_REFUSED], 1),
        ([Fault.LATER, Fault.DROP_BEFORE, Fault.BUSY, Fault.DROP_AFTER], 2),
    ],
    ids=lambda value: "+".join(fault.name.lower() for fault in value) or "nothing" if isinstance(value, list) else "",
)
def test_nothing_is_lost_and_a_second_copy_is_known_by_its_message_id(house, smtp, faults, copies):
    put("an@post.example")
    smtp.faults.extend(faults)
    try_until_all_is_decided(smtp)
    assert states()["an@post.example"][0] is SENT
    assert (len(smtp.messages), len(set(ids(smtp)))) == (copies, 1)


def test_fault_of_one_letter_does_not_stop_the_others(house, smtp):
    people = [f"lezer{number}@post.example" for number in range(8)]
    put(*people)
    smtp.faults.extend([Fault.LATER, Fault.NOTHING, Fault.DROP_BEFORE, Fault.NOTHING, Fault.GREYLISTED])
    smtp.dead.add("lezer3@post.example")
    assert deliver_by_mail() == 4
    try_until_all_is_decided(smtp, first=NOW + MINUTE)
    assert {person for person, (state, _) in states().items() if state is DEAD} == {"lezer3@post.example"}
    assert sorted(smtp.recipients()) == [person for person in people if person != "lezer3@post.example"]


def test_letter_refused_for_ever_is_given_up(house, smtp):
    put("an@post.example")
    smtp.faults.append(Fault.NEVER)
    assert deliver_by_mail() == 0
    assert (states(), letters.newest()[0].last_error) == (
        {"an@post.example": (DEAD, 1)},
        "554 5.6.0 we do not like this letter",
    )


def test_worker_killed_between_sending_and_marking_sends_a_copy_with_the_same_message_id(house, smtp):
    put("an@post.example", "bert@post.example")

    def send_and_die(parcel: Parcel) -> None:
        with line() as send:
            send(parcel)
        raise Killed

    with pytest.raises(Killed):
        deliver(send_and_die)
    assert states() == {"an@post.example": (SENDING, 1), "bert@post.example": (WAITING, 0)}
    assert deliver_by_mail(NOW + LEASE) == 2
    assert states() == {"an@post.example": (SENT, 2), "bert@post.example": (SENT, 1)}
    assert sorted(smtp.recipients()) == ["an@post.example", "an@post.example", "bert@post.example"]
    assert len(set(ids(smtp))) == 2


def test_server_that_says_nothing_stops_the_round_and_not_the_house(make_app):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(mail=MailSettings("127.0.0.1", silent.getsockname()[1], HOUSE["sender"]))
        app.config["MAIL_TIMEOUT_SECONDS"] = 0.3
        with app.app_context():
            put("an@post.example", "bert@post.example")
            with pytest.raises(NoServer):
                deliver_by_mail()
            assert set(states().values()) == {(WAITING, 0)}
            db.session.remove()


def test_letter_that_cannot_be_written_is_given_up_and_the_next_is_sent(house, smtp):
    with write_unit():
        outbox.put(LetterKind.REQUEST_APPROVED, ["an@post.example"], event_key="broken", facts={}, now=NOW)
    put("bert@post.example")
    assert deliver_by_mail() == 1
    assert states() == {"an@post.example": (DEAD, 1), "bert@post.example": (SENT, 1)}
    assert letters.newest()[-1].last_error.startswith("cannot be written: ")


# How a round ends.


def test_round_of_a_slow_server_ends_in_time_and_what_was_not_begun_waits_untouched(app):
    people = [f"lezer{number}@post.example" for number in range(6)]
    put(*people)
    moment = [NOW]

    def slow(_parcel: Parcel) -> None:
        moment[0] += BEGUN_WITHIN / 2

    assert delivery.deliver_waiting(send=slow, now=lambda: moment[0], chance=Random(1)) == 2
    assert states() == {person: (SENT, 1) if person in people[:2] else (WAITING, 0) for person in people}


def test_worker_that_slept_past_its_lease_sends_nothing_of_what_it_had(app):
    put("an@post.example", "bert@post.example")
    moment, sender = [NOW], Sender()

    def sleepy(parcel: Parcel) -> None:
        sender(parcel)
        moment[0] += LEASE + MINUTE
        assert deliver(sender, now=moment[0]) == 2

    assert delivery.deliver_waiting(send=sleepy, now=lambda: moment[0], chance=Random(1)) == 1
    # The one it was sending then went twice, as nobody could know; the other one once.
    assert sender.sent == ["an@post.example", "an@post.example", "bert@post.example"]
    assert {state for state, _tries in states().values()} == {SENT}


def test_worker_that_must_stop_finishes_the_letter_in_hand_and_gives_back_the_others(app):
    people = [f"lezer{number}@post.example" for number in range(5)]
    put(*people)
    sender = Sender()
    assert deliver(sender, is_stopping=lambda: len(sender.sent) == 2) == 2
    assert sender.sent == people[:2]
    assert states() == {person: (SENT, 1) if person in people[:2] else (WAITING, 0) for person in people}


@pytest.mark.parametrize("pace, seen", [(timedelta(0), [0] * 20 + [20] * 2), (SECOND / 4, list(range(22)))])
def test_letters_are_marked_twenty_at_once_when_they_go_quickly_and_one_by_one_when_not(app, pace, seen):
    put(*[f"lezer{number}@post.example" for number in range(22)])
    moment, marked = [NOW], []

    def send(_parcel: Parcel) -> None:
        marked.append([state for state, _tries in states().values()].count(SENT))
        moment[0] += pace

    assert delivery.deliver_waiting(send=send, now=lambda: moment[0], chance=Random(1)) == 22
    assert marked == seen
    assert set(states().values()) == {(SENT, 1)}


def test_server_that_refuses_us_costs_no_letter_a_try(app):
    put("a@post.example", "b@post.example")
    with pytest.raises(MailStopped):
        deliver(Sender(MailStopped("535 wrong password")))
    assert states() == {"a@post.example": (WAITING, 0), "b@post.example": (WAITING, 0)}
