"""The log of a house in words, for who keeps it."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, actor_of, keep, make_account, make_city_desk
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import house_rules
from zalenzoeker.storage import accounts
from zalenzoeker.storage.models import Change
from zalenzoeker.web.change_words import WORDS, people_of, told
from zalenzoeker.web.crew_words import Names
from zalenzoeker.web.paging import ROWS

HOUSE = "open-huis-drongen"
LINE = {
    "title": "Soepcafé",
    "room": "Zaal",
    "weekday": 3,
    "minutes": [660, 840],
    "first_day": "2026-11-26",
    "until": "2027-06-30",
    "is_public": False,
}
ROUTE = {
    "desk": "Wijkteam",
    "reason": "Campagne",
    "room": "",
    "weekdays": [4],
    "from_time": "18:00",
    "to_time": "",
    "requester_kind": "",
    "activity_kind": "",
    "on_holidays": None,
}
DAYS = {"first_day": "2026-12-24", "last_day": "2027-01-02", "reason": "Kerst", "rooms": ["Keuken", "Zaal"]}
FROM_TO = "vanaf do 26 november 2026, tot en met wo 30 juni 2027"
# Subject, before, after, and the title and the line that people read.
SAID = [
    (
        Subject.HOURS,
        {"room": "", "weekday": 1, "periods": [[540, 1020]]},
        {"room": "", "weekday": 1, "periods": [[540, 1080]]},
        "Openingsuren van dinsdag",
        "van 9.00–17.00 uur naar 9.00–18.00 uur",
    ),
    (
        Subject.HOURS,
        {"room": "Zaal", "weekday": 6, "periods": [[540, 720], [780, 1020]]},
        {"room": "Zaal", "weekday": 6, "periods": []},
        "Openingsuren van Zaal op zondag",
        "van 9.00–12.00 en 13.00–17.00 uur naar gesloten",
    ),
    (
        Subject.TEXT,
        None,
        {"name": "about", "room": "", "words": "Kom binnen"},
        "De tekst over het huis",
        "nieuw: Kom binnen",
    ),
    (Subject.TEXT, {"name": "about", "room": "Zaal", "words": "Groot"}, None, "De tekst over Zaal", "weg: Groot"),
    (
        Subject.CAPACITY,
        {"room": "Zaal", "seated": None, "standing": None},
        {"room": "Zaal", "seated": 40, "standing": 60},
        "Aantal mensen van Zaal",
        "van onbekend naar 40 personen aan tafel en 60 personen staand",
    ),
    (
        Subject.FACILITIES,
        {"room": "Zaal", "there": [], "absent": []},
        {"room": "Zaal", "there": ["beamer"], "absent": ["lift"]},
        "Wat er is in Zaal",
        "van niets naar Beamer; niet: Lift",
    ),
    (
        Subject.FACILITIES,
        {"wheelchair": "unknown"},
        {"wheelchair": "yes"},
        "Toegankelijk met een rolstoel",
        "van onbekend naar ja",
    ),
    (
        Subject.CLOSURE,
        None,
        DAYS,
        "Sluitingsdagen",
        "nieuw: do 24 december 2026 tot en met za 2 januari 2027, Keuken en Zaal (Kerst)",
    ),
    (
        Subject.PROGRAMME,
        LINE,
        None,
        "Onze eigen week: Soepcafé",
        f"weg: donderdag 11.00–14.00, Soepcafé, Zaal, {FROM_TO}, alleen onder ons",
    ),
    (
        Subject.PROGRAMME_DAY,
        LINE | {"day": "2026-11-26"},
        None,
        "Onze eigen week: Soepcafé",
        "weg: donderdag 26 november 2026",
    ),
    (Subject.ROUTING, None, ROUTE, "Wie beslist", "nieuw: Vrijdag van 18.00 tot 24.00 uur, Wijkteam, Campagne"),
    (Subject.TRUST, None, {"group": "De Eendracht"}, "Groepen die het huis vertrouwt", "nieuw: De Eendracht"),
    (Subject.MEMBER, None, {"people": [7, 8]}, "Leden van de balie", "nieuw: Mia en iemand die er niet meer is"),
    (
        Subject.HANDOVER,
        None,
        {"step": "offered", "to": "lies@x.example"},
        "Overdracht voorgesteld",
        "nieuw: lies@x.example",
    ),
    (Subject.DUTY, None, {"people": [7]}, "Wie om beurten van dienst is", "nieuw: Mia"),
    (
        Subject.DUTY,
        {"people": [7], "first_day": "2026-11-26", "last_day": "2026-11-26"},
        None,
        "Wie op bepaalde dagen van dienst is",
        "weg: Mia, donderdag 26 november 2026",
    ),
    (
        Subject.QUIET,
        None,
        {"first_day": "2026-11-26", "last_day": "2026-11-26", "reason": "Verlof"},
        "Dagen waarop de ploeg er niet is",
        "nieuw: donderdag 26 november 2026, Verlof",
    ),
    (
        Subject.DEADLINES,
        None,
        {"days": [5, 8, 11], "counts_working_days": True, "deputy": "Wijkteam"},
        "Na hoeveel dagen wie inspringt",
        "nieuw: herinnering na 5 dagen, plaatsvervanger na 8, stad na 11, alleen werkdagen, plaatsvervanger: Wijkteam",
    ),
    (
        Subject.ADVICE,
        {"kind": "none"},
        {"kind": "decides", "needed": 2, "days": 7, "silence": "no"},
        "Hoe de ploeg beslist",
        (
            "van Iedereen van de balie kan alleen beslissen naar We beslissen samen, door te stemmen, 2 stemmen, "
            "binnen 7 dagen, Die telt als een nee"
        ),
    ),
]


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def test_subjects_all_have_words():
    assert set(WORDS) == set(Subject)


@pytest.mark.parametrize("line", SAID, ids=lambda line: f"{line[0]} {line[4][:20]}")
def test_change_is_said_in_words(app, line):
    what, before, after, title, lead = line
    names = Names({7: "Mia"}, {"beamer": "Beamer", "lift": "Lift"})
    with app.test_request_context():
        from_row = Change(what=what, before=before, after=after, at=NOW, account=None, by_desk=None, is_demo=False)
        shown = told(from_row, names)
    assert (shown.title, shown.lead) == (title, lead)
    assert people_of([from_row]) == set((after or before).get("people", []))


def test_log_says_who_changed_what_and_when(app, marcel):
    by = actor_of(accounts.by_email("marcel@drongen.example"))
    house_rules.set_rule(HOUSE, "", RuleName.LEAD_DAYS, 14, "afgesproken", by=by, now=NOW)
    page = marcel.opens("house.show", venue=HOUSE).goes_to("logbook.show", venue=HOUSE)
    assert page.heading == dutch("Log of %(house)s", house="Open Huis Drongen")
    assert page.found(css="house-line") != []
    assert "Marcel, Open Huis Drongen · maandag 23 november 2026, 10.00 uur" in page.text


def test_log_without_changes_says_so(marcel):
    page = marcel.opens("logbook.show", venue=HOUSE)
    assert dutch("Nothing was changed yet") in page.text


def test_log_is_paged_with_the_newest_first_and_asks_as_much_for_many(drongen, marcel, queries_of):
    def note(count, first):
        keep(*(
            Change(
                what=Subject.TRUST,
                venue_id=drongen.venue_id,
                before=None,
                after={"group": f"Groep {first + number}"},
                at=NOW + timedelta(minutes=first + number),
            )
            for number in range(count)
        ))  # fmt: skip

    note(1, 0)
    one = queries_of(lambda: marcel.opens("logbook.show", venue=HOUSE))
    note(ROWS + 1, 1)
    assert len(queries_of(lambda: marcel.opens("logbook.show", venue=HOUSE))) == len(one)
    page = marcel.opens("logbook.show", venue=HOUSE)
    assert (f"Groep {ROWS + 1}" in page.text, "Groep 1 " in page.text) == (True, False)
    second = page.goes_to("logbook.show", venue=HOUSE, blad=2)
    assert "Groep 0" in second.text
    assert len(second.found(css="house-line")) == 2


def test_long_text_is_told_apart(drongen, marcel):
    words = "Kom langs.\n\nDe deur is open."
    keep(Change(what=Subject.TEXT, venue_id=drongen.venue_id, after={"name": "about", "words": words}, at=NOW))
    page = marcel.opens("logbook.show", venue=HOUSE)
    assert page.found(css="own-words") == ["Kom langs. De deur is open."]


def test_city_reads_every_log_and_others_none(app, drongen):
    sofie, stranger = make_account("sofie@stad.example", "Sofie"), make_account("an@harmonie.example")
    make_city_desk([sofie])
    Browser(app, sofie).opens("logbook.show", venue=HOUSE)
    Browser(app, stranger).opens("logbook.show", venue=HOUSE, status=403)
