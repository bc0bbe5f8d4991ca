"""Mails: every kind has its files, and whole messages are kept as they leave (UPDATE_SNAPSHOTS=1 rewrites)."""

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import html5lib
import pytest

from tests.browser import FORBIDDEN, english, squeeze
from tests.builders import (
    NOW,
    actor_of,
    at,
    keep,
    make_account,
    make_association,
    make_desk,
    make_request,
    make_room,
    make_venue,
)
from zalenzoeker.domain.letters import LetterKind
from zalenzoeker.domain.limits import Visitor
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.gateways import mailer
from zalenzoeker.services import accounts, associations
from zalenzoeker.storage import letters
from zalenzoeker.storage.models import Facility

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "mails"
SENDER = {"sender": "zalen@zalen.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.example"}
WRITTEN = {}
BOUNDARY = re.compile(r'boundary="[^"]*"')
# What is drawn by lot in real life.
FIXED = {
    "code": "aanvraag-met-128-bits",
    "reference": "DR-7K4M",
    "uid": "0123456789abcdef0123456789abcdef",
    "token": "uitnodiging-met-128-bits",
}
ASKED = [
    Status.REQUESTED,
    Status.APPROVED,
    Status.REFUSED,
    Status.CANCELLED,
    Status.WITHDRAWN,
    Status.EXPIRED,
]
NAMES = [
    "invitation-person",
    "request_approved-asker",
    "request_cancelled-asker",
    "request_expired-asker",
    "request_received-asker",
    "request_refused-asker",
    "request_to_decide-desk",
    "request_withdrawn-asker",
    "request_withdrawn-desk",
    "sign_in_code-person",
]


@pytest.fixture
def parcels(app):
    """Return one parcel of every kind and side; they are written once, because a letter keeps its own facts."""
    if not WRITTEN:
        WRITTEN.update(_write())
    return WRITTEN


def _write():
    """Live through it all, with everything filled in that a letter may say."""
    venue = make_venue("open-huis-drongen", name="Open Huis Drongen", phone="09 227 72 85")
    room = make_room("zaal", venue=venue, name="Zaal")
    for name in ("Keuken", "Beamer"):
        keep(Facility(slug=name.lower(), name=name, group="x"))
    make_desk(
        "drongen", venue=venue, name="Open Huis Drongen", members=[make_account("marcel@drongen.example", "Marcel")]
    )
    account = make_account("an@harmonie.example", "An Peeters")
    club = make_association("Harmonie De Eendracht", members=[account])
    by = actor_of(account)
    for day, status in enumerate(ASKED):
        make_request(
            status,
            room=room,
            slot=at("20:00", "01:00").moved(days=7 * day),
            by=by,
            activity="Pannenkoeken & “vrienden”",
            is_public=True,
            people=45,
            association_id=club.id,
            association_name=club.name,
            requester_kind=RequesterKind.NON_PROFIT,
            contact_phone="0470 12 34 56",
            facilities=("keuken", "beamer"),
            remarks="Mogen we de avond voordien al klaarzetten?\nWe brengen zelf glazen mee.",
        )
    visitor = Visitor(browser_hash="van An", address="192.0.2.1")
    associations.invite(club.code, "els@yoga.example", by=by, now=NOW, visitor=visitor)
    accounts.send_code("an@harmonie.example", visitor=visitor, now=NOW)
    found = {}
    for letter in reversed(letters.newest()):
        side = {True: "desk", False: "asker"}.get(letter.facts.get("is_for_desk"), "person")
        facts = {**letter.facts, **{name: value for name, value in FIXED.items() if name in letter.facts}}
        if letter.kind == LetterKind.SIGN_IN_CODE:
            facts["code"] = "123456"
        thread = {"thread": FIXED["uid"]} if "thread" in facts else {}
        parcel = replace(
            letter.parcel, code="brief-met-128-bits", facts={**facts, **thread}, thread=thread.get("thread", "")
        )
        found.setdefault(f"{letter.kind}-{side}", parcel)
    return found


def composed(parcel):
    return mailer.compose(parcel, **SENDER)


def readable(message):
    """Return a message as it goes over the wire, its parts decoded; boundaries, drawn by lot, become numbers."""
    wire = message.as_bytes()
    read = message_from_bytes(wire, policy=policy.default)
    lines = []
    for number, part in enumerate(read.walk()):
        for name, value in part.items():
            lines.append(f"{name}: {BOUNDARY.sub(f'boundary={number}', str(value))}")
        lines.append("")
        if not part.is_multipart():
            lines += [part.get_content().replace("\r\n", "\n").rstrip("\n"), "", "-" * 40]
    return "\n".join(lines) + "\n"


def text_of(message):
    return message.get_body(("plain",)).get_content()


def html_of(message):
    return message.get_body(("html",)).get_content()


def words_of_html(message):
    tree = html5lib.parse(html_of(message), namespaceHTMLElements=False)
    return squeeze(" ".join(tree.find("body").itertext()))


def test_letter_kinds_each_have_their_files():
    wanted = {f"{kind}/{name}" for kind in LetterKind for name in ("subject.txt", "body.txt", "body.html")}
    there = {f"{one.parent.name}/{one.name}" for one in TEMPLATES.glob("*/*")}
    assert there == wanted


def test_letter_kinds_are_all_written_and_each_to_the_right_side(parcels):
    assert sorted(parcels) == NAMES
    assert {name.rpartition("-")[0] for name in parcels} == set(LetterKind)


