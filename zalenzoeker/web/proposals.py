"""The desk proposes another moment, room or place, and takes that back."""

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.availability import OVERLAP
from zalenzoeker.domain.permissions import ANYONE, check_may_decide
from zalenzoeker.domain.requests import NotPossible
from zalenzoeker.domain.slots import NotASlot, Slot, to_local
from zalenzoeker.domain.ways_on import WayOn
from zalenzoeker.services import checking
from zalenzoeker.services import proposals as service
from zalenzoeker.services.decisions import ChangedMeanwhile, OverruleNeeded
from zalenzoeker.services.wishes import Refused, Trouble, UnknownRoom, WishedDate
from zalenzoeker.storage import city as cities
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.dates import clock as clock_words
from zalenzoeker.web.dates import moment, when
from zalenzoeker.web.desk_page import bar, found_here
from zalenzoeker.web.forms import SLOT_ERRORS
from zalenzoeker.web.proposal_form import ProposalForm, code_of, decides_here, fresh
from zalenzoeker.web.refusals import sentence, source
from zalenzoeker.web.ways import Groups, spoken

# What a version looks like; anything else counts as one that nobody saw.
VERSION = re.compile("[0-9]{1,9}")
blueprint = Blueprint("proposals", __name__, url_prefix="/balie/aanvragen/<code>/voorstel")


@blueprint.route("", methods=["GET", "POST"])
@desk_only
def new(code: str) -> ResponseReturnValue:
    """The form, filled in as the address says; sent, it keeps the room and waits ten minutes."""
    found, now = _found(code), clock.now()
    if request.method == "GET":
        if not service.can_be_moved(found, now) or found.decision is not None:
            return _too_late(found), 409
        form = fresh(found, now, request.args)
        return _page(found, form, now, troubles=_looked(found, form, now))
    form = ProposalForm()
    form.offer(found, service.can_be_moved(found, now))
    if not form.validate_on_submit() or form.slot() is None:
        # Nothing to choose from means that somebody was first.
        return (_page(found, form, now), 422) if form.dates.choices else (_too_late(found, form), 409)
    return _propose(found, form, now)


def _propose(found: Request, form: ProposalForm, now: datetime) -> ResponseReturnValue:
    typed = form.version.data or ""
    try:
        done = service.propose(
            found.code,
            form.dates.data,
            form.move(),
            by=actor(),
            now=now,
            version=int(typed) if VERSION.fullmatch(typed) else 0,
            note=form.note.data or "",
        )
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        found = _found(found.code)
        return _page(found, form, now, troubles=refused.troubles, refused=refused), 409 if is_taken else 422
    except OverruleNeeded:
        form.note.errors = [_("The members of the desk vote about this. Write why you decide instead.")]
        return _page(_found(found.code), form, now), 422
    except service.NoteNeeded as needed:
        form.note.errors = [_("Write why you set the rule aside. The asker reads it, and it stays on the timeline.")]
        return _page(_found(found.code), form, now, troubles=needed.troubles), 422
    except (service.SameMoment, service.TooLate, service.OtherDesk, UnknownRoom, NotASlot) as wrong:
        _say(form, wrong)
        return _page(_found(found.code), form, now), 422
    except (NotPossible, ChangedMeanwhile):
        return _too_late(_found(found.code), form), 409
    leaves, until = clock_words(to_local(done.undo_until)), moment(done.until)
    flash(
        _(
            "Proposed. The letter leaves at %(time)s; until then you can undo it. "
            "The asker can answer until %(until)s.",
            time=leaves,
            until=until,
        ),
        "ok",
    )
    return redirect(url_for("desk.inbox"))


