"""Who decides for a house: the lines as sentences, the forms that change them, and a request that is made up."""

from datetime import date, time

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, at, keep, make_account, make_city_desk, make_desk, make_request, make_room, make_venue
from zalenzoeker.domain.requests import ActivityKind, RequesterKind
from zalenzoeker.domain.routing import Line
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.services import routing as service
from zalenzoeker.storage import accounts, routing
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import RoutingLine, SpecialDay
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.web.routing_words import FOR_ACTIVITY, conditions

HOUSE = "open-huis-drongen"
TEAM = "Buurtwerkers Brugse Poort"
PARTY_LINE = "Zaterdag van 18.00 tot 24.00 uur, voor een feest"
PARTIES = {"weekdag": ["5"], "van": "18:00", "tot": "00:00", "soort": "feest", "balie": "wijkteam"}
SATURDAY_NIGHT = {"dag": "2027-01-16", "van": "20:00", "tot": "23:00", "als": "particulier", "soort": "feest"}


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


@pytest.fixture
def team(drongen):
    """The community workers of a centre in the neighbourhood of the house."""
    bea = make_account("bea@wijkteam.example", "Bea")
    kind = DeskKind.COMMUNITY_WORKERS
    return make_desk("wijkteam", name=TEAM, venue=make_venue("buurtcentrum"), members=[bea], kind=kind)


@pytest.fixture
def sofie(app, drongen):
    return Browser(app, make_city_desk([make_account("sofie@stad.example")]).members[0])


def adds(browser, *, status=200, **fields):
    form = browser.opens("routing.add", venue=HOUSE).form("routing.add")
    return form.fills_in(**(PARTIES | fields)).sends(status=status)


def lines(page):
    """Return the lines of the page in their order."""
    return page.found(css="route")


def stored(drongen):
    db.session.close()
    return [(row.desk.slug, row.reason) for row in routing.lines_for(drongen.venue_id)]


def code_of(drongen, place=0):
    db.session.close()
    return routing.lines_for(drongen.venue_id)[place].code


# In words.


@pytest.mark.parametrize(
    "sentence, line",
    [
        ("", {}),
        ("Zaterdag", {"weekdays": {5}}),
        ("Zaterdag en zondag", {"weekdays": {5, 6}}),
        ("Maandag tot en met vrijdag", {"weekdays": set(range(5))}),
        ("Maandag, woensdag en vrijdag", {"weekdays": {0, 2, 4}}),
        ("Zaterdag van 18.00 tot 24.00 uur", {"weekdays": {5}, "from_time": time(18)}),
        ("Van 0.00 tot 12.00 uur", {"to_time": time(12)}),
        ("Van 20.00 tot 1.30 uur ’s nachts", {"from_time": time(20), "to_time": time(1, 30)}),
        ("Op een feestdag", {"on_holidays": True}),
        ("Niet op een feestdag, voor een feest", {"on_holidays": False, "activity_kind": ActivityKind.PARTY}),
        ("Aangevraagd door particulieren, in Zaal Open Huis", {"requester_kind": RequesterKind.PERSON, "room_id": 10}),
    ],
)
def test_lines_are_said_in_one_sentence(app, sentence, line):
    with app.test_request_context():
        assert conditions(Line(1, "", venue_id=1, **line), {10: "Zaal Open Huis"}) == sentence


def test_activities_all_have_words_for_what_they_are_for(app):
    with app.test_request_context():
        said = [str(FOR_ACTIVITY[kind]) for kind in ActivityKind]
    assert (len(set(said)), [one for one in said if not one.startswith("voor ")]) == (len(ActivityKind), [])


def test_house_leads_to_its_lines(marcel):
    page = marcel.opens("house.show", venue=HOUSE).goes_to("routing.show", venue=HOUSE)
    assert (page.heading, lines(page)) == ("Wie beslist", ["Al de rest: Open Huis Drongen"])
    assert dutch("Only the city desk changes who decides here.") in page.main


# Adding, changing, moving, removing.


