"""When desks are away, how they count their days, and who of them is on duty."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from zalenzoeker.domain import deadlines, duty
from zalenzoeker.domain.deadlines import DeskTimes
from zalenzoeker.domain.special_days import SpecialDays
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Desk, DeskMember, Duty, DutyRota, QuietPeriod


def times_of(desk_ids: Collection[int], special: SpecialDays, since: date) -> dict[int, DeskTimes]:
    """How each of these desks counts its days, with its quiet periods that end on this day or later."""
    columns = Desk.id, Desk.reminder_days, Desk.deputy_days, Desk.city_days, Desk.counts_working_days
    quiet: dict[int, list[deadlines.QuietPeriod]] = {}
    for row in quiet_periods(desk_ids, since):
        period = deadlines.QuietPeriod(row.first_day, row.last_day, row.reason)
        quiet.setdefault(row.desk_id, []).append(period)
    lines = db.session.execute(select(*columns).where(Desk.id.in_(desk_ids)))
    return {desk_id: DeskTimes(*days, tuple(quiet.get(desk_id, ())), special) for desk_id, *days in lines}


def quiet_periods(desk_ids: Collection[int], since: date) -> Sequence[QuietPeriod]:
    """The quiet periods of these desks that end on this day or later, the earliest first."""
    query = select(QuietPeriod).where(QuietPeriod.desk_id.in_(desk_ids), QuietPeriod.last_day >= since)
    return db.session.scalars(query.order_by(QuietPeriod.first_day, QuietPeriod.id)).all()


def quiet_period(desk_id: int, period_id: int) -> QuietPeriod | None:
    """This period, when it is one of this desk."""
    return db.session.scalar(select(QuietPeriod).where(QuietPeriod.id == period_id, QuietPeriod.desk_id == desk_id))


def by_hand(desk_id: int, since: date) -> Sequence[Duty]:
    """The duties entered by hand that end on this day or later, of who is still a member, the earliest first."""
    query = (
        select(Duty)
        .join(DeskMember, (DeskMember.desk_id == Duty.desk_id) & (DeskMember.account_id == Duty.account_id))
        .where(Duty.desk_id == desk_id, Duty.last_day >= since)
        .options(joinedload(Duty.account))
    )
    return db.session.scalars(query.order_by(Duty.first_day, Duty.id)).all()


def one_by_hand(desk_id: int, duty_id: int) -> Duty | None:
    """This duty, when it is one of this desk."""
    return db.session.scalar(select(Duty).where(Duty.id == duty_id, Duty.desk_id == desk_id))


def rota(desk_id: int) -> Sequence[Account]:
    """Who takes turns, in order; who is no longer a member is left out."""
    query = (
        select(Account)
        .join(DutyRota, DutyRota.account_id == Account.id)
        .join(DeskMember, (DeskMember.desk_id == DutyRota.desk_id) & (DeskMember.account_id == Account.id))
        .where(DutyRota.desk_id == desk_id)
    )
    return db.session.scalars(query.order_by(DutyRota.position)).all()


def rota_rows(desk_id: int) -> Sequence[DutyRota]:
    return db.session.scalars(select(DutyRota).where(DutyRota.desk_id == desk_id)).all()


def on_duty(desk_id: int, day: date) -> Account | None:
    """Who of a desk is on duty on a day."""
    found = duty.on_duty(day, *_known(desk_id, day))
    return None if found is None else db.session.get(Account, found)


def next_on_duty(desk_id: int, day: date) -> Account | None:
    """The first other one who is on duty after whoever is on this day."""
    found = duty.next_on_duty(day, *_known(desk_id, day))
    return None if found is None else db.session.get(Account, found)


def _known(desk_id: int, since: date) -> tuple[list[duty.Duty], duty.Rota]:
    hand = [duty.Duty(one.first_day, one.last_day, one.account_id) for one in by_hand(desk_id, since)]
    desk = db.session.get(Desk, desk_id)
    begins = desk.rota_from if desk else None
    members = tuple(one.id for one in rota(desk_id)) if begins else ()
    return hand, duty.Rota(begins, members)


def is_quiet(desk_id: int, day: date) -> bool:
    query = select(func.count()).select_from(QuietPeriod)
    of_day = query.where(QuietPeriod.desk_id == desk_id, QuietPeriod.first_day <= day, QuietPeriod.last_day >= day)
    return bool(db.session.scalar(of_day))
