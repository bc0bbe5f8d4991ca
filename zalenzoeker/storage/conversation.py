"""What was said last about many requests, and the desks and people that a request can be handed to."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from zalenzoeker.domain.conversation import TURN_AFTER
from zalenzoeker.domain.requests import Action
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Desk, DeskMember, Event, Membership


def said(request_ids: Collection[int]) -> dict[int, list[Action]]:
    """What was asked, answered and decided about each of these, the earliest first; none where nothing was."""
    query = select(Event.request_id, Event.action).order_by(Event.id)
    query = query.where(Event.request_id.in_(request_ids), Event.action.in_(TURN_AFTER))
    found: dict[int, list[Action]] = {}
    for request_id, action in db.session.execute(query):
        found.setdefault(request_id, []).append(action)
    return found


def other_desks(desk_id: int | None) -> Sequence[Desk]:
    """The desks besides this one that a letter reaches, by name."""
    query = select(Desk).where(Desk.id != desk_id, or_(Desk.email != "", Desk.members.any()))
    return db.session.scalars(query.order_by(Desk.name, Desk.id)).all()


def colleagues(desk_id: int | None, association_id: int | None) -> Sequence[Account]:
    """The members of a desk, by name; without those of the group that asks."""
    of_group = select(Membership.account_id).where(Membership.association_id == association_id)
    query = select(Account).join(DeskMember, DeskMember.account_id == Account.id)
    query = query.where(DeskMember.desk_id == desk_id, Account.id.not_in(of_group))
    return db.session.scalars(query.order_by(Account.name, Account.email)).all()
