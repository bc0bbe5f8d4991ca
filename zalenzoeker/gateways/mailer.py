"""Letters as e-mail: written out from their templates, handed to the mail server."""

import re
import smtplib
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale, gettext
from flask_mail import Connection, Mail
from jinja2 import TemplateError

from zalenzoeker.domain.letters import LetterKind, NoServer, Parcel, SendLater, SendNever
from zalenzoeker.gateways import calendar, told
from zalenzoeker.gateways.inbox import Mailbox

TIMEOUT_SECONDS = 10
# Python folds a long subject before its first word, and some programs then show a space in front of it.
POLICY = SMTP.clone(max_line_length=500)
PERMANENT = 500
GAPS = re.compile(r"\n{3,}")
# Which letters carry the date as a calendar file, and what it does to the calendar.
CALENDAR_METHODS: dict[LetterKind, calendar.Method] = {
    LetterKind.REQUEST_APPROVED: "REQUEST",
    LetterKind.REQUEST_CANCELLED: "CANCEL",
    LetterKind.REQUEST_WITHDRAWN: "CANCEL",
    LetterKind.DATES_CHANGED: "REQUEST",
    LetterKind.DATES_LET_GO: "CANCEL",
}
# Letters that somebody subscribed to: the view that ends that, by the token of the letter (RFC 8058).
ENDED_BY = {LetterKind.WEEKLY_LETTER: "weekly.unsubscribe"}


class PatientConnection(Connection):
    """Flask-Mail's connection with a timeout: smtplib alone waits for ever for a server that is silent."""

    def configure_host(self) -> smtplib.SMTP:
        patience = current_app.config.get("MAIL_TIMEOUT_SECONDS", TIMEOUT_SECONDS)
        host = smtplib.SMTP(self.mail.server, self.mail.port or 25, timeout=patience)
        try:
            if self.mail.use_tls:
                host.starttls()
            if self.mail.username:
                host.login(self.mail.username, self.mail.password or "")
        except (smtplib.SMTPException, OSError):
            host.close()
            raise
        return host


class PatientMail(Mail):
    """Flask-Mail whose connections do not wait for ever."""

    def connect(self) -> Connection:
        return PatientConnection(current_app.extensions["mail"])


mail = PatientMail()


def compose(
    parcel: Parcel, *, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None = None
) -> EmailMessage:
    """A letter as e-mail: text and HTML with the same facts, and the date as a calendar file where there is one.

    The Message-ID comes from the letter, so that a second copy can be recognised as one. ``inbox``: the mailbox
    in which answers are read, each by an address that names its letter.
    """
    answers_go_to = inbox.address_for(parcel.reply_token) if inbox and parcel.reply_token else parcel.reply_to
    domain = sender.rpartition("@")[2]
    with force_locale(parcel.language):
        facts = {**_facts(parcel, public_url), "is_read_by_mail": answers_go_to != parcel.reply_to}
        message = EmailMessage(policy=POLICY)
        message["Subject"] = _header(_template(parcel.kind, "subject.txt", facts))
        message["From"] = Address(_header(sender_name), addr_spec=sender)
        message["To"] = parcel.recipient
        if answers_go_to:
            message["Reply-To"] = answers_go_to
        message["Date"] = format_datetime(parcel.created_at)
        message["Message-ID"] = f"<{parcel.code}@{domain}>"
        if parcel.thread:
            message["References"] = f"<{parcel.thread}@{domain}>"
        if parcel.kind in ENDED_BY and "token" in facts:
            message["List-Unsubscribe"] = f"<{facts['link'](ENDED_BY[parcel.kind], token=facts['token'])}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        # Seven bits, so that no server on the way has to be asked whether it takes eight.
        message.set_content(_text(parcel.kind, facts), cte="quoted-printable")
        message.add_alternative(_template(parcel.kind, "body.html", facts), subtype="html", cte="quoted-printable")
        _attach_calendar(message, parcel, (sender, sender_name), public_url)
        # At the end: setting the contents takes away every header about them.
        message["Content-Language"] = parcel.language
    return message


def on_paper(parcel: Parcel, *, public_url: str) -> tuple[str, str]:
    """The subject and the text of a letter that is printed: without attachment, and without links to press."""
    with force_locale(parcel.language):
        facts = _facts(parcel, public_url)
        # Only a mail program knows what stands below two dashes.
        text = _text(parcel.kind, facts).replace("\n-- \n", "\n")
        return _header(_template(parcel.kind, "subject.txt", facts)), text.strip()


def _header(words: str) -> str:
    """Words for a header: on one line, and without what reads as an encoded word.

    EmailMessage decodes an encoded word that somebody typed, ``=?utf-8?q?=0D=0ABcc:…?=``, and writes its line end.
    """
    return " ".join(words.replace("=?", "= ?").split())


def _template(kind: LetterKind, name: str, facts: dict[str, Any]) -> str:
    return render_template(f"mail/{kind}/{name}", **facts)


