"""Guards: every view wears exactly one, and a table says for every address who gets what answer."""

import re

import pytest

from tests.browser import header_faults
from tests.scene import FORM, PEOPLE

GUARDS = {"public", "signed_in", "desk_only", "city_only", "demonstration_only"}
ROLES = tuple(PEOPLE)

# The answer to each role: anonymous, asker, other asker, volunteer here, volunteer elsewhere, city.
# `in` stands for: sent to the page where one signs in.
MATRIX = {
    "pages.landing GET": "200 200 200 200 200 200",
    "pages.help GET": "200 200 200 200 200 200",
    "pages.accessibility GET": "200 200 200 200 200 200",
    "pages.privacy GET": "200 200 200 200 200 200",
    "pages.accent GET": "200 200 200 200 200 200",
    "pages.logo GET": "404 404 404 404 404 404",
    "pages.health GET": "503 503 503 503 503 503",
    "venues.show GET": "200 200 200 200 200 200",
    "rooms.show GET": "200 200 200 200 200 200",
    "poster.show GET": "200 200 200 200 200 200",
    "poster.sheet GET": "200 200 200 200 200 200",
    "screen.show GET": "200 200 200 200 200 200",
    "embedding.show GET": "200 200 200 200 200 200",
    "embedding.frame GET": "200 200 200 200 200 200",
    "search.show GET": "200 200 200 200 200 200",
    "search.first GET": "200 200 200 200 200 200",
    "moments.days GET": "200 200 200 200 200 200",
    "moments.month GET": "200 200 200 200 200 200",
    "moments.times GET": "200 200 200 200 200 200",
    "feeds.room GET": "200 200 200 200 200 200",
    "feeds.venue GET": "200 200 200 200 200 200",
    "feeds.neighbourhood GET": "200 200 200 200 200 200",
    "feeds.city GET": "200 200 200 200 200 200",
    "private_feeds.mine GET": "200 200 200 200 200 200",
    "private_feeds.desk GET": "200 200 200 200 200 200",
    "private_feeds.make POST": "in 200 404 404 404 404",
    "private_feeds.revoke POST": "in 302 404 404 404 404",
    "private_feeds.make_for_desk POST": "in 403 403 200 403 200",
    "private_feeds.revoke_for_desk POST": "in 403 403 302 403 302",
    "weekly.new GET": "200 200 200 200 200 200",
    "weekly.new POST": "302 302 302 302 302 302",
    "weekly.asked GET": "302 302 302 302 302 302",
    "weekly.confirm GET": "200 200 200 200 200 200",
    "weekly.confirm POST": "302 302 302 302 302 302",
    "weekly.choices GET": "200 200 200 200 200 200",
    "weekly.choices POST": "302 302 302 302 302 302",
    "weekly.unsubscribe GET": "200 200 200 200 200 200",
    "weekly.unsubscribe POST": "200 200 200 200 200 200",
    "feeds.theme GET": "200 200 200 200 200 200",
    "feeds.agenda GET": "200 200 200 200 200 200",
    "feeds.activity GET": "200 200 200 200 200 200",
    "activities.index GET": "200 200 200 200 200 200",
    "activities.show GET": "200 200 200 200 200 200",
    "publishing.picture GET": "404 404 404 404 404 404",
    "publishing.of_request GET": "in 200 403 403 403 403",
    "publishing.of_request POST": "in 302 403 403 403 403",
    "publishing.take_down POST": "in 302 403 302 403 302",
    "publishing.of_line GET": "in 403 403 200 403 200",
    "publishing.of_line POST": "in 403 403 302 403 302",
    "publishing.take_line_down POST": "in 403 403 302 403 302",
    "asking.new GET": "200 200 200 200 200 200",
    "asking.new POST": "302 302 302 302 302 302",
    "series.plan GET": "200 200 200 200 200 200",
    "behalf.new GET": "in 403 403 200 403 200",
    "behalf.new POST": "in 403 403 302 403 302",
    "behalf.paper GET": "200 200 200 200 200 200",
    "printing.index GET": "in 403 403 200 200 200",
    "printing.show GET": "in 403 403 200 404 200",
    "printing.hand_over POST": "in 403 403 302 404 302",
    "post.index GET": "in 403 403 403 403 200",
    "post.show GET": "in 403 403 403 403 200",
    # That letter arrived: there is nothing to send again.
    "post.again POST": "in 403 403 403 403 404",
    "samples.index GET": "in 403 403 403 403 200",
    "samples.show GET": "in 403 403 403 403 200",
    "samples.html GET": "in 403 403 403 403 200",
    "stopping.show GET": "404 404 404 404 404 404",
    "stopping.stop POST": "404 404 404 404 404 404",
    "requests.show GET": "200 200 200 200 200 200",
    "requests.withdraw POST": "in 302 403 403 403 403",
    "shielding.shield POST": "in 302 403 302 403 302",
    "occurrences.show GET": "in 200 403 403 403 403",
    "occurrences.let_go POST": "in 302 403 403 403 403",
    "occurrences.change POST": "in 302 403 403 403 403",
    "occurrences.put_back POST": "in 409 403 403 403 403",
    "occurrences.take_back POST": "in 302 403 403 403 403",
    "waiting.show GET": "200 200 200 200 200 200",
    "waiting.accept_by_letter POST": "409 409 409 409 409 409",
    "waiting.leave_by_letter POST": "302 302 302 302 302 302",
    "waiting.accept POST": "in 409 403 403 403 403",
    "waiting.leave POST": "in 302 403 403 403 403",
    "agreeing.show GET": "200 200 200 200 200 200",
    "agreeing.agree_by_letter POST": "302 302 302 302 302 302",
    "agreeing.decline_by_letter POST": "302 302 302 302 302 302",
    "agreeing.agree POST": "in 302 403 403 403 403",
    "agreeing.decline POST": "in 302 403 403 403 403",
    "accounts.sign_in GET": "200 302 302 302 302 302",
    "accounts.sign_in POST": "302 302 302 302 302 302",
    "accounts.code GET": "302 302 302 302 302 302",
    "accounts.code POST": "302 302 302 302 302 302",
    "accounts.again POST": "302 302 302 302 302 302",
    "accounts.link GET": "200 200 200 200 200 200",
    "accounts.link POST": "302 302 302 302 302 302",
    "accounts.sign_out POST": "302 302 302 302 302 302",
    "accounts.mine GET": "in 200 200 200 200 200",
    "associations.new GET": "in 200 200 200 200 200",
    "associations.new POST": "in 302 302 302 302 302",
    "associations.show GET": "in 200 404 404 404 404",
    "associations.invite POST": "in 302 404 404 404 404",
    "associations.leave POST": "in 302 403 403 403 403",
    "associations.join GET": "200 200 200 200 200 200",
    "associations.join POST": "200 200 302 200 200 200",
    "desk.inbox GET": "in 403 403 200 200 200",
    "desk.show GET": "in 403 403 200 404 200",
    "desk.decide POST": "in 403 403 302 404 302",
    "desk.undo POST": "in 403 403 409 404 409",
    "desk.several POST": "in 403 403 302 302 302",
    "desk.trust POST": "in 403 403 302 404 302",
    # An asker who is signed in cannot decide on their own request, whoever sent them the link.
    "from_mail.show GET": "200 410 200 200 200 200",
    "from_mail.decide POST": "302 409 302 302 302 302",
    "from_mail.undo POST": "302 409 302 302 302 302",
    "not_needed.show GET": "200 200 200 200 200 200",
    "not_needed.let_go POST": "302 302 302 302 302 302",
    "talking.ask POST": "in 403 403 302 404 302",
    "talking.note POST": "in 403 403 302 404 302",
    "talking.forward POST": "in 403 403 302 404 302",
    "talking.hand POST": "in 403 403 302 404 302",
    "proposals.new GET": "in 403 403 200 404 200",
    "proposals.new POST": "in 403 403 302 404 302",
    "proposals.withdraw POST": "in 403 403 302 404 302",
    "advice.vote POST": "in 403 403 409 404 403",
    "advice.settings GET": "in 403 403 200 403 200",
    "advice.settings POST": "in 403 403 302 403 302",
    "talking.reply POST": "in 302 403 403 403 403",
    "board.show GET": "in 403 403 200 200 200",
    "board.stands GET": "in 403 403 302 403 302",
    "board_own.new GET": "in 403 403 200 200 200",
    "board_own.new POST": "in 403 403 302 422 302",
    "board_own.change GET": "in 403 403 200 403 200",
    "board_own.change POST": "in 403 403 302 403 302",
    "board_own.leave_out POST": "in 403 403 302 403 302",
    "board_own.closure GET": "in 403 403 200 403 200",
    "board_own.closure POST": "in 403 403 302 403 302",
    "house.index GET": "in 403 403 302 302 200",
    "house.show GET": "in 403 403 200 403 200",
    "house.add GET": "in 403 403 200 403 200",
    "house.add POST": "in 403 403 302 403 302",
    "house.line GET": "in 403 403 200 403 200",
    "house.change GET": "in 403 403 200 403 200",
    "house.change POST": "in 403 403 302 403 302",
    "house.stop POST": "in 403 403 302 403 302",
    "house.days POST": "in 403 403 302 403 302",
    "house_text.show GET": "in 403 403 200 403 200",
    "house_text.show POST": "in 403 403 302 403 302",
    "house_letters.show GET": "in 403 403 200 403 200",
    "house_letters.show POST": "in 403 403 302 403 302",
    "house_hours.show GET": "in 403 403 200 403 200",
    "house_hours.show POST": "in 403 403 302 403 302",
    "house_room.show GET": "in 403 403 200 403 200",
    "house_room.show POST": "in 403 403 302 403 302",
    "diaries.index GET": "in 403 403 200 403 200",
    "diaries.show GET": "in 403 403 200 403 200",
    "diaries.show POST": "in 403 403 422 403 422",
    "diaries.follow GET": "in 403 403 404 403 404",
    "diaries.follow POST": "in 403 403 404 403 404",
    "diaries.end POST": "in 403 403 302 403 302",
    "logbook.show GET": "in 403 403 200 403 200",
    "mail_stop.show GET": "in 403 403 403 403 200",
    "mail_stop.try_again POST": "in 403 403 403 403 302",
    "members.show GET": "in 403 403 200 403 200",
    "members.show POST": "in 403 403 302 403 302",
    "members.remove POST": "in 403 403 302 403 302",
    "members.address POST": "in 403 403 302 403 302",
    "handover.offer GET": "in 403 403 200 403 200",
    "handover.offer POST": "in 403 403 302 403 302",
    "handover.revoke POST": "in 403 403 302 403 302",
    "handover.confirm GET": "200 200 200 200 200 200",
    "handover.confirm POST": "200 200 302 200 200 200",
    "closures.new GET": "in 403 403 200 403 200",
    "closures.new POST": "in 403 403 302 403 302",
    "closures.end POST": "in 403 403 302 403 302",
    "crew.index GET": "in 403 403 302 302 200",
    "crew.show GET": "in 403 403 200 403 200",
    "crew.days POST": "in 403 403 302 403 302",
    "crew.away POST": "in 403 403 302 403 302",
    "crew.back POST": "in 403 403 302 403 302",
    "crew.on_duty POST": "in 403 403 302 403 302",
    "crew.off_duty POST": "in 403 403 302 403 302",
    "crew.join POST": "in 403 403 302 403 302",
    "crew.move POST": "in 403 403 302 403 302",
    "daily.choose POST": "in 403 403 302 403 302",
    "routing.show GET": "in 403 403 200 403 200",
    "routing.add GET": "in 403 403 200 403 200",
    "routing.add POST": "in 403 403 302 403 302",
    "routing.change GET": "in 403 403 200 403 200",
    "routing.change POST": "in 403 403 302 403 302",
    "routing.drop POST": "in 403 403 302 403 302",
    "routing.move POST": "in 403 403 302 403 302",
    "routing.rest GET": "in 403 403 403 403 200",
    "routing.rest POST": "in 403 403 403 403 302",
    "rulebook.show GET": "in 403 403 200 403 200",
    "rulebook.change GET": "in 403 403 200 403 200",
    "rulebook.change POST": "in 403 403 302 403 302",
    "rulebook.drop POST": "in 403 403 302 403 302",
    "demo.sign_in POST": "404 404 404 404 404 404",
    "demo.letter_box GET": "200 200 200 200 200 200",
    "demo.letter GET": "200 200 200 200 200 200",
    "demo.letter_html GET": "200 200 200 200 200 200",
    "demo.letter_calendar GET": "200 200 200 200 200 200",
}
LINE = {"naam": "Soep", "zaal": "zaal", "weekdag": "1", "van": "10:00", "tot": "12:00", "openbaar": "ja"}
POSTED = {
    "house.add": LINE,
    "house.change": LINE,
    "house.days": {"niet": "2026-11-26"},
    "board_own.new": {
        "zaal": "open-huis-drongen/zaal",
        "dag": "2027-03-10",
        "van": "10:00",
        "tot": "12:00",
        "wat": "een-keer",
        "naam": "Soep",
        "openbaar": "ja",
    },
    "board_own.change": {
        "zaal": "open-huis-drongen/zaal",
        "dag": "2027-03-10",
        "van": "10:00",
        "tot": "12:00",
        "welke": "deze",
    },
    "board_own.closure": {"zaal": "zaal", "eerste-dag": "2027-03-12", "reden": "Vloer"},
    "closures.new": {"zaal": "zaal", "eerste-dag": "2027-03-10", "reden": "Vloer"},
    "crew.days": {"herinnering": "3", "vervanging": "5", "stad": "7"},
    "crew.away": {"weg-van": "2027-03-10", "weg-waarom": "Verlof"},
    "crew.on_duty": {"dienst-wie": "code-of-fatima@drongen.example", "dienst-van": "2027-03-10"},
    "crew.join": {"beurt-wie": "code-of-fatima@drongen.example"},
    "crew.move": {"wie": "code-of-fatima@drongen.example", "naar": "hoger"},
    # What stands there already, sent once more, changes nothing whichever lines one had looked at.
    # What stands there already, sent once more, changes nothing whichever version one had looked at.
    "house_text.show": {"rolstoel": "unknown"},
    "house_letters.show": {},
    "house_hours.show": {},
    # What stands there already.
    "publishing.of_request": {"naam": "Algemene vergadering"},
    "publishing.of_line": {"naam": "Soepcafé", "thema": "soepcafe"},
    "house_room.show": {},
    "members.show": {"email": "nieuw@iemand.example"},
    "members.address": {"gedeeld-adres": "samen@iemand.example"},
    "handover.offer": {"opvolger": "nieuw@iemand.example"},
    "routing.add": {"soort": "partijpolitiek", "balie": "drongen", "reden": "Campagne"},
    "routing.change": {"soort": "partijpolitiek", "balie": "drongen", "reden": "Campagne"},
    "routing.move": {"naar": "hoger"},
    "routing.rest": {"balie": "drongen"},
    "rulebook.change": {"aantal": "14", "bron": "afgesproken"},
    "occurrences.let_go": {"welke": "this"},
    "occurrences.change": {
        "welke": "this",
        "dag": "2027-01-23",
        "van": "14:00",
        "tot": "18:00",
        "zaal": "open-huis-drongen/zaal",
    },
    "desk.trust": {"vertrouwd": "ja"},
    "advice.vote": {"stem": "approve", "versie": "2"},
    "advice.settings": {"soort": "decides", "stemmen": "1", "dagen": "7", "stilte": "nothing"},
    "daily.choose": {"voor": "samen"},
    "talking.ask": {"vraag": "Met hoeveel zijn jullie?"},
    "talking.note": {"nota": "Vorige keer bleef het licht aan."},
    "talking.forward": {"naar": "malem", "toelichting": "Wij zijn dan met verlof."},
    "talking.hand": {"wie": "code-of-fatima@drongen.example"},
    "talking.reply": {"antwoord": "Met twintig."},
    "proposals.new": {
        "dag": "2027-01-17",
        "van": "14:00",
        "tot": "18:00",
        "zaal": "open-huis-drongen/zaal",
        "versie": "2",
    },
    "private_feeds.make": {"van": "groep-van-an"},
    "private_feeds.revoke": {"van": "groep-van-an"},
    "weekly.new": {"email": "nieuw@iemand.example", "wijk": "drongen"},
    "weekly.choices": {"wijk": "drongen"},
    "asking.new": dict(FORM),
    "behalf.new": {**FORM, "hoe": "phone"},
    "accounts.sign_in": {"email": "nieuw@iemand.example"},
    "accounts.code": {"code": "123456"},
    "associations.new": {"vereniging": "Yogagroep", "soort": "vereniging"},
    "associations.invite": {"email": "nieuw@iemand.example"},
    "from_mail.decide": {"besluit": "approve", "versie": "2", "reden": "Welkom."},
    "desk.decide": {"besluit": "approve", "versie": "2", "reden": "Welkom."},
    "desk.several": {"besluit": "approve", "keuze": "een-die-er-niet-is:2"},
    "demo.sign_in": {"persoon": "niemand"},
}


