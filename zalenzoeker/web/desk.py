"""The desk: what waits, one request with the days around it, and the decision."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice

from zalenzoeker import clock
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import NotAllowed, OwnRequest, check_may_decide
from zalenzoeker.domain.requests import NEEDS_A_REASON, Action, NotPossible, Status, may_follow
from zalenzoeker.domain.slots import epoch
from zalenzoeker.services import decisions
from zalenzoeker.services import desks as service
from zalenzoeker.storage import desks, queue
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.around import days_around, fit, same_day
from zalenzoeker.web.forms import DecisionForm, PostForm
from zalenzoeker.web.paging import paged
from zalenzoeker.web.standing import asked_moments, counts, dates_to_show, lines, months, pattern_said, series_said
from zalenzoeker.web.story import story, wanted
from zalenzoeker.web.weighing import changes, rivals, trust_of
from zalenzoeker.web.wording import STATUS

blueprint = Blueprint("desk", __name__)

DECISION = {
    Action.APPROVE: _l("Approve"),
    Action.REFUSE: _l("Refuse"),
    Action.CANCEL: _l("Cancel the booking"),
}
# What a version looks like; anything else counts as one that nobody saw.
VERSION = re.compile("[0-9]{1,9}")
SERVICES = {
    Action.APPROVE: decisions.approve,
    Action.REFUSE: decisions.refuse,
    Action.CANCEL: decisions.cancel,
}


@blueprint.get("/balie")
@desk_only
def inbox() -> ResponseReturnValue:
    who = actor()
    now = clock.now()
    page = paged(lambda limit, skip: storage.waiting_for(who.desk_ids, is_city=who.is_city, limit=limit, skip=skip))
    waiting = [(one, _next_of(one, Status.REQUESTED, now)) for one in page.rows]
    around = same_day([date for _one, date in waiting], now)
    coming = storage.coming_at(who.desk_ids, is_city=who.is_city, after=epoch(now))
    return render_template(
        "desk/inbox.html",
        waiting=waiting,
        page=page,
        coming=[(one, _next_of(one, Status.APPROVED, now)) for one in coming],
        series={one.id: series_said(one) for one, _date in waiting},
        coming_series={one.id: series_said(one, is_whole=False) for one in coming},
        desks=desks.by_ids(who.desk_ids),
        waiting_count=storage.waiting_count(who.desk_ids, is_city=who.is_city),
        now=now,
        soon=now + timedelta(days=3),
        around={one.id: around.get(date.id, []) for one, date in waiting},
        moving={one.id for one, _date in waiting if asked_moments(one)},
    )


def _next_of(found: Request, status: Status, now: datetime) -> Occurrence:
    """The first date to come that stands there."""
    dates = sorted((one for one in found.occurrences if one.status is status), key=lambda one: one.from_epoch)
    return next((one for one in dates if not is_over(one.slot.ends_at, now)), dates[-1] if dates else found.first)


@blueprint.get("/balie/aanvragen/<code>")
@desk_only
def show(code: str) -> ResponseReturnValue:
    return _page(_found(code))


def _found(code: str) -> Request:
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


def _page(found: Request, form: DecisionForm | None = None) -> str:
    who = actor()
    now = clock.now()
    is_own = _is_own(found)
    asked = _waits(found, now) or [_next_of(found, Status.APPROVED, now)]
    said, in_line = fit(found, asked), queue.rivals_of(asked)
    form = form or _fresh_form(found, fits=all(point.look in ("ok", "info") for point in said.points))
    form.decision.choices = _choices(_possible(found, now))
    new = asked_moments(found)
    around = same_day([*dates_to_show(found), *new.values()], now)
    shown = lines(found, now, notes=around)
    return render_template(
        "desk/show.html",
        request_=found,
        date=asked[0],
        asked=asked,
        months=months(shown) if len(shown) > 1 else [],
        counts=counts(shown),
        pattern=pattern_said(found),
        changes=changes(found, around),
        rivals=rivals(in_line),
        grid=days_around(asked[0], now, without=[one.id for one in in_line]),
        points=said.points,
        rules=said.rules,
        trust=trust_of(found),
        steps=[step for step in story(found, now, with_letters=True) if step.look != "todo"],
        wanted=wanted(found),
        history=storage.history(found),
        form=form,
        post=PostForm(),
        is_own=is_own,
        may_decide=bool(form.decision.choices) and not is_own,
        desks=desks.by_ids(who.desk_ids),
        waiting_count=storage.waiting_count(who.desk_ids, is_city=who.is_city),
    )


def _waits(found: Request, now: datetime) -> list[Occurrence]:
    """The dates, and the new moments, that wait for this desk; the earliest first."""
    dates = [one for one in found.occurrences if one.status is Status.REQUESTED]
    return sorted((one for one in dates if not is_over(one.slot.ends_at, now)), key=lambda one: one.from_epoch)


@blueprint.post("/balie/aanvragen/<code>/vertrouwen")
@desk_only
def trust(code: str) -> ResponseReturnValue:
    """Whether the house trusts the group that asks."""
    found = _found(code)
    if found.association is None:
        abort(404)
    venue = found.first.room.venue
    if request.form.get("vertrouwd") == "ja":
        service.trust(venue.id, found.association.id, by=actor(), now=clock.now())
        flash(_("%(place)s trusts %(group)s from now on.", place=venue.name, group=found.association.name), "ok")
    else:
        service.untrust(venue.id, found.association.id, by=actor())
        flash(_("%(place)s no longer trusts %(group)s.", place=venue.name, group=found.association.name), "ok")
    return redirect(url_for("desk.show", code=code, _anchor="vertrouwen"))


def _fresh_form(found: Request, *, fits: bool) -> DecisionForm:
    """When everything fits, a yes is one click away; otherwise the desk chooses."""
    is_plain = fits and not found.exceptions and may_follow(found.status, Action.APPROVE)
    return DecisionForm(version=str(found.version), decision=Action.APPROVE.value if is_plain else None)


def _possible(found: Request, now: datetime) -> list[Action]:
    """What can be decided about a request as it stands; what is over stays as it was."""
    to_come = {one.status for one in found.occurrences if not is_over(one.slot.ends_at, now)}
    return [action for action in SERVICES if any(may_follow(status, action) for status in to_come)]


def _is_own(found: Request) -> bool:
    try:
        check_may_decide(actor(), found.parties)
    except OwnRequest:
        return True
    return False


def _choices(actions: Iterable[Action]) -> list[SelectChoice]:
    return [SelectChoice(action.value, DECISION[action]) for action in actions]


@blueprint.post("/balie/aanvragen/<code>/beslissen")
@desk_only
def decide(code: str) -> ResponseReturnValue:
    found = _found(code)
    form = DecisionForm()
    form.decision.choices = _choices(SERVICES)
    if not form.validate_on_submit():
        return _page(found, form), 422
    action = Action(form.decision.data)
    note = form.note.data or ""
    version = int(form.version.data) if VERSION.fullmatch(form.version.data) else 0
    try:
        SERVICES[action](code, by=actor(), now=clock.now(), version=version, note=note)
    except decisions.ReasonNeeded:
        form.note.errors = [
            _("Give a reason. The asker reads it.")
            if action in NEEDS_A_REASON
            else _("Write why you set the rule aside. It stays on the timeline.")
        ]
        return _page(_found(code), form), 422
    except decisions.NoLongerFree:
        return _no_longer_free(code), 409
    except (NotPossible, decisions.ChangedMeanwhile):
        return _overtaken(code), 409
    flash(_decided(action), "ok")
    return redirect(url_for("desk.inbox"))


def _decided(action: Action) -> str:
    return {
        Action.APPROVE: _("Approved. The asker gets a letter, and the room is theirs."),
        Action.REFUSE: _("Refused. The asker gets a letter with your reason."),
        Action.CANCEL: _("Cancelled. The asker gets a letter with your reason."),
    }[action]


def _no_longer_free(code: str) -> str:
    """Something else stands in the room now: say what, so that the desk can choose."""
    now = clock.now()
    found = _found(code)
    asked = _waits(found, now) or [_next_of(found, Status.APPROVED, now)]
    return render_template(
        "desk/no_longer_free.html",
        request_=found,
        date=asked[0],
        points=[point for point in fit(found, asked).points if point.look == "no"],
        desks=desks.by_ids(actor().desk_ids),
        waiting_count=storage.waiting_count(actor().desk_ids, is_city=actor().is_city),
    )


def _overtaken(code: str) -> str:
    """Somebody was first: say kindly what happened, and who did it."""
    found = _found(code)
    last = found.events[-1] if found.events else None
    return render_template(
        "desk/overtaken.html",
        request_=found,
        date=found.first,
        last=last,
        is_own_deed=bool(last and last.account_id == actor().account_id),
        status=STATUS[found.status],
        desks=desks.by_ids(actor().desk_ids),
        waiting_count=storage.waiting_count(actor().desk_ids, is_city=actor().is_city),
    )
