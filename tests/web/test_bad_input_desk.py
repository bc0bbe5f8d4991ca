"""Bad input at the desk: whatever is sent to any form, or stands in an address of a desk, breaks no page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tests.house.test_guards import MATRIX, POSTED, values_of
from tests.scene import FORM, PEOPLE
from tests.web.test_bad_input import BAD, CHANCE, anything

# What no form can hold, and what is nearly right: each of them by itself, in each field.
STRANGE = {
    **{what: BAD[what] for what in ("emoji", "NUL", "line ends", "negative", "beyond 64 bits", "year 9999", "empty")},
    "huge": "9" * 5000,
    "year 1": "0001-01-01",
    "spring forward": "02:30",
    "a second header": "els@yoga.example\r\nBcc: dief@elders.example",
    "digits of another script": "٣",
    "a room of another house": "buurthuis-malem/zaal",
}
# The fields of forms that POSTED can do without.
MORE = {
    "advice.vote": {"uitleg": "Fijn", "aan-aanvrager": "Jammer"},
    "behalf.new": {"postadres": "Dorpsstraat 1", "telefoon": "09 226 00 00"},
    "board_own.closure": {"laatste-dag": "2027-03-13"},
    "closures.end": {"sluiting": "1"},
    "closures.new": {"laatste-dag": "2027-03-13"},
    "crew.away": {"weg-tot": "2027-03-11"},
    "crew.back": {"periode": "1"},
    "crew.days": {"vervanger": "malem", "werkdagen": "y"},
    "crew.off_duty": {"dienst": "1"},
    "crew.on_duty": {"dienst-tot": "2027-03-11"},
    "desk.decide": {"waarom": "taken"},
    "desk.several": {"waarom": "taken", "reden": "Neen."},
    "from_mail.decide": {"waarom": "taken", "wie": "code-of-fatima@drongen.example"},
    "handover.offer": {"gedeeld-adres": "groep@drongen.example"},
    "house.add": {"vanaf": "2027-01-01", "tot-en-met": "2027-02-02"},
    "house_hours.show": {"ma-1-van": "10:00", "ma-1-tot": "12:00", "zo-6-van": "22:00", "zo-6-tot": "02:00"},
    "house_room.show": {"versie": "x", "tekst": "Licht", "aan-tafel": "30", "staand": "60", "ding": "keuken"},
    "house_text.show": {"versie": "x", "tekst": "Welkom", "praktisch": "De sleutel ligt klaar"},
    "occurrences.change": {"opmerking": "Liever later"},
    "proposals.new": {"datum": "een-datum", "bericht": "Past dit?"},
    "routing.add": {"zaal": "zaal", "versie": "x"},
}  # fmt: skip
ASKERS = ("requests.", "occurrences.", "waiting.", "agreeing.", "associations.", "talking.reply")
# The form to ask for a room has tests of its own; of the same form at the desk only what is added is tried here.
FORMS = sorted({route.split()[0] for route in MATRIX if route.endswith(" POST")} - {"asking.new"})
TRIED = {"behalf.new": set(FORM) - {"email", "naam"}}
REFUSED = {400, 403, 404, 409, 410, 422}


def role_of(endpoint):
    """Who gets furthest with this form."""
    if endpoint.startswith("handover.confirm"):
        return "other asker"
    if endpoint == "routing.rest":
        return "city"
    return "asker" if endpoint.startswith(ASKERS) else "volunteer here"


@pytest.mark.parametrize("endpoint", FORMS)
def test_form_takes_whatever_is_sent(town, endpoint):
    """All fields strange, and each in turn strange, left out or sent twice; an error of ours goes through."""
    browser = town.browser_of(role_of(endpoint))
    path = browser.address_of(endpoint, **values_of(endpoint, town.scene))
    token = browser.token()
    good = {**POSTED.get(endpoint, {}), **MORE.get(endpoint, {})}
    sent = {"nothing": {}} | {f"{what} everywhere": dict.fromkeys(good, value) for what, value in STRANGE.items()}
    tried = [(name, value) for name, value in good.items() if name not in TRIED.get(endpoint, ())]
    for number, (name, value) in enumerate(tried):
        sent[f"no {name}"] = {other: good[other] for other in good if other != name}
        sent[f"{name} twice"] = {**good, name: ["", value, value]}
        # One field that is strange among right ones gets further; each field gets others than its neighbours.
        few = list(STRANGE.items())[number % 3 :: 3]
        sent |= {f"{what} in {name}": {**good, name: strange} for what, strange in few}
    answers = {}
    for what, form in sent.items():
        if endpoint in {"accounts.sign_out", "accounts.link"}:
            # Who signs out, or in, begins anew with another token.
            token = browser.token()
        data = MultiDict([*MultiDict(form).items(multi=True), ("csrf_token", token)])
        answers[what] = browser.asks(path, method="POST", data=data).status_code
    assert {what: status for what, status in answers.items() if status not in REFUSED | {200, 302}} == {}


PAGES = [
    *("/balie", "/balie/planbord", "/balie/planbord/nieuw", "/balie/aanvragen/nieuw", "/aanvragen/papier"),
    *("/balie/brieven", "/balie/ploeg", "/balie/ploeg/drongen", "/balie/ploeg/drongen/leden"),
    *("/balie/ploeg/drongen/advies", "/balie/ploeg/drongen/overdragen", "/balie/huizen/open-huis-drongen/logboek"),
    *("/balie/huizen/open-huis-drongen/uren", "/balie/huizen/open-huis-drongen/verdeling"),
    *("/balie/huizen/open-huis-drongen/zalen/zaal", "/balie/planbord/sluiting/open-huis-drongen/1"),
    "/balie/planbord/werking/open-huis-drongen/soepcafe-op-donderdag/2026-11-26",
    "/balie/planbord/2027-01-16/1/14.00",
]
NAMES = [
    "dag",
    "week",
    "huis",
    "zaal",
    "van",
    "tot",
    "toon",
    "blad",
    "hoe",
    "opnieuw",
    "datum",
    "als",
    "soort",
    "verder",
]
NEARLY_RIGHT = [
    *("2027-01-16", "2027-03-28", "2027-10-31", "0001-01-01", "9999-12-31", "2000-01-01", "2099-12-31"),
    *("2027-W02", "0001-W01", "9999-W52", "2099-W53", "2027-W53", "02:30", "24:00", "23:59", "0", "-1", "9999"),
    *("open-huis-drongen", "buurthuis-malem", "open-huis-drongen/zaal", "buurthuis-malem/zaal", "//elders.example"),
]


@CHANCE
@given(
    path=st.sampled_from(PAGES),
    query=st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(NEARLY_RIGHT), anything)), max_size=5),
    role=st.sampled_from(sorted(PEOPLE)),
)
def test_page_of_a_desk_with_any_query_never_breaks_and_leads_nowhere_else(town, path, query, role):
    answer = town.browser_of(role).asks(path, query_string=query)
    assert answer.status_code in REFUSED | {200, 302}
    where = answer.headers.get("Location", "/")
    assert (where[:1], where[:2] == "//") == ("/", False)


DAYS = ["0001-01-01", "9999-12-31", "2026-W48-4", "20261126", "2026-02-30", "morgen", "2100-01-01", "%C3%A9"]
NUMBERS = ["0", "-1", "999999999", "9" * 30, "1e3", "%D9%A3", "een"]


@pytest.mark.parametrize("role", ["volunteer here", "city"])
def test_day_or_number_in_an_address_of_a_desk_never_breaks(town, role):
    browser, line = town.browser_of(role), f"open-huis-drongen/{town.scene.line}"
    form = {**POSTED["board_own.change"], "csrf_token": browser.token(), "welke": "alle"}
    own = [f"/balie/planbord/werking/{line}/{day}" for day in DAYS]
    there = [f"/balie/planbord/{day}/{number}/14.00" for day in DAYS for number in NUMBERS]
    there += [f"/balie/planbord/2027-01-16/1/{moment}" for moment in ("99.99", "14.00-0", "14.00-99", "veertien")]
    there += [f"/balie/planbord/sluiting/{house}/{one}" for house in ("open-huis-drongen", "x") for one in NUMBERS]
    secrets = ("beslissen", "niet-nodig", "voorstel", "overdracht", "balie/brieven", "balie/ploeg")
    there += [f"/{page}/{one}" for page in secrets for one in NUMBERS]
    answers = {path: browser.asks(path).status_code for path in (*own, *there)}
    answers |= {f"{path} weg": browser.asks(f"{path}/weg", method="POST", data=form).status_code for path in own}
    answers |= {f"{path} POST": browser.asks(path, method="POST", data=form).status_code for path in own}
    assert {path: status for path, status in answers.items() if status not in REFUSED | {200, 302}} == {}


HOUSES = [
    ("board_own.change", {"venue": "buurthuis-malem"}),
    ("board_own.leave_out", {"venue": "buurthuis-malem"}),
    ("board_own.closure", {"venue": "buurthuis-malem"}),
    ("house.stop", {"venue": "buurthuis-malem"}),
    ("house_room.show", {"room": "een-zaal-van-elders"}),
]


@pytest.mark.parametrize("endpoint, other", HOUSES)
def test_what_belongs_to_another_house_is_not_there(town, endpoint, other):
    """Also for the city desk, which keeps both: what an address names must belong together."""
    browser = town.browser_of("city")
    path = browser.address_of(endpoint, **{**values_of(endpoint, town.scene), **other})
    form = {**POSTED.get(endpoint, {}), "csrf_token": browser.token()}
    assert browser.asks(path, method="POST", data=form).status_code == 404
