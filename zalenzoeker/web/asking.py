"""Asking for a room: one form for one moment or a whole series, and the ways on when it cannot be."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.services import requests as service
from zalenzoeker.services.wishes import Receipt, Refused
from zalenzoeker.storage import associations, city
from zalenzoeker.web import prefill
from zalenzoeker.web.access import actor, here, public, visitor
from zalenzoeker.web.asked import Asking, in_the_way, sent, wish_of
from zalenzoeker.web.asking_page import shown
from zalenzoeker.web.request_form import RequestForm

blueprint = Blueprint("asking", __name__)


@blueprint.route("/aanvragen/nieuw", methods=["GET", "POST"])
@public
def new() -> ResponseReturnValue:
    everything = city.city()
    before = None if request.method == "POST" else prefill.earlier("opnieuw") or prefill.earlier("verleng")
    code = request.args.get("zaal", "")
    if not code.partition("/")[0]:
        flash(_("Choose a room first. These places have one you can ask for here."))
        return redirect(url_for("pages.landing", manier="ask_here"))
    home = everything.by_code.get(code) or abort(404)
    if request.method == "POST":
        return sent(home, everything, Asking(_form, _page, _ask))
    if not home.is_asked_here:
        flash(_("%(room)s cannot be asked here. Ask the house itself.", room=home.name))
        return redirect(url_for("rooms.show", venue=home.venue_slug, room=home.slug))
    if request.args.get("verleng") and before is None and not actor().is_signed_in:
        # From a letter: whose series it is, only signing in can tell.
        flash(_("Sign in first. After that you come back here."))
        return redirect(url_for("accounts.sign_in", verder=here()))
    now = clock.now()
    is_renewal = bool(before and request.args.get("verleng")) and not request.args.get("datum")
    if is_renewal and (address := prefill.renewal(before, home, now)):
        return redirect(address)
    form = _form(home, everything)
    prefill.from_visit(form, before, now)
    return _page(form, in_the_way(form))


def _form(home: KnownRoom, everything: City) -> RequestForm:
    form = RequestForm()
    own = associations.of_account(actor().account_id) if actor().is_signed_in else []
    form.offer(home, everything, own)
    if actor().is_signed_in:
        form.contact_email.data = actor().email
    return form


def _ask(form: RequestForm) -> ResponseReturnValue:
    receipt = service.ask(wish_of(form), by=actor(), now=clock.now(), visitor=visitor())
    return _onward(receipt, form)


def _onward(receipt: Receipt, form: RequestForm) -> ResponseReturnValue:
    """To the status page, or first to the code that proves the address."""
    if not receipt.needs_proof:
        if not receipt.is_repeat:
            asked = _("Your request has arrived. The house was told.")
            flash(_("You stand on the waiting list.") if form.waits.data else asked, "ok")
        return redirect(url_for("requests.show", code=receipt.code))
    session["code_sent_to"] = form.contact_email.data
    return redirect(url_for("accounts.code"))


def _page(form: RequestForm, refused: Refused | None = None, is_quiet: bool = False) -> str:
    """The form as far as it was filled in."""
    return render_template("asking/new.html", **shown(form, refused, is_quiet=is_quiet))
