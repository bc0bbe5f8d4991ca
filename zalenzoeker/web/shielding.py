"""Shielding an activity from its own page or from the desk's."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.permissions import is_asker, is_at_desk
from zalenzoeker.services import shielding as service
from zalenzoeker.storage import requests as storage
from zalenzoeker.web.access import actor, signed_in

blueprint = Blueprint("shielding", __name__)


@blueprint.post("/aanvragen/<code>/afschermen")
@signed_in
def shield(code: str) -> ResponseReturnValue:
    is_shielded = request.form.get("afgeschermd") != "nee"
    is_done = service.shield(code, by=actor(), now=clock.now(), is_shielded=is_shielded)
    if is_done and is_shielded:
        flash(_("Shielded. Others only read that the room is taken."), "ok")
    elif is_done:
        flash(_("No longer shielded. The name still stands nowhere in public."), "ok")
    found = storage.by_code(code)
    assert found is not None, "it was there a moment ago"
    at_desk = is_at_desk(actor(), found.parties) and not is_asker(actor(), found.parties)
    return redirect(url_for("desk.show" if at_desk else "requests.show", code=code))
