"""The activity of a line of own programme: there with the line, and following its name."""

from datetime import datetime

from zalenzoeker.storage import activities, programme_dates
from zalenzoeker.storage.models import Activity, OwnProgramme

COPIED = ("text", "theme", "audience", "price", "sign_up", "is_accessible", "languages", "picture", "picture_words")


def stand_by_line(
    row: OwnProgramme, now: datetime, *, former_title: str = "", like: OwnProgramme | None = None
) -> None:
    """Give a line of own programme its activity, inside the write unit of the line; one that is there follows its name.

    A date that was moved has the activity of its own line. ``former_title``: of the line; where residents read other
    words than that, those stay. ``like``: another line, whose words go along.
    """
    known = activities.of_line(programme_dates.line_of_words(row.id))
    if known is not None:
        if known.title == former_title != row.title and known.programme_id == row.id:
            known.title, known.changed_at = row.title, now
        return
    if row.is_public:
        before = activities.of_line(like.id) if like is not None else None
        new = activities.add(row.title, now, is_demo=row.is_demo, programme_id=row.id)
        if before is not None:
            _copy(before, new)


def moved_follow(row: OwnProgramme, now: datetime) -> None:
    """What a line is called, and who may read that, holds for its dates that were moved too; in its write unit."""
    for one in programme_dates.moved_from(row.id):
        told = row.title, row.is_public, row.is_shielded
        if (one.title, one.is_public, one.is_shielded) != told:
            (one.title, one.is_public, one.is_shielded), one.changed_at = told, now


def _copy(before: Activity, new: Activity) -> None:
    new.title = before.title
    for name in COPIED:
        setattr(new, name, getattr(before, name))
