"""A small town with one of everything and six people in it: what matrices, crawls and fuzzers walk through."""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from types import MappingProxyType

from flask import Flask

from tests import put_back
from tests.browser import Browser
from tests.builders import (
    EVERY_DAY,
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_closure,
    make_desk,
    make_entered,
    make_neighbourhood,
    make_programme,
    make_request,
    make_room,
    make_venue,
)
from tests.decisions import AT_ONCE
from zalenzoeker.domain.date_reminders import REMIND_BEFORE
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import ActivityKind, RequesterKind, Status
from zalenzoeker.domain.weekly_letter import Choices
from zalenzoeker.services import accounts as signing_in
from zalenzoeker.services import associations as joining
from zalenzoeker.services import date_reminders, decisions, feed_tokens, proposals, subscriptions
from zalenzoeker.services import handover as handing_over
from zalenzoeker.services.moving import Move
from zalenzoeker.storage import accounts, activities, desks, letters, printing
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Request, RoutingLine

# Everybody who may come by, and their address; nobody knows who the first is.
PEOPLE = MappingProxyType(
    {
        "anonymous": "",
        "asker": "an@harmonie.example",
        "other asker": "els@yoga.example",
        "volunteer here": "fatima@drongen.example",
        "volunteer elsewhere": "rita@malem.example",
        "city": "sofie@stad.example",
    }
)
FORM = MappingProxyType(
    {
        "dag": "2027-02-20",
        "dagdeel": "eigen-uren",
        "van": "14:00",
        "tot": "17:00",
        "activiteit": "Repetitie",
        "openbaar": "nee",
        "personen": "20",
        "als": "particulier",
        "naam": "Wim Wens",
        "email": "wim@wens.example",
        "akkoord": "y",
        "sleutel": "een-sleutel-van-dit-formulier",
    }
)
# Towns that were built already in this run, by their texts: building one takes longer than looking around in it.


@dataclass(frozen=True)
class Scene:
    """The names by which the things of the town are found in addresses."""

    venue: str
    room: str
    waiting: str
    date: str
    in_line: str
    place: str
    approved: str
    activity: str
    association: str
    invitation: str
    link: str
    letter: str
    letter_with_date: str
    line: str
    routing_line: str
    proposed: str
    proposal: str
    decision_link: str
    reminder: str
    letter_on_paper: str
    handover: str
    own_feed: str
    desk_feed: str
    weekly_asked: str
    weekly: str


class Town:
    """The town, and a way back to how it was: every role finds it untouched."""

    def __init__(self, app: Flask, file: Path, texts: dict[str, str] | None = None) -> None:
        self.app = app
        self.db = db
        self.file = file
        self.key = "town", repr(sorted((texts or {}).items()))
        self.scene = put_back.filled_once(file, self.key, lambda: _build(texts or {}))

    def begin_again(self) -> None:
        """Make everything as it was when the town was built."""
        put_back.begin_again(self.file, self.key)

    def browser_of(self, role: str) -> Browser:
        return self.browser_of_account(accounts.by_email(PEOPLE[role]) if PEOPLE[role] else None)

    def browser_of_account(self, account: Account | None) -> Browser:
        return Browser(self.app, account)


