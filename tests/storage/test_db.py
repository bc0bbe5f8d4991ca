"""Write units, waiting for each other, and moments that keep their zone."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.builders import NOW, make_account, make_request, make_room
from tests.race import together
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import WriteUnitOpen, db, write_unit
from zalenzoeker.storage.models import Account, Heartbeat, Letter

pytestmark = pytest.mark.both

LETTER = {
    "code": "a",
    "kind": "invitation",
    "event_key": "k",
    "recipient": "an@post.example",
    "facts": {},
    "created_at": NOW,
    "next_try_at": NOW,
}


def emails() -> list[str]:
    db.session.close()
    return list(db.session.scalars(select(Account.email).order_by(Account.email)))


def account(email: str) -> Account:
    return Account(code=email, email=email, created_at=NOW)


def test_write_unit_commits_at_its_end(app):
    with write_unit() as session:
        session.add(account("an@post.example"))
    assert emails() == ["an@post.example"]


def write_and_fail(error: type[BaseException]) -> None:
    with write_unit() as session:
        session.add(account("an@post.example"))
        session.flush()
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt], ids=["it fails", "the program is stopped"])
def test_write_unit_keeps_nothing_when(app, error):
    with pytest.raises(error):
        write_and_fail(error)
    assert emails() == []


def test_write_unit_after_one_that_failed_works(app):
    make_account("an@post.example")
    with pytest.raises(IntegrityError), write_unit() as session:
        session.add(account("an@post.example"))
    with write_unit() as session:
        session.add(account("bert@post.example"))
    assert emails() == ["an@post.example", "bert@post.example"]


def test_write_unit_inside_another_is_refused_and_leaves_the_outer_one_whole(app):
    with write_unit() as session:
        session.add(account("an@post.example"))
        session.flush()
        with pytest.raises(WriteUnitOpen), write_unit():
            pass
    assert emails() == ["an@post.example"]


@pytest.mark.parametrize("change", ["new", "dirty", "deleted"])
def test_write_unit_over_changes_nobody_committed_is_refused(app, change):
    make_account("an@post.example")
    an = accounts.by_email("an@post.example")
    if change == "new":
        db.session.add(account("bert@post.example"))
    elif change == "dirty":
        an.name = "An"
    else:
        db.session.delete(an)
    with pytest.raises(WriteUnitOpen), write_unit():
        pass
    db.session.close()
    assert [(one.email, one.name) for one in db.session.scalars(select(Account))] == [("an@post.example", "")]


def test_what_was_read_before_a_write_unit_stays_readable(app):
    code = make_request().code
    room = make_room("hal")
    read = accounts.by_email("an@harmonie.example")
    with write_unit() as session:
        session.execute(text("UPDATE account SET name = 'iemand anders'"))
    assert (read.name, room.venue.neighbourhood.name, bool(code)) == ("An Peeters", "Sint-Amandsberg", True)


def test_two_write_units_wait_for_each_other(app):
    """The second begins while the first is open, reads what the first wrote, and nobody hears "database is locked"."""
    make_account("an@post.example")
    entered = threading.Event()

    def slow() -> str:
        with write_unit():
            name = _name_for_change()
            entered.set()
            time.sleep(0.3)
            _rename(name + "A")
        return "slow"

    def quick() -> str:
        assert entered.wait(10)
        with write_unit():
            _rename(_name_for_change() + "B")
        return "quick"

    assert together(app, slow, quick) == ["slow", "quick"]
    assert [one.name for one in db.session.scalars(select(Account))] == ["AB"]


def _name_for_change() -> str:
    return db.session.scalar(select(Account.name).with_for_update())


def _rename(name: str) -> None:
    db.session.execute(text("UPDATE account SET name = :name"), {"name": name})


def test_many_writers_who_read_first_all_get_their_turn(app):
    make_account("an@post.example")

    def add_one() -> str:
        emails()
        with write_unit():
            _rename(_name_for_change() + "x")
        return "done"

    assert together(app, *[add_one] * 8) == ["done"] * 8
    assert [one.name for one in db.session.scalars(select(Account))] == ["x" * 8]


def test_reader_is_not_stopped_by_a_writer(app):
    make_account("an@post.example")
    reading, read = threading.Event(), threading.Event()

    def write() -> bool:
        with write_unit():
            _rename("nieuw")
            reading.set()
            return read.wait(10)

    def look() -> str:
        assert reading.wait(10)
        name = db.session.scalar(select(Account.name))
        read.set()
        return name

    assert together(app, write, look) == [True, ""]


SET_UP = {
    # Every process may read while one writes, and what was acknowledged is on disk (2: FULL).
    "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1},
    # Whoever waited for a lock reads what the one before wrote.
    "postgresql": {"SHOW transaction_isolation": "read committed"},
}


def test_connections_are_set_up_as_write_units_need_them(app, engine):
    assert {question: db.session.scalar(text(question)) for question in SET_UP[engine]} == SET_UP[engine]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 3, 30, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_moment_comes_back_as_the_same_moment_in_utc(app, moment):
    with write_unit() as session:
        session.add(Heartbeat(name="x", seen_at=moment))
    seen = db.session.scalar(select(Heartbeat.seen_at))
    assert (seen, seen.tzinfo) == (moment, UTC)


def test_moments_are_compared_as_moments_whatever_their_zone(app):
    with write_unit() as session:
        session.add(Heartbeat(name="x", seen_at=NOW))
    same = NOW.astimezone(timezone(timedelta(hours=5)))
    for earlier, found in ((same, []), (same - timedelta(seconds=1), ["x"])):
        assert list(db.session.scalars(select(Heartbeat.name).where(Heartbeat.seen_at > earlier))) == found


def test_moment_without_zone_is_refused(app):
    with pytest.raises(StatementError, match="a moment needs its zone"), write_unit() as session:
        session.add(Heartbeat(name="x", seen_at=datetime(2026, 11, 23, 9)))


def test_no_moment_stays_none(app):
    with write_unit() as session:
        session.add(letter := Letter(**LETTER))
    db.session.refresh(letter)
    assert (letter.leased_until, letter.sent_at, letter.created_at) == (None, None, NOW)
