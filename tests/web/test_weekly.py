"""The weekly letter on the site: asked, confirmed, changed and ended, by people and by mail programs."""

import re
from datetime import date, datetime, time, timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import NOW, at, make_request
from tests.letterbox import settled
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.slots import to_utc
from zalenzoeker.gateways import mailer
from zalenzoeker.services import weekly_letter
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Subscription

EMAIL = "godelieve@post.example"
SENDER = {"sender": "zalen@zalen.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.example"}
SEVEN = to_utc(datetime.combine(date(2027, 1, 14), time(7)))
LINK = re.compile(r"https://zalen\.example(/weekbrief/[^\s>\"]+)")


def mails(kind):
    db.session.close()
    return [mailer.compose(one.parcel, **SENDER) for one in letters.newest() if one.kind == kind]


def links(mail):
    return LINK.findall(mail.get_body(("plain",)).get_content())


def asks(browser, email=EMAIL, **chosen):
    page = browser.opens("weekly.new", **chosen)
    page.form("weekly.new").fills_in(email=email).sends()
    return links(mails(LetterKind.SUBSCRIPTION_ASKED)[0])[0]


def subscribed():
    db.session.close()
    return [(one.email, one.choices.neighbourhoods, one.choices.themes) for one in db.session.query(Subscription)]


@pytest.fixture
def reader(passer_by, drongen):
    """Godelieve, who said yes; and something is on."""
    make_request(Status.APPROVED, room=drongen, is_public=True, activity="Soepcafé")
    passer_by.visits(asks(passer_by)).form().sends()
    return passer_by


def test_letter_is_asked_confirmed_and_changed_without_an_account(passer_by, drongen):
    slug = drongen.venue.neighbourhood.slug
    link = asks(passer_by, wijk=slug, thema="soepcafe")
    assert passer_by.page.heading == dutch("Look in your mailbox")
    page = passer_by.visits(link)
    assert (page.heading, drongen.venue.neighbourhood.name in page.main) == (
        dutch("Do you want the weekly letter?"),
        True,
    )
    assert db.session.query(Subscription).one().confirmed_at is None
    page = page.form().sends()
    assert (page.heading, subscribed()) == (dutch("Your weekly letter"), [(EMAIL, (slug,), ("soepcafe",))])
    page.form("weekly.choices").fills_in(wijk=[], thema=["kaarten"]).sends()
    assert subscribed() == [(EMAIL, (), ("kaarten",))]
    # The old link asks nothing any more.
    assert passer_by.visits(link).heading == dutch("Your weekly letter")


def test_page_says_the_same_for_an_address_that_is_known(reader, app):
    other = Browser(app)
    pages = []
    for email in (EMAIL, "nieuw@post.example"):
        asks(other, email)
        pages.append((other.page.status, other.page.main.replace(email, "…")))
    assert pages[0] == pages[1]


def test_form_keeps_what_was_chosen_beside_what_is_wrong(passer_by, drongen):
    slug = drongen.venue.neighbourhood.slug
    form = passer_by.opens("weekly.new").form("weekly.new")
    page = form.fills_in(email="godelieve", wijk=[slug], thema=["kaarten"]).sends(status=422)
    assert list(page.errors) == ["email"]
    ticked = [one.get("value") for one in page.elements(tag="input") if one.get("checked") is not None]
    assert ticked == [slug, "kaarten"]


@pytest.mark.parametrize("query", [{"wijk": "nergens"}, {"thema": "niets"}, {"wijk": "", "thema": ""}])
def test_form_ticks_nothing_that_is_not_there(passer_by, drongen, query):
    page = passer_by.opens("weekly.new", **query)
    assert [one for one in page.elements(tag="input") if one.get("checked") is not None] == []


def test_neighbourhood_that_is_made_up_is_refused(passer_by, drongen):
    page = passer_by.posts("weekly.new", {"email": EMAIL, "wijk": "nergens"}, status=422)
    assert (page.status, subscribed()) == (422, [])