@pytest.mark.parametrize("name", NAMES)
def test_letter_leaves_the_house_as_it_was_kept(parcels, name):
    said = readable(composed(parcels[name]))
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        file.write_text(said, encoding="utf-8")
    assert file.exists(), f"{file} is not there: run `make snapshots` and read what it wrote."
    assert said == file.read_text(encoding="utf-8"), "Run `make snapshots` when this is meant, and read the difference."


def test_letters_that_are_kept_are_all_still_written():
    assert sorted(one.stem for one in SNAPSHOTS.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_letter_is_in_dutch_and_promises_nothing(parcels, name):
    message = composed(parcels[name])
    whole, parts = english()
    for words in (text_of(message), words_of_html(message), message["Subject"]):
        assert [line for line in words.splitlines() if line.strip() in whole] == []
        assert [part for part in parts if part in squeeze(words)] == []
        assert FORBIDDEN.findall(words) == []


@pytest.mark.parametrize("name", NAMES)
def test_letter_says_the_same_in_text_and_in_html(parcels, name):
    """Numbers, dates, names and addresses of the one are those of the other."""
    message = composed(parcels[name])
    facts = re.compile(
        r"\d{1,2}\.\d{2}|\d{4}|DR-7K4M|\b\d{6}\b|Pannenkoeken|Harmonie|https://\S+?(?=[\s\"<,]|\.?$)", re.MULTILINE
    )
    text = set(facts.findall(text_of(message)))
    html = set(facts.findall(html_of(message).partition("<body")[2]))
    assert text == html


@pytest.mark.parametrize("name", NAMES)
def test_letter_fetches_nothing_and_follows_nobody(parcels, name):
    tree = html5lib.parse(html_of(composed(parcels[name])), namespaceHTMLElements=False)
    assert [one.tag for one in tree.iter() if one.get("src") or one.tag in {"img", "script", "link", "iframe"}] == []
    links = [one.get("href") for one in tree.iter("a")]
    assert [link for link in links if not link.startswith(("https://zalen.example/", "mailto:", "tel:"))] == []


@pytest.mark.parametrize("name", NAMES)
def test_letter_is_html_in_order(parcels, name):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html_of(composed(parcels[name])))
    assert parser.errors == []
    assert tree.get("lang") == "nl"
    assert len(list(tree.iter("h1"))) == 1


@pytest.mark.parametrize("name", NAMES)
def test_letter_has_no_gaps_and_no_long_lines(parcels, name):
    text = text_of(composed(parcels[name]))
    assert "\n\n\n" not in text.replace("\r\n", "\n")
    assert [word for word in ("None", "{{", "%(", "Undefined") if word in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_letter_bears_the_headers_of_a_machine(parcels, name):
    message = composed(parcels[name])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "nl"
    assert message["Message-ID"] == "<brief-met-128-bits@zalen.example>"
    assert message["From"] == "Zalenzoeker <zalen@zalen.example>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000" or name == "request_expired-asker"
    assert message["References"] == (f"<{FIXED['uid']}@zalen.example>" if name.startswith("request_") else None)


@pytest.mark.parametrize(
    "name, method",
    [
        ("request_approved-asker", "REQUEST"),
        ("request_cancelled-asker", "CANCEL"),
        ("request_refused-asker", None),
        ("request_received-asker", None),
        ("request_withdrawn-desk", None),
    ],
)
def test_letter_carries_the_date_where_it_changes_a_calendar(parcels, name, method):
    files = [one for one in composed(parcels[name]).walk() if one.get_content_type() == "text/calendar"]
    assert [one.get_param("method") for one in files] == ([method, method] if method else [])
    assert len({one.get_content() for one in files}) <= 1


def test_letter_to_the_desk_is_answered_to_the_asker_and_the_other_way_round(parcels):
    assert composed(parcels["request_to_decide-desk"])["Reply-To"] == "an@harmonie.example"
    assert composed(parcels["request_received-asker"])["Reply-To"] == "open-huis-drongen@huis.example"


@pytest.mark.parametrize("name", ["request_to_decide-desk", "request_received-asker", "request_approved-asker"])
def test_letter_keeps_what_somebody_typed_from_becoming_more(parcels, name):
    """Tags stay text, and a line of its own in a subject is no header."""
    nasty = "<script>alert(1)</script> {{ 7*7 }} %(code)s \u202e"
    facts = {
        **parcels[name].facts,
        "activity": nasty,
        "asker": nasty,
        "contact_name": nasty,
        "remarks": nasty,
        "note": nasty,
    }
    message = composed(replace(parcels[name], facts=facts))
    assert "<script" not in html_of(message)
    assert "49" not in html_of(message).partition("<body")[2]
    assert "{{ 7*7 }}" in text_of(message)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b"])
def test_letter_with_a_line_end_in_its_subject_gets_no_header_more(parcels, end):
    parcel = parcels["request_to_decide-desk"]
    usual = composed(parcel).keys()
    message = composed(replace(parcel, facts={**parcel.facts, "activity": f"Feest{end}Bcc: iedereen@elders.example"}))
    assert message.keys() == usual
    assert message["Subject"].startswith("Aanvraag: Feest Bcc: iedereen@elders.example in Zaal")
    assert b"\nBcc:" not in message.as_bytes().partition(b"\r\n\r\n")[0]
