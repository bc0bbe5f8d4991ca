"""Mails: every kind has its files, and whole messages are kept as they leave (UPDATE_SNAPSHOTS=1 rewrites)."""

import html
import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import html5lib
import pytest

from tests import letterbox
from tests.browser import FORBIDDEN, english, squeeze
from zalenzoeker.domain.letters import SECRETS, LetterKind
from zalenzoeker.gateways import mailer

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "mails"
SENDER = {"sender": "zalen@zalen.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.example"}
# The winter of which they tell is lived through once in each process.
pytestmark = pytest.mark.xdist_group("letters")
BOUNDARY = re.compile(r'boundary="[^"]*"')
# By side and variant; the variants are lived through in tests/letterbox.py.
NAMES = [
    "address_changed-person",
    "daily_letter-person",
    "date_reminder-asker",
    "date_reminder-asker-running",
    "dates_changed-asker-asked",
    "dates_changed-asker-one",
    "dates_changed-asker-one-asked",
    "dates_changed-asker-running",
    "dates_changed-desk-asked",
    "dates_changed-desk-early",
    "dates_changed-desk-one",
    "dates_changed-desk-one-asked",
    "dates_changed-desk-running",
    "dates_let_go-asker-moved",
    "dates_let_go-asker-running",
    "dates_let_go-desk-moved",
    "dates_let_go-desk-running",
    "decision_fell-desk",
    "handover_offered-person",
    "handover_told-person-done",
    "handover_told-person-offered",
    "hold_ended-asker",
    "hold_ended-asker-rooms",
    "hold_ended-desk",
    "invitation-person",
    "mail_not_kept-asker-closed",
    "mail_not_kept-asker-empty",
    "mail_not_kept-desk-decided",
    "member_added-person",
    "offer_ended-asker",
    "place_offered-asker",
    "place_offered-desk-paper",
    "proposal_accepted-desk",
    "proposal_declined-desk-declined",
    "proposal_ended-asker-elsewhere",
    "proposal_ended-asker-series",
    "proposal_ended-asker-taken-back",
    "proposal_ended-desk-elsewhere",
    "proposal_ended-desk-series",
    "proposal_made-asker",
    "proposal_made-asker-declined",
    "proposal_made-asker-elsewhere",
    "proposal_made-asker-series",
    "question_answered-desk",
    "question_answered-desk-decided",
    "question_answered-desk-unasked",
    "question_asked-asker",
    "renewal_due-asker-series",
    "request_approved-asker",
    "request_approved-asker-asked",
    "request_approved-asker-at-once",
    "request_approved-asker-series",
    "request_cancelled-asker",
    "request_cancelled-asker-series",
    "request_confirmed-desk-at-once",
    "request_expired-asker",
    "request_expired-asker-queue-series",
    "request_forwarded-asker-forwarded",
    "request_handed-desk",
    "request_overtaken-asker-nothing",
    "request_overtaken-asker-queue",
    "request_overtaken-asker-queue-series",
    "request_received-asker",
    "request_received-asker-entered",
    "request_received-asker-exception",
    "request_received-asker-queue",
    "request_received-asker-rooms",
    "request_received-asker-series",
    "request_refused-asker",
    "request_refused-asker-moved",
    "request_refused-asker-nothing",
    "request_refused-asker-series",
    "request_refused-asker-voted",
    "request_reminder-desk",
    "request_to_city-asker",
    "request_to_city-desk",
    "request_to_decide-desk",
    "request_to_decide-desk-advised",
    "request_to_decide-desk-committee",
    "request_to_decide-desk-duty",
    "request_to_decide-desk-exception",
    "request_to_decide-desk-forwarded",
    "request_to_decide-desk-paper",
    "request_to_decide-desk-queue",
    "request_to_decide-desk-series",
    "request_to_decide-desk-vote",
    "request_to_deputy-desk",
    "request_to_deputy-desk-talk",
    "request_withdrawn-asker",
    "request_withdrawn-asker-confirmed",
    "request_withdrawn-asker-series",
    "request_withdrawn-desk",
    "request_withdrawn-desk-confirmed",
    "request_withdrawn-desk-decided",
    "request_withdrawn-desk-series",
    "sign_in_code-person",
    "subscription_asked-person",
    "waiting_ended-asker-stays",
    "waiting_joined-asker",
    "weekly_letter-person",
]
NOT_ABOUT_A_REQUEST = tuple(name for name in NAMES if "-person" in name)
A_NO = ("refused", "overtaken", "cancelled", "expired", "hold_ended-asker", "offer_ended", "waiting_ended")


