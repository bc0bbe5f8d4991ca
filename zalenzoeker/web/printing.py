"""Letters to print at the desk: for askers without an e-mail address, each handed over once."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.permissions import may_print
from zalenzoeker.gateways import mailer
from zalenzoeker.services import printing as service
from zalenzoeker.storage import printing as storage
from zalenzoeker.storage.models import Letter
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.desk_page import bar
from zalenzoeker.web.forms import PostForm
from zalenzoeker.web.paging import paged

blueprint = Blueprint("printing", __name__)


@blueprint.get("/balie/brieven")
@desk_only
def index() -> ResponseReturnValue:
    who = actor()
    page = paged(lambda limit, skip: storage.waiting(who.desk_ids, is_city=who.is_city, limit=limit, skip=skip))
    handed_over = storage.handed_over(who.desk_ids, is_city=who.is_city)
    return render_template(
        "printing/index.html",
        waiting=[(one, _written(one)[0]) for one in page.rows],
        handed_over=[(one, _written(one)[0]) for one in handed_over],
        page=page,
        **bar(),
    )


@blueprint.get("/balie/brieven/<code>")
@desk_only
def show(code: str) -> ResponseReturnValue:
    """One letter as it is printed, with the address in the window of an envelope."""
    letter = storage.by_code(code)
    if letter is None or letter.request is None or not may_print(actor(), letter.request.parties):
        abort(404)
    _subject, text = _written(letter)
    title, _line, body = text.partition("\n")
    return render_template(
        "printing/show.html",
        letter=letter,
        request_=letter.request,
        heading=title.strip(),
        text=body.strip(),
        is_handed_over=letter.state is LetterState.PRINTED,
        form=PostForm(),
        **bar(),
    )


@blueprint.post("/balie/brieven/<code>/afgegeven")
@desk_only
def hand_over(code: str) -> ResponseReturnValue:
    """Tell that it was handed over or posted."""
    try:
        is_first = service.hand_over(code, by=actor(), now=clock.now())
    except service.UnknownLetter:
        abort(404)
    if is_first:
        flash(_("The letter counts as handed over."), "ok")
    else:
        flash(_("This letter was handed over already."), "info")
    return redirect(url_for("printing.index"))


def _written(letter: Letter) -> tuple[str, str]:
    """Its subject and its text."""
    return mailer.on_paper(letter.parcel, public_url=current_app.config["PUBLIC_URL"])
