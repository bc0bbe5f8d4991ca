"""Where a request stands, and withdrawing it."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import (
    is_asker,
    may_decide,
    may_see_parties,
    may_shield,
    may_speak_for,
    may_withdraw,
)
from zalenzoeker.domain.requests import (
    AWAITS_PROOF,
    IS_ALIVE,
    ON_THE_WAITING_LIST,
    Action,
    Status,
    may_follow,
)
from zalenzoeker.services import requests as service
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage import waiting as waiting_list
from zalenzoeker.storage.models import Occurrence, Request
from zalenzoeker.web.absolute import absolute
from zalenzoeker.web.access import actor, public, signed_in
from zalenzoeker.web.elsewhere import elsewhere
from zalenzoeker.web.forms import PostForm
from zalenzoeker.web.headlines import headline
from zalenzoeker.web.offers import DeclineForm, offer_of
from zalenzoeker.web.on_agenda import on_agenda
from zalenzoeker.web.standing import (
    counts,
    dates_to_show,
    goes_on,
    lines,
    months,
    nearest,
    pattern_said,
    waiting_changes,
)
from zalenzoeker.web.story import story, wanted
from zalenzoeker.web.thread import of_asker

blueprint = Blueprint("requests", __name__)


@blueprint.get("/aanvragen/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    found = storage.by_code(code) or abort(404)
    who = actor()
    now = clock.now()
    is_party = may_see_parties(who, found.parties)
    may_change = may_withdraw(who, found.parties) and found.status not in AWAITS_PROOF | ON_THE_WAITING_LIST

    def lead(date: Occurrence) -> str:
        is_to_come = not is_over(date.slot.starts_at, now)
        may = is_to_come and (date.status in IS_ALIVE or (date.status is Status.SKIPPED and found.status in IS_ALIVE))
        return url_for("occurrences.show", code=code, uid=date.uid) if may_change and may else ""

    place, dates = waiting_list.place_of(found), dates_to_show(found)
    said = lines(found, now, href=lead)
    return render_template(
        "requests/show.html",
        request_=found,
        date=nearest(found, now),
        headline=headline(found, now, place=place),
        months=months(said) if len(dates) > 1 else [],
        counts=counts(said),
        one_line=said[0],
        changes=waiting_changes(found) if may_change else [],
        rooms=sorted({(date.room.venue.slug, date.room.slug, date.room.name, date.room.venue.name) for date in dates}),
        pattern=pattern_said(found),
        steps=story(found, now, with_letters=is_party),
        talk=of_asker(found),
        offer=offer_of(found, now),
        declining=DeclineForm(formdata=None),
        is_party=is_party,
        wanted=wanted(found) if is_party else [],
        may_withdraw=_may_still_withdraw(found, now),
        may_answer=found.status in ON_THE_WAITING_LIST and may_withdraw(who, found.parties),
        speaks_for=may_speak_for(who, found.parties) and not is_asker(who, found.parties),
        may_decide=may_decide(who, found.parties),
        may_shield=found.asked_at is not None and may_shield(who, found.parties),
        has_ended=found.status not in IS_ALIVE,
        elsewhere=elsewhere(found, now),
        agenda=on_agenda(found, who),
        goes_on=is_party and goes_on(found, now),
        form=PostForm(),
        address=absolute("requests.show", code=code),
    )


def _may_still_withdraw(found: Request, now: datetime) -> bool:
    may = may_withdraw(actor(), found.parties) and found.status not in ON_THE_WAITING_LIST
    return may and any(
        may_follow(date.status, Action.WITHDRAW) and not is_over(date.slot.ends_at, now) for date in found.occurrences
    )


@blueprint.post("/aanvragen/<code>/intrekken")
@signed_in
def withdraw(code: str) -> ResponseReturnValue:
    service.withdraw(code, by=actor(), now=clock.now())
    flash(_("You withdrew the request. The room is free again for somebody else."), "ok")
    return redirect(url_for("requests.show", code=code))
