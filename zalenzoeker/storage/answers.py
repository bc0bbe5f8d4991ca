"""How fast desks answer: their first decision about each request, and what is told of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from zalenzoeker.domain.requests import Action
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Desk, Event, Request

ANSWERS = (Action.APPROVE, Action.REFUSE)


class Answered(NamedTuple):
    """When a request was asked and when its desk first answered it."""

    desk_id: int
    asked_at: datetime
    answered_at: datetime


def first_of_requests(since: datetime) -> list[Answered]:
    """The first answer of a person to each request, of those since a moment, for the desk that gave it."""
    first = (
        select(func.min(Event.id).label("id"))
        .where(Event.action.in_(ANSWERS), Event.account_id.is_not(None), Event.at > since)
        .group_by(Event.request_id)
        .subquery()
    )
    query = (
        select(Event.desk_id, Request.asked_at, Event.at)
        .join(first, first.c.id == Event.id)
        .join(Request, Request.id == Event.request_id)
        .where(Event.desk_id.is_not(None), Request.asked_at.is_not(None))
    )
    return [Answered(*row) for row in db.session.execute(query)]


def keep_usual_days(days: Mapping[int, int | None]) -> None:
    """Within how many days each of these desks answers; of the others nothing is told. Inside a write unit."""
    for desk in db.session.scalars(select(Desk)):
        if desk.usual_days != days.get(desk.id):
            desk.usual_days = days.get(desk.id)
