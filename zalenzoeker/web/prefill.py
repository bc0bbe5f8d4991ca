"""What the form to ask knows already: from the address, the account, and what was asked before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for
from wtforms import Field

from zalenzoeker.domain.city import KnownRoom
from zalenzoeker.domain.permissions import may_see_parties
from zalenzoeker.domain.requests import ActivityKind, RequesterKind, Status
from zalenzoeker.domain.series import MOST_DATES, Pattern, PatternKind
from zalenzoeker.domain.slots import add_months
from zalenzoeker.domain.window import last_day_of_series
from zalenzoeker.services import checking
from zalenzoeker.services.wishes import Asker, WishedDate
from zalenzoeker.storage import associations
from zalenzoeker.storage import requests as storage
from zalenzoeker.storage.models import Request
from zalenzoeker.web.access import actor, own_account, visitor
from zalenzoeker.web.moment_form import OWN_HOURS
from zalenzoeker.web.notation import REPEATS, dumped
from zalenzoeker.web.request_form import SHIELDED, RequestForm, one_of
from zalenzoeker.web.standing import pattern_of

LONGEST_CODE = 64


def earlier(name: str) -> Request | None:
    """The request whose code stands in the address under this name, if it is this visitor's own."""
    return of_code(request.args.get(name, ""))


def of_code(code: str) -> Request | None:
    """The request with this code, if it is this visitor's own."""
    found = storage.by_code(code) if 0 < len(code) <= LONGEST_CODE else None
    if found is None:
        return None
    is_own_browser = found.browser_hash == visitor().browser_hash and not found.asked_at
    return found if is_own_browser or may_see_parties(actor(), found.parties) else None


def from_visit(form: RequestForm, again: Request | None, now: datetime) -> None:
    """Fill in what the address, the account and the request before this one tell."""
    from_address(form)
    if actor().is_signed_in:
        form.contact_name.data = own_account().name
        form.contact_phone.data = own_account().phone
    if form.own and not form.requester.data:
        form.requester.data = next(iter(form.own))
    if again:
        repeat(form, again)
        if not (form.is_series or form.wished):
            form.choose(still_to_come(again, form.room, now))
            form.pattern.data = dumped(pattern_of(again))


def from_address(form: RequestForm) -> None:
    args = request.args
    form.dates.process_formdata(args.getlist("datum"))
    form.skipped.process_formdata(args.getlist("overslaan"))
    form.pattern.data = args.get("patroon", "")
    form.renews.data = args.get("verleng", "")[:LONGEST_CODE]
    form.day_part.data = args.get("dagdeel", OWN_HOURS)
    form.inside.data = bool(args.get("binnen"))
    typed = ((form.day, "dag"), (form.from_time, "van"), (form.to_time, "tot"), (form.people, "personen"))
    for field, name in typed:
        try:
            field.process_formdata([args[name]] if args.get(name) else [])
        except ValueError:
            field.data = None
        field.raw_data = None
    form.facilities.data = [slug for slug in args.getlist("faciliteit") if slug in form.room.facilities]
    for field, name in ((form.requester, "als"), (form.activity_kind, "soort"), (form.neighbourhood, "wijk")):
        known = {choice[0] for choice in field.iter_choices()}
        field.data = args[name] if args.get(name) in known else ""
    if len(form.dates.data) == 1 and not form.skipped.data:
        form.choose(form.wished)


def asker(people: int | None) -> Asker:
    """Who plans a series, as the form that follows will have it: by an earlier request, the address, the account."""
    args = request.args
    facilities = frozenset(args.getlist("faciliteit"))
    if before := earlier("opnieuw") or earlier("verleng"):
        told = checking.wish_for(before, ()).asker
        takes_space = told.takes_space and not args.get("binnen")
        facilities = facilities or told.facilities
        return replace(told, people=people or told.people, facilities=facilities, takes_space=takes_space)
    is_own = actor().is_signed_in and not args.get("balie")
    own = associations.of_account(actor().account_id) if is_own else []
    says = args.get("als", "") or (own[0].code if own else "")
    chosen = next((one for one in own if one.code == says), None)
    kind = one_of(RequesterKind, says)
    activity_kind = one_of(ActivityKind, args.get("soort"))
    association_id = chosen.id if chosen else None
    neighbourhood = args.get("wijk") or None
    kind, takes_space = chosen.kind if chosen else kind, not args.get("binnen")
    return Asker(kind, neighbourhood, association_id, activity_kind, people, facilities, takes_space)


