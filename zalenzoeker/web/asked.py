"""What comes in with the form to ask: which button was pressed, what is in the way, and the wish that it makes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import abort, request
from flask.typing import ResponseReturnValue

from zalenzoeker import clock
from zalenzoeker.domain.availability import OVERLAP
from zalenzoeker.domain.city import City, KnownRoom
from zalenzoeker.domain.requests import GROUP_KINDS, RequesterKind
from zalenzoeker.domain.series import PatternKind
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Refused, Wish, WishedDate
from zalenzoeker.web import prefill, ways
from zalenzoeker.web.asking_page import rule_of
from zalenzoeker.web.notation import moment
from zalenzoeker.web.request_form import SHIELDED, RequestForm

AnyForm = TypeVar("AnyForm", bound=RequestForm)


@dataclass(frozen=True)
class Asking(Generic[AnyForm]):
    """A page with the form: how it is made for a room, how it is shown, and how it is asked; ``ask`` raises Refused.

    ``page`` gets the form, what is in the way, and whether what is not filled in yet is no error.
    """

    form: Callable[[KnownRoom, City], AnyForm]
    page: Callable[[AnyForm, Refused | None, bool], str]
    ask: Callable[[AnyForm], ResponseReturnValue]


def sent(home: KnownRoom, everything: City, asking: Asking[AnyForm]) -> ResponseReturnValue:
    """The form came in: asked as it is, or first with what one of its buttons changes."""
    chosen = _chosen_instead(everything)
    home = everything.by_code[chosen.room] if chosen else home
    form = asking.form(home, everything)
    is_changed = _change(form, chosen)
    if request.form.get("wacht-niet"):
        form.waits.data = []
        return asking.page(form, in_the_way(form), True)
    if not form.validate_on_submit():
        if is_changed and not form.activity.data:
            # Nobody typed anything yet: there is nothing to find fault with.
            return asking.page(form, in_the_way(form), True)
        return asking.page(form, in_the_way(form), False), 422
    if form.waits.data and in_the_way(form) is None:
        # It came free meanwhile: nobody waits for what can be asked.
        form.waits.data = []
    try:
        return asking.ask(form)
    except Refused as refused:
        is_taken = refused.was_lost or any(one.code in OVERLAP for one in refused.obstacles)
        return asking.page(form, refused, False), 409 if is_taken else 422


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


def in_the_way(form: RequestForm) -> Refused | None:
    """What is known to be in the way before everything is filled in, so that it is told at once."""
    dates = [one for one in form.wished if one.room in form.city.by_code]
    if not dates:
        return None
    rule = rule_of(form)
    is_series = rule is not None and rule.kind is not PatternKind.LOOSE
    return checking.preview(dates, clock.now(), form.asker, by=form.counted, is_series=is_series)


def wish_of(form: RequestForm, **more: Any) -> Wish:
    """The wish that the form makes, with ``more`` that only some pages ask."""
    dates = form.wished
    chosen = form.association
    rule = rule_of(form)
    return Wish(
        dates=dates,
        activity=form.activity.data,
        people=form.people.data,
        is_public=form.is_public.data == "ja",
        is_shielded=form.is_public.data == SHIELDED,
        takes_space=form.takes_space,
        requester_kind=chosen.kind if chosen else RequesterKind(form.requester.data),
        association_id=chosen.id if chosen else None,
        association_name=chosen.name if chosen else _group_name(form),
        enterprise_number=_enterprise_number(form),
        contact_name=form.contact_name.data,
        contact_email=form.contact_email.data or "",
        contact_phone=form.contact_phone.data or "",
        facilities=tuple(form.facilities.data or ()),
        remarks=form.remarks.data or "",
        exception_reason=form.exception_reason.data or "",
        form_key=form.form_key.data,
        activity_kind=form.told_kind,
        neighbourhood=form.neighbourhood.data or "",
        pattern=rule.as_json() if rule else None,
        is_waiting=bool(form.waits.data) and not form.is_series and form.takes_space,
        renews=_own_code(form.renews.data or ""),
        **more,
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
