"""Letters, to read: what was written, to whom, and what became of it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState


def newest(limit: int = 100) -> Sequence[Letter]:
    """The letters written last, newest first, of which it is still kept what they said."""
    kept = select(Letter).where(Letter.forgotten_at.is_(None))
    return db.session.scalars(kept.order_by(Letter.id.desc()).limit(limit)).all()


def by_code(code: str) -> Letter | None:
    return db.session.scalar(select(Letter).where(Letter.code == code))


def count(state: LetterState) -> int:
    return db.session.scalar(select(func.count()).select_from(Letter).where(Letter.state == state)) or 0
