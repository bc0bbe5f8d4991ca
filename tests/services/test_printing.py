"""Letters on paper: never sent, printed by the right desk, handed over once."""

from datetime import timedelta
from random import Random

import pytest

from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_city_desk,
    make_desk,
    make_entered,
    make_request,
    make_venue,
    read,
)
from tests.race import together
from zalenzoeker.domain.permissions import ANYONE
from zalenzoeker.services import delivery, handing
from zalenzoeker.services import printing as service
from zalenzoeker.storage import letters, printing
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def request_(room, desk):
    return make_entered(room, by=desk)


@pytest.fixture
def letter(request_):
    return printing.waiting((), is_city=True)[0].code


def waiting_at(who):
    return [one.request.reference for one in printing.waiting(who.desk_ids, is_city=who.is_city)]


def test_letter_on_paper_is_never_sent(room, desk, request_):
    sent = []
    delivery.deliver_waiting(send=lambda parcel: sent.append(parcel.recipient), now=lambda: LATER, chance=Random(1))
    assert sent == [desk.email]
    assert letters.count(LetterState.TO_PRINT) == 1
    assert delivery.deliver_waiting(send=sent.append, now=lambda: LATER + timedelta(days=9), chance=Random(1)) == 0


def test_letter_waits_at_the_desk_that_decides_and_at_the_one_that_typed_it_in(room, desk):
    els, rita = make_account("els@stad.example"), make_account("rita@malem.example")
    sofie = make_account("sofie@stad.example")
    make_city_desk([sofie])
    make_desk("onthaal", kind=DeskKind.RECEPTION, members=[els])
    make_desk("malem", venue=make_venue("malem"), members=[rita])
    reference = make_entered(room, by=actor_of(els)).reference
    make_request(room=room, slot=at("19:00", "21:00"))
    seen = [waiting_at(actor_of(one)) for one in (els, rita, sofie)] + [waiting_at(desk)]
    assert seen == [[reference], [], [reference], [reference]]
    assert [printing.count(desk.desk_ids, is_city=False), printing.count(set(), is_city=True)] == [1, 1]


def test_letter_goes_along_with_a_request_that_is_forwarded(room, desk, request_):
    colleague = make_account("ann@drongen.example")
    team = make_desk("team", members=[colleague])
    rita = make_account("rita@wijkwerk.example")
    make_desk("wijkwerk", members=[rita])
    del team
    city = make_account("sofie@stad.example")
    make_city_desk([city])
    handing.forward(request_.code, "wijkwerk", by=actor_of(city), now=NOW, note="Voor jullie.")
    assert waiting_at(actor_of(rita)) == [request_.reference] * 2
    # The desk that typed it in goes on printing for the asker who stood there.
    assert waiting_at(desk) == [request_.reference] * 2
    assert waiting_at(actor_of(colleague)) == []


def test_letter_is_handed_over_once(desk, letter):
    assert service.hand_over(letter, by=desk, now=LATER) is True
    found = printing.by_code(letter)
    assert (found.state, found.printed_at, found.printed_by.email) == (LetterState.PRINTED, LATER, desk.email)
    assert service.hand_over(letter, by=desk, now=LATER + timedelta(hours=1)) is False
    assert printing.by_code(letter).printed_at == LATER
    assert [one.code for one in printing.handed_over(desk.desk_ids, is_city=False)] == [letter]
    assert printing.count(desk.desk_ids, is_city=False) == 0


def test_letter_that_two_hand_over_at_once_is_handed_over_by_one(app, desk, letter):
    def deed():
        return service.hand_over(letter, by=desk, now=LATER)

    assert sorted(together(app, deed, deed)) == [False, True]


def test_letter_of_another_desk_is_not_there(room, desk, letter):
    rita = make_account("rita@malem.example")
    make_desk("malem", venue=make_venue("malem"), members=[rita])
    for who in (actor_of(rita), actor_of(make_account("an@post.example")), ANYONE):
        with pytest.raises(service.UnknownLetter):
            service.hand_over(letter, by=who, now=LATER)
    assert printing.by_code(letter).state is LetterState.TO_PRINT


def test_letter_that_goes_by_mail_is_not_printed(desk, request_):
    mailed = next(one.code for one in letters.newest() if one.recipient == desk.email)
    with pytest.raises(service.UnknownLetter):
        service.hand_over(mailed, by=desk, now=LATER)
    assert printing.by_code(mailed) is None
    assert read(request_.code).reference
