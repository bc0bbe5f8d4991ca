"""Who may do what: each person against each request."""

import pytest

from zalenzoeker.domain.permissions import (
    ANYONE,
    Actor,
    NotAllowed,
    OwnRequest,
    Parties,
    check_may_decide,
    is_asker,
    is_own,
    may_decide,
    may_enter_for,
    may_print,
    may_run_desk,
    may_see_parties,
    may_speak_for,
    may_trust,
    may_withdraw,
)

HARMONIE, COMITE = 20, 21
AMANDSBERG, DRONGEN = 30, 31
OF_AN = Parties(account_id=1, email="an@harmonie.example", association_id=None, desk_id=AMANDSBERG)
OF_HARMONIE = Parties(account_id=1, email="an@harmonie.example", association_id=HARMONIE, desk_id=AMANDSBERG)
OF_STRANGER = Parties(account_id=9, email="iemand@post.example", association_id=COMITE, desk_id=AMANDSBERG)
TYPED_BY_FATIMA = Parties(9, "iemand@post.example", None, AMANDSBERG, entered_by_id=3)
UNPROVED = Parties(account_id=None, email="an@harmonie.example", association_id=None, desk_id=None)

AN = Actor(1, "an@harmonie.example")
AN_IN_CAPITALS = Actor(8, "AN@Harmonie.example")
MEMBER = Actor(2, "bert@harmonie.example", association_ids=frozenset({HARMONIE}))
FATIMA = Actor(3, "fatima@amandsberg.example", desk_ids=frozenset({AMANDSBERG}))
MARCEL = Actor(4, "marcel@drongen.example", desk_ids=frozenset({DRONGEN}))
SOFIE = Actor(5, "sofie@stad.example", desk_ids=frozenset({40}), is_city=True)
AN_AT_DESK = Actor(1, "an@werk.example", desk_ids=frozenset({AMANDSBERG}))
ADDRESS_AT_DESK = Actor(8, "an@harmonie.example", desk_ids=frozenset({AMANDSBERG}))
MEMBER_AT_DESK = Actor(2, "b@x.example", association_ids=frozenset({HARMONIE}), desk_ids=frozenset({AMANDSBERG}))
AN_OF_CITY = Actor(1, "an@harmonie.example", is_city=True)

# Columns: sees e-mail and thread, may withdraw, may decide ("own": the right desk, but asked by themselves).
TABLE = [
    ("a passer-by", ANYONE, OF_AN, False, False, "no"),
    ("a passer-by at a form nobody proved", ANYONE, UNPROVED, False, False, "no"),
    ("the asker", AN, OF_AN, True, True, "no"),
    ("the asker under another account with the same address", AN_IN_CAPITALS, OF_AN, True, True, "no"),
    ("the asker before the address was proved", AN, UNPROVED, True, True, "no"),
    ("a member of the association", MEMBER, OF_HARMONIE, True, True, "no"),
    ("a member, at what An asks for herself", MEMBER, OF_AN, False, False, "no"),
    ("another asker", AN, OF_STRANGER, False, False, "no"),
    ("the desk", FATIMA, OF_AN, True, False, "yes"),
    ("the desk, before anybody proved the form", FATIMA, UNPROVED, False, False, "no"),
    ("another desk", MARCEL, OF_AN, False, False, "no"),
    ("the city desk", SOFIE, OF_AN, True, False, "yes"),
    ("the asker at the desk, by account", AN_AT_DESK, OF_AN, True, True, "own"),
    ("the asker at the desk, by e-mail address", ADDRESS_AT_DESK, OF_AN, True, True, "own"),
    ("a member of the association at the desk", MEMBER_AT_DESK, OF_HARMONIE, True, True, "own"),
    ("the desk, who typed it in for somebody", FATIMA, TYPED_BY_FATIMA, True, True, "own"),
    ("the asker at the city desk", AN_OF_CITY, OF_AN, True, True, "own"),
]
IDS = [row[0] for row in TABLE]


@pytest.mark.parametrize("who,actor,parties,sees,withdraws,decides", TABLE, ids=IDS)
def test_person_may_see_and_withdraw(who, actor, parties, sees, withdraws, decides):
    assert (may_see_parties(actor, parties), may_withdraw(actor, parties)) == (sees, withdraws)
    assert is_own(actor, parties) is withdraws


