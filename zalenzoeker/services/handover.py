"""Handing a desk over to the next committee: one offer by mail, one yes, and the old members are out."""

from datetime import datetime, timedelta

from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.services import advice, changes, desk_letters
from zalenzoeker.services.desks import opened
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import decision_links, desks, handovers, limits
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Desk, DeskMember, Handover
from zalenzoeker.storage.models.desks import CITY_DESK

OFFER_LIVES = timedelta(days=14)


class NoOffer(Exception):
    """The offer is not known, was taken back, was answered by somebody else, or is too old."""


class NotForYou(Exception):
    """The offer is for another e-mail address."""


class ToYourself(Exception):
    """Who hands over names somebody else."""


def offer(desk_slug: str, to_email: str, new_email: str, *, by: Actor, now: datetime, visitor: Visitor) -> None:
    """Offer a desk to a successor by mail, and tell its members; an offer that was open no longer works.

    ``new_email``: the shared address of the new committee, empty for none. The city desk is not handed over.
    Raises UnknownDesk, NotAllowed, ToYourself, TooMany.
    """
    to_email = to_email.casefold()
    if to_email == by.email:
        raise ToYourself
    with write_unit():
        desk = opened(desk_slug, by)
        if desk.slug == CITY_DESK:
            raise NotAllowed
        limits.spend(Limited.INVITE_FOR_ACCOUNT, str(by.account_id), now, visitor)
        handovers.revoke_all(desk.id, now)
        token = new_token()
        key = f"handover:{hash_of(token)[:32]}"
        db.session.add(
            Handover(
                desk_id=desk.id,
                token_hash=hash_of(token),
                to_email=to_email,
                new_email=new_email.casefold(),
                by_id=by.account_id,
                created_at=now,
                expires_at=now + OFFER_LIVES,
            )
        )
        changes.log(desk, Subject.HANDOVER, None, {"step": "offered", "to": to_email}, by=by, now=now)
        desk_letters.handover_offered(desk, to_email, token=token, by_name=by.name, event_key=key, now=now)
        told = desk.addresses - {by.email, to_email}
        desk_letters.handover_told(
            desk, told, to_email=to_email, by_name=by.name, is_done=False, event_key=f"{key}:offered", now=now
        )


def revoke(desk_slug: str, *, by: Actor, now: datetime) -> None:
    """Take the open offer of a desk back; without one nothing changes. Raises UnknownDesk, NotAllowed."""
    with write_unit():
        desk = opened(desk_slug, by)
        there = handovers.open_for(desk.id, now)
        if there is None:
            return
        handovers.revoke_all(desk.id, now)
        changes.log(desk, Subject.HANDOVER, None, {"step": "revoked", "to": there.to_email}, by=by, now=now)


def open_offer(token: str, now: datetime) -> Handover:
    """The offer a token belongs to, also once it was confirmed. Raises NoOffer."""
    found = handovers.by_token(hash_of(token))
    if found is None or (found.confirmed_at is None and not _still_stands(found, now)):
        raise NoOffer
    return found


def _still_stands(found: Handover, now: datetime) -> bool:
    """Neither taken back nor too old, and made by somebody who may still hand the desk over."""
    return found.revoked_at is None and found.expires_at > now and desks.runs(found.desk_id, found.by_id)


def confirm(token: str, *, by: Actor, now: datetime) -> str:
    """The successor says yes: from now on the desk is theirs alone. Returns its name; a second yes changes nothing.

    Requests, decisions that wait to be told, rules, routing and bookings stay as they are.
    Raises NotAllowed for somebody who has not signed in, NoOffer, NotForYou.
    """
    if by.account_id is None:
        raise NotAllowed
    with write_unit():
        known = handovers.by_token(hash_of(token))
        # The desk before the offer, as everybody who changes its members does, so that nobody waits in a ring.
        desk = desks.locked(known.desk.slug) if known else None
        found = handovers.locked(known.id) if known else None
        if desk is None or found is None:
            raise NoOffer
        if found.to_email != by.email:
            raise NotForYou
        if found.confirmed_at is not None:
            return desk.name
        if not _still_stands(found, now):
            raise NoOffer
        found.confirmed_at = now
        _hand_over(desk, found, by.account_id, by, now)
        desk_id, name = desk.id, desk.name
    advice.count_anew(desk_id, now)
    return name


def _hand_over(desk: Desk, found: Handover, successor_id: int, by: Actor, now: datetime) -> None:
    """The members and the shared address change, and what was sent to both opens nothing more; nothing else changes."""
    former = {member.id: member.email for member in desk.members if member.id != successor_id}
    told = {*former.values(), desk.email} - {"", found.new_email, by.email}
    before = {"step": "confirmed", "people": sorted(member.id for member in desk.members), "address": desk.email}
    after = {"step": "confirmed", "people": [successor_id], "address": found.new_email}
    desks.end_membership(desk.id, former)
    decision_links.close(desk.id, former, now, is_shared_too=True)
    if not desks.is_member(desk.id, successor_id):
        db.session.add(DeskMember(desk_id=desk.id, account_id=successor_id, since=now))
    desk.email = found.new_email
    changes.log(desk, Subject.HANDOVER, before, after, by=by, now=now)
    desk_letters.handover_told(
        desk,
        told,
        to_email=found.to_email,
        by_name="",
        is_done=True,
        event_key=f"handover:{found.token_hash[:32]}:done",
        now=now,
    )
