"""Letters as e-mail: what their headers say, that both forms say the same, and what a mail server can do to them."""

import html
import re
import socket
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests import letterbox
from tests.builders import (
    AT_HOME,
    NOW,
    actor_of,
    at,
    make_account,
    make_an,
    make_association,
    make_decider,
    make_request,
    make_room,
)
from tests.smtp import Fault
from zalenzoeker.config import MailSettings
from zalenzoeker.domain.letters import LetterKind, NoServer, Parcel, SendLater, SendNever
from zalenzoeker.domain.posting import MailStopped
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.gateways import letter_bytes, mail_server, mailer, told
from zalenzoeker.gateways.letter_bytes import CalendarFile, Said
from zalenzoeker.gateways.letter_draft import Draft, at_once
from zalenzoeker.services import accounts, associations, deadlines
from zalenzoeker.services import requests as asking
from zalenzoeker.storage import accounts as stored_accounts
from zalenzoeker.storage import associations as stored_associations
from zalenzoeker.storage import letters
from zalenzoeker.storage.db import db

HOUSE = {"sender": "zalen@stad.example", "sender_name": "Zalenzoeker", "public_url": "https://zalen.stad.example"}
KINDS = list(LetterKind)
pytestmark = pytest.mark.xdist_group("letters")


@pytest.fixture
def parcels(app) -> list[Parcel]:
    return everything_that_is_written()


@cache
def everything_that_is_written() -> list[Parcel]:
    """Every letter of a house in which everything happens once, oldest first; values, that need no database again."""
    an, room = make_an(), make_room()
    make_decider(room)
    (group,) = an.association_ids
    for number, status in enumerate((Status.APPROVED, Status.REFUSED, Status.CANCELLED, Status.REQUESTED)):
        fields = {"activity": f"Repetitie & taart {number}", "remarks": "Met <piano>", "people": 33}
        make_request(status, room=room, by=an, slot=at().moved(days=number), **fields)
    withdrawn = make_request(Status.APPROVED, room=room, by=an, slot=at().moved(days=5), activity="Repetitie & taart 5")
    asking.withdraw(withdrawn.code, by=an, now=NOW)
    accounts.send_code("an@harmonie.example", visitor=AT_HOME, now=NOW)
    code = stored_associations.of_person([group])[0].code
    associations.invite(code, "bert@harmonie.example", by=an, now=NOW, visitor=AT_HOME)
    deadlines.tick(at().moved(days=3).starts_at)
    db.session.close()
    return [letter.parcel for letter in reversed(letters.newest())]


@pytest.fixture
def of_a_winter(app) -> dict[str, Parcel]:
    """Letters of every kind and variant, by name."""
    return letterbox.write()


def those_of(parcels: dict[str, Parcel], kind: LetterKind) -> list[Parcel]:
    # What is printed has no HTML to be the same as.
    found = [one for one in parcels.values() if one.kind is kind and one.recipient]
    assert found, f"nothing in the winter makes a letter of the kind {kind}"
    return found


def of_kind(parcels: list[Parcel], kind: LetterKind, *, for_desk: bool = False) -> Parcel:
    return next(one for one in parcels if one.kind is kind and bool(one.facts.get("is_for_desk")) is for_desk)


def one_of_each(parcels: list[Parcel]) -> list[Parcel]:
    """One letter of each kind and side."""
    return list({(one.kind, one.facts.get("is_for_desk")): one for one in parcels}.values())


def compose(parcel: Parcel) -> EmailMessage:
    """As it arrives: written out to bytes and read again."""
    sent = mailer.compose(parcel, **HOUSE)
    return message_from_bytes(sent.as_bytes(), EmailMessage, policy=policy.default)


def texts(message: EmailMessage) -> tuple[str, str]:
    """Its plain text, and the words of its HTML."""
    plain = message.get_body(("plain",)).get_content()
    markup = message.get_body(("html",)).get_content()
    body = re.sub(r"(?s)<(style|title).*?</\1>", " ", markup)
    links = " ".join(re.findall(r'href="([^"]*)"', body))
    return " ".join(plain.split()), " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body) + " " + links).split())


def calendars(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if part.get_content_type() == "text/calendar"]