CREW = ("show", "days", "away", "back", "on_duty", "off_duty", "join", "move")


def values_of(endpoint, scene):
    """Return what stands in the address of a view in the town."""
    room = {"venue": scene.venue, "room": scene.room}
    house = {"venue": scene.venue}
    own = {
        "venues.show": {"venue": scene.venue},
        "poster.show": {"venue": scene.venue},
        "poster.sheet": {"venue": scene.venue},
        "screen.show": {"venue": scene.venue},
        "rooms.show": room,
        "feeds.room": room,
        "feeds.venue": {"venue": "open-huis-drongen"},
        "feeds.neighbourhood": {"neighbourhood": "drongen"},
        "private_feeds.mine": {"token": scene.own_feed},
        "private_feeds.desk": {"token": scene.desk_feed},
        "private_feeds.make_for_desk": {"desk": "drongen"},
        "private_feeds.revoke_for_desk": {"desk": "drongen"},
        "weekly.confirm": {"token": scene.weekly_asked},
        "weekly.choices": {"token": scene.weekly},
        "weekly.unsubscribe": {"token": scene.weekly},
        "feeds.theme": {"theme": "soepcafe"},
        "feeds.activity": {"code": scene.activity},
        "activities.show": {"code": scene.activity},
        "publishing.picture": {"name": "geen-foto.jpg"},
        "publishing.of_request": {"code": scene.approved},
        "publishing.take_down": {"code": scene.approved},
        "publishing.of_line": {**house, "code": scene.line},
        "publishing.take_line_down": {**house, "code": scene.line},
        "search.first": room,
        "moments.days": room,
        "moments.month": room,
        "moments.times": {**room, "day": "2027-01-14"},
        "asking.new": {"zaal": f"{scene.venue}/{scene.room}"},
        "series.plan": {"zaal": f"{scene.venue}/{scene.room}"},
        "behalf.new": {"zaal": f"{scene.venue}/{scene.room}"},
        "behalf.paper": {"zaal": f"{scene.venue}/{scene.room}"},
        "printing.show": {"code": scene.letter_on_paper},
        "printing.hand_over": {"code": scene.letter_on_paper},
        "accounts.link": {"token": scene.link},
        "samples.show": {"kind": "request_approved"},
        "samples.html": {"kind": "request_approved"},
        "post.show": {"code": scene.letter},
        "post.again": {"code": scene.letter},
        "stopping.show": {"token": "geen-handtekening-van-ons"},
        "stopping.stop": {"token": "geen-handtekening-van-ons"},
        "daily.choose": {"desk": "drongen"},
        "board.stands": {"number": 1, "day": "2027-01-16", "moment": "14.00"},
        "board_own.change": {**house, "code": scene.line, "day": "2026-11-26"},
        "board_own.leave_out": {**house, "code": scene.line, "day": "2026-11-26"},
        "board_own.closure": {**house, "number": "1"},
        "house.show": house,
        "house.add": house,
        "house.line": {**house, "code": scene.line},
        "house.change": {**house, "code": scene.line},
        "house.stop": {**house, "code": scene.line},
        "house.days": {**house, "code": scene.line},
        "house_text.show": house,
        "house_letters.show": house,
        "house_hours.show": house,
        "house_room.show": room,
        "diaries.index": house,
        **{f"diaries.{one}": room for one in ("show", "follow", "end")},
        "logbook.show": house,
        "members.show": {"desk": "drongen"},
        "members.address": {"desk": "drongen"},
        "members.remove": {"desk": "drongen", "code": "code-of-fatima@drongen.example"},
        "handover.offer": {"desk": "drongen"},
        "handover.revoke": {"desk": "drongen"},
        "handover.confirm": {"token": scene.handover},
        "closures.new": house,
        "closures.end": house,
        **{f"crew.{one}": {"desk": "drongen"} for one in CREW},
        "routing.show": house,
        "routing.add": house,
        "routing.change": {**house, "code": scene.routing_line},
        "routing.drop": {**house, "code": scene.routing_line},
        "routing.move": {**house, "code": scene.routing_line},
        "routing.rest": house,
        "rulebook.show": house,
        "rulebook.change": {**house, "rule": "vooraf"},
        "rulebook.drop": {**house, "rule": "vooraf"},
        "advice.settings": {"desk": "drongen"},
        "associations.join": {"token": scene.invitation},
        "from_mail.show": {"token": scene.decision_link},
        "from_mail.decide": {"token": scene.decision_link},
        "from_mail.undo": {"token": scene.decision_link},
        "not_needed.show": {"token": scene.reminder},
        "not_needed.let_go": {"token": scene.reminder},
        "waiting.show": {"token": scene.place},
        "waiting.accept_by_letter": {"token": scene.place},
        "waiting.leave_by_letter": {"token": scene.place},
        "waiting.accept": {"code": scene.in_line},
        "waiting.leave": {"code": scene.in_line},
        "agreeing.show": {"token": scene.proposal},
        "agreeing.agree_by_letter": {"token": scene.proposal},
        "agreeing.decline_by_letter": {"token": scene.proposal},
        "agreeing.agree": {"code": scene.proposed},
        "agreeing.decline": {"code": scene.proposed},
        "proposals.new": {"code": scene.waiting},
        "proposals.withdraw": {"code": scene.proposed},
        "demo.letter": {"code": scene.letter},
        "demo.letter_html": {"code": scene.letter},
        "demo.letter_calendar": {"code": scene.letter_with_date},
    }
    page = endpoint.partition(".")[0]
    if page == "occurrences":
        return {"code": scene.waiting, "uid": scene.date}
    of_page = {
        "requests": scene.waiting,
        "shielding": scene.waiting,
        "desk": scene.waiting,
        "talking": scene.waiting,
        "advice": scene.waiting,
        "associations": scene.association,
    }
    if endpoint in own:
        return own[endpoint]
    return {"code": of_page[page]} if page in of_page and endpoint not in NO_CODE else {}


