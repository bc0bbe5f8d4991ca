"""Votes: what so many yeses and noes come to, what silence means, and until when is voted."""

from datetime import UTC, datetime, timedelta

import pytest

from zalenzoeker.domain.advice import AdviceKind, Silence, Tally, Voting, tally, vote_until

# Each line a sentence: of so many who may vote so many must say yes, so many said yes and no. Then what it comes to
# while there is time, and when the time is over and silence means yes, no or nothing.
VOTES = """
who may  needed  yes  no  |  in time  silence is yes  silence is no  silence is nothing
5        3       0    0   |  open     yes             no             nothing
5        3       2    0   |  open     yes             no             nothing
5        3       2    2   |  open     yes             no             nothing
5        3       3    0   |  yes      yes             yes            yes
5        3       3    2   |  yes      yes             yes            yes
5        3       0    3   |  no       no              no             no
5        3       2    3   |  no       no              no             no
5        1       0    4   |  open     yes             no             nothing
5        1       1    0   |  yes      yes             yes            yes
5        1       0    5   |  no       no              no             no
5        5       4    0   |  open     yes             no             nothing
5        5       4    1   |  no       no              no             no
1        1       0    0   |  open     yes             no             nothing
2        3       2    0   |  yes      yes             yes            yes
2        3       1    0   |  open     yes             no             nothing
2        3       0    1   |  no       no              no             no
0        2       0    0   |  open     nothing         nothing        nothing
"""


def rows():
    for line in VOTES.strip().splitlines()[1:]:
        counts, _, words = line.partition("|")
        yield [int(one) for one in counts.split()], words.split()


@pytest.mark.parametrize("counts,words", list(rows()))
def test_votes_come_to_an_outcome(counts, words):
    may_vote, needed, yes, no = counts
    found = tally([True] * yes + [False] * no, may_vote=may_vote, needed=needed)
    in_time = {found.outcome(silence, is_over=False).value for silence in Silence}
    assert [*in_time, *(found.outcome(silence, is_over=True).value for silence in Silence)] == words


def test_votes_needed_are_no_more_than_can_vote():
    assert tally([True], may_vote=2, needed=3) == Tally(yes=1, no=0, may_vote=2, needed=2)
    assert (tally([True], may_vote=2, needed=3).left, tally([], may_vote=0, needed=3).needed) == (1, 0)


@pytest.mark.parametrize(
    "silence,is_exception,is_of_a_member,means",
    [
        (Silence.YES, False, False, Silence.YES),
        (Silence.YES, True, False, Silence.NOTHING),
        (Silence.YES, False, True, Silence.NOTHING),
        (Silence.NO, True, True, Silence.NO),
        (Silence.NO, False, False, Silence.NO),
        (Silence.NOTHING, True, True, Silence.NOTHING),
        (Silence.NOTHING, False, False, Silence.NOTHING),
    ],
)
def test_silence_allows_no_exception_to_a_rule_and_is_no_yes_to_a_member(silence, is_exception, is_of_a_member, means):
    voting = Voting(AdviceKind.DECIDES, 2, 7, silence).about(is_exception=is_exception, is_of_a_member=is_of_a_member)
    assert voting == Voting(AdviceKind.DECIDES, 2, 7, means)


def test_way_of_voting_is_read_back_as_it_was_written():
    voting = Voting(AdviceKind.ADVISES, 3, 10, Silence.NO)
    assert Voting.from_json(voting.as_json) == voting


CAME = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday, 10.00 in Ghent


@pytest.mark.parametrize(
    "days,starts_at,until",
    [
        (7, CAME + timedelta(days=50), datetime(2026, 11, 30, 22, 59, tzinfo=UTC)),
        (1, CAME + timedelta(days=50), datetime(2026, 11, 24, 22, 59, tzinfo=UTC)),
        # Two days before it begins, and where that would leave hardly any time, half of what there is.
        (7, CAME + timedelta(days=6), CAME + timedelta(days=4)),
        (7, CAME + timedelta(days=3), CAME + timedelta(hours=36)),
        (7, CAME + timedelta(hours=4), CAME + timedelta(hours=2)),
        (7, CAME - timedelta(hours=4), CAME),
    ],
)
def test_time_to_vote_ends_after_so_many_days_and_before_it_begins(days, starts_at, until):
    assert vote_until(CAME, days, starts_at) == until


def test_time_to_vote_ends_before_midnight_also_after_the_clock_changed():
    before = datetime(2027, 3, 26, 9, tzinfo=UTC)
    assert vote_until(before, 7, before + timedelta(days=90)) == datetime(2027, 4, 2, 21, 59, tzinfo=UTC)