def test_line_is_added_as_a_sentence_above_the_rest(marcel, drongen, team):
    page = adds(marcel)
    assert page.heading == "Wie beslist"
    assert lines(page) == [f"{PARTY_LINE}: {TEAM}", "Al de rest: Open Huis Drongen"]
    assert stored(drongen)[0] == ("wijkteam", PARTY_LINE)
    page = adds(marcel, weekdag=[], van="", tot="", soort="", feestdag="alleen", balie="stad", reden="Dan rusten we.")
    assert lines(page) == [
        f"{PARTY_LINE}: {TEAM}",
        "Op een feestdag: Stadsbalie",
        "Al de rest: Open Huis Drongen",
    ]
    assert "Waarom: Dan rusten we." in page.main


def test_desks_to_choose_from_are_those_of_the_house_nearby_and_the_city(marcel, sofie, team):
    make_desk("elders", venue=make_venue("malem"))
    own = marcel.opens("routing.add", venue=HOUSE).form("routing.add").offered["balie"]
    of_city = sofie.opens("routing.add", venue=HOUSE).form("routing.add").offered["balie"]
    assert (own, of_city) == (["drongen", "wijkteam", "stad"], ["drongen", "wijkteam", "elders", "stad"])
    marcel.opens("routing.add", venue=HOUSE)
    fields = {"weekdag": "5", "balie": "elders"}
    page = marcel.posts("routing.add", fields, venue=HOUSE, status=422)
    assert list(page.errors) == ["balie"]


def test_many_desks_are_a_list_to_open(sofie, drongen, team):
    for number in range(6):
        make_desk(f"elders-{number}", venue=make_venue(f"huis-{number}"))
    form = sofie.opens("routing.rest", venue=HOUSE).form("routing.rest")
    assert (form["balie"], form.offered["balie"][:3]) == ("drongen", ["", "drongen", "wijkteam"])
    page = form.fills_in(balie="").sends(status=422)
    assert page.errors == {"balie": "Kies wie beslist"}
    assert lines(page.form("routing.rest").fills_in(balie="elders-3").sends()) == ["Al de rest: Elders 3"]


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"van": "18:00", "tot": "09:00"}, ["tot"]),
        ({"van": "18:10"}, ["van"]),
        ({"balie": None}, ["balie"]),
        ({"reden": "x" * 201}, ["reden"]),
    ],
)
def test_line_with_a_fault_says_so_and_keeps_what_was_typed(marcel, drongen, team, fields, wrong):
    page = adds(marcel, status=422, **({"reden": "Wij zijn er dan niet."} | fields))
    assert list(page.errors) == wrong
    form = page.form("routing.add")
    typed = PARTIES | {"reden": "Wij zijn er dan niet."} | fields
    kept = {name: form.fields.getlist(name) for name in typed}
    assert kept == {
        name: value if isinstance(value, list) else [] if value is None else [value] for name, value in typed.items()
    }
    assert len(stored(drongen)) == 1


@pytest.mark.parametrize("nothing", [{}, {"van": "00:00", "tot": "00:00"}, {"weekdag": list("0123456")}])
def test_line_for_everything_is_refused_with_a_sentence(marcel, drongen, team, nothing):
    everything = {"weekdag": [], "van": "", "tot": "", "soort": "", "reden": "Altijd zij"} | nothing
    page = adds(marcel, status=422, **everything)
    assert dutch("Choose at least one thing: a day, hours, or for whom or what.") in page.found(css="error-summary")[0]
    assert (page.form("routing.add")["reden"], len(stored(drongen))) == ("Altijd zij", 1)


def test_line_that_is_sent_twice_stands_there_once(marcel, drongen, team):
    form = marcel.opens("routing.add", venue=HOUSE).form("routing.add").fills_in(**PARTIES)
    form.sends()
    assert lines(form.sends()) == [f"{PARTY_LINE}: {TEAM}", "Al de rest: Open Huis Drongen"]


def test_line_that_is_there_already_is_named(marcel, drongen, team):
    adds(marcel)
    page = adds(marcel, status=409, balie="stad", reden="Ook goed")
    assert f"precies dit: {PARTY_LINE}. Pas die aan." in page.found(css="error-summary")[0]
    assert (page.form("routing.add")["reden"], len(stored(drongen))) == ("Ook goed", 2)