def test_headers_say_from_whom_to_whom_and_about_what(parcels):
    parcel = of_kind(parcels, LetterKind.REQUEST_APPROVED)
    message = compose(parcel)
    names = ("From", "To", "Reply-To", "Date", "Message-ID", "References", "Auto-Submitted", "Content-Language")
    assert {name: str(message[name]) for name in names} == {
        "From": "Zalenzoeker <zalen@stad.example>",
        "To": "an@harmonie.example",
        "Reply-To": parcel.reply_to,
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": f"<{parcel.code}@stad.example>",
        "References": f"<{parcel.thread}@stad.example>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "nl",
    }
    assert message["X-Auto-Response-Suppress"] == "All"
    assert parcel.reply_to.endswith("@huis.example")


def test_letter_to_the_desk_is_answered_to_the_asker(parcels):
    message = compose(of_kind(parcels, LetterKind.REQUEST_WITHDRAWN, for_desk=True))
    assert (message["To"], message["Reply-To"]) == ("fatima@amandsberg.example", "an@harmonie.example")


def test_letter_that_nobody_answers_has_no_reply_to_and_no_thread(parcels):
    message = compose(of_kind(parcels, LetterKind.SIGN_IN_CODE))
    assert (message["Reply-To"], message["References"]) == (None, None)


def test_every_header_stands_there_once(parcels):
    for parcel in parcels:
        names = [name.lower() for name in compose(parcel)]
        assert sorted(names) == sorted(set(names))


def test_message_id_is_the_same_for_a_second_copy_and_different_for_another_letter(parcels):
    ids = [str(compose(parcel)["Message-ID"]) for parcel in parcels]
    assert ids == [str(compose(parcel)["Message-ID"]) for parcel in parcels]
    assert len(set(ids)) == len(parcels)


def test_second_copy_is_the_same_letter(parcels):
    for parcel in one_of_each(parcels):
        first, second = (
            [part.get_content() for part in compose(parcel).walk() if not part.is_multipart()] for _ in range(2)
        )
        assert first == second


BOUNDARY = re.compile(rb'boundary="([^"]+)"')


def apart(content: bytes) -> bytes:
    """The bytes of a letter with what stands between its parts, drawn by lot by the library, numbered."""
    for number, boundary in enumerate(BOUNDARY.findall(content)):
        content = content.replace(boundary, b"boundary-%d" % number)
    return content


def test_letter_is_sent_as_the_library_writes_it(of_a_winter):
    parcels = [one for one in of_a_winter.values() if one.recipient]
    assert {one.kind for one in parcels} == set(KINDS)
    by_the_library = [apart(mailer.compose(one, **HOUSE).as_bytes()) for one in parcels]
    assert [apart(at_once(mailer.write(one, **HOUSE))) for one in parcels] == by_the_library


def test_letter_with_foreign_letters_in_its_headers_is_sent_as_the_library_writes_it(of_a_winter):
    parcel = those_of(of_a_winter, LetterKind.REQUEST_APPROVED)[0]
    facts = {**parcel.facts, "reference": "SI-é" * 60, "activity": "Fête  de l’été: " * 20}
    for recipient in (
        "josé@post.example",
        "an.peeters+zaal@post.example",
        '"an peeters"@post.example',
        "AN@ZÉ.example",
    ):
        odd = replace(parcel, recipient=recipient, reply_to="huis@post.example, balie@post.example", facts=facts)
        policy = letter_bytes.POLICY if recipient.isascii() else letter_bytes.UNICODE_POLICY
        by_the_library = mailer.compose(odd, **HOUSE).as_bytes(policy=policy)
        assert apart(at_once(mailer.write(odd, **HOUSE))) == apart(by_the_library)


def test_letter_that_was_written_ahead_is_the_same_however_far_it_came(parcels):
    def write(parcel):
        return mailer.write(parcel, **HOUSE)

    for parcel in one_of_each(parcels):
        for steps in range(6):
            draft = Draft(parcel, write)
            for _ in range(steps):
                draft.go_on()
            assert draft.finish() == at_once(write(parcel))


