"""Migrations: they make exactly the tables of the models, on both engines, up and down, with rows in them."""

import re
from datetime import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from tests.builders import (
    NOW,
    SATURDAY,
    actor_of,
    at,
    decider_of,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_closure,
    make_decider,
    make_desk,
    make_entered,
    make_programme,
    make_request,
    make_room,
    make_series,
    make_trusted,
    make_venue,
    weekly,
)
from tests.decisions import AT_ONCE
from zalenzoeker.domain.advice import AdviceKind, Silence
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.date_reminders import REMIND_BEFORE
from zalenzoeker.domain.diaries import Reading, Trouble
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import ON_THE_WAITING_LIST, Action, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import epoch
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import advice, date_reminders, dates, decisions, diaries, proposals
from zalenzoeker.services import printing as handing_over
from zalenzoeker.storage import accounts, models, printing, self_check
from zalenzoeker.storage.db import Base, db
from zalenzoeker.storage.guards import NO_OVERLAP, NO_OVERLAP_UPDATE
from zalenzoeker.storage.models import (
    Change,
    DailyLetter,
    DateReminder,
    DecisionLink,
    Desk,
    Duty,
    DutyRota,
    Event,
    FeedToken,
    Handover,
    HouseText,
    Letter,
    NoReminders,
    ProgrammeException,
    QuietPeriod,
    RuleLine,
    SpecialDay,
    Subscription,
    SubscriptionLink,
)
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.house_texts import TextName
from zalenzoeker.storage.models.letters import LetterState

pytestmark = pytest.mark.both
FOLDER = Path(__file__).parents[2] / "migrations"


def revisions():
    """Return every revision, the first one first."""
    script = ScriptDirectory(str(FOLDER))
    return [one.revision for one in reversed(list(script.walk_revisions()))]


