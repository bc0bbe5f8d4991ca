"""Letters, to read: what was written, to whom, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

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


def for_change(code: str) -> Letter | None:
    """A letter, read anew and locked until the write unit ends."""
    query = select(Letter).where(Letter.code == code).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def lost(*, limit: int | None = None, skip: int = 0) -> Sequence[Letter]:
    """Letters that were given up or came back, the newest first, each with its request."""
    query = select(Letter).where(_is_lost()).options(joinedload(Letter.request))
    return db.session.scalars(query.order_by(Letter.id.desc()).limit(limit).offset(skip)).all()


def lost_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Letter).where(_is_lost())) or 0


def sent_again(limit: int = 20) -> Sequence[Letter]:
    """Letters that were put on their way once more, the latest first."""
    query = select(Letter).where(Letter.again_at.is_not(None)).options(joinedload(Letter.again_by))
    return db.session.scalars(query.order_by(Letter.again_at.desc(), Letter.id.desc()).limit(limit)).all()


def with_request(code: str) -> Letter | None:
    """A letter with its request and who sent it again."""
    query = select(Letter).where(Letter.code == code)
    return db.session.scalar(query.options(joinedload(Letter.request), joinedload(Letter.again_by)))


class KnownLetter(NamedTuple):
    """A letter of a request without what it says, as its timeline needs it."""

    kind: str
    event_key: str
    recipient: str
    desk_id: int | None
    state: LetterState
    last_error: str
    created_at: datetime
    next_try_at: datetime
    sent_at: datetime | None
    bounced_at: datetime | None
    printed_at: datetime | None

    @property
    def is_for_desk(self) -> bool:
        """As ``telling.put`` wrote it into its key."""
        return self.event_key.split(":")[3:4] == ["desk"]


def of_request(request_id: int) -> list[KnownLetter]:
    """Every letter about a request, in the order in which they were written."""
    columns = [getattr(Letter, name) for name in KnownLetter._fields]
    query = select(*columns).where(Letter.request_id == request_id).order_by(Letter.id)
    return [KnownLetter(*row) for row in db.session.execute(query)]


def _is_lost() -> ColumnElement[bool]:
    return or_(Letter.state == LetterState.DEAD, Letter.bounced_at.is_not(None))