def test_line_is_changed_by_the_form_that_shows_it(marcel, drongen, team):
    adds(marcel, als="particulier", feestdag="nooit", reden="Dan is er niemand van ons.")
    page = marcel.opens("routing.show", venue=HOUSE).goes_to("routing.change", venue=HOUSE, code=code_of(drongen))
    form = page.form("routing.change")
    assert form.fields.getlist("weekdag") == ["5"]
    shown = [form[name] for name in ("van", "tot", "feestdag", "soort", "als", "balie", "reden")]
    assert shown == ["18:00", "00:00", "nooit", "feest", "particulier", "wijkteam", "Dan is er niemand van ons."]
    before = stored(drongen)
    form.sends()
    assert stored(drongen) == before
    page = form.page.form("routing.change").fills_in(weekdag=["5", "6"], feestdag="", als="", reden="").sends()
    said = "Zaterdag en zondag van 18.00 tot 24.00 uur, voor een feest"
    assert (lines(page)[0], stored(drongen)[0]) == (f"{said}: {TEAM}", ("wijkteam", said))


def test_words_that_were_not_typed_follow_the_conditions(marcel, drongen, team):
    adds(marcel)
    form = marcel.opens("routing.change", venue=HOUSE, code=code_of(drongen)).form("routing.change")
    assert form["reden"] == ""
    form.fills_in(soort="optreden").sends()
    reason = "Zaterdag van 18.00 tot 24.00 uur, voor een optreden, tentoonstelling of lezing"
    assert stored(drongen)[0] == ("wijkteam", reason)


def test_line_that_somebody_else_changed_keeps_what_was_typed_and_takes_it_the_second_time(marcel, drongen, team):
    adds(marcel)
    form = marcel.opens("routing.change", venue=HOUSE, code=code_of(drongen)).form("routing.change")
    adds(marcel, soort="repetitie")
    page = form.fills_in(reden="Te veel lawaai").sends(status=409)
    assert dutch("Somebody changed the lines meanwhile. Look at them again and then keep yours.") in page.main
    page.form("routing.change").sends()
    assert stored(drongen)[0] == ("wijkteam", "Te veel lawaai")


def test_line_that_somebody_else_removed_can_be_added_with_what_was_typed(marcel, drongen, team):
    adds(marcel)
    code = code_of(drongen)
    form = marcel.opens("routing.change", venue=HOUSE, code=code).form("routing.change")
    marcel.opens("routing.change", venue=HOUSE, code=code).form("routing.drop").sends()
    page = form.fills_in(reden="Te veel lawaai").sends(status=409)
    assert dutch("This line is gone meanwhile. Do you still need it? Then add it again.") in page.main
    page.form("routing.add").sends()
    assert stored(drongen)[0] == ("wijkteam", "Te veel lawaai")
    marcel.opens("routing.change", venue=HOUSE, code=code, status=404)


def test_lines_move_up_and_down(marcel, drongen, team):
    adds(marcel)
    page = adds(marcel, soort="repetitie")
    up = page.form("routing.move", venue=HOUSE, code=code_of(drongen, 1))
    assert (up.offered["naar"], page.form("routing.move", venue=HOUSE, code=code_of(drongen)).offered["naar"]) == (
        ["hoger"],
        ["lager"],
    )
    up.fills_in(naar="hoger").sends()
    moved = [f"Zaterdag van 18.00 tot 24.00 uur, voor een repetitie: {TEAM}", f"{PARTY_LINE}: {TEAM}"]
    page = up.sends()
    assert lines(page)[:2] == moved
    said = dutch("The lines changed meanwhile. Look at them, and press again if it is still needed.")
    assert said in page.text


def test_line_is_removed_once(marcel, drongen, team):
    adds(marcel)
    form = marcel.opens("routing.change", venue=HOUSE, code=code_of(drongen)).form("routing.drop")
    page = form.sends()
    assert lines(page) == ["Al de rest: Open Huis Drongen"]
    assert dutch("That line was gone already.") in form.sends().text


def test_last_line_cannot_be_removed_by_any_form(marcel, sofie, drongen):
    rest = code_of(drongen)
    for browser in (marcel, sofie):
        browser.opens("routing.change", venue=HOUSE, code=rest, status=404)
        page = browser.posts("routing.drop", {"versie": "x"}, venue=HOUSE, code=rest)
        assert lines(page) == ["Al de rest: Open Huis Drongen"]
    version = routing.version_of(routing.lines_for(drongen.venue_id))
    page = marcel.posts("routing.drop", {"versie": version}, venue=HOUSE, code=rest)
    assert dutch("The last line stays at the end: without it, requests would come to nobody.") in page.text
    marcel.opens("routing.rest", venue=HOUSE, status=403)


