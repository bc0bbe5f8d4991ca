"""The hours in which the rooms of a house can be asked, kept by who decides there."""

from datetime import datetime

from zalenzoeker.domain.changes import Subject, check_version
from zalenzoeker.domain.hours import Week, check_week
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.services import changes
from zalenzoeker.services.houses import UnknownHouse, kept
from zalenzoeker.storage import houses, openings
from zalenzoeker.storage.db import write_unit


def set_week(venue_slug: str, room_slug: str, week: Week, *, by: Actor, now: datetime, version: str) -> None:
    """The hours of a house, or of one of its rooms, by weekday in minutes since midnight.

    A day without hours is a day on which it is closed; a room without any has the hours of its house. What was
    promised stays. ``version``: of the hours that were looked at. Raises UnknownHouse, NotAllowed, NotAWeek,
    ChangedMeanwhile.
    """
    check_week(week)
    wanted = {weekday: sorted(periods) for weekday, periods in week.items() if periods}
    with write_unit():
        venue = kept(venue_slug, by)
        openings.lock(venue.id)
        room_id = houses.room_id(venue.id, room_slug) if room_slug else None
        if room_slug and room_id is None:
            raise UnknownHouse
        former = openings.week_of(venue.id, room_id)
        if wanted == former:
            return
        check_version(as_kept(former), version)
        openings.replace(venue.id, room_id, wanted, is_demo=houses.is_of_demonstration(venue.id))
        room = houses.room_names(venue.id).get(room_id, "") if room_id else ""
        for weekday in range(7):
            day = {"room": room, "weekday": weekday}
            before, after = ({**day, "periods": _periods(one, weekday)} for one in (former, wanted))
            changes.log(venue, Subject.HOURS, before, after, by=by, now=now)


def as_kept(week: Week) -> list[list[list[int]]]:
    """The hours in the form whose version is compared."""
    return [_periods(week, weekday) for weekday in range(7)]


def _periods(week: Week, weekday: int) -> list[list[int]]:
    return [[starts, ends] for starts, ends in week.get(weekday, [])]
