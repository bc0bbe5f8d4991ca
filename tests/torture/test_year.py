"""An Open Huis plays a year at the site that runs: everybody is answered, by the right people, and told once."""

import re
import sys
from collections import Counter
from datetime import timedelta
from math import ceil
from random import Random
from statistics import median

import pytest
from sqlalchemy import select, text

from tests.browser import dutch
from tests.builders import NOW
from tests.torture import aftermath, year
from tests.torture.stage import FULL
from tests.torture.year_askers import Askers, code_of
from tests.torture.year_deciders import DESK, Deciders
from tests.torture.year_site import YearSite, text_of
from zalenzoeker.domain.requests import Action, Status
from zalenzoeker.domain.slots import to_local
from zalenzoeker.gateways.processes import LOOPBACK
from zalenzoeker.storage import accounts
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import (
    Account,
    Desk,
    DeskMember,
    Event,
    Letter,
    Membership,
    Occurrence,
    QuietPeriod,
    Request,
)

pytestmark = pytest.mark.torture

SENDER = "zalen@huis.example"
DECIDES = (
    Action.DECIDE,
    Action.UNDO,
    Action.APPROVE,
    Action.REFUSE,
    Action.CANCEL,
    Action.ASK,
    Action.NOTE,
    Action.FORWARD,
    Action.HAND,
    Action.VOTE,
    Action.PROPOSE,
)
ANSWERS = {
    Action.APPROVE,
    Action.CONFIRM,
    Action.REFUSE,
    Action.OVERTAKE,
    Action.AGREE,
    Action.WITHDRAW,
    Action.LET_GO,
}
# In time is who decides in time, though it can be undone for a while, or asks or proposes something first.
FIRST_WORDS = {Action.DECIDE, Action.ASK}
# What a year is not a year without.
HAPPENS = {
    "yes from the mail",
    "no from the mail",
    "questions from the mail",
    "undone from the mail",
    "link says it is over",
    "own request refused in the mailbox",
    "own request refused at the desk",
    "yes",
    "questions",
    "answers",
    "proposals",
    "proposals: agree",
    "split",
    "typed in",
    "letters printed",
    "holiday entered",
    "waited",
    "offers: accept",
    "not needed",
}
BY_THE_CLOCK = {Action.REMIND, Action.TO_DEPUTY, Action.TO_CITY, Action.OFFER}
FIRST_ANSWERS = """
    SELECT request.asked_at AS asked_at, event.at AS answered_at
    FROM event JOIN request ON request.id = event.request_id JOIN desk ON desk.id = event.desk_id
    WHERE desk.slug = :desk AND event.id IN (
        SELECT min(id) FROM event
        WHERE action IN ('approve', 'refuse') AND account_id IS NOT NULL AND at > :since GROUP BY request_id)
"""
DRAWN_BY_LOT = re.compile(r"/(beslissen|voorstel|wachtlijst|niet-nodig)/[\w-]+")


@pytest.fixture
def town(app, start_site, make_worker, clock, smtp, tmp_path):
    """The house at its site, with its worker and a mail server."""
    volunteers, groups, city, rooms = year.build_house()
    mail = {"MAIL_SERVER": LOOPBACK, "MAIL_PORT": str(smtp.port), "MAIL_DEFAULT_SENDER": SENDER}
    server, worker, seen = start_site(**mail), make_worker(**mail), tmp_path / "seen.txt"
    worker.command = [sys.executable, "-m", "tests.torture.quick_worker", str(seen)]
    site = YearSite(app, server.port, clock, smtp, seen, Random(2027))
    askers = Askers(site, groups, rooms)
    days = year.WHOLE_YEAR if FULL else year.A_TENTH
    with worker:
        yield year.Year(site, askers, Deciders(site, askers, rooms, volunteers, city), days, NOW)
    assert (server.words, worker.words) == ("", "")


def wrong_people():
    """Deeds of a desk by somebody who is not of that desk or of the city, or about their own request."""
    members: dict[int, set[int]] = {}
    for row in db.session.scalars(select(DeskMember)):
        members.setdefault(row.desk_id, set()).add(row.account_id)
    city = members[db.session.scalars(select(Desk.id).where(Desk.slug == "stad")).one()]
    groups: dict[int, set[int]] = {}
    for row in db.session.scalars(select(Membership)):
        groups.setdefault(row.association_id, set()).add(row.account_id)
    by_email = {email: id_ for email, id_ in db.session.execute(select(Account.email, Account.id)) if email}
    found = []
    deeds = select(Event, Request).join(Request, Request.id == Event.request_id).where(Event.action.in_(DECIDES))
    for event, request in db.session.execute(deeds):
        typed = {request.account_id, request.entered_by_id, by_email.get(request.contact_email)}
        own = groups.get(request.association_id or 0, set()) | typed
        if event.account_id not in members.get(event.desk_id or 0, set()) | city or event.account_id in own:
            found.append((request.code, event.action, event.account_id))
    return found