def test_letter_that_cannot_be_written_ahead_says_so_when_its_turn_comes(house, smtp):
    good, broken = PARCEL, replace(PARCEL, facts={})
    with mailer.sender_of(**HOUSE) as send:
        send.expect([good, broken, good])
        send(good)
        with pytest.raises(SendNever, match="cannot be written"):
            send(broken)
        send(good)
    assert len(smtp.messages) == 2


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, st.binary(min_size=1, max_size=2000), st.booleans())
def test_whatever_a_letter_says_is_sent_as_the_library_writes_it(subject, thread, text, markup, content, is_inside):
    headers = [("Subject", " ".join(subject.split())), ("To", "an@post.example"), ("Thread-Topic", thread)]
    file = CalendarFile(content, "REQUEST", "afspraak.ics", is_inside)
    for said in (Said(headers, text, markup, "nl"), Said(headers, text, markup, "nl", file)):
        try:
            by_the_library = letter_bytes.as_message(said).as_bytes()
        except ValueError:
            with pytest.raises(ValueError, match="linefeed"):
                letter_bytes.as_bytes(said, is_plain=True)
        else:
            assert apart(letter_bytes.as_bytes(said, is_plain=True)) == apart(by_the_library)


def test_letters_of_one_request_hang_together_and_those_of_another_do_not(parcels):
    threads: dict[str, set[str]] = {}
    for parcel in parcels:
        if "reference" in parcel.facts:
            threads.setdefault(parcel.facts["reference"], set()).add(str(compose(parcel)["References"]))
    assert [len(found) for found in threads.values()] == [1] * 5
    assert len(set.union(*threads.values())) == 5


FACTS = ("activity", "reference", "location", "remarks", "note", "asker", "code", "association", "invited_by", "token")


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_tell_the_same_facts(of_a_winter, kind):
    for parcel in those_of(of_a_winter, kind):
        plain, markup = texts(compose(parcel))
        facts = {name: str(parcel.facts[name]) for name in FACTS if parcel.facts.get(name)}
        told = {name: (" ".join(value.split()) in plain, value in markup) for name, value in facts.items()}
        differ = [name for name, (in_plain, in_html) in told.items() if in_plain != in_html and name != "remarks"]
        assert differ == []
        # The place stands in the letter as part of each location, a desk's note only where it says why.
        assert {name for name, (in_plain, _) in told.items() if not in_plain} <= {"note", "location", "code"}


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_lead_to_the_same_pages_of_this_site(of_a_winter, kind):
    for parcel in those_of(of_a_winter, kind):
        plain, markup = (set(re.findall(r"https?://[^\s<>\"]+", text)) for text in texts(compose(parcel)))
        assert plain == markup
        assert {one for one in plain if not one.startswith(HOUSE["public_url"] + "/")} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_html_loads_nothing_from_elsewhere_and_names_its_language(of_a_winter, kind):
    message = compose(those_of(of_a_winter, kind)[0])
    markup = message.get_body(("html",)).get_content()
    assert re.findall(r"(?i)<(?:img|script|link|iframe|object|form|video)\b|\burl\(|@import|\bon\w+=", markup) == []
    assert re.findall(r'<html[^>]*\blang="(\w+)"', markup) == ["nl"]


@pytest.mark.parametrize("kind", KINDS)
def test_subject_is_one_line_that_is_not_too_long(of_a_winter, kind):
    for parcel in those_of(of_a_winter, kind):
        subject = str(compose(parcel)["Subject"])
        assert 0 < len(subject) < 100
        assert subject == " ".join(subject.split())


@pytest.mark.parametrize(
    "kind,for_desk,expected",
    [
        (LetterKind.REQUEST_APPROVED, False, ("REQUEST", 0, "CONFIRMED")),
        (LetterKind.REQUEST_CANCELLED, False, ("CANCEL", 1, "CANCELLED")),
        (LetterKind.REQUEST_WITHDRAWN, False, ("CANCEL", 1, "CANCELLED")),
        (LetterKind.REQUEST_WITHDRAWN, True, None),
        (LetterKind.REQUEST_RECEIVED, False, None),
        (LetterKind.REQUEST_TO_DECIDE, True, None),
        (LetterKind.REQUEST_REFUSED, False, None),
        (LetterKind.REQUEST_EXPIRED, False, None),
        (LetterKind.SIGN_IN_CODE, False, None),
        (LetterKind.INVITATION, False, None),
    ],
)
def test_calendar_is_attached_where_the_date_stands_or_falls(parcels, kind, for_desk, expected):
    parcel = of_kind(parcels, kind, for_desk=for_desk)
    parts = calendars(compose(parcel))
    if expected is None:
        assert parts == []
        return
    inside, beside = parts
    assert inside.get_content() == beside.get_content()
    assert (inside.get_content_disposition(), beside.get_filename()) == (None, "afspraak.ics")
    assert [part["Content-Type"].params["method"] for part in parts] == [expected[0]] * 2
    read = Calendar.from_ical(inside.get_content())
    (event,) = read.walk("VEVENT")
    assert (read["METHOD"], event["SEQUENCE"], event["STATUS"]) == expected
    assert (event.start.replace(tzinfo=None), event.end.replace(tzinfo=None)) == (
        told.slot_of(parcel.facts).starts,
        told.slot_of(parcel.facts).ends,
    )
    assert event["UID"] == f"{parcel.facts['uid']}@zalenzoeker"
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:zalen@stad.example", "mailto:an@harmonie.example")


