"""One date of a request: let it go, another moment for it, or back into the series."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.availability import OVERLAP
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import NotAllowed, may_withdraw
from zalenzoeker.domain.requests import Action, Status, may_follow
from zalenzoeker.domain.series import Scope, in_scope
from zalenzoeker.domain.slots import NotASlot, Slot
from zalenzoeker.domain.ways_on import WayOn
from zalenzoeker.services import dates as service
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import city as cities
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.access import actor, signed_in
from zalenzoeker.web.date_forms import LetGoForm, MoveForm
from zalenzoeker.web.dates import when
from zalenzoeker.web.forms import SLOT_ERRORS, PostForm
from zalenzoeker.web.notation import moment_address
from zalenzoeker.web.refusals import sentence, source
from zalenzoeker.web.standing import asked_moments, dates_to_show, lines, pattern_said, waiting_changes
from zalenzoeker.web.ways import spoken

# A series that ended altogether is asked anew.
STILL_RUNS = frozenset({Status.REQUESTED, Status.APPROVED})
blueprint = Blueprint("occurrences", __name__, url_prefix="/aanvragen/<code>/datums/<uid>")


@blueprint.get("")
@signed_in
def show(code: str, uid: str) -> ResponseReturnValue:
    found, date = _found(code, uid)
    return _page(found, date)


@blueprint.post("/vrijgeven")
@signed_in
def let_go(code: str, uid: str) -> ResponseReturnValue:
    found, date = _found(code, uid)
    form = LetGoForm()
    form.offer(_scopes(found, date, Action.LET_GO))
    if not form.validate_on_submit():
        return _page(found, date, letting_go=form), 422
    scope = Scope(form.scope.data)
    count = service.let_go(code, uid, scope, by=actor(), now=clock.now(), note=form.note.data or "")
    flash(
        ngettext(
            "You let %(num)d date go. The room is free then for somebody else, and the house was told.",
            "You let %(num)d dates go. The room is free then for somebody else, and the house was told.",
            count,
        ),
        "ok",
    )
    return redirect(url_for("requests.show", code=code))


@blueprint.post("/verzetten")
@signed_in
def change(code: str, uid: str) -> ResponseReturnValue:
    found, date = _found(code, uid)
    form = MoveForm()
    form.offer(_scopes(found, date, Action.CHANGE), _rooms(date))
    if not form.validate_on_submit():
        return _page(found, date, moving=form), 422
    scope, room = Scope(form.scope.data), form.room.data
    move = service.Move(
        from_time=form.from_time.data,
        to_time=form.to_time.data,
        to_day=form.day.data,
        room="" if room == _code_of(date) else room,
    )
    if scope is Scope.THIS and not move.room and _is_same(move, date):
        form.to_time.errors = [_("This is the moment you have already. Choose another day or other hours.")]
        return _page(found, date, moving=form), 422
    try:
        changed = service.change(code, uid, scope, move, by=actor(), now=clock.now())
    except NotASlot as error:
        form.to_time.errors = [SLOT_ERRORS[type(error)]]
        return _page(found, date, moving=form), 422
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        found, date = _found(code, uid)
        return _page(found, date, moving=form, refused=refused), 409 if is_taken else 422
    flash(_said_of(changed), "ok")
    return redirect(url_for("requests.show", code=code))


def _is_same(move: service.Move, date: Occurrence) -> bool:
    try:
        return move.from_date(date).of(date) == date.slot
    except NotASlot:
        return False


def _said_of(changed: service.Changed) -> str:
    return {
        service.Changed.NOTHING: lambda: _("Nothing changed: it was so already."),
        service.Changed.SHORTER: lambda: _("It is done: the moment is shorter, and the house was told."),
        service.Changed.MOVED: lambda: _("It is done: your date has moved, and the room is yours then."),
        service.Changed.WAITS: lambda: _("Your request waits for the new moment now. The house was told."),
        service.Changed.ASKED: lambda: _("The house was asked. Your old moment stays until it answers."),
    }[changed]()


@blueprint.post("/wijziging-terugnemen")
@signed_in
def take_back(code: str, uid: str) -> ResponseReturnValue:
    """Another moment that still waits for a yes is no longer asked: all of it that was asked together."""
    found, date = _found(code, uid)
    if new := asked_moments(found).get(date.id):
        service.let_go(code, new.uid, Scope.THIS, by=actor(), now=clock.now())
        flash(_("You took your change back. Everything stays as it was, and the house was told."), "ok")
    else:
        flash(_("That change no longer waits for an answer."), "info")
    return redirect(url_for("requests.show", code=code))


@blueprint.post("/terugzetten")
@signed_in
def put_back(code: str, uid: str) -> ResponseReturnValue:
    found, date = _found(code, uid)
    try:
        needs_yes = service.put_back(code, uid, by=actor(), now=clock.now())
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        found, date = _found(code, uid)
        return _page(found, date, refused=refused), 409 if is_taken else 422
    if needs_yes:
        flash(_("The date is back in the series. The house decides about it."), "ok")
    else:
        flash(_("The date is back in the series, and the room is yours then."), "ok")
    return redirect(url_for("requests.show", code=code))


def _found(code: str, uid: str) -> tuple[Request, Occurrence]:
    """A date of a request of one's own."""
    found = storage.by_code(code) or abort(404)
    if not may_withdraw(actor(), found.parties):
        raise NotAllowed
    return found, next((one for one in dates_to_show(found) if one.uid == uid), None) or abort(404)


