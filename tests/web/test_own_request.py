"""Nobody decides on their own request, by any path: whoever may post anything tries everything, in any order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.builders import NOW, keep
from tests.house.test_guards import POSTED, routes, values_of
from tests.put_back import begin_again, filled_once
from tests.scene import PEOPLE
from tests.torture.stage import FULL, size
from zalenzoeker.domain.requests import Action
from zalenzoeker.storage import accounts, desks, requests
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Decision, DeskMember, Event, Membership, Request
from zalenzoeker.storage.models.desks import CITY_DESK

pytestmark = pytest.mark.torture

SEQUENCES = 400
MOST_STEPS = 8
# Who leaves the group is no longer of it: what they do after that is told in the closing notes of the project.
LEAVES = {"associations.leave", "accounts.sign_out"}
OF_A_DESK = (
    Action.DECIDE,
    Action.APPROVE,
    Action.REFUSE,
    Action.CANCEL,
    Action.UNDO,
    Action.ASK,
    Action.NOTE,
    Action.FORWARD,
    Action.HAND,
    Action.VOTE,
    Action.ADVISE,
    Action.PROPOSE,
    Action.PROPOSAL_END,
)
ANSWERS = ("approve", "refuse", "cancel", "each", "yes", "no", "ja", "nee")
# Where the answer is a word of the form; elsewhere it makes no difference.
DECIDING = {"desk.decide", "desk.several"}
numbers = st.integers(0, 999)


OWN_WAYS = ("asker at the desk", "volunteer in the group", "city in the group", "who typed it in", "same address")


@pytest.fixture(params=OWN_WAYS)
def own(town, request):
    """Somebody who decides as a rule, and whose own request waits; what is known of them, and a way to begin again."""
    key = "own request", request.param
    account, known = filled_once(town.file, key, lambda: somebody(town, request.param))
    return account, known, lambda: begin_again(town.file, key)


def somebody(town, way):
    club = requests.by_code(town.scene.waiting).association_id
    here = desks.by_slug("drongen").id
    if way == "asker at the desk":
        account = accounts.by_email(PEOPLE["asker"])
        for desk_id in (here, desks.by_slug(CITY_DESK).id):
            keep(DeskMember(desk_id=desk_id, account_id=account.id, since=NOW))
    elif way in ("who typed it in", "same address"):
        account = accounts.by_email(PEOPLE["volunteer here"])
        is_typed = way == "who typed it in"
        own_by = {"entered_by_id": account.id} if is_typed else {"contact_email": account.email}
        with write_unit() as session:
            session.execute(update(Request).values(**own_by))
    else:
        account = accounts.by_email(PEOPLE["volunteer here" if way.startswith("vol") else "city"])
        keep(Membership(association_id=club, account_id=account.id, since=NOW))
    return account, len(decided_by(account))


def decided_by(account):
    """What this person did as a desk about requests of their own group, and decisions that wait in their name."""
    db.session.close()
    mine = db.select(Event.action).where(Event.account_id == account.id, Event.action.in_(OF_A_DESK))
    deeds = db.session.scalars(mine.order_by(Event.id)).all()
    waiting = db.session.scalars(db.select(Decision.id).where(Decision.account_id == account.id)).all()
    return [*deeds, *waiting]


def post(town, browser, endpoint, answer):
    code = town.scene.waiting if answer % 2 else town.scene.approved
    version = requests.by_code(code).version
    db.session.close()
    form = {
        "keuze": f"{code}:{version}",
        **POSTED.get(endpoint, {}),
        "besluit": ANSWERS[answer % len(ANSWERS)],
        "versie": str(version),
        "reden": "Daarom.",
        "csrf_token": browser.token(),
    }
    if endpoint == "desk.several":
        form["keuze"] = f"{code}:{version}"
    values = values_of(endpoint, town.scene)
    if "code" in values and values["code"] in (town.scene.waiting, town.scene.approved):
        values = {**values, "code": code}
    return browser.asks(browser.address_of(endpoint, **values), method="POST", data=form)


def test_no_path_lets_anybody_decide_on_their_own_request(town, own):
    account, known, starts_again = own
    paths = sorted(one.split()[0] for one in routes(town.app) if one.endswith(" POST"))
    paths = [path for path in paths if path not in LEAVES]

    @settings(max_examples=size(SEQUENCES), suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from(paths), numbers), min_size=1, max_size=MOST_STEPS))
    def any_sequence(steps):
        starts_again()
        browser = town.browser_of_account(account)
        for endpoint, answer in steps:
            assert post(town, browser, endpoint, answer).status_code < 500
        assert decided_by(account)[known:] == []

    any_sequence()


@pytest.mark.torture
def test_every_path_by_itself_refuses_it(town, own, request):
    account, known, starts_again = own
    found, paths = {}, sorted(one.split()[0] for one in routes(town.app) if one.endswith(" POST"))
    # In the gate each of these people tries a third, together they try all.
    first = OWN_WAYS.index(request.node.callspec.params["own"]) % 3
    for endpoint in paths if FULL else paths[first::3]:
        for answer in range(2 * len(ANSWERS) if endpoint in DECIDING else 2):
            starts_again()
            post(town, town.browser_of_account(account), endpoint, answer)
            if deeds := decided_by(account)[known:]:
                found[endpoint, answer] = deeds
    assert found == {}


def test_the_same_forms_decide_for_somebody_else(town):
    """What is tried above would have done something: by the volunteer whose request it is not, it does."""
    account = accounts.by_email(PEOPLE["volunteer here"])
    did, known = set(), len(decided_by(account))
    for endpoint in ("desk.decide", "desk.several", "talking.ask", "talking.note", "talking.forward", "talking.hand"):
        town.begin_again()
        for answer in (1, 9):
            post(town, town.browser_of_account(account), endpoint, answer)
        if len(decided_by(account)) > known:
            did.add(endpoint)
    assert did == {"desk.decide", "desk.several", "talking.ask", "talking.note", "talking.forward", "talking.hand"}