def test_cancellation_speaks_of_the_same_event_as_the_approval(parcels):
    cancelled = of_kind(parcels, LetterKind.REQUEST_CANCELLED)
    approved = next(
        one
        for one in parcels
        if one.kind is LetterKind.REQUEST_APPROVED and one.facts["reference"] == cancelled.facts["reference"]
    )
    events = [
        Calendar.from_ical(calendars(compose(one))[0].get_content()).walk("VEVENT")[0] for one in (approved, cancelled)
    ]
    assert (events[0]["UID"], events[0]["SEQUENCE"]) == (events[1]["UID"], events[1]["SEQUENCE"] - 1)


def test_withdrawal_of_what_was_never_approved_has_no_calendar(parcels):
    parcel = of_kind(parcels, LetterKind.REQUEST_WITHDRAWN)
    told = [{**one, "was_confirmed": False} for one in parcel.facts["told"]]
    assert calendars(compose(replace(parcel, facts={**parcel.facts, "told": told}))) == []


def events(parcel: Parcel) -> dict[str, tuple[str, int, str]]:
    """What the file of a letter says of each date: its beginning, its sequence and whether it stands."""
    file = calendars(compose(parcel))[-1]
    read = Calendar.from_ical(file.get_content()).walk("VEVENT")
    return {str(one["UID"]): (one.start.strftime("%d.%m %H"), int(one["SEQUENCE"]), str(one["STATUS"])) for one in read}


def test_series_comes_as_one_file_of_all_its_dates(of_a_winter):
    parcel = of_a_winter["request_approved-asker-series"]
    (file,) = calendars(compose(parcel))
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "afspraken.ics")
    assert file["Content-Type"].params["method"] == "PUBLISH"
    told = [f"{one['uid']}@zalenzoeker" for one in parcel.facts["told"]]
    assert (sorted(events(parcel)), len(told)) == (sorted(told), 12)
    assert {each[1:] for each in events(parcel).values()} == {(0, "CONFIRMED")}


def test_series_that_is_cancelled_takes_each_date_out_with_a_higher_sequence(of_a_winter):
    approved, cancelled = (events(of_a_winter[f"request_{deed}-asker-series"]) for deed in ("approved", "cancelled"))
    assert {each[1:] for each in approved.values()} == {(0, "CONFIRMED")}
    assert {each[1:] for each in cancelled.values()} == {(1, "CANCELLED")}


def test_dates_that_were_let_go_fall_out_and_the_others_stay_out_of_the_file(of_a_winter):
    found = events(of_a_winter["dates_let_go-asker-running"])
    assert sorted(found.values()) == [("16.02 19", 1, "CANCELLED"), ("23.02 19", 1, "CANCELLED")]


def test_date_that_moved_after_a_yes_is_the_same_event_at_its_new_moment(of_a_winter):
    asked, approved = (of_a_winter[f"{name}-asker-asked"] for name in ("dates_changed", "request_approved"))
    assert calendars(compose(asked)) == []
    assert list(events(approved).values()) == [("06.01 19", 1, "CONFIRMED")]
    assert [one["uid"] for one in approved.facts["told"]] == [approved.facts["dates"][0]["uid"]]


def test_dates_that_became_shorter_are_the_same_events_with_a_higher_sequence(of_a_winter):
    found = events(of_a_winter["dates_changed-asker-running"])
    assert sorted(found.values()) == [("02.02 19", 1, "CONFIRMED"), ("09.02 19", 1, "CONFIRMED")]


NASTY = [
    "x\r\nBcc: all@post.example",
    "x\nBcc: all@post.example",
    "x\rBcc: all@post.example",
    "x\r\n\r\n<p>a body of one's own",
    "x\u2028Bcc: all@post.example",
    "x\x00\x0bBcc: all@post.example",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "x; METHOD=CANCEL\r\nATTENDEE:mailto:all@post.example",
    "--===============0==",
    "\r\n.\r\nMAIL FROM:<a@post.example>",
    "=?utf-8?q?=0D=0ABcc:_all@post.example?=",
    "{{ config }} {% raw %} %(code)s {code}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "🎺 \u202efdp\u202c " + "lang " * 60,
]


