"""Who of a desk is on duty: by hand, or by a rota that begins on a Monday and changes every week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Duty:
    """Somebody (by their account's id) is on duty from the first day until and including the last, by hand."""

    first_day: date
    last_day: date
    account_id: int

    def has(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def meets(self, other: "Duty") -> bool:
        """Do they have a day in common?"""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


@dataclass(frozen=True)
class Rota:
    """The members (by their account's id) in the order in which they take a week each, from a Monday on."""

    begins: date | None = None
    members: tuple[int, ...] = ()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def on_duty(day: date, by_hand: Collection[Duty], rota: Rota) -> int | None:
    """Who is on duty on a day: what was written by hand goes before the rota. None where nobody is."""
    chosen = next((one.account_id for one in by_hand if one.has(day)), None)
    if chosen is not None or rota.begins is None or not rota.members or day < rota.begins:
        return chosen
    week = (monday_of(day) - monday_of(rota.begins)) // WEEK
    return rota.members[week % len(rota.members)]


def next_on_duty(day: date, by_hand: Sequence[Duty], rota: Rota) -> int | None:
    """The first other one who is on duty after whoever is on this day; None where there is no other."""
    now = on_duty(day, by_hand, rota)
    mondays = {monday_of(day) + WEEK * number for number in range(1, len(rota.members) + len(by_hand) + 2)}
    later = sorted(mondays | {one.first_day for one in by_hand if one.first_day > day})
    whoever = (on_duty(one, by_hand, rota) for one in later)
    return next((one for one in whoever if one is not None and one != now), None)
