"""From the map to a confirmed room, and what happens when it does not go as hoped."""

from datetime import timedelta

import icalendar

from tests.browser import dutch
from tests.builders import SATURDAY, at
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.storage import requests, self_check

FEED = "/kalender/zaal/open-huis-drongen/zaal-open-huis.ics"


def feed_of(browser):
    calendar = icalendar.Calendar.from_ical(browser.asks(FEED).data)
    return [(str(one["SUMMARY"]), str(one["STATUS"])) for one in calendar.walk("VEVENT")]


def code_of(person):
    return person.page.path.rpartition("/")[2]


def test_hall_of_drongen_is_found_asked_approved_and_stands_in_the_calendar(drongen, an, marcel, mia):
    """An looks on the map, asks the hall for the brass band; Marcel says yes; everybody can see it."""
    page = an.opens("pages.landing").clicks("Open Huis Drongen")
    page = page.goes_to("rooms.show", venue="open-huis-drongen", room="zaal-open-huis")
    page = an.opens("rooms.show", venue="open-huis-drongen", room="zaal-open-huis", week="2027-W02")
    page = page.goes_to("asking.new", dag=str(SATURDAY))
    form = page.form("asking.new")
    assert (form["dag"], form["van"], form["tot"]) == ("2027-01-16", "09:00", "01:00")
    page = form.fills_in(
        van="14:00", tot="18:00", activiteit="Lenteconcert", openbaar="ja", personen="60", akkoord=True
    ).sends()
    code = code_of(an)
    assert page.heading == dutch("The house looks at the request")
    assert "vrijwilligersgroep" in page.text

    assert "Lenteconcert" in an.reads()
    page = marcel.follows_the_letter("/balie/aanvragen/")
    assert "Harmonie De Eendracht" in page.text
    page = marcel.decides("approve", reden="De sleutel hangt bij de bakker.")
    assert page.heading == dutch("Nothing waits for you")
    assert mia.opens("desk.inbox").heading == dutch("Nothing waits for you")

    letter = an.post.newest("an@harmonie.example")
    assert str(letter["Subject"]) == "Ja, Zaal Open Huis, Open Huis Drongen is van jou op zaterdag 16 januari 2027"
    assert str(letter["Reply-To"]) == "huis@drongen.example"
    assert "De sleutel hangt bij de bakker." in an.reads()
    attached = next(letter.iter_attachments())
    event = icalendar.Calendar.from_ical(attached.get_content()).walk("VEVENT")[0]
    assert event.decoded("DTSTART").replace(tzinfo=None) == at().starts

    assert an.follows_the_letter("/aanvragen/").heading == dutch("Yes, the room is yours")
    assert feed_of(mia) == [("Lenteconcert", "CONFIRMED")]
    page = mia.opens("rooms.show", venue="open-huis-drongen", room="zaal-open-huis", week="2027-W02")
    assert ("Lenteconcert" in page.text, "Harmonie" in page.text, "An Peeters" in page.text) == (True, False, False)
    assert requests.by_code(code).association.name == "Harmonie De Eendracht"


def test_stranger_asks_proves_the_address_and_is_known(drongen, somebody, marcel):
    """Somebody who never was here asks first and signs in by doing so; the desk hears nothing before."""
    wim = somebody("wim@buurt.example")
    page = wim.asks_for_the_hall(als="particulier", naam="Wim Wens", email="wim@buurt.example", activiteit="Buurtfeest")
    assert page.heading == dutch("Fill in the code")
    assert wim.post.subjects("marcel@drongen.example") == []
    assert marcel.opens("desk.inbox").heading == dutch("Nothing waits for you")

    page = wim.fills_in_the_code()
    assert page.heading == dutch("The house looks at the request")
    assert "Wim Wens" in page.text
    assert marcel.opens("desk.inbox").heading == dutch("%(num)d request waits for you", num=1)
    assert "Buurtfeest" in wim.opens("accounts.mine").text

    again = wim.opens("asking.new", zaal="open-huis-drongen/zaal-open-huis").form("asking.new")
    assert (again["naam"], again["email"]) == ("Wim Wens", "wim@buurt.example")


def test_stranger_names_an_association_and_finds_it_afterwards(drongen, somebody):
    els = somebody("els@yoga.example")
    els.asks_for_the_hall(
        als="feitelijke_vereniging", vereniging="Yoga aan de Leie", naam="Els", email="els@yoga.example"
    )
    els.fills_in_the_code()
    page = els.opens("accounts.mine")
    assert "Yoga aan de Leie" in page.text
    form = els.opens("asking.new", zaal="open-huis-drongen/zaal-open-huis").form("asking.new")
    assert form["als"] not in ("", "feitelijke_vereniging")


def test_house_says_no_with_a_reason_and_the_next_one_gets_the_room(drongen, an, marcel, somebody):
    an.asks_for_the_hall(activiteit="Bal")
    code = code_of(an)
    marcel.follows_the_letter("/balie/aanvragen/")
    marcel.decides("refuse", reden="Die avond is het feest van de vrijwilligers.")
    assert "Die avond is het feest van de vrijwilligers." in an.reads()
    page = an.opens("requests.show", code=code)
    assert page.heading == dutch("No, it is not possible then")
    assert "feest van de vrijwilligers" in page.text
    assert "feest van de vrijwilligers" not in somebody("x@x.example").opens("requests.show", code=code).text
    assert feed_of(an) == []

    page = page.goes_to("asking.new", opnieuw=code)
    page = page.form("asking.new").fills_in(dag="2027-01-23", van="14:00", tot="18:00", akkoord=True).sends()
    assert page.heading == dutch("The house looks at the request")
    wim = somebody("wim@buurt.example")
    wim.asks_for_the_hall(als="particulier", naam="Wim", email="wim@buurt.example")
    assert wim.fills_in_the_code().heading == dutch("The house looks at the request")


