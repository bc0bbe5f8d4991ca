"""Bad input: whatever stands in a field or an address, the page comes back with an error and nothing is kept."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.browser import Browser, dutch
from tests.scene import FORM, PEOPLE
from zalenzoeker.storage.db import db

MEGABYTE = "a" * 1024 * 1024
BAD = {
    "emoji": "🎉👩‍👩‍👧",
    "right to left": "مرحبا \u202eneezarg\u202c",
    "NUL": "voor\x00na",
    "escape": "\x1b[31mrood\x1b[0m",
    "line ends": "een\r\ntwee\u2028drie\x85vier",
    "a megabyte": MEGABYTE,
    "negative": "-1",
    "huge": "9" * 400,
    "beyond 64 bits": str(2**64),
    "31 February": "2027-02-31",
    "year 9999": "9999-12-31",
    "not a number": "NaN",
    "a script": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE request; --",
    "a template": "{{ config }} {% for %} ${7*7} %(code)s {0}",
    "empty": "",
    "spaces": " \t\u00a0\u2003 ",
    "a path": "../../etc/passwd",
}
# What these fields may hold of all that: a name may well be emoji.
ROOM = "open-huis-drongen/zaal"
TABLES = ("request", "occurrence", "occupancy", "letter", "sign_in_code", "account", "association", "invitation")


def rows():
    return {table: db.session.scalar(db.text(f"SELECT count(*) FROM {table}")) for table in TABLES}


def sends(town, role, endpoint, values, form, **query):
    """Send a form as this role and return the status; an error of ours goes through."""
    town.begin_again()
    browser = town.browser_of(role)
    before = rows()
    data = {**form, "csrf_token": browser.token()}
    answer = browser.asks(browser.address_of(endpoint, **values, **query), method="POST", data=data)
    db.session.rollback()
    return answer.status_code, before, rows()


@pytest.mark.parametrize("name", sorted(FORM))
def test_field_of_the_request_form_takes_whatever_is_typed(town, name):
    """Never an error of ours; what is refused leaves nothing behind."""
    for what, value in BAD.items():
        status, before, after = sends(town, "anonymous", "asking.new", {"zaal": ROOM}, {**FORM, name: value})
        assert status in {302, 409, 422}, f"{name} with {what}: {status}"
        if status != 302:
            assert after == before, f"{name} with {what} left something behind"


@pytest.mark.parametrize(
    "name, refused",
    [
        ("dag", set(BAD)),
        ("van", set(BAD)),
        ("tot", set(BAD)),
        ("openbaar", set(BAD)),
        ("personen", set(BAD)),
        ("als", set(BAD)),
        ("email", set(BAD)),
        ("naam", {"NUL", "escape", "line ends", "a megabyte", "huge", "empty", "spaces"}),
        ("activiteit", {"NUL", "escape", "line ends", "a megabyte", "huge", "empty", "spaces"}),
        ("telefoon", {"NUL", "escape", "line ends", "a megabyte", "huge"}),
        ("opmerkingen", {"NUL", "escape", "a megabyte"}),
        ("vereniging", {"NUL", "escape", "line ends", "a megabyte", "huge"}),
        ("ondernemingsnummer", {"NUL", "escape", "line ends", "a megabyte", "huge"}),
        ("uitzondering", {"NUL", "escape", "a megabyte"}),
        ("sleutel", {"NUL", "escape", "line ends", "a megabyte", "huge"}),
        ("nodig", set(BAD) - {"empty"}),
    ],
)
def test_field_of_the_request_form_refuses_what_it_cannot_hold(town, name, refused):
    statuses = {
        what: sends(town, "anonymous", "asking.new", {"zaal": ROOM}, {**FORM, name: value})[0]
        for what, value in BAD.items()
    }
    assert {what for what, status in statuses.items() if status != 302} >= refused, statuses
    assert set(statuses.values()) <= {302, 409, 422}


@pytest.mark.parametrize("what", sorted(set(BAD) - {"empty", "a megabyte"}))
def test_request_form_with_it_in_every_field_shows_the_page_with_its_errors(town, what):
    town.begin_again()
    before = rows()
    form = Browser(town.app).opens("asking.new", zaal=ROOM).form("asking.new")
    typed = {name: BAD[what] for name in form.offered if name not in {"csrf_token", "akkoord", "sleutel"}}
    page = form.forges(**typed).sends(status=422)
    assert {"dag", "van", "tot", "personen", "email"} <= set(page.errors)
    assert rows() == before


FORMS = [
    ("anonymous", "accounts.sign_in", {}, "email"),
    ("asker", "associations.new", {}, "vereniging"),
    ("asker", "associations.new", {}, "soort"),
    ("asker", "associations.new", {}, "ondernemingsnummer"),
    ("asker", "associations.invite", {"code": "association"}, "email"),
    ("volunteer here", "desk.decide", {"code": "waiting"}, "besluit"),
    ("volunteer here", "desk.decide", {"code": "waiting"}, "versie"),
    ("volunteer here", "desk.decide", {"code": "waiting"}, "reden"),
    ("anonymous", "demo.sign_in", {}, "persoon"),
]
GOOD = {
    "accounts.sign_in": {"email": "wim@wens.example"},
    "associations.new": {"vereniging": "Yoga", "soort": "vereniging"},
    "associations.invite": {"email": "wim@wens.example"},
    "desk.decide": {"besluit": "refuse", "versie": "2", "reden": "Neen."},
    "demo.sign_in": {"persoon": "niemand"},
}


@pytest.mark.parametrize("role, endpoint, values, name", FORMS)
def test_field_of_every_other_form_takes_whatever_is_typed(town, role, endpoint, values, name):
    for what, value in BAD.items():
        known = {key: getattr(town.scene, word) for key, word in values.items()}
        status, before, after = sends(town, role, endpoint, known, {**GOOD[endpoint], name: value})
        assert status in {302, 404, 409, 422}, f"{endpoint} {name} with {what}: {status}"
        if status != 302:
            assert after == before, f"{endpoint} {name} with {what} left something behind"


CODES = [
    "requests.show",
    "requests.withdraw",
    "associations.show",
    "associations.invite",
    "associations.leave",
    "desk.show",
    "desk.decide",
]


@pytest.mark.parametrize("endpoint", CODES)
def test_code_of_somebody_else_or_nobody_opens_nothing(town, endpoint):
    town.begin_again()
    before = rows()
    browser = town.browser_of("other asker")
    method = "GET" if endpoint.endswith("show") else "POST"
    for value in [*BAD.values(), town.scene.waiting, town.scene.association, town.scene.invitation]:
        if (
            not value.strip()
            or "/" in value
            or len(value) > 5000
            or (endpoint == "requests.show" and value == town.scene.waiting)
        ):
            continue
        data = {"csrf_token": browser.token()}
        answer = browser.asks(browser.address_of(endpoint, code=value), method=method, data=data)
        assert answer.status_code in {403, 404}, (endpoint, value[:40], answer.status_code)
    assert rows() == before


# By chance, but always the same chance.

CHANCE = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
anything = st.one_of(
    st.text(max_size=40),
    st.sampled_from(sorted(value for value in BAD.values() if len(value) < 1000)),
    st.integers().map(str),
    st.dates().map(str),
    st.times().map(lambda one: one.isoformat("minutes")),
)
FIELDS = [*FORM, "vereniging", "ondernemingsnummer", "telefoon", "opmerkingen", "uitzondering", "moment", "nodig"]


@CHANCE
@given(
    changes=st.dictionaries(st.sampled_from(FIELDS), anything, min_size=1, max_size=6),
    role=st.sampled_from(["anonymous", "asker"]),
)
def test_request_form_filled_in_by_chance_never_breaks(town, changes, role):
    status, before, after = sends(town, role, "asking.new", {"zaal": ROOM}, {**FORM, **changes})
    assert status in {302, 409, 422}
    if status != 302:
        assert after == before


@CHANCE
@given(
    day=st.dates(),
    starts=st.times(),
    ends=st.times(),
    zone=st.sampled_from(["2027-03-27", "2027-03-28", "2027-10-30", "2027-10-31", ""]),
)
def test_request_for_any_moment_never_breaks_and_never_lasts_less_than_nothing(town, day, starts, ends, zone):
    form = {**FORM, "dag": zone or str(day), "van": f"{starts:%H:%M}", "tot": f"{ends:%H:%M}"}
    assert sends(town, "anonymous", "asking.new", {"zaal": ROOM}, form)[0] in {302, 409, 422}
    bad = db.session.scalar(db.text("SELECT count(*) FROM occurrence WHERE from_epoch >= to_epoch OR from_epoch % 900"))
    assert bad == 0


GETS = [
    "/",
    "/aanvragen/nieuw",
    "/aanvragen/reeks",
    "/zalen/open-huis-drongen/zaal",
    "/locaties/open-huis-drongen",
    "/aanmelden",
    "/balie",
    "/mijn",
    "/kalender/zaal/open-huis-drongen/zaal.ics",
    "/hulp",
]
NAMES = [
    "q",
    "soort",
    "wijk",
    "faciliteit",
    "personen",
    "manier",
    "zaal",
    "dag",
    "van",
    "tot",
    "dagdeel",
    "week",
    "opnieuw",
    "verder",
]
OF_A_SERIES = [
    *("dag", "van", "tot", "dagdeel", "personen", "herhaal", "tot-en-met", "aantal", "datum", "overslaan", "patroon"),
    *("ook", "verder", "alles", "inkorten", "verleng", "opnieuw"),
    *("keuze-2027-01-14", "dag-2027-01-14", "van-2027-01-14", "tot-2027-01-14"),
]
NEARLY_RIGHT = [
    *("wekelijks", "losse-datums", "maandelijks", "2027-01-14", "2027-01-28", "2027-03-28", "2099-12-31", "0001-01-01"),
    *("19:00", "22:00", "02:30", "1", "60", "-1", "eigen", "houd", "sla-over", "verzet", "deel"),
    *("2027-01-14T19:00/22:00", "2027-01-14T19:00/22:00@open-huis-drongen/zaal", "2027-10-31T01:00/02:30"),
    *("open-huis-drongen/zaal", '{"kind":"weekly","first":"2027-01-14","from":"19:00","to":"22:00","count":9}'),
]


@CHANCE
@given(
    path=st.sampled_from(GETS),
    query=st.lists(st.tuples(st.sampled_from(NAMES), anything), max_size=5),
    role=st.sampled_from(sorted(PEOPLE)),
)
def test_address_with_any_query_never_breaks(town, path, query, role):
    browser = town.browser_of(role)
    answer = browser.asks(path, query_string=[(name, value) for name, value in query])
    assert answer.status_code in {200, 302, 403, 404}


@CHANCE
@given(
    path=st.sampled_from(["/aanvragen/nieuw", "/aanvragen/reeks"]),
    query=st.lists(
        st.tuples(st.sampled_from(OF_A_SERIES), st.one_of(st.sampled_from(NEARLY_RIGHT), anything)), max_size=8
    ),
    role=st.sampled_from(sorted(PEOPLE)),
)
def test_series_with_any_query_never_breaks(town, path, query, role):
    room = [("zaal", ROOM)]
    answer = town.browser_of(role).asks(path, query_string=[*room, *query])
    assert answer.status_code in {200, 302, 404, 422}


@CHANCE
@given(path=st.lists(st.text(max_size=12), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts)))
def test_address_by_chance_never_breaks(town, path):
    assert town.browser_of("asker").asks(quote(path, errors="replace")).status_code in {200, 302, 308, 404}


@pytest.mark.parametrize(
    "email",
    [
        "=?utf-8?q?=FF=C3=A9?=@example.com",
        "=?utf-8?q?x=0D=0ABcc=3Aevil=40evil.example?=@example.com",
        "=?us-ascii?q?=09z=40evil.example=2c?=b@ex.example",
    ],
)
def test_address_that_hides_another_one_is_refused_beside_the_field(app, passer_by, email):
    form = passer_by.opens("accounts.sign_in").form("accounts.sign_in")
    page = form.fills_in(email=email).sends(status=422)
    assert page.errors == {"email": dutch("Fill in an e-mail address, for instance godelieve@example.be")}