@pytest.mark.parametrize("who,actor,parties,sees,withdraws,decides", TABLE, ids=IDS)
def test_person_may_decide(who, actor, parties, sees, withdraws, decides):
    assert may_decide(actor, parties) is (decides == "yes")
    if decides == "yes":
        check_may_decide(actor, parties)
        return
    with pytest.raises(NotAllowed) as refused:
        check_may_decide(actor, parties)
    assert refused.type is (OwnRequest if decides == "own" else NotAllowed)


def test_passer_by_with_an_empty_address_owns_nothing():
    assert is_own(ANYONE, Parties(account_id=None, email="", association_id=None, desk_id=None)) is False


PAPER = Parties(None, "", None, AMANDSBERG, entered_by_id=3, entered_desk_id=DRONGEN)
TYPED_WITH_ADDRESS = Parties(None, "g@maes.example", None, AMANDSBERG, entered_by_id=3, entered_desk_id=AMANDSBERG)
FATIMA_WHO_LEFT = Actor(3, "fatima@amandsberg.example")
COLLEAGUE = Actor(6, "rita@amandsberg.example", desk_ids=frozenset({AMANDSBERG}))
EMPTY = Actor(7, "")
# Columns: speaks for the asker, prints their letters, may decide.
SPEAKS = [
    ("who typed it in", FATIMA, PAPER, True, True, False),
    ("who typed it in and left the desk", FATIMA_WHO_LEFT, PAPER, False, False, False),
    ("a colleague of the desk that decides", COLLEAGUE, PAPER, True, True, True),
    ("the desk that typed it in for another house", MARCEL, PAPER, True, True, False),
    ("the city desk", SOFIE, PAPER, True, True, True),
    ("an account without an address", EMPTY, PAPER, False, False, False),
    ("a passer-by", ANYONE, PAPER, False, False, False),
    ("a colleague, of an asker with an address", COLLEAGUE, TYPED_WITH_ADDRESS, False, True, True),
    ("who typed it in, of an asker with an address", FATIMA, TYPED_WITH_ADDRESS, True, True, False),
    ("a desk that has nothing to do with it", MARCEL, TYPED_WITH_ADDRESS, False, False, False),
]


@pytest.mark.parametrize("who,actor,parties,speaks,prints,decides", SPEAKS, ids=[row[0] for row in SPEAKS])
def test_person_may_speak_for_an_asker(who, actor, parties, speaks, prints, decides):
    assert (may_speak_for(actor, parties), may_print(actor, parties)) == (speaks, prints)
    assert may_withdraw(actor, parties) is speaks
    assert may_decide(actor, parties) is decides
    assert is_asker(actor, parties) is False


def test_house_is_asked_for_somebody_by_its_keepers_a_reception_and_the_city():
    people = (FATIMA, MARCEL, SOFIE, AN, ANYONE)
    assert [may_enter_for(who, {AMANDSBERG}, is_reception=False) for who in people] == [True, False, True, False, False]
    assert [may_enter_for(who, set(), is_reception=True) for who in people] == [True, True, True, False, False]


def test_actor_knows_whether_somebody_signed_in_and_decides_somewhere():
    assert [(who.is_signed_in, who.is_desk_member) for who in (ANYONE, AN, FATIMA)] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_group_is_trusted_by_the_desk_of_the_house_or_the_city_and_by_no_member():
    here = Actor(account_id=1, desk_ids=frozenset({7}))
    city = Actor(account_id=2, is_city=True)
    member = Actor(account_id=3, desk_ids=frozenset({7}), association_ids=frozenset({5}))
    elsewhere = Actor(account_id=4, desk_ids=frozenset({8}))
    assert [may_trust(who, 7, 5) for who in (here, city, member, elsewhere, ANYONE)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_desk_is_run_by_its_members_and_the_city():
    member = Actor(account_id=1, desk_ids=frozenset({7}))
    city = Actor(account_id=2, is_city=True)
    elsewhere = Actor(account_id=3, desk_ids=frozenset({8}))
    assert [may_run_desk(who, 7) for who in (member, city, elsewhere, ANYONE)] == [True, True, False, False]
