"""A confirmed date is near: its asker is reminded once, and can give it up with one tap."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from zalenzoeker.domain.date_reminders import REMIND_BEFORE, ReleaseState, is_due, state_of
from zalenzoeker.domain.permissions import Actor
from zalenzoeker.domain.requests import Action, NotPossible, Status
from zalenzoeker.domain.series import Scope
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import dates, notices
from zalenzoeker.services.tokens import hash_of, new_token
from zalenzoeker.storage import daily, desks, requests
from zalenzoeker.storage import date_reminders as storage
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import DateReminder, Occurrence, Request

LOG = logging.getLogger(__name__)


class UnknownReminder(Exception):
    """No letter has this link."""


@dataclass(frozen=True)
class Reminded:
    """What a letter reminded of, as it stands now."""

    request: Request
    date: Occurrence
    state: ReleaseState


def tell(now: datetime) -> int:
    """Remind everybody of what is near, each date once; returns of how many.

    One that fails keeps nobody else waiting: it is logged, and the next round tries it again.
    """
    count = 0
    near = storage.near(epoch(now), epoch(now + REMIND_BEFORE))
    # Looked at before anything is locked: what was confirmed in its last week is near in every round.
    for one in [one for one in near if is_due(datetime.fromtimestamp(one.from_epoch, UTC), one.changed_at, now)]:
        try:
            count += _tell(one, now)
        except Exception:
            LOG.exception("who has %s could not be reminded of it", one.code)
    return count


def _tell(near: storage.NearDate, now: datetime) -> bool:
    with write_unit():
        request = requests.locked(near.code)
        date = _date(request, near.uid)
        if request is None or date is None or date.status is not Status.APPROVED:
            return False
        if not is_due(date.slot.starts_at, date.changed_at, now) or storage.was_told(date.id, date.from_epoch):
            return False
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        is_decided_about = request.decision is not None and date.uid in request.decision.answers
        if desk is None or not request.contact_email or is_decided_about:
            return False
        if not daily.wants_reminders(request.contact_email):
            return False
        token = new_token()
        storage.add(
            DateReminder(occurrence_id=date.id, from_epoch=date.from_epoch, token_hash=hash_of(token), created_at=now)
        )
        notices.date_reminder(request, desk, now, date=date, token=token)
        return True


def opened(token: str, now: datetime) -> Reminded:
    """What the link of a letter does now; looking changes nothing. Raises UnknownReminder."""
    near = storage.by_hash(hash_of(token))
    request = requests.by_code(near.code) if near else None
    date = _date(request, near.uid) if near else None
    if near is None or request is None or date is None:
        raise UnknownReminder
    state = state_of(
        date.status, is_same_moment=date.from_epoch == near.from_epoch, starts_at=date.slot.starts_at, now=now
    )
    return Reminded(request, date, state)


def let_go(token: str, *, now: datetime) -> None:
    """Give the date up, as its asker; a second time changes nothing. Raises UnknownReminder, NotPossible."""
    found = opened(token, now)
    if found.state is ReleaseState.GONE:
        return
    if found.state is not ReleaseState.OPEN:
        raise NotPossible(found.date.status, Action.LET_GO)
    asker, date = Actor(found.request.account_id), found.date
    dates.let_go(found.request.code, date.uid, Scope.THIS, by=asker, now=now, only_at=date.from_epoch)


def _date(request: Request | None, uid: str) -> Occurrence | None:
    dates_of = request.occurrences if request else []
    return next((one for one in dates_of if one.uid == uid), None)
