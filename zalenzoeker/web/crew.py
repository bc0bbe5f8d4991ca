"""A desk as its own people keep it: who belongs to it, who is on duty, when it is away, who steps in after how long."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.duty import monday_of
from zalenzoeker.domain.slots import to_local
from zalenzoeker.services import crew as service
from zalenzoeker.storage import conversation, desks, duty, feed_tokens
from zalenzoeker.storage.models import Account, Desk
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.access import actor, desk_only, own_account
from zalenzoeker.web.crew_forms import DaysForm, DutyForm, QuietForm, RotaForm
from zalenzoeker.web.daily_form import forms_of
from zalenzoeker.web.dates import day_long
from zalenzoeker.web.keeping import counts, kept_desk, said_days

blueprint = Blueprint("crew", __name__)

# What the number of a period looks like; anything else counts as one that is not there.
NUMBER = re.compile("[0-9]{1,9}")
WEEK = timedelta(weeks=1)
WAYS = {
    "weg": service.leave_rota,
    "hoger": partial(service.move_in_rota, is_up=True),
    "lager": partial(service.move_in_rota, is_up=False),
}


@blueprint.get("/balie/ploeg")
@desk_only
def index() -> ResponseReturnValue:
    found = desks.all_desks() if actor().is_city else desks.by_ids(actor().desk_ids)
    if len(found) == 1:
        return redirect(url_for("crew.show", desk=found[0].slug))
    return render_template("crew/index.html", desks=found, **counts())


@blueprint.get("/balie/ploeg/<desk>")
@desk_only
def show(desk: str) -> ResponseReturnValue:
    return _page(kept_desk(desk))


def _page(desk: Desk, **forms: Any) -> str:
    """The page; ``forms``: the one that was sent and was not right, by its name."""
    today = to_local(clock.now()).date()
    monday, order = monday_of(today), duty.rota(desk.id)
    others = conversation.other_desks(desk.id)
    days = forms.get("days") or DaysForm(formdata=None)
    days.offer(others)
    if "days" not in forms:
        days.show(desk, others)
    on_duty = forms.get("on_duty") or DutyForm(formdata=None)
    on_duty.offer(desk.members)
    turns = forms.get("turns") or RotaForm(formdata=None)
    turns.offer([one for one in desk.members if one.id not in {there.id for there in order}])
    return render_template(
        "crew/show.html",
        desk=desk,
        houses=desks.houses_of([desk.id], is_city=False),
        may_hand_over=desk.slug != CITY_DESK,
        **counts(),
        weeks=[
            (_("This week"), _name(duty.on_duty(desk.id, today))),
            (_("Next week"), _name(duty.on_duty(desk.id, monday + WEEK))),
        ],
        by_hand=[
            (one.id, said_days(one.first_day, one.last_day), _name(one.account)) for one in duty.by_hand(desk.id, today)
        ],
        order=[(one.code, _name(one)) for one in order],
        quiet=[
            (one.id, said_days(one.first_day, one.last_day), one.reason, one.first_day <= today)
            for one in duty.quiet_periods([desk.id], today)
        ],
        days=days,
        away=forms.get("away") or QuietForm(formdata=None),
        on_duty=on_duty,
        turns=turns,
        daily=forms_of(desk),
        sent=next(iter(forms.values()), None),
        calendar_since=_calendar_since(desk),
    )


def _calendar_since(desk: Desk) -> datetime | None:
    """Since when this visitor has an address for the calendar of the desk."""
    found = feed_tokens.of_account(own_account().id)
    return next((one.created_at for one in found if one.desk_id == desk.id), None)


def _name(member: Account | None) -> str:
    return (member.name or member.email) if member else ""


@blueprint.post("/balie/ploeg/<desk>/dagen")
@desk_only
def days(desk: str) -> ResponseReturnValue:
    """After how many days who steps in."""
    found, form = kept_desk(desk), DaysForm()
    form.offer(conversation.other_desks(found.id))
    if not form.validate_on_submit() or not form.check_order():
        return _page(found, days=form), 422
    return _done(
        partial(service.set_days, desk, form.wanted, by=actor(), now=clock.now()),
        _("Changed. What waits for you was counted anew."),
        (_("That desk is not there any more. Choose another one."), "no"),
        to=_page_of(desk, "dagen"),
    )


@blueprint.post("/balie/ploeg/<desk>/weg")
@desk_only
def away(desk: str) -> ResponseReturnValue:
    """When the desk does not answer."""
    found, form = kept_desk(desk), QuietForm()
    if not form.validate_on_submit() or not form.check_days(to_local(clock.now()).date()):
        return _page(found, away=form), 422
    service.be_quiet(desk, form.first_day.data, form.last, form.reason.data, by=actor(), now=clock.now())
    flash(_("You are away until and including %(day)s. Whoever asks reads so.", day=day_long(form.last)), "ok")
    return redirect(_page_of(desk, "weg"))


@blueprint.post("/balie/ploeg/<desk>/terug")
@desk_only
def back(desk: str) -> ResponseReturnValue:
    """The desk answers on those days after all."""
    kept_desk(desk)
    return _done(
        partial(service.end_quiet, desk, _number("periode"), by=actor(), now=clock.now()),
        _("You are there after all. What waits for you was counted anew."),
        (_("Those days were gone already."), "info"),
        to=_page_of(desk, "weg"),
    )


@blueprint.post("/balie/ploeg/<desk>/dienst")
@desk_only
def on_duty(desk: str) -> ResponseReturnValue:
    """Who is on duty, by hand."""
    found, form = kept_desk(desk), DutyForm()
    form.offer(found.members)
    if not form.validate_on_submit() or not form.check_days(to_local(clock.now()).date()):
        return _page(found, on_duty=form), 422
    try:
        name = service.put_on_duty(desk, form.member.data, form.first_day.data, form.last, by=actor(), now=clock.now())
    except service.AlreadyOnDuty as there:
        form.first_day.errors = [_("%(name)s is on duty on one of these days already.", name=there)]
        return _page(found, on_duty=form), 409
    except service.UnknownCrew:
        flash(*_no_member())
        return redirect(_page_of(desk, "dienst"))
    flash(_("%(name)s is on duty then, and is written first.", name=name), "ok")
    return redirect(_page_of(desk, "dienst"))


@blueprint.post("/balie/ploeg/<desk>/dienst/weg")
@desk_only
def off_duty(desk: str) -> ResponseReturnValue:
    """What was entered by hand counts no more."""
    kept_desk(desk)
    return _done(
        partial(service.take_off_duty, desk, _number("dienst"), by=actor(), now=clock.now()),
        _("Taken away. The turns count again on those days."),
        (_("Those days were gone already."), "info"),
        to=_page_of(desk, "dienst"),
    )


@blueprint.post("/balie/ploeg/<desk>/beurten")
@desk_only
def join(desk: str) -> ResponseReturnValue:
    """One more who takes turns."""
    found, form = kept_desk(desk), RotaForm()
    form.offer(found.members)
    if not form.validate_on_submit():
        return _page(found, turns=form), 422
    return _done(
        partial(service.join_rota, desk, form.member.data, by=actor(), now=clock.now()),
        _("Added to the turns. Everybody takes a week."),
        _no_member(),
        to=_page_of(desk, "beurten"),
    )


@blueprint.post("/balie/ploeg/<desk>/beurten/plaats")
@desk_only
def move(desk: str) -> ResponseReturnValue:
    """One place up or down, or out, as the button says."""
    kept_desk(desk)
    who, way = request.form.get("wie", ""), request.form.get("naar", "")
    if way not in WAYS:
        abort(400)
    return _done(
        partial(WAYS[way], desk, who, by=actor(), now=clock.now()),
        _("The order of the turns changed."),
        _no_member(),
        to=_page_of(desk, "beurten"),
    )


def _no_member() -> tuple[str, str]:
    return _("That person no longer belongs to this desk."), "no"


def _number(name: str) -> int:
    """The number that a button names; 0 for anything that is none."""
    words = request.form.get(name, "")
    return int(words) if NUMBER.fullmatch(words) else 0


def _page_of(desk: str, part: str) -> str:
    return url_for("crew.show", desk=desk, _anchor=part)


def _done(deed: Callable[[], object], said: str, gone: tuple[str, str], *, to: str) -> ResponseReturnValue:
    """Do it and say so; where somebody else took away what it is about, say ``gone``, with its look."""
    try:
        deed()
        flash(said, "ok")
    except service.UnknownCrew:
        flash(*gone)
    return redirect(to)
