"""Asking on behalf of somebody: the form at the desk, the form on paper, and what the pages say of it."""

import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    actor_of,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_entered,
    make_request,
    make_room,
    make_venue,
    read,
)
from tests.web.asking import FILLED_IN, PLACE, asked
from zalenzoeker.domain.behalf import CameBy
from zalenzoeker.domain.places import Manager, Operator, VenueKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import accounts, city
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.web.behalf_form import BehalfForm
from zalenzoeker.web.paper_form import parts
from zalenzoeker.web.request_form import RequestForm

TOLD = {
    **{name: value for name, value in FILLED_IN.items() if name not in {"naam", "email"}},
    "hoe": "phone",
    "naam": "Godelieve Maes",
    "telefoon": "09 226 00 00",
}


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


@pytest.fixture
def rita(app, drongen):
    """A colleague of Marcel."""
    rita = make_account("rita@drongen.example", "Rita")
    make_desk("tweede", venue=drongen.venue, members=[rita])
    return Browser(app, rita)


def opens(browser, **query):
    return browser.opens("behalf.new", zaal=PLACE, **query)


def types_in(browser, *, status=200, **changes):
    return opens(browser).form("behalf.new").fills_in(**{**TOLD, **changes}).sends(status=status)


def entered(drongen, **fields):
    return make_entered(drongen, by=actor_of(accounts.by_email("marcel@drongen.example")), **fields)


def test_request_is_typed_in_on_one_page_and_stands_at_the_desk(drongen, marcel):
    page = types_in(marcel, postadres="Dorpsstraat 1\n9031 Drongen", personen="30")
    (request,) = asked()
    assert page.path == f"/balie/aanvragen/{request.code}"
    done = dutch("The request is in: %(reference)s.", reference=request.reference)
    assert page.found(css="messages") == [f"{done} {dutch('There is a letter to print.')}"]
    assert (request.contact_name, request.contact_email, request.came_by, request.account_id) == (
        "Godelieve Maes",
        "",
        CameBy.PHONE,
        None,
    )
    assert dutch("You filled in this request") in page.text
    assert dutch("No e-mail: print the letters") in page.text
    assert "Dorpsstraat 1 9031 Drongen" in page.text
    assert not page.has_form("desk.decide")


def test_form_has_the_fields_of_everybodys_form_in_the_same_order(drongen, an, marcel):
    own = an.opens("asking.new", zaal=PLACE).form("asking.new").offered
    desk = opens(marcel).form("behalf.new").offered
    extra = [name for name in desk if name not in own]
    assert [name for name in desk if name in own] == list(own)
    assert extra == ["hoe", "postadres"]


def test_form_takes_what_the_address_tells(drongen, marcel):
    form = opens(marcel, dag="2027-01-16", van="14:00", tot="18:00", hoe="paper").form("behalf.new")
    assert [form[name] for name in ("dag", "van", "tot", "hoe", "naam")] == [
        "2027-01-16",
        "14:00",
        "18:00",
        "paper",
        "",
    ]


def test_nobody_can_be_reached_is_told_and_what_was_typed_stays(drongen, marcel):
    page = types_in(marcel, telefoon="", activiteit="Kaarten", status=422)
    said = dutch("Fill in a telephone number, an e-mail address or a postal address: one is enough")
    assert page.errors == {"telefoon": said}
    form = page.form("behalf.new")
    assert [form[name] for name in ("activiteit", "naam", "hoe")] == ["Kaarten", "Godelieve Maes", "phone"]
    assert asked() == []


def test_address_that_is_none_and_no_way_are_told(drongen, marcel):
    page = types_in(marcel, hoe=None, email="geen adres", status=422)
    assert page.errors == {
        "hoe": dutch("Choose how the request came"),
        "email": dutch("Fill in an e-mail address, for instance godelieve@example.be"),
    }


def test_moment_that_is_taken_shows_what_is_free_and_stays_at_the_desk(drongen, marcel):
    make_request(room=drongen)
    page = types_in(marcel, status=409)
    assert dutch("That moment is not free") in page.text
    form = page.form("behalf.new")
    assert (form["naam"], form["hoe"]) == ("Godelieve Maes", "phone")


def test_series_is_planned_and_comes_back_to_the_desk(drongen, marcel):
    page = opens(marcel, dag="2027-01-16", van="14:00", tot="18:00").clicks("Choose several dates")
    page = page.form().fills_in(herhaal="wekelijks", **{"tot-en-met": "2027-02-06"}).sends()
    form = page.form().forges(verder="1")
    page = form.sends()
    assert page.path.startswith("/balie/aanvragen/nieuw?")
    page.form("behalf.new").fills_in(
        **{k: v for k, v in TOLD.items() if k not in {"dag", "dagdeel", "van", "tot"}}
    ).sends()
    (request,) = asked()
    assert (len(request.dates), request.came_by) == (4, CameBy.PHONE)


