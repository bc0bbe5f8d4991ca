"""Signing in by a code: ten minutes, five tries, one use, one browser, and nothing told about who is known."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import AT_HOME, NOW, make_account, make_an
from tests.race import together
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Limited, TooMany, Visitor
from zalenzoeker.services import accounts
from zalenzoeker.services.accounts import NoLiveCode, WrongCode
from zalenzoeker.storage import accounts as storage
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Account, Attempt, Letter, SignInCode

pytestmark = pytest.mark.both

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
EMAIL = "an@harmonie.example"
FAR = Visitor("another browser", "198.51.100.9")
FREE = Visitor(AT_HOME.browser_hash, AT_HOME.address, is_limited=False)


def send(email: str = EMAIL, visitor: Visitor = AT_HOME, now=NOW) -> str:
    """Ask for a code, and read it in the letter."""
    accounts.send_code(email, visitor=visitor, now=now)
    db.session.close()
    return letters.newest(1)[0].facts["code"]


def sign_in(code: str, visitor: Visitor = AT_HOME, now=NOW + MINUTE) -> str:
    return accounts.sign_in(code, visitor=visitor, now=now)


def outcome(code: str, visitor: Visitor = AT_HOME, now=NOW + MINUTE) -> str | int:
    """ "in", how many tries are left, or "none" when no code can be used."""
    try:
        sign_in(code, visitor, now)
    except WrongCode as wrong:
        return wrong.tries_left
    except NoLiveCode:
        return "none"
    return "in"


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def count(table: type) -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(table))


def test_code_signs_in_and_makes_the_account_at_its_first_proof(app):
    code = send()
    assert (re.fullmatch(r"\d{6}", code) is not None, count(Account)) == (True, 0)
    account_code = sign_in(code)
    db.session.close()
    account = storage.by_email(EMAIL)
    assert (account.code, account.created_at, len(account.code)) == (account_code, NOW + MINUTE, 22)
    assert sign_in(send(now=NOW + 2 * MINUTE), now=NOW + 3 * MINUTE) == account_code
    assert count(Account) == 1


def test_one_person_is_one_account_however_the_address_is_typed(app):
    first = sign_in(send("An@Harmonie.EXAMPLE"))
    assert sign_in(send("an@harmonie.example", now=NOW + MINUTE), now=NOW + 2 * MINUTE) == first
    assert [letter.recipient for letter in letters.newest()] == [EMAIL, EMAIL]


def test_letter_says_how_long_the_code_lives(app):
    code = send()
    letter = letters.newest(1)[0]
    assert (letter.kind, letter.recipient, letter.facts) == (
        LetterKind.SIGN_IN_CODE,
        EMAIL,
        {"code": code, "minutes": 10},
    )


def test_code_is_kept_as_a_hash_only(app):
    code = send()
    row = db.session.scalar(select(SignInCode))
    assert (len(row.code_hash), code in row.code_hash) == (64, False)
    assert row.code_hash == accounts.hash_of(f"{AT_HOME.browser_hash}:{code}")


@pytest.mark.parametrize("after,expected", [(timedelta(), "in"), (10 * MINUTE - SECOND, "in"), (10 * MINUTE, "none")])
def test_code_lives_ten_minutes(app, after, expected):
    code = send()
    assert outcome(code, now=NOW + after) == expected


def test_code_works_once(app):
    code = send()
    assert [outcome(code), outcome(code)] == ["in", "none"]


def test_code_allows_five_tries_and_each_says_how_many_are_left(app):
    code = send()
    wrong = other_than(code)
    assert [outcome(wrong) for _ in range(5)] == [4, 3, 2, 1, 0]
    assert [outcome(code), outcome(wrong)] == ["none", "none"]


def test_fifth_try_may_be_the_right_one(app):
    code = send()
    assert [outcome(other_than(code)) for _ in range(4)] == [4, 3, 2, 1]
    assert outcome(code) == "in"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "' OR 1=1 --"])
def test_code_that_is_none_is_a_wrong_try(app, typed):
    send()
    assert outcome(typed) == 4


def test_code_works_only_in_the_browser_that_asked(app):
    code = send()
    assert [outcome(code, FAR), outcome(code)] == ["none", "in"]


def test_tries_in_another_browser_cost_nothing_here(app):
    code = send()
    for _ in range(6):
        outcome(code, FAR)
    assert outcome(code) == "in"


def test_new_code_makes_the_older_useless(app):
    first, second = send(), send(now=NOW + MINUTE)
    expected = "in" if first == second else 4
    assert outcome(first, now=NOW + 2 * MINUTE) == expected
    assert first == second or outcome(second, now=NOW + 2 * MINUTE) == "in"


def test_new_code_of_another_browser_leaves_mine_as_it_was(app):
    mine, theirs = send(), send(visitor=FAR)
    assert [outcome(mine), outcome(theirs, FAR)] == ["in", "in"]


def test_unknown_address_is_answered_like_a_known_one(app):
    make_account("an@harmonie.example")
    told = []
    for email in ("an@harmonie.example", "onbekend@post.example"):
        answer = accounts.send_code(email, visitor=AT_HOME, now=NOW)
        letter = letters.newest(1)[0]
        told.append((answer, letter.kind, sorted(letter.facts), letter.reply_to))
        db.session.close()
    assert told[0] == told[1]
    assert (count(Account), count(Letter), count(SignInCode)) == (1, 2, 2)


def test_stranger_elsewhere_does_not_lock_somebody_out(app):
    for number in range(5):
        send(visitor=Visitor(f"browser {number}", "192.0.2.1"))
    with pytest.raises(TooMany) as refused:
        send(visitor=Visitor("another browser", "192.0.2.1"))
    assert refused.value.limited is Limited.CODE_FOR_EMAIL_AND_ADDRESS
    assert len(send(visitor=FAR)) == 6


def test_too_many_codes_for_one_address_are_refused_and_nothing_is_kept(app):
    for number in range(20):
        send(visitor=Visitor(f"browser {number}", f"192.0.2.{number}"))
    before = [count(table) for table in (Letter, SignInCode, Attempt)]
    with pytest.raises(TooMany) as refused:
        send(visitor=FAR)
    assert (refused.value.limited, refused.value.retry_after) == (Limited.CODE_FOR_EMAIL, 3600)
    assert [count(table) for table in (Letter, SignInCode, Attempt)] == before


def test_one_network_cannot_ask_codes_for_everybody(app):
    for number in range(20):
        send(f"iemand{number}@post.example")
    with pytest.raises(TooMany) as refused:
        send("nog@post.example")
    assert refused.value.limited is Limited.CODE_FOR_ADDRESS


def test_one_network_cannot_try_for_ever(app):
    for number in range(4):
        code = send(f"iemand{number}@post.example")
        for _ in range(5):
            outcome(other_than(code))
    send()
    with pytest.raises(TooMany) as refused:
        sign_in("000000")
    assert (refused.value.limited, refused.value.retry_after) == (Limited.TRY_FOR_ADDRESS, 300)


def test_tries_side_by_side_are_all_counted(app):
    """A robot that guesses in parallel gets its five tries and no more."""
    wrong = other_than(send(visitor=FREE))
    outcomes = together(app, *[lambda: outcome(wrong, FREE)] * 12)
    assert sorted(outcomes, key=str) == [0, 1, 2, 3, 4, *["none"] * 7]


def test_right_code_typed_twice_at_once_signs_in_once(app):
    code = send()
    outcomes = together(app, *[lambda: outcome(code)] * 4)
    assert sorted(outcomes) == ["in", "none", "none", "none"]
    assert count(Account) == 1


def test_first_proof_in_two_browsers_at_once_makes_one_account(app):
    codes = [(send(visitor=visitor), visitor) for visitor in (AT_HOME, FAR)]
    first, second = together(app, *[lambda one=one: sign_in(*one) for one in codes])
    assert (first, count(Account)) == (second, 1)


def test_link_signs_in_once_and_makes_the_account(app):
    token = accounts.make_link("Luc@Stad.example", now=NOW)
    code = accounts.follow_link(token, now=NOW + 29 * MINUTE)
    db.session.close()
    assert storage.by_email("luc@stad.example").code == code
    with pytest.raises(NoLiveCode):
        accounts.follow_link(token, now=NOW + 29 * MINUTE)


@pytest.mark.parametrize("token", ["", "nothing", "link"])
def test_link_that_is_none_opens_nothing(app, token):
    accounts.make_link(EMAIL, now=NOW)
    with pytest.raises(NoLiveCode):
        accounts.follow_link(token, now=NOW)


def test_link_lives_half_an_hour(app):
    token = accounts.make_link(EMAIL, now=NOW)
    with pytest.raises(NoLiveCode):
        accounts.follow_link(token, now=NOW + 30 * MINUTE)


def test_code_of_a_letter_is_no_link(app):
    code = send()
    with pytest.raises(NoLiveCode):
        accounts.follow_link(code, now=NOW)


def test_name_and_telephone_are_kept_for_the_next_form(app):
    an = make_an()
    for name, phone in (("An P.", "0470 12 34 56"), ("An Peeters", "")):
        with write_unit():
            accounts.remember(an, name=name, phone=phone)
    account = storage.by_email(EMAIL)
    assert (account.name, account.phone) == ("An Peeters", "0470 12 34 56")
