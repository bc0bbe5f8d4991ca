"""From the bytes of a mail to what it says: whatever they are, something comes out and nothing is raised."""

# What is read comes from anybody: headers are taken apart by hand where the library would stumble, a text in an unknown
# alphabet is read as far as it goes, and only so much of it is looked at.

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from html import unescape

from zalenzoeker.domain.incoming import LONGEST_WORDS, IncomingMail, Nature, readable
from zalenzoeker.domain.quoting import without_quotes

MOST_LETTERS = 50_000
MOST_HEADER = 10_000
MOST_IDS = 50
# What the library is known to stumble over.
STUMBLES = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, MessageError)
WHERE_IT_WENT = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
WHAT_IT_ANSWERS = ("In-Reply-To", "References")
TOKEN = re.compile(r"\+([0-9a-f]{24})@")
MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{10,43})@")
PRECEDENCES_OF_MACHINES = {"bulk", "junk", "list", "auto_reply"}
MARKS_OF_MACHINES = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "List-Id", "List-Unsubscribe", "Feedback-ID")
MACHINES = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@")
BLOCKS = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "pre", "blockquote"}
UNSEEN = {"head", "style", "script", "title", "template"}
SPACES = re.compile(r"\s+")
EMPTY_LINES = re.compile(r"\n(?:>? ?\n)+")
WHY_LENGTH = 300


def read(raw: bytes) -> IncomingMail:
    """What a mail says; of bytes that are no mail, that they are of nobody."""
    try:
        return _read(message_from_bytes(raw), raw)
    except STUMBLES:
        return IncomingMail(_key("", raw), "", Nature.AUTOMATIC)


def _read(message: Message, raw: bytes) -> IncomingMail:
    sender = parseaddr(_header(message, "From"))[1].casefold()
    key = _key(_header(message, "Message-ID").strip(), raw)
    tokens = tuple(dict.fromkeys(TOKEN.findall(" ".join(_all(message, WHERE_IT_WENT)).casefold())))
    letters = _ids(" ".join(_all(message, WHAT_IT_ANSWERS)))
    if message.get_content_type() == "multipart/report" or _header(message, "X-Failed-Recipients"):
        about, why = _failure(message)
        nature = Nature.BOUNCE if why else Nature.AUTOMATIC
        return IncomingMail(key, sender, nature, tokens, tuple(dict.fromkeys((*about, *letters))), why=why)
    if _is_of_a_machine(message, sender):
        return IncomingMail(key, sender, Nature.AUTOMATIC, tokens, letters)
    text, attachments = _contents(message)
    # One letter more than is kept, so that it can be told that there was more.
    words = without_quotes(readable(text))[: LONGEST_WORDS + 1]
    return IncomingMail(key, sender, Nature.PERSON, tokens, letters, words, attachments)


def _key(message_id: str, raw: bytes) -> str:
    """The same for every copy of a mail: by its Message-ID, or where it has none by all of it."""
    return hashlib.sha256(message_id.encode("utf-8", "replace") or raw).hexdigest()


def _header(message: Message, name: str) -> str:
    """A header in letters; as it stands where it cannot be decoded."""
    plain = str(message.get(name) or "")[:MOST_HEADER]
    try:
        return str(make_header(decode_header(plain)))
    except STUMBLES:
        return plain


def _all(message: Message, names: tuple[str, ...]) -> list[str]:
    found = [str(value)[:MOST_HEADER] for name in names for value in message.get_all(name, [])[:MOST_IDS]]
    return [*found, *(address for _name, address in getaddresses(found))] if names is WHERE_IT_WENT else found


def _ids(words: str) -> tuple[str, ...]:
    """The local parts of Message-IDs, the last one first: that is the letter that is answered."""
    return tuple(dict.fromkeys(reversed(MESSAGE_ID.findall(words)[-MOST_IDS:])))


