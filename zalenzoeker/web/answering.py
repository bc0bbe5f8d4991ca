"""When an answer comes, in words: within how many days as a rule, by when at the latest, and whether a crew is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker.domain.deadlines import DeskTimes, answer_by
from zalenzoeker.domain.slots import to_local
from zalenzoeker.storage import city, duty
from zalenzoeker.storage.models import Desk, Request
from zalenzoeker.web.dates import day_long


@dataclass(frozen=True)
class AnswerTime:
    """``said``: when an answer comes; ``away``: that the crew is not there now, and until when. Both may be empty."""

    said: str = ""
    away: str = ""

    @property
    def words(self) -> str:
        return " ".join(one for one in (self.said, self.away) if one)


def if_asked_now(desk: Desk | None, now: datetime, starts_at: datetime | None = None) -> AnswerTime:
    """For whoever asks this desk now; ``starts_at``: of what they ask, where that is known."""
    if desk is None:
        return AnswerTime()
    times = _times(desk, now)
    # What is far enough ahead changes nothing.
    until = answer_by(now, starts_at or now + timedelta(days=2 * 366), times)
    return AnswerTime(_said(desk, until), _away(times, now, until))


def of_request(request: Request, now: datetime) -> AnswerTime:
    """For a request that waits at its desk, which was read with it."""
    if request.desk is None or request.answer_by is None:
        return AnswerTime()
    times = _times(request.desk, now)
    return AnswerTime(_said(request.desk, request.answer_by), _away(times, now, request.answer_by))


def _times(desk: Desk, now: datetime) -> DeskTimes:
    return duty.times_of([desk.id], city.city().special, to_local(now).date())[desk.id]


def _said(desk: Desk, until: datetime) -> str:
    day = day_long(to_local(until).date())
    if desk.usual_days is None:
        return _("You get an answer by %(day)s at the latest.", day=day)
    return _("The house usually answers within %(days)s, by %(day)s at the latest.", days=_days(desk), day=day)


def _days(desk: Desk) -> str:
    if desk.counts_working_days:
        return ngettext("%(num)d working day", "%(num)d working days", desk.usual_days or 0)
    return ngettext("%(num)d day", "%(num)d days", desk.usual_days or 0)


def _away(times: DeskTimes, now: datetime, until: datetime) -> str:
    today = to_local(now).date()
    last, quiet = times.quiet_until(today), times.quiet_on(today)
    if last is None or quiet is None:
        return ""
    told = {"day": day_long(last), "reason": quiet.reason}
    if to_local(until).date() <= last:
        return _("The crew is away until and including %(day)s (%(reason)s). Others look at it meanwhile.", **told)
    return _("The crew is away until and including %(day)s (%(reason)s). They look at it after that.", **told)
