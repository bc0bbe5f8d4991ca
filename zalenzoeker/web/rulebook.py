"""The rules of a house and of each of its rooms, in plain sentences, and a form to change each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from zalenzoeker import clock
from zalenzoeker.domain.requests import Policy
from zalenzoeker.domain.rules import DEFAULTS, HouseRules, Rule, RuleName, rules_for_room
from zalenzoeker.services import house_rules as service
from zalenzoeker.storage import houses
from zalenzoeker.storage.models import RuleLine, Venue
from zalenzoeker.web.access import actor, desk_only
from zalenzoeker.web.keeping import frame, kept_house, rooms_of
from zalenzoeker.web.rule_form import RuleForm
from zalenzoeker.web.rule_forms import form_for
from zalenzoeker.web.rule_words import GROUPS, POLICY, POLICY_EXPLAINED, TITLE, said

blueprint = Blueprint("rulebook", __name__)

ADDRESS = {
    RuleName.LEAD_DAYS: "vooraf",
    RuleName.LEAD_COUNTS: "welke-dagen-tellen",
    RuleName.HORIZON_MONTHS: "vooruit",
    RuleName.LEAST_MINUTES: "kortste-duur",
    RuleName.MOST_MINUTES: "langste-duur",
    RuleName.LATEST_END: "laatste-einde",
    RuleName.SETUP_MINUTES: "opbouw",
    RuleName.CLEANUP_MINUTES: "afbraak",
    RuleName.DAY_PARTS: "dagdelen",
    RuleName.WEEKLY_MONTHS: "wekelijks",
    RuleName.OPEN_REQUESTS: "open-aanvragen",
    RuleName.WEEK_HOURS: "uren-per-week",
    RuleName.WHO: "wie",
    RuleName.NEIGHBOURHOOD_FIRST: "buurt-eerst",
    RuleName.EXCLUDED: "niet-voor",
    RuleName.CLOSED_SEASON: "elk-jaar-dicht",
    RuleName.CLOSED_ON: "bijzondere-dagen",
    RuleName.PENDING: "wachtende-aanvraag",
    RuleName.HOLD_DAYS: "vasthouden",
    RuleName.INSTANT: "meteen-ja",
    RuleName.EXCEPTIONS: "uitzonderingen",
    RuleName.INSIDE: "binnen-de-openingsuren",
}
NAME = {address: name for name, address in ADDRESS.items()}


@dataclass(frozen=True)
class Book:
    """The lines that speak of a house, as they hold for the house or for one of its rooms."""

    venue: Venue
    room: str
    room_name: str
    room_id: int | None
    lines: Sequence[RuleLine]

    @property
    def rules(self) -> HouseRules:
        return rules_for_room(line.rule for line in self.lines if line.room_id in (None, self.room_id))

    def own(self, name: RuleName) -> RuleLine | None:
        """The line that the house, or the room, says itself."""
        mine = [one for one in self.lines if one.is_own and one.room_id == self.room_id]
        return next((one for one in mine if one.name is name), None)

    def without(self, name: RuleName) -> Rule:
        """What would hold if the house, or the room, said nothing about it."""
        own = self.own(name)
        others = (line for line in self.lines if line is not own and line.room_id in (None, self.room_id))
        return rules_for_room(line.rule for line in others).rule(name)


@dataclass(frozen=True)
class Shown:
    """A rule in words; ``level``: whose it is."""

    title: str
    sentences: list[str]
    level: str
    source: str
    is_own: bool
    is_demo: bool
    href: str


def _book(slug: str, room: str = "") -> Book:
    """The rules of a house that this visitor keeps, or of a room of it."""
    venue = kept_house(slug)
    found = next((one for one in houses.rooms_of(venue.id) if one.slug == room), None) if room else None
    if room and found is None:
        abort(404)
    lines = houses.rule_lines(venue.id)
    return Book(venue, room, found.name if found else "", found.id if found else None, lines)


@blueprint.get("/balie/huizen/<venue>/regels")
@desk_only
def show(venue: str) -> ResponseReturnValue:
    book = _book(venue, request.args.get("zaal", ""))
    rules = book.rules
    return render_template(
        "rulebook/show.html",
        **frame(book.venue),
        book=book,
        groups=[(title, [_shown(book, rules, name) for name in names]) for title, names in GROUPS],
        policies=[(POLICY[one], POLICY_EXPLAINED[one]) for one in Policy if one in POLICY],
        rooms=[(room, _own_titles(book, room.id)) for room in rooms_of(book.venue)],
    )


def _own_titles(book: Book, room_id: int) -> list[str]:
    """What a room says otherwise than its house."""
    own = {line.name for line in book.lines if line.room_id == room_id}
    return [str(TITLE[name]) for name in RuleName if name in own]


def _shown(book: Book, rules: HouseRules, name: RuleName) -> Shown:
    rule, own = rules.rule(name), book.own(name)
    return Shown(
        title=str(TITLE[name]),
        sentences=said(rules, name),
        level=whose(rule),
        source=rule.source,
        is_own=own is not None,
        is_demo=any(line.is_demo and line.rule == rule for line in book.lines),
        href=url_for("rulebook.change", venue=book.venue.slug, rule=ADDRESS[name], zaal=book.room or None),
    )


def whose(rule: Rule) -> str:
    """Who says so: the room, the house or the city."""
    if rule.is_of_room:
        return _("Rule of this room")
    return _("Rule of this house") if rule.is_of_venue else _("Rule of the city")


@blueprint.route("/balie/huizen/<venue>/regels/<rule>", methods=["GET", "POST"])
@desk_only
def change(venue: str, rule: str) -> ResponseReturnValue:
    name = NAME.get(rule) or abort(404)
    book = _book(venue, request.args.get("zaal", ""))
    now = book.rules.rule(name)
    form = form_for(name, now.value)
    own = book.own(name)
    if own is not None and not form.is_submitted():
        form.source.data = own.source
    if not form.validate_on_submit():
        return _change_page(book, name, form), 422 if form.is_submitted() else 200
    try:
        service.set_rule(venue, book.room, name, form.value(), form.source.data, by=actor(), now=clock.now())
    except service.Contradiction:
        form.main.errors = [_contradiction(name)]
        return _change_page(book, name, form), 422
    flash(_("Kept: %(rule)s. It counts for what is asked from now on.", rule=TITLE[name]), "ok")
    return _back(book)


def _contradiction(name: RuleName) -> str:
    if name in (RuleName.LEAD_DAYS, RuleName.HORIZON_MONTHS):
        return _("Then nobody could ask any more: the days before are more than the months ahead.")
    return _("Then nobody could ask any more: the shortest time is longer than the longest.")


def _change_page(book: Book, name: RuleName, form: RuleForm) -> str:
    fallback = book.without(name)
    return render_template(
        "rulebook/change.html",
        **frame(book.venue),
        book=book,
        form=form,
        kind=type(form).__name__,
        title=TITLE[name],
        shown=_shown(book, book.rules, name),
        address=ADDRESS[name],
        explained={policy.value: words for policy, words in POLICY_EXPLAINED.items()},
        fallback=said(HouseRules({**DEFAULTS, **book.rules.lines, name: fallback}), name),
        fallback_whose=whose(fallback),
        fallback_is_house=fallback.is_of_venue,
    )


def _back(book: Book) -> ResponseReturnValue:
    return redirect(url_for("rulebook.show", venue=book.venue.slug, zaal=book.room or None))


@blueprint.post("/balie/huizen/<venue>/regels/<rule>/terug")
@desk_only
def drop(venue: str, rule: str) -> ResponseReturnValue:
    name = NAME.get(rule) or abort(404)
    book = _book(venue, request.args.get("zaal", ""))
    try:
        service.drop_rule(venue, book.room, name, by=actor(), now=clock.now())
        flash(_("%(rule)s: the rule that everybody has holds again.", rule=TITLE[name]), "ok")
    except service.Contradiction:
        flash(_contradiction(name), "no")
    return _back(book)
