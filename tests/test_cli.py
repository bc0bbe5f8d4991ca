"""The commands: what they say and do, and that what cannot be done is said with its cure."""

from threading import Event

import pytest
from sqlalchemy import delete, text, update

from tests.builders import at, make_account, make_city_desk, make_desk, make_request, make_room, make_venue
from zalenzoeker import clock, rounds
from zalenzoeker.domain.requests import Status
from zalenzoeker.services import deadlines
from zalenzoeker.storage import accounts, desks, letters, rooms, self_check
from zalenzoeker.storage import special_days as storage_of_days
from zalenzoeker.storage.db import db, write_unit
from zalenzoeker.storage.models import Occupancy, Occurrence
from zalenzoeker.storage.models.letters import LetterState


def says(app, *words: str, status: int = 0) -> str:
    """Run a command and return what it prints."""
    result = app.test_cli_runner().invoke(args=list(words))
    db.session.close()
    assert result.exit_code == status, result.output
    return result.output


def test_register_that_is_shipped_is_taken_over_once(app):
    assert " 261 new" in says(app, "import-venues")
    assert len(rooms.all_neighbourhoods()) == 25
    assert " 261 the same" in says(app, "import-venues")


def test_dry_run_takes_nothing_over(app):
    assert "261 would be new" in says(app, "import-venues", "--dry-run")
    assert rooms.all_neighbourhoods() == []


def test_bad_folder_is_named_and_nothing_is_kept(app, tmp_path):
    said = says(app, "import-venues", str(tmp_path), status=1)
    assert said.startswith("Error: nothing was taken over.\n")
    assert "gent_venues.csv: is missing" in said.replace(", line 0", "")
    assert rooms.all_neighbourhoods() == []


def test_special_days_that_are_shipped_are_taken_over_once(app):
    assert "60 would be new" in says(app, "import-special-days", "--dry-run")
    assert storage_of_days.known().days == ()
    assert "60 new" in says(app, "import-special-days")
    assert "60 the same" in says(app, "import-special-days")


def test_wrong_special_day_is_named_and_nothing_is_kept(app, tmp_path):
    file = tmp_path / "dagen.csv"
    file.write_text("kind,name,first_day,last_day,rule,source\nsluitingsdag,X,2027-05-07,gisteren,,Stad\n")
    assert says(app, "import-special-days", str(file), status=1) == (
        "Error: nothing was taken over.\ndagen.csv, line 2, last_day: 'gisteren' is not a day such as 2027-01-16\n"
    )
    assert storage_of_days.known().days == ()


def test_round_of_the_clock_looks_up_legal_holidays(app):
    says(app, "tick")
    assert len(storage_of_days.known().days) == 50


def test_times_are_derived_anew_and_what_overlaps_is_told(app):
    room = make_room(venue=make_venue(name="Het Huis"), name="Zaal")
    one = make_request(Status.APPROVED, room=room, slot=at("14:00", "16:00"))
    other = make_request(Status.APPROVED, room=room, slot=at("17:00", "19:00"))
    with write_unit() as session:
        session.execute(
            update(Occurrence).where(Occurrence.request_id == one.id).values(starts=at("17:30", "18:30").starts)
        )
        session.execute(
            update(Occurrence).where(Occurrence.request_id == one.id).values(ends=at("17:30", "18:30").ends)
        )
    said = says(app, "recompute-times", "--dry-run")
    assert "   2 dates looked at\n   0 would be moved\n   1 would be kept at their former moment\n" in said
    said = says(app, "recompute-times")
    assert said.splitlines()[-2:] == [
        f"     {one.reference}, 2027-01-16 17:30 to 2027-01-16 18:30, Zaal, Het Huis; in the way: {other.reference}",
        "Let their desks know: one of the two has to move.",
    ]


def test_times_that_are_right_stay(app):
    make_request(Status.APPROVED)
    assert "   1 dates looked at\n   0 moved\n   0 kept at their former moment\n" in says(app, "recompute-times")


def test_first_member_of_the_city_desk_is_granted(app):
    make_city_desk()
    assert (
        says(app, "grant", "Sofie@Stad.example", "--desk", "stad") == "Sofie@Stad.example is a member of Stadsbalie.\n"
    )
    assert [member.email for member in desks.by_slug("stad").members] == ["sofie@stad.example"]


def test_desk_that_nobody_knows_is_said(app):
    assert says(app, "grant", "x@y.example", "--desk", "nergens", status=1) == (
        "Error: there is no desk and no place called nergens.\n"
    )


def test_link_signs_in_once(app):
    address = says(app, "sign-in-link", "an@harmonie.example").strip()
    path = address.removeprefix(app.config["PUBLIC_URL"])
    assert path.startswith("/aanmelden/link/")
    assert accounts.by_email("an@harmonie.example") is not None


def test_letters_wait_while_there_is_no_mail_server(app):
    room = make_room()
    make_desk(venue=room.venue, email="balie@huis.example")
    make_request(room=room)
    assert says(app, "send-mail") == "0 letters sent.\n"
    assert letters.count(LetterState.WAITING) == 2


@pytest.mark.parametrize("is_alive", [True, False])
def test_doctor_names_what_is_wrong(app, is_alive):
    make_city_desk([make_account("sofie@stad.example")])
    make_desk("leeg", venue=make_venue(), name="Vrijwilligersgroep Leeg")
    if is_alive:
        deadlines.beat(clock.now())
    said = says(app, "doctor", status=1)
    assert "Vrijwilligersgroep Leeg has no member and no address" in said
    assert "no mail leaves the house: set MAIL_SERVER" in said
    assert ("the worker was not seen for a minute" in said) is not is_alive


def test_doctor_tells_of_a_date_that_lost_its_room(app):
    make_request(Status.APPROVED)
    with write_unit() as session:
        session.execute(delete(Occupancy))
    assert "1 dates without exactly their room's spaces" in says(app, "doctor", status=1)


def test_doctor_keeps_what_it_found_for_the_page_of_the_sites_health(app):
    deadlines.beat(clock.now())
    make_request(Status.APPROVED)
    with write_unit() as session:
        session.execute(delete(Occupancy))
    found = []
    for heal in ("SELECT 1", "DELETE FROM occurrence"):
        with write_unit() as session:
            session.execute(text(heal))
        says(app, "doctor", status=1)
        found.append(app.test_client().get("/healthz").json["problems"])
    assert found == [["1 dates without exactly their room's spaces"], []]


def test_demonstration_needs_its_setting(app):
    assert "set DEMO=1 first" in says(app, "demo", status=1)
    assert says(app, "demo", "--purge") == "The demonstration set is gone.\n"


def test_worker_looks_at_everything_when_it_starts(app):
    stopping = Event()
    stopping.set()
    make_request(Status.APPROVED)
    with write_unit() as session:
        session.execute(delete(Occupancy))
    rounds.work(app, stopping)
    found = self_check.last()
    assert found is not None
    assert found.faults == ["1 dates without exactly their room's spaces"]
