"""Many series of a year asked at the same moment: each is there with all its dates, or not at all."""

import json
import time
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.builders import make_account, make_desk, make_room, make_venue
from tests.torture import proofs, series_asker
from tests.torture.askers import go, told_their_plans
from tests.torture.series_asker import WEEKS
from tests.torture.stage import FULL, WITHOUT_END
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import self_check

pytestmark = [pytest.mark.torture, pytest.mark.both]

SERIES = 50 if FULL else 15
ROOMS = 5
PROCESSES = 5
PATIENCE_SECONDS = 300
RULES = {RuleName.HORIZON_MONTHS: 24, RuleName.WEEKLY_MONTHS: 24, RuleName.OPEN_REQUESTS: WITHOUT_END}
DATES_OF = """
    SELECT request.code, count(DISTINCT occurrence.id), count(occupancy.id) FROM request
    JOIN occurrence ON occurrence.request_id = request.id
    LEFT JOIN occupancy ON occupancy.occurrence_id = occurrence.id GROUP BY request.code
"""


def plans(database, rooms):
    """Who asks what: hours that overlap a neighbour's, every sixth in two rooms at once, spread over the processes."""
    found = [[] for _ in range(PROCESSES)]
    for number in range(SERIES):
        email = f"vrager{number}@post.example"
        make_account(email, "An Peeters")
        half_hours = number // ROOMS
        starts = 12 * 60 + 30 * half_hours
        own = [rooms[number % ROOMS]] + ([rooms[(number + 1) % ROOMS]] if number % 6 == 0 else [])
        found[number % PROCESSES].append(
            {
                "number": number,
                "email": email,
                "rooms": own,
                "first": (date(2027, 1, 5) + timedelta(weeks=number % 3)).isoformat(),
                "hours": [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (starts, starts + 90)],
            }
        )
    return [{"database": database, "series": series} for series in found]


def test_series_of_a_year_asked_at_once(app, database, tell):
    venue = make_venue()
    make_desk(venue=venue, email="balie@huis.example")
    rooms = [make_room(f"zaal-{number}", venue=venue, rules=RULES).id for number in range(ROOMS)]
    with told_their_plans(series_asker, plans(database, rooms)) as askers:
        begun = time.monotonic()
        go(askers)
        answers = [answer for asker in askers for answer in json.loads(asker.stdout.readline())]
        seconds = time.monotonic() - begun
        assert [asker.wait(PATIENCE_SECONDS) for asker in askers] == [0] * PROCESSES

    dates = proofs.rows(database, DATES_OF)
    tell(
        "series at once",
        f"{SERIES} of {WEEKS} weeks on {ROOMS} rooms",
        overlaps=proofs.number(database, proofs.OVERLAPS),
        half=sum(1 for _, count, held in dates if count % WEEKS or held != count),
        asked=answers.count("asked"),
        refused=answers.count("refused"),
        seconds=f"{seconds:.1f}",
    )
    assert Counter(answers) == {"asked": len(dates), "refused": SERIES - len(dates)}
    assert {(count, held) for _, count, held in dates} <= {(WEEKS, WEEKS), (2 * WEEKS, 2 * WEEKS)}
    assert proofs.number(database, "SELECT count(*) FROM letter") == 2 * len(dates)
    assert (proofs.number(database, proofs.OVERLAPS), self_check.faults()) == (0, [])
    assert 0 < len(dates) < SERIES
