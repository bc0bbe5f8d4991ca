"""Associations: named once, joined by invitation, left without taking anything along."""

import secrets
from datetime import datetime, timedelta

from zalenzoeker.domain.limits import Limited, Visitor
from zalenzoeker.domain.permissions import Actor, NotAllowed
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.services import notices
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import associations, limits
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Association, Invitation, Membership, Request

INVITATION_LIVES = timedelta(days=14)


class NoInvitation(Exception):
    """The invitation is not known, was used, or is too old."""


class NotInvited(Exception):
    """The invitation is for another e-mail address."""


class AlreadyMember(Exception):
    """This address belongs to a member already."""


def create(name: str, kind: RequesterKind, *, enterprise_number: str, by: Actor, now: datetime) -> str:
    """A new association with one member; returns its code. Raises NotAllowed for somebody who has not signed in."""
    with write_unit():
        return _new(name, kind, enterprise_number, by, now).code


def _new(name: str, kind: RequesterKind, enterprise_number: str, by: Actor, now: datetime) -> Association:
    if by.account_id is None:
        raise NotAllowed
    association = Association(
        code=secrets.token_urlsafe(16), name=name, kind=kind, enterprise_number=enterprise_number, created_at=now
    )
    db.session.add(association)
    db.session.flush()
    db.session.add(Membership(association_id=association.id, account_id=by.account_id, since=now))
    db.session.flush()
    return association


def attach(request: Request, by: Actor, now: datetime) -> None:
    """Give a request that was proved its association: the one chosen, one of the same name, or a new one."""
    if request.requester_kind is RequesterKind.PERSON or request.association_id is not None:
        return
    for known in associations.of_account(by.account_id):
        if known.name.casefold() == request.association_name.casefold():
            request.association_id = known.id
            return
    new = _new(request.association_name, request.requester_kind, request.enterprise_number, by, now)
    request.association_id = new.id


def invite(code: str, email: str, *, by: Actor, now: datetime, visitor: Visitor) -> None:
    """Invite somebody by mail; inviting again sends a new letter and ends the old one.

    Raises NotAllowed, AlreadyMember, TooMany.
    """
    email = email.casefold()
    with write_unit():
        association = _own(code, by)
        # Two members who invite the same person at once: the second one's letter goes out, and the first one's ends.
        associations.lock(association.id)
        if any(member.account.email == email for member in association.memberships):
            raise AlreadyMember
        limits.spend(Limited.INVITE_FOR_ACCOUNT, str(by.account_id), now, visitor)
        token = new_token()
        invitation = associations.invitation_to(association.id, email)
        if invitation is None:
            invitation = Invitation(association_id=association.id, email=email)
            db.session.add(invitation)
        invitation.token_hash = hash_of(token)
        invitation.invited_by_id = by.account_id
        invitation.created_at, invitation.expires_at, invitation.accepted_at = now, now + INVITATION_LIVES, None
        notices.invitation(
            email,
            token=token,
            association=association.name,
            invited_by=by.name,
            event_key=f"invitation:{hash_of(token)[:32]}",
            now=now,
        )


def _own(code: str, by: Actor) -> Association:
    association = associations.by_code(code)
    if association is None or association.id not in by.association_ids:
        raise NotAllowed
    return association


def open_invitation(token: str, now: datetime) -> Invitation:
    """The invitation a token belongs to. Raises NoInvitation."""
    invitation = associations.invitation(hash_of(token))
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now:
        raise NoInvitation
    return invitation


def join(token: str, *, by: Actor, now: datetime) -> str:
    """Accept an invitation; returns the association's code. Raises NoInvitation, NotInvited, NotAllowed."""
    if by.account_id is None:
        raise NotAllowed
    with write_unit():
        invitation = associations.invitation(hash_of(token), for_change=True)
        if invitation is None or invitation.expires_at <= now:
            raise NoInvitation
        if invitation.email != by.email:
            raise NotInvited
        if associations.membership(invitation.association_id, by.account_id) is not None:
            # A second click on the same button.
            return invitation.association.code
        if invitation.accepted_at is not None:
            raise NoInvitation
        invitation.accepted_at = now
        db.session.add(Membership(association_id=invitation.association_id, account_id=by.account_id, since=now))
        return invitation.association.code


def leave(code: str, *, by: Actor) -> None:
    """A member leaves; the association and its bookings stay. Raises NotAllowed."""
    with write_unit():
        association = _own(code, by)
        if by.account_id is not None:
            membership = associations.membership(association.id, by.account_id)
            if membership is not None:
                db.session.delete(membership)
