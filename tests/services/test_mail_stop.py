"""A mail server that refuses us stops all workers until it is asked again: by itself after a while, or by a person."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from tests.builders import NOW
from tests.race import together
from zalenzoeker.domain.letters import LetterKind, NoServer
from zalenzoeker.domain.posting import MailStopped
from zalenzoeker.services import delivery
from zalenzoeker.storage import mail_stop, outbox
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)
REFUSED = "535 5.7.8 wrong password"


def put(count: int = 3) -> None:
    with write_unit():
        for number in range(count):
            email = f"lezer{number}@post.example"
            outbox.put(LetterKind.INVITATION, [email], event_key=email, facts={"token": "t"}, now=NOW)


def raise_(error: Exception):
    raise error


def stop(now=NOW) -> None:
    """A letter is refused at the login."""
    with pytest.raises(MailStopped):
        delivery.deliver_waiting(send=lambda _parcel: raise_(MailStopped(REFUSED)), now=lambda: now, chance=Random(1))


class Server:
    """Counts how often it is asked; ``error`` is what it says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked = 0
        self.error = error

    def ask(self) -> None:
        self.asked += 1
        if self.error:
            raise self.error


def may_deliver(server: Server, now) -> bool:
    db.session.close()
    try:
        return delivery.may_deliver(ask=server.ask, now=now)
    except (MailStopped, NoServer):
        return False


def standing() -> tuple[str, timedelta, int, timedelta] | None:
    """Why, since how long after NOW, how often tried again, and when the next time."""
    db.session.close()
    found = mail_stop.standing()
    return found and (found.reason, found.since - NOW, found.tries, found.next_try_at - NOW)


def test_letters_leave_while_nothing_stops_them_and_the_server_is_not_asked(app):
    server = Server()
    assert (may_deliver(server, NOW), server.asked, standing()) == (True, 0, None)


def test_refusal_is_kept_with_its_reason(app):
    put()
    stop()
    assert standing() == (REFUSED, timedelta(0), 0, 5 * MINUTE)


def test_stopped_queue_asks_the_server_ever_less_often_and_no_letter_loses_a_try(app):
    put()
    stop()
    server, asked_at = Server(MailStopped("535 still wrong")), []
    for minutes in range(140):
        before = server.asked
        assert not may_deliver(server, NOW + minutes * MINUTE)
        asked_at += [minutes] * (server.asked - before)
    assert asked_at == [5, 15, 35, 75, 135]
    assert standing() == ("535 still wrong", timedelta(0), 5, 195 * MINUTE)
    assert set(db.session.scalars(select(Letter.tries))) == {0}


def test_server_that_takes_us_again_ends_the_stop(app):
    put()
    stop()
    server = Server()
    assert [may_deliver(server, NOW + minutes * MINUTE) for minutes in (4, 5, 6)] == [False, True, True]
    assert (server.asked, standing()) == (1, None)


def test_person_who_mended_it_need_not_wait(app):
    put()
    stop()
    delivery.try_again(NOW + MINUTE)
    server = Server()
    assert (may_deliver(server, NOW + MINUTE), server.asked, standing()) == (True, 1, None)


def test_person_tries_again_where_nothing_is_stopped_or_twice_and_nothing_happens(app):
    delivery.try_again(NOW)
    assert standing() is None
    stop_with_letters()
    delivery.try_again(NOW + MINUTE)
    delivery.try_again(NOW + 2 * MINUTE)
    assert standing() == (REFUSED, timedelta(0), 0, MINUTE)


def stop_with_letters() -> None:
    put()
    stop()


def test_server_that_is_away_when_it_is_asked_again_leaves_the_stop_standing(app):
    put()
    stop()
    assert not may_deliver(Server(NoServer("connection refused")), NOW + 5 * MINUTE)
    assert standing() == (REFUSED, timedelta(0), 1, 15 * MINUTE)


def test_of_workers_side_by_side_one_asks_the_server(app):
    put()
    stop()
    server = Server(MailStopped(REFUSED))
    together(app, *[lambda: may_deliver(server, NOW + 5 * MINUTE)] * 4)
    assert server.asked == 1


def test_refusal_of_a_second_worker_keeps_since_when_it_lasts(app):
    put()
    stop()
    stop(NOW + 2 * MINUTE)
    assert standing() == (REFUSED, timedelta(0), 0, 5 * MINUTE)
    assert db.session.scalar(select(func.count()).where(Letter.state == LetterState.WAITING)) == 3
