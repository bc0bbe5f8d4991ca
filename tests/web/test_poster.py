"""The poster of a week: what stands on it, in which form, and that nothing typed breaks it."""

import re

import pytest

from tests import decisions
from tests.browser import dutch, header_faults, words_of
from tests.builders import NOW, SATURDAY, at, make_programme, make_request, make_room, make_venue
from tests.statements import asked
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import Week
from zalenzoeker.storage import accounts, desks

WEEK = Week.of(SATURDAY)
PAGE = f"/locaties/open-huis-drongen/affiche?week={WEEK}"
PDF = f"/locaties/open-huis-drongen/affiche.pdf?week={WEEK}"
LARGEST = 200 * 1024


def lines(page):
    """Return what stands on the poster of a page: day, hours, what."""
    found = []
    for day in page.elements(css="poster-day"):
        name = words_of(next(one for one in day.iter() if one.tag == "h2"))
        found += [(name, *map(words_of, row)) for row in day.iter() if row.tag == "li"]
    return found


def sheets(pdf):
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_poster_shows_own_programme_and_public_activities_and_nothing_else(drongen, passer_by):
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(drongen, "Intern overleg", weekday=2, is_public=False)
    make_request(Status.APPROVED, room=drongen, is_public=True, activity="Repaircafé")
    make_request(Status.APPROVED, room=drongen, slot=at("19:00", "22:00"), activity="Geheim feest")
    page = passer_by.visits(PAGE)
    assert lines(page) == [
        ("donderdag 14 januari", "11.00–14.00", "Soepcafé"),
        ("zaterdag 16 januari", "14.00–18.00", "Repaircafé"),
    ]
    assert [word for word in ("Geheim", "Peeters", "an@harmonie", "Intern") if word in page.html] == []


def test_poster_names_the_room_only_where_there_are_more(drongen, passer_by):
    other = make_room("keuken", venue=drongen.venue, name="Keuken")
    make_programme(drongen, "Soepcafé", weekday=3)
    assert [what for _day, _hours, what in lines(passer_by.visits(PAGE))] == ["Soepcafé"]
    make_programme(other, "Samen koken", weekday=3, hours=(15, 17))
    found = [what for _day, _hours, what in lines(passer_by.visits(PAGE))]
    assert found == ["Soepcafé Zaal Open Huis", "Samen koken Keuken"]


def test_poster_says_of_what_fell_away_that_it_does_not_go_on(drongen, passer_by):
    request = make_request(Status.APPROVED, room=drongen, is_public=True, activity="Repaircafé")
    decider = accounts.actor(desks.by_id(request.desk_id).members[0])
    decisions.cancel(request.code, by=decider, now=NOW, version=request.version, note="Lek.")
    page = passer_by.visits(PAGE)
    assert [what for _day, _hours, what in lines(page)] == [f"{dutch('Does not go on')} Repaircafé"]
    assert "Lek." not in page.html


def test_poster_of_an_empty_week_says_so(drongen, passer_by):
    page = passer_by.visits(PAGE)
    assert (lines(page), dutch("Nothing is announced for this week.") in page.text) == ([], True)
    answer = passer_by.asks(PDF)
    assert (answer.status_code, sheets(answer.data)) == (200, 1)


@pytest.mark.parametrize("week", ["", "morgen", "2027-W60", "1999-W01", "2099-W01", "2027-W3", "０027-W03"])
def test_week_that_is_none_near_by_is_this_week(drongen, passer_by, week):
    page = passer_by.opens("poster.show", venue="open-huis-drongen", week=week)
    assert "maandag 23 tot zondag 29 november 2026" in page.text


def test_poster_of_a_place_that_is_not_there_is_not_found(passer_by):
    assert passer_by.asks("/locaties/nergens/affiche.pdf").status_code == 404
    assert passer_by.visits("/locaties/nergens/affiche", status=404).status == 404


