"""What a desk weighs besides the request itself: other moments asked, rivals, whether the house trusts the group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.permissions import Actor, may_decide, may_trust
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import associations, city, desks, history
from zalenzoeker.storage.history import History
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.dates import day_plain, day_short, hours
from zalenzoeker.web.standing import asked_moments, dates_to_show, days_named


@dataclass(frozen=True)
class Change:
    """Another moment that is asked for a confirmed date, with what else happens in the room then."""

    old: str
    new: str
    around: tuple[str, ...]


@dataclass(frozen=True)
class Rival:
    """One of the requests for the same time; ``found`` is None where another desk decides about it.

    ``hours``: of one date, empty where there are several; ``days``: when; ``asked``: on which day; ``before``: what its
    asker had in this place; ``is_this``: the one that the page is about.
    """

    hours: str
    days: str
    asked: str
    found: Request | None
    before: tuple[str, ...] = ()
    is_this: bool = False


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


def rivals(
    found: Request, asked: Sequence[Occurrence], in_line: Sequence[Occurrence], who: Actor | None = None
) -> list[Rival]:
    """This request and each that waits for the same, to lay beside each other; nothing where nobody else does.

    ``who`` looks, if not who has signed in.
    """
    if not in_line:
        return []
    who = who or actor()
    others = [(one, list(dates)) for one, dates in groupby(in_line, key=lambda date: date.request)]
    known = [found, *(one for one, _dates in others if may_decide(who, one.parties))]
    before = history.of_askers(known, found.first.room.venue_id, clock.now())
    return [_rival(one, dates, before.get(one.id), is_this=one is found) for one, dates in [(found, asked), *others]]


def _rival(one: Request, dates: Sequence[Occurrence], had: History | None, *, is_this: bool) -> Rival:
    asked = day_plain(to_local(one.asked_at).date()) if one.asked_at else ""
    if had is None:
        return Rival(*_moments(dates), asked, None)
    return Rival(*_moments(dates), asked, one, tuple(before_said(had)), is_this=is_this)


def _moments(dates: Sequence[Occurrence]) -> tuple[str, str]:
    if len(dates) == 1:
        return hours(dates[0].slot), day_short(dates[0].slot.day)
    return "", days_named([date.slot.day for date in dates])


def before_said(had: History) -> list[str]:
    """What an asker had in this place before, a sentence each; the first one always."""
    said = [_took_place(had.took_place, had.last)]
    if had.to_come:
        said.append(ngettext("%(num)d date to come", "%(num)d dates to come", had.to_come))
    if late := had.given_up_late:
        said.append(ngettext("gave up %(num)d date very late", "gave up %(num)d dates very late", late))
    return said


def _took_place(number: int, last: date | None) -> str:
    if last is None:
        return _("not here before")
    day = day_short(last)
    return ngettext("was here once, on %(day)s", "was here %(num)d times, last on %(day)s", number, day=day)


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
