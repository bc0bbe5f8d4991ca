"""Associations: named once, joined by invitation, left without taking anything along."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders import AT_HOME, NOW, PASSER_BY, actor_of, make_account, make_an, make_request, make_room
from tests.race import together
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import TooMany
from zalenzoeker.domain.permissions import NotAllowed, may_see_parties, may_withdraw
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.services import accounts as signing_in
from zalenzoeker.services import associations
from zalenzoeker.services.associations import AlreadyMember, NoInvitation, NotInvited
from zalenzoeker.storage import accounts, letters, requests
from zalenzoeker.storage import associations as storage
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Association, Invitation, Letter, Membership

pytestmark = pytest.mark.both

DAY = timedelta(days=1)
BERT = "bert@harmonie.example"


@pytest.fixture
def an(app):
    return make_an()


@pytest.fixture
def harmonie(an) -> str:
    """The code of An's association."""
    return storage.of_person(an.association_ids)[0].code


def invite(code: str, email: str = BERT, *, by, now=NOW) -> str:
    """Invite, and read the token in the letter."""
    associations.invite(code, email, by=by, now=now, visitor=AT_HOME)
    db.session.close()
    return letters.newest(1)[0].facts["token"]


def members(code: str) -> list[str]:
    db.session.close()
    return sorted(member.account.email for member in storage.by_code(code).memberships)


def count(table: type) -> int:
    db.session.close()
    return db.session.scalar(select(func.count()).select_from(table))


def again(email: str):
    db.session.close()
    return actor_of(accounts.by_email(email))


def test_new_association_has_its_one_member(app):
    by = actor_of(make_account("godelieve@post.example"))
    code = associations.create("Buurtcomité", RequesterKind.RESIDENTS, enterprise_number="", by=by, now=NOW)
    found = storage.by_code(code)
    assert (found.name, found.kind, found.created_at, len(found.code)) == (
        "Buurtcomité",
        RequesterKind.RESIDENTS,
        NOW,
        22,
    )
    assert members(code) == ["godelieve@post.example"]
    assert again("godelieve@post.example").association_ids == {found.id}


def test_association_needs_somebody_who_signed_in(app):
    with pytest.raises(NotAllowed):
        associations.create("Niemand", RequesterKind.NON_PROFIT, enterprise_number="", by=PASSER_BY, now=NOW)
    assert count(Association) == 0


def test_two_associations_may_have_the_same_name(app, an):
    other = actor_of(make_account("x@post.example"))
    kind = RequesterKind.NON_PROFIT
    associations.create("Harmonie De Eendracht", kind, enterprise_number="", by=other, now=NOW)
    assert count(Association) == 2


def test_invitation_is_mailed_and_joins_the_one_it_names(an, harmonie):
    token = invite(harmonie, "Bert@Harmonie.example", by=an)
    letter = letters.newest(1)[0]
    assert (letter.kind, letter.recipient, letter.facts["association"], letter.facts["invited_by"]) == (
        LetterKind.INVITATION,
        BERT,
        "Harmonie De Eendracht",
        "An Peeters",
    )
    bert = actor_of(make_account(BERT))
    assert associations.join(token, by=bert, now=NOW + 13 * DAY) == harmonie
    assert members(harmonie) == ["an@harmonie.example", BERT]
    db.session.close()
    assert storage.invitations(min(again(BERT).association_ids)) == []


def test_token_of_an_invitation_is_kept_as_a_hash_only(an, harmonie):
    token = invite(harmonie, by=an)
    assert db.session.scalar(select(Invitation.token_hash)) == signing_in.hash_of(token)


def test_invitation_works_once(an, harmonie):
    token, bert = invite(harmonie, by=an), actor_of(make_account(BERT))
    associations.join(token, by=bert, now=NOW)
    associations.leave(harmonie, by=again(BERT))
    with pytest.raises(NoInvitation):
        associations.join(token, by=bert, now=NOW)
    assert members(harmonie) == ["an@harmonie.example"]


def test_invitation_lasts_two_weeks(an, harmonie):
    token, bert = invite(harmonie, by=an), actor_of(make_account(BERT))
    with pytest.raises(NoInvitation):
        associations.join(token, by=bert, now=NOW + 14 * DAY)
    assert associations.open_invitation(token, NOW + 14 * DAY - timedelta(seconds=1)).email == BERT


