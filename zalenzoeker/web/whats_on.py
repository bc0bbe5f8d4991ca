"""What is on for everybody, as posters, screens and frames show it: read from the activities, with where each is."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.feeds import since
from zalenzoeker.domain.programme import span_of
from zalenzoeker.domain.slots import to_local
from zalenzoeker.domain.whats_on import Event
from zalenzoeker.storage import activities
from zalenzoeker.web.absolute import absolute


def events(
    rooms: Iterable[KnownRoom], first: date, last: date, now: datetime, *, themes: Collection[Theme] = ()
) -> list[Event]:
    """Public activities in these rooms that touch these days, those that fell away included; never a person.

    Beside the title stands the room where a place has several; ``themes``: only of these, none for all.
    """
    known = {room.id: room for room in rooms}
    if not known:
        return []
    found = activities.listed(*span_of(first, last), room_ids=known, themes=themes, since=since(to_local(now).date()))
    return [_event(one, known[one.room_id]) for one in found]


def _event(one: activities.Listed, room: KnownRoom) -> Event:
    return Event(
        key=one.uid,
        title=one.title,
        slot=one.slot,
        room_id=one.room_id,
        place=room.name,
        page=absolute("activities.show", code=one.code),
        is_cancelled=one.is_cancelled,
    )
