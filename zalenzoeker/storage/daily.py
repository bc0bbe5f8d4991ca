"""Daily letters: who wants them, what is kept for them, and who wants no reminders."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import joinedload

from zalenzoeker.storage.db import db, insert_into
from zalenzoeker.storage.models import DailyLetter, DeskMember, Letter, NoReminders
from zalenzoeker.storage.models.letters import LetterState


def of_desk(desk_id: int) -> Sequence[DailyLetter]:
    """What the readers of a desk chose, each with its account; who is no longer a member is left out."""
    is_member = select(DeskMember.account_id).where(DeskMember.desk_id == desk_id)
    query = (
        select(DailyLetter)
        .where(DailyLetter.desk_id == desk_id)
        .where(or_(DailyLetter.account_id.is_(None), DailyLetter.account_id.in_(is_member)))
        .options(joinedload(DailyLetter.account))
    )
    return db.session.scalars(query.order_by(DailyLetter.id)).all()


def of_reader(desk_id: int, account_id: int | None) -> DailyLetter | None:
    """What this member chose; the shared address, where there is no ``account_id``."""
    same = DailyLetter.account_id.is_(None) if account_id is None else DailyLetter.account_id == account_id
    return db.session.scalar(select(DailyLetter).where(DailyLetter.desk_id == desk_id, same))


def due(day: date) -> list[int]:
    """The ids of those that were not made up for this day, in the order in which they were chosen."""
    is_new = or_(DailyLetter.last_day.is_(None), DailyLetter.last_day < day)
    return list(db.session.scalars(select(DailyLetter.id).where(is_new).order_by(DailyLetter.id)))


def locked(daily_id: int) -> DailyLetter | None:
    """Read anew and locked until the write unit ends, so that two workers make it up once."""
    query = select(DailyLetter).where(DailyLetter.id == daily_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def held(desk_id: int, recipient: str) -> Sequence[Letter]:
    """What is kept for the daily letter to this address, the oldest first; locked until the write unit ends."""
    query = select(Letter).where(_is_held(desk_id, [recipient])).order_by(Letter.id)
    return db.session.scalars(query.with_for_update()).all()


def bundle(letters: Sequence[Letter], now: datetime) -> None:
    """They are told in a daily letter, and go by themselves no more."""
    for one in letters:
        one.state, one.sent_at = LetterState.BUNDLED, now


def release(desk_id: int, recipients: Collection[str], now: datetime) -> None:
    """What was kept for these goes by itself after all."""
    query = update(Letter).where(_is_held(desk_id, recipients)).values(state=LetterState.WAITING, next_try_at=now)
    db.session.execute(query, execution_options={"synchronize_session": False})


def forget(desk_id: int, recipients: Collection[str]) -> None:
    """What was kept for these is for nobody: they belong to the desk no longer."""
    query = delete(Letter).where(_is_held(desk_id, recipients))
    db.session.execute(query, execution_options={"synchronize_session": False})


def with_something_held() -> list[tuple[int, str]]:
    """The desks and addresses for which something is kept."""
    query = select(Letter.desk_id, Letter.recipient).where(Letter.state == LetterState.HELD).distinct()
    return [(desk_id, recipient) for desk_id, recipient in db.session.execute(query) if desk_id is not None]


def _is_held(desk_id: int, recipients: Collection[str]) -> ColumnElement[bool]:
    return (Letter.state == LetterState.HELD) & (Letter.desk_id == desk_id) & Letter.recipient.in_(recipients)


def wants_reminders(email: str) -> bool:
    return db.session.scalar(select(NoReminders.id).where(NoReminders.email == email)) is None


def no_reminders(email: str, now: datetime) -> None:
    """No reminders to this address from now on; a second time changes nothing."""
    row = insert_into(NoReminders).values({"email": email, "since": now})
    db.session.connection().execute(row.on_conflict_do_nothing(index_elements=["email"]))


def reminders_again(email: str) -> None:
    db.session.execute(delete(NoReminders).where(NoReminders.email == email))


def has_daily(desk_id: int, email: str) -> bool:
    """Does a daily letter of this desk go to this address?"""
    return any(one.news and (one.account is None or one.account.email == email) for one in of_desk(desk_id))
