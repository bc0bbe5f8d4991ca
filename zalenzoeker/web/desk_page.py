"""The page of one request as its desk sees it: what was asked, the days around it, and the decision."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import abort, request
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import (
    NotAllowed,
    OwnRequest,
    check_may_decide,
    is_asker,
    is_own,
    may_decide,
    may_speak_for,
)
from zalenzoeker.domain.requests import DECISIONS, Action, Status, may_follow
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services.decisions import is_too_late
from zalenzoeker.storage import desks, history, queue
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.advice import has_voted_for
from zalenzoeker.storage.models import Decision, Occurrence, Request
from zalenzoeker.web.access import actor
from zalenzoeker.web.around import days_around, fit, same_day
from zalenzoeker.web.dates import clock as clock_words
from zalenzoeker.web.dates import when
from zalenzoeker.web.decision_form import PREFIX, DecisionForm, date_choices, open_dates, possible
from zalenzoeker.web.forms import PostForm
from zalenzoeker.web.keeping import counts as bar_counts
from zalenzoeker.web.offers import at_desk as proposing
from zalenzoeker.web.offers import proposed_soon
from zalenzoeker.web.on_agenda import on_agenda
from zalenzoeker.web.standing import asked_moments, counts, dates_to_show, lines, months, pattern_said
from zalenzoeker.web.story import story, wanted
from zalenzoeker.web.thread import at_desk
from zalenzoeker.web.votes import counted_said, shown_of
from zalenzoeker.web.weighing import before_said, changes, rivals, trust_of

MOST_EARLIER = 3


def found_here(code: str) -> Request:
    """A request of this desk; one of another desk is not there."""
    found = storage.by_code(code)
    if found is None:
        abort(404)
    try:
        check_may_decide(actor(), found.parties)
    except OwnRequest:
        # They may look, but the page says why they cannot decide.
        return found
    except NotAllowed:
        abort(404)
    return found


def shown(found: Request, form: DecisionForm | None = None) -> dict[str, Any]:
    """What the page shows; ``form``: as it was sent, where something was wrong with it."""
    now = clock.now()
    is_mine, venue_id = is_own(actor(), found.parties), found.first.room.venue_id
    asked = waiting_dates(found, now) or [next_of(found, Status.APPROVED, now)]
    in_line = queue.rivals_of(asked)
    said = fit(found, asked, has_rivals=bool(in_line))
    form = form or _fresh_form(found, fits=all(point.look in ("ok", "info") for point in said.points))
    dates = open_dates(found, now)
    form.offer([one for one in DECISIONS if any(one in possible(date) for date in dates)], is_each=len(dates) > 1)
    around = same_day([*dates_to_show(found), *asked_moments(found).values()], now)
    each_date = lines(found, now, notes=around)
    return dict(
        request_=found,
        date=asked[0],
        asked=asked,
        months=months(each_date) if len(each_date) > 1 else [],
        counts=counts(each_date),
        pattern=pattern_said(found),
        changes=changes(found, around),
        side_by_side=rivals(found, asked, in_line),
        grid=days_around(asked[0], now, rivals=in_line),
        points=said.points,
        rules=said.rules,
        trust=trust_of(found),
        agenda=on_agenda(found, actor()),
        talk=at_desk(found),
        proposing=proposing(found, now, may_decide=not is_mine and decides_alone(found)),
        steps=[step for step in story(found, now, with_letters=True, with_internal=not is_mine) if step.look != "todo"],
        wanted=wanted(found),
        before=before_said(history.of_askers([found], venue_id, now)[found.id]),
        earlier=_earlier(found, venue_id),
        form=form,
        hints=_hints(found, has_rivals=bool(in_line), is_change=bool(asked_moments(found))),
        each=[(_named(one, dates), f"{PREFIX}{one.uid}", date_choices(one, request.form)) for one in dates],
        post=PostForm(),
        is_own=is_mine,
        is_typed=found.entered_by_id == actor().account_id,
        speaks_for=may_speak_for(actor(), found.parties) and not is_asker(actor(), found.parties),
        decided=None if is_mine else decided_words(found),
        votes=shown_of(found),
        may_decide=bool(form.decision.choices) and not is_mine and found.decision is None and decides_alone(found),
        **bar(),
    )


def _earlier(found: Request, venue_id: int) -> list[Request]:
    """The latest other requests of the asker here that this desk may see."""
    return [one for one in history.latest(found, venue_id, limit=MOST_EARLIER) if may_decide(actor(), one.parties)]


def decides_alone(found: Request) -> bool:
    """Can this person decide by themselves? Where the members of a desk vote, only the city desk can."""
    return not found.voting or actor().is_city


def bar() -> dict[str, Any]:
    """What every page of the desk shows in its bar."""
    who = actor()
    return {"desks": desks.by_ids(who.desk_ids), **bar_counts()}


def next_of(found: Request, status: Status, now: datetime) -> Occurrence:
    """The first date to come that stands there."""
    dates = sorted((one for one in found.occurrences if one.status is status), key=lambda one: one.from_epoch)
    return next((one for one in dates if not is_over(one.slot.ends_at, now)), dates[-1] if dates else found.first)


def waiting_dates(found: Request, now: datetime) -> list[Occurrence]:
    """The dates, and the new moments, that wait for this desk; the earliest first."""
    dates = [one for one in found.occurrences if one.status is Status.REQUESTED]
    return sorted((one for one in dates if not is_too_late(one, found, now)), key=lambda one: one.from_epoch)


def decided_words(found: Request) -> dict[str, Any] | None:
    """What was decided and is not told yet, for those who can still undo it."""
    decision = found.decision
    if decision is None:
        return None
    by_uid = {date.uid: date for date in found.occurrences}
    answers = {uid: Action(value) for uid, value in decision.answers.items() if uid in by_uid}
    dates = [(_named(by_uid[uid], found.occurrences), ANSWERED[action]()) for uid, action in answers.items()]
    proposed = proposed_soon(found)
    return {
        "by": _who(decision),
        "at": clock_words(to_local(decision.at)),
        "until": clock_words(to_local(decision.due_at)),
        "what": _what(set(answers.values())),
        "dates": dates if len(dates) > 1 and not proposed else [],
        "proposed": proposed,
        "note": " ".join(words for words in (decision.reason, decision.note) if words),
        "votes": counted_said(decision.votes or {}),
        "may_undo": decides_alone(found) or has_voted_for(found, actor().account_id),
        "is_own_deed": decision.account_id == actor().account_id,
    }


ANSWERED = {
    Action.APPROVE: lambda: _("yes"),
    Action.REFUSE: lambda: _("no"),
    Action.CANCEL: lambda: _("cancelled"),
    Action.PROPOSE: lambda: _("something else proposed"),
}


def _named(date: Occurrence, among: Collection[Occurrence]) -> str:
    """A date in words, with its room where there are several, and whether it is another moment for one of them."""
    words = when(date.slot)
    if len({one.room_id for one in among}) > 1:
        words = _("%(moment)s in %(room)s", moment=words, room=date.room.name)
    return _("new moment: %(moment)s", moment=words) if date.replaces_id else words


def _what(answers: set[Action]) -> str:
    return ANSWERED[answers.pop()]() if len(answers) == 1 else _("partly yes, partly no")


def _who(decision: Decision) -> str:
    account = decision.account
    return account.name or account.email if account else _("the desk")


def _fresh_form(found: Request, *, fits: bool) -> DecisionForm:
    """When everything fits, a yes is one click away; otherwise the desk chooses."""
    is_plain = fits and not found.exceptions and may_follow(found.status, Action.APPROVE)
    return DecisionForm(version=str(found.version), decision=Action.APPROVE.value if is_plain else None)


def _hints(found: Request, *, has_rivals: bool, is_change: bool) -> dict[str, str]:
    is_series = len(found.dates) > 1
    return {
        "approve": (
            _("What waits is then theirs; what rivals asked gets a no") if has_rivals else _("The room is then theirs")
        ),
        "refuse": (
            _("The booking stays at the old moment. Always with a reason") if is_change else _("Always with a reason")
        ),
        "cancel": (
            _("Every confirmed date to come falls away. Always with a reason")
            if is_series
            else _("Always with a reason")
        ),
        "each": _("Yes to some, no to others; what you leave waits on"),
    }