TYPED = {"activity", "asker", "contact_name", "note", "remarks", "exception_reason", "association", "invited_by"}
PLACES = {"room", "room_name", "venue", "location"}
TYPED |= {"room", "venue", "location", "desk", "route_reason", "reference"}


def shape(message: EmailMessage) -> tuple:
    """What must not change whatever people type: the headers, the parts, the properties of the calendar."""
    parts = [part.get_content_type() for part in message.walk()]
    properties = [
        sorted(f"{inner.name}.{name}" for inner in Calendar.from_ical(part.get_content()).walk() for name in inner)
        for part in calendars(message)
    ]
    return sorted(name.lower() for name in message), parts, properties


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize(
    "name",
    [
        "request_approved-asker",
        "request_approved-asker-series",
        "request_refused-asker",
        "request_to_decide-desk",
        "invitation-person",
    ],
)
def test_what_people_type_adds_no_header_no_part_and_no_event(of_a_winter, name, nasty):
    parcel = of_a_winter[name]
    facts = {name: nasty if name in TYPED else value for name, value in parcel.facts.items()}
    for field in ("dates", "told", "ways_on"):
        if field in facts:
            facts[field] = [{**one, **dict.fromkeys(PLACES & one.keys(), nasty)} for one in facts[field]]
    message = compose(replace(parcel, facts=facts))
    assert shape(message) == shape(compose(parcel))
    markup = message.get_body(("html",)).get_content()
    assert re.findall(r"<script|<img|<p>a body", markup) == []
    assert (message["To"], message["Bcc"]) == (parcel.recipient, None)


@pytest.mark.parametrize("nasty", ["an@post.example\r\nBcc: all@post.example", "an@post.example\nX: y"])
@pytest.mark.parametrize("field", ["recipient", "reply_to", "code", "thread"])
def test_address_with_a_line_end_is_given_up_and_not_sent(app, parcels, smtp, field, nasty):
    parcel = replace(of_kind(parcels, LetterKind.REQUEST_APPROVED), **{field: nasty})
    with pytest.raises(SendNever, match="cannot be written"):
        send(parcel)
    assert smtp.messages == []


@pytest.mark.parametrize(
    "facts",
    [{}, {"starts": "nonsense"}, {"starts": None}, {"activity": 5}],
    ids=["no facts", "a moment that is none", "no moment", "half of them"],
)
def test_letter_that_cannot_be_written_is_given_up_and_stops_nobody(parcels, facts):
    broken = replace(of_kind(parcels, LetterKind.REQUEST_APPROVED), facts=facts)
    with pytest.raises(SendNever, match="cannot be written"):
        send(broken)


@pytest.fixture
def house(make_app, smtp):
    """The app with a mail server, and little patience."""
    app = make_app(mail=MailSettings("127.0.0.1", smtp.port, HOUSE["sender"]))
    app.config["MAIL_TIMEOUT_SECONDS"] = 0.5
    with app.app_context():
        yield app
        db.session.remove()


PARCEL = Parcel(
    code="c0de",
    kind=LetterKind.SIGN_IN_CODE,
    recipient="an@harmonie.example",
    reply_to="",
    language="nl",
    facts={"code": "123456", "minutes": 10},
    thread="",
    created_at=NOW,
)


def send(parcel: Parcel = PARCEL) -> None:
    with mailer.sender_of(**HOUSE) as hand_over:
        hand_over(parcel)


def test_letter_arrives_as_it_was_written(house, smtp):
    send()
    (message,) = smtp.messages
    written = compose(PARCEL)
    assert {name: str(message[name]) for name in written if name != "Content-Type"} == {
        name: str(written[name]) for name in written if name != "Content-Type"
    }
    assert texts(message) == texts(written)
    assert (message["To"], "123456" in texts(message)[0]) == ("an@harmonie.example", True)


