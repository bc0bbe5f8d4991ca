"""An Open Huis plays a year at the site that runs: everybody is answered, by the right people, and told once."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.builders import NOW
from tests.torture import aftermath, year
from tests.torture.stage import size
from zalenzoeker.domain.requests import Action
from zalenzoeker.gateways.processes import LOOPBACK
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Desk, DeskMember, Event, Letter, Membership, Request

pytestmark = pytest.mark.torture

DAYS = 365
SENDER = "zalen@huis.example"
DECIDES = (Action.DECIDE, Action.UNDO, Action.ASK, Action.NOTE, Action.FORWARD, Action.HAND)


@pytest.fixture
def town(app, start_site, make_worker, clock, smtp):
    """The house at its site, with its worker and a mail server."""
    house = year.build_house()
    mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(smtp.port), "MAIL_DEFAULT_SENDER": SENDER}
    site = start_site(**mail)
    with make_worker(**mail):
        yield year.Year(app, site.port, clock, smtp, Random(2027), house)


def wrong_people():
    """Deeds of a desk by somebody who is not of that desk or of the city, or about their own request."""
    members: dict[int, set[int]] = {}
    for row in db.session.scalars(select(DeskMember)):
        members.setdefault(row.desk_id, set()).add(row.account_id)
    city = members[db.session.scalars(select(Desk.id).where(Desk.slug == "stad")).one()]
    groups: dict[int, set[int]] = {}
    for row in db.session.scalars(select(Membership)):
        groups.setdefault(row.association_id, set()).add(row.account_id)
    found = []
    deeds = select(Event, Request).join(Request, Request.id == Event.request_id).where(Event.action.in_(DECIDES))
    for event, request in db.session.execute(deeds):
        own = groups.get(request.association_id or 0, set()) | {request.account_id}
        if event.account_id not in members.get(event.desk_id or 0, set()) | city or event.account_id in own:
            found.append((request.code, event.action, event.account_id))
    return found


def unanswered(now):
    """Requests that ended, or whose moment came, without anybody having answered them."""
    answers = {Action.APPROVE, Action.REFUSE, Action.WITHDRAW, Action.LET_GO, Action.OVERTAKE}
    found = []
    for code, asked_at in db.session.execute(select(Request.code, Request.asked_at)):
        events = db.session.scalars(select(Event.action).join(Request).where(Request.code == code)).all()
        if not answers & set(events) and (Action.EXPIRE in events or now - asked_at > timedelta(days=30)):
            found.append(code)
    return found


def told_twice(postbox):
    """Letters that came twice into the same box."""
    seen = Counter((str(one["To"]), str(one["Message-ID"])) for one in postbox.messages)
    return [which for which, times in seen.items() if times > 1]


def test_open_huis_for_a_year(town, smtp, tell):
    for day in range(size(DAYS)):
        town.lives(NOW + timedelta(days=day))
    town.ends()
    assert unanswered(town.clock.now) == []
    assert wrong_people() == []
    assert told_twice(smtp) == []
    assert db.session.scalars(select(Letter.state).distinct()).all() == ["sent"]
    assert aftermath.faults(town.clock.now) == []
    tell("a year of an Open Huis", f"{size(DAYS)} days", letters=len(smtp.messages), **town.deeds)
    assert accounts.by_email(year.MAILBOX) is None
