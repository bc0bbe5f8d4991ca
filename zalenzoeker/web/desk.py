"""The desk: what waits, one request with the days around it, and the decision, which can be undone for a while."""

from collections import Counter
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.advice import AdviceNeeded
from zalenzoeker.domain.permissions import NotAllowed, may_decide
from zalenzoeker.domain.requests import CHANGES_NOTHING, DECISIONS, NEEDS_A_REASON, Action, NotPossible, Status
from zalenzoeker.domain.slots import epoch, to_local
from zalenzoeker.services import advice, decisions
from zalenzoeker.services import desks as service
from zalenzoeker.services.wishes import UnknownRequest
from zalenzoeker.storage import mail_stop
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.around import fit, same_day
from zalenzoeker.web.dates import clock as clock_words
from zalenzoeker.web.decision_form import DecisionForm, SeveralForm, open_dates, version_of
from zalenzoeker.web.desk_page import bar, decided_words, found_here, next_of, shown, waiting_dates
from zalenzoeker.web.paging import paged
from zalenzoeker.web.standing import asked_moments, proposed_moments, series_said
from zalenzoeker.web.thread import turns
from zalenzoeker.web.votes import inbox_tags
from zalenzoeker.web.wording import STATUS

blueprint = Blueprint("desk", __name__)

# Each brings what else is in its room that day; who has so many to answer begins at the top.
MOST_WAITING = 20


@blueprint.get("/balie")
@desk_only
def inbox() -> ResponseReturnValue:
    return _inbox(SeveralForm())


def _inbox(form: SeveralForm) -> str:
    who, now = actor(), clock.now()
    rows = paged(
        lambda limit, skip: storage.waiting_for(who.desk_ids, is_city=who.is_city, limit=limit, skip=skip), MOST_WAITING
    )
    waiting = [(one, next_of(one, Status.REQUESTED, now)) for one in rows.rows]
    around = same_day([date for _one, date in waiting], now)
    coming = storage.coming_at(who.desk_ids, is_city=who.is_city, after=epoch(now))
    decided = storage.just_decided(who.desk_ids, is_city=who.is_city)
    return render_template(
        "desk/inbox.html",
        waiting=waiting,
        page=rows,
        coming=[(one, next_of(one, Status.APPROVED, now)) for one in coming],
        decided=[(one, decided_words(one)) for one in decided if may_decide(who, one.parties)],
        series={one.id: series_said(one) for one, _date in waiting},
        coming_series={one.id: series_said(one, is_whole=False) for one in coming},
        now=now,
        soon=now + timedelta(days=3),
        around={one.id: around.get(date.id, []) for one, date in waiting},
        moving={one.id for one, _date in waiting if asked_moments(one)},
        proposed={one.id for one, _date in waiting if proposed_moments(one)},
        turns=turns([one for one, _date in waiting]),
        votes=inbox_tags([one for one, _date in waiting]),
        form=form,
        is_mail_stopped=who.is_city and mail_stop.standing() is not None,
        **bar(),
    )


@blueprint.get("/balie/aanvragen/<code>")
@desk_only
def show(code: str) -> ResponseReturnValue:
    return _page(found_here(code))


def _page(found: Request, form: DecisionForm | None = None) -> str:
    return render_template("desk/show.html", **shown(found, form))


@blueprint.post("/balie/aanvragen/<code>/vertrouwen")
@desk_only
def trust(code: str) -> ResponseReturnValue:
    """Whether the house trusts the group that asks."""
    found = found_here(code)
    if found.association is None:
        abort(404)
    venue = found.first.room.venue
    if request.form.get("vertrouwd") == "ja":
        service.trust(venue.id, found.association.id, by=actor(), now=clock.now())
        flash(_("%(place)s trusts %(group)s from now on.", place=venue.name, group=found.association.name), "ok")
    else:
        service.untrust(venue.id, found.association.id, by=actor(), now=clock.now())
        flash(_("%(place)s no longer trusts %(group)s.", place=venue.name, group=found.association.name), "ok")
    return redirect(url_for("desk.show", code=code, _anchor="vertrouwen"))


@blueprint.post("/balie/aanvragen/<code>/beslissen")
@desk_only
def decide(code: str) -> ResponseReturnValue:
    found, now = found_here(code), clock.now()
    form = DecisionForm()
    form.offer(DECISIONS, is_each=True)
    if not form.validate_on_submit():
        return _page(found, form), 422
    answers = form.answers(open_dates(found, now) or found.occurrences)
    if not answers:
        form.each.errors = [_("Choose yes or no for at least one date.")]
        return _page(found, form), 422
    try:
        until = decisions.decide(
            code, answers, by=actor(), now=now, version=version_of(form.version.data), **form.said(answers)
        )
    except decisions.ReasonNeeded as error:
        form.note.errors = [_reason_needed(error, NEEDS_A_REASON & set(answers.values()))]
        return _page(found_here(code), form), 422
    except decisions.Contradiction:
        form.each.errors = [_("A date cannot be cancelled and moved at once. Approve the new moment, or cancel.")]
        return _page(found_here(code), form), 422
    except decisions.NoLongerFree:
        return _no_longer_free(code), 409
    except (NotPossible, decisions.ChangedMeanwhile):
        return _overtaken(code), 409
    leaves = clock_words(to_local(until))
    flash(_("Decided. The letter leaves at %(time)s; until then you can undo it.", time=leaves), "ok")
    return redirect(url_for("desk.inbox"))


