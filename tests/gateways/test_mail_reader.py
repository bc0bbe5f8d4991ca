"""What a mail says, as programs write them and as nobody should: something comes out, and nothing is raised."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zalenzoeker.domain.incoming import LONGEST_WORDS, IncomingMail, Nature
from zalenzoeker.gateways import mail_reader

TOKEN = "0123456789abcdef01234567"
CODE = "Ab3-_" + "x" * 17
QUOTE = "\n\nOp ma 23 nov. 2026 om 10:00 schreef Huis <z@x.example>:\n> Met hoeveel?\n"


def mail(text="Met twintig." + QUOTE, *, html="", **headers):
    message = EmailMessage()
    defaults = {
        "From": "An Peeters <An@Harmonie.example>",
        "To": f"zalen+{TOKEN}@zalen.example",
        "Message-ID": "<een@harmonie.example>",
        "In-Reply-To": f"<{CODE}@zalen.example>",
        "Subject": "Re: Vraag",
    }
    for name, value in {**defaults, **{one.replace("_", "-"): value for one, value in headers.items()}}.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def read(message):
    return mail_reader.read(message.as_bytes())


def test_answer_of_a_person_says_who_to_which_letter_and_what():
    found = read(mail())
    key = found.key
    assert len(key) == 64
    assert found == IncomingMail(key, "an@harmonie.example", Nature.PERSON, (TOKEN,), (CODE,), "Met twintig.")


def test_copy_of_a_mail_has_the_same_key_and_another_mail_another():
    one, copy, other = mail(), mail(Received="by ergens"), mail(Message_ID="<twee@harmonie.example>")
    nameless, same = mail(Message_ID=None), mail(Message_ID=None)
    assert read(one).key == read(copy).key != read(other).key
    assert read(nameless).key == read(same).key != read(mail("Anders", Message_ID=None)).key


@pytest.mark.parametrize("name", ["Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_address_that_names_the_letter_is_found_wherever_servers_leave_it(name):
    found = read(mail(To="Het Huis <iets@anders.example>", **{name: f"ZALEN+{TOKEN.upper()}@Zalen.Example"}))
    assert found.tokens == (TOKEN,)


def test_letter_is_known_by_what_is_answered_the_last_one_first():
    ids = f"<oudste-van-alle@x> <{CODE}@zalen.example>"
    assert read(mail(To="x@y.example", In_Reply_To=None, References=ids)).letters == (CODE, "oudste-van-alle")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated (ons)"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"X-Autoreply": "yes"},
        {"List-Id": "<nieuws.x>"},
        {"Return-Path": "<>"},
        {"From": "MAILER-DAEMON@x.example"},
        {"From": "no-reply@x.example"},
        {"From": "geen adres"},
        {"From": None},
    ],
)
def test_what_a_machine_wrote_is_not_of_a_person(headers):
    assert read(mail(**headers)).nature is Nature.AUTOMATIC


def test_person_may_say_that_no_machine_wrote_it():
    assert read(mail(**{"Auto-Submitted": "no"})).nature is Nature.PERSON


def test_html_alone_is_read_as_text_without_what_is_quoted_and_hidden():
    html = (
        "<html><head><style>p { color: red }</style><title>x</title></head><body><p>Wij zijn met <b>20</b>.</p>"
        "<div>En&nbsp;jullie&amp;wij?</div><script>alert(1)</script>"
        "<div>Op ma 23 nov. 2026 om 10:00 schreef Huis &lt;z@x&gt;:</div><blockquote><p>Met hoeveel?</p></blockquote>"
        "</body></html>"
    )
    message = mail()
    message.set_content(html, subtype="html")
    assert read(message).words == "Wij zijn met 20.\n\nEn jullie&wij?"


def test_plain_text_goes_before_html_and_attachments_are_counted_not_read():
    message = mail(html="<p>Anders</p>")
    message.add_attachment(b"x" * 1000, maintype="application", subtype="pdf", filename="plan.pdf")
    message.add_attachment("Lees mij", filename="lees.txt")
    found = read(message)
    assert (found.words, found.attachments) == ("Met twintig.", 2)


@pytest.mark.parametrize(
    "charset, content, said",
    [
        ("utf-8", "caf\u00e9".encode(), "café"),
        ("iso-8859-15", "€ 5".encode("iso-8859-15"), "€ 5"),
        ("windows-1252", "’s avonds".encode("windows-1252"), "’s avonds"),
        ("utf-8", b"caf\xe9", "café"),
        ("bestaat-niet", "café".encode(), "café"),
        ("base64", b"ja", "ja"),
        ("utf-16", b"\xff", "ÿ"),
    ],
)
def test_text_is_read_in_whatever_alphabet_it_comes(charset, content, said):
    head = f"From: an@x.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert mail_reader.read(head.encode() + content).words == said


def report(action="failed", status="5.1.1", *, original=f"Message-ID: <{CODE}@zalen.example>\n", as_message=True):
    message = MIMEMultipart("report", report_type="delivery-status")
    message["From"], message["To"] = "MAILER-DAEMON@mx.example", "zalen@zalen.example"
    message["Message-ID"] = "<bounce@mx.example>"
    message.attach(MIMEText("Sorry."))
    status_part = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; an@x.example\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 no such user\n"
    )
    kind = "message/rfc822" if as_message else "text/rfc822-headers"
    original_part = f"Content-Type: {kind}\n\n{original}Subject: x\n\nx\n"
    head, _blank, body = message.as_string().partition("\n\n")
    boundary = message.get_boundary()
    closing = f"--{boundary}--"
    parts = f"--{boundary}\n{status_part}\n--{boundary}\n{original_part}\n{closing}"
    return f"{head}\n\n{body.replace(closing, parts)}".encode()


@pytest.mark.parametrize("as_message", [True, False])
def test_report_that_a_letter_failed_says_which_and_why(as_message):
    found = mail_reader.read(report(as_message=as_message))
    why = "5.1.1 smtp; 550 no such user"
    assert (found.nature, found.letters, found.why) == (Nature.BOUNCE, (CODE,), why)


def test_report_of_an_old_server_is_known_by_its_header():
    message = mail(f"Failed.\nMessage-ID: <{CODE}@zalen.example>\n", In_Reply_To=None, From="postmaster@x.example")
    message["X-Failed-Recipients"] = "an@x.example"
    found = read(message)
    assert (found.nature, found.letters, found.why) == (Nature.BOUNCE, (CODE,), "failed: an@x.example")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_report_of_a_delay_or_a_receipt_is_no_bounce(action):
    assert mail_reader.read(report(action, "4.4.1")).nature is Nature.AUTOMATIC


def test_long_mail_is_read_as_far_as_it_is_kept():
    found = read(mail("a" * 10_000))
    assert (len(found.words), found.is_cut) == (LONGEST_WORDS + 1, True)


BROKEN = [
    b"",
    b"\x00\xff\xfe",
    b"From: \r\n",
    b"From: =?utf-8?q?=00=0D=0A?= <a@b>\r\n\r\nx",
    b"From: a@b\r\nContent-Type: multipart/mixed; boundary=\r\n\r\nx",
    b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n--x",
    b"From: a@b\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\xff",
    b"From: a@b\r\nContent-Type: text/plain; charset*=utf-8''%ff\r\n\r\nx",
    b"From: a@b\r\nContent-Type: message/rfc822\r\n\r\n",
    b"From: a@b\r\nContent-Type: multipart/report\r\n\r\nx",
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    b"From: a@b\r\n" + b"To: " + b"+" * 100_000 + b"\r\n\r\n",
    b"From: a@b\r\nReferences: " + b"<" * 100_000 + b"\r\n\r\n",
    b"From: " + b"(" * 50_000 + b"\r\n\r\n",
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + b"<" * 100_000,
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + b"<![CDATA[" * 20_000,
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + b"<a " * 60_000,
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + b"<!-- " * 40_000,
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 40_000,
    b"From: a@b\r\nContent-Type: text/html\r\n\r\n&#9999999999;&#xd800;&#0;<blockquote></p></blockquote></blockquote>",
]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_broken_mail_is_read_quickly_as_far_as_it_goes(number):
    starts = perf_counter()
    found = mail_reader.read(BROKEN[number])
    assert perf_counter() - starts < 10
    assert len(found.key) == 64
    assert found.kept_words.encode() == found.kept_words.encode("utf-8", "strict")


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw):
    assert len(mail_reader.read(raw).key) == 64


PIECES = ["From: an@x.example", "Content-Type: ", "multipart/report", "text/html", "; boundary=x", "charset=", "\r\n"]
PIECES += ["--x", "\r\n\r\n", "=?utf-8?b?", "?=", "<", ">", "\x00", "é", "message/delivery-status", "Action: failed"]
PIECES += ["message/rfc822", "Content-Transfer-Encoding: base64", "quoted-printable", "=", "Op x 10:00 schreef y:"]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_pieces_of_mail_are_read(pieces):
    found = mail_reader.read("".join(pieces).encode())
    assert (len(found.key), "\x00" in found.words) == (64, False)
