"""Weekly use lasts at most six months: before it ends, its asker is asked whether it goes on."""

import logging
from datetime import datetime

from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import NotAPattern, Pattern, renewal_due
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import notices
from zalenzoeker.storage import daily, desks, due, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request

LOG = logging.getLogger(__name__)


def tell(now: datetime) -> int:
    """Ask everybody whose weekly use ends soon, each once; returns how many were asked.

    One that fails keeps nobody else waiting: it is logged, and the next round tries it again.
    """
    count = 0
    for code in due.with_pattern_ending(to_local(now).date()):
        try:
            count += _tell(code, now)
        except Exception:
            LOG.exception("who has %s could not be asked whether it goes on", code)
    return count


def _tell(code: str, now: datetime) -> bool:
    with write_unit():
        request = requests.locked(code)
        if request is None or request.renewal_told_at is not None or not _ends_soon(request, now):
            return False
        request.renewal_told_at = now
        desk = desks.by_id(request.desk_id) if request.desk_id else None
        if desk is None or not daily.wants_reminders(request.contact_email):
            return False
        notices.renewal_due(request, desk, now)
        return True


def _ends_soon(request: Request, now: datetime) -> bool:
    try:
        pattern = Pattern.from_json(request.pattern or {})
    except NotAPattern:
        return False
    days = [date.slot.day for date in request.dates if date.status is Status.APPROVED]
    return bool(days) and pattern.is_renewed and renewal_due(max(days), to_local(now).date())
