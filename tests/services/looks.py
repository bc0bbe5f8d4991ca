"""What the tests of services look at afterwards: who has a room, who was told what, and how much was written."""

from sqlalchemy import func, select

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Event, Letter, Occupancy


def holders() -> list[TakenBy]:
    """What every room is taken by, in the order of the alphabet."""
    db.session.close()
    return sorted(db.session.scalars(select(Occupancy.by)))


def told(email: str) -> list[str]:
    """The kinds of letters to somebody, the oldest first."""
    db.session.close()
    return [one.kind for one in reversed(letters.newest()) if one.recipient == email]


def totals() -> list[int | None]:
    """How many deeds, letters and stretches of taken room there are."""
    db.session.close()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in (Event, Letter, Occupancy)]
