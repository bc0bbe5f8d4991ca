"""Handing a desk over to the next committee: the offer by who has it, the yes by who takes it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from zalenzoeker import clock
from zalenzoeker.services import handover as service
from zalenzoeker.storage import desks, handovers
from zalenzoeker.storage.models import Desk
from zalenzoeker.storage.models.desks import CITY_DESK
from zalenzoeker.web.access import actor, desk_only, public, visitor
from zalenzoeker.web.fields import PageForm, check_email, needed, text_field
from zalenzoeker.web.forms import PostForm
from zalenzoeker.web.keeping import counts, kept_desk

blueprint = Blueprint("handover", __name__)


class HandoverForm(PageForm):
    """Who takes over, and how the new committee is reached."""

    to_email = text_field(
        _l("E-mail address of who takes over"),
        StringField,
        needed(_l("Fill in an e-mail address, for instance godelieve@example.be")),
        check_email,
        name="opvolger",
    )
    new_email = text_field(
        _l("Shared address of the new group"), StringField, Optional(), check_email, name="gedeeld-adres"
    )


def _handed_over(slug: str) -> Desk:
    """A desk that can be handed over, for who has it; the city's own cannot."""
    if slug == CITY_DESK:
        abort(404)
    return kept_desk(slug)


@blueprint.route("/balie/ploeg/<desk>/overdragen", methods=["GET", "POST"])
@desk_only
def offer(desk: str) -> ResponseReturnValue:
    found = _handed_over(desk)
    form = HandoverForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.is_submitted() else 200
    try:
        service.offer(
            desk, form.to_email.data, form.new_email.data or "", by=actor(), now=clock.now(), visitor=visitor()
        )
    except service.ToYourself:
        form.to_email.errors = [_("This is your own address. Fill in the address of who comes after you.")]
        return _page(kept_desk(desk), form), 422
    flash(_("We sent a letter to %(email)s. Until they say yes, nothing changes.", email=form.to_email.data), "ok")
    return redirect(url_for("handover.offer", desk=desk))


def _page(desk: Desk, form: HandoverForm) -> str:
    return render_template(
        "handover/offer.html",
        desk=desk,
        members=desks.memberships(desk.id),
        offer=handovers.open_for(desk.id, clock.now()),
        form=form,
        **counts(),
    )


@blueprint.post("/balie/ploeg/<desk>/overdragen/intrekken")
@desk_only
def revoke(desk: str) -> ResponseReturnValue:
    _handed_over(desk)
    service.revoke(desk, by=actor(), now=clock.now())
    flash(_("Taken back. The link in the letter no longer works, and everything stays as it is."), "ok")
    return redirect(url_for("handover.offer", desk=desk))


@blueprint.route("/overdracht/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    """Opening it changes nothing; taking over takes having signed in with the address that got the letter."""
    form = PostForm()
    try:
        if form.validate_on_submit() and actor().is_signed_in:
            name = service.confirm(token, by=actor(), now=clock.now())
            flash(_("Done: you decide for %(desk)s from now on.", desk=name), "ok")
            return redirect(url_for("desk.inbox"))
        found = service.open_offer(token, clock.now())
    except service.NotForYou:
        found = service.open_offer(token, clock.now())
    except service.NoOffer:
        return render_template("handover/gone.html"), 404
    is_for_me = actor().email == found.to_email
    return render_template("handover/confirm.html", offer=found, form=form, token=token, is_for_me=is_for_me)
