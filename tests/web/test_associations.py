"""Associations: name one, invite others, join, leave."""

from datetime import timedelta

import pytest

from tests.browser import Browser, dutch
from tests.builders import actor_of, make_account, make_association, make_request
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.storage import associations, letters, requests

NO_NAME = "Fill in the name of your group"
NO_KIND = "Choose what kind of group it is"
NO_NUMBER = "That is no enterprise number. It has ten digits, for instance 0123.456.749"


@pytest.fixture
def an(app):
    return make_account("an@harmonie.example", "An Peeters")


@pytest.fixture
def club(an):
    return make_association("Harmonie De Eendracht", members=[an])


def invites(app, account, club, email="els@yoga.example"):
    """Invite somebody and return the token in the letter."""
    page = Browser(app, account).opens("associations.show", code=club.code)
    page.form("associations.invite", code=club.code).fills_in(email=email).sends()
    return letters.newest()[0].facts["token"]


def members(club):
    return [one.account.email for one in associations.by_code(club.code).memberships]


def test_association_is_named_once_and_its_namer_is_a_member(app, an):
    browser = Browser(app, an)
    page = browser.opens("accounts.mine").goes_to("associations.new")
    page = (
        page.form().fills_in(vereniging="Yogagroep Leie", soort="vereniging", ondernemingsnummer="0123456749").sends()
    )
    assert page.heading == "Yogagroep Leie"
    assert "0123.456.749" in page.text
    assert f"An Peeters ({dutch('you')})" in page.text
    assert page.found(css="messages") == [dutch("Your group stands here now. You can ask for rooms in its name.")]


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({"vereniging": ""}, {"vereniging": NO_NAME}),
        ({"soort": ""}, {"soort": NO_KIND}),
        ({"ondernemingsnummer": "12"}, {"ondernemingsnummer": NO_NUMBER}),
        ({"ondernemingsnummer": "0000.000.000"}, {"ondernemingsnummer": NO_NUMBER}),
        ({"vereniging": "", "soort": ""}, {"vereniging": NO_NAME, "soort": NO_KIND}),
    ],
)
def test_association_with_something_wrong_says_it_beside_its_field(app, an, changes, wrong):
    form = Browser(app, an).opens("associations.new").form().fills_in(vereniging="Yoga", soort="vereniging")
    page = form.forges(**changes).sends(status=422)
    assert page.errors == {name: dutch(words) for name, words in wrong.items()}
    assert actor_of(an).association_ids == frozenset()


@pytest.mark.parametrize("soort", ["particulier", "kasteel", "stad"])
def test_association_of_another_kind_is_refused(app, an, soort):
    form = Browser(app, an).opens("associations.new").form().fills_in(vereniging="Yoga")
    assert set(form.forges(soort=soort).sends(status=422).errors) == {"soort"}


def test_association_of_others_is_not_there(app, club):
    stranger = Browser(app, make_account("els@yoga.example"))
    stranger.opens("associations.show", code=club.code, status=404)
    stranger.posts("associations.invite", {"email": "x@x.example"}, code=club.code, status=404)
    stranger.posts("associations.leave", code=club.code, status=403)
    assert members(club) == ["an@harmonie.example"]


def test_invitation_leads_through_signing_in_to_membership(app, an, club):
    token = invites(app, an, club)
    els = Browser(app)
    page = els.opens("associations.join", token=token)
    assert page.heading == dutch("Invitation from %(group)s", group=club.name)
    page = (
        page.goes_to("accounts.sign_in", verder=f"/uitnodigingen/{token}")
        .form("accounts.sign_in")
        .fills_in(email="els@yoga.example")
        .sends()
    )
    page = page.form("accounts.code").fills_in(code=letters.newest()[0].facts["code"]).sends()
    assert els.trail == [f"/uitnodigingen/{token}"]
    page = page.form("associations.join", token=token).sends()
    assert els.trail == [f"/mijn/verenigingen/{club.code}"]
    assert page.found(css="messages") == [dutch("You are a member now.")]
    assert members(club) == ["an@harmonie.example", "els@yoga.example"]


def test_invitation_is_only_opened_not_accepted_by_being_looked_at(app, an, club):
    token = invites(app, an, club)
    els = Browser(app, make_account("els@yoga.example"))
    for _ in range(3):
        els.opens("associations.join", token=token)
    assert members(club) == ["an@harmonie.example"]