def test_asking_too_often_is_told_kindly(passer_by, drongen):
    for _number in range(3):
        asks(passer_by)
    passer_by.opens("weekly.new").form("weekly.new").fills_in(email=EMAIL).sends(status=429)


# By its links.


def test_letter_can_be_ended_by_a_mail_program_at_once_and_twice(reader, app):
    weekly_letter.send(SEVEN)
    mail = mails(LetterKind.WEEKLY_LETTER)[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https://zalen\.example(/weekbrief/[\w-]{22}/afmelden)>", mail["List-Unsubscribe"])[1]
    program = Browser(app)
    for _one in range(2):
        answer = program.asks(address, method="POST", data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
        assert subscribed() == []
    assert dutch("You get no weekly letter") in answer.get_data(as_text=True)


def test_links_of_a_letter_change_nothing_when_they_are_opened(reader):
    weekly_letter.send(SEVEN)
    before = subscribed()
    for address in links(mails(LetterKind.WEEKLY_LETTER)[0]):
        for method in ("GET", "HEAD"):
            assert reader.asks(address, method=method).status_code == 200
    assert (subscribed(), len(before)) == (before, 1)


def test_letter_is_ended_by_a_person_with_a_button(reader):
    weekly_letter.send(SEVEN)
    choices, stop = links(mails(LetterKind.WEEKLY_LETTER)[0])
    page = reader.visits(stop)
    assert (page.heading, subscribed() != []) == (dutch("Stop the weekly letter?"), True)
    page = page.form("weekly.unsubscribe").sends()
    assert (page.heading, subscribed()) == (dutch("You get no weekly letter"), [])
    assert reader.visits(stop).heading == dutch("You get no weekly letter")
    assert reader.visits(choices, status=410).heading == dutch("You get no weekly letter")


@pytest.mark.parametrize("address", ["/weekbrief/verzonnen", "/weekbrief/bevestigen/x", "/weekbrief/x/afmelden"])
def test_link_that_no_letter_has_is_not_found(passer_by, drongen, address):
    passer_by.visits(address, status=404)


def test_link_to_confirm_that_came_too_late_says_so(passer_by, drongen, clock):
    link = asks(passer_by)
    clock.passes(timedelta(days=8))
    page = passer_by.visits(link, status=410)
    assert (page.heading, subscribed()[0][0]) == (dutch("You get no weekly letter"), EMAIL)


def test_pages_behind_letters_are_kept_by_nobody(reader):
    answer = reader.asks(links(mails(LetterKind.SUBSCRIPTION_ASKED)[0])[0].replace("/bevestigen", ""))
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_page_of_a_place_leads_to_the_letter_about_its_neighbourhood(passer_by, drongen):
    page = passer_by.opens("venues.show", venue=drongen.venue.slug).clicks("Get a letter every week")
    ticked = [one.get("value") for one in page.elements(tag="input") if one.get("checked") is not None]
    assert ticked == [drongen.venue.neighbourhood.slug]


@pytest.mark.parametrize("typed", ["Feest\r\nBcc: dief@elders.example", "=?utf-8?q?=0D=0ABcc:x?=", "<b>Vet</b>"])
def test_letter_keeps_what_somebody_typed_in_its_place(reader, drongen, typed):
    words = " ".join(typed.split())
    at_night = {"room": drongen, "slot": at("19:00", "21:00"), "contact_email": "b@b.be"}
    make_request(Status.APPROVED, is_public=True, activity=words, **at_night)
    weekly_letter.send(SEVEN)
    mail = mails(LetterKind.WEEKLY_LETTER)[0]
    assert (mail["Bcc"], "<b>Vet" in mail.get_body(("html",)).get_content()) == (None, False)


def test_letter_that_left_keeps_no_key(reader):
    weekly_letter.send(SEVEN)
    letter = letters.newest()[0]
    assert "token" not in settled(letter.parcel).facts_without_secret
    assert NOW < SEVEN
