"""Associations: name one, invite others, join, leave."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.requests import RequesterKind
from zalenzoeker.services import associations as service
from zalenzoeker.storage import associations
from zalenzoeker.storage.models import Association
from zalenzoeker.web.access import actor, public, signed_in, visitor
from zalenzoeker.web.forms import AssociationForm, EmailForm, PostForm

blueprint = Blueprint("associations", __name__)


@blueprint.route("/mijn/verenigingen/nieuw", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    form = AssociationForm()
    if form.validate_on_submit():
        code = service.create(
            form.name.data,
            RequesterKind(form.kind.data),
            enterprise_number=form.enterprise_number.data or "",
            by=actor(),
            now=clock.now(),
        )
        flash(_("Your group stands here now. You can ask for rooms in its name."), "ok")
        return redirect(url_for("associations.show", code=code))
    return render_template("associations/new.html", form=form), 422 if form.errors else 200


@blueprint.get("/mijn/verenigingen/<code>")
@signed_in
def show(code: str) -> ResponseReturnValue:
    return _page(_own(code), EmailForm())


def _own(code: str) -> Association:
    """Somebody else's group is not there."""
    association = associations.by_code(code)
    if association is None or association.id not in actor().association_ids:
        abort(404)
    return association


def _page(association: Association, form: EmailForm) -> str:
    form.email.label.text = _("E-mail address of the person you invite")
    return render_template(
        "associations/show.html",
        association=association,
        invitations=associations.invitations(association.id),
        form=form,
        leave_form=PostForm(),
    )


@blueprint.post("/mijn/verenigingen/<code>/uitnodigen")
@signed_in
def invite(code: str) -> ResponseReturnValue:
    association = _own(code)
    form = EmailForm()
    if not form.validate_on_submit():
        return _page(association, form), 422
    try:
        service.invite(code, form.email.data, by=actor(), now=clock.now(), visitor=visitor())
    except service.AlreadyMember:
        form.email.errors = [_("This address belongs to a member already.")]
        return _page(associations.by_code(code) or abort(404), form), 422
    flash(_("We sent an invitation to %(email)s.", email=form.email.data), "ok")
    return redirect(url_for("associations.show", code=code))


@blueprint.post("/mijn/verenigingen/<code>/verlaten")
@signed_in
def leave(code: str) -> ResponseReturnValue:
    service.leave(code, by=actor())
    flash(_("You left the group. Its requests and bookings stay."), "ok")
    return redirect(url_for("accounts.mine"))


@blueprint.route("/uitnodigingen/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """An invitation shows a button; joining takes having signed in with the invited address."""
    form = PostForm()
    try:
        if form.validate_on_submit() and actor().is_signed_in:
            code = service.join(token, by=actor(), now=clock.now())
            flash(_("You are a member now."), "ok")
            return redirect(url_for("associations.show", code=code))
        invitation = service.open_invitation(token, clock.now())
    except service.NotInvited:
        invitation = service.open_invitation(token, clock.now())
    except service.NoInvitation:
        return render_template("associations/no_invitation.html"), 404
    is_for_me = actor().email == invitation.email
    return render_template("associations/join.html", invitation=invitation, form=form, is_for_me=is_for_me)
