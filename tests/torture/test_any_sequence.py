"""Whatever people, houses and the clock do: no overlap, every date its spaces, the same on both engines."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import postgres
from tests.torture import aftermath, play, play_house
from tests.torture.stage import size
from zalenzoeker.domain.series import Scope
from zalenzoeker.storage.db import db

pytestmark = pytest.mark.torture

SEQUENCES = 200
MOST_STEPS = 25

numbers = st.integers(0, 7)
rooms = st.integers(0, 3)
days = st.integers(0, 9)
hours = st.integers(0, len(play.HOURS) - 1)
scopes = st.sampled_from(Scope)
weekdays = st.integers(0, 6)
weeks = st.integers(0, 4)
ASKED = ["single", "single", "single", "weekly", "gaps", "season", "rooms", "wait", "wait", "inside", "inside weekly"]
shapes = st.sampled_from(ASKED)
asks = st.builds(play.Ask, st.integers(0, 2), rooms, days, hours, shapes, st.sampled_from([True, True, True, False]))
changes = st.builds(
    play.Change,
    numbers,
    numbers,
    scopes,
    st.sampled_from([-7, -1, 0, 0, 1, 7]),
    hours,
    st.one_of(st.none(), st.none(), rooms),
)
decisions = st.builds(
    play.Decide,
    numbers,
    st.sampled_from(["approve", "approve", "approve", "refuse", "cancel"]),
    st.sampled_from([False, False, False, True]),
)
proposals = st.builds(
    play.Propose,
    numbers,
    st.sampled_from([-7, 0, 0, 1, 7]),
    hours,
    st.one_of(st.none(), rooms),
    st.booleans(),
    st.sampled_from([True, True, False]),
)
answers = st.builds(play.AnswerProposal, numbers, st.sampled_from(["yes", "yes", "no", "take back", "undo"]))
of_askers = [
    st.builds(play.Prove, numbers),
    st.builds(play.Withdraw, numbers),
    st.builds(play.LetGo, numbers, numbers, scopes),
    st.builds(play.PutBack, numbers),
    st.builds(play.TakeBack, numbers),
    st.builds(play.Answer, numbers, st.booleans()),
    st.builds(play.Renew, numbers),
]
closings = st.builds(play_house.Close, rooms, days, st.integers(0, 2), st.booleans())
lines = st.builds(play_house.AddLine, rooms, weekdays, hours, st.integers(0, 14))
of_houses = [
    closings,
    lines,
    st.builds(play_house.Reopen, numbers, st.booleans()),
    st.builds(play_house.ChangeLine, numbers, rooms, weekdays, hours),
    st.builds(play_house.DropLine, numbers),
    st.builds(play_house.LeaveOut, numbers, weeks),
    st.builds(play_house.PutIn, numbers, weeks),
]
ticks = st.builds(play.Tick, st.sampled_from([0, 1, 30, 60, 100, 200, 400]))
# `one_of` counts the same deed once, however often it is named.
deeds = [*[asks] * 9, *[decisions] * 6, *[changes] * 4, *[proposals] * 4, *[answers] * 4]
deeds += [*of_askers, *of_houses * 2, *[ticks] * 2]
steps = st.integers(0, len(deeds) - 1).flatmap(deeds.__getitem__)
# What comes before anybody asked, or before a house did anything, says little.
begins = st.tuples(asks, closings, lines, asks, asks).map(list)
sequences = st.builds(list.__add__, begins, st.lists(steps, min_size=10, max_size=MOST_STEPS))


@pytest.fixture
def cities(request, make_app, database):
    """The same city twice: on SQLite, and on PostgreSQL."""
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    other = postgres.fresh_database(server, template=template)
    apps = [make_app(), make_app(database_url=other)]
    built = []
    for app in apps:
        with app.app_context():
            built.append((app, play.City.build()))
            db.session.remove()
    yield built
    for app in apps:
        with app.app_context(), suppress(Exception):
            db.session.remove()
            db.engine.dispose()
    postgres.drop_database(other)


def played(app, city, sequence, *, looks_always):
    """What came of every step, and where everything stands at the end; the tables are looked through on the way."""
    with app.app_context():
        play.forget_everything()
        one, outcomes = play.Play(city), []
        for step in sequence:
            outcomes.append(one.take(step))
            if looks_always:
                assert aftermath.faults(one.now) == [], f"after {step}: {outcomes[-1]}"
        assert aftermath.faults(one.now) == []
        found = outcomes, aftermath.story(one.codes)
        db.session.remove()
        return found


def test_any_sequence_leaves_no_overlap_and_ends_the_same_on_both_engines(cities, tell):
    tried, done = [], []

    @settings(
        max_examples=size(SEQUENCES),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(sequences)
    def anything_happens(sequence):
        on_sqlite = played(*cities[0], sequence, looks_always=True)
        on_postgresql = played(*cities[1], sequence, looks_always=False)
        assert on_sqlite == on_postgresql
        tried.extend(on_sqlite[0])
        done.extend(one for one in on_sqlite[0] if not one or one[0].isdigit() or one in {"True", "False"})

    anything_happens()
    tell("any sequence", f"{size(SEQUENCES)} sequences", steps=len(tried), done=len(done), overlaps=0)
