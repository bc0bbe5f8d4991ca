"""What a desk weighs besides the request itself: other moments asked, rivals, whether the house trusts the group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from zalenzoeker.domain.permissions import Actor, may_decide, may_trust
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.storage import associations, city, desks
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import day_short, hours, when
from zalenzoeker.web.standing import asked_moments, dates_to_show, days_named


@dataclass(frozen=True)
class Change:
    """Another moment that is asked for a confirmed date, with what else happens in the room then."""

    old: str
    new: str
    around: tuple[str, ...]


@dataclass(frozen=True)
class Rival:
    """Another request for the same time; ``href`` is empty where another desk decides about it."""

    words: str
    moments: str
    href: str


@dataclass(frozen=True)
class TrustOf:
    """Whether the house trusts the asking group, what that does here, and whether this person may change it."""

    group: str
    house: str
    is_trusted: bool
    does_something: bool
    may_change: bool


def changes(found: Request, around: Mapping[int, Sequence[str]]) -> list[Change]:
    """What is asked to move. ``around``: what else happens in the room then, by the id of the date."""
    new = asked_moments(found)
    rooms = {one.room_id for one in found.occurrences}

    def moment(one: Occurrence) -> str:
        words = f"{day_short(one.slot.day)}, {hours(one.slot)}"
        return f"{words}, {one.room.name}" if len(rooms) > 1 else words

    return [
        Change(moment(old), moment(new[old.id]), tuple(around.get(new[old.id].id, ())))
        for old in dates_to_show(found)
        if old.id in new
    ]


def rivals(in_order: Sequence[Occurrence], who: Actor | None = None) -> list[Rival]:
    """Each other request that waits for the same, once, with its moments; ``who`` looks, if not who has signed in."""
    who, found = who or actor(), []
    for one, dates in groupby(in_order, key=lambda date: date.request):
        own = list(dates)
        moments = when(own[0].slot) if len(own) == 1 else days_named([date.slot.day for date in own])
        may = may_decide(who, one.parties)
        words = f"{one.activity}, {one.asker}" if may else _("A request that another desk decides about")
        found.append(Rival(words, moments, url_for("desk.show", code=one.code) if may else ""))
    return found


def trust_of(found: Request) -> TrustOf | None:
    """None for somebody who asks for themselves."""
    if found.association is None:
        return None
    venue = found.first.room.venue
    desk = desks.of_venue(venue.id)
    rules = [room.rules.rule(RuleName.INSTANT).value for room in city.city().rooms if room.venue_id == venue.id]
    return TrustOf(
        found.association.name,
        venue.name,
        is_trusted=venue.id in associations.trusting(found.association.id, {venue.id}),
        does_something=any(value.get("trusted") for value in rules),
        may_change=desk is not None and may_trust(actor(), desk.id, found.association.id),
    )