NO_CODE = {"desk.inbox", "desk.several", "associations.new"}


def routes(app):
    """Return every `endpoint METHOD` of the site; HEAD and OPTIONS follow from GET."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return {f"{rule.endpoint} {method}" for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}


def gets(app):
    return sorted(route.split()[0] for route in routes(app) if route.endswith(" GET"))


def test_views_wear_exactly_one_guard(demo_app):
    worn = {endpoint: getattr(view, "guard", None) for endpoint, view in demo_app.view_functions.items()}
    bare = sorted(endpoint for endpoint, guard in worn.items() if guard not in GUARDS)
    assert bare == [], "These views have no guard: put @public, @signed_in or @desk_only under their route."


def test_views_wear_no_second_guard(demo_app):
    """A guard over a guard would hide the first one's mark."""
    doubles = []
    for endpoint, view in demo_app.view_functions.items():
        marks, inner = set(), view
        while inner is not None:
            marks.add(getattr(inner, "guard", None))
            inner = getattr(inner, "__wrapped__", None)
        if len(marks - {None}) > 1:
            doubles.append(endpoint)
    assert doubles == []


def test_matrix_has_a_row_for_every_route(demo_app):
    assert sorted(routes(demo_app) ^ set(MATRIX)) == [], "Every route has one row in MATRIX, and no row is left over."


