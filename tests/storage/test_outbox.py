"""Mail that waits: put once, claimed by one worker at a time, and never lost."""

from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import select, update

from tests.builders import NOW
from tests.race import together
from zalenzoeker.domain.letters import LEASE, LetterKind, Parcel
from zalenzoeker.storage import letters, outbox
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.storage.outbox import Claim

pytestmark = pytest.mark.both

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def put(recipient: str = "an@post.example", *, event_key: str = "", now=NOW, **fields) -> None:
    facts = fields.pop("facts", {"code": "123456", "minutes": 10})
    with write_unit():
        outbox.put(
            LetterKind.SIGN_IN_CODE, [recipient], event_key=event_key or recipient, facts=facts, now=now, **fields
        )


def claims(now=NOW, limit: int = 1) -> list[Claim]:
    with write_unit():
        return outbox.claim(now, limit)


def claim(now=NOW) -> Parcel | None:
    return next((one.parcel for one in claims(now)), None)


def states() -> dict[str, tuple]:
    """Per recipient: where the letter is, after how many tries, and what was said about it."""
    db.session.close()
    rows = db.session.scalars(select(Letter).order_by(Letter.id))
    return {row.recipient: (row.state, row.tries, row.last_error) for row in rows}


def test_letter_that_was_put_waits_with_its_facts(app):
    put(reply_to="huis@huis.example", facts={"code": "123456", "thread": "u-1"})
    assert states() == {"an@post.example": (LetterState.WAITING, 0, "")}
    parcel = claim()
    assert (parcel.kind, parcel.recipient, parcel.reply_to, parcel.language, parcel.thread, parcel.created_at) == (
        LetterKind.SIGN_IN_CODE,
        "an@post.example",
        "huis@huis.example",
        "nl",
        "u-1",
        NOW,
    )
    assert dict(parcel.facts) == {"code": "123456", "thread": "u-1"}


def test_same_event_tells_the_same_person_once(app):
    for recipient in ("an@post.example", "an@post.example", "bert@post.example"):
        put(recipient, event_key="request 1 approved")
    put("an@post.example", event_key="request 2 approved")
    assert [letter.recipient for letter in letters.newest()] == [
        "an@post.example",
        "bert@post.example",
        "an@post.example",
    ]


def do_something_that_fails() -> None:
    with write_unit():
        outbox.put(LetterKind.SIGN_IN_CODE, ["an@post.example"], event_key="k", facts={}, now=NOW)
        db.session.flush()
        raise RuntimeError("the lamp fell")


def test_letter_of_a_deed_that_failed_was_never_written(app):
    with pytest.raises(RuntimeError, match="the lamp fell"):
        do_something_that_fails()
    assert states() == {}


def test_letters_are_claimed_in_the_order_they_are_due_and_each_once(app):
    put("later@post.example", now=NOW + MINUTE)
    put("first@post.example")
    put("second@post.example")
    claimed = [parcel and parcel.recipient for parcel in (claim(), claim(), claim())]
    assert claimed == ["first@post.example", "second@post.example", None]
    assert claim(NOW + MINUTE).recipient == "later@post.example"


def test_claim_of_a_worker_that_died_ends_with_its_lease(app):
    put()
    code = claim().code
    assert claim(NOW + LEASE - SECOND) is None
    (again,) = claims(NOW + LEASE)
    assert (again.parcel.code, again.tries) == (code, 2)
    assert claim(NOW + LEASE) is None


def test_letter_that_left_is_not_sent_again_and_forgets_its_secret(app):
    put()
    parcel = claim()
    with write_unit():
        outbox.sent([parcel], NOW + SECOND)
    letter = letters.by_code(parcel.code)
    assert (letter.state, letter.sent_at, letter.leased_until, letter.facts) == (
        LetterState.SENT,
        NOW + SECOND,
        None,
        {"minutes": 10},
    )
    assert claim(NOW + timedelta(days=1)) is None


def test_letter_of_a_demonstration_keeps_its_secret(app):
    put()
    parcel = claim()
    with write_unit():
        outbox.sent([parcel], NOW, keeps_secrets=True)
    assert letters.by_code(parcel.code).facts == {"code": "123456", "minutes": 10}


def test_letter_that_failed_waits_for_its_next_try(app):
    put()
    (mine,) = claims()
    with write_unit():
        outbox.failed(mine, "451 try later", NOW + MINUTE)
    assert states() == {"an@post.example": (LetterState.WAITING, 1, "451 try later")}
    assert (claim(NOW + MINUTE - SECOND), claim(NOW + MINUTE).code) == (None, mine.parcel.code)