def test_own_group_can_be_chosen_and_is_not_chosen_already(app, drongen):
    account = accounts.by_email("marcel@drongen.example")
    club = make_association("De Breiclub", members=[account])
    browser = Browser(app, account)
    form = opens(browser).form("behalf.new")
    assert form["als"] == ""
    types_in(browser, als=club.code)
    (request,) = asked()
    assert (request.association_id, request.came_by) == (club.id, CameBy.PHONE)


def test_same_form_sent_twice_asks_once(drongen, marcel):
    form = opens(marcel).form("behalf.new").fills_in(**TOLD)
    first, second = form.sends(), form.sends()
    assert (first.path, len(asked())) == (second.path, 1)


def test_letter_to_who_has_an_address_goes_by_mail(drongen, marcel):
    page = types_in(marcel, email="godelieve@maes.example")
    assert dutch("A letter with the answer follows by mail.") in page.text
    assert marcel.opens("printing.index").heading == dutch("No letters to print")


# Who may, and from where.


def test_desk_of_another_house_may_not(app, drongen):
    rita = make_account("rita@malem.example")
    make_desk(venue=make_venue("malem"), members=[rita])
    browser = Browser(app, rita)
    browser.opens("behalf.new", zaal=PLACE, status=403)
    browser.posts("behalf.new", TOLD, zaal=PLACE, status=403)
    assert asked() == []


def test_unknown_room_is_not_there(drongen, marcel):
    marcel.opens("behalf.new", zaal="nergens/zaal", status=404)


def test_reception_types_in_for_every_house_and_sees_the_request_of_everybody(app, drongen):
    els = make_account("els@stad.example", "Els")
    make_desk("onthaal", name="Onthaal Stad", kind=DeskKind.RECEPTION, members=[els])
    browser = Browser(app, els)
    page = browser.opens("behalf.new")
    assert page.heading == dutch("Fill in a request: %(room)s", room="Zaal Open Huis")
    page = types_in(browser)
    (request,) = asked()
    assert page.path == f"/aanvragen/{request.code}"
    assert dutch("You speak for the asker") in page.text
    assert page.has_form("requests.withdraw")


def test_room_is_chosen_where_there_are_more(drongen, marcel):
    make_room("kelder", venue=drongen.venue, name="Kelder", capacity=None)
    page = marcel.opens("behalf.new", dag="2027-01-16", hoe="paper")
    assert page.heading == dutch("Fill in a request for somebody")
    form = page.goes_to("behalf.new", zaal=PLACE).form("behalf.new")
    assert (form["dag"], form["hoe"]) == ("2027-01-16", "paper")


def test_inbox_house_and_week_lead_to_the_form(drongen, marcel, an):
    for page in (
        marcel.opens("desk.inbox"),
        marcel.opens("house.show", venue="open-huis-drongen"),
        marcel.opens("rooms.show", venue="open-huis-drongen", room="zaal-open-huis"),
    ):
        assert page.goes_to("behalf.new").path.startswith("/balie/aanvragen/nieuw?zaal=")
    page = an.opens("rooms.show", venue="open-huis-drongen", room="zaal-open-huis")
    assert page.addresses("/balie/aanvragen") == []


# What the pages say.


def test_public_page_names_nobody(drongen, marcel, passer_by):
    code = entered(drongen).code
    page = passer_by.opens("requests.show", code=code)
    assert dutch("The desk filled this in for the asker.") in page.text
    assert [name for name in ("Marcel", "Godelieve", "226 00 00") if name in page.html] == []


def test_desk_reads_who_typed_it_in_and_how_it_came(drongen, rita):
    make_city_desk([accounts.by_email("rita@drongen.example")])
    request = entered(drongen)
    page = rita.opens("desk.show", code=request.code)
    told = {"desk": "Open Huis Drongen", "name": "Godelieve Maes", "how": dutch("By telephone")}
    assert dutch("%(desk)s filled this in for %(name)s (%(how)s).", **told) in page.text
    assert "mailto:" not in page.html.partition("<footer")[0]
    assert dutch("Does the asker call or come by?") in page.text
    row = rita.opens("desk.inbox")
    assert dutch("By telephone") in row.text


