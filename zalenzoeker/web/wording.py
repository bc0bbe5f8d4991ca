"""How codes are said: every word a person reads for a code in the domain."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.dayplan import StretchKind
from zalenzoeker.domain.deadlines import ClockStep
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, VenueKind, WayIn
from zalenzoeker.domain.requests import ActivityKind, RequesterKind, Status
from zalenzoeker.domain.rules import DayPart
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.letters import LetterState
from zalenzoeker.web.dates import DATE_FILTERS
from zalenzoeker.web.patterns import pattern_words

Words = dict[Any, Any]

KIND: Words = {
    VenueKind.BUURTCENTRUM: _l("Community centre"),
    VenueKind.OPEN_HUIS: _l("Open House"),
    VenueKind.BUURTHUIS: _l("Neighbourhood house"),
    VenueKind.LDC: _l("Local service centre"),
    VenueKind.CITY: _l("Other place of Groep Gent"),
    VenueKind.PRIVATE: _l("Private place"),
}
KINDS: Words = {
    VenueKind.BUURTCENTRUM: _l("Community centres"),
    VenueKind.OPEN_HUIS: _l("Open Houses"),
    VenueKind.BUURTHUIS: _l("Neighbourhood houses"),
    VenueKind.LDC: _l("Local service centres"),
    VenueKind.CITY: _l("Other places of Groep Gent"),
    VenueKind.PRIVATE: _l("Private places"),
}
KIND_EXPLAINED: Words = {
    VenueKind.BUURTCENTRUM: _l(
        "A community centre is a house of the city for the whole neighbourhood. Community workers run it, "
        "together with volunteers. Everybody is welcome, and an association can ask for a room when the "
        "centre does not use it itself."
    ),
    VenueKind.OPEN_HUIS: _l(
        "An Open House is run by volunteers of the neighbourhood; no city staff work there. They do the "
        "shopping, serve the coffee and keep the books. You can drop in when they are open, and ask for the "
        "room at other hours."
    ),
    VenueKind.BUURTHUIS: _l(
        "A neighbourhood house is run by neighbours and partners together, often with a manager the city "
        "chose for some years. Everybody who wants to do something for the neighbourhood is welcome with a "
        "plan."
    ),
    VenueKind.LDC: _l(
        "A local service centre is for everybody, and thinks of older people first. Staff of the OCMW run it,"
        " with help, meals and activities close to home. Under which conditions an association can use a "
        "room, you ask the centre."
    ),
    VenueKind.CITY: _l(
        "These places belong to the city or the OCMW but are no house of the neighbourhood: libraries, a "
        "church with a new use, a youth centre. Often a non-profit runs them. Ask there what is possible."
    ),
    VenueKind.PRIVATE: _l(
        "A private place belongs to a parish, a non-profit or an owner. Who is welcome, what it costs and "
        "what the rules are, they decide themselves. The city is not responsible for it."
    ),
}
KIND_CLASS: Words = {
    VenueKind.BUURTCENTRUM: "k-buurtcentrum",
    VenueKind.OPEN_HUIS: "k-open-huis",
    VenueKind.BUURTHUIS: "k-buurthuis",
    VenueKind.LDC: "k-ldc",
    VenueKind.CITY: "k-groep",
    VenueKind.PRIVATE: "k-privaat",
}
OPERATOR: Words = {
    Operator.CITY: _l("City of Ghent (Groep Gent)"),
    Operator.OCMW: _l("OCMW Gent (Groep Gent)"),
    Operator.PRIVATE: _l("Private"),
}
MANAGER: Words = {
    Manager.COMMUNITY_WORKER: _l("community workers"),
    Manager.VOLUNTEER_GROUP: _l("a volunteer group"),
    Manager.RECEPTION: _l("the reception"),
    Manager.NON_PROFIT: _l("a non-profit"),
    Manager.UNKNOWN: _l("unknown"),
}
WAY_IN: Words = {
    WayIn.DROP_IN: _l("Drop in"),
    WayIn.ASK_HERE: _l("Ask for a room here"),
    WayIn.ASK_THE_HOUSE: _l("Ask the house itself"),
}
KNOWN: Words = {Known.YES: _l("yes"), Known.NO: _l("no"), Known.UNKNOWN: _l("unknown")}
CONFIDENCE: Words = {
    Confidence.HIGH: _l("quite sure"),
    Confidence.MEDIUM: _l("fairly sure"),
    Confidence.LOW: _l("not sure"),
}
PRECISION: Words = {
    CoordPrecision.EXACT: _l("on its own address"),
    CoordPrecision.STREET: _l("somewhere in its street"),
    CoordPrecision.NEIGHBOURHOOD: _l("somewhere in its neighbourhood"),
    CoordPrecision.APPROX: _l("about here, estimated"),
}
STATUS: Words = {
    Status.UNPROVED: _l("Waiting for your code"),
    Status.LAPSED: _l("Not completed"),
    Status.REQUESTED: _l("Requested"),
    Status.APPROVED: _l("Confirmed"),
    Status.REFUSED: _l("Refused"),
    Status.WITHDRAWN: _l("Withdrawn"),
    Status.CANCELLED: _l("Cancelled"),
    Status.EXPIRED: _l("No answer in time"),
    Status.SKIPPED: _l("Left out"),
    Status.WAITING: _l("On the waiting list"),
    Status.OFFERED: _l("A place came free"),
    Status.PROPOSED: _l("Proposed"),
}
# Where one date of several stands.
DATE_STATUS: Words = {
    Status.UNPROVED: _l("Waits for the code"),
    Status.LAPSED: _l("Not completed"),
    Status.REQUESTED: _l("Waits for an answer"),
    Status.APPROVED: _l("Confirmed"),
    Status.REFUSED: _l("Refused"),
    Status.WITHDRAWN: _l("Let go"),
    Status.CANCELLED: _l("Cancelled"),
    Status.EXPIRED: _l("No answer in time"),
    Status.SKIPPED: _l("Skipped"),
    Status.WAITING: _l("On the waiting list"),
    Status.OFFERED: _l("A place came free"),
    Status.PROPOSED: _l("Proposal waits for an answer"),
}
STATUS_LOOK: Words = {
    Status.UNPROVED: "wait",
    Status.LAPSED: "info",
    Status.REQUESTED: "wait",
    Status.APPROVED: "ok",
    Status.REFUSED: "no",
    Status.WITHDRAWN: "info",
    Status.CANCELLED: "no",
    Status.EXPIRED: "no",
    Status.SKIPPED: "info",
    Status.WAITING: "wait",
    Status.OFFERED: "wait",
    Status.PROPOSED: "wait",
}
REQUESTER_KIND: Words = {
    RequesterKind.PERSON: _l("Private person"),
    RequesterKind.RESIDENTS: _l("Residents' group"),
    RequesterKind.ASSOCIATION: _l("Association"),
    RequesterKind.DE_FACTO: _l("Unincorporated association"),
    RequesterKind.NON_PROFIT: _l("Non-profit (vzw)"),
}
REQUESTERS: Words = {
    RequesterKind.PERSON: _l("private persons"),
    RequesterKind.RESIDENTS: _l("residents' groups"),
    RequesterKind.ASSOCIATION: _l("associations"),
    RequesterKind.DE_FACTO: _l("unincorporated associations"),
    RequesterKind.NON_PROFIT: _l("non-profits (vzw)"),
}
ACTIVITY_KIND: Words = {
    ActivityKind.MEETING: _l("Meeting"),
    ActivityKind.COURSE: _l("Course, lesson or workshop"),
    ActivityKind.REHEARSAL: _l("Rehearsal"),
    ActivityKind.NEIGHBOURHOOD: _l("Activity for the neighbourhood"),
    ActivityKind.PARTY: _l("Party"),
    ActivityKind.PERFORMANCE: _l("Performance, exhibition or talk"),
    ActivityKind.SPORT: _l("Sport and movement"),
    ActivityKind.WORSHIP: _l("Religious service"),
    ActivityKind.PARTY_POLITICS: _l("Activity of a political party"),
    ActivityKind.SALE: _l("Sale"),
    ActivityKind.OTHER: _l("Something else"),
}
DESK_KIND: Words = {
    DeskKind.COMMUNITY_WORKERS: _l("the community workers"),
    DeskKind.VOLUNTEER_GROUP: _l("the volunteer group of the house"),
    DeskKind.RECEPTION: _l("the reception of the house"),
    DeskKind.NON_PROFIT: _l("the non-profit that runs the house"),
    DeskKind.CITY: _l("the city desk"),
}
CLOCK_STEP: Words = {
    ClockStep.REMIND: _l("A reminder was sent"),
    ClockStep.TO_DEPUTY: _l("Others were asked to step in"),
    ClockStep.TO_CITY: _l("The city desk was asked to help"),
}
SPECIAL_KIND: Words = {
    SpecialKind.LEGAL: _l("legal holidays"),
    SpecialKind.SCHOOL: _l("school holidays"),
    SpecialKind.FEESTEN: _l("the Gentse Feesten"),
    SpecialKind.CITY_CLOSING: _l("closing days of the city"),
}
DAY_PART: Words = {
    DayPart.MORNING: _l("Morning"),
    DayPart.AFTERNOON: _l("Afternoon"),
    DayPart.EVENING: _l("Evening"),
    DayPart.WHOLE_DAY: _l("Whole day"),
}
STRETCH: Words = {
    StretchKind.FREE: _l("Free to ask for"),
    StretchKind.FREE_BUT_SOON: _l("Short notice: ask for an exception"),
    StretchKind.NOT_YET: _l("Cannot be asked yet"),
    StretchKind.PAST: _l("Past"),
    StretchKind.QUEUED: _l("Asked for, you can ask too"),
    StretchKind.REQUESTED: _l("Requested"),
    StretchKind.BOOKED: _l("Taken"),
    StretchKind.OWN_PROGRAMME: _l("Own programme"),
    StretchKind.DIARY: _l("Taken (diary of the house)"),
    StretchKind.CLOSED: _l("Closed"),
}
CAME_BY: Words = {
    CameBy.PHONE: _l("By telephone"),
    CameBy.DESK: _l("At the desk"),
    CameBy.PAPER: _l("On paper"),
}
LETTER_STATE: Words = {
    LetterState.WAITING: _l("waiting"),
    LetterState.SENDING: _l("being sent"),
    LetterState.SENT: _l("delivered"),
    LetterState.DEAD: _l("not delivered"),
    LetterState.TO_PRINT: _l("to be printed"),
    LetterState.PRINTED: _l("handed over on paper"),
    LetterState.HELD: _l("kept for the daily letter"),
    LetterState.BUNDLED: _l("told in a daily letter"),
}
# The icon of a facility in the sprite, each with the slugs it stands for; all others get the plain tick.
FACILITIES_OF_ICON = {
    "kitchen": "keuken kleine-keuken professionele-keuken",
    "glass": "bar",
    "fridge": "koelkast",
    "microwave": "oven microgolfoven",
    "plate": "afwas",
    "cutlery": "servies",
    "table": "tafels",
    "chair": "stoelen",
    "coat": "kapstokken",
    "stage": "podium tribune",
    "wall": "mobiele-wanden",
    "board": "tentoonstellingsmateriaal whiteboard",
    "box": "bergruimte",
    "screen": "beamer",
    "sound": "geluid audio-video-op-vraag geluidsisolatie",
    "wifi": "wifi",
    "computer": "computers deelwerkplek",
    "fan": "ventilatie",
    "wheelchair": "rolstoeltoegankelijk aangepast-toilet",
    "lift": "lift",
    "toilet": "toiletten",
    "ear": "ringleiding",
    "parking": "parking",
    "bike": "fietsenstalling",
    "tree": "tuin",
    "sun": "terras",
    "house": "overdekte-buitenruimte",
    "game": "spel speelhoek",
    "book": "bibliotheek",
    "piano": "piano",
}
FACILITY_ICON = {slug: icon for icon, slugs in FACILITIES_OF_ICON.items() for slug in slugs.split()}


def for_whom(is_public: bool, is_shielded: bool) -> str:
    """For whom an activity is, or that nobody else may know what it is."""
    if is_shielded:
        return _("Shielded: nobody else may know what it is")
    return _("Everybody in the neighbourhood") if is_public else _("Our own members or guests")


def house_icon(kind: VenueKind) -> str:
    """The sprite of the small house of a kind of place."""
    return KIND_CLASS[kind].replace("k-", "h-", 1)


def _said(words: Words) -> Any:
    return lambda code: words[code]


FILTERS = {
    **DATE_FILTERS,
    "kind_name": _said(KIND),
    "kinds_name": _said(KINDS),
    "kind_explained": _said(KIND_EXPLAINED),
    "kind_class": _said(KIND_CLASS),
    "house_icon": house_icon,
    "operator_name": _said(OPERATOR),
    "manager_name": _said(MANAGER),
    "way_in_name": _said(WAY_IN),
    "known_name": _said(KNOWN),
    "confidence_name": _said(CONFIDENCE),
    "precision_name": _said(PRECISION),
    "status_name": _said(STATUS),
    "status_look": _said(STATUS_LOOK),
    "desk_kind_name": _said(DESK_KIND),
    "step_name": _said(CLOCK_STEP),
    "requester_kind_name": _said(REQUESTER_KIND),
    "for_whom": for_whom,
    "activity_kind_name": _said(ACTIVITY_KIND),
    "day_part_name": _said(DAY_PART),
    "letter_state_name": _said(LETTER_STATE),
    "came_by_name": _said(CAME_BY),
    "pattern_words": pattern_words,
    "facility_icon": lambda slug: FACILITY_ICON.get(slug, "check"),
}


def init_app(app: Flask) -> None:
    """Teach the templates to say all of this."""
    app.jinja_env.filters.update(FILTERS)
