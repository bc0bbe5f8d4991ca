"""What residents see of a booking or of a house's own programme: published, changed, taken out of the agenda."""

from datetime import datetime

from zalenzoeker.storage import activities
from zalenzoeker.storage.models import Activity, OwnProgramme

COPIED = ("text", "theme", "audience", "price", "sign_up", "is_accessible", "languages", "picture", "picture_words")


def stand_by_line(
    row: OwnProgramme, now: datetime, *, former_title: str = "", like: OwnProgramme | None = None
) -> None:
    """Give a line of own programme its activity, inside the write unit of the line; one that is there follows its name.

    ``former_title``: of the line; where residents read other words than that, those stay. ``like``: another line of
    which one date became this one, and whose words go along.
    """
    known = activities.of_line(row.id)
    if known is not None:
        if known.title == former_title != row.title:
            known.title, known.changed_at = row.title, now
        return
    if row.is_public:
        before = activities.of_line(like.id) if like is not None else None
        new = activities.add(row.title, now, is_demo=row.is_demo, programme_id=row.id)
        if before is not None:
            _copy(before, new)


def _copy(before: Activity, new: Activity) -> None:
    new.title = before.title
    for name in COPIED:
        setattr(new, name, getattr(before, name))
