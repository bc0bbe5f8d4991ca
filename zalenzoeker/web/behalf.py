"""Asking on behalf of somebody: the form at the desk, and the same form on paper."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.permissions import NotAllowed, is_at_desk
from zalenzoeker.services import requests as service
from zalenzoeker.services.wishes import Refused
from zalenzoeker.storage import associations, city, rooms
from zalenzoeker.storage import requests as storage
from zalenzoeker.web import prefill
from zalenzoeker.web.access import actor, desk_only, public, visitor
from zalenzoeker.web.asked import Asking, in_the_way, sent, wish_of
from zalenzoeker.web.asking_page import shown
from zalenzoeker.web.behalf_form import BehalfForm
from zalenzoeker.web.desk_page import bar
from zalenzoeker.web.houserules import spoken
from zalenzoeker.web.keeping import houses_to_ask_for, may_ask_for_others
from zalenzoeker.web.paper_form import parts
from zalenzoeker.web.request_form import RequestForm

blueprint = Blueprint("behalf", __name__)

# What the address tells besides the room.
HANDED_ON = ("dag", "van", "tot", "hoe", "personen")


@blueprint.route("/balie/aanvragen/nieuw", methods=["GET", "POST"])
@desk_only
def new() -> ResponseReturnValue:
    """Type in what somebody asks; without a room in the address, first choose one."""
    everything = city.city()
    code = request.args.get("zaal", "")
    if not code:
        return _choose(everything)
    home = everything.by_code.get(code) or abort(404)
    if not may_ask_for_others(home.venue_id):
        raise NotAllowed
    if request.method == "POST":
        return sent(home, everything, Asking(_form, _page, _ask))
    if not home.is_asked_here:
        flash(_("%(room)s cannot be asked here. Ask the house itself.", room=home.name))
        return redirect(url_for("rooms.show", venue=home.venue_slug, room=home.slug))
    form = _form(home, everything)
    _fill_in(form)
    return _page(form, in_the_way(form))


def _choose(everything: City) -> ResponseReturnValue:
    """The rooms that this member may ask for somebody; one alone is chosen already."""
    houses = _houses(everything, request.args.get("huis", ""))
    known = {name: request.args[name] for name in HANDED_ON if name in request.args}
    if [len(of_house) for _name, of_house in houses] == [1]:
        return redirect(url_for("behalf.new", zaal=houses[0][1][0].code, **known))
    return render_template("behalf/choose.html", houses=houses, known=known, **bar())


def _houses(everything: City, only: str) -> list[tuple[str, list[KnownRoom]]]:
    """Place by place, by name; ``only``: the slug of the one that is meant."""
    kept, by_name = houses_to_ask_for(), {}
    for room in everything.rooms:
        is_kept = kept is None or room.venue_id in kept
        if room.is_asked_here and is_kept and only in ("", room.venue_slug):
            by_name.setdefault(room.venue_name, []).append(room)
    return [(name, sorted(by_name[name], key=lambda room: room.name)) for name in sorted(by_name)]


def _fill_in(form: BehalfForm) -> None:
    """What the address tells, and what was asked before, where somebody asks again."""
    prefill.from_address(form)
    form.came_by.data = request.args.get("hoe") if request.args.get("hoe") in set(CameBy) else None
    before = prefill.earlier("opnieuw")
    if before is None or before.came_by is None:
        return
    prefill.repeat(form, before)
    form.contact_email.data, form.postal_address.data = before.contact_email, before.postal_address
    if not (form.is_series or form.wished):
        form.choose(prefill.still_to_come(before, form.room, clock.now()))


def _form(home: KnownRoom, everything: City) -> BehalfForm:
    form = BehalfForm()
    form.offer(home, everything, associations.of_account(actor().account_id))
    return form


def _ask(form: BehalfForm) -> ResponseReturnValue:
    wish = wish_of(form, came_by=form.told_way, postal_address=form.postal_address.data or "")
    receipt = service.ask(wish, by=actor(), now=clock.now(), visitor=visitor())
    found = storage.by_code(receipt.code)
    assert found is not None, "it was asked a moment ago"
    if not receipt.is_repeat:
        how = (
            _("A letter with the answer follows by mail.") if found.contact_email else _("There is a letter to print.")
        )
        done = _("The request is in: %(reference)s.", reference=found.reference)
        flash(f"{done} {how}", "ok")
    page = "desk.show" if is_at_desk(actor(), found.parties) else "requests.show"
    return redirect(url_for(page, code=receipt.code))


def _page(form: BehalfForm, refused: Refused | None = None, is_quiet: bool = False) -> str:
    """The form as far as it was filled in."""
    return render_template("behalf/new.html", **shown(form, refused, is_quiet=is_quiet), **bar())


@blueprint.get("/aanvragen/papier")
@public
def paper() -> ResponseReturnValue:
    """The form on paper, empty, with the house and its rules: to print, fill in and hand in."""
    everything = city.city()
    home = everything.by_code.get(request.args.get("zaal", ""))
    if home is None:
        flash(_("Choose a room first. These places have one you can ask for here."))
        return redirect(url_for("pages.landing", manier="ask_here"))
    if not home.is_asked_here:
        flash(_("%(room)s cannot be asked here. Ask the house itself.", room=home.name))
        return redirect(url_for("rooms.show", venue=home.venue_slug, room=home.slug))
    room = rooms.by_slug(home.venue_slug, home.slug) or abort(404)
    form = RequestForm(formdata=None)
    form.offer(home, everything, [])
    return render_template(
        "behalf/paper.html", known=home, venue=room.venue, parts=parts(form), rules=spoken(home.rules)
    )
