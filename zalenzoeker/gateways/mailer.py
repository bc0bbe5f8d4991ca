"""Letters as e-mail: written out from their templates, and handed to the mail server one after the other."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale, gettext
from jinja2 import TemplateError

from zalenzoeker.domain.activities import for_bystanders
from zalenzoeker.domain.letters import STOPPABLE, LetterKind, Parcel, SendNever
from zalenzoeker.gateways import calendar, house_words, stop_links, told, told_daily
from zalenzoeker.gateways.inbox import Mailbox
from zalenzoeker.gateways.letter_bytes import CalendarFile, Said, as_bytes, as_message
from zalenzoeker.gateways.letter_draft import Draft, Steps, at_once
from zalenzoeker.gateways.mail_server import Line

MAILBOXES_KEPT = 64
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
    """A letter as e-mail: text and HTML with the same facts, and the date as a calendar file where there is one."""
    return as_message(
        at_once(_said(parcel, sender=sender, sender_name=sender_name, public_url=public_url, inbox=inbox))
    )


def write(
    parcel: Parcel, *, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None = None
) -> Steps[bytes]:
    """The same letter as it is sent, in steps."""
    said = yield from _said(parcel, sender=sender, sender_name=sender_name, public_url=public_url, inbox=inbox)
    yield
    return as_bytes(said, is_plain=(sender + parcel.recipient).isascii())


def _said(parcel: Parcel, *, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None) -> Steps[Said]:
    """What a letter says. Between the steps the language is that of whoever waits.

    The Message-ID comes from the letter, so that a second copy can be recognised as one. ``inbox``: the mailbox
    in which answers are read, each by an address that names its letter.
    """
    answers_go_to = inbox.address_for(parcel.reply_token) if inbox and parcel.reply_token else parcel.reply_to
    domain = sender.rpartition("@")[2]
    with force_locale(parcel.language):
        facts = {**_facts(parcel, public_url), "is_read_by_mail": answers_go_to != parcel.reply_to}
        headers = [
            ("Subject", _subject(parcel.kind, facts)),
            ("From", _mailbox(_header(sender_name), sender)),
            ("To", parcel.recipient),
        ]
        if answers_go_to:
            headers.append(("Reply-To", answers_go_to))
        headers += [("Date", format_datetime(parcel.created_at)), ("Message-ID", f"<{parcel.code}@{domain}>")]
        if parcel.thread:
            # The same for all letters of a request. Nothing was ever sent under it: who gets the second letter of a
            # request first has them in one thread all the same.
            thread, topic = f"<{parcel.thread}@{domain}>", _header(parcel.facts.get("reference", ""))
            headers += [("References", thread), ("In-Reply-To", thread), ("Thread-Topic", topic)]
        if "stop_link" in facts:
            headers.append(("List-Unsubscribe", f"<{facts['stop_link']}>"))
            headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        headers += [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]
        text = _text(parcel.kind, facts)
    yield
    with force_locale(parcel.language):
        markup = _template(parcel.kind, "body.html", facts)
        file = _calendar_file(parcel, (sender, sender_name), public_url)
    return Said(headers, text, markup, parcel.language, file)


@lru_cache(MAILBOXES_KEPT)
def _mailbox(name: str, address: str) -> str:
    return str(Address(name, addr_spec=address))


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
    is_shielded = bool(facts.get("is_shielded"))
    return for_bystanders(facts.get("activity", ""), facts.get("reference", ""), is_shielded=is_shielded)


def _template(kind: LetterKind, name: str, facts: dict[str, Any]) -> str:
    # What a page knows of its visit is nothing to a letter.
    return current_app.jinja_env.get_template(f"mail/{kind}/{name}").render(facts)


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


def _calendar_file(parcel: Parcel, sender: tuple[str, str], public_url: str) -> CalendarFile | None:
    """What a letter changes in a calendar: one date as the same bytes in the letter and beside it, more in one file.

    A file with more dates stands only beside the letter, because mail programs show one of them when it stands inside.
    """
    dates = _in_the_calendar(parcel)
    if not dates:
        return None
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
        return CalendarFile(calendar.announcement(entries, **words), "PUBLISH", "afspraken.ics", is_inside=False)
    content = calendar.invitation(entries[0], method=method, attendee=parcel.recipient, **words)
    return CalendarFile(content, method, "afspraak.ics", is_inside=True)


class Sender:
    """What the worker sends with: one line to the mail server for all its letters.

    While the server thinks about each line of a letter, the next letter is written out, step by step.
    """

    def __init__(self, line: Line, write: Callable[[Parcel], Steps[bytes]], sender: str) -> None:
        self._line, self._write, self._sender = line, write, sender
        self._coming: deque[Draft] = deque()

    def expect(self, parcels: Iterable[Parcel]) -> None:
        """These are sent next, in this order, if nothing comes between."""
        self._coming = deque(Draft(one, self._write) for one in parcels)

    def __call__(self, parcel: Parcel) -> None:
        """Send a letter; one that cannot be written out is given up, with the reason. Raises as `Line.hand_over`."""
        is_expected = bool(self._coming) and self._coming[0].parcel is parcel
        draft = self._coming.popleft() if is_expected else Draft(parcel, self._write)
        try:
            content = draft.finish()
        except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
            raise SendNever(f"cannot be written: {error!r}") from error
        self._line.hand_over(content, sender=self._sender, recipient=parcel.recipient, meanwhile=self._write_ahead)

    def _write_ahead(self) -> None:
        if self._coming:
            self._coming[0].go_on()


@contextmanager
def sender_of(*, sender: str, sender_name: str, public_url: str, inbox: Mailbox | None = None) -> Iterator[Sender]:
    """What the worker sends with; its line to the mail server ends with this."""
    line = Line()
    own = partial(write, sender=sender, sender_name=sender_name, public_url=public_url, inbox=inbox)
    try:
        yield Sender(line, own, sender)
    finally:
        line.hang_up()


def keep(parcel: Parcel) -> None:
    """The demonstration's letter box: the letter stays readable where it is."""
