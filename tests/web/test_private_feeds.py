"""Private calendars: whose dates stand in them, who opens them, for how long, and that their address is told once."""

import logging
import re
from datetime import timedelta

import icalendar
import pytest

from tests import decisions
from tests.browser import Browser, dutch
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_city_desk,
    make_desk,
    make_entered,
    make_request,
    make_room,
    make_series,
    read,
)
from tests.statements import asked
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import Status
from zalenzoeker.gateways import mailer
from zalenzoeker.services import associations as groups
from zalenzoeker.services import forgetting, handing, membership, shielding
from zalenzoeker.services.tokens import hash_of
from zalenzoeker.storage import accounts, desks, feed_tokens
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import FeedToken, Membership

ADDRESS = re.compile(r"/kalender/(?:mijn|balie)/([A-Za-z0-9_-]+)\.ics")


def made(page):
    """Return the address that a page shows, without the name of the site."""
    return ADDRESS.search(page.html)[0]


def make(browser, group=""):
    return made(browser.posts("private_feeds.make", {"van": group}))


def make_for(browser, desk="drongen"):
    return made(browser.posts("private_feeds.make_for_desk", desk=desk))


def events(answer):
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.data).events)


def summaries(answer):
    return [str(one["SUMMARY"]) for one in events(answer)]


@pytest.fixture
def harmonie(an):
    """The group of An and of Bob."""
    members = [accounts.by_email("an@harmonie.example"), make_account("bob@harmonie.example", "Bob")]
    return make_association(members=members)


@pytest.fixture
def marcel(app, drongen):
    return Browser(app, accounts.by_email("marcel@drongen.example"))


def ask(room, email="an@harmonie.example", *, status=Status.APPROVED, group=None, **fields):
    by = actor_of(accounts.by_email(email) or make_account(email))
    if group is not None:
        fields |= {"association_id": group.id, "association_name": group.name, "requester_kind": group.kind}
    return make_request(status, room=room, by=by, **fields)


def test_own_calendar_holds_the_bookings_of_a_person_and_of_their_groups(an, harmonie, drongen, passer_by):
    ask(drongen, slot=at("18:00", "19:00"), activity="Verjaardag")
    ask(drongen, "bob@harmonie.example", slot=at("10:00", "11:00"), activity="Repetitie", group=harmonie)
    ask(drongen, "bob@harmonie.example", slot=at("12:00", "13:00"), activity="Van Bob alleen")
    ask(drongen, slot=at("14:00", "15:00"), activity="Nog niet beslist", status=Status.REQUESTED)
    name = drongen.name
    assert summaries(passer_by.asks(make(an))) == [f"Repetitie, {name}", f"Verjaardag, {name}"]
    assert summaries(passer_by.asks(make(an, harmonie.code))) == [f"Repetitie, {name}"]


def test_own_calendar_holds_what_a_desk_typed_in_for_a_proved_address(an, drongen, marcel, passer_by):
    by = actor_of(accounts.by_email("marcel@drongen.example"))
    entered = make_entered(drongen, by=by, contact_email="an@harmonie.example", activity="Koffietafel")
    make_city_desk([make_account("sofie@stad.example")])
    decider = actor_of(accounts.by_email("sofie@stad.example"))
    decisions.approve(entered.code, by=decider, now=NOW, version=entered.version)
    assert summaries(passer_by.asks(make(an))) == [f"Koffietafel, {drongen.name}"]


def test_calendar_of_a_desk_says_what_waits_and_who_asks(drongen, harmonie, marcel, passer_by):
    ask(drongen, slot=at("10:00", "11:00"), activity="Repetitie", group=harmonie, contact_name="An Peeters")
    waiting = ask(drongen, slot=at("12:00", "13:00"), status=Status.REQUESTED, activity="Feest")
    ask(make_room("elders"), activity="Elders")
    booked, tentative = events(passer_by.asks(make_for(marcel)))
    assert (str(booked["SUMMARY"]), str(booked["STATUS"])) == (f"Repetitie, {drongen.name}", "CONFIRMED")
    assert str(booked["DESCRIPTION"]).splitlines()[:2] == [
        dutch("%(group)s (%(name)s)") % {"group": harmonie.name, "name": "An Peeters"},
        "20 personen",
    ]
    assert (str(tentative["SUMMARY"]), str(tentative["STATUS"]), str(tentative["CLASS"])) == (
        f"{dutch('Requested:')} Feest, {drongen.name}",
        "TENTATIVE",
        "PRIVATE",
    )
    assert str(tentative["URL"]).endswith(f"/balie/aanvragen/{waiting.code}")
    assert waiting.contact_email not in str(tentative["DESCRIPTION"])