def _reason_needed(error: decisions.ReasonNeeded, noes: set[Action]) -> str:
    if isinstance(error, decisions.OverruleNeeded):
        return _("The members of the desk vote about this. Write why you decide instead.")
    if noes:
        return _("Give a reason. The asker reads it.")
    return _("Write why you set the rule aside. It stays on the timeline.")


@blueprint.post("/balie/aanvragen/<code>/ongedaan")
@desk_only
def undo(code: str) -> ResponseReturnValue:
    """Take a decision back that is not told yet."""
    found_here(code)
    try:
        decisions.undo(code, by=actor(), now=clock.now())
    except NotPossible:
        return _overtaken(code), 409
    flash(_("Undone. Nobody was told, and the request waits for you again."), "ok")
    return redirect(url_for("desk.show", code=code))


@blueprint.post("/balie/beslissen")
@desk_only
def several() -> ResponseReturnValue:
    """The same answer to several requests; each counts by itself, and what could not be is told."""
    form = SeveralForm()
    if not form.validate_on_submit():
        return _inbox(form), 422
    now, done, left = clock.now(), Counter[bool](), []
    for one in form.chosen():
        found = storage.by_code(one.code)
        if found is None:
            continue
        try:
            done[_answer(found, one.version, form, now)] += 1
        except NOT_DONE as error:
            left.append(_not_done(error, f"{found.activity}, {found.asker} ({found.reference})"))
    if decided := done[False]:
        told = ngettext(
            "%(num)d request decided. The letter leaves in ten minutes at the latest; until then you can undo it.",
            "%(num)d requests decided. The letters leave in ten minutes at the latest; until then you can undo it.",
            decided,
        )
        flash(told, "ok")
    if voted := done[True]:
        flash(ngettext("%(num)d vote of you counts.", "%(num)d votes of you count.", voted), "ok")
    for words in left:
        flash(words, "info")
    return redirect(url_for("desk.inbox", blad=request.args.get("blad")))


# Why one of several requests was left as it was.
NOT_DONE = (
    NotAllowed,
    UnknownRequest,
    decisions.ReasonNeeded,
    decisions.NoLongerFree,
    NotPossible,
    decisions.ChangedMeanwhile,
)


def _not_done(error: Exception, which: str) -> str:
    if isinstance(error, (NotAllowed, UnknownRequest)):
        # One of another desk is not there; of one's own request its page says why.
        return _("%(which)s: you may not decide about it.", which=which)
    if isinstance(error, decisions.OverruleNeeded):
        return _("%(which)s: the members of the desk vote about it. Open it, and write why.", which=which)
    if isinstance(error, decisions.ReasonNeeded):
        return _("%(which)s: it asks for an exception. Open it, and write why.", which=which)
    if isinstance(error, decisions.NoLongerFree):
        return _("%(which)s: the room is no longer free then.", which=which)
    return _("%(which)s: it changed meanwhile.", which=which)


def _answer(found: Request, version: int, form: SeveralForm, now: datetime) -> bool:
    """Answer one of several; where its desk votes, a member votes, which is what it returns."""
    is_vote = bool(found.voting) and (found.desk_id in actor().desk_ids or not actor().is_city)
    if is_vote:
        advice.vote(found.code, by=actor(), now=now, version=version, **form.vote())
    else:
        _decide_whole(found, version, form, now)
    return is_vote


def _decide_whole(found: Request, version: int, form: SeveralForm, now: datetime) -> None:
    action = Action(form.decision.data)
    answers = {date.uid: action for date in found.occurrences if date.status is Status.REQUESTED}
    decisions.decide(found.code, answers or {"": action}, by=actor(), now=now, version=version, **form.said(answers))


def _no_longer_free(code: str) -> str:
    """Something else stands in the room now: say what, so that the desk can choose."""
    now = clock.now()
    found = found_here(code)
    asked = waiting_dates(found, now) or [next_of(found, Status.APPROVED, now)]
    return render_template(
        "desk/no_longer_free.html",
        request_=found,
        date=asked[0],
        points=[point for point in fit(found, asked).points if point.look == "no"],
        **bar(),
    )


@blueprint.app_errorhandler(AdviceNeeded)
def _advice_needed(_error: AdviceNeeded) -> ResponseReturnValue:
    """Several decide together here: say how."""
    found = found_here((request.view_args or {}).get("code", ""))
    return render_template("desk/advice_needed.html", request_=found, date=found.first, **bar()), 403


def _overtaken(code: str) -> str:
    """Somebody was first: say kindly what happened, and who did it."""
    found = found_here(code)
    last = next((event for event in reversed(found.events) if event.action not in CHANGES_NOTHING), None)
    return render_template(
        "desk/overtaken.html",
        request_=found,
        date=found.first,
        last=last,
        is_own_deed=bool(last and last.account_id == actor().account_id),
        status=STATUS[found.status],
        decided=decided_words(found),
        **bar(),
    )
