"""What may wait for the daily letter, and when it is due: a table of sentences."""

from datetime import UTC, date, datetime, timedelta

import pytest

from zalenzoeker.domain.daily import NEWS_OF, News, is_due, news_of
from zalenzoeker.domain.letters import LetterKind

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FAR = (NOW + timedelta(days=30),)
TOMORROW = (NOW + timedelta(days=1), NOW + timedelta(days=30))
YES, FELL = {"needs_yes": True}, {"decision_fell": True}


@pytest.mark.parametrize(
    ("said", "kind", "facts", "starts", "expected"),
    [
        ("a yes of the rules can wait", LetterKind.REQUEST_CONFIRMED, {}, FAR, News.CONFIRMED),
        ("a withdrawal can wait", LetterKind.REQUEST_WITHDRAWN, {}, FAR, News.FREED),
        ("dates that are given up can wait", LetterKind.DATES_LET_GO, {}, FAR, News.FREED),
        ("a date that moved can wait", LetterKind.DATES_CHANGED, {"needs_yes": False}, FAR, News.MOVED),
        ("a date that wants to move cannot", LetterKind.DATES_CHANGED, YES, FAR, None),
        ("a yes to a proposal can wait", LetterKind.PROPOSAL_ACCEPTED, {}, FAR, News.AGREED),
        ("a no to a proposal cannot: it waits again", LetterKind.PROPOSAL_DECLINED, {}, FAR, None),
        ("what undoes a decision cannot", LetterKind.REQUEST_WITHDRAWN, FELL, FAR, None),
        ("what is about tomorrow cannot", LetterKind.REQUEST_WITHDRAWN, {}, TOMORROW, None),
        ("a request to decide cannot", LetterKind.REQUEST_TO_DECIDE, {}, FAR, None),
        ("a reminder cannot", LetterKind.REQUEST_REMINDER, {}, FAR, None),
        ("an answer cannot", LetterKind.QUESTION_ANSWERED, {}, FAR, None),
        ("a decision that fell cannot", LetterKind.DECISION_FELL, {}, FAR, None),
    ],
)
def test_letter_to_a_desk_waits_or_goes_at_once(said, kind, facts, starts, expected):
    assert news_of(kind, facts, starts, NOW) is expected, said


def test_news_are_all_of_some_letter():
    assert set(NEWS_OF.values()) == set(News)


@pytest.mark.parametrize(
    ("said", "last", "now", "expected"),
    [
        ("before seven it is night", None, datetime(2026, 11, 23, 5, 59, tzinfo=UTC), False),
        ("from seven o'clock on", None, datetime(2026, 11, 23, 6, 0, tzinfo=UTC), True),
        ("in summer an hour earlier by the sun", None, datetime(2026, 7, 1, 5, 0, tzinfo=UTC), True),
        ("once a day", date(2026, 11, 23), datetime(2026, 11, 23, 20, 0, tzinfo=UTC), False),
        ("the day after", date(2026, 11, 22), datetime(2026, 11, 23, 6, 0, tzinfo=UTC), True),
        ("after days that were skipped", date(2026, 11, 2), datetime(2026, 11, 23, 6, 0, tzinfo=UTC), True),
        ("a clock that was set back", date(2026, 11, 24), datetime(2026, 11, 23, 20, 0, tzinfo=UTC), False),
        ("in the night of the clock change", date(2026, 10, 24), datetime(2026, 10, 25, 6, 0, tzinfo=UTC), True),
    ],
)
def test_daily_letter_is_due(said, last, now, expected):
    assert is_due(last, now) is expected, said
