"""“We do not need the room”: one question behind the button of a reminder, and the date is somebody else's."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.date_reminders import ReleaseState
from zalenzoeker.domain.requests import NotPossible
from zalenzoeker.services import date_reminders as service
from zalenzoeker.services.decision_links import count_a_guess
from zalenzoeker.web.access import public, visitor

blueprint = Blueprint("not_needed", __name__, url_prefix="/niet-nodig")

ANSWERS = {ReleaseState.OPEN: 200, ReleaseState.GONE: 200, ReleaseState.MOVED: 410, ReleaseState.PAST: 410}


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Opening it, as programs that look through mail do, gives nothing up."""
    try:
        found = service.opened(token, clock.now())
    except service.UnknownReminder:
        return _unknown()
    return _page(token, found), ANSWERS[found.state]


@blueprint.post("/<token>")
@public
def let_go(token: str) -> ResponseReturnValue:
    try:
        service.let_go(token, now=clock.now())
    except service.UnknownReminder:
        return _unknown()
    except NotPossible:
        found = service.opened(token, clock.now())
        if found.state is not ReleaseState.GONE:
            return _page(token, found), 409
    return redirect(url_for("not_needed.show", token=token))


def _page(token: str, found: service.Reminded) -> str:
    return render_template(
        "not_needed/show.html", token=token, state_now=found.state.value, request_=found.request, date=found.date
    )


def _unknown() -> ResponseReturnValue:
    count_a_guess(clock.now(), visitor())
    return render_template("not_needed/unknown.html"), 404
