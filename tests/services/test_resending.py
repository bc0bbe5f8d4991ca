"""Letters that did not arrive: sent again under the same identity, once, by the city desk alone."""

from datetime import timedelta
from random import Random

import pytest

from tests.builders import NOW, actor_of, make_account, make_city_desk, make_request
from tests.race import together
from zalenzoeker.domain.incoming import IncomingMail, Nature
from zalenzoeker.domain.letters import GIVE_UP_AFTER, SendLater, SendNever
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.services import accounts, delivery, incoming, resending
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

LATER = NOW + timedelta(days=4)
ASKER = "an@harmonie.example"


@pytest.fixture
def sofie(app):
    account = make_account("sofie@stad.example", "Sofie")
    make_city_desk([account])
    return actor_of(account)


def refuse(parcel):
    raise SendNever("550 no such user")


def deliver(send, now=NOW):
    return delivery.deliver_waiting(send=send, now=lambda: now, chance=Random(1))


def letter():
    db.session.close()
    return next(one for one in letters.newest() if one.recipient == ASKER)


@pytest.fixture
def dead(sofie, room, desk):
    make_request(room=room)
    deliver(refuse)
    return letter()


def test_letter_goes_again_as_it_was_under_the_same_message_id(dead, sofie):
    posted = []
    assert (dead.state, letters.lost_count()) == (LetterState.DEAD, 2)
    assert resending.again(dead.code, by=sofie, now=LATER) is True
    deliver(posted.append, LATER)
    (parcel,) = posted
    assert (parcel.code, parcel.recipient, parcel.kind) == (dead.code, ASKER, dead.kind)
    again = letters.with_request(dead.code)
    assert (again.state, again.again_at, again.again_by.name) == (LetterState.SENT, LATER, "Sofie")
    assert [one.code for one in letters.sent_again()] == [dead.code]


def test_letter_that_goes_again_is_tried_for_as_long_as_any_other(dead, sofie):
    def busy(parcel):
        raise SendLater("451 later")

    resending.again(dead.code, by=sofie, now=LATER)
    deliver(busy, LATER)
    assert letter().state is LetterState.WAITING
    deliver(busy, LATER + GIVE_UP_AFTER)
    assert letter().state is LetterState.DEAD


def test_second_press_and_two_at_once_send_it_once(app, dead, sofie):
    said = together(app, *[lambda: resending.again(dead.code, by=sofie, now=LATER)] * 2)
    assert sorted(said) == [False, True]
    assert resending.again(dead.code, by=sofie, now=LATER) is False


def test_letter_that_came_back_goes_again_and_can_come_back_again(sofie, room, desk):
    make_request(room=room)
    deliver(lambda parcel: None)
    for number in ("een", "twee"):
        bounce = IncomingMail(number, "", Nature.BOUNCE, letters=(letter().code,), why="user unknown")
        incoming.take_in([(number, bounce)], done=lambda _number: None, now=lambda: LATER)
        assert (letter().bounced_at, letters.lost_count()) == (LATER, 1)
        assert resending.again(letter().code, by=sofie, now=LATER) is True
        deliver(lambda parcel: None, LATER)
    assert (letter().state, letters.lost_count()) == (LetterState.SENT, 0)


def test_letter_that_arrived_is_not_sent_again(sofie, room, desk):
    make_request(room=room)
    deliver(lambda parcel: None)
    with pytest.raises(resending.UnknownLetter):
        resending.again(letter().code, by=sofie, now=LATER)


def test_letter_that_is_nothing_without_what_it_opened_is_not_sent_again(sofie):
    from_home = accounts.Visitor(address="192.0.2.1")
    accounts.send_code(ASKER, visitor=from_home, now=NOW)
    deliver(refuse)
    assert letter().state is LetterState.DEAD
    with pytest.raises(resending.UnknownLetter):
        resending.again(letter().code, by=sofie, now=LATER)


def test_nobody_but_the_city_desk_sends_again(dead, desk):
    with pytest.raises(NotAllowed):
        resending.again(dead.code, by=desk, now=LATER)