@pytest.mark.parametrize(
    "fault,raised,words,arrived",
    [
        (Fault.NOTHING, None, "", 1),
        (Fault.BUSY, NoServer, "421 4.3.2 busy, come back later", 0),
        (Fault.SENDER_LATER, NoServer, "451 4.7.1 not now", 0),
        (Fault.SENDER_REFUSED, MailStopped, "550 5.7.1 we take nothing from you", 0),
        (Fault.TOO_LARGE, SendNever, "552 5.3.4 too large", 0),
        (Fault.GREYLISTED, SendLater, "450 4.2.0 greylisted", 0),
        (Fault.UNKNOWN, SendNever, "550 5.1.1 no such user", 0),
        (Fault.CLOSING, NoServer, "421 4.3.2 closing", 0),
        (Fault.DATA_LATER, SendLater, "451 4.3.0 not now", 0),
        (Fault.DATA_NEVER, SendNever, "554 5.6.0 nothing from you", 0),
        (Fault.LATER, SendLater, "451 4.3.0 try again", 0),
        (Fault.NEVER, SendNever, "554 5.6.0 we do not like this letter", 0),
        (Fault.HANG, SendLater, "SMTPServerDisconnected: Connection unexpectedly closed: timed out", 0),
        (Fault.DROP_IN_DATA, SendLater, "SMTPServerDisconnected: Connection unexpectedly closed", 0),
        (Fault.DROP_BEFORE, SendLater, "SMTPServerDisconnected: Connection unexpectedly closed", 0),
        # Nobody can know: it is sent again, with the same Message-ID.
        (Fault.DROP_AFTER, SendLater, "SMTPServerDisconnected: Connection unexpectedly closed", 1),
        # It was accepted, and what comes after changes nothing.
        (Fault.DROP_AT_QUIT, None, "", 1),
    ],
)
def test_fault_of_the_mail_server_is_understood(house, smtp, fault, raised, words, arrived):
    smtp.faults.append(fault)
    try:
        send()
        outcome = (None, "")
    except (MailStopped, NoServer, SendLater, SendNever) as error:
        outcome = (type(error), str(error).partition(": [Errno")[0])
    assert (outcome, len(smtp.messages)) == ((raised, words), arrived)


def test_dead_address_is_given_up(house, smtp):
    smtp.dead.add("an@harmonie.example")
    with pytest.raises(SendNever, match=r"550 5\.1\.1 no such user"):
        send()
    assert smtp.messages == []


def test_address_that_this_server_cannot_take_is_given_up(house, smtp):
    with pytest.raises(SendNever, match="SMTPUTF8"):
        send(replace(PARCEL, recipient="émile@post.example"))
    assert smtp.messages == []


@pytest.mark.parametrize(
    "settings",
    [{"use_tls": True}, {"username": "zalen", "password": "wrong"}],
    ids=["no TLS there", "no login there"],
)
def test_server_that_does_not_take_us_is_no_fault_of_the_letter(make_app, smtp, settings):
    app = make_app(mail=MailSettings("127.0.0.1", smtp.port, HOUSE["sender"], **settings))
    with app.app_context(), pytest.raises(MailStopped):
        send()
    assert smtp.messages == []


def test_server_that_is_away_is_no_fault_of_the_letter(make_app):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        app = make_app(mail=MailSettings("127.0.0.1", door.getsockname()[1], HOUSE["sender"]))
    with app.app_context(), pytest.raises(NoServer, match="ConnectionRefusedError"):
        send()


def test_server_that_says_nothing_is_not_waited_for(make_app):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(mail=MailSettings("127.0.0.1", silent.getsockname()[1], HOUSE["sender"]))
        app.config["MAIL_TIMEOUT_SECONDS"] = 0.3
        with app.app_context(), pytest.raises(NoServer, match="timed out"):
            send()
    assert mail_server.TIMEOUT_SECONDS == 10


def test_letter_box_of_the_demonstration_keeps_the_letter_where_it_is(app):
    assert mailer.keep(PARCEL) is None


def test_association_asks_under_its_own_name(app):
    an = actor_of(make_account("an@post.example", "An"))
    make_association("Harmonie", members=[stored_accounts.by_email("an@post.example")])
    fields = {"requester_kind": RequesterKind.NON_PROFIT, "association_name": "Harmonie De Eendracht"}
    make_request(room=make_room(), by=an, contact_name="An Peeters", now=NOW + timedelta(hours=1), **fields)
    for letter in letters.newest():
        plain, markup = texts(compose(letter.parcel))
        assert ("Harmonie De Eendracht" in plain, "Harmonie De Eendracht" in markup) == (True, True)