def repeat(form: RequestForm, before: Request) -> None:
    """What was typed for an earlier request of one's own."""
    form.activity.data, form.people.data = before.activity, before.people
    form.activity_kind.data = before.activity_kind or ""
    form.is_public.data = SHIELDED if before.is_shielded else "ja" if before.is_public else "nee"
    form.inside.data = not before.takes_space
    form.remarks.data = before.remarks
    form.facilities.data = [slug for slug in before.facilities if slug in form.room.facilities]
    form.contact_name.data, form.contact_phone.data = before.contact_name, before.contact_phone
    form.contact_email.data = actor().email or before.contact_email
    slugs = {room.neighbourhood_id: room.neighbourhood_slug for room in form.city.rooms}
    form.neighbourhood.data = slugs.get(before.neighbourhood_id or 0, "")
    if before.association and before.association.code in form.own:
        form.requester.data = before.association.code
    else:
        form.requester.data, form.association_name.data = before.requester_kind.value, before.association_name
        form.enterprise_number.data = before.enterprise_number


def dates_of(before: Request) -> list[WishedDate]:
    """Every date of a request, those that were left out too."""
    return [
        WishedDate(f"{one.room.venue.slug}/{one.room.slug}", one.slot, is_skipped=one.status is Status.SKIPPED)
        for one in before.occurrences
        if one.replaces_id is None
    ]


def still_to_come(before: Request, home: KnownRoom, now: datetime) -> list[WishedDate]:
    """The dates of a request that are not past, in the room that is asked now."""
    dates = [one for one in dates_of(before) if one.slot.starts_at > now]
    if len({one.room for one in dates}) < 2:
        return [WishedDate(home.code, one.slot, is_skipped=one.is_skipped) for one in dates]
    return [one for one in dates if one.room.partition("/")[0] == home.venue_slug]


def as_asked(form: RequestForm, before: Request) -> list[tuple[str, str]]:
    """Every word of a request as its form sent it, to send it again for another moment: (name, value)."""
    repeat(form, before)
    form.form_key.data = before.form_key
    form.choose(dates_of(before))
    form.pattern.data = dumped(pattern_of(before))
    form.exception_reason.data = before.exception_reason
    form.contact_email.data = before.contact_email
    form.agrees.data = True
    return pairs(form)


def pairs(form: RequestForm) -> list[tuple[str, str]]:
    """What stands in a form, as a browser would send it."""
    return [pair for pair in written_out(form) if pair[0] != "csrf_token"]


def written_out(fields: Iterable[Field]) -> list[tuple[str, str]]:
    """The name and value of each field that says something."""
    found: list[tuple[str, str]] = []
    for field in fields:
        values: Any = field.data if isinstance(field.data, list) else [field.data]
        found += [(field.name, _as_typed(value)) for value in values if value not in (None, "", False)]
    return found


def _as_typed(value: Any) -> str:
    if value is True:
        return "y"
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def renewal(before: Request, home: KnownRoom, now: datetime) -> str | None:
    """The planner with the same weekday and hours, from after the last date for as long as weekly use may last.

    None when the request was no series, or when nothing can be asked after it yet.
    """
    rule = pattern_of(before)
    dates = [one.slot for one in dates_of(before) if not one.is_skipped]
    if rule is None or rule.kind is PatternKind.LOOSE or not dates:
        return None
    first = _day_after(rule, max(slot.day for slot in dates))
    until = min(add_months(first, home.rules.weekly_months), last_day_of_series(first, home.rules, now))
    if first > until:
        return None
    repeated = next(words for words, kind in REPEATS.items() if kind is rule.kind)
    hours = {"van": f"{rule.from_time:%H:%M}", "tot": f"{rule.to_time:%H:%M}"}
    told = {"dag": str(first), **hours, "herhaal": repeated, "tot-en-met": str(until), "verleng": before.code}
    return url_for("series.plan", zaal=home.code, opnieuw=before.code, **told)


def _day_after(rule: Pattern, last: date) -> date:
    """The first day after ``last`` on which the rule goes on."""
    count = min(len(rule.days()) + 2, MOST_DATES)
    on = Pattern(rule.kind, rule.first, rule.from_time, rule.to_time, count=count, is_last=rule.is_last)
    later = [day for day in on.days() if day > last]
    return later[0] if later else last + timedelta(weeks=1)