def _is_of_a_machine(message: Message, sender: str) -> bool:
    """Whether a program wrote it, as far as programs say so (RFC 3834, and what came before it)."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    precedence = _header(message, "Precedence").strip().casefold()
    return (
        submitted not in ("", "no")
        or precedence in PRECEDENCES_OF_MACHINES
        or any(message.get(name) is not None for name in MARKS_OF_MACHINES)
        or _header(message, "Return-Path").strip() == "<>"
        or sender.startswith(MACHINES)
        or "@" not in sender
    )


def _failure(message: Message) -> tuple[tuple[str, ...], str]:
    """The letters that a report is about and why they failed; without a reason it is only a delay, or a receipt."""
    about: list[str] = []
    why = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            why = why or _why(part)
        elif kind == "text/rfc822-headers":
            about += MESSAGE_ID.findall(_message_id(_text_of(part)))
        elif kind == "message/rfc822" and part.is_multipart() and isinstance(letter := part.get_payload(0), Message):
            about += MESSAGE_ID.findall(_header(letter, "Message-ID"))
    if not why and (failed := _header(message, "X-Failed-Recipients")):
        why = f"failed: {failed}"[:WHY_LENGTH]
        about += [] if about else MESSAGE_ID.findall(_message_id(_text_of(message)))
    return tuple(dict.fromkeys(about)), why


def _message_id(headers: str) -> str:
    return "\n".join(line for line in headers.splitlines() if line.casefold().startswith("message-id:"))


def _why(status: Message) -> str:
    """The first recipient for whom it failed for good, in words; empty where nobody is."""
    blocks = status.get_payload() if status.is_multipart() else []
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and _header(block, "Action").strip().casefold() == "failed":
            said = [_header(block, name) for name in ("Status", "Diagnostic-Code")]
            return " ".join(" ".join(said).split())[:WHY_LENGTH] or "failed"
    return ""


def _contents(message: Message) -> tuple[str, int]:
    """The text, of its HTML where there is no other, and how many attachments there are."""
    plain, html, attachments = "", "", 0
    for part in _leaves(message):
        kind = part.get_content_type()
        is_text = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
        if not is_text or part.get_filename():
            attachments += kind != "text/calendar" and not part.get("Content-ID")
        elif kind == "text/plain":
            plain = plain or _text_of(part)
        else:
            html = html or _text_of(part)
    return plain if plain.strip() else _text_of_html(html), attachments


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; of a mail that was sent along, only that it is there."""
    if message.get_content_maintype() == "message":
        yield message
    elif message.is_multipart():
        parts = message.get_payload()
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _text_of(part: Message) -> str:
    held = part.get_payload(decode=True)
    content = held if isinstance(held, bytes) else b""
    for charset in (str(part.get_content_charset() or "utf-8"), "utf-8"):
        try:
            return content.decode(charset)[:MOST_LETTERS]
        except (LookupError, ValueError, TypeError):
            continue
    return content.decode("latin-1")[:MOST_LETTERS]


def _text_of_html(page: str) -> str:
    """The words of HTML: a block is a line, what is quoted gets its mark, and what nobody sees is left out.

    By hand and once over: the parser of the library needs minutes for tags that are opened and never closed.
    """
    words: list[str] = []
    quotes = hidden = 0
    for text, tag in _pieces(page):
        if not hidden:
            words.append(SPACES.sub(" ", unescape(text)))
        name = tag.lstrip("/")
        step = -1 if tag.startswith("/") else 1
        if name in UNSEEN:
            hidden = max(0, hidden + step)
        elif name == "body":
            hidden = 0
        elif name == "blockquote":
            quotes = max(0, quotes + step)
        if name in BLOCKS and tag != "/br":
            words.append("\n" + "> " * min(quotes, 3))
    said = [line.strip() for line in "".join(words).split("\n")]
    # Each block opens and closes a line: more than one empty line between two says nothing.
    return EMPTY_LINES.sub("\n\n", "\n".join(said)).strip()


def _pieces(page: str) -> Iterator[tuple[str, str]]:
    """Each stretch of text with the tag that ends it: its name, with a stroke before it where it closes."""
    at = 0
    while (opens := page.find("<", at)) >= 0:
        end = "-->" if page.startswith("<!--", opens) else ">"
        closes = page.find(end, opens)
        if closes < 0:
            break
        yield page[at:opens], (page[opens + 1 : opens + 40].split(">", 1)[0].split() or [""])[0].rstrip("/").casefold()
        at = closes + len(end)
    yield page[at : page.find("<", at) if page.find("<", at) >= 0 else len(page)], ""