def differences():
    """Return what a new migration would change, in words."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(one) for one in compare_metadata(context, Base.metadata)]


def words_of(inspector, table):
    """The text of every check of a table without the spelling each engine gives it."""
    return {
        one["name"]: sorted(re.findall(r"[a-z0-9_]+", one["sqltext"])) for one in inspector.get_check_constraints(table)
    }


def tables():
    return set(db.inspect(db.engine).get_table_names()) - {"alembic_version"}


def fill():
    """Put rows in the tables, by living a little."""
    room = make_room()
    make_decider(room)
    make_programme(room)
    make_closure(room, SATURDAY.replace(day=20))
    make_closure(room, SATURDAY.replace(month=3, day=5), SATURDAY.replace(month=3, day=9))
    approved = make_request(Status.APPROVED, room=room)
    an = actor_of(accounts.by_email(approved.contact_email))
    dates.change(approved.code, approved.first.uid, Scope.THIS, dates.Move(time(13), time(19)), by=an, now=NOW)
    make_series(room, skipped=[1], pattern=weekly("20:00", "22:00"), visitor=Visitor(is_limited=False))
    queue = make_room("rij", rules={RuleName.PENDING: {"default": "queue"}, RuleName.WEEK_HOURS: 6})
    make_request(room=queue)
    for status in sorted(ON_THE_WAITING_LIST):
        make_request(status, room=make_room(f"zaal-{status}"))
    for number, is_told in enumerate((True, False)):
        asked = make_request(room=make_room(f"voorstel-{number}"))
        by, move = decider_of(asked), dates.Move(time(19), time(22))
        proposals.propose(asked.code, [asked.first.uid], move, by=by, now=NOW, version=2, undo_within=AT_ONCE)
        if is_told:
            decisions.carry_out(asked.code, NOW)
    make_programme(queue, exceptions=[ProgrammeException(day=SATURDAY)], until=SATURDAY)
    make_trusted(make_association().id, room.venue)
    _vote()
    _keep_house(room.venue_id)
    _hand_over()
    marcel = make_account("marcel@drongen.example")
    desk = make_room("balie")
    make_desk(venue=desk.venue, members=[marcel])
    handed, _waits = (make_entered(desk, by=actor_of(marcel), slot=slot) for slot in (at(), at("19:00", "21:00")))
    letter = next(one for one in printing.waiting((), is_city=True) if one.request_id == handed.id)
    handing_over.hand_over(letter.code, by=actor_of(marcel), now=NOW)
    _diary(room, decider_of(approved))
    keep(SpecialDay(kind=SpecialKind.CITY_CLOSING, name="Brugdag", first_day=SATURDAY, last_day=SATURDAY))
    desk = approved.desk_id
    keep(
        QuietPeriod(desk_id=desk, first_day=SATURDAY, last_day=SATURDAY, reason="Verlof"),
        Duty(desk_id=desk, first_day=SATURDAY, last_day=SATURDAY, account_id=an.account_id),
        DutyRota(desk_id=desk, account_id=an.account_id, position=0),
        Desk(slug="plaatsvervanger", name="Buren", kind=DeskKind.NON_PROFIT, deputy_desk_id=desk),
        Event(request_id=approved.id, at=NOW, action=Action.TO_CITY, status=Status.REQUESTED),
    )
    _letters(desk, an.account_id)
    _follow(desk, an.account_id)
    date_reminders.tell(approved.first.slot.starts_at - REMIND_BEFORE)
    assert [db.session.query(one).count() > 0 for one in (DecisionLink, DateReminder)] == [True, True]
    db.session.remove()


def _keep_house(venue_id):
    own = {"venue_id": venue_id, "name": RuleName.LEAD_DAYS}
    keep(RuleLine(**own, value=14), RuleLine(**own, value=7, is_own=True))
    keep(Change(venue_id=venue_id, what=Subject.TRUST, after={"group": "De Eendracht"}, at=NOW))
    said = {TextName.ABOUT: "Kom binnen.", TextName.IN_APPROVAL: "De sleutel hangt er."}
    keep(*(HouseText(venue_id=venue_id, name=name, words=words) for name, words in said.items()))


def _diary(room, by):
    diaries.hand_in(room.venue.slug, room.slug, b"BEGIN:VCALENDAR", 30, by=by, now=NOW)
    found = Reading(((epoch(NOW), epoch(NOW) + 3600),), 1, {})
    diaries.read_next(NOW, fetch=lambda *_: Trouble.REFUSED, read=lambda *_: found)


def _hand_over():
    offer = {"desk_id": make_city_desk().id, "token_hash": "x", "to_email": "mia@huis.example"}
    keep(Handover(**offer, created_at=NOW, expires_at=NOW))


def _letters(desk, account_id):
    """Who wants a daily letter, and what is kept for it."""
    keep(
        DailyLetter(desk_id=desk, news=["freed"]),
        DailyLetter(desk_id=desk, account_id=account_id, news=[]),
        NoReminders(email="an@harmonie.example", since=NOW),
        Change(desk_id=desk, what=Subject.DAILY, after={"news": ["freed"]}, at=NOW),
    )
    for state in (LetterState.HELD, LetterState.BUNDLED):
        made = {"kind": "request_withdrawn", "recipient": "an@harmonie.example", "facts": {}, "desk_id": desk}
        keep(Letter(code=state, event_key=state, state=state, created_at=NOW, next_try_at=NOW, **made))


def _follow(desk_id, account_id):
    """The address of a calendar, and somebody who asked for the weekly letter."""
    asked = keep(Subscription(email="a@b.example", chosen={"neighbourhoods": [], "themes": []}, asked_at=NOW))
    keep(SubscriptionLink(subscription_id=asked.id, token_hash="x", created_at=NOW))
    keep(FeedToken(account_id=account_id, desk_id=desk_id, token_hash="x", created_at=NOW))


def _vote():
    """One member of two says yes, so that the request waits for the other."""
    house = make_venue("stemmers")
    lies, omar = make_account("lies@stemmers.example"), make_account("omar@stemmers.example")
    make_desk("stemmers", venue=house, members=[lies, omar])
    by = actor_of(lies)
    advice.set_advice("stemmers", AdviceKind.DECIDES, needed=2, days=7, silence=Silence.NO, by=by, now=NOW)
    asked = make_request(room=make_room(venue=house))
    advice.vote(asked.code, True, by=by, now=NOW, version=asked.version)


def count():
    return db.session.scalar(db.text("SELECT count(*) FROM request"))


def test_migrations_make_exactly_the_models(app):
    assert differences() == []
    assert tables() == set(Base.metadata.tables)
    assert self_check.missing_guards() == []


def test_migrations_make_exactly_the_checks_of_the_models(app):
    migrated = {table: words_of(db.inspect(db.engine), table) for table in Base.metadata.tables}
    with db.engine.connect() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        made = {table: words_of(db.inspect(connection), table) for table in Base.metadata.tables}
        connection.rollback()
    assert migrated == made


def test_migrations_go_down_with_rows_in_the_tables_and_up_again(app):
    fill()
    for revision in [*reversed(revisions()[:-1]), "base"]:
        downgrade(revision=revision)
        db.session.remove()
    assert tables() == set()
    for revision in revisions():
        upgrade(revision=revision)
    db.session.remove()
    assert differences() == []
    assert self_check.missing_guards() == []


def test_migrations_of_today_keep_the_rows_that_are_there(app):
    """One step down and up again: what the newest migration does not touch stays."""
    fill()
    before = count()
    db.session.remove()
    if len(revisions()) > 1:
        downgrade(revision="-1")
        db.session.remove()
    upgrade()
    assert (count(), before > 5) == (before, True)
    assert self_check.missing_guards() == []


def test_migrations_that_ran_already_change_nothing(app):
    fill()
    before = count()
    upgrade()
    assert (differences(), count()) == ([], before)


def test_migrations_are_named_after_their_day_and_deed():
    names = [one.name for one in (FOLDER / "versions").glob("*.py")]
    assert names
    assert [name for name in names if not re.fullmatch(r"20\d\d_\d\d_\d\d_[a-z0-9_]+\.py", name)] == []


def test_guard_that_is_gone_is_noticed(app):
    with db.engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        gone = (
            f"DROP TRIGGER {NO_OVERLAP_UPDATE}" if is_sqlite else f"ALTER TABLE occupancy DROP CONSTRAINT {NO_OVERLAP}"
        )
        connection.exec_driver_sql(gone)
    assert self_check.missing_guards() == [f"guard {NO_OVERLAP} is missing"]


def test_models_are_all_named_where_migrations_look():
    mapped = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    assert set(models.__all__) == mapped