def test_shielded_booking_is_known_by_its_label_where_a_household_or_an_office_looks_on(an, drongen, marcel, passer_by):
    request = ask(drongen, activity="Praatgroep rouw", contact_name="An Peeters")
    shielding.shield(request.code, by=actor_of(accounts.by_email("an@harmonie.example")), now=NOW)
    for address in (make(an), make_for(marcel)):
        [one] = events(passer_by.asks(address))
        told = str(one["SUMMARY"]), str(one["DESCRIPTION"])
        assert told == (f"{request.reference}, {drongen.name}", request.reference)


def test_calendar_of_a_desk_follows_a_request_that_is_forwarded(app, drongen, marcel, passer_by):
    other = make_desk("malem", members=[make_account("rita@malem.example")])
    waiting = ask(drongen, status=Status.REQUESTED)
    here = make_for(marcel)
    there = make_for(Browser(app, accounts.by_email("rita@malem.example")), "malem")
    assert (len(events(passer_by.asks(here))), len(events(passer_by.asks(there)))) == (1, 0)
    by = actor_of(accounts.by_email("marcel@drongen.example"))
    handing.forward(waiting.code, other.slug, by=by, now=NOW, note="Wij zijn weg.")
    assert (len(events(passer_by.asks(here))), len(events(passer_by.asks(there)))) == (0, 1)


def test_date_has_the_same_identity_as_in_public_feeds_and_in_its_letter(an, drongen, marcel, passer_by):
    series = make_series(drongen, status=Status.APPROVED, by=actor_of(accounts.by_email("an@harmonie.example")))
    public = passer_by.asks(f"/kalender/zaal/{drongen.venue.slug}/{drongen.slug}.ics")
    feeds = [public, passer_by.asks(make(an)), passer_by.asks(make_for(marcel))]
    uids = [{str(one["UID"]) for one in events(feed)} for feed in feeds]
    assert uids == [{f"{date.uid}@zalenzoeker" for date in series.occurrences}] * 3
    assert mailer.calendar.UID_SUFFIX == "@zalenzoeker"


def test_private_calendar_keeps_what_fell_away_for_thirty_days(an, drongen, passer_by, clock):
    request = ask(drongen, activity="Repetitie")
    address = make(an)
    before = events(passer_by.asks(address))[0]
    decisions.cancel(
        request.code, by=actor_of(desks.by_slug("drongen").members[0]), now=NOW, version=request.version, note="Lek."
    )
    after = events(passer_by.asks(address))[0]
    assert (after["UID"], int(after["SEQUENCE"]), str(after["STATUS"])) == (before["UID"], 1, "CANCELLED")
    clock.passes(timedelta(days=32))
    assert events(passer_by.asks(address)) == []


# How it is fetched.


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_private_calendar_that_did_not_change_is_answered_304_without_reading_a_date(an, drongen, passer_by, encoding):
    ask(drongen)
    address, headers = make(an), {"Accept-Encoding": encoding}
    mark = passer_by.asks(address, headers=headers).headers["ETag"]
    with asked() as seen:
        again = passer_by.asks(address, headers={**headers, "If-None-Match": mark})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", mark)
    assert [query for query in seen if "occurrence.uid" in query] == []


def test_private_calendar_is_told_apart_by_encoding_and_stays_the_same(an, drongen, passer_by, clock):
    ask(drongen)
    address = make(an)
    marks = {passer_by.asks(address, headers={"Accept-Encoding": one}).headers["ETag"] for one in ("gzip", "br", "")}
    first = passer_by.asks(address).data
    clock.passes(timedelta(hours=5))
    assert (len(marks), passer_by.asks(address).data == first) == (3, True)