@pytest.fixture
def parcels(app):
    """Return one parcel of every kind, side and variant; they are written once, as a letter keeps its own facts."""
    return letterbox.write()


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
    assert sorted(set(NAMES) - set(parcels)) == []
    assert {name.partition("-")[0] for name in NAMES} == set(LetterKind)


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
    assert text == set(facts.findall(html.unescape(html_of(message).partition("<body")[2])))


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
    assert [line for line in text.splitlines() if line != line.strip() and line[:2] != "  " and line != "-- "] == []
    assert [word for word in ("None", "{{", "%(", "Undefined") if word in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_letter_bears_the_headers_of_a_machine(parcels, name):
    message = composed(parcels[name])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "nl"
    assert message["Message-ID"] == "<brief-met-128-bits@zalen.example>"
    assert message["From"] == "Zalenzoeker <zalen@zalen.example>"
    assert message["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    thread = f"<{letterbox.THREAD}@zalen.example>"
    assert message["References"] == (None if name in NOT_ABOUT_A_REQUEST else thread)


@pytest.mark.parametrize("name", NAMES)
def test_letter_has_a_subject_that_a_phone_can_show(parcels, name):
    subject = composed(parcels[name])["Subject"]
    # The activity has a long name here; without it everything fits.
    assert len(subject.replace("Pannenkoeken & “vrienden”", "Pannenkoeken")) <= 78
    assert subject == " ".join(subject.split())


@pytest.mark.parametrize(
    "name, method, file",
    [
        ("request_approved-asker", "REQUEST", "afspraak.ics"),
        ("request_approved-asker-at-once", "REQUEST", "afspraak.ics"),
        ("request_approved-asker-series", "PUBLISH", "afspraken.ics"),
        ("request_approved-asker-asked", "REQUEST", "afspraak.ics"),
        ("request_cancelled-asker", "CANCEL", "afspraak.ics"),
        ("request_cancelled-asker-series", "PUBLISH", "afspraken.ics"),
        ("request_withdrawn-asker-confirmed", "CANCEL", "afspraak.ics"),
        ("request_withdrawn-asker-series", "PUBLISH", "afspraken.ics"),
        ("dates_let_go-asker-moved", "CANCEL", "afspraak.ics"),
        ("dates_let_go-asker-running", "PUBLISH", "afspraken.ics"),
        ("dates_changed-asker-one", "REQUEST", "afspraak.ics"),
        ("dates_changed-asker-running", "PUBLISH", "afspraken.ics"),
    ],
)
def test_letter_carries_the_dates_where_it_changes_a_calendar(parcels, name, method, file):
    message = composed(parcels[name])
    parts = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    # More dates than one stand only beside the letter.
    assert [one.get_param("method") for one in parts] == [method] * (1 if method == "PUBLISH" else 2)
    assert [one.get_filename() for one in message.iter_attachments()] == [file]
    assert {f"METHOD:{method}" in one.get_content() for one in parts} == {True}
    assert len({one.get_content() for one in parts}) == 1


def test_letter_carries_no_calendar_where_it_changes_none(parcels):
    kinds = ("request_approved", "request_cancelled", "dates_let_go-asker")
    others = [name for name in NAMES if not name.startswith(kinds)]
    with_one = [
        name
        for name in others
        if any(one.get_content_type() == "text/calendar" for one in composed(parcels[name]).walk())
    ]
    assert with_one == [
        "dates_changed-asker-one",
        "dates_changed-asker-running",
        "request_withdrawn-asker-confirmed",
        "request_withdrawn-asker-series",
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if any(one in name for one in A_NO)])
def test_letter_that_says_no_shows_ways_on(parcels, name):
    """Each a link into the form with room, moment and what was typed; where there is none, it says so.

    A date that only wanted to move, and stays, can be moved there, unless it is another house.
    """
    text = text_of(composed(parcels[name]))
    links = re.findall(r"https://zalen\.example/aanvragen/(?:nieuw|\S+/datums/\S+)\?(\S+)", text)
    is_moved = bool(parcels[name].facts["moves"])
    told = [
        f"zaal={one['room']}&dag={one['starts'][:10]}&van={one['starts'][11:16]}&tot={one['ends'][11:16]}"
        + ("" if is_moved and one["kind"] != "other_place" else "&opnieuw=aanvraag-met-128-bits")
        for one in parcels[name].facts["ways_on"]
    ]
    says_none = "We zochten een ander moment en een andere zaal, maar vonden niets dat vrij is." in text
    assert says_none is (told == [])
    waits = ["request_overtaken-asker-nothing"]
    assert links == told or (name in waits and len(links) == 1)
    assert ("Dit was vrij toen we deze mail schreven." in text) is (told != [])


def test_letter_never_proposes_the_moment_it_says_no_to(parcels):
    """Nothing stands there any more, but the house just said that it cannot be."""
    for name in NAMES:
        facts = parcels[name].facts
        refused = {(one["starts"], one["room"], one["venue"]) for one in facts.get("told", ())}
        proposed = {(one["starts"], one["room_name"], one["venue"]) for one in facts.get("ways_on", ())}
        assert refused & proposed == set(), name


def test_letter_about_a_series_names_eight_dates_and_counts_the_rest(parcels):
    text = text_of(composed(parcels["request_approved-asker-series"]))
    assert text.count("uur\n- donderdag") == 7
    assert "De 12 datums:\n- donderdag 7 januari 2027, 19.00 tot 22.00 uur\n" in text
    assert "- en nog 4 datums:\n  https://zalen.example/aanvragen/aanvraag-met-128-bits\n" in text
    assert "Wanneer: elke donderdag van 19.00 tot 22.00 uur, van 7 januari tot en met 25 maart 2027" in text


def test_letter_of_an_earlier_version_of_the_site_stays_readable(parcels):
    """It told one date and nothing of what came later."""
    parcel = parcels["request_approved-asker"]
    later = {"policy", "pattern", "dates", "told", "room_code"}
    earlier = replace(parcel, facts={name: value for name, value in parcel.facts.items() if name not in later})
    assert text_of(composed(earlier)) == text_of(composed(parcel))
    refused = parcels["request_refused-asker"]
    before = {name: value for name, value in refused.facts.items() if name not in later | {"ways_on", "instead_of"}}
    assert "Een ander moment kan misschien wel." in text_of(composed(replace(refused, facts=before)))


def test_letter_whose_pattern_nobody_can_read_still_names_its_dates(parcels):
    parcel = parcels["request_received-asker-series"]
    text = text_of(composed(replace(parcel, facts={**parcel.facts, "pattern": {"kind": "each blue moon"}})))
    assert ("Wanneer:" in text, "De 12 datums:" in text) == (False, True)


@pytest.mark.parametrize("kind", SECRETS)
def test_letter_that_gave_its_secret_away_can_still_be_read(parcels, kind):
    # Some letters have it for the desk only.
    parcel = next(one for one in parcels.values() if one.kind is kind and SECRETS[kind] in one.facts)
    secret = parcel.facts[SECRETS[kind]]
    left = replace(parcel, facts=parcel.facts_without_secret)
    assert (secret in text_of(composed(parcel)), secret in text_of(composed(left))) == (True, False)


def test_letter_to_the_desk_is_answered_to_the_asker_and_the_other_way_round(parcels):
    assert composed(parcels["request_withdrawn-desk"])["Reply-To"] == "an@harmonie.example"
    assert composed(parcels["request_received-asker"])["Reply-To"] == "open-huis-drongen@huis.example"


@pytest.mark.parametrize("name", [name for name in NAMES if "-desk" in name])
def test_letter_by_which_a_desk_decides_is_not_answered_to_the_asker(parcels, name):
    """What is quoted in an answer would open the asker's own request to the asker."""
    message = composed(parcels[name])
    has_link = "/beslissen/" in text_of(message)
    assert has_link == ("token" in parcels[name].facts)
    of_team = any(word in name for word in ("forwarded", "handed"))
    desk = "team@wijkwerk.example" if of_team else None
    own = {"desk": "an@harmonie.example", "paper": None}["paper" if "-paper" in name else "desk"]
    assert message["Reply-To"] == (desk if has_link else own)


@pytest.mark.parametrize("name", [name for name in NAMES if "-desk" not in name])
def test_letter_to_an_asker_never_has_a_link_to_decide(parcels, name):
    assert "/beslissen/" not in text_of(composed(parcels[name])) + html_of(composed(parcels[name]))


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
