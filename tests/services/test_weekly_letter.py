"""The weekly letter: each who confirmed it gets it once a week, with what they chose, whatever stops the worker."""

from datetime import date, datetime, time, timedelta

import pytest

from tests import decisions
from tests.builders import (
    EVERY_DAY,
    at,
    decider_of,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import TooMany, Visitor
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import to_utc
from zalenzoeker.domain.weekly_letter import Choices
from zalenzoeker.services import deadlines, subscriptions, weekly_letter
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Subscription, SubscriptionLink

AT_HOME = Visitor("browser", "192.0.2.1", is_limited=False)
THURSDAY = date(2027, 1, 14)
SEVEN = to_utc(datetime.combine(THURSDAY, time(7)))
BEFORE, WEEK = SEVEN - timedelta(hours=10), timedelta(days=7)
EMAIL = "godelieve@post.example"


def token_of(email=EMAIL, kind=LetterKind.SUBSCRIPTION_ASKED):
    db.session.close()
    return next(one for one in letters.newest() if (one.kind, one.recipient) == (kind, email)).facts["token"]


def ask(email=EMAIL, *, neighbourhoods=(), themes=(), now=BEFORE):
    subscriptions.ask(email, Choices(neighbourhoods, themes), now=now, visitor=AT_HOME)
    return token_of(email)


def subscribe(email=EMAIL, *, now=BEFORE, **chosen):
    token = ask(email, now=now, **chosen)
    subscriptions.confirm(token, now=now)
    return token


def weekly():
    """The weekly letters so far, oldest first: (to whom, what is told of)."""
    db.session.close()
    found = [one for one in reversed(letters.newest()) if one.kind == LetterKind.WEEKLY_LETTER]
    return [(one.recipient, [told["title"] for told in one.facts["activities"]]) for one in found]


@pytest.fixture
def town(app):
    """Soup on Saturday in Drongen, cards on Sunday in Wondelgem; and something that is nobody else's business."""
    drongen, wondelgem = make_neighbourhood("drongen", "Drongen"), make_neighbourhood("wondelgem", "Wondelgem")
    here = make_room("zaal", venue=make_venue("huis-a", neighbourhood=drongen), hours=EVERY_DAY)
    there = make_room("zaal", venue=make_venue("huis-b", neighbourhood=wondelgem), hours=EVERY_DAY)
    soup = make_request(Status.APPROVED, room=here, is_public=True, activity="Soepcafé")
    sunday = at("14:00", "18:00", day=date(2027, 1, 17))
    make_request(Status.APPROVED, room=there, slot=sunday, is_public=True, activity="Kaarten")
    make_request(Status.APPROVED, room=here, slot=sunday, activity="Verjaardag")
    make_request(Status.REQUESTED, room=there, is_public=True, activity="Nog niet beslist")
    return soup


@pytest.mark.both
def test_letter_comes_on_thursday_and_once(town):
    subscribe()
    assert weekly_letter.send(SEVEN - timedelta(minutes=1)) == 0
    assert [weekly_letter.send(SEVEN) for _one in range(3)] == [1, 0, 0]
    assert weekly_letter.send(SEVEN + timedelta(days=6)) == 0
    assert weekly() == [(EMAIL, ["Soepcafé", "Kaarten"])]


@pytest.mark.parametrize(
    "chosen, told",
    [
        ({"neighbourhoods": ("drongen",)}, ["Soepcafé"]),
        ({"themes": ("kaarten",)}, ["Kaarten"]),
        ({"neighbourhoods": ("drongen", "wondelgem"), "themes": ("soepcafe",)}, ["Soepcafé"]),
    ],
)
def test_letter_tells_what_its_reader_chose(town, chosen, told):
    subscribe(**chosen)
    weekly_letter.send(SEVEN)
    assert weekly() == [(EMAIL, told)]


def test_letter_is_not_written_where_nothing_is_on_and_nobody_waits_for_it(town):
    subscribe(neighbourhoods=("drongen",), themes=("kaarten",))
    assert (weekly_letter.send(SEVEN), weekly()) == (0, [])
    assert db.session.query(Subscription).one().last_issue == THURSDAY


def test_letter_leaves_out_what_was_called_off(town):
    subscribe()
    decisions.cancel(town.code, by=decider_of(town), now=BEFORE, version=town.version, note="Lek.")
    weekly_letter.send(SEVEN)
    assert weekly() == [(EMAIL, ["Kaarten"])]


def test_letter_of_a_week_that_was_skipped_comes_later_with_what_is_left(town):
    subscribe()
    weekly_letter.send(SEVEN + timedelta(days=3))
    assert weekly() == [(EMAIL, ["Kaarten"])]
    assert weekly_letter.send(SEVEN + timedelta(days=3, hours=1)) == 0


def test_letter_comes_every_week_and_those_that_were_missed_never_do(app):
    room = make_room(hours=EVERY_DAY)
    make_programme(room, "Soepcafé", weekday=5)
    subscribe()
    sent = [weekly_letter.send(SEVEN + weeks * WEEK) for weeks in (0, 1, 4, 4)]
    assert sent == [1, 1, 1, 0]
    assert weekly() == [(EMAIL, ["Soepcafé"])] * 3


def test_letter_goes_out_with_the_round_of_the_clock(town):
    subscribe()
    deadlines.tick(SEVEN)
    deadlines.tick(SEVEN + timedelta(seconds=15))
    assert weekly() == [(EMAIL, ["Soepcafé", "Kaarten"])]


def test_letters_are_written_some_at_a_time_until_each_has_one(town):
    for number in range(5):
        subscribe(f"lezer{number}@post.example")
    assert [weekly_letter.send(SEVEN, limit=2) for _one in range(4)] == [2, 2, 1, 0]
    assert sorted(email for email, _told in weekly()) == [f"lezer{number}@post.example" for number in range(5)]


@pytest.mark.both
def test_letter_that_was_broken_off_is_written_whole_in_the_next_round(town):
    """What stops one letter takes back its mark with it, and keeps no other one waiting."""
    subscribe("eerste@post.example")
    subscribe("tweede@post.example")
    drop = "DROP TRIGGER full" if db.engine.dialect.name == "sqlite" else "ALTER TABLE letter DROP CONSTRAINT full_up"
    if db.engine.dialect.name == "sqlite":
        fill = """CREATE TRIGGER full BEFORE INSERT ON letter WHEN NEW.recipient = 'eerste@post.example'
            BEGIN SELECT RAISE(ABORT, 'disk full'); END"""
    else:
        fill = "ALTER TABLE letter ADD CONSTRAINT full_up CHECK (recipient <> 'eerste@post.example') NOT VALID"
    db.session.close()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(fill)
    assert weekly_letter.send(SEVEN) == 1
    db.session.close()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(drop)
    assert weekly_letter.send(SEVEN) == 1
    assert [email for email, _told in weekly()] == ["tweede@post.example", "eerste@post.example"]
    links = db.session.query(SubscriptionLink).filter(SubscriptionLink.wanted.is_(None)).count()
    assert links == 4


# Asking for it.


@pytest.mark.both
def test_address_gets_nothing_until_its_reader_says_yes(town):
    token = ask()
    assert (weekly_letter.send(SEVEN), subscriptions.opened(token, SEVEN).is_confirmed) == (0, False)
    subscriptions.confirm(token, now=BEFORE)
    subscriptions.confirm(token, now=BEFORE)
    assert weekly_letter.send(SEVEN) == 1


def test_letter_begins_with_the_next_issue_after_the_yes(town):
    subscribe(now=SEVEN + timedelta(hours=1))
    assert weekly_letter.send(SEVEN + timedelta(hours=2)) == 0


def test_somebody_else_who_types_an_address_changes_nothing_without_its_reader(town):
    subscribe(neighbourhoods=("drongen",))
    token = ask(neighbourhoods=("wondelgem",))
    assert subscriptions.opened(token, SEVEN).choices.neighbourhoods == ("drongen",)
    weekly_letter.send(SEVEN)
    subscriptions.confirm(token, now=SEVEN)
    assert weekly() == [(EMAIL, ["Soepcafé"])]
    assert subscriptions.opened(token, SEVEN).choices.neighbourhoods == ("wondelgem",)
    assert db.session.query(Subscription).count() == 1


def test_letter_to_confirm_is_the_same_for_an_address_that_is_known(app):
    subscribe("bekend@post.example")
    ask("bekend@post.example")
    ask("nieuw@post.example")
    newest, other = letters.newest()[:2]
    assert ({**newest.facts, "token": ""}, newest.kind) == ({**other.facts, "token": ""}, other.kind)


def test_address_is_written_to_three_times_a_day_at_most_whether_it_is_known_or_not(app):
    subscribe("bekend@post.example")
    for email in ("bekend@post.example", "nieuw@post.example"):
        for number in range(3):
            subscriptions.ask(email, Choices(), now=BEFORE, visitor=Visitor("x", f"192.0.2.{number}"))
        with pytest.raises(TooMany):
            subscriptions.ask(email, Choices(), now=BEFORE, visitor=Visitor("x", "192.0.2.9"))


def test_link_to_confirm_works_for_seven_days(app):
    token = ask()
    with pytest.raises(subscriptions.NotSubscribed):
        subscriptions.confirm(token, now=BEFORE + timedelta(days=7))
    subscriptions.confirm(token, now=BEFORE + timedelta(days=7, seconds=-1))
    assert db.session.query(Subscription).one().confirmed_at is not None


# Ending it.


@pytest.mark.both
def test_who_ends_it_is_forgotten_with_every_letter(town):
    token = subscribe()
    subscribe("ander@post.example")
    weekly_letter.send(SEVEN)
    newest = token_of(kind=LetterKind.WEEKLY_LETTER)
    for _one in range(2):
        subscriptions.end(newest)
    db.session.close()
    told = [one.recipient for one in db.session.query(Letter) if one.kind.startswith(("weekly", "subscription"))]
    assert set(told) == {"ander@post.example"}
    assert [one.email for one in db.session.query(Subscription)] == ["ander@post.example"]
    assert [(one.kind, one.recipient) for one in db.session.query(Letter) if one.recipient == EMAIL] == []
    for link in (token, newest):
        with pytest.raises(subscriptions.NotSubscribed):
            subscriptions.opened(link, SEVEN)
    assert weekly_letter.send(SEVEN + WEEK) <= 1


def test_who_ends_it_may_begin_again_and_gets_one_letter_a_week(town):
    subscribe()
    weekly_letter.send(SEVEN)
    subscriptions.end(token_of(kind=LetterKind.WEEKLY_LETTER))
    subscribe(now=SEVEN + timedelta(hours=1))
    assert (weekly_letter.send(SEVEN + timedelta(hours=2)), weekly()) == (0, [])


def test_address_that_nobody_confirmed_is_forgotten_after_seven_days(town):
    token = ask("vergeten@post.example")
    subscribe()
    deadlines.tick(BEFORE + timedelta(days=8))
    db.session.close()
    assert [one.email for one in db.session.query(Subscription)] == [EMAIL]
    assert db.session.query(Letter).filter_by(recipient="vergeten@post.example").count() == 0
    with pytest.raises(subscriptions.NotSubscribed):
        subscriptions.confirm(token, now=BEFORE + timedelta(days=8))


def test_links_are_forgotten_after_more_than_a_year(app):
    token = subscribe()
    deadlines.tick(BEFORE + timedelta(days=401))
    with pytest.raises(subscriptions.UnknownLink):
        subscriptions.opened(token, BEFORE + timedelta(days=401))
    assert db.session.query(Subscription).count() == 1


def test_choices_change_for_who_confirmed_only(town):
    token = ask()
    with pytest.raises(subscriptions.NotSubscribed):
        subscriptions.change(token, Choices(("drongen",)))
    subscriptions.confirm(token, now=BEFORE)
    subscriptions.change(token, Choices(("drongen",)))
    weekly_letter.send(SEVEN)
    assert weekly() == [(EMAIL, ["Soepcafé"])]
