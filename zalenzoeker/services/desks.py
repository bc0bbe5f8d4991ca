"""Who belongs to which desk, and which groups a house trusts."""

from datetime import datetime

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.permissions import ANYONE, Actor, NotAllowed, may_trust
from zalenzoeker.domain.places import Manager
from zalenzoeker.services import changes
from zalenzoeker.services.accounts import account_of
from zalenzoeker.storage import associations, desks, venues
from zalenzoeker.storage import changes as told
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, DeskMember, RoutingLine, Trust, Venue
from zalenzoeker.storage.models.desks import DeskKind

KIND_OF_MANAGER = {
    Manager.COMMUNITY_WORKER: DeskKind.COMMUNITY_WORKERS,
    Manager.VOLUNTEER_GROUP: DeskKind.VOLUNTEER_GROUP,
    Manager.RECEPTION: DeskKind.RECEPTION,
    Manager.NON_PROFIT: DeskKind.NON_PROFIT,
    Manager.UNKNOWN: DeskKind.RECEPTION,
}


# A desk's name is data in the city's language, as a place's name is: the city may write another.
NAME_OF_DESK = {
    DeskKind.COMMUNITY_WORKERS: "Team buurtwerk {place}",
    DeskKind.VOLUNTEER_GROUP: "Vrijwilligersgroep {place}",
    DeskKind.RECEPTION: "Onthaal {place}",
    DeskKind.NON_PROFIT: "Beheer {place}",
}


class UnknownDesk(LookupError):
    """No desk and no place has this name."""


def opened(slug: str, by: Actor) -> Desk:
    """The desk, locked, for who belongs to it or to the city desk at this moment; inside a write unit.

    Raises UnknownDesk, NotAllowed.
    """
    desk = desks.locked(slug)
    if desk is None:
        raise UnknownDesk(slug)
    if not desks.runs(desk.id, by.account_id):
        raise NotAllowed
    return desk


def grant(email: str, desk_slug: str, *, now: datetime) -> str:
    """Make somebody a member of a desk; returns the desk's name.

    The name of a place that has no desk yet makes its desk, which from then on decides for that place.
    Raises UnknownDesk.
    """
    with write_unit():
        desk = desks.by_slug(desk_slug) or _desk_of_place(desk_slug)
        account = account_of(email.casefold(), now)
        if not desks.is_member(desk.id, account.id):
            db.session.add(DeskMember(desk_id=desk.id, account_id=account.id, since=now))
            changes.log(desk, Subject.MEMBER, None, {"people": [account.id]}, by=ANYONE, now=now)
        return desk.name


def trust(venue_id: int, association_id: int, *, by: Actor, now: datetime) -> None:
    """From now on this house trusts this group; where its rules say so, it gets a yes at once. A second time is one.

    Raises NotAllowed for whoever does not decide for the house, or belongs to the group.
    """
    with write_unit():
        _check_may_trust(venue_id, association_id, by)
        if associations.trust(venue_id, association_id) is None:
            db.session.add(Trust(venue_id=venue_id, association_id=association_id, since=now))
            _log(venue_id, association_id, by, now, is_trusted=True)


def untrust(venue_id: int, association_id: int, *, by: Actor, now: datetime) -> None:
    """This house no longer trusts this group; what was confirmed stays. Raises what ``trust`` raises."""
    with write_unit():
        _check_may_trust(venue_id, association_id, by)
        if known := associations.trust(venue_id, association_id):
            db.session.delete(known)
            _log(venue_id, association_id, by, now, is_trusted=False)


def _log(venue_id: int, association_id: int, by: Actor, now: datetime, *, is_trusted: bool) -> None:
    venue = db.session.get(Venue, venue_id)
    group = {"group": told.association_name(association_id)}
    if venue is not None:
        before, after = (None, group) if is_trusted else (group, None)
        changes.log(venue, Subject.TRUST, before, after, by=by, now=now)


def _check_may_trust(venue_id: int, association_id: int, by: Actor) -> None:
    associations.lock(association_id)
    desk = desks.of_venue(venue_id)
    if desk is None or not may_trust(by, desk.id, association_id):
        raise NotAllowed


def _desk_of_place(slug: str) -> Desk:
    venue = venues.by_slug(slug)
    if venue is None:
        raise UnknownDesk(slug)
    return add_desk(venue, slug=slug, email="")


def add_desk(venue: Venue, *, slug: str, email: str, is_demo: bool = False) -> Desk:
    """A desk that decides for one place, with the line that routes there; inside a write unit."""
    kind = KIND_OF_MANAGER[venue.managed_by]
    name = NAME_OF_DESK[kind].format(place=venue.name)
    desk = Desk(slug=slug, name=name, kind=kind, email=email, is_demo=is_demo)
    db.session.add(desk)
    db.session.flush()
    db.session.add(RoutingLine(position=100, venue_id=venue.id, desk_id=desk.id, reason=kind.value, is_demo=is_demo))
    return desk