def _page(
    found: Request,
    date: Occurrence,
    *,
    letting_go: LetGoForm | None = None,
    moving: MoveForm | None = None,
    refused: Refused | None = None,
) -> str:
    now = clock.now()
    new = asked_moments(found).get(date.id)
    may_move = new is None and _may(date, Action.CHANGE, now) and not is_over(date.slot.starts_at, now)
    line = next(one for one, two in zip(lines(found, now), dates_to_show(found), strict=True) if two.id == date.id)
    scope = Scope(moving.scope.data) if moving and refused else Scope.THIS
    return render_template(
        "occurrences/show.html",
        request_=found,
        date=date,
        line=line,
        pattern=pattern_said(found),
        count=len(found.dates),
        changes=waiting_changes(found) if new else [],
        moving=(moving or _fresh_move(found, date)) if may_move else None,
        letting_go=(letting_go or _fresh_let_go(found, date)) if _may(date, Action.LET_GO, now) else None,
        may_put_back=_may(date, Action.PUT_BACK, now) and found.status in STILL_RUNS,
        is_confirmed=date.status is Status.APPROVED,
        obstacles=_in_the_way(refused),
        was_lost=bool(refused and refused.was_lost),
        ways=spoken(refused.ways_on, cities.city().by_id[date.room_id], lambda way: _lead(way, found, date))
        if refused and scope is Scope.THIS
        else [],
        is_one=scope is Scope.THIS,
        form=PostForm(),
    )


def _may(date: Occurrence, action: Action, now: datetime) -> bool:
    return may_follow(date.status, action) and not is_over(date.slot.starts_at, now)


def _fresh_let_go(found: Request, date: Occurrence) -> LetGoForm:
    form = LetGoForm(formdata=None)
    form.offer(_scopes(found, date, Action.LET_GO))
    return form


def _fresh_move(found: Request, date: Occurrence) -> MoveForm:
    """With the moment as it is, or as a way on says."""
    form = MoveForm(formdata=None)
    form.offer(_scopes(found, date, Action.CHANGE), _rooms(date))
    form.day.data, form.from_time.data, form.to_time.data = date.slot.day, date.starts.time(), date.ends.time()
    form.room.data = _code_of(date)
    for field in (form.day, form.from_time, form.to_time):
        as_it_is = field.data
        try:
            field.process_formdata([request.args[field.name]] if request.args.get(field.name) else [])
        except ValueError:
            # An address that somebody wrote wrong fills in nothing.
            field.data = as_it_is
    if request.args.get(form.room.name) in {code for code, _name in form.room.choices}:
        form.room.data = request.args[form.room.name]
    return form


def _rooms(date: Occurrence) -> list[tuple[str, str]]:
    """The rooms of the same house: another house has another desk, and is asked anew."""
    house = [one for one in cities.city().rooms if one.venue_id == date.room.venue_id]
    return [(one.code, one.name) for one in house if one.is_asked_here or one.id == date.room_id]


def _code_of(date: Occurrence) -> str:
    return cities.city().by_id[date.room_id].code


def _scopes(found: Request, date: Occurrence, action: Action) -> list[tuple[Scope, str]]:
    """Which dates one deed may be about, with how many there are; only where there is something to choose."""
    now = clock.now()
    dates = [one for one in dates_to_show(found) if _may(one, action, now)]
    choices = [(Scope.THIS, _("Only this date"))]
    following = len(in_scope(dates, date, Scope.FOLLOWING))
    if following > 1:
        words = _("This date and all that follow: %(count)s dates", count=following)
        choices.append((Scope.FOLLOWING, words))
    if len(dates) > following:
        choices.append((Scope.ALL, _("All that are still to come: %(count)s dates", count=len(dates))))
    return choices


def _in_the_way(refused: Refused | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Date by date, every sentence about what is in the way, with the source of its rule."""
    if refused is None:
        return []
    return [
        (
            when(trouble.date.slot),
            [(sentence(one, room=trouble.room.name), source(one)) for one in trouble.obstacles],
        )
        for trouble in refused.troubles
    ]


def _lead(way: WayOn, found: Request, date: Occurrence) -> str:
    """To this page with the moment filled in; to the form where it is another house."""
    slot: Slot = way.slot
    if way.room.venue_id != date.room.venue_id:
        return moment_address(way.room.code, slot, opnieuw=found.code)
    return url_for(
        "occurrences.show",
        code=found.code,
        uid=date.uid,
        dag=slot.day.isoformat(),
        van=f"{slot.starts:%H:%M}",
        tot=f"{slot.ends:%H:%M}",
        zaal=way.room.code,
        _anchor="verzetten",
    )
