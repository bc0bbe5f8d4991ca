"""The line to the mail server: one for several letters, to nobody but that server, called again when it ends."""

import os
import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from tests import smtp as mail_server_of_tests
from tests.smtp import Door, Fault
from zalenzoeker.config import MailSettings
from zalenzoeker.domain.letters import NoServer, SendLater, SendNever
from zalenzoeker.domain.posting import MailStopped
from zalenzoeker.gateways import mail_server
from zalenzoeker.gateways.mail_server import Line

SENDER, READER = "zalen@stad.example", "an@post.example"
LETTER = b"Subject: Dag\r\nTo: an@post.example\r\n\r\n.Een punt vooraan blijft staan.\r\n"
# Made for these tests, for a hundred years: one for 127.0.0.1, one for another name. Nothing else knows them.
KEYS = Path(__file__).parents[1] / "keys"


@pytest.fixture
def house(make_app, smtp):
    """The app with a mail server, and little patience."""
    app = make_app(mail=MailSettings("127.0.0.1", smtp.port, SENDER))
    app.config["MAIL_TIMEOUT_SECONDS"] = 0.5
    with app.app_context():
        yield app


@pytest.fixture
def line(house):
    line = Line()
    yield line
    line.hang_up()


def hand_over(line: Line, recipient: str = READER) -> type[Exception] | None:
    """What became of one letter."""
    try:
        line.hand_over(LETTER, sender=SENDER, recipient=recipient)
    except (MailStopped, NoServer, SendLater, SendNever) as error:
        return type(error)
    return None


def test_letters_go_over_one_line(line, smtp):
    assert [hand_over(line) for _ in range(5)] == [None] * 5
    assert (smtp.lines, len(smtp.messages)) == (1, 5)
    assert smtp.messages[0].get_payload() == ".Een punt vooraan blijft staan.\r\n"


@pytest.mark.parametrize(
    "fault, means, lines",
    [
        (Fault.GREYLISTED, SendLater, 1),
        (Fault.UNKNOWN, SendNever, 1),
        (Fault.TOO_LARGE, SendNever, 1),
        (Fault.DATA_LATER, SendLater, 1),
        (Fault.DATA_NEVER, SendNever, 1),
        (Fault.LATER, SendLater, 1),
        (Fault.NEVER, SendNever, 1),
        # These end the line; the next letter opens another one.
        (Fault.CLOSING, NoServer, 2),
        (Fault.DROP_IN_DATA, SendLater, 2),
        (Fault.DROP_BEFORE, SendLater, 2),
        (Fault.DROP_AFTER, SendLater, 2),
        (Fault.HANG, SendLater, 2),
        (Fault.SENDER_REFUSED, MailStopped, 2),
        (Fault.SENDER_LATER, NoServer, 3),
    ],
)
def test_letter_after_a_fault_arrives_over_the_same_line_or_a_new_one(line, smtp, fault, means, lines):
    # "Not now" to the sender over a line that was open may mean the line: the second time it means us.
    times = 2 if fault is Fault.SENDER_LATER else 1
    smtp.faults.extend([Fault.NOTHING, *[fault] * times])
    assert [hand_over(line) for _ in range(3)] == [None, means, None]
    assert (smtp.lines, len(smtp.messages)) == (lines, 3 if fault is Fault.DROP_AFTER else 2)


def test_server_that_takes_few_letters_over_a_line_is_called_again_and_no_letter_loses_a_try(line, smtp):
    smtp.letters_a_line = 2
    assert [hand_over(line) for _ in range(5)] == [None] * 5
    assert (smtp.lines, len(smtp.messages)) == (3, 5)


def test_one_of_two_recipients_is_refused_and_the_other_has_the_letter(line, smtp):
    smtp.dead.add("bert@post.example")
    assert [hand_over(line), hand_over(line, "bert@post.example"), hand_over(line)] == [None, SendNever, None]
    assert smtp.lines == 1


@pytest.mark.parametrize(
    "door, means",
    [(Door.BUSY, NoServer), (Door.SLAMMED, NoServer), (Door.SLOW, NoServer), (Door.SHUT, MailStopped)],
)
def test_greeting_of_a_server_that_takes_nobody(line, smtp, door, means):
    smtp.doors.append(door)
    assert [hand_over(line), hand_over(line)] == [means, None]


def test_line_that_was_hung_up_can_be_used_again(line, smtp):
    assert hand_over(line) is None
    line.hang_up()
    line.hang_up()
    assert hand_over(line) is None
    assert smtp.lines == 2


def test_knock_says_whether_our_letters_are_taken_and_sends_none(house, smtp):
    mail_server.knock(SENDER)
    smtp.faults.append(Fault.SENDER_REFUSED)
    with pytest.raises(MailStopped, match=r"550 5\.7\.1"):
        mail_server.knock(SENDER)
    assert smtp.messages == []


@pytest.fixture
def trusts():
    """Say whose certificates this machine trusts, as its owner does: by OpenSSL's own settings."""
    names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
    before = {name: os.environ[name] for name in names if name in os.environ}

    def trust(name: str) -> None:
        os.environ.update({"SSL_CERT_FILE": str(KEYS / f"{name}.pem"), "SSL_CERT_DIR": str(KEYS / "none")})

    yield trust
    for name in names:
        os.environ.pop(name, None)
    os.environ.update(before)


def encrypted(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / f"{name}.pem")
    return context


def known(_server, _session, _envelope, _mechanism, auth_data):
    passwords.append(auth_data.password)
    return AuthResult(success=auth_data.password == b"goed", handled=False)


passwords: list[bytes] = []


@pytest.mark.parametrize(
    "names, password, means, heard",
    [
        (("localhost", "localhost"), "goed", None, {b"goed"}),
        (("localhost", "localhost"), "fout", MailStopped, {b"fout"}),
        # Whoever is there, it is not our server: it hears no password and gets no letter.
        (("localhost", "nobody"), "goed", MailStopped, set()),
        (("other", "other"), "goed", MailStopped, set()),
    ],
    ids=["our server", "wrong password", "certificate of nobody we know", "certificate of another server"],
)
def test_password_and_letters_go_only_to_the_server_that_proves_its_name(
    make_app, trusts, names, password, means, heard
):
    certificate, trusted = names
    passwords.clear()
    trusts(trusted)
    settings = {"tls_context": encrypted(certificate), "authenticator": known, "require_starttls": True}
    with mail_server_of_tests.running(**settings) as postbox:
        house = MailSettings("127.0.0.1", postbox.port, SENDER, "zalen", password, use_tls=True)
        with make_app(mail=house).app_context():
            line = Line()
            outcome = hand_over(line)
            line.hang_up()
    assert (outcome, set(passwords), len(postbox.messages)) == (means, heard, 0 if means else 1)
