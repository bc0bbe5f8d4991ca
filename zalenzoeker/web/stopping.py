"""Behind the link of a daily letter or a reminder: no more of them, with one press, in a mail program or here."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.gateways import stop_links
from zalenzoeker.services import stopping as service
from zalenzoeker.services.decision_links import count_a_guess
from zalenzoeker.storage import daily, desks
from zalenzoeker.storage.models import Letter
from zalenzoeker.web.access import public, visitor

blueprint = Blueprint("stopping", __name__, url_prefix="/geen-post")


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Opening it, as programs that look through mail do, ends nothing."""
    try:
        return _page(token, service.opened(stop_links.code_of(token) or ""))
    except service.UnknownLetter:
        return _unknown()


@blueprint.post("/<token>")
@public
def stop(token: str) -> ResponseReturnValue:
    """Also by the mail program itself (RFC 8058), which has no token of our forms: its link is what it knows."""
    code = stop_links.code_of(token) or ""
    try:
        if request.form.get("toch") == "ja":
            service.again(code)
        else:
            service.stop(code, clock.now())
    except service.UnknownLetter:
        return _unknown()
    return redirect(url_for("stopping.show", token=token))


def _page(token: str, letter: Letter) -> str:
    is_daily = letter.kind == LetterKind.DAILY_LETTER
    desk = desks.by_id(letter.desk_id) if letter.desk_id else None
    goes_on = daily.has_daily(letter.desk_id or 0, letter.recipient) if is_daily else False
    return render_template(
        "stopping/show.html",
        token=token,
        desk=desk,
        is_daily=is_daily,
        is_stopped=not (goes_on if is_daily else daily.wants_reminders(letter.recipient)),
    )


def _unknown() -> ResponseReturnValue:
    count_a_guess(clock.now(), visitor())
    return render_template("stopping/unknown.html"), 404