def _text(kind: LetterKind, facts: dict[str, Any]) -> str:
    """The plain text; a part that has nothing to say leaves its blank lines behind, and these are closed up."""
    return GAPS.sub("\n\n", _template(kind, "body.txt", facts))


def _facts(parcel: Parcel, public_url: str) -> dict[str, Any]:
    address = urlsplit(public_url)
    routes = current_app.url_map.bind(address.netloc, url_scheme=address.scheme)

    def link(endpoint: str, **values: str) -> str:
        return routes.build(endpoint, values, force_external=True)

    facts = dict(parcel.facts)
    if "starts" in facts:
        facts = {**told.facts_of_request(facts), "in_the_calendar": _in_the_calendar(parcel)}
    if "activities" in facts:
        facts["days"] = told.days_of(facts["activities"])
    return {**facts, "link": link, "language": parcel.language}


def _in_the_calendar(parcel: Parcel) -> list[told.ToldDate]:
    """The dates by which this letter changes its reader's calendar; a desk has its own feed."""
    method = CALENDAR_METHODS.get(parcel.kind)
    if method is None or parcel.facts["is_for_desk"] or parcel.facts.get("is_printed"):
        return []
    dates = [one for one in told.facts_of_request(parcel.facts)["told"] if one.was_confirmed]
    # A change that only waits for a yes changes nothing yet.
    return dates if method == "CANCEL" else [one for one in dates if one.status in {"", "approved"}]


def _attach_calendar(message: EmailMessage, parcel: Parcel, sender: tuple[str, str], public_url: str) -> None:
    """What a letter changes in a calendar: one date as the same bytes in the letter and beside it, more in one file.

    A file with more dates stands only beside the letter, because mail programs show one of them when it stands inside.
    """
    dates = _in_the_calendar(parcel)
    if not dates:
        return
    facts, (address, name) = parcel.facts, sender
    method = CALENDAR_METHODS[parcel.kind]
    entries = [
        calendar.Entry(
            uid=one.uid,
            slot=one.slot,
            summary=gettext("%(activity)s, %(room)s", activity=facts["activity"], room=one.room),
            stamp=datetime.fromisoformat(facts["stamp"]),
            sequence=one.sequence,
            is_cancelled=method == "CANCEL",
            location=one.location,
            url=f"{public_url}/aanvragen/{facts['code']}",
        )
        for one in dates
    ]
    words = {"organizer": address, "organizer_name": name, "cancelled_prefix": gettext("Cancelled:")}
    if len(entries) > 1:
        content = calendar.announcement(entries, **words)
        _attach(message, content, "PUBLISH", "afspraken.ics")
        return
    content = calendar.invitation(entries[0], method=method, attendee=parcel.recipient, **words)
    parameters = {"method": method, "charset": "utf-8"}
    message.add_alternative(content, maintype="text", subtype="calendar", params=parameters)
    _attach(message, content, method, "afspraak.ics")


def _attach(message: EmailMessage, content: bytes, method: calendar.Method, name: str) -> None:
    parameters = {"method": method, "charset": "utf-8"}
    message.add_attachment(content, maintype="text", subtype="calendar", params=parameters, filename=name)


def knock() -> None:
    """Connect to the mail server and sign in, and send nothing. Raises NoServer."""
    _hang_up(_connected())


def _connected() -> smtplib.SMTP:
    try:
        connection = mail.connect().__enter__()
    except (smtplib.SMTPException, OSError) as error:
        raise NoServer(f"{type(error).__name__}: {error}") from error
    assert connection.host is not None, "mail is not suppressed"
    return connection.host


def post(message: EmailMessage) -> None:
    """Hand a message to the mail server. Raises SendLater, SendNever or NoServer; never waits long."""
    host = _connected()
    try:
        host.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refusal(code)(_words(code, words)) from error
    except smtplib.SMTPSenderRefused as error:
        raise NoServer(_words(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code)(_words(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise SendNever(str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendLater(f"{type(error).__name__}: {error}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # It is only while it is sent that a message is written out to its last byte.
        raise SendNever(f"cannot be written: {error!r}") from error
    finally:
        _hang_up(host)


def _refusal(code: int) -> type[SendNever | SendLater]:
    """A 5xx is for ever, a 4xx for now (RFC 5321, 4.2.1)."""
    return SendNever if code >= PERMANENT else SendLater


def _hang_up(host: smtplib.SMTP) -> None:
    """Say goodbye; a server that does not listen any more changes nothing about the letter."""
    try:
        host.quit()
    except (smtplib.SMTPException, OSError):
        host.close()


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


def sender_of(
    *, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None = None
) -> Callable[[Parcel], None]:
    """What the worker sends with. A letter that cannot be written out is given up, with the reason."""

    def send(parcel: Parcel) -> None:
        try:
            message = compose(parcel, sender=sender, sender_name=sender_name, public_url=public_url, inbox=inbox)
        except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
            raise SendNever(f"cannot be written: {error!r}") from error
        post(message)

    return send


def keep(parcel: Parcel) -> None:
    """The demonstration's letter box: the letter stays readable where it is."""