@pytest.mark.parametrize("route", sorted(MATRIX))
def test_role_matrix_holds(town, route):
    endpoint, method = route.split()
    answers = []
    for role in ROLES:
        town.begin_again()
        browser = town.browser_of(role)
        form = None
        if method == "POST":
            form = POSTED.get(endpoint, {}) | {"csrf_token": browser.token()}
        path = browser.address_of(endpoint, **values_of(endpoint, town.scene))
        response = browser.asks(path, method=method, data=form)
        assert header_faults(response, town.app) == []
        location = response.headers.get("Location", "")
        is_sent_in = location.startswith("/aanmelden?verder=") and response.status_code == 302
        answers.append("in" if is_sent_in else str(response.status_code))
    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, MATRIX[route].split(), strict=True))


def contents(town):
    """Return every row of every table, as SQLite writes them out."""
    raw = town.db.engine.raw_connection()
    try:
        return list(raw.driver_connection.iterdump())
    finally:
        raw.close()


@pytest.mark.parametrize("role", ROLES)
def test_get_and_head_change_no_row(town, role):
    browser = town.browser_of(role)
    before = contents(town)
    changed = []
    for endpoint in gets(town.app):
        for method in ("GET", "HEAD"):
            browser.asks(browser.address_of(endpoint, **values_of(endpoint, town.scene)), method=method)
            if contents(town) != before:
                changed.append(f"{method} {endpoint}")
                before = contents(town)
    assert changed == [], "Only a POST may change something: move this behind a form."


