"""The days that are not like others: holidays, school holidays, the Gentse Feesten, the city's closing days."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import exists, select

from zalenzoeker.domain import special_days
from zalenzoeker.domain.special_days import SpecialDays, SpecialKind
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import SpecialDay


def known() -> SpecialDays:
    """Every special day, to look up by day."""
    row = SpecialDay
    query = select(row.kind, row.name, row.first_day, row.last_day, row.source, row.rule)
    lines = db.session.execute(query.order_by(row.first_day, row.id))
    return SpecialDays(tuple(special_days.SpecialDay(*line) for line in lines))


def is_any_of(kinds: Collection[SpecialKind]) -> bool:
    """Whether any day of these kinds is known."""
    return bool(db.session.scalar(select(exists().where(SpecialDay.kind.in_(kinds)))))


def of_kinds(kinds: Collection[SpecialKind]) -> Sequence[SpecialDay]:
    """The rows of these kinds, by day."""
    query = select(SpecialDay).where(SpecialDay.kind.in_(kinds)).order_by(SpecialDay.first_day, SpecialDay.id)
    return db.session.scalars(query).all()


def years_of(kind: SpecialKind) -> set[int]:
    """The years in which a day of this kind begins."""
    return {day.year for day in db.session.scalars(select(SpecialDay.first_day).where(SpecialDay.kind == kind))}


def add(days: Iterable[special_days.SpecialDay]) -> None:
    """Keep these days."""
    db.session.add_all(SpecialDay(**asdict(day)) for day in days)


def remove(rows: Iterable[SpecialDay]) -> None:
    """Forget these rows."""
    for row in rows:
        db.session.delete(row)
