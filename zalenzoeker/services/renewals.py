"""Weekly use lasts at most six months: before it ends, its asker is asked whether it goes on."""

from datetime import datetime

from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.series import NotAPattern, Pattern, renewal_due
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import notices
from zalenzoeker.storage import desks, due, requests
from zalenzoeker.storage.db import write_unit
from zalenzoeker.storage.models import Request


def tell(now: datetime) -> int:
    """Ask everybody whose weekly use ends soon, each once; returns how many were asked."""
    today, count = to_local(now).date(), 0
    for code in due.with_pattern_ending(today):
        with write_unit():
            request = requests.locked(code)
            if request is None or request.renewal_told_at is not None or not _ends_soon(request, now):
                continue
            request.renewal_told_at = now
            desk = desks.by_id(request.desk_id) if request.desk_id else None
            if desk is not None:
                notices.renewal_due(request, desk, now)
                count += 1
    return count


def _ends_soon(request: Request, now: datetime) -> bool:
    try:
        pattern = Pattern.from_json(request.pattern or {})
    except NotAPattern:
        return False
    days = [date.slot.day for date in request.dates if date.status is Status.APPROVED]
    return bool(days) and pattern.is_renewed and renewal_due(max(days), to_local(now).date())
