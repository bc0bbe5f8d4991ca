"""Days that are not like others, as told from outside: a dated table, and the legal holidays of Belgium."""

import importlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from zalenzoeker.domain.special_days import SpecialDay, SpecialKind
from zalenzoeker.gateways.tables import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, RegisterError, Row, read_table, shown

COLUMNS = ("kind", "name", "first_day", "last_day", "rule", "source")
# The summer holiday has 62 days; a slip in a year would make every day of it special.
MOST_DAYS = 100

LAW = "Koninklijk besluit van 18 april 1974: de tien wettelijke feestdagen"
# The law does not name the two Sundays: they are no working days in any case.
NOT_IN_THE_LAW = {"Pasen", "Pinksteren"}
WRITTEN_OUT = {
    "O. L. H. Hemelvaart": "Onze-Lieve-Heer-Hemelvaart",
    "O. L. V. Hemelvaart": "Onze-Lieve-Vrouw-Hemelvaart",
}


def read(path: Path) -> tuple[SpecialDay, ...]:
    """The days of a table, in its order. Raises RegisterError with everything that is wrong in it."""
    table = read_table(path, COLUMNS)
    lines: dict[tuple[SpecialKind, str, date], int] = {}
    days = []
    for row in table.rows:
        day = _special_day(row)
        days.append(day)
        first = lines.setdefault((day.kind, day.name, day.first_day), row.line)
        if first != row.line and not row.problems:
            row.refuse(
                "first_day", f"{shown(day.first_day.isoformat())} of {shown(day.name)} is already on line {first}"
            )
    if table.all_problems:
        raise RegisterError(table.all_problems)
    return tuple(days)


def _special_day(row: Row) -> SpecialDay:
    first, last = _day(row, "first_day"), _day(row, "last_day")
    if not row.problems:
        _check_the_length(row, first, last)
    return SpecialDay(
        kind=row.choice("kind", SpecialKind),
        name=row.text("name", LONGEST_NAME, is_required=True),
        first_day=first,
        last_day=last,
        source=row.text("source", is_required=True),
        rule=row.text("rule"),
    )


def _check_the_length(row: Row, first: date, last: date) -> None:
    if last < first:
        row.refuse("last_day", f"{shown(last.isoformat())} lies before the first day")
    elif (last - first).days >= MOST_DAYS:
        row.refuse("last_day", f"{shown(last.isoformat())} is {MOST_DAYS} days or more after the first")


def _day(row: Row, name: str) -> date:
    day = row.day(name)
    if day is None:
        if not row.cells[name].strip():
            row.refuse(name, "is empty")
        return date(FIRST_YEAR, 1, 1)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        row.refuse(name, f"{shown(day.isoformat())} is not in a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def legal(years: Iterable[int]) -> tuple[SpecialDay, ...]:
    """The ten legal holidays of Belgium in each of these years, by day, with their Dutch names.

    A holiday on a Sunday is not moved: which other day replaces it, each employer says for itself.
    """
    # Loaded when it is asked for: three hundred modules and six megabytes in each process, for a question a year.
    library = importlib.import_module("holidays")
    found: dict[date, str] = library.country_holidays("BE", language="nl", years=sorted(years))
    return tuple(
        SpecialDay(SpecialKind.LEGAL, WRITTEN_OUT.get(name, name), day, day, LAW)
        for day, name in sorted(found.items())
        if name not in NOT_IN_THE_LAW
    )
