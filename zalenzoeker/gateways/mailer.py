"""Letters as e-mail: written out from their templates, and handed to the mail server one after the other."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale, gettext
from jinja2 import TemplateError

from zalenzoeker.domain.letters import STOPPABLE, LetterKind, Parcel, SendNever
from zalenzoeker.gateways import calendar, house_words, stop_links, told, told_daily
from zalenzoeker.gateways.inbox import Mailbox
from zalenzoeker.gateways.mail_server import Line

HEADERS_KEPT = 1000


class SharedHeaders(HeaderRegistry):
    """Headers are read by Python as they are set, which costs more than all templates of a letter.

    Most are the same in every letter; these are read once and shared, for one that was made is never changed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._class_of = lru_cache(HEADERS_KEPT)(super().__getitem__)
        self._read = lru_cache(HEADERS_KEPT)(super().__call__)

    def __getitem__(self, name: str) -> Any:
        return self._class_of(name)

    def __call__(self, name: str, value: Any) -> BaseHeader:
        # An address built from its parts cannot be remembered by them.
        return self._read(name, value) if isinstance(value, str) else super().__call__(name, value)


class LetterPolicy(EmailPolicy):
    """How letters are written out: a header that was written before is not folded again."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _folded(self, name, value)


@lru_cache(HEADERS_KEPT)
def _folded(policy: LetterPolicy, name: str, value: Any) -> bytes:
    return EmailPolicy.fold_binary(policy, name, value)


# Python folds a long subject before its first word, and some programs then show a space in front of it.
POLICY = LetterPolicy(linesep="\r\n", max_line_length=500, header_factory=SharedHeaders())
UNICODE_POLICY = POLICY.clone(utf8=True)
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
        message["Subject"] = _subject(parcel.kind, facts)
        message["From"] = str(Address(_header(sender_name), addr_spec=sender))
        message["To"] = parcel.recipient
        if answers_go_to:
            message["Reply-To"] = answers_go_to
        message["Date"] = format_datetime(parcel.created_at)
        message["Message-ID"] = f"<{parcel.code}@{domain}>"
        if parcel.thread:
            # The same for all letters of a request. Nothing was ever sent under it: who gets the second letter of a
            # request first has them in one thread all the same.
            message["References"] = message["In-Reply-To"] = f"<{parcel.thread}@{domain}>"
            message["Thread-Topic"] = _header(parcel.facts.get("reference", ""))
        if "stop_link" in facts:
            message["List-Unsubscribe"] = f"<{facts['stop_link']}>"
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
        return _subject(parcel.kind, facts), text.strip()


def _header(words: str) -> str:
    """Words for a header: on one line, and without what reads as an encoded word.

    EmailMessage decodes an encoded word that somebody typed, ``=?utf-8?q?=0D=0ABcc:…?=``, and writes its line end.
    """
    return " ".join(words.replace("=?", "= ?").split())


def _subject(kind: LetterKind, facts: dict[str, Any]) -> str:
    return _header(_template(kind, "subject.txt", {**facts, "activity": _name_for_bystanders(facts)}))


def _name_for_bystanders(facts: Mapping[str, Any]) -> str:
    """What an activity is called where somebody may look over a shoulder: a locked telephone shows subjects, and a
    calendar is shared with a household or an office. Of a shielded one that is the label of its request.
    """
    found: str = facts.get("reference" if facts.get("is_shielded") else "activity", "")
    return found


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
        facts["house_words"] = house_words.written(facts["house_words"], facts["moments"][0].slot, facts)
    if parcel.kind is LetterKind.DAILY_LETTER:
        facts = told_daily.facts_of_daily(facts)
    if "activities" in facts:
        facts["days"] = told.days_of(facts["activities"])
    if parcel.kind in STOPPABLE:
        facts["stop_link"] = link("stopping.show", token=stop_links.token_of(parcel.code))
    if parcel.kind in ENDED_BY and "token" in facts:
        facts["stop_link"] = link(ENDED_BY[parcel.kind], token=facts["token"])
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
            summary=gettext("%(activity)s, %(room)s", activity=_name_for_bystanders(facts), room=one.room),
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


@contextmanager
def sender_of(
    *, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None = None
) -> Iterator[Callable[[Parcel], None]]:
    """What the worker sends with: one line to the mail server for all its letters, which ends with this.

    A letter that cannot be written out is given up, with the reason.
    """
    line = Line()

    def send(parcel: Parcel) -> None:
        try:
            message = compose(parcel, sender=sender, sender_name=sender_name, public_url=public_url, inbox=inbox)
            is_plain = (sender + parcel.recipient).isascii()
            content = message.as_bytes(policy=POLICY if is_plain else UNICODE_POLICY)
        except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
            raise SendNever(f"cannot be written: {error!r}") from error
        line.hand_over(content, sender=sender, recipient=parcel.recipient)

    try:
        yield send
    finally:
        line.hang_up()


def keep(parcel: Parcel) -> None:
    """The demonstration's letter box: the letter stays readable where it is."""
