"""Letters on paper: what each says is kept as it is printed (UPDATE_SNAPSHOTS=1 rewrites), and none opens a door."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests import letterbox
from tests.browser import FORBIDDEN, english, squeeze
from zalenzoeker.domain.letters import SECRETS, LetterKind
from zalenzoeker.gateways import mailer

pytestmark = pytest.mark.xdist_group("letters")
SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "paper"
NAMES = [
    "place_offered",
    "question_asked",
    "request_approved",
    "request_received",
    "request_refused",
    "waiting_joined",
]


@pytest.fixture
def parcels(app):
    return letterbox.write()


def printed(parcel):
    subject, text = mailer.on_paper(parcel, public_url="https://zalen.example")
    return f"{subject}\n{'=' * len(subject)}\n{text}\n"


@pytest.mark.parametrize("name", NAMES)
def test_letter_is_printed_as_it_was_kept(parcels, name):
    parcel = parcels[f"{name}-asker-paper"]
    assert (parcel.recipient, parcel.facts["is_printed"]) == ("", True)
    said, file = printed(parcel), SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(said, encoding="utf-8")
    assert file.exists(), f"{file} is not there: run `make snapshots` and read what it wrote."
    assert said == file.read_text(encoding="utf-8"), "Run `make snapshots` when this is meant, and read the difference."


def test_letters_that_are_kept_are_all_still_printed():
    assert sorted(one.stem for one in SNAPSHOTS.glob("*.txt")) == NAMES


def on_paper(parcels):
    """Every letter to an asker as it would be printed for who has no e-mail address."""
    found = {}
    for name, parcel in parcels.items():
        # Who wrote a mail has an address.
        if parcel.facts.get("is_for_desk") is False and parcel.kind is not LetterKind.MAIL_NOT_KEPT:
            facts = {one: value for one, value in parcel.facts.items() if one != SECRETS.get(parcel.kind)}
            facts |= {"contact_email": "", "is_printed": True, "came_by": "phone"}
            found[name] = printed(replace(parcel, recipient="", facts=facts))
    return found


def test_letters_on_paper_have_one_address_and_no_door(parcels):
    for name, text in on_paper(parcels).items():
        assert re.findall(r"https://zalen\.example\S*", text) in (
            ["https://zalen.example/aanvragen/aanvraag-met-128-bits"],
            # A long series is named in full on its page.
            ["https://zalen.example/aanvragen/aanvraag-met-128-bits"] * 2,
        ), name
        assert "bewijs-met-128-bits" not in text, name
        assert [words for words in ("bijlage", "knop", "meld je aan", "None", "%(") if words in text.lower()] == [], (
            name
        )


def test_letters_on_paper_are_in_dutch_and_promise_nothing(parcels):
    whole, parts = english()
    for name, text in on_paper(parcels).items():
        assert [line for line in text.splitlines() if line.strip() in whole] == [], name
        assert [part for part in parts if part in squeeze(text)] == [], name
        assert FORBIDDEN.findall(text) == [], name
        assert "\n\n\n" not in text, name
