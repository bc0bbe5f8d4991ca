"""What a desk decides about itself: after how many days who steps in, when it is away, and who is on duty."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.duty import Duty as Stretch
from zalenzoeker.domain.duty import monday_of
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import changes, desk_clock
from zalenzoeker.services.desks import opened
from zalenzoeker.storage import accounts, desks, duty
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Account, Desk, Duty, DutyRota, QuietPeriod


class UnknownCrew(LookupError):
    """There is no such member, deputy, quiet period or duty."""


class AlreadyOnDuty(Exception):
    """Somebody is on duty on one of these days already; the message is their name."""


@dataclass(frozen=True)
class Days:
    """After how many days the desk is reminded, its deputy (a desk's slug, or empty) and the city desk step in."""

    reminder: int
    deputy: int
    city: int
    counts_working_days: bool
    deputy_desk: str = ""


def set_days(slug: str, days: Days, *, by: Actor, now: datetime) -> None:
    """The days of the steps; what waits is counted anew. Raises UnknownDesk, NotAllowed, UnknownCrew."""
    with write_unit():
        desk = opened(slug, by)
        deputy = desks.by_slug(days.deputy_desk) if days.deputy_desk else None
        if days.deputy_desk and (deputy is None or deputy.id == desk.id):
            raise UnknownCrew(days.deputy_desk)
        before = _deadlines(desk)
        desk.reminder_days, desk.deputy_days, desk.city_days = days.reminder, days.deputy, days.city
        desk.counts_working_days = days.counts_working_days
        desk.deputy_desk_id = deputy.id if deputy else None
        changes.log(desk, Subject.DEADLINES, before, _deadlines(desk), by=by, now=now)
        desk_id = desk.id
    desk_clock.recount(desk_id)


def be_quiet(slug: str, first: date, last: date, reason: str, *, by: Actor, now: datetime) -> None:
    """The desk does not answer on these days; the same period twice is one. Raises UnknownDesk, NotAllowed."""
    with write_unit():
        desk = opened(slug, by)
        known = duty.quiet_periods([desk.id], first)
        if not any((one.first_day, one.last_day) == (first, last) for one in known):
            db.session.add(QuietPeriod(desk_id=desk.id, first_day=first, last_day=last, reason=reason))
            changes.log(desk, Subject.QUIET, None, changes.of_quiet(first, last, reason), by=by, now=now)
        desk_id = desk.id
    desk_clock.recount(desk_id)


def end_quiet(slug: str, period_id: int, *, by: Actor, now: datetime) -> None:
    """It answers on those days after all. Raises UnknownDesk, NotAllowed, UnknownCrew."""
    with write_unit():
        desk = opened(slug, by)
        period = duty.quiet_period(desk.id, period_id)
        if period is None:
            raise UnknownCrew
        gone = changes.of_quiet(period.first_day, period.last_day, period.reason)
        changes.log(desk, Subject.QUIET, gone, None, by=by, now=now)
        db.session.delete(period)
        desk_id = desk.id
    desk_clock.recount(desk_id)


def put_on_duty(slug: str, account: str, first: date, last: date, *, by: Actor, now: datetime) -> str:
    """A member (by the code of their account) is on duty on these days, whatever the rota says. Returns their name.

    The same once more changes nothing. Raises UnknownDesk, NotAllowed, UnknownCrew, AlreadyOnDuty.
    """
    with write_unit():
        desk = opened(slug, by)
        member = _member(desk, account)
        wanted = Stretch(first, last, member.id)
        for one in duty.by_hand(desk.id, first):
            there = Stretch(one.first_day, one.last_day, one.account_id)
            if there == wanted:
                break
            if there.meets(wanted):
                raise AlreadyOnDuty(one.account.name or one.account.email)
        else:
            db.session.add(Duty(desk_id=desk.id, first_day=first, last_day=last, account_id=member.id))
            changes.log(desk, Subject.DUTY, None, changes.of_duty([member.id], first, last), by=by, now=now)
        return member.name or member.email


def take_off_duty(slug: str, duty_id: int, *, by: Actor, now: datetime) -> None:
    """The rota counts again on those days. Raises UnknownDesk, NotAllowed, UnknownCrew."""
    with write_unit():
        desk = opened(slug, by)
        found = duty.one_by_hand(desk.id, duty_id)
        if found is None:
            raise UnknownCrew
        gone = changes.of_duty([found.account_id], found.first_day, found.last_day)
        changes.log(desk, Subject.DUTY, gone, None, by=by, now=now)
        db.session.delete(found)


def join_rota(slug: str, account: str, *, by: Actor, now: datetime) -> None:
    """A member takes turns, after the others; the first one begins this week.

    Raises UnknownDesk, NotAllowed, UnknownCrew.
    """

    def added(order: list[int], member: int) -> list[int]:
        return order if member in order else [*order, member]

    _reorder(slug, account, added, by=by, now=now)


def leave_rota(slug: str, account: str, *, by: Actor, now: datetime) -> None:
    """A member takes no turns any more. Raises UnknownDesk, NotAllowed, UnknownCrew."""
    _reorder(slug, account, lambda order, member: [one for one in order if one != member], by=by, now=now)


def move_in_rota(slug: str, account: str, *, is_up: bool, by: Actor, now: datetime) -> None:
    """A member changes places with the one before, or after. Raises UnknownDesk, NotAllowed, UnknownCrew."""

    def moved(order: list[int], member: int) -> list[int]:
        if member not in order:
            return order
        place = order.index(member)
        other = place + (-1 if is_up else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        return order

    _reorder(slug, account, moved, by=by, now=now)


def _reorder(
    slug: str, account: str, change: Callable[[list[int], int], list[int]], *, by: Actor, now: datetime
) -> None:
    with write_unit():
        desk = opened(slug, by)
        former = [one.id for one in duty.rota(desk.id)]
        order = change([*former], _member(desk, account).id)
        changes.log(desk, Subject.DUTY, changes.of_duty(former), changes.of_duty(order), by=by, now=now)
        for row in duty.rota_rows(desk.id):
            db.session.delete(row)
        db.session.flush()
        rows = [DutyRota(desk_id=desk.id, account_id=one, position=place) for place, one in enumerate(order)]
        db.session.add_all(rows)
        desk.rota_from = (desk.rota_from or monday_of(to_local(now).date())) if order else None


def _deadlines(desk: Desk) -> dict[str, Any]:
    """When who steps in, as the log keeps it."""
    deputy = desks.by_id(desk.deputy_desk_id) if desk.deputy_desk_id else None
    return {
        "days": [desk.reminder_days, desk.deputy_days, desk.city_days],
        "counts_working_days": desk.counts_working_days,
        "deputy": deputy.name if deputy else "",
    }


def _member(desk: Desk, account: str) -> Account:
    member = accounts.by_code(account)
    if member is None or not desks.is_member(desk.id, member.id):
        raise UnknownCrew(account)
    return member