def test_invitation_is_for_one_address(an, harmonie):
    token = invite(harmonie, by=an)
    with pytest.raises(NotInvited):
        associations.join(token, by=actor_of(make_account("dief@post.example")), now=NOW)
    with pytest.raises(NotAllowed):
        associations.join(token, by=PASSER_BY, now=NOW)
    with pytest.raises(NoInvitation):
        associations.join("nothing", by=an, now=NOW)
    assert members(harmonie) == ["an@harmonie.example"]


def test_second_invitation_ends_the_first(an, harmonie):
    first, second = invite(harmonie, by=an), invite(harmonie, by=an, now=NOW + DAY)
    bert = actor_of(make_account(BERT))
    with pytest.raises(NoInvitation):
        associations.join(first, by=bert, now=NOW + DAY)
    assert associations.join(second, by=bert, now=NOW + DAY) == harmonie
    assert (count(Invitation), count(Letter)) == (1, 2)


def test_member_is_not_invited_again(an, harmonie):
    with pytest.raises(AlreadyMember):
        invite(harmonie, "AN@harmonie.example", by=an)
    assert (count(Invitation), count(Letter)) == (0, 0)


@pytest.mark.parametrize("code", ["mine", "nothing"])
def test_only_members_invite_and_leave(an, harmonie, code):
    stranger = actor_of(make_account("x@post.example"))
    wanted = harmonie if code == "mine" else code
    for by in (stranger, PASSER_BY):
        with pytest.raises(NotAllowed):
            associations.invite(wanted, BERT, by=by, now=NOW, visitor=AT_HOME)
        with pytest.raises(NotAllowed):
            associations.leave(wanted, by=by)
    assert (members(harmonie), count(Letter)) == (["an@harmonie.example"], 0)


def test_invitations_are_limited(an, harmonie):
    for number in range(20):
        invite(harmonie, f"iemand{number}@post.example", by=an)
    with pytest.raises(TooMany):
        invite(harmonie, by=an)
    assert count(Invitation) == 20


def test_invitation_accepted_twice_at_once_makes_one_member(app, an, harmonie):
    token, bert = invite(harmonie, by=an), actor_of(make_account(BERT))
    outcomes = together(app, *[lambda: associations.join(token, by=bert, now=NOW)] * 3)
    assert harmonie in outcomes
    assert [one for one in outcomes if one != harmonie and not isinstance(one, NoInvitation)] == []
    assert count(Membership) == 2


def test_member_leaves_and_the_association_and_its_bookings_stay(an, harmonie):
    bert = actor_of(make_account(BERT))
    associations.join(invite(harmonie, by=an), by=bert, now=NOW)
    room, (association_id,) = make_room(), an.association_ids
    request = make_request(
        Status.APPROVED,
        room=room,
        by=an,
        requester_kind=RequesterKind.NON_PROFIT,
        association_id=association_id,
        association_name="Harmonie De Eendracht",
    )
    associations.leave(harmonie, by=an)
    db.session.close()
    found = requests.by_code(request.code)
    assert (found.status, found.association_id, found.asker) == (
        Status.APPROVED,
        association_id,
        "Harmonie De Eendracht",
    )
    assert members(harmonie) == [BERT]
    assert may_withdraw(again(BERT), found.parties) is True
    assert again("an@harmonie.example").association_ids == frozenset()


def test_association_whose_last_member_left_stays(an, harmonie):
    associations.leave(harmonie, by=an)
    assert (members(harmonie), count(Association)) == ([], 1)


def test_member_who_left_no_longer_sees_what_others_ask(an, harmonie):
    bert = actor_of(make_account(BERT))
    associations.join(invite(harmonie, by=an), by=bert, now=NOW)
    (association_id,) = an.association_ids
    group = {"requester_kind": RequesterKind.NON_PROFIT, "association_id": association_id}
    request = make_request(room=make_room(), by=an, association_name="Harmonie", **group)
    assert may_see_parties(again(BERT), request.parties) is True
    associations.leave(harmonie, by=again(BERT))
    assert may_see_parties(again(BERT), request.parties) is False