# A mail program that ends reminders or a subscription knows no token of our forms (RFC 8058): the link is the key.
WITHOUT_TOKEN = {"stopping.stop", "weekly.unsubscribe"}


@pytest.mark.parametrize("token", ["", "verzonnen", None])
def test_post_without_a_right_token_is_refused_and_changes_nothing(town, token):
    before = contents(town)
    answers = {}
    for route in sorted(routes(town.app)):
        endpoint, method = route.split()
        if method != "POST" or endpoint in WITHOUT_TOKEN:
            continue
        browser = town.browser_of("asker")
        form = POSTED.get(endpoint, {}) | ({} if token is None else {"csrf_token": token})
        path = browser.address_of(endpoint, **values_of(endpoint, town.scene))
        answers[endpoint] = browser.asks(path, method="POST", data=form).status_code
    assert set(answers.values()) == {400}, answers
    assert contents(town) == before


def test_token_of_somebody_else_is_refused(town):
    form = {"csrf_token": town.browser_of("other asker").token()}
    answer = town.browser_of("asker").asks(f"/aanvragen/{town.scene.waiting}/intrekken", method="POST", data=form)
    assert answer.status_code == 400


def test_head_gives_the_headers_of_get_without_a_body(town):
    browser = town.browser_of("asker")
    differing = []
    for endpoint in gets(town.app):
        path = browser.address_of(endpoint, **values_of(endpoint, town.scene))
        head, get = browser.asks(path, method="HEAD"), browser.asks(path)
        if (head.status_code, head.mimetype, head.data) != (get.status_code, get.mimetype, b""):
            differing.append(endpoint)
    assert differing == []


