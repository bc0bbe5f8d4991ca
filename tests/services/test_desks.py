"""Who belongs to which desk."""

import pytest
from sqlalchemy import func, select

from tests import decisions
from tests.builders import (
    NOW,
    actor_of,
    at,
    make_account,
    make_association,
    make_city_desk,
    make_decider,
    make_desk,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.permissions import ANYONE, NotAllowed
from zalenzoeker.domain.places import Manager
from zalenzoeker.domain.requests import Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.services import desks as service
from zalenzoeker.services.desks import UnknownDesk
from zalenzoeker.storage import accounts, associations, desks, requests
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Account, Desk, DeskMember, RoutingLine
from zalenzoeker.storage.models.desks import DeskKind

pytestmark = pytest.mark.both


def members(slug: str) -> list[str]:
    db.session.close()
    return [member.email for member in desks.by_slug(slug).members]


def count(table: type) -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(table))


def test_granted_person_belongs_to_the_desk_and_need_not_have_signed_in(app):
    make_city_desk()
    assert service.grant("Sofie@Stad.example", "stad", now=NOW) == "Stadsbalie"
    assert members("stad") == ["sofie@stad.example"]
    sofie = actor_of(accounts.by_email("sofie@stad.example"))
    assert (sofie.is_city, sofie.is_desk_member) == (True, True)


def test_person_who_is_granted_twice_belongs_once(app):
    make_desk("drongen", members=[make_account("marcel@drongen.example")])
    for _ in range(2):
        service.grant("marcel@drongen.example", "drongen", now=NOW)
    assert (members("drongen"), count(Account), count(DeskMember)) == (["marcel@drongen.example"], 1, 1)


@pytest.mark.parametrize(
    "manager,kind,name",
    [
        (Manager.COMMUNITY_WORKER, DeskKind.COMMUNITY_WORKERS, "Team buurtwerk Ons {huis}"),
        (Manager.VOLUNTEER_GROUP, DeskKind.VOLUNTEER_GROUP, "Vrijwilligersgroep Ons {huis}"),
        (Manager.RECEPTION, DeskKind.RECEPTION, "Onthaal Ons {huis}"),
        (Manager.NON_PROFIT, DeskKind.NON_PROFIT, "Beheer Ons {huis}"),
        (Manager.UNKNOWN, DeskKind.RECEPTION, "Onthaal Ons {huis}"),
    ],
)
def test_place_without_a_desk_gets_one_of_its_kind(app, manager, kind, name):
    make_venue("ons-huis", managed_by=manager, name="Ons {huis}")
    assert service.grant("marcel@huis.example", "ons-huis", now=NOW) == name
    desk = desks.by_slug("ons-huis")
    line = db.session.scalar(select(RoutingLine))
    assert (desk.kind, desk.is_demo, line.desk_id, line.reason) == (kind, False, desk.id, kind.value)


def test_desk_that_was_granted_decides_for_its_place_from_then_on(app):
    room = make_room(venue=make_venue("ons-huis"))
    service.grant("marcel@huis.example", "ons-huis", now=NOW)
    service.grant("rita@huis.example", "ons-huis", now=NOW)
    request = make_request(room=room)
    decisions.approve(
        request.code, by=actor_of(accounts.by_email("rita@huis.example")), now=NOW, version=request.version
    )
    db.session.close()
    found = requests.by_code(request.code)
    assert (found.status, found.desk.slug, members("ons-huis"), count(Desk), count(RoutingLine)) == (
        Status.APPROVED,
        "ons-huis",
        ["marcel@huis.example", "rita@huis.example"],
        2,
        1,
    )


def test_unknown_desk_is_told_and_makes_no_account(app):
    with pytest.raises(UnknownDesk, match="nergens"):
        service.grant("iemand@post.example", "nergens", now=NOW)
    assert (count(Account), count(Desk)) == (0, 0)


def test_house_trusts_a_group_once_and_no_longer(app):
    room = make_room()
    marcel = make_decider(room)
    club = make_association(members=[make_account("els@brei.example")])
    for _ in range(2):
        service.trust(room.venue_id, club.id, by=marcel, now=NOW)
    assert associations.trusting(club.id, {room.venue_id}) == {room.venue_id}
    for _ in range(2):
        service.untrust(room.venue_id, club.id, by=marcel, now=NOW)
    assert associations.trusting(club.id, {room.venue_id}) == set()


def test_house_trusts_only_whom_its_own_desk_names(app):
    room, elsewhere = make_room(), make_room()
    rita = make_decider(elsewhere, "rita@elders.example")
    make_decider(room)
    own = make_account("sofie@stad.example")
    make_city_desk([own])
    club, of_sofie = make_association(), make_association("Turnkring", members=[own])
    sofie = actor_of(own)
    for by, association in ((rita, club), (ANYONE, club), (sofie, of_sofie)):
        with pytest.raises(NotAllowed):
            service.trust(room.venue_id, association.id, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            service.untrust(room.venue_id, association.id, by=by, now=NOW)
    service.trust(room.venue_id, club.id, by=sofie, now=NOW)
    assert associations.trusting(club.id, {room.venue_id}) == {room.venue_id}


def test_request_of_a_trusted_group_is_confirmed_where_the_rules_say_so(app):
    room = make_room(rules={RuleName.INSTANT: {"trusted": True}})
    els = make_account("els@brei.example")
    club = make_association(members=[els])
    told = {"association_id": club.id, "association_name": club.name, "requester_kind": club.kind}
    before = make_request(room=room, by=actor_of(els), **told)
    service.trust(room.venue_id, club.id, by=make_decider(room), now=NOW)
    after = make_request(room=room, by=actor_of(els), slot=at("18:00", "20:00"), **told)
    assert (before.status, after.status) == (Status.REQUESTED, Status.APPROVED)
