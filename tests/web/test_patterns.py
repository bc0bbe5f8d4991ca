"""The pattern of a series, said in one Dutch sentence."""

from datetime import date, time

import pytest
from flask_babel import force_locale

from zalenzoeker.domain.series import Pattern, PatternKind
from zalenzoeker.web.patterns import pattern_words

WEEKLY, FORTNIGHTLY, MONTHLY, _LOOSE = PatternKind
EVENING = (time(19), time(22))


@pytest.mark.parametrize(
    "pattern, words",
    [
        (
            Pattern(WEEKLY, date(2027, 1, 7), *EVENING, until=date(2027, 6, 30)),
            "elke donderdag van 19.00 tot 22.00 uur, van 7 januari tot en met 24 juni 2027",
        ),
        (
            Pattern(FORTNIGHTLY, date(2026, 12, 29), time(9, 30), time(12), count=3),
            "om de twee weken op dinsdag van 9.30 tot 12.00 uur, van 29 december 2026 tot en met 26 januari 2027",
        ),
        (
            Pattern(MONTHLY, date(2027, 1, 1), *EVENING, count=2),
            "elke eerste vrijdag van de maand van 19.00 tot 22.00 uur, van 1 januari tot en met 5 februari 2027",
        ),
        (
            Pattern(MONTHLY, date(2027, 1, 14), *EVENING, count=2),
            "elke tweede donderdag van de maand van 19.00 tot 22.00 uur, van 14 januari tot en met 11 februari 2027",
        ),
        (
            Pattern(MONTHLY, date(2027, 1, 18), time(20), time(1), count=2),
            (
                "elke derde maandag van de maand van 20.00 tot 1.00 uur de volgende ochtend, "
                "van 18 januari tot en met 15 februari 2027"
            ),
        ),
        (
            Pattern(MONTHLY, date(2027, 1, 22), *EVENING, count=2),
            "elke vierde vrijdag van de maand van 19.00 tot 22.00 uur, van 22 januari tot en met 26 februari 2027",
        ),
        (
            Pattern(MONTHLY, date(2027, 2, 26), time(20), time(0), count=2, is_last=True),
            "elke laatste vrijdag van de maand van 20.00 uur tot middernacht, van 26 februari tot en met 26 maart 2027",
        ),
        (
            Pattern(WEEKLY, date(2027, 1, 7), *EVENING, count=1),
            "op donderdag 7 januari 2027 van 19.00 tot 22.00 uur",
        ),
        (
            Pattern.on_days([date(2027, 1, 7), date(2027, 2, 4), date(2027, 4, 1)], *EVENING),
            "op 7 januari, 4 februari en 1 april 2027 van 19.00 tot 22.00 uur",
        ),
        (
            Pattern.on_days([date(2026, 12, 31), date(2027, 1, 2)], *EVENING),
            "op 31 december 2026 en 2 januari 2027 van 19.00 tot 22.00 uur",
        ),
        (
            Pattern.on_days([date(2027, month, 1) for month in range(1, 6)], *EVENING),
            "op 5 dagen van 19.00 tot 22.00 uur, van 1 januari tot en met 1 mei 2027",
        ),
    ],
)
def test_pattern_is_said_in_one_sentence(app, pattern, words):
    with app.test_request_context(), force_locale("nl"):
        assert pattern_words(pattern) == words
