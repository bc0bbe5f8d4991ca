"""Two of one desk decide at the same moment, one yes and one no: one outcome, and the other is told kindly."""

import threading
import time
from datetime import date
from itertools import islice
from random import Random

import pytest

from tests import decisions
from tests.builders import NOW, at, make_account, make_desk, make_request, make_room
from tests.torture import proofs
from tests.torture.caller import Caller
from tests.torture.stage import hours, size
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.services import accounts

pytestmark = [pytest.mark.torture, pytest.mark.both]

TIMES = 100
LONGEST_LEAD_SECONDS = 0.02
# Who decides what, and what becomes of the request then.
DECISIONS = {"approve": ("Fatima", "approved"), "refuse": ("Rita", "refused")}
STEPS = """
    SELECT request.code, event.action FROM event JOIN request ON request.id = event.request_id
    WHERE NOT event.is_internal ORDER BY event.id
"""
TOLD = """
    SELECT request.code, letter.kind FROM letter JOIN request ON request.id = letter.request_id
    WHERE letter.recipient = request.contact_email ORDER BY letter.id
"""
HELD = """
    SELECT request.code, occupancy.by FROM request JOIN occurrence ON occurrence.request_id = request.id
    JOIN occupancy ON occupancy.occurrence_id = occurrence.id
"""


def decide_at_once(code, deciders, leads):
    """Both have the page before them; each answers after its lead (seconds). Returns the two answers."""
    page = f"/balie/aanvragen/{code}"
    forms = [decider.get(page).hidden for decider in deciders]
    answers = {}
    barrier = threading.Barrier(len(deciders))

    def decide(decider, form, decision, lead):
        fields = {**form, "besluit": decision, "reden": "Die dag is er feest."}
        barrier.wait()
        time.sleep(lead)
        answers[decision] = decider.post(f"{page}/beslissen", fields)

    threads = [
        threading.Thread(target=decide, args=each) for each in zip(deciders, forms, DECISIONS, leads, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def histories(database, query):
    """Per request what the query gives, in order."""
    found = {}
    for code, what in proofs.rows(database, query):
        found.setdefault(code, []).append(what)
    return found


def test_request_decided_by_two_at_once(start_site, database, tell):
    room = make_room()
    members = [make_account(f"{name.lower()}@balie.example", name) for name, _status in DECISIONS.values()]
    make_desk(venue=room.venue, members=members)
    codes = [
        make_request(
            room=room,
            slot=at(starts, ends, date.fromisoformat(day)),
            contact_email=f"vrager{place}@post.example",
            visitor=Visitor(is_limited=False),
        ).code
        for place, (day, starts, ends) in enumerate(islice(hours(), size(TIMES)))
    ]
    tokens = [accounts.make_link(member.email, now=NOW) for member in members]
    site = start_site()
    deciders = [Caller(site.port).sign_in(token) for token in tokens]
    chance = Random(1)
    outcomes = {}
    for code in codes:
        leads = [chance.uniform(0, LONGEST_LEAD_SECONDS) for _ in deciders]
        answers = decide_at_once(code, deciders, leads)
        assert sorted(answer.status for answer in answers.values()) == [302, 409]
        won, lost = sorted(answers, key=lambda decision: answers[decision].status)
        assert DECISIONS[won][0] in answers[lost].text, "the page does not say who was first"
        outcomes[code] = won
    for decider in deciders:
        decider.close()

    for code in codes:
        decisions.told(code)
    wins = [list(outcomes.values()).count(decision) for decision in DECISIONS]
    tell("two deciders at once", f"{len(codes)} times", approved=wins[0], refused=wins[1])
    status = {code: DECISIONS[won][1] for code, won in outcomes.items()}
    assert dict(proofs.rows(database, "SELECT code, status FROM request")) == status
    assert histories(database, STEPS) == {code: ["prove", won] for code, won in outcomes.items()}
    assert histories(database, TOLD) == {code: ["request_received", f"request_{status[code]}"] for code in codes}
    assert dict(proofs.rows(database, HELD)) == {code: "booking" for code in codes if outcomes[code] == "approve"}
    assert proofs.number(database, proofs.OVERLAPS) == 0
    assert site.words == ""
