"""The worker reads the mailbox: an answer to a letter that really left stands on its request, also through a storm."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests import imap
from tests.builders import NOW, make_decider, make_request, make_room, make_venue, read
from tests.gateways.diary_files import calendar, event
from zalenzoeker import rounds
from zalenzoeker.config import MailSettings
from zalenzoeker.domain.diaries import Trouble
from zalenzoeker.domain.requests import Action
from zalenzoeker.services import conversation, diaries, incoming
from zalenzoeker.storage import limits
from zalenzoeker.storage.db import db
from zalenzoeker.storage.models import Diary

MINUTE = timedelta(minutes=1)
ASKER = "an@harmonie.example"


@pytest.fixture(scope="module")
def server():
    with imap.running() as postbox:
        yield postbox


@pytest.fixture
def postbox(server):
    server.is_emptied()
    return server


@pytest.fixture
def site(make_app, smtp):
    """The app with a mail server, and with the mailbox of this setting."""

    def made(setting):
        app = make_app(mail=MailSettings("127.0.0.1", smtp.port, "zalen@zalen.example"), mail_inbox=setting)
        app.extensions.pop("patience with the inbox", None)
        return app

    return made


def answer_to(letter, words, **headers):
    """What a mail program makes of "answer"."""
    message = EmailMessage()
    message["From"], message["To"] = letter["To"], letter["Reply-To"]
    message["In-Reply-To"] = letter["Message-ID"]
    message["Message-ID"] = "<antwoord@harmonie.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    quoted = "\n".join(f"> {line}" for line in letter.get_body(("plain",)).get_content().splitlines())
    message.set_content(f"{words}\n\nOp ma 23 nov. 2026 om 10:00 schreef Zalenzoeker <x@y.example>:\n\n{quoted}\n")
    return message.as_bytes()


def test_worker_reads_a_diary_that_was_handed_in(app):
    room = make_room()
    evening = event("DTSTART:20270116T190000", "DTEND:20270116T220000")
    diaries.hand_in(room.venue.slug, room.slug, calendar(evening), 30, by=make_decider(room), now=NOW)
    assert (rounds.read_diary(NOW), rounds.read_diary(NOW)) == (True, False)
    db.session.close()
    assert [one.dates for one in db.session.query(Diary)] == [1]


def test_worker_goes_to_no_host_where_none_is_set(app):
    room = make_room()
    address = "https://agenda.example/a.ics"
    diaries.follow(room.venue.slug, room.slug, address, {"agenda.example"}, by=make_decider(room), now=NOW)
    assert rounds.read_diary(NOW)
    db.session.close()
    assert [one.trouble for one in db.session.query(Diary)] == [Trouble.NOT_ALLOWED]


def said(code):
    db.session.close()
    return [(one.action, one.note) for one in read(code).events[1:]]


def asked_by_mail(smtp):
    """A question of a desk that left the house; returns the request and the letter."""
    room = make_room("zaal", venue=make_venue("open-huis-drongen"))
    fatima = make_decider(room)
    request = make_request(room=room)
    conversation.ask(request.code, "Met hoeveel?", by=fatima, now=NOW)
    while rounds.deliver():
        pass
    letter = next(one for one in reversed(smtp.messages) if one["To"] == ASKER)
    return request, letter


def test_question_that_left_is_answered_by_mail_and_stands_on_the_timeline_once(site, smtp, postbox, clock):
    with site(postbox.setting).app_context():
        request, letter = asked_by_mail(smtp)
        assert letter["Reply-To"].startswith("zalen+")
        answer = answer_to(letter, "Met twintig.\n\nGroeten, An")
        postbox.gets(answer, answer)
        assert (rounds.read_inbox(NOW + MINUTE), postbox.unread()) == (2, 0)
        asked = (Action.ASK, "Met hoeveel?")
        assert said(request.code) == [asked, (Action.REPLY, "Met twintig.\n\nGroeten, An")]
        assert limits.last_beat(incoming.LOOKED) == NOW + MINUTE
        while rounds.deliver():
            pass
        to_desk = smtp.messages[-1]
        assert (to_desk["To"], to_desk["Reply-To"].startswith("zalen+")) == ("fatima@amandsberg.example", True)
        postbox.gets(answer_to(to_desk, "Dank je. Tot dan!", Message_ID="<terug@huis.example>"))
        assert rounds.read_inbox(NOW + 2 * MINUTE) == 1
        assert said(request.code)[-1] == (Action.ASK, "Dank je. Tot dan!")


def test_our_own_letters_that_come_back_to_the_mailbox_answer_nothing(site, smtp, postbox, clock):
    with site(postbox.setting).app_context():
        request, letter = asked_by_mail(smtp)
        postbox.gets(letter.as_bytes())
        assert rounds.read_inbox(NOW + MINUTE) == 1
        assert len(said(request.code)) == 1


def test_letters_without_a_mailbox_are_answered_directly(site, smtp, clock):
    with site(None).app_context():
        _request, letter = asked_by_mail(smtp)
        assert letter["Reply-To"] == "open-huis-drongen@huis.example"
        assert rounds.read_inbox(NOW) == 0


def test_mailbox_that_is_away_is_asked_ever_less_often_and_then_found_again(site, postbox, clock, caplog):
    with site(imap.Postbox.setting_at(1)).app_context():
        for minutes in range(40):
            rounds.read_inbox(NOW + minutes * MINUTE)
        assert len(caplog.records) == 5  # after 0, 2, 6, 14 and 30 minutes
        assert limits.last_beat(incoming.LOOKED) is None
        assert imap.PASSWORD not in caplog.text
    with site(postbox.setting).app_context():
        for seconds in range(0, 180, 15):
            rounds.read_inbox(NOW + timedelta(seconds=seconds))
        assert limits.last_beat(incoming.LOOKED) == NOW + timedelta(seconds=120)


def test_mailbox_that_breaks_off_before_the_mark_brings_the_mail_again_and_it_counts_once(site, smtp, postbox, clock):
    with site(postbox.setting).app_context():
        request, letter = asked_by_mail(smtp)
    postbox.gets(answer_to(letter, "Met twintig."))
    for lets_through in range(200, 6000, 400):
        with (
            imap.gate(postbox.port, lets_through=lets_through) as port,
            site(imap.Postbox.setting_at(port)).app_context(),
        ):
            rounds.read_inbox(NOW + MINUTE)
    with site(postbox.setting).app_context():
        rounds.read_inbox(NOW + MINUTE)
        assert [note for _action, note in said(request.code)] == ["Met hoeveel?", "Met twintig."]
    assert postbox.unread() == 0


def test_doctor_tells_whether_the_mailbox_opens(site, postbox, clock):
    def told(setting):
        app = site(setting)
        with app.app_context():
            said = app.test_cli_runner().invoke(args=["doctor"]).output
        return [line for line in said.splitlines() if "mailbox" in line]

    assert told(postbox.setting) == []
    (line,) = told(imap.Postbox.setting_at(1))
    assert line.startswith("✗ the mailbox for answers does not open: ConnectionRefusedError")