def test_private_calendar_changes_with_every_change_of_its_dates(an, drongen, passer_by):
    address = make(an)
    found = [passer_by.asks(address).headers["ETag"]]
    request = ask(drongen)
    found.append(passer_by.asks(address).headers["ETag"])
    decider = actor_of(desks.by_slug("drongen").members[0])
    decisions.cancel(request.code, by=decider, now=NOW, version=request.version, note="Lek.")
    found.append(passer_by.asks(address).headers["ETag"])
    assert len(set(found)) == 3


def test_private_calendar_may_be_kept_by_nobody_else_and_says_its_address_to_nobody(an, drongen, passer_by):
    address = make(an)
    for answer in (passer_by.asks(address), passer_by.asks(address.replace(".ics", "x.ics"))):
        headers = answer.headers
        assert {one.strip() for one in headers["Cache-Control"].split(",")} == {"private", "no-cache"}
        assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
        assert "Set-Cookie" not in headers


def test_private_calendar_asks_the_database_as_often_for_three_bookings_as_for_one(an, drongen, passer_by, queries_of):
    address = make(an)
    ask(drongen, slot=at("18:00", "19:00"))
    one = queries_of(lambda: passer_by.asks(address))
    ask(drongen, slot=at("10:00", "11:00"))
    ask(drongen, slot=at("12:00", "13:00"))
    assert len(queries_of(lambda: passer_by.asks(address))) == len(one)


# Its address.


def test_address_has_128_bits_and_is_kept_as_a_hash(an, drongen, passer_by, config):
    address = make(an)
    token = ADDRESS.search(address)[1]
    passer_by.asks(address)
    assert len(token) == 22
    kept = db.session.query(FeedToken).one()
    assert kept.token_hash == hash_of(token)
    files = [file.read_bytes() for file in config.var_dir.rglob("*") if file.is_file()]
    names = " ".join(str(file) for file in config.var_dir.rglob("*"))
    assert (any(token.encode() in one for one in files), token in names, files != []) == (False, False, True)


def test_address_is_shown_once_and_is_on_no_other_page(an, drongen):
    token = ADDRESS.search(make(an))[1]
    assert token not in an.opens("accounts.mine").html


def test_new_address_ends_the_old_one(an, harmonie, passer_by):
    mine, of_group = make(an), make(an, harmonie.code)
    renewed = make(an)
    statuses = [passer_by.asks(one).status_code for one in (mine, renewed, of_group)]
    assert statuses == [404, 200, 200]
    assert db.session.query(FeedToken).count() == 2


def test_revoked_address_opens_nothing_and_a_second_time_is_one(an, harmonie, passer_by):
    mine, of_group = make(an), make(an, harmonie.code)
    an.opens("accounts.mine")
    for _one in range(2):
        an.posts("private_feeds.revoke", {"van": harmonie.code})
    assert [passer_by.asks(one).status_code for one in (mine, of_group)] == [200, 404]


def test_address_of_one_kind_opens_no_calendar_of_the_other(an, marcel, passer_by):
    mine, desk = make(an), make_for(marcel)
    passer_by.visits(mine.replace("/mijn/", "/balie/"), status=404)
    passer_by.visits(desk.replace("/balie/", "/mijn/"), status=404)
    passer_by.visits("/kalender/mijn/verzonnen.ics", status=404)


def test_page_of_a_wrong_address_does_not_repeat_it(passer_by):
    assert "verzonnen" not in passer_by.visits("/kalender/balie/verzonnen.ics", status=404).html


def test_address_ends_with_the_membership_of_a_group_also_for_who_comes_back(an, harmonie, drongen, passer_by):
    address, mine = make(an, harmonie.code), make(an)
    ask(drongen, "bob@harmonie.example", group=harmonie)
    by = actor_of(accounts.by_email("an@harmonie.example"))
    assert len(events(passer_by.asks(mine))) == 1
    groups.leave(harmonie.code, by=by)
    assert (passer_by.asks(address).status_code, events(passer_by.asks(mine))) == (404, [])
    keep(Membership(association_id=harmonie.id, account_id=by.account_id, since=NOW + timedelta(days=1)))
    assert passer_by.asks(address).status_code == 404
    assert len(events(passer_by.asks(mine))) == 1


