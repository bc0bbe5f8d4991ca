"""The agenda on somebody else's page: what it shows, that any site may frame it, and that it knows no visitor."""

import html
import re

import pytest

from tests.browser import FRAME_POLICY, FRAMED, Browser, dutch, header_faults, words_of
from tests.builders import at, make_account, make_neighbourhood, make_programme, make_request, make_room, make_venue
from tests.statements import asked
from zalenzoeker.domain.requests import Status


def events(page):
    """Return what stands in a frame: hours and what."""
    return [tuple(map(words_of, row)) for row in page.elements(tag="li")]


@pytest.fixture
def two_places(drongen):
    """A soup café in Drongen, a sewing workshop and something of its own in a house of another neighbourhood."""
    other = make_venue("malem", name="Buurthuis Malem", neighbourhood=make_neighbourhood("malem", "Malem"))
    make_programme(drongen, "Soepcafé", weekday=3)
    make_programme(make_room("zaal", venue=other), "Naaiatelier", weekday=3, hours=(14, 16))
    make_request(Status.APPROVED, room=drongen, slot=at("19:00", "22:00"), activity="Geheim feest")


@pytest.mark.parametrize(
    "query, titles, heading",
    [
        ("", ["Soepcafé Open Huis Drongen", "Naaiatelier Buurthuis Malem"], "Activiteiten in Gent"),
        ("?locatie=open-huis-drongen", ["Soepcafé"], "Agenda van Open Huis Drongen"),
        ("?wijk=malem", ["Naaiatelier Buurthuis Malem"], "Activiteiten in Malem"),
        ("?thema=soepcafe", ["Soepcafé Open Huis Drongen"], "Soepcafé in Gent"),
        ("?thema=soepcafe&thema=naaiatelier&wijk=malem", ["Naaiatelier Buurthuis Malem"], None),
        ("?thema=kaarten", [], "Kaarten in Gent"),
    ],
)
def test_frame_shows_public_activities_of_what_was_chosen(two_places, passer_by, query, titles, heading):
    page = passer_by.visits(FRAMED + query)
    found = [what for _hours, what in events(page)]
    assert list(dict.fromkeys(found)) == titles
    assert (len(found), "Geheim" in page.html) == (4 * len(titles), False)
    if heading:
        assert words_of(page.elements(tag="h1")[0]) == heading


def test_frame_may_stand_on_any_site_and_no_other_page_may(two_places, passer_by):
    frame = passer_by.asks(FRAMED)
    assert frame.headers["Content-Security-Policy"] == FRAME_POLICY
    assert header_faults(frame, passer_by.app) == []
    for path in ("/", "/agenda/inbedden", "/locaties/open-huis-drongen", f"{FRAMED}/", f"{FRAMED}x"):
        assert "frame-ancestors 'none'" in passer_by.asks(path).headers["Content-Security-Policy"]


def test_frame_reads_and_sets_no_cookie_whoever_looks(two_places, app, passer_by):
    member = Browser(app, make_account("marcel@post.example", "Marcel"))
    answer = member.asks(FRAMED)
    assert (answer.headers.getlist("Set-Cookie"), "Cookie" in answer.headers.get("Vary", "")) == ([], False)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.data == passer_by.asks(FRAMED).data
    assert "Marcel" not in answer.get_data(as_text=True)


def test_links_of_a_frame_open_in_the_whole_window(two_places, passer_by):
    page = passer_by.visits(FRAMED)
    links = page.elements(tag="a")
    assert {one.get("target") for one in links} == {"_top"}
    assert {one.get("href").partition("://")[0] for one in links} == {"http", "webcal"}


@pytest.mark.parametrize("query", ["?locatie=nergens", "?wijk=nergens", "?thema=vuurwerk", "?thema=soepcafe&thema=x"])
def test_frame_of_what_is_not_there_says_so_inside_the_frame(two_places, passer_by, query):
    page = passer_by.visits(FRAMED + query, status=404)
    assert (page.response.headers["Content-Security-Policy"], events(page)) == (FRAME_POLICY, [])
    assert [words_of(one) for one in page.elements(tag="a")] == [dutch("Make the code anew")]


def test_frame_without_anything_says_so(drongen, passer_by):
    page = passer_by.visits(FRAMED)
    assert (events(page), dutch("Nothing is announced for the next four weeks.") in page.text) == ([], True)


def test_frame_stops_after_forty_lines_and_leads_to_the_rest(drongen, passer_by):
    for hour in range(9, 21):
        make_programme(drongen, f"Uur {hour}", weekday=3, hours=(hour, hour + 1))
    page = passer_by.visits(FRAMED)
    assert (len(events(page)), dutch("There is more: see everything") in page.text) == (40, True)


def test_code_to_copy_is_the_frame_that_is_shown(two_places, passer_by):
    page = passer_by.opens("embedding.show", locatie="open-huis-drongen", thema=["soepcafe"])
    shown = page.elements(tag="iframe")[0].get("src")
    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.DOTALL)[1])
    assert shown == f"{FRAMED}?locatie=open-huis-drongen&thema=soepcafe"
    assert code == (
        f'<iframe src="http://127.0.0.1:8000{shown.replace("&", "&amp;")}" title="Soepcafé in Open Huis Drongen" '
        'width="100%" height="600" loading="lazy"></iframe>'
    )
    assert [what for _hours, what in events(passer_by.visits(shown))] == ["Soepcafé"] * 4


def test_name_of_a_place_cannot_break_out_of_the_code(passer_by):
    make_room("zaal", venue=make_venue("scherp", name='Huis "onload=x <b>'))
    page = passer_by.opens("embedding.show", locatie="scherp")
    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.DOTALL)[1])
    assert 'title="Agenda van Huis &#34;onload=x &lt;b&gt;"' in code


def test_what_is_not_there_counts_as_not_chosen_on_the_page_with_the_code(two_places, passer_by):
    page = passer_by.opens("embedding.show", locatie="nergens", wijk="malem", thema=["x", "soepcafe"])
    assert page.elements(tag="iframe")[0].get("src") == f"{FRAMED}?thema=soepcafe&wijk=malem"


def test_frame_asks_as_much_for_three_activities_as_for_one(drongen, passer_by):
    counts = []
    for weekdays in ([3], [4, 5]):
        for weekday in weekdays:
            make_programme(drongen, f"Dag {weekday}", weekday=weekday)
        passer_by.visits(FRAMED)
        with asked() as statements:
            passer_by.visits(FRAMED)
        counts.append(len(statements))
    assert counts[0] == counts[1]