def test_city_changes_who_decides_about_the_rest(sofie, marcel, drongen, team):
    page = sofie.opens("routing.show", venue=HOUSE).goes_to("routing.rest", venue=HOUSE)
    form = page.form("routing.rest")
    assert (form["balie"], form["reden"]) == ("drongen", "")
    page = form.fills_in(balie="wijkteam", reden="Het huis verbouwt.").sends()
    assert (lines(page), stored(drongen)) == ([f"Al de rest: {TEAM}"], [("wijkteam", "Het huis verbouwt.")])
    page = form.fills_in(balie="stad").sends(status=409)
    assert (page.form("routing.rest")["balie"], page.form("routing.rest")["reden"]) == ("stad", "Het huis verbouwt.")
    assert lines(page.form("routing.rest").sends()) == ["Al de rest: Stadsbalie"]
    # The former desk keeps the house no longer.
    marcel.opens("routing.show", venue=HOUSE, status=403)


def test_desk_that_has_one_room_does_not_keep_the_house(app, marcel, drongen, team):
    make_room("kelder", venue=drongen.venue, name="Kelder")
    adds(marcel, weekdag=[], van="", tot="", soort="", zaal="kelder")
    bea = Browser(app, accounts.by_email("bea@wijkteam.example"))
    for endpoint in ("routing.show", "house.show", "rulebook.show"):
        bea.opens(endpoint, venue=HOUSE, status=403)
    bea.opens("house.index")
    assert bea.trail == ["/balie/huizen/buurtcentrum"]


def test_desk_that_has_some_hours_does_not_keep_the_house(app, marcel, drongen, team):
    adds(marcel)
    bea = Browser(app, accounts.by_email("bea@wijkteam.example"))
    bea.opens("routing.show", venue=HOUSE, status=403)
    bea.opens("house.show", venue=HOUSE, status=403)
    assert marcel.opens("routing.show", venue=HOUSE).status == 200


@pytest.mark.both
def test_page_asks_no_more_for_more_lines(marcel, drongen, team, queries_of):
    def look():
        marcel.opens("routing.show", venue=HOUSE, **SATURDAY_NIGHT)

    adds(marcel)
    few = queries_of(look)
    for kind in ("repetitie", "vergadering", "vorming"):
        adds(marcel, soort=kind)
    assert len(queries_of(look)) == len(few)


def test_lines_that_nothing_comes_to_are_marked(marcel, drongen, team):
    keep(
        RoutingLine(position=1, desk_id=team.id, reason="Campagne", activity_kind=ActivityKind.PARTY_POLITICS),
        RoutingLine(position=400, venue_id=drongen.venue_id, desk_id=team.id, reason="Nog iets"),
    )
    page = marcel.opens("routing.show", venue=HOUSE)
    assert lines(page) == [
        f"Voor een activiteit van een politieke partij: {TEAM}",
        f"Alle aanvragen: {TEAM}",
        "Al de rest: Open Huis Drongen",
    ]
    tags = [dutch("of the whole city"), dutch("never reached: a line above takes everything")]
    assert page.found(css="tag") == tags


# Trying it out.


def tries(browser, *, status=200, **fields):
    return browser.opens("routing.show", venue=HOUSE, status=status, **(SATURDAY_NIGHT | fields))


def test_made_up_request_says_where_it_would_go_and_why(marcel, drongen, team):
    adds(marcel, reden="Dan is er niemand van ons.")
    form = marcel.opens("routing.show", venue=HOUSE).form("routing.show")
    page = form.fills_in(**SATURDAY_NIGHT).sends()
    answer = page.found(css="notice")[-1]
    assert f"Deze aanvraag gaat naar {TEAM}, omdat deze regel past: {PARTY_LINE}." in answer
    assert "zaterdag 16 januari 2027, 20.00 tot 23.00 uur" in answer
    assert "De aanvrager leest: Dan is er niemand van ons." in answer
    again = tries(marcel)
    assert again.found(css="notice")[-1] == answer
    assert {name: again.form("routing.show")[name] for name in SATURDAY_NIGHT} == SATURDAY_NIGHT