def unanswered():
    """Requests that waited for their desk, and heard nothing of it in time, or never got an answer."""
    lines: dict[int, list[Event]] = {}
    for event in db.session.scalars(select(Event).order_by(Event.id)):
        lines.setdefault(event.request_id, []).append(event)
    found = []
    for request in db.session.scalars(select(Request)):
        told = lines.get(request.id, [])
        came = {Action.PROVE, Action.ACCEPT} & {event.action for event in told}
        answered = [event.at for event in told if event.action in ANSWERS]
        heard = [event.at for event in told if event.action in ANSWERS | FIRST_WORDS]
        is_late = bool(heard and request.answer_by) and heard[0] > request.answer_by
        if came and (not answered or is_late or request.status in (Status.REQUESTED, Status.EXPIRED)):
            steps = [f"{event.at:%m-%d %H:%M} {event.action}" for event in told]
            found.append((str(request.status), f"answer by {request.answer_by}", f"starts {starts(request.id)}", steps))
    return found


def starts(request_id):
    return min(db.session.scalars(select(Occurrence.starts).where(Occurrence.request_id == request_id)))


def told_twice(postbox):
    """Letters that came twice into the same box, also in other envelopes."""
    seen = Counter((str(one["To"]), str(one["Message-ID"])) for one in postbox.messages)
    words = Counter(
        (str(one["To"]), str(one["Subject"]), DRAWN_BY_LOT.sub("", text_of(one))) for one in postbox.messages
    )
    return [which for counted in (seen, words) for which, times in counted.items() if times > 1]


def usual_days(now):
    """Within how many days half of the answers came, by what stands on the timelines; holidays are not counted."""
    times = {"asked_at": Event.at.type, "answered_at": Event.at.type}
    query = text(FIRST_ANSWERS).bindparams(desk=DESK, since=now - timedelta(days=365)).columns(**times)
    away = [(one.first_day, one.last_day) for one in db.session.scalars(select(QuietPeriod))]
    taken = []
    for asked_at, answered_at in db.session.execute(query):
        first, last = to_local(asked_at).date(), to_local(answered_at).date()
        days = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
        taken.append(max(1, sum(not any(begins <= day <= ends for begins, ends in away) for day in days)))
    return ceil(median(taken)), len(taken)


def says_how_fast(page, days):
    """Does the page say within how many days the house answers as a rule?"""
    said = dutch("%(num)d day" if days == 1 else "%(num)d days", num=days)
    sentence = dutch("The house usually answers within %(days)s, by %(day)s at the latest.", days=said, day="")
    return sentence.partition(said)[0] + said in page.text


def test_open_huis_for_a_year(town, smtp, tell):
    town.passes()
    db.session.close()
    site, now = town.site, town.site.clock.now
    assert unanswered() == []
    assert wrong_people() == []
    assert told_twice(smtp) == []
    assert set(db.session.scalars(select(Letter.state).distinct())) == {"sent", "printed"}
    assert aftermath.faults(now) == []
    done = Counter(db.session.scalars(select(Event.action)))
    assert sorted(HAPPENS - set(site.deeds)) == []
    assert set(done) >= BY_THE_CLOCK
    by_city = select(Event.id).where(
        Event.action == Action.APPROVE, Event.account_id.in_([accounts.by_email(one).id for one in town.deciders.city])
    )
    assert len(db.session.scalars(by_city).all()) > 0

    days, answers = usual_days(now)
    passer_by = site.phone("passer-by")
    assert says_how_fast(passer_by.opens("venues.show", venue="open-huis-drongen"), days)
    assert says_how_fast(passer_by.opens("asking.new", zaal=code_of(town.askers.rooms[0])), days)
    tell(
        "a year of an Open Huis",
        f"{town.days.count} days",
        letters=len(smtp.messages),
        usual_days=days,
        answered=answers,
        **{str(action): times for action, times in done.items() if action in BY_THE_CLOCK},
        **site.deeds,
    )
