"""Who belongs to a desk and how it is reached: adding a member by e-mail, removing one, another shared address."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import Optional

from zalenzoeker import clock
from zalenzoeker.services import membership as service
from zalenzoeker.storage import accounts, changes, city, desks, handovers
from zalenzoeker.storage.models import Desk
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.access import actor, desk_only, visitor
from zalenzoeker.web.change_words import people_of, told
from zalenzoeker.web.crew_words import Names
from zalenzoeker.web.fields import PageForm, check_email, text_field
from zalenzoeker.web.forms import EmailForm
from zalenzoeker.web.keeping import counts, kept_desk

blueprint = Blueprint("members", __name__)

LAST_CHANGES = 10


@blueprint.route("/balie/ploeg/<desk>/leden", methods=["GET", "POST"])
@desk_only
def show(desk: str) -> ResponseReturnValue:
    found = kept_desk(desk)
    form = EmailForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.is_submitted() else 200
    try:
        service.add(desk, form.email.data, by=actor(), now=clock.now(), visitor=visitor())
    except service.AlreadyMember:
        form.email.errors = [_("This address belongs to a member already.")]
        return _page(kept_desk(desk), form), 422
    flash(_("%(email)s is a member now. We sent a letter.", email=form.email.data), "ok")
    return redirect(url_for("members.show", desk=desk))


class AddressForm(PageForm):
    """The mailbox that the people of a desk share."""

    shared = text_field(
        _l("Shared e-mail address"), EmailField, Optional(), check_email, name="gedeeld-adres", longest=254
    )


@blueprint.post("/balie/ploeg/<desk>/leden/adres")
@desk_only
def address(desk: str) -> ResponseReturnValue:
    found, form = kept_desk(desk), AddressForm()
    if not form.validate_on_submit():
        return _page(found, EmailForm(formdata=None), form), 422
    service.set_address(desk, form.shared.data or "", by=actor(), now=clock.now(), visitor=visitor())
    flash(_("The shared address is changed. Everybody of the desk gets a letter about it."), "ok")
    return redirect(url_for("members.show", desk=desk))


def _page(desk: Desk, form: EmailForm, address_form: AddressForm | None = None) -> str:
    form.email.label.text = _("E-mail address of the new member")
    newest = [*changes.of_desk(desk.id, LAST_CHANGES)]
    names = Names(changes.names_of_people(people_of(newest)), city.city().facility_names)
    return render_template(
        "members/show.html",
        desk=desk,
        members=desks.memberships(desk.id),
        offer=handovers.open_for(desk.id, clock.now()),
        lines=[told(change, names) for change in newest],
        may_hand_over=desk.slug != CITY_DESK,
        form=form,
        address_form=address_form or AddressForm(formdata=None, shared=desk.email),
        **counts(),
    )


@blueprint.post("/balie/ploeg/<desk>/leden/<code>/weg")
@desk_only
def remove(desk: str, code: str) -> ResponseReturnValue:
    kept_desk(desk)
    who = accounts.by_code(code)
    # Of who never belonged to it nobody hears the name.
    was_here = who is not None and desks.is_member(desks.by_slug(desk).id, who.id)
    called = (who.name or who.email) if who and was_here else ""
    is_self = who is not None and who.id == actor().account_id
    try:
        service.remove(desk, code, by=actor(), now=clock.now())
    except service.LastMember:
        flash(_("Without this member nobody would decide. Add somebody first, or hand the desk over."), "no")
        return redirect(url_for("members.show", desk=desk))
    if is_self and not actor().is_city:
        flash(_("You no longer belong to this desk. Thank you for all you did."), "ok")
        return redirect(url_for("accounts.mine"))
    if called:
        flash(_("%(name)s no longer belongs to this desk, and sees its requests no more.", name=called), "ok")
    return redirect(url_for("members.show", desk=desk))
