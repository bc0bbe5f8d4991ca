"""Letters for askers without an e-mail address: those to print, and those that were handed over."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter, Request
from zalenzoeker.storage.models.letters import LetterState

ON_PAPER = (LetterState.TO_PRINT, LetterState.PRINTED)


def waiting(desk_ids: Collection[int], *, is_city: bool, limit: int | None = None, skip: int = 0) -> Sequence[Letter]:
    """What these desks still have to print, the oldest first; the city desk sees all. At most ``limit``."""
    query = _of(LetterState.TO_PRINT, desk_ids, is_city=is_city).order_by(Letter.id)
    return db.session.scalars(query.limit(limit).offset(skip)).all()


def handed_over(desk_ids: Collection[int], *, is_city: bool, limit: int = 20) -> Sequence[Letter]:
    """What these desks handed over last, the latest first."""
    query = _of(LetterState.PRINTED, desk_ids, is_city=is_city).options(joinedload(Letter.printed_by))
    return db.session.scalars(query.order_by(Letter.printed_at.desc(), Letter.id.desc()).limit(limit)).all()


def count(desk_ids: Collection[int], *, is_city: bool) -> int:
    query = select(func.count()).select_from(Letter).join(Letter.request)
    of_desks = _of_desks(desk_ids, is_city=is_city)
    return db.session.scalar(query.where(Letter.state == LetterState.TO_PRINT, of_desks)) or 0


def by_code(code: str) -> Letter | None:
    """A letter on paper with the request that it is about."""
    query = _with_request().where(Letter.code == code, Letter.state.in_(ON_PAPER))
    return db.session.scalar(query.options(joinedload(Letter.printed_by)))


def for_change(code: str) -> Letter | None:
    """The same, read anew and locked until the write unit ends, so that it is handed over once."""
    query = _with_request().where(Letter.code == code, Letter.state.in_(ON_PAPER)).with_for_update(of=Letter)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _with_request() -> Select[tuple[Letter]]:
    kept = select(Letter).where(Letter.forgotten_at.is_(None))
    return kept.join(Letter.request).options(contains_eager(Letter.request))


def _of(state: LetterState, desk_ids: Collection[int], *, is_city: bool) -> Select[tuple[Letter]]:
    return _with_request().where(Letter.state == state, _of_desks(desk_ids, is_city=is_city))


def _of_desks(desk_ids: Collection[int], *, is_city: bool) -> ColumnElement[bool]:
    here = or_(Request.desk_id.in_(desk_ids), Request.entered_desk_id.in_(desk_ids))
    return Request.id.is_not(None) if is_city else here