def test_house_cancels_what_it_approved_and_the_calendars_hear_it(drongen, an, marcel):
    an.asks_for_the_hall(activiteit="Repaircafé", openbaar="ja")
    code = code_of(an)
    marcel.follows_the_letter("/balie/aanvragen/")
    marcel.decides("approve")
    assert feed_of(an) == [("Repaircafé", "CONFIRMED")]
    marcel.opens("desk.show", code=code)
    marcel.decides("cancel", reden="De kelder staat onder water.")
    letter = an.post.newest("an@harmonie.example")
    event = icalendar.Calendar.from_ical(next(letter.iter_attachments()).get_content()).walk("VEVENT")[0]
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert feed_of(an) == [(f"{dutch('Cancelled:')} Repaircafé", "CANCELLED")]
    assert "onder water" in an.reads()


def test_race_is_lost_kindly_and_another_moment_is_one_click_away(drongen, an, somebody):
    """Both have the form open for the same afternoon; An is quicker."""
    wim = somebody("wim@buurt.example")
    form = wim.opens("asking.new", zaal="open-huis-drongen/zaal-open-huis").form("asking.new")
    form.fills_in(
        dag="2027-01-16", van="14:00", tot="18:00", activiteit="Verjaardag", openbaar="nee", personen="20",
        als="particulier", naam="Wim", email="wim@buurt.example", akkoord=True,
    )  # fmt: skip
    an.asks_for_the_hall()
    page = form.sends(status=409)
    assert (
        dutch(
            "Somebody else has asked for %(room)s then, %(hours)s. Choose another moment.",
            room="Zaal Open Huis",
            hours="14.00 tot 18.00 uur",
        )
        in page.text
    )
    form = page.form("asking.new")
    assert form["activiteit"] == "Verjaardag"
    form.fills_in(neem=form.offered["neem"][0]).sends()
    page = wim.fills_in_the_code()
    assert "18.00 tot 22.00 uur" in page.text
    assert self_check.overlaps() == 0


def test_two_members_of_a_desk_decide_at_once_and_one_outcome_holds(drongen, an, marcel, mia):
    an.asks_for_the_hall()
    code = code_of(an)
    for one in (marcel, mia):
        one.opens("desk.show", code=code)
    marcel.decides("approve")
    page = mia.page.form("desk.decide", code=code).fills_in(besluit="refuse", reden="Toch niet.").sends(status=409)
    assert page.heading == dutch("This request changed meanwhile")
    assert "Marcel De Smet" in page.text
    assert an.post.subjects("an@harmonie.example")[-1].startswith("Ja,")
    assert requests.by_code(code).status is Status.APPROVED


def test_member_invites_another_leaves_and_the_bookings_stay(drongen, an, marcel, somebody):
    an.asks_for_the_hall(activiteit="Repetitie")
    code = code_of(an)
    marcel.follows_the_letter("/balie/aanvragen/")
    marcel.decides("approve")

    page = an.opens("accounts.mine").clicks(next(words for words, address in an.page.links if "Eendracht" in words))
    page.form("associations.invite").fills_in(email="bert@harmonie.example").sends()
    bert = somebody("bert@harmonie.example")
    bert.follows_the_letter("/uitnodigingen/")
    invitation = bert.page.path
    page = bert.page.goes_to("accounts.sign_in", verder=invitation)
    page.form("accounts.sign_in").fills_in(email="bert@harmonie.example").sends()
    bert.fills_in_the_code().form("associations.join").sends()

    an.opens("accounts.mine").clicks(next(words for words, address in an.page.links if "Eendracht" in words))
    an.page.form("associations.leave").sends()
    assert "Eendracht" not in an.opens("accounts.mine").main.partition(dutch("My groups"))[2]
    assert requests.by_code(code).status is Status.APPROVED

    page = bert.opens("accounts.mine").clicks("Repetitie")
    page = page.form("requests.withdraw", code=code).sends()
    assert page.heading == dutch("The request was withdrawn")
    assert feed_of(bert) == [(f"{dutch('Cancelled:')} {dutch('Taken')}", "CANCELLED")]
    assert an.post.subjects("marcel@drongen.example")[-1].startswith("Ingetrokken:")


def test_code_comes_too_late_and_the_room_went_to_somebody_else(drongen, an, somebody, clock):
    wim = somebody("wim@buurt.example")
    wim.asks_for_the_hall(als="particulier", naam="Wim", email="wim@buurt.example")
    clock.passes(timedelta(minutes=16))
    deadlines.tick(clock.now)
    an.asks_for_the_hall()
    page = wim.opens("accounts.code").form("accounts.again").sends()
    code = str(wim.post.newest("wim@buurt.example")["Subject"]).split()[0]
    page = page.form("accounts.code").fills_in(code=code).sends(status=409)
    assert page.heading == dutch("Somebody was just before you")
    form = page.form("asking.new")
    page = form.fills_in(neem=form.offered["neem"][0]).sends()
    assert "18.00 tot 22.00 uur" in page.text
    assert page.heading == dutch("The house looks at the request")


def test_nobody_answers_until_the_moment_comes(drongen, an, clock):
    an.asks_for_the_hall()
    code = code_of(an)
    clock.stands_at(at().starts_at)
    deadlines.tick(clock.now)
    page = an.opens("requests.show", code=code)
    assert page.heading == dutch("Nobody answered in time")
    assert "Niemand" in an.post.newest("an@harmonie.example")["Subject"] or "antwoord" in an.reads()