def _build(texts: dict[str, str]) -> Scene:
    """Build it; ``texts`` replaces words that people type, by the name of the field."""

    def text(name: str, usual: str) -> str:
        return texts.get(name, usual)

    drongen = make_neighbourhood("drongen", text("neighbourhood", "Drongen"))
    venue = make_venue(
        "open-huis-drongen", neighbourhood=drongen, name=text("venue", "Open Huis Drongen"), notes=text("notes", "")
    )
    room = make_room("zaal", venue=venue, hours=EVERY_DAY, name=text("room", "Zaal"), price_note=text("price", ""))
    elsewhere = make_room("zaal", venue=make_venue("buurthuis-malem"))
    people = {role: make_account(email, text("name", role.title())) for role, email in PEOPLE.items() if email}
    make_desk("drongen", venue=venue, members=[people["volunteer here"]], name=text("desk", "Balie Drongen"))
    here = desks.by_slug("drongen")
    assert here is not None
    politics = {"activity_kind": ActivityKind.PARTY_POLITICS, "code": "wie-beslist-over-politiek"}
    keep(RoutingLine(position=50, venue_id=venue.id, desk_id=here.id, reason=text("route", "Campagne"), **politics))
    make_desk("malem", venue=elsewhere.venue, members=[people["volunteer elsewhere"]])
    make_city_desk([people["city"]])
    club = make_association(
        text("association", "Harmonie De Eendracht"), members=[people["asker"]], code="groep-van-an"
    )
    an = actor_of(people["asker"])
    as_club = {
        "by": an,
        "association_id": club.id,
        "association_name": club.name,
        "requester_kind": RequesterKind.NON_PROFIT,
        "activity": text("activity", "Algemene vergadering"),
        "remarks": text("remarks", "Graag de sleutel vooraf."),
        "contact_name": text("name", "An Peeters"),
        "contact_phone": text("phone", "0470 12 34 56"),
    }
    waiting = make_request(Status.REQUESTED, room=room, **as_club)
    approved = make_request(Status.APPROVED, room=room, slot=at("10:00", "12:00"), is_public=True, **as_club)
    proposed = make_request(Status.REQUESTED, room=room, slot=at("19:00", "21:00"), **as_club)
    moved = Move(time(20), time(22))
    by, version = actor_of(people["volunteer here"]), proposed.version
    proposals.propose(proposed.code, [proposed.first.uid], moved, by=by, now=NOW, version=version, undo_within=AT_ONCE)
    decisions.carry_out(proposed.code, NOW)
    in_line = make_request(Status.WAITING, room=elsewhere, **as_club)
    line = make_programme(room, text("programme", "Soepcafé"), code="soepcafe-op-donderdag")
    make_closure(room, date(2027, 3, 1), date(2027, 3, 3), text("closure", "Verlof"))
    visitor = Visitor(browser_hash="scene", address="192.0.2.9")
    joining.invite(club.code, PEOPLE["other asker"], by=an, now=NOW, visitor=visitor)
    sofie = actor_of(people["city"])
    handing_over.offer("drongen", PEOPLE["other asker"], "", by=sofie, now=NOW, visitor=visitor)
    newest = letters.newest()
    to_asker = [one for one in newest if one.recipient == PEOPLE["asker"]]
    dated = next(one for one in to_asker if one.kind == "request_approved")
    tokens = {one.kind: one.facts["token"] for one in newest if "token" in one.facts}
    to_decide = next(one for one in newest if one.request_id == waiting.id and "link_until" in one.facts)
    date_reminders.tell(approved.first.slot.starts_at - REMIND_BEFORE)
    reminder = next(one for one in letters.newest() if one.kind == "date_reminder")
    make_entered(
        room,
        by=actor_of(people["volunteer here"]),
        slot=at("20:00", "22:00", day=date(2027, 3, 20)),
        activity=text("activity", "Koffietafel"),
        contact_name=text("name", "Godelieve Maes"),
        contact_phone=text("phone", "09 226 00 00"),
        postal_address=text("remarks", "Dorpsstraat 1"),
    )
    return Scene(
        venue="open-huis-drongen",
        room="zaal",
        waiting=waiting.code,
        date=waiting.first.uid,
        in_line=in_line.code,
        place=tokens["waiting_joined"],
        approved=approved.code,
        activity=_activity_of(approved),
        association=club.code,
        invitation=tokens["invitation"],
        link=signing_in.make_link("nieuw@iemand.example", now=NOW),
        letter=newest[-1].code,
        letter_with_date=dated.code,
        line=line.code,
        routing_line=politics["code"],
        proposed=proposed.code,
        proposal=tokens["proposal_made"],
        decision_link=to_decide.facts["token"],
        reminder=reminder.facts["token"],
        letter_on_paper=printing.waiting((), is_city=True)[0].code,
        handover=tokens["handover_offered"],
        weekly_asked=_ask_for_the_letter("wim@wens.example", visitor),
        weekly=_ask_for_the_letter("godelieve@post.example", visitor, is_confirmed=True),
        own_feed=feed_tokens.make(by=an, now=NOW, visitor=visitor),
        desk_feed=feed_tokens.make(desk="drongen", by=actor_of(people["volunteer here"]), now=NOW, visitor=visitor),
    )


def _ask_for_the_letter(email: str, visitor: Visitor, *, is_confirmed: bool = False) -> str:
    """Somebody asks for the weekly letter; returns the token of the link to confirm it."""
    subscriptions.ask(email, Choices(("drongen",)), now=NOW, visitor=visitor)
    token: str = letters.newest()[0].facts["token"]
    if is_confirmed:
        subscriptions.confirm(token, now=NOW)
    return token


def _activity_of(request: Request) -> str:
    found = activities.of_request(request.id)
    assert found is not None
    return found.code
