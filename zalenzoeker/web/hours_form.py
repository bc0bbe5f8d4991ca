"""The form of the hours of a week: some periods for each day, checked in one go."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField
from wtforms.validators import Optional

from zalenzoeker.domain.hours import MOST_PERIODS, Week, overlapping
from zalenzoeker.domain.slots import DAY, LATEST_MORNING_END
from zalenzoeker.web.dates import WEEKDAYS
from zalenzoeker.web.fields import ClockField, PageForm
from zalenzoeker.web.house_forms import minute_of, time_of

# As they stand in the address of a field.
DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
LEAST_ROWS = 2


class HoursForm(PageForm):
    """Up to six periods a day; what stays empty is a day on which it is closed."""

    version = HiddenField(name="versie")

    @classmethod
    def sized(cls, rows: Sequence[int]) -> type[Self]:
        """The form with so many rows for each day of the week."""
        fields: dict[str, Any] = {}
        for weekday, count in enumerate(rows):
            for number in range(1, count + 1):
                name = f"{DAYS[weekday]}-{number}"
                day = WEEKDAYS[weekday]
                fields[f"from_{weekday}_{number}"] = ClockField(
                    _l("%(day)s from, row %(number)d", day=day, number=number),
                    name=f"{name}-van",
                    validators=[Optional()],
                )
                fields[f"to_{weekday}_{number}"] = ClockField(
                    _l("%(day)s until, row %(number)d", day=day, number=number),
                    name=f"{name}-tot",
                    validators=[Optional()],
                )
        return type(cls.__name__, (cls,), fields)

    def rows(self, weekday: int) -> list[tuple[Field, Field]]:
        """The fields of a day, row by row."""
        numbers = range(1, MOST_PERIODS + 1)
        names = [(f"from_{weekday}_{number}", f"to_{weekday}_{number}") for number in numbers]
        return [(self._fields[first], self._fields[last]) for first, last in names if first in self._fields]

    def show(self, week: Week) -> None:
        """Fill in the hours of now."""
        for weekday in range(7):
            for (first, last), (starts, ends) in zip(self.rows(weekday), week.get(weekday, ()), strict=False):
                first.data, last.data = time_of(starts), time_of(ends)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        # Every day is looked at, so that all that is wrong is said at once.
        wrong = [weekday for weekday in range(7) if not self._check_day(weekday)]
        return is_right and not wrong

    def _check_day(self, weekday: int) -> bool:
        filled: list[tuple[Field, tuple[int, int]]] = []
        for first, last in self.rows(weekday):
            if first.errors or last.errors:
                continue
            if (first.data is None) != (last.data is None):
                lacking = first if first.data is None else last
                lacking.errors = [_("Fill in from and until, or leave both empty.")]
            elif first.data is not None:
                starts, ends = minute_of(first.data), minute_of(last.data)
                if ends <= starts and last.data > LATEST_MORNING_END:
                    last.errors = [_("The end must come after the start. An end until 6.00 means the next morning.")]
                else:
                    filled.append((first, (starts, ends if ends > starts else ends + DAY)))
        wrong = overlapping([period for _field, period in filled])
        if wrong is not None:
            filled[wrong][0].errors = [_("These hours lie over other hours of the same day.")]
        return not any(field.errors for row in self.rows(weekday) for field in row)

    def week(self) -> dict[int, list[tuple[int, int]]]:
        """What was typed, by weekday in minutes since midnight; only for a form that is right."""
        return {
            weekday: sorted(
                (minute_of(first.data), _end(minute_of(first.data), minute_of(last.data)))
                for first, last in self.rows(weekday)
                if first.data is not None and last.data is not None
            )
            for weekday in range(7)
        }


def _end(starts: int, ends: int) -> int:
    return ends if ends > starts else ends + DAY


def rows_for(week: Week, typed: Mapping[str, Any]) -> list[int]:
    """How many rows each day needs: for what stands there or was typed, and an empty one."""
    rows = []
    for weekday, day in enumerate(DAYS):
        numbers = [number for number in range(1, MOST_PERIODS + 1) if f"{day}-{number}-van" in typed]
        there = max([len(week.get(weekday, ())) + 1, *numbers])
        rows.append(min(max(LEAST_ROWS, there), MOST_PERIODS))
    return rows
