"""Asking and deciding as the demonstration's people, through the same services as everybody."""

import secrets
from datetime import datetime, timedelta

from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, may_follow
from zalenzoeker.domain.slots import Slot
from zalenzoeker.services import decisions, wishes
from zalenzoeker.services import requests as asking
from zalenzoeker.services.demo_facts import Group
from zalenzoeker.storage import accounts, demo
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

VISITOR = Visitor(is_limited=False)
# What was decided in the past was told then.
AT_ONCE = timedelta(0)


def ask(
    room: str, slot: Slot, group: Group, *, activity: str, people: int, is_public: bool, now: datetime
) -> str | None:
    """Ask for a room (``venue/room``) as the member of this group; the code, or None when it cannot be had."""
    account = accounts.by_email(group.person.email)
    assert account is not None, "the people were made first"
    by = accounts.actor(account)
    wish = wishes.Wish(
        dates=(wishes.WishedDate(room, slot),),
        activity=activity,
        people=people,
        is_public=is_public,
        requester_kind=group.kind,
        association_id=min(by.association_ids),
        association_name=group.name,
        contact_name=group.person.name,
        contact_email=group.person.email,
        form_key=secrets.token_urlsafe(16),
    )
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
