"""Asking for a room, and where a request stands."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, OVERLAP, Code, Need, Obstacle, blocking, obstacles
from zalenzoeker.domain.deadlines import is_over
from zalenzoeker.domain.permissions import may_decide, may_see_parties, may_withdraw
from zalenzoeker.domain.requests import GROUP_KINDS, HOLDS_THE_ROOM, Action, RequesterKind, may_follow
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.slots import NotASlot, Slot, epoch
from zalenzoeker.services import requests as service
from zalenzoeker.services.wishes import Receipt, Refused, Wish
from zalenzoeker.storage import associations, rooms
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Request, Room
from zalenzoeker.web.access import actor, own_account, public, signed_in, visitor
from zalenzoeker.web.forms import OWN_HOURS, PostForm, RequestForm
from zalenzoeker.web.houserules import spoken
from zalenzoeker.web.refusals import sentence
from zalenzoeker.web.story import headline, story, wanted

blueprint = Blueprint("requests", __name__)


@blueprint.route("/aanvragen/nieuw", methods=["GET", "POST"])
@public
def new() -> ResponseReturnValue:
    venue_slug, _slash, room_slug = request.args.get("zaal", "").partition("/")
    if not venue_slug:
        flash(_("Choose a room first. These places have one you can ask for here."))
        return redirect(url_for("pages.landing", manier="ask_here"))
    room = rooms.by_slug(venue_slug, room_slug) or abort(404)
    form = _form(room)
    if request.method != "POST":
        if not room.is_asked_here:
            flash(_("%(room)s cannot be asked here. Ask the house itself.", room=room.name))
            return redirect(url_for("rooms.show", venue=venue_slug, room=room_slug))
        _fill_in(form)
        return _page(room, form, _in_the_way(room, form))
    if not form.validate_on_submit():
        return _page(room, form, _in_the_way(room, form)), 422
    try:
        receipt = service.ask(_wish(form, room), by=actor(), now=clock.now(), visitor=visitor())
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        return _page(room, form, refused), 409 if is_taken else 422
    return _onward(receipt, form)


def _form(room: Room) -> RequestForm:
    form = RequestForm()
    own = associations.of_person(actor().association_ids)
    form.offer(
        hours_of=rooms.rules(room).hours_of,
        facilities=[(thing.slug, thing.name) for thing in rooms.things(room)],
        associations=[(one.code, one.name) for one in own],
    )
    if actor().is_signed_in:
        form.contact_email.data = actor().email
    return form


def _slot(form: RequestForm) -> Slot | None:
    """The moment as far as it was filled in, whether the form was sent already or not."""
    if form.slot or not (form.day.data and form.from_time.data and form.to_time.data):
        return form.slot
    try:
        return Slot.on(form.day.data, form.from_time.data, form.to_time.data)
    except NotASlot:
        return None


def _in_the_way(room: Room, form: RequestForm) -> Refused | None:
    """What is known to be in the way before everything is filled in, so that it is told at once."""
    slot, now = _slot(form), clock.now()
    if slot is None:
        return None
    facts = rooms.facts(room, slot.from_epoch, slot.to_epoch, epoch(now))
    found = obstacles(Need(slot, None if form.people.errors else form.people.data), facts, now)
    return service.refusal(room, slot, now, obstacles=found) if found else None


def _fill_in(form: RequestForm) -> None:
    """What the address and the account know already."""
    form.day_part.data = request.args.get("dagdeel", OWN_HOURS)
    for field, name in ((form.day, "dag"), (form.from_time, "van"), (form.to_time, "tot")):
        try:
            field.process_formdata([request.args[name]] if request.args.get(name) else [])
        except ValueError:
            field.data = None
        field.raw_data = None
    if actor().is_signed_in:
        form.contact_name.data = own_account().name
        form.contact_phone.data = own_account().phone
    if own := associations.of_person(actor().association_ids):
        form.requester.data = own[0].code
    if again := storage.by_code(request.args.get("opnieuw", "")):
        _repeat(form, again)


def _repeat(form: RequestForm, earlier: Request) -> None:
    """What was typed for an earlier request of one's own; somebody else's fills in nothing."""
    is_own_browser = earlier.browser_hash == visitor().browser_hash and not earlier.asked_at
    if not (is_own_browser or may_see_parties(actor(), earlier.parties)):
        return
    form.activity.data, form.people.data = earlier.activity, earlier.people
    form.is_public.data = "ja" if earlier.is_public else "nee"
    form.remarks.data, form.facilities.data = earlier.remarks, earlier.facilities
    form.contact_name.data, form.contact_phone.data = earlier.contact_name, earlier.contact_phone
    form.contact_email.data = actor().email or earlier.contact_email
    offered = {choice.value for choice in form.requester.choices}
    if earlier.association and earlier.association.code in offered:
        form.requester.data = earlier.association.code
    else:
        form.requester.data, form.association_name.data = earlier.requester_kind.value, earlier.association_name
        form.enterprise_number.data = earlier.enterprise_number


def _wish(form: RequestForm, room: Room) -> Wish:
    slot = form.slot
    assert slot is not None, "the form is valid"
    chosen = _chosen_association(form)
    return Wish(
        venue_slug=room.venue.slug,
        room_slug=room.slug,
        slot=slot,
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
    )


def _chosen_association(form: RequestForm) -> Any:
    own = associations.of_person(actor().association_ids)
    return next((one for one in own if one.code == form.requester.data), None)


def _enterprise_number(form: RequestForm) -> str:
    """Only of a new group: a person has none, and an association from the list told its own before."""
    return form.enterprise_number.data or "" if form.new_kind in GROUP_KINDS else ""


def _group_name(form: RequestForm) -> str:
    return "" if form.new_kind is RequesterKind.PERSON else form.association_name.data or ""


def _onward(receipt: Receipt, form: RequestForm) -> ResponseReturnValue:
    """To the status page, or first to the code that proves the address."""
    if not receipt.needs_proof:
        if not receipt.is_repeat:
            flash(_("Your request has arrived. The house was told."), "ok")
        return redirect(url_for("requests.show", code=receipt.code))
    session["code_sent_to"] = form.contact_email.data
    return redirect(url_for("accounts.code"))


def _page(room: Room, form: RequestForm, refused: Refused | None = None) -> str:
    found = blocking(refused.obstacles, asks_exception=bool(form.exception_reason.data)) if refused else []
    _mark_people(form, found, room)
    in_the_way = [one for one in found if one.code is not Code.TOO_MANY_PEOPLE]
    was_lost = bool(refused and refused.was_lost)
    rules = rooms.rules(room)
    return render_template(
        "requests/new.html",
        room=room,
        venue=room.venue,
        form=form,
        slot=_slot(form),
        obstacles=[(one, sentence(one, room=room.name), _place_of(one)) for one in in_the_way],
        was_lost=was_lost,
        is_taken=any(one.code in OVERLAP for one in in_the_way),
        is_about_moment=was_lost or any(one.code in ABOUT_THE_MOMENT for one in in_the_way),
        may_ask_exception=bool(form.exception_reason.data) or any(one.may_be_excepted for one in in_the_way),
        alternatives=[(_value(slot), slot) for slot in refused.alternatives] if refused and (found or was_lost) else [],
        rules=spoken(rules),
        part_hours={part.value: rules.hours_of(part) for part in DayPart},
        capacity=rooms.largest_capacity(room, room.venue),
        own_hours=OWN_HOURS,
        own_associations=[one.value for one in form.requester.choices if one.value not in set(RequesterKind)],
    )


def _mark_people(form: RequestForm, found: list[Obstacle], room: Room) -> None:
    """Too many people is said beside the field it is about."""
    for one in found:
        if one.code is Code.TOO_MANY_PEOPLE:
            form.people.errors = [*form.people.errors, sentence(one, room=room.name)]


def _place_of(one: Obstacle) -> str:
    """The part of the page an obstacle is about, to jump to."""
    return "uitzondering" if one.may_be_excepted else "wanneer"


def _value(slot: Slot) -> str:
    return f"{slot.starts:%Y-%m-%dT%H:%M}/{slot.ends:%H:%M}"


@blueprint.get("/aanvragen/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    found = storage.by_code(code) or abort(404)
    who = actor()
    now = clock.now()
    is_party = may_see_parties(who, found.parties)
    return render_template(
        "requests/show.html",
        request_=found,
        date=found.first,
        headline=headline(found, now),
        steps=story(found, now, with_letters=is_party),
        is_party=is_party,
        wanted=wanted(found) if is_party else [],
        may_withdraw=_may_still_withdraw(found, now),
        may_decide=may_decide(who, found.parties),
        has_ended=found.status not in HOLDS_THE_ROOM,
        form=PostForm(),
        address=f"{current_app.config['PUBLIC_URL']}{url_for('requests.show', code=code)}",
    )


def _may_still_withdraw(found: Request, now: datetime) -> bool:
    is_to_come = not is_over(found.first.slot.ends_at, now)
    return is_to_come and may_withdraw(actor(), found.parties) and may_follow(found.status, Action.WITHDRAW)


@blueprint.post("/aanvragen/<code>/intrekken")
@signed_in
def withdraw(code: str) -> ResponseReturnValue:
    service.withdraw(code, by=actor(), now=clock.now())
    flash(_("You withdrew the request. The room is free again for somebody else."), "ok")
    return redirect(url_for("requests.show", code=code))
