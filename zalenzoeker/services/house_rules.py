"""The rules of a house and of its rooms, kept by who decides there."""

from datetime import datetime
from typing import Any

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.register import is_rule_value
from zalenzoeker.domain.rules import HouseRules, RuleName, is_possible, rules_for_room
from zalenzoeker.services import changes
from zalenzoeker.services.houses import UnknownHouse, kept
from zalenzoeker.storage import houses
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import RuleLine, Venue


class NotARuleValue(ValueError):
    """The value has not the form that this rule needs, or nobody says why it is so."""


class Contradiction(ValueError):
    """Together with the other rules, nothing could be asked for any more."""


def set_rule(
    venue_slug: str, room_slug: str, name: RuleName, value: Any, source: str, *, by: Actor, now: datetime
) -> None:
    """A rule of a place, or of one of its rooms where ``room_slug`` says which. It holds for what is asked from now on.

    What the register says stays beside it, and holds again when the house says nothing any more.
    Raises UnknownHouse, NotAllowed, NotARuleValue, Contradiction.
    """
    if not is_rule_value(name, value) or not source.strip():
        raise NotARuleValue(name)
    with write_unit():
        venue = kept(venue_slug, by)
        room_id = _room_of(venue, room_slug)
        line = houses.rule_line(venue.id, room_id, name)
        before = _told(venue, room_id, line)
        if line is None:
            is_demo = houses.is_of_demonstration(venue.id)
            line = RuleLine(venue_id=venue.id, room_id=room_id, name=name, is_own=True, is_demo=is_demo)
            db.session.add(line)
        line.value, line.source = value, source.strip()
        changes.log(venue, Subject.RULE, before, _told(venue, room_id, line), by=by, now=now)
        db.session.flush()
        if not is_possible(_rules(venue, room_id)):
            raise Contradiction(name)


def drop_rule(venue_slug: str, room_slug: str, name: RuleName, *, by: Actor, now: datetime) -> None:
    """The rule of the register, the place or the city holds again. Raises UnknownHouse, NotAllowed, Contradiction."""
    with write_unit():
        venue = kept(venue_slug, by)
        room_id = _room_of(venue, room_slug)
        line = houses.rule_line(venue.id, room_id, name)
        if line is not None:
            changes.log(venue, Subject.RULE, _told(venue, room_id, line), None, by=by, now=now)
            db.session.delete(line)
            db.session.flush()
        if not is_possible(_rules(venue, room_id)):
            raise Contradiction(name)


def _told(venue: Venue, room_id: int | None, line: RuleLine | None) -> dict[str, Any] | None:
    """A rule as the log keeps it."""
    if line is None:
        return None
    room = houses.room_names(venue.id).get(room_id, "") if room_id else ""
    return {"name": line.name.value, "room": room, "value": line.value, "source": line.source}


def _rules(venue: Venue, room_id: int | None) -> HouseRules:
    """The rules of a room, or those of the place where it names no room."""
    return rules_for_room(one.rule for one in houses.rule_lines(venue.id) if one.room_id in (None, room_id))


def _room_of(venue: Venue, room_slug: str) -> int | None:
    if not room_slug:
        return None
    room_id = houses.room_id(venue.id, room_slug)
    if room_id is None:
        raise UnknownHouse
    return room_id
