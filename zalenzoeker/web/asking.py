"""Asking for a room: one form for one moment or a whole series, and the ways on when it cannot be."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.availability import OVERLAP
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.requests import GROUP_KINDS, RequesterKind
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.services import checking
from zalenzoeker.services import requests as service
from zalenzoeker.services.wishes import Receipt, Refused, Wish, WishedDate
from zalenzoeker.storage import associations, city
from zalenzoeker.web import prefill, ways
from zalenzoeker.web.access import actor, here, public, visitor
from zalenzoeker.web.asking_page import rule_of, shown
from zalenzoeker.web.notation import moment
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
        return _sent(home, everything)
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
    return _page(form, _in_the_way(form))


def _form(home: KnownRoom, everything: City) -> RequestForm:
    form = RequestForm()
    own = associations.of_account(actor().account_id) if actor().is_signed_in else []
    form.offer(home, everything, own)
    if actor().is_signed_in:
        form.contact_email.data = actor().email
    return form


def _sent(home: KnownRoom, everything: City) -> ResponseReturnValue:
    """The form came in: asked as it is, or first with what one of its buttons changes."""
    chosen = _chosen_instead(everything)
    home = everything.by_code[chosen.room] if chosen else home
    form = _form(home, everything)
    is_changed = _change(form, chosen)
    if request.form.get("wacht-niet"):
        form.waits.data = []
        return _page(form, _in_the_way(form), is_quiet=True)
    if not form.validate_on_submit():
        if is_changed and not form.activity.data:
            # Nobody typed anything yet: there is nothing to find fault with.
            return _page(form, _in_the_way(form), is_quiet=True)
        return _page(form, _in_the_way(form)), 422
    now = clock.now()
    if form.waits.data and _in_the_way(form) is None:
        # It came free meanwhile: nobody waits for what can be asked.
        form.waits.data = []
    wish = _wish(form)
    try:
        receipt = service.ask(wish, by=actor(), now=now, visitor=visitor())
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        return _page(form, refused), 409 if is_taken else 422
    return _onward(receipt, form)


def _chosen_instead(everything: City) -> WishedDate | None:
    """The room and moment of the way on that was pressed (``venue/room|moment``)."""
    words = request.form.get("neem", "")
    if not words:
        return None
    room, _bar, when = words.partition("|")
    chosen = moment(when, room)
    if chosen is None or chosen.room not in everything.by_code or not everything.by_code[chosen.room].is_asked_here:
        abort(400)
    return chosen


def _change(form: RequestForm, chosen: WishedDate | None) -> bool:
    """Do what the pressed button says: another moment, dates left out, one moved, or wait. True: one was pressed."""
    pressed = request.form
    home = form.room.code
    if chosen:
        form.waits.data = []
        form.choose([chosen])
        form.facilities.data = [slug for slug in form.facilities.data or [] if slug in form.room.facilities]
    elif marks := set(pressed.get("sla-over", "").split(",")) - {""}:
        left_out = {one for words in marks if (one := moment(words, home))}
        form.choose(WishedDate(one.room, one.slot, one.is_skipped or one in left_out) for one in form.wished)
    elif pressed.get("verzet"):
        old, new = (moment(words, home) for words in pressed["verzet"].partition("|")[::2])
        if old and new:
            form.choose(ways.moved(form.wished, old, new))
    else:
        return bool(form.waits.data)
    return True


def _in_the_way(form: RequestForm) -> Refused | None:
    """What is known to be in the way before everything is filled in, so that it is told at once."""
    dates = [one for one in form.wished if one.room in form.city.by_code]
    if not dates:
        return None
    rule = rule_of(form)
    is_series = rule is not None and rule.kind is not PatternKind.LOOSE
    return checking.preview(dates, clock.now(), form.asker, by=actor(), is_series=is_series)


def _wish(form: RequestForm) -> Wish:
    dates = form.wished
    chosen = form.association
    rule = rule_of(form)
    return Wish(
        dates=dates,
        activity=form.activity.data,
        people=form.people.data,
        is_public=form.is_public.data == "ja",
        requester_kind=chosen.kind if chosen else RequesterKind(form.requester.data),
        association_id=chosen.id if chosen else None,
        association_name=chosen.name if chosen else _group_name(form),
        enterprise_number=_enterprise_number(form),
        contact_name=form.contact_name.data,
        contact_email=form.contact_email.data,
        contact_phone=form.contact_phone.data or "",
        facilities=tuple(form.facilities.data or ()),
        remarks=form.remarks.data or "",
        exception_reason=form.exception_reason.data or "",
        form_key=form.form_key.data,
        activity_kind=form.told_kind,
        neighbourhood=form.neighbourhood.data or "",
        pattern=rule.as_json() if rule else None,
        is_waiting=bool(form.waits.data) and not form.is_series,
        renews=_own_code(form.renews.data or ""),
    )


def _own_code(code: str) -> str:
    """Only what is one's own can be gone on with."""
    before = prefill.of_code(code)
    return before.code if before else ""


def _enterprise_number(form: RequestForm) -> str:
    """Only of a new group: a person has none, and an association from the list told its own before."""
    return form.enterprise_number.data or "" if form.new_kind in GROUP_KINDS else ""


def _group_name(form: RequestForm) -> str:
    return "" if form.new_kind is RequesterKind.PERSON else form.association_name.data or ""


def _onward(receipt: Receipt, form: RequestForm) -> ResponseReturnValue:
    """To the status page, or first to the code that proves the address."""
    if not receipt.needs_proof:
        if not receipt.is_repeat:
            asked = _("Your request has arrived. The house was told.")
            flash(_("You stand on the waiting list.") if form.waits.data else asked, "ok")
        return redirect(url_for("requests.show", code=receipt.code))
    session["code_sent_to"] = form.contact_email.data
    return redirect(url_for("accounts.code"))


def _page(form: RequestForm, refused: Refused | None = None, *, is_quiet: bool = False) -> str:
    """The form as far as it was filled in."""
    return render_template("asking/new.html", **shown(form, refused, is_quiet=is_quiet))
