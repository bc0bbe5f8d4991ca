"""Asking and deciding as the demonstration's people, through the same services as everybody."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, RequesterKind, may_follow
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import decisions, wishes
from zalenzoeker.services import requests as asking
from zalenzoeker.services.demo_facts import Group, Person
from zalenzoeker.storage import accounts, demo
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

VISITOR = Visitor(is_limited=False)
# What was decided in the past was told then.
AT_ONCE = timedelta(0)


def actor_of(person: Person) -> Actor:
    """One of the demonstration's people, who were made first."""
    account = accounts.by_email(person.email)
    assert account is not None, "the people were made first"
    return accounts.actor(account)


def ask(
    room: str, slot: Slot, group: Group, *, activity: str, people: int, is_public: bool, now: datetime
) -> str | None:
    """Ask for a room (``venue/room``) as the member of this group; the code, or None when it cannot be had."""
    wish = wish_of(group, room, slot, activity=activity, people=people, is_public=is_public)
    return send(wish, by=actor_of(group.person), now=now)


def wish_of(
    asker: Group | Person, room: str, slot: Slot, *, activity: str, people: int, is_public: bool
) -> wishes.Wish:
    """What somebody asks for their group, or for themselves."""
    person = asker.person if isinstance(asker, Group) else asker
    wish = wishes.Wish(
        dates=(wishes.WishedDate(room, slot),),
        activity=activity,
        people=people,
        is_public=is_public,
        requester_kind=RequesterKind.PERSON,
        contact_name=person.name,
        contact_email=person.email,
        form_key=secrets.token_urlsafe(16),
    )
    if isinstance(asker, Person):
        return wish
    group = min(actor_of(person).association_ids)
    return replace(wish, requester_kind=asker.kind, association_id=group, association_name=asker.name)


def send(wish: wishes.Wish, *, by: Actor, now: datetime) -> str | None:
    """Ask it; the code, or None when it cannot be had."""
    try:
        code = asking.ask(wish, by=by, now=now, visitor=VISITOR).code
    except wishes.Refused:
        return None
    with write_unit():
        demo.mark(code)
    return code


def decide(request: Request, action: Action, *, by: Actor, now: datetime, note: str = "") -> None:
    """The same answer to every date that waits, told at once."""
    answers = {date.uid: action for date in request.occurrences if may_follow(date.status, action)}
    version = request.version
    decisions.decide(request.code, answers, by=by, now=now, version=version, note=note, undo_within=AT_ONCE)
    decisions.carry_out(request.code, now)
