"""A desk decides and the ten minutes are over: for tests of what comes of a decision."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from zalenzoeker import clock
from zalenzoeker.domain.deadlines import UNDO_WITHIN
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, may_follow
from zalenzoeker.services import decisions
from zalenzoeker.services.decisions import ChangedMeanwhile, NoLongerFree, ReasonNeeded
from zalenzoeker.storage import requests

__all__ = ["ChangedMeanwhile", "NoLongerFree", "ReasonNeeded", "approve", "cancel", "decide", "refuse", "told"]

AT_ONCE = timedelta(0)


def approve(code: str, **told: Any) -> None:
    """Yes to every date that waits."""
    _all(code, Action.APPROVE, **told)


def refuse(code: str, **told: Any) -> None:
    """No to every date that waits."""
    _all(code, Action.REFUSE, **told)


def cancel(code: str, **told: Any) -> None:
    """The end of every booking of a request."""
    _all(code, Action.CANCEL, **told)


def decide(code: str, answers: Mapping[str, Action], *, by: Actor, now: datetime, **told: Any) -> None:
    """These answers, by the uid of the date, told at once."""
    decisions.decide(code, answers, by=by, now=now, undo_within=AT_ONCE, **told)
    decisions.carry_out(code, now)


def told(code: str) -> None:
    """The ten minutes are over, for whatever was decided on a page."""
    decisions.carry_out(code, clock.now() + UNDO_WITHIN)


def _all(code: str, action: Action, **told: Any) -> None:
    found = requests.by_code(code)
    dates = found.occurrences if found else []
    may = {one.uid: action for one in dates if may_follow(one.status, action)}
    decide(code, may or {one.uid: action for one in dates} or {"": action}, **told)