@pytest.mark.parametrize("formaat, box", [("a4", (595, 842)), ("a3", (842, 1191)), ("a0", (595, 842))])
def test_poster_is_a_pdf_of_the_asked_sheet_with_its_title_language_and_fonts(drongen, passer_by, formaat, box):
    make_programme(drongen, "Soepcafé", weekday=3)
    answer = passer_by.asks(f"{PDF}&formaat={formaat}")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert header_faults(answer, passer_by.app) == []
    pdf = answer.data
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
    assert (round(float(width)), round(float(height))) == box
    assert re.search(rb"/Lang\s*\(nl", pdf)
    assert (b"/StructTreeRoot" in pdf, b"pdfuaid" in pdf, b"fira-sans-latin-SemiBold" in pdf) == (True, True, True)
    assert len(pdf) < LARGEST


def test_poster_answers_304_until_something_in_it_changes(drongen, passer_by):
    make_programme(drongen, "Soepcafé", weekday=3)
    first = passer_by.asks(PDF)
    mark = first.headers["ETag"]
    again = passer_by.asks(PDF, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert passer_by.asks(PDF).data == first.data
    make_programme(drongen, "Kaarten", weekday=4)
    changed = passer_by.asks(PDF, headers={"If-None-Match": mark})
    assert (changed.status_code, changed.headers["ETag"] == mark) == (200, False)


def test_week_that_is_too_full_goes_on_on_the_next_sheet_in_the_smallest_type(drongen, passer_by):
    for weekday in range(7):
        for hour in (9, 11, 13, 15, 17, 19):
            make_programme(drongen, f"Nieuwjaarsreceptie van straat {hour}", weekday=weekday, hours=(hour, hour + 2))
    answer = passer_by.asks(PDF)
    assert (answer.status_code, sheets(answer.data) > 1, len(answer.data) < LARGEST) == (200, True, True)
    assert len(lines(passer_by.visits(PAGE))) == 42


ODD = [
    "مقهى الحساء كل يوم خميس",
    "Български курс за начинаещи",
    "Feest 🎉👩‍👩‍👧‍👦",
    "x" * 110,
    "中文 日本語 ಕನ್ನಡ",
    '#set page("a4") \\ $x$ *y* _z_ `@` <b>',
    'Zeg maar: "}], \u202e omgekeerd',
    "\u200b\u0301 leeg",
]


@pytest.mark.parametrize("title", ODD)
def test_title_of_any_kind_is_printed_as_words_and_breaks_nothing(drongen, passer_by, title):
    make_programme(drongen, title, weekday=3)
    answer = passer_by.asks(PDF)
    assert (answer.status_code, sheets(answer.data), len(answer.data) < LARGEST) == (200, 1, True)
    assert [what for _day, _hours, what in lines(passer_by.visits(PAGE))] == [" ".join(title.split())]


def test_very_long_name_of_a_place_stays_on_its_sheet(passer_by):
    venue = make_venue("lang", name="Ontmoetingscentrum" * 11)
    make_room("zaal", venue=venue)
    answer = passer_by.asks(f"/locaties/lang/affiche.pdf?week={WEEK}")
    assert (answer.status_code, sheets(answer.data)) == (200, 1)


def test_place_without_rooms_has_a_poster_too(passer_by):
    make_venue("plein", name="Op het plein")
    assert passer_by.asks("/locaties/plein/affiche.pdf").status_code == 200
    assert lines(passer_by.visits("/locaties/plein/affiche")) == []


def test_poster_asks_as_much_for_three_activities_as_for_one(drongen, passer_by):
    counts = []
    for weekdays in ([3], [4, 5]):
        for weekday in weekdays:
            make_programme(drongen, f"Dag {weekday}", weekday=weekday)
        passer_by.visits(PAGE)
        with asked() as statements:
            passer_by.visits(PAGE)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_code_on_the_poster_leads_to_where_one_subscribes(drongen, passer_by):
    page = passer_by.visits("/locaties/open-huis-drongen")
    assert page.by_id("feed") is not None
    assert passer_by.visits(PAGE).html.count("data:image/svg+xml,") == 1