@pytest.mark.parametrize(
    "sentence, fields, desk",
    [
        ("the line fits", {}, TEAM),
        ("an end after midnight", {"tot": "01:00"}, TEAM),
        ("another day", {"dag": "2027-01-17"}, "Open Huis Drongen"),
        ("an earlier hour", {"van": "14:00"}, "Open Huis Drongen"),
        ("another kind of activity", {"soort": "repetitie"}, "Open Huis Drongen"),
        ("an activity that nobody told", {"soort": ""}, "Open Huis Drongen"),
        ("another asker", {"als": "vzw"}, TEAM),
    ],
)
def test_made_up_request_goes_where_a_real_one_goes(marcel, drongen, team, sentence, fields, desk):
    adds(marcel)
    typed = SATURDAY_NIGHT | fields
    answer = tries(marcel, **fields).found(css="notice")[-1]
    assert answer.startswith(f"Deze aanvraag gaat naar {desk}, omdat "), sentence
    real = make_request(
        room=drongen,
        slot=at(typed["van"], typed["tot"], day=date.fromisoformat(typed["dag"])),
        requester_kind=RequesterKind(typed["als"]),
        activity_kind=ActivityKind(typed["soort"]) if typed["soort"] else None,
    )
    assert real.desk.name == desk


def test_made_up_request_on_a_holiday_says_which(marcel, drongen, team):
    day = date(2027, 1, 16)
    keep(SpecialDay(kind=SpecialKind.LEGAL, name="Feest van de zaal", first_day=day, last_day=day))
    adds(marcel, feestdag="nooit")
    answer = tries(marcel).found(css="notice")[-1]
    assert "omdat geen andere regel past" in answer
    assert "Feestdag: Feest van de zaal" in answer


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"dag": ""}, ["dag"]),
        ({"dag": "31-02-2027"}, ["dag"]),
        ({"van": "", "tot": ""}, ["van", "tot"]),
        ({"tot": "19:00"}, ["tot"]),
        ({"als": "koning"}, ["als"]),
        ({"soort": "bal"}, ["soort"]),
    ],
)
def test_made_up_request_with_a_fault_says_so(marcel, drongen, fields, wrong):
    page = tries(marcel, status=422, **fields)
    assert list(page.errors) == wrong
    assert "Deze aanvraag gaat naar" not in page.main


def test_made_up_request_names_its_room_where_there_are_several(marcel, drongen, team):
    make_room("kelder", venue=drongen.venue, name="Kelder")
    adds(marcel, weekdag=[], van="", tot="", soort="", zaal="kelder")
    assert tries(marcel, zaal="kelder").found(css="notice")[-1].startswith(f"Deze aanvraag gaat naar {TEAM}")
    assert "in Kelder" in tries(marcel, zaal="kelder").found(css="notice")[-1].lower().replace("kelder", "Kelder")
    assert "al de rest" in tries(marcel, zaal=drongen.slug).found(css="notice")[-1]
    assert list(tries(marcel, status=422, zaal="zolder").errors) == ["zaal"]


# What the asker reads.


@pytest.mark.parametrize(
    "reason, said",
    [
        ("", f"de beslissing ligt bij {TEAM}. Waarom: {PARTY_LINE}"),
        ("Dan is er niemand van ons.", f"de beslissing ligt bij {TEAM}. Waarom: Dan is er niemand van ons."),
    ],
)
def test_reason_stands_on_the_page_of_the_request(marcel, drongen, team, passer_by, reason, said):
    adds(marcel, reden=reason)
    slot = at("20:00", "23:00")
    request = make_request(room=drongen, slot=slot, activity_kind=ActivityKind.PARTY)
    version = routing.version_of(routing.lines_for(drongen.venue_id))
    # Who reads it later, reads why it went there then.
    by = accounts.actor(accounts.by_email("marcel@drongen.example"))
    service.drop(HOUSE, code_of(drongen), by=by, version=version, now=NOW)
    assert said in passer_by.opens("requests.show", code=request.code).main


def test_reason_that_is_a_code_is_said_in_words(marcel, drongen, passer_by):
    request = make_request(room=drongen)
    page = passer_by.opens("requests.show", code=request.code)
    assert "Open Huis Drongen: de beslissing ligt bij de vrijwilligersgroep van het huis." in page.main