def test_who_typed_it_in_decides_on_no_page(drongen, marcel):
    request = entered(drongen)
    version = str(request.version)
    marcel.posts("desk.decide", {"besluit": "approve", "versie": version}, code=request.code, status=403)
    marcel.posts("desk.several", {"besluit": "approve", "keuze": f"{request.code}:{version}"})
    marcel.posts("desk.undo", {}, code=request.code, status=403)
    marcel.posts("talking.note", {"nota": "Kent het huis."}, code=request.code, status=403)
    assert read(request.code).status is Status.REQUESTED
    assert read(request.code).decision is None


def test_colleague_withdraws_for_the_asker_on_the_page_of_the_request(drongen, rita):
    make_city_desk([accounts.by_email("rita@drongen.example")])
    request = entered(drongen)
    page = rita.opens("desk.show", code=request.code).clicks("To the page of the request")
    page = page.form("requests.withdraw").sends()
    assert dutch("The desk filled this in at the request of the asker.") in page.text
    assert read(request.code).status is Status.WITHDRAWN


def test_asking_again_for_who_has_no_address_goes_by_the_desk(drongen, marcel):
    request = entered(drongen, contact_phone="09 226 11 22", postal_address="Dorpsstraat 1")
    colleague = make_account("ann@drongen.example", "Ann")
    make_city_desk([colleague])
    decisions.refuse(
        request.code, by=actor_of(colleague), now=request.created_at, version=request.version, note="Eigen feest."
    )
    form = marcel.opens("requests.show", code=request.code).clicks("Ask again").form("behalf.new")
    assert [form[name] for name in ("naam", "telefoon", "email", "postadres", "activiteit")] == [
        "Godelieve Maes",
        "09 226 11 22",
        "",
        "Dorpsstraat 1",
        "Repetitie",
    ]


def test_person_finds_it_among_their_own_after_signing_in(app, drongen):
    request = entered(drongen, contact_email="godelieve@maes.example", activity="Koffietafel")
    browser = Browser(app, make_account("godelieve@maes.example"))
    page = browser.opens("accounts.mine").clicks("Koffietafel")
    assert page.path == f"/aanvragen/{request.code}"
    assert dutch("You speak for the asker") not in page.text
    assert page.has_form("requests.withdraw")
    other = Browser(app, make_account("iemand@maes.example"))
    assert other.opens("accounts.mine").addresses("/aanvragen/") == []


# On paper.


def test_paper_has_the_fields_of_the_form_in_their_order(drongen, passer_by, marcel):
    page = passer_by.opens("behalf.paper", zaal=PLACE)
    assert page.heading == dutch("Request for %(room)s", room="Zaal Open Huis")
    assert [words.lstrip("1234") for words in page.found(tag="h2")[:4]] == [
        dutch("When?"),
        dutch("What are you going to do?"),
        dutch("Who asks?"),
        dutch("Agreements"),
    ]
    asked_on_page = passer_by.opens("asking.new", zaal=PLACE)
    on_page = [one.strip() for one in asked_on_page.found(tag="label") + asked_on_page.found(tag="legend")]
    on_paper = page.found(css="sheet-label")
    same = [words for words in on_paper if any(one.startswith(words) for one in on_page)]
    assert set(on_paper) - set(same) == {
        dutch("Day and hours, with the time to set up and tidy"),
        dutch("Do you need a room?"),
        dutch("Postal address (if you have no e-mail)"),
    }
    assert "huis@drongen.example" in page.text


def test_paper_stands_for_every_field_of_the_typing_over_page(drongen, app):
    with app.test_request_context():
        form = RequestForm(formdata=None, meta={"csrf": False})
        everything = city.city()
        form.offer(everything.by_code[PLACE], everything, [])
        on_paper = [name for part in parts(form) for blank in part.blanks for name in blank.names]
        typed = [field.name for field in BehalfForm(formdata=None, meta={"csrf": False})]
    hidden = {"sleutel", "datum", "overslaan", "patroon", "verleng", "wacht", "uitzondering", "nodig", "hoe"}
    assert sorted(on_paper) == sorted(set(typed) - hidden)


def test_paper_without_a_room_or_for_one_that_is_not_asked_here_leads_on(drongen, passer_by):
    assert passer_by.opens("behalf.paper").path.startswith("/?")
    private = {"kind": VenueKind.PRIVATE, "operator": Operator.PRIVATE, "managed_by": Manager.UNKNOWN}
    make_room("foyer", venue=make_venue("privaat", **private))
    assert passer_by.opens("behalf.paper", zaal="privaat/foyer").path == "/zalen/privaat/foyer"