def test_letter_that_was_given_up_stays_where_a_person_sees_it(app):
    put()
    (mine,) = claims()
    with write_unit():
        outbox.failed(mine, "550 no such user", None)
    assert states() == {"an@post.example": (LetterState.DEAD, 1, "550 no such user")}
    assert claim(NOW + timedelta(days=365)) is None
    counts = {state: letters.count(state) for state in LetterState}
    assert counts == dict.fromkeys(LetterState, 0) | {LetterState.DEAD: 1}


def test_letter_gets_its_try_back_when_the_server_refused_us(app):
    put()
    (mine,) = claims()
    with write_unit():
        outbox.unclaim([mine], "454 come back later", NOW + MINUTE)
    assert states() == {"an@post.example": (LetterState.WAITING, 0, "454 come back later")}
    assert claim(NOW + MINUTE).code == mine.parcel.code


def test_several_letters_are_claimed_at_once_in_their_order_and_no_more_than_asked(app):
    people = [f"lezer{number}@post.example" for number in range(5)]
    for recipient in people:
        put(recipient)
    assert [one.parcel.recipient for one in claims(limit=3)] == people[:3]
    assert [one.parcel.recipient for one in claims(limit=3)] == people[3:]


def test_what_a_dead_worker_left_is_claimed_before_what_waits(app):
    put("left@post.example")
    claim()
    put("waits@post.example")
    assert [one.parcel.recipient for one in claims(NOW + LEASE, limit=2)] == ["left@post.example", "waits@post.example"]


def test_look_without_a_lock_sees_what_is_due_and_what_was_left(app):
    looked = [outbox.is_anything_due(NOW)]
    put()
    looked += [outbox.is_anything_due(NOW - SECOND), outbox.is_anything_due(NOW)]
    claim()
    looked += [outbox.is_anything_due(NOW + LEASE - SECOND), outbox.is_anything_due(NOW + LEASE)]
    assert looked == [False, False, True, False, True]


def test_letter_that_nobody_began_waits_as_if_it_had_never_been_claimed(app):
    put()
    mine = claims()
    with write_unit():
        outbox.release(mine)
    assert states() == {"an@post.example": (LetterState.WAITING, 0, "")}
    assert claims()[0].tries == 1


@pytest.mark.parametrize("deed", ["failed", "given up", "unclaimed", "released"])
def test_worker_that_was_held_up_past_its_lease_takes_nothing_from_the_next_one(app, deed):
    put()
    late = claims()
    (new,) = claims(NOW + LEASE)
    with write_unit():
        {
            "failed": lambda: outbox.failed(late[0], "451", NOW),
            "given up": lambda: outbox.failed(late[0], "550", None),
            "unclaimed": lambda: outbox.unclaim(late, "421", NOW),
            "released": lambda: outbox.release(late),
        }[deed]()
    assert states() == {"an@post.example": (LetterState.SENDING, 2, "")}
    with write_unit():
        outbox.failed(new, "452", NOW + MINUTE)
    assert states() == {"an@post.example": (LetterState.WAITING, 2, "452")}


def test_letter_that_was_accepted_is_sent_though_another_worker_has_it_now(app):
    put()
    (late,) = claims()
    (new,) = claims(NOW + LEASE)
    with write_unit():
        outbox.sent([late.parcel], NOW + LEASE)
    with write_unit():
        outbox.failed(new, "connection lost", NOW + MINUTE)
    assert states() == {"an@post.example": (LetterState.SENT, 2, "")}


def test_letter_of_a_newer_version_of_the_site_is_put_aside_and_the_next_is_claimed(app):
    put("strange@post.example")
    with write_unit():
        db.session.execute(update(Letter).values(kind="of_tomorrow"))
    put("known@post.example")
    assert [one.parcel.recipient for one in claims(limit=2)] == ["known@post.example"]
    assert states()["strange@post.example"][0] is LetterState.DEAD


def test_workers_side_by_side_never_hold_the_same_letter(app):
    expected = [f"lezer{number:02}@post.example" for number in range(12)]
    for recipient in expected:
        put(recipient)

    def work() -> list[str]:
        mine = []
        while (parcel := claim()) is not None:
            mine.append(parcel.recipient)
        return mine

    assert sorted(chain.from_iterable(together(app, *[work] * 4))) == expected


def test_one_letter_and_many_workers(app):
    put()
    outcomes = together(app, *[claim] * 6)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1
