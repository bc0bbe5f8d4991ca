"""What became of letters: on the timeline of the asker and of the desk, and at the city desk, which sends again."""

from datetime import timedelta
from random import Random

import pytest

from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_city_desk,
    make_desk,
    make_request,
    make_venue,
)
from tests.statements import asked
from zalenzoeker.domain.letters import SendNever
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import stop_links
from zalenzoeker.services import date_reminders, delivery, handing
from zalenzoeker.storage import accounts, desks, letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import DailyLetter

MARCEL, ASKER = "marcel@drongen.example", "an@harmonie.example"
LATER = NOW + timedelta(hours=1)
SENT = "verstuurd maandag 23 november 2026, 10.00 uur"


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email(MARCEL))


@pytest.fixture
def sofie(app, drongen):
    account = make_account("sofie@stad.example", "Sofie")
    make_city_desk([account])
    return Browser(app, account)


def deliver(*refused):
    def send(parcel):
        if parcel.recipient in refused:
            raise SendNever("550 5.1.1 <geheim@ander.example> no such user")

    delivery.deliver_waiting(send=send, now=lambda: NOW, chance=Random(1))
    db.session.close()


def mails(page):
    return [one for one in page.found(tag="li") if one.startswith("Brief “")]


def lost_code():
    db.session.close()
    return letters.lost()[0].code


def test_asker_sees_their_own_letters_and_what_became_of_them(app, drongen):
    request = make_request(room=drongen)
    an = Browser(app, accounts.by_email(ASKER))
    waits = "Brief “De aanvraag is aangekomen” naar an@harmonie.example: vertrekt zo meteen"
    assert mails(an.opens("requests.show", code=request.code)) == [waits]
    deliver()
    sent = f"Brief “De aanvraag is aangekomen” naar an@harmonie.example: {SENT}"
    assert mails(an.opens("requests.show", code=request.code)) == [sent]


def test_stranger_with_the_address_sees_no_letters(passer_by, drongen):
    request = make_request(room=drongen)
    page = passer_by.opens("requests.show", code=request.code)
    assert (mails(page), ASKER in page.html) == ([], False)


def test_desk_sees_the_letters_to_itself_and_to_the_asker(marcel, drongen):
    request = make_request(room=drongen)
    deliver(ASKER)
    assert mails(marcel.opens("desk.show", code=request.code)) == [
        "Brief “De aanvraag is aangekomen” naar an@harmonie.example: niet aangekomen: de andere kant weigert hem",
        f"Brief “Een aanvraag wacht op de balie” naar 1 adres van de balie: {SENT}",
    ]


def test_address_of_a_former_desk_is_not_told_to_the_next_one(app, marcel, drongen):
    request = make_request(room=drongen)
    rita = make_account("rita@malem.example", "Rita")
    make_desk("malem", venue=make_venue("malem"), members=[rita])
    handing.forward(request.code, "malem", by=actor_of(accounts.by_email(MARCEL)), now=LATER, note="Wij zijn weg.")
    deliver(MARCEL, rita.email)
    page = Browser(app, rita).opens("desk.show", code=request.code)
    assert [MARCEL in page.html, "rita@malem.example" in page.html] == [False, True]
    assert [one for one in mails(page) if "iemand van de balie" in one] == [
        "Brief “Een aanvraag wacht op de balie” naar iemand van de balie: niet aangekomen: de andere kant weigert hem"
    ]


def test_nothing_lost_is_said_so(sofie, drongen):
    page = sofie.opens("post.index")
    assert page.heading == dutch("Every letter arrived, as far as we know")


def test_city_desk_sees_what_did_not_arrive_and_sends_it_again_once(sofie, drongen):
    make_request(room=drongen)
    deliver(ASKER)
    page = sofie.opens("desk.inbox").clicks("Brieven")
    assert page.heading == "1 brief kwam niet aan"
    page = page.clicks(f"{dutch('Look and send again')} De aanvraag is aangekomen, {ASKER}")
    assert "550 5.1.1 <geheim@ander.example> no such user" in page.text
    form = page.form("post.again")
    page = form.sends()
    assert page.found(css="messages") == [dutch("The letter is on its way again. Here you see what becomes of it.")]
    assert form.sends().found(css="messages") == [dutch("This letter was sent again already.")]
    page = sofie.opens("post.index")
    assert page.heading == dutch("Every letter arrived, as far as we know")
    assert "Sofie" in page.text
    deliver()
    assert SENT in page.goes_to("post.show", code=letters.sent_again()[0].code).text


@pytest.mark.parametrize("count", [3])
def test_list_asks_the_same_of_the_database_however_long_it_is(sofie, drongen, count):
    counts = []
    for number in range(count):
        make_request(room=drongen, slot=at().moved(days=7 * number))
        deliver(ASKER)
        with asked() as statements:
            sofie.opens("post.index")
        counts.append(len(statements))
    assert counts[1:] == counts[:-1]


def test_code_that_was_not_sent_cannot_be_sent_again(sofie, passer_by):
    passer_by.opens("accounts.sign_in").form("accounts.sign_in").fills_in(email="nieuw@iemand.example").sends()
    deliver("nieuw@iemand.example")
    page = sofie.opens("post.show", code=lost_code())
    assert dutch("This one cannot be sent again") in page.text
    assert not page.has_form("post.again")
    sofie.posts("post.again", {}, code=lost_code(), status=404)


def test_member_of_a_desk_chooses_what_comes_once_a_day(marcel):
    page = marcel.opens("crew.show", desk="drongen")
    page = page.form("daily.choose").fills_in(dagbrief=["freed", "moved"]).sends()
    assert page.found(css="messages") == [
        dutch("Kept. Every morning one letter comes with this news, when there is any.")
    ]
    assert keepers() == [["freed", "moved"]]
    page = page.form("daily.choose").fills_in(dagbrief=[]).sends()
    assert page.found(css="messages") == [dutch("Kept. Everything comes at once.")]


def test_box_that_is_not_ours_is_not_kept(marcel):
    marcel.posts("daily.choose", {"voor": "mij", "dagbrief": "alles"}, desk="drongen")
    assert keepers() == []


def keepers():
    db.session.close()
    desk = desks.by_slug("drongen")
    return [one.news for one in db.session.query(DailyLetter).filter_by(desk_id=desk.id)]


@pytest.fixture
def reminder(drongen):
    request = make_request(Status.APPROVED, room=drongen)
    date_reminders.tell(request.first.slot.starts_at - timedelta(days=7))
    db.session.close()
    return stop_links.token_of(next(one.code for one in letters.newest() if one.kind == "date_reminder"))


def test_link_of_a_reminder_asks_first_and_can_be_taken_back(passer_by, reminder):
    page = passer_by.opens("stopping.show", token=reminder)
    assert page.heading == dutch("No reminders any more?")
    page = page.form("stopping.stop").sends()
    assert page.heading == dutch("You get no reminders any more")
    assert page.form("stopping.stop").sends().heading == dutch("No reminders any more?")


def test_mail_program_ends_reminders_without_a_form(app, reminder):
    response = app.test_client().post(f"/geen-post/{reminder}", data={"List-Unsubscribe": "One-Click"})
    assert response.status_code == 302
    assert Browser(app).opens("stopping.show", token=reminder).heading == dutch("You get no reminders any more")


def test_link_that_somebody_made_up_ends_nothing(passer_by, reminder):
    passer_by.opens("stopping.show", token=reminder[:-2], status=404)
    passer_by.posts("stopping.stop", {}, token=reminder[:-2], status=404)
