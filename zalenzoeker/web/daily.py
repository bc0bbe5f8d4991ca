"""A member chooses what comes at once and what once a day, for themselves or for the address that all share."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.daily import News
from zalenzoeker.services import daily as service
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.keeping import kept_desk

blueprint = Blueprint("daily", __name__)


@blueprint.post("/balie/ploeg/<desk>/post")
@desk_only
def choose(desk: str) -> ResponseReturnValue:
    """What is ticked comes once a day; a box that is not ours is one that is not there."""
    kept_desk(desk)
    is_shared = request.form.get("voor") == "samen"
    ticked = request.form.getlist("dagbrief-samen" if is_shared else "dagbrief")
    news = [one for one in News if one.value in ticked]
    service.choose(desk, news, is_shared=is_shared, by=actor(), now=clock.now())
    if news:
        flash(_("Kept. Every morning one letter comes with this news, when there is any."), "ok")
    else:
        flash(_("Kept. Everything comes at once."), "ok")
    return redirect(url_for("crew.show", desk=desk, _anchor="post"))