@pytest.mark.parametrize("role", ROLES)
def test_fields_that_no_form_has_change_nothing(town, role):
    """Whoever sends along a status, an owner or a desk gets what everybody gets."""
    extra = {
        "status": "approved",
        "account_id": "1",
        "desk_id": "1",
        "venue_id": "1",
        "is_demo": "1",
        "contact_email": "dief@elders.example",
        "association_id": "1",
    }
    browser = town.browser_of(role)
    browser.posts("asking.new", dict(FORM) | extra, zaal=f"{town.scene.venue}/{town.scene.room}")
    row = town.db.session.execute(
        town.db.text("SELECT status, is_demo, contact_email, association_id FROM request ORDER BY id DESC LIMIT 1")
    ).one()
    email = PEOPLE[role] or FORM["email"]
    assert row == ("requested" if PEOPLE[role] else "unproved", 0, email, None)


def test_codes_in_addresses_cannot_be_guessed(town):
    scene = town.scene
    codes = [scene.waiting, scene.approved, scene.letter, scene.link, scene.invitation]
    codes += [scene.weekly_asked, scene.weekly, scene.decision_link, scene.reminder, scene.own_feed, scene.desk_feed]
    assert [code for code in codes if not re.fullmatch(r"[A-Za-z0-9_-]{22,}", code)] == []