def test_address_of_a_desk_ends_for_who_leaves_it_and_stays_for_the_others(app, drongen, marcel, passer_by):
    lies = make_account("lies@drongen.example")
    desk = desks.by_slug("drongen")
    by = actor_of(desk.members[0])
    membership.add("drongen", lies.email, by=by, now=NOW, visitor=Visitor(is_limited=False))
    first, second = make_for(marcel), make_for(Browser(app, lies))
    assert first != second
    membership.remove("drongen", lies.code, by=by, now=NOW)
    assert [passer_by.asks(one).status_code for one in (first, second)] == [200, 404]
    forgetting.each_night(NOW)
    assert db.session.query(FeedToken).count() == 1


def test_city_desk_follows_any_desk_as_long_as_somebody_belongs_to_it(app, drongen, passer_by):
    make_city_desk([make_account("sofie@stad.example")])
    address = make_for(Browser(app, accounts.by_email("sofie@stad.example")))
    assert passer_by.asks(address).status_code == 200
    with write_unit():
        desks.end_membership(desks.city_id(), [accounts.by_email("sofie@stad.example").id])
    assert passer_by.asks(address).status_code == 404


def test_nobody_makes_an_address_of_a_group_or_a_desk_of_others(app, an, harmonie, drongen):
    els = Browser(app, make_account("els@yoga.example"))
    els.posts("private_feeds.make", {"van": harmonie.code}, status=404)
    els.posts("private_feeds.make_for_desk", desk="drongen", status=403)
    rita = make_account("rita@malem.example")
    make_desk("malem", members=[rita])
    Browser(app, rita).posts("private_feeds.make_for_desk", desk="drongen", status=403)
    assert db.session.query(FeedToken).count() == 0


def test_page_of_ones_own_asks_as_often_for_three_groups_as_for_one(an, harmonie, queries_of):
    make(an, harmonie.code)
    one = queries_of(lambda: an.opens("accounts.mine"))
    for name in ("Koor", "Toneel"):
        make(an, make_association(name, members=[accounts.by_email("an@harmonie.example")]).code)
    assert len(queries_of(lambda: an.opens("accounts.mine"))) == len(one)


@pytest.mark.both
def test_address_is_found_and_ends_on_both_engines(app, drongen, passer_by):
    browser = Browser(app, accounts.by_email("marcel@drongen.example"))
    address, mine = make_for(browser), make(browser)
    request = make_request(room=drongen)
    assert (len(events(passer_by.asks(address))), events(passer_by.asks(mine))) == (1, [])
    assert read(request.code).status is Status.REQUESTED
    with write_unit():
        desks.end_membership(desks.by_slug("drongen").id, [accounts.by_email("marcel@drongen.example").id])
    assert (passer_by.asks(address).status_code, passer_by.asks(mine).status_code) == (404, 200)
    with write_unit():
        feed_tokens.forget_ended()
    assert db.session.query(FeedToken).count() == 1


def test_log_of_a_failure_names_the_rule_and_not_the_address(make_app, caplog):
    app = make_app(demo=True)
    with app.test_request_context("/kalender/mijn/geheim.ics"), caplog.at_level(logging.ERROR, app.logger.name):
        app.log_exception((ValueError, ValueError("x"), None))
    assert [record.getMessage() for record in caplog.records] == ["Exception on /kalender/mijn/<token>.ics [GET]"]


# How often.


@pytest.mark.parametrize("address", ["/kalender/gent.ics", "/kalender/mijn/verzonnen.ics"])
def test_feeds_are_fetched_sixty_times_a_minute_from_one_address(app, drongen, clock, address):
    visitor = Browser(app, address=f"198.51.100.{len(address)}")
    answers = [visitor.asks(address).status_code for _one in range(60)]
    assert 429 not in answers
    late = visitor.asks(address)
    assert (late.status_code, late.headers["Retry-After"]) == (429, "1")
    assert Browser(app).asks(address).status_code == answers[0]
    clock.passes(timedelta(seconds=1))
    assert visitor.asks(address).status_code == answers[0]


def test_feeds_are_fetched_without_end_where_limits_are_off(make_app, drongen):
    app = make_app(rate_limits=False, public_url="http://127.0.0.1:8000")
    visitor = Browser(app, address="198.51.100.77")
    assert {visitor.asks("/kalender/gent.ics").status_code for _one in range(70)} == {200}
