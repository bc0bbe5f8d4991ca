"""Taking over the days that are not like others, and looking each year for the legal holidays of later years."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from zalenzoeker.domain.slots import to_local
from zalenzoeker.domain.special_days import SpecialDay, SpecialKind
from zalenzoeker.services.register import Change, Changes
from zalenzoeker.storage import models
from zalenzoeker.storage import special_days as storage
from zalenzoeker.storage.db import write_unit

YEARS_BACK, YEARS_AHEAD = 1, 3


def take_over(days: Sequence[SpecialDay], *, dry_run: bool = False) -> Changes:
    """Bring the special days up to date, in one write unit: of the kinds that are named, these days and no others.

    A kind that is not named stays as it is, so that a file with only the city's closing days takes no school holiday
    away. ``dry_run``: the same answer, and nothing is kept.
    """
    with write_unit():
        known = {_key(row): row for row in storage.of_kinds({day.kind for day in days})}
        named = {_key(day): day for day in days}
        changes = _changes(known, named)
        if not dry_run:
            storage.remove(row for key, row in known.items() if key not in named)
            storage.add(day for key, day in named.items() if key not in known)
            for key in known.keys() & named.keys():
                for column in _differences(known[key], named[key]):
                    setattr(known[key], column, getattr(named[key], column))
    return changes


def top_up(now: datetime, *, legal: Callable[[Iterable[int]], Sequence[SpecialDay]]) -> int:
    """Add the legal holidays of each year from YEARS_BACK to YEARS_AHEAD that has none; returns how many days.

    ``legal`` gives them. A year that has any stays as it is: somebody may have changed it. To be called at each round
    of the clock: it writes once a year.
    """
    year = to_local(now).year
    wanted = set(range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
    if wanted <= storage.years_of(SpecialKind.LEGAL):
        return 0
    with write_unit():
        days = legal(sorted(wanted - storage.years_of(SpecialKind.LEGAL)))
        storage.add(days)
    return len(days)


def _key(day: SpecialDay | models.SpecialDay) -> str:
    return f"{day.kind} {day.first_day} {day.name}"


def _differences(row: models.SpecialDay, day: SpecialDay) -> tuple[str, ...]:
    columns = ("last_day", "rule", "source")
    return tuple(column for column in columns if getattr(row, column) != getattr(day, column))


def _changes(known: dict[str, models.SpecialDay], named: dict[str, SpecialDay]) -> Changes:
    both = [Change("special day", key, _differences(known[key], named[key])) for key in named if key in known]
    return Changes(
        new=tuple(Change("special day", key) for key in named if key not in known),
        changed=tuple(change for change in both if change.columns),
        same=tuple(change for change in both if not change.columns),
        removed=tuple(Change("special day", key) for key in known if key not in named),
        kept=(),
    )
