"""The form to ask for a room as a page: what is known, what is in the way, and the ways on."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from zalenzoeker import clock
from zalenzoeker.domain.availability import ABOUT_THE_MOMENT, OVERLAP, Code
from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.requests import Policy, RequesterKind
from zalenzoeker.domain.routing import Asked
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.domain.series import Pattern
from zalenzoeker.services.wishes import Asker, Refused
from zalenzoeker.storage import associations, desks, rooms, routing
from zalenzoeker.web import prefill, ways
from zalenzoeker.web.answering import if_asked_now
from zalenzoeker.web.dates import WEEKDAYS, minutes_short
from zalenzoeker.web.houserules import spoken
from zalenzoeker.web.moment_form import day_part_hints
from zalenzoeker.web.notation import pattern, plan_address
from zalenzoeker.web.patterns import pattern_words
from zalenzoeker.web.request_form import SHIELDED, RequestForm


def rule_of(form: RequestForm) -> Pattern | None:
    """The rule that the dates in the form were written out from."""
    return pattern(form.pattern.data or "", form.wished) if form.is_series else None


def shown(form: RequestForm, refused: Refused | None, *, is_quiet: bool) -> dict[str, Any]:
    """What the page shows of the form. ``is_quiet``: what is not filled in yet is no error."""
    if is_quiet:
        for field in form:
            field.errors = []
    form.inside.description = _when_open(form.room)
    room = rooms.by_slug(form.room.venue_slug, form.room.slug)
    assert room is not None, "the city knows it"
    return {
        "room": room,
        "venue": room.venue,
        "known": form.room,
        "crumb": _("Request"),
        "form": form,
        "is_waiting": bool(form.waits.data),
        **_obstructed(form, refused, is_sent=form.is_submitted() and not is_quiet),
        **_more(form),
    }


def _obstructed(form: RequestForm, refused: Refused | None, *, is_sent: bool) -> dict[str, Any]:
    """What is in the way, in words, and every way on from there."""
    excepts = bool(form.exception_reason.data)
    said = ways.reasons(refused.troubles, asks_exception=excepts) if refused else []
    _mark_people(form, said)
    was_lost = bool(refused and refused.was_lost)
    is_too_small = any(one.code is Code.TOO_MANY_PEOPLE for one in said)
    said = [one for one in said if one.code is not Code.TOO_MANY_PEOPLE]
    is_blocked = bool(said) or was_lost or is_too_small
    hard = [one for one in said if not one.may_be_excepted]
    is_about_moment = was_lost or any(one.code in ABOUT_THE_MOMENT for one in said)
    clashes = _clashes(form, refused, excepts)
    in_clashes = {each.words for one in clashes for each in one.said}
    errors = [(one.place, one.words) for one in said]
    if was_lost and not errors:
        errors = [("wanneer", _("Somebody else just took this moment. Choose another one."))]
    return {
        "is_sent": is_sent,
        "errors": errors,
        "problem": _problem(said, clashes, was_lost=was_lost) if hard or was_lost else "",
        "hard": [one for one in hard if one.words not in in_clashes],
        "softer": [one for one in said if one.may_be_excepted],
        "is_free": not hard,
        "clashes": clashes,
        "leave_all": ways.leave_all(clashes),
        "is_too_small": is_too_small,
        "is_about_moment": is_about_moment,
        "finds_nothing": is_too_small or (is_about_moment and bool(hard)),
        "may_ask_exception": excepts or any(one.may_be_excepted for one in said),
        "ways_on": ways.spoken(refused.ways_on, form.room) if refused and is_blocked and not form.is_series else [],
        "may_wait": bool(refused and is_blocked and ways.may_wait(refused) and not form.is_series and form.takes_space),
    }


def _problem(said: Sequence[ways.Said], clashes: Sequence[ways.Clash], *, was_lost: bool) -> str:
    """What is the matter, as a heading."""
    if clashes:
        return ngettext("%(num)d of your dates is not free", "%(num)d of your dates are not free", len(clashes))
    if was_lost:
        return _("Somebody was just before you")
    if any(one.code in OVERLAP for one in said):
        return _("That moment is not free")
    if any(one.code in ABOUT_THE_MOMENT for one in said):
        return _("That moment is not possible")
    return _("This room cannot be had like this")


def _more(form: RequestForm) -> dict[str, Any]:
    """What the page says besides what is in the way."""
    rules, dates, rule = form.room.rules, form.wished, rule_of(form)
    wanted = [one for one in dates if not one.is_skipped]
    asker = form.asker
    trusting = associations.trusting(asker.association_id, {form.room.venue_id}) if asker.association_id else set()
    queued = ways.queued(dates, form.city, clock.now()) if dates and form.takes_space else 0
    excepts = bool(form.exception_reason.data)
    known = {"als": form.requester, "soort": form.activity_kind, "wijk": form.neighbourhood, "personen": form.people}
    told = {name: field.data for name, field in known.items() if field.data and not field.errors}
    return {
        "slot": dates[0].slot if dates and not form.is_series else None,
        "wanted": wanted,
        "left_out": [one for one in dates if one.is_skipped],
        "rules": spoken(rules),
        "part_hints": day_part_hints(form.room, form.day.data),
        "public_hints": {
            "ja": _("The name of your activity stands in the calendar of the room"),
            "nee": _("The calendar only says that the room is taken"),
            SHIELDED: _(
                "For instance self-help or shelter. Subjects of letters and your invitation do not name it either"
            ),
        },
        "requester_hints": {**_requester_hints(), **dict.fromkeys(form.own, _("Your group"))},
        "own_associations": list(form.own),
        "typed": prefill.written_out((form.day, form.day_part, form.from_time, form.to_time)),
        "queued": queued,
        "promise": _promise(form, trusting, is_queued=bool(queued), asks_exception=excepts),
        "answer": _answer(form, asker),
        "pattern": pattern_words(rule) if rule else "",
        "plan": plan_address(form.room.code, dates, rule, verleng=form.renews.data or None, **told, **form.handed_on),
        "room_names": {one.room: form.city.by_code[one.room].name for one in dates if one.room in form.city.by_code},
    }


def _promise(form: RequestForm, trusting: Collection[int], *, is_queued: bool, asks_exception: bool) -> str:
    """What asking does here; what takes no room keeps nobody from it."""
    if not form.takes_space:
        return _("You take no room: whoever has asked for it keeps it. The house says whether you can come.")
    kind, dates = form.asker.kind, form.wished
    return ways.promise(dates, form.city, kind, trusting, is_queued=is_queued, asks_exception=asks_exception)


def _when_open(room: KnownRoom) -> str:
    """What can be done during the open hours, and when the house is open, day by day."""
    example = _("For instance a soup café, a sewing afternoon or a shop, beside whatever else is there.")
    lines = [
        f"{str(WEEKDAYS[line.weekday]).lower()} {minutes_short(line.from_minute, line.to_minute)}"
        for line in room.open_hours
    ]
    return f"{example} {_('Open: %(hours)s.', hours=', '.join(lines))}" if lines else example


def _answer(form: RequestForm, asker: Asker) -> str:
    """When an answer comes, from who would decide about what is asked; nothing where it may come at once."""
    if Policy.INSTANT in form.room.rules.rule(RuleName.PENDING).value.values():
        return ""
    wanted = [one for one in form.wished if not one.is_skipped and one.room in form.city.by_code]
    first = min(wanted, key=lambda one: one.slot.starts_at, default=None)
    if first is None:
        return if_asked_now(desks.of_venue(form.room.venue_id), clock.now()).words
    room = form.city.by_code[first.room]
    kinds = asker.kind or RequesterKind.PERSON, asker.activity_kind
    decides = routing.chosen(Asked(room.venue_id, room.id, first.slot, *kinds, special=form.city.special))
    return if_asked_now(desks.by_id(decides.desk_id), clock.now(), first.slot.starts_at).words


def _requester_hints() -> dict[str, str]:
    return {
        RequesterKind.RESIDENTS: _("Neighbours who do something together"),
        RequesterKind.ASSOCIATION: _("A club or group with members"),
        RequesterKind.DE_FACTO: _("A group without a legal form"),
        RequesterKind.NON_PROFIT: _("A non-profit with its own number"),
        RequesterKind.PERSON: _("For yourself or your family"),
    }


def _clashes(form: RequestForm, refused: Refused | None, excepts: bool) -> list[ways.Clash]:
    if not refused or not form.is_series:
        return []
    rule, now = rule_of(form), clock.now()
    return ways.clashes(
        refused, form.wished, form.room, now, asker=form.asker, by=form.counted, rule=rule, asks_exception=excepts
    )


def _mark_people(form: RequestForm, found: Iterable[ways.Said]) -> None:
    """Too many people is said beside the field it is about."""
    for one in found:
        if one.code is Code.TOO_MANY_PEOPLE:
            form.people.errors = [*form.people.errors, one.words]