def test_invitation_for_another_address_says_so_and_lets_nobody_in(app, an, club):
    token = invites(app, an, club)
    thief = Browser(app, make_account("dief@elders.example"))
    page = thief.opens("associations.join", token=token)
    assert not page.has_form("associations.join")
    assert "dief@elders.example" in page.text
    assert "els@yoga.example" not in page.text
    thief.posts("associations.join", token=token)
    assert members(club) == ["an@harmonie.example"]


def test_invitation_works_once(app, an, club):
    token = invites(app, an, club)
    els = make_account("els@yoga.example")
    Browser(app, els).opens("associations.join", token=token).form("associations.join", token=token).sends()
    page = Browser(app, els).opens("associations.join", token=token, status=404)
    assert page.heading == dutch("This invitation no longer works")


def test_invitation_works_two_weeks(app, an, club, clock):
    token = invites(app, an, club)
    clock.passes(timedelta(days=14))
    Browser(app).opens("associations.join", token=token, status=404)


def test_invitation_sent_again_ends_the_older_one(app, an, club):
    old = invites(app, an, club)
    new = invites(app, an, club)
    Browser(app).opens("associations.join", token=old, status=404)
    Browser(app).opens("associations.join", token=new)
    page = Browser(app, an).opens("associations.show", code=club.code)
    assert page.text.count("els@yoga.example") == 1


@pytest.mark.parametrize("token", ["verzonnen", "x" * 3000, "%27--"])
def test_invitation_that_was_made_up_is_not_there(app, token):
    Browser(app).visits(f"/uitnodigingen/{token}", status=404)


@pytest.mark.parametrize("email", ["an@harmonie.example", "AN@harmonie.example"])
def test_invitation_of_a_member_is_an_error_beside_its_field(app, an, club, email):
    form = Browser(app, an).opens("associations.show", code=club.code).form("associations.invite", code=club.code)
    page = form.fills_in(email=email).sends(status=422)
    assert page.errors == {"email": dutch("This address belongs to a member already.")}
    assert letters.newest() == []


@pytest.mark.parametrize("email", ["", "geen adres", "a" * 400 + "@x.example"])
def test_invitation_to_no_address_is_an_error_beside_its_field(app, an, club, email):
    form = Browser(app, an).opens("associations.show", code=club.code).form("associations.invite", code=club.code)
    assert set(form.forges(email=email).sends(status=422).errors) == {"email"}


def test_invitations_of_one_person_are_limited(app, an, club):
    browser = Browser(app, an)
    page = browser.opens("associations.show", code=club.code)
    for number in range(20):
        page = page.form("associations.invite", code=club.code).fills_in(email=f"iemand{number}@x.example").sends()
    page = page.form("associations.invite", code=club.code).fills_in(email="te-veel@x.example").sends(status=429)
    assert page.response.headers["Retry-After"] == "3600"


def test_member_who_leaves_takes_nothing_along(app, drongen, an, club):
    els = make_account("els@harmonie.example", "Els")
    both = make_association("Koor", members=[an, els])
    request = make_request(
        Status.APPROVED, room=drongen, by=actor_of(an), association_id=both.id, association_name=both.name,
        requester_kind=RequesterKind.NON_PROFIT,
    )  # fmt: skip
    browser = Browser(app, an)
    page = browser.opens("associations.show", code=both.code).form("associations.leave", code=both.code).sends()
    assert browser.trail == ["/mijn"]
    assert page.found(css="messages") == [dutch("You left the group. Its requests and bookings stay.")]
    assert members(both) == ["els@harmonie.example"]
    assert requests.by_code(request.code).status is Status.APPROVED
    assert Browser(app, els).opens("requests.show", code=request.code).has_form("requests.withdraw")
    assert members(club) == ["an@harmonie.example"]


def test_last_member_is_told_what_leaving_means(app, an, club):
    page = Browser(app, an).opens("associations.show", code=club.code)
    assert dutch("You are the last member: after you nobody can withdraw its requests.") in page.text


def test_page_asks_the_database_as_often_for_three_members_as_for_one(app, an, club, queries_of):
    browser = Browser(app, an)

    def look():
        browser.opens("associations.show", code=club.code)

    one = queries_of(look)
    for number in (1, 2):
        token = invites(app, an, club, f"lid{number}@x.example")
        other = make_account(f"lid{number}@x.example")
        Browser(app, other).opens("associations.join", token=token).form("associations.join", token=token).sends()
    assert len(queries_of(look)) == len(one)