def _say(form: ProposalForm, wrong: Exception) -> None:
    """What is wrong, beside the field by which it can be mended."""
    if isinstance(wrong, service.SameMoment):
        form.to_time.errors = [_("This is what was asked. Choose another moment or another room.")]
    elif isinstance(wrong, service.TooLate):
        form.day.errors = [_("It begins too soon for a letter and an answer. Call the asker, or choose a later day.")]
    elif isinstance(wrong, service.OtherDesk):
        form.room.errors = [
            _(
                "Another desk decides there. You can only propose it for a whole request that waits. "
                "Choose another room, or forward the request."
            )
        ]
    elif isinstance(wrong, NotASlot):
        form.to_time.errors = [SLOT_ERRORS[type(wrong)]]
    else:
        form.room.errors = [_("Nobody can ask for that room here. Choose another room.")]


@blueprint.post("/terugnemen")
@desk_only
def withdraw(code: str) -> ResponseReturnValue:
    """The proposal no longer counts; the asker gets a letter."""
    found = _found(code)
    try:
        service.withdraw(code, by=actor(), now=clock.now())
    except NotPossible:
        return _too_late(_found(code)), 409
    flash(_("You took your proposal back. The asker got a letter, and the room is free again."), "ok")
    return redirect(url_for("desk.show", code=found.code))


def _found(code: str) -> Request:
    """A request of this desk; whoever asked it themselves proposes nothing."""
    found = found_here(code)
    check_may_decide(actor(), found.parties)
    return found


def _looked(found: Request, form: ProposalForm, now: datetime) -> list[Trouble]:
    """What is in the way of what an address filled in, before anything is sent."""
    slot, code = form.slot(), form.room.data
    dates = form.chosen(service.can_be_moved(found, now))
    if slot is None or not dates or code not in cities.city().by_code:
        return []
    if (slot, code) == (dates[0].slot, code_of(dates[0])):
        return []
    wish = checking.wish_for(found, [WishedDate(code, slot)])
    return checking.look(wish, ANYONE, now, without=[dates[0].id], is_judged_whole=False)


def _page(
    found: Request,
    form: ProposalForm,
    now: datetime,
    *,
    troubles: list[Trouble] | None = None,
    refused: Refused | None = None,
) -> str:
    dates = form.chosen(service.can_be_moved(found, now)) or [found.first]
    return render_template(
        "proposals/new.html",
        request_=found,
        date=dates[0],
        form=form,
        obstacles=_said(troubles or []),
        was_lost=bool(refused and refused.was_lost),
        ways=_ways(found, form, now, refused),
        is_here=decides_here(form.room.data or "", found.first.room.venue_id),
        **bar(),
    )


def _said(troubles: list[Trouble]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Date by date, every sentence about what is in the way, with the source of its rule."""
    return [
        (when(one.date.slot), [(sentence(each, room=one.room.name), source(each)) for each in one.obstacles])
        for one in troubles
    ]


def _ways(found: Request, form: ProposalForm, now: datetime, refused: Refused | None) -> Groups:
    """What is free instead, each one tap away: it fills the form in."""
    dates = form.chosen(service.can_be_moved(found, now)) or [found.first]
    room = cities.city().by_id[dates[0].room_id]
    if refused is not None and refused.ways_on:
        ways = refused.ways_on
    else:
        own = [one.id for one in found.occurrences]
        wish = checking.wish_for(found, [WishedDate(room.code, dates[0].slot)])
        asked = checking.asked_of(wish, wish.dates[0], without=own)
        ways = checking.instead_of(asked, now, without=own, given_up=[dates[0].slot])
    return spoken(ways, room, lambda way: _lead(way, found, [one.uid for one in dates]))


def _lead(way: WayOn, found: Request, uids: list[str]) -> str:
    slot: Slot = way.slot
    return url_for(
        "proposals.new",
        code=found.code,
        datum=uids,
        zaal=way.room.code,
        dag=slot.day.isoformat(),
        van=f"{slot.starts:%H:%M}",
        tot=f"{slot.ends:%H:%M}",
        _anchor="voorstel",
    )


def _too_late(found: Request, form: ProposalForm | None = None) -> str:
    """Somebody was first, or nothing is left to propose; what was typed is shown."""
    more: dict[str, Any] = {"words": form.note.data or "" if form else ""}
    return render_template("proposals/too_late.html", request_=found, **more, **bar())
