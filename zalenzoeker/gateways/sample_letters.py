"""Every kind of letter with made-up facts, to look at before anybody gets one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from zalenzoeker.domain.daily import News
from zalenzoeker.domain.incoming import WhyNot
from zalenzoeker.domain.letters import LetterKind, Parcel
from zalenzoeker.domain.slots import BRUSSELS, to_local

# What only a desk gets; every other letter is looked at as its asker gets it.
# As a house may write them: each of the names that are filled in stands in it.
HOUSE_WORDS = (
    "Dag {naam}, tot {dag} van {uren} in {zaal} van {huis}. De sleutel voor {activiteit} hangt in de gang. "
    "Een vraag? Bel {telefoon} en zeg {nummer}."
)
TO_DESK = frozenset(
    {
        LetterKind.REQUEST_TO_DECIDE,
        LetterKind.REQUEST_CONFIRMED,
        LetterKind.REQUEST_REMINDER,
        LetterKind.REQUEST_TO_DEPUTY,
        LetterKind.REQUEST_HANDED,
        LetterKind.QUESTION_ANSWERED,
        LetterKind.DECISION_FELL,
        LetterKind.PROPOSAL_ACCEPTED,
        LetterKind.PROPOSAL_DECLINED,
    }
)
NOT_ABOUT_A_REQUEST: Mapping[LetterKind, Mapping[str, Any]] = {
    LetterKind.SIGN_IN_CODE: {"code": "123456", "minutes": 10},
    LetterKind.INVITATION: {"association": "Harmonie De Eendracht", "invited_by": "An Peeters", "token": "-"},
    LetterKind.SUBSCRIPTION_ASKED: {"token": "-", "days": 7},
    LetterKind.MEMBER_ADDED: {"desk": "Open Huis", "by_name": "Marcel"},
    LetterKind.HANDOVER_OFFERED: {"desk": "Open Huis", "by_name": "Marcel", "token": "-"},
    LetterKind.HANDOVER_TOLD: {
        "desk": "Open Huis",
        "desk_slug": "open-huis",
        "to": "mia@voorbeeld.example",
        "by_name": "Marcel",
        "is_done": False,
    },
    LetterKind.ADDRESS_CHANGED: {
        "desk": "Open Huis",
        "desk_slug": "open-huis",
        "former": "huis@voorbeeld.example",
        "address": "samen@voorbeeld.example",
        "by_name": "Marcel",
    },
}


def sample(kind: LetterKind, now: datetime) -> Parcel:
    """A letter of this kind to nobody; what it opens does not exist."""
    facts = dict(NOT_ABOUT_A_REQUEST.get(kind, {}))
    if kind is LetterKind.DAILY_LETTER:
        facts = _daily(now)
    elif kind is LetterKind.WEEKLY_LETTER:
        facts = _weekly(now)
    elif not facts:
        facts = _of_request(kind, now)
    return Parcel(
        code="voorbeeld",
        kind=kind,
        recipient="an@voorbeeld.example",
        reply_to="huis@voorbeeld.example",
        language="nl",
        facts=facts,
        thread="",
        created_at=now,
    )


def _date(now: datetime, weeks: int) -> dict[str, str]:
    day = to_local(now + timedelta(weeks=weeks)).replace(minute=0, second=0, microsecond=0)
    return {
        "starts": day.replace(hour=14).isoformat(),
        "ends": day.replace(hour=18).isoformat(),
        "zone": BRUSSELS,
    }


def _weekly(now: datetime) -> dict[str, Any]:
    said = {"code": "voorbeeld", "title": "Soepcafé", "room": "Keuken", "venue": "Open Huis", "neighbourhood": "Malem"}
    more = {"price": "0", "audience": "Iedereen", "sign_up": True}
    activities = [{**said, **more, **_date(now, days)} for days in (3, 4)]
    return {"token": "-", "issue": to_local(now).date().isoformat(), "activities": activities, "more": 2}


def _daily(now: datetime) -> dict[str, Any]:
    said = {"activity": "Repetitie", "asker": "Harmonie De Eendracht", "code": "voorbeeld", "reference": "DR-7K4M"}
    happened = [{**said, "news": one.value, "rooms": ["Grote zaal"], "dates": [_date(now, 3)]} for one in News]
    waits = [{**said, **_date(now, 6), "room": "Grote zaal", "count": 1, "answer_by": ""}]
    return {
        "desk": "Open Huis",
        "desk_slug": "open-huis",
        "happened": happened,
        "waits": waits,
        "waiting_count": len(waits),
    }


def _of_request(kind: LetterKind, now: datetime) -> dict[str, Any]:
    until = (now + timedelta(days=3)).isoformat()
    date = {
        **_date(now, 6),
        "uid": "voorbeeld",
        "sequence": 0,
        "room": "Grote zaal",
        "venue": "Open Huis",
        "location": "Grote zaal, Open Huis, Dorpsstraat 1, 9000 Gent",
        "status": "requested",
        "was_confirmed": False,
        "before": _date(now, 5) if kind is LetterKind.DATES_CHANGED else None,
    }
    return {
        **date,
        **_asked(),
        "dates": [date],
        "told": [date],
        "stamp": now.isoformat(),
        "answer_by": until,
        "offer_until": until,
        "house_words": HOUSE_WORDS,
        "is_for_desk": kind in TO_DESK,
        "why": WhyNot.DECIDED.value,
        "needs_yes": kind is LetterKind.DATES_CHANGED,
        "days": 14,
        "days_waited": 5,
        "former": "Vrijwilligersgroep Malem",
        "handed_by": "Marcel",
        "city": "Balie van de stad",
        "ways_on": [],
    }


def _asked() -> dict[str, Any]:
    return {
        "code": "voorbeeld",
        "reference": "DR-7K4M",
        "activity": "Repetitie",
        "people": 30,
        "is_public": True,
        "asker": "Harmonie De Eendracht",
        "contact_name": "An Peeters",
        "contact_email": "an@voorbeeld.example",
        "contact_phone": "09 000 00 00",
        "facilities": ["Keuken"],
        "remarks": "We zetten zelf de stoelen klaar.",
        "exceptions": [],
        "exception_reason": "",
        "room_slug": "grote-zaal",
        "room_code": "open-huis/grote-zaal",
        "venue_slug": "open-huis",
        "phone": "09 000 00 01",
        "desk": "Open Huis",
        "route_reason": "",
        "note": "Breng zelf glazen mee.",
    }
