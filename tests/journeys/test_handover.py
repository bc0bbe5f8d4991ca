"""The hand-over: the old committee stops, the next one says yes by mail and decides what was waiting."""

from tests.browser import dutch
from zalenzoeker.domain.requests import Status
from zalenzoeker.storage import requests
from zalenzoeker.storage.db import db

HOUSE = "open-huis-drongen"
LIES = "lies@nieuweploeg.example"


def test_next_committee_takes_over_and_decides_what_was_waiting(drongen, an, marcel, mia, somebody):
    """Marcel and Mia stop after five years. Lies says yes by mail, adds Bert, and answers the brass band."""
    an.asks_for_the_hall()
    code = an.page.path.rpartition("/")[2]
    # What is told of letters changes once they have left.
    marcel.post.subjects("marcel@drongen.example")
    before = an.opens("requests.show", code=code).main

    page = marcel.opens("house.show", venue=HOUSE).goes_to("crew.show", desk="drongen")
    page = page.goes_to("members.show", desk="drongen")
    form = page.goes_to("handover.offer", desk="drongen").form("handover.offer", desk="drongen")
    form.fills_in(opvolger=LIES).sends()
    assert marcel.post.subjects("mia@drongen.example")[-1] == dutch(
        "%(desk)s will be handed over", desk="Open Huis Drongen"
    )
    mia.opens("desk.show", code=code)

    lies = somebody(LIES)
    page = lies.follows_the_letter("/overdracht/")
    page = page.goes_to("accounts.sign_in", verder=page.path).form("accounts.sign_in").fills_in(email=LIES).sends()
    lies.fills_in_the_code()
    assert lies.page.heading == dutch("Take over %(desk)s", desk="Open Huis Drongen")
    page = lies.page.form("handover.confirm").sends()
    assert page.path == "/balie"

    for former in (marcel, mia):
        former.opens("desk.inbox", status=403)
        former.opens("desk.show", code=code, status=403)
        former.opens("house.show", venue=HOUSE, status=403)
    for address in ("marcel@drongen.example", "mia@drongen.example"):
        assert marcel.post.subjects(address)[-1] == dutch("%(desk)s was handed over", desk="Open Huis Drongen")
    assert an.opens("requests.show", code=code).main == before

    form = lies.opens("members.show", desk="drongen").form("members.show", desk="drongen")
    form.fills_in(email="bert@nieuweploeg.example").sends()
    lies.opens("desk.show", code=code)
    lies.decides("approve")
    db.session.close()
    assert requests.by_code(code).status is Status.APPROVED
    assert dutch("The desk was handed over") in lies.opens("logbook.show", venue=HOUSE).main
