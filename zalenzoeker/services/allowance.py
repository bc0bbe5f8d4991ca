"""How much one asker may have at a time, judged again where nobody else of theirs can ask meanwhile."""

from collections.abc import Collection, Mapping

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.slots import Week
from zalenzoeker.services.wishes import Wish
from zalenzoeker.storage import counts


class Outrun(Exception):
    """Another request of the same asker was just before: together they would be too many, or too long."""


def check(wish: Wish, places: Mapping[str, KnownRoom], by: Actor, exceptions: Collection[str]) -> None:
    """Judge what the rules say of how much, inside the write unit of a wish that is not written yet; one statement.

    ``exceptions``: the codes of what the house is asked to set aside. Of a stranger it is judged when they prove who
    they are. Raises Outrun.
    """
    if not by.is_signed_in:
        return
    rules = [place.rules for place in places.values()]
    most = min(one.open_requests for one in rules)
    is_week_counted = (
        wish.takes_space and wish.association_id is not None and any(one.week_hours is not None for one in rules)
    )
    counts.lock_asker(by.account_id, wish.association_id)
    if not is_week_counted:
        if counts.open_count(by.account_id, wish.association_id) >= most:
            raise Outrun
        return
    days = [date.slot.day for date in wish.wanted]
    venue_ids = {place.venue_id for place in places.values()}
    weeks = Week.of(min(days)), Week.of(max(days))
    count, used = counts.open_count_and_week_minutes(by.account_id, wish.association_id, venue_ids, *weeks)
    if count >= most:
        raise Outrun
    if Code.TOO_MANY_HOURS.value not in exceptions and _is_too_long(wish, places, used):
        raise Outrun


def _is_too_long(wish: Wish, places: Mapping[str, KnownRoom], used: dict[tuple[int, Week], int]) -> bool:
    for date in wish.wanted:
        place = places[date.room]
        week = place.venue_id, Week.of(date.slot.day)
        used[week] = used.get(week, 0) + date.slot.minutes
        if place.rules.week_hours is not None and used[week] > 60 * place.rules.week_hours:
            return True
    return False
