"""A letter in words as an e-mail: as an object of the email library, and as the same bytes in a tenth of the time."""

import re
from base64 import b64encode
from collections.abc import Sequence
from email import quoprimime
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import lru_cache
from typing import NamedTuple

LONGEST_LINE = 500
# Python folds a long subject before its first word, and some programs then show a space in front of it.
POLICY = EmailPolicy(linesep="\r\n", max_line_length=LONGEST_LINE)
UNICODE_POLICY = POLICY.clone(utf8=True)
HEADERS_KEPT = 1000
# Neither can stand in what a letter says: its texts are quoted, with a figure after each equals sign, and its files
# are letters and figures.
INNER, OUTER = "==zalenzoeker-inner==", "==zalenzoeker-outer=="
# What the library writes as it stands, by the header; everything else it is asked about.
WORDS = re.compile(r"(?!.*=\?)[!-~]+(?: [!-~]+)*")
TO_BE_QUOTED = re.compile(r"[^\t\n -<>-~]")
DOTTED = r"[0-9A-Za-z_+-]+(?:\.[0-9A-Za-z_+-]+)*"
ADDRESS = re.compile(rf"{DOTTED}@{DOTTED}")
MARK = re.compile(rf"<[0-9A-Za-z_-]+@{DOTTED}>")
AS_THEY_STAND = {
    "Subject": WORDS,
    "To": ADDRESS,
    "Reply-To": ADDRESS,
    "Message-ID": MARK,
    "References": MARK,
    "In-Reply-To": MARK,
    "Thread-Topic": WORDS,
    "List-Unsubscribe": WORDS,
}


class CalendarFile(NamedTuple):
    """``is_inside``: it also stands in the letter, beside its texts, where mail programs show it as an invitation."""

    content: bytes
    method: str
    name: str
    is_inside: bool


class Said(NamedTuple):
    """What a letter says: its headers in their order, the same facts as text and as HTML, and what it brings along."""

    headers: Sequence[tuple[str, str]]
    text: str
    markup: str
    language: str
    file: CalendarFile | None = None


def as_message(said: Said) -> EmailMessage:
    """The letter as the library has it. Raises ValueError for a header that does not stay on its line."""
    message = EmailMessage(policy=POLICY)
    for name, value in said.headers:
        message[name] = value
    # Seven bits, so that no server on the way has to be asked whether it takes eight.
    message.set_content(said.text, cte="quoted-printable")
    message.add_alternative(said.markup, subtype="html", cte="quoted-printable")
    if said.file:
        content, parameters = said.file.content, {"method": said.file.method, "charset": "utf-8"}
        if said.file.is_inside:
            message.add_alternative(content, maintype="text", subtype="calendar", params=parameters)
        message.add_attachment(content, maintype="text", subtype="calendar", params=parameters, filename=said.file.name)
    # At the end: setting the contents takes away every header about them.
    message["Content-Language"] = said.language
    return message


def as_bytes(said: Said, *, is_plain: bool) -> bytes:
    """The letter as it goes to the mail server, but for what stands between its parts the same bytes as the library's.

    ``is_plain``: all addresses are, so that the headers are ASCII. Raises ValueError as `as_message` does.
    """
    file, kind = said.file, "mixed" if said.file else "alternative"
    found = [_header(name, value, is_plain=is_plain) for name, value in said.headers]
    found.append(f"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=")
    found.append(f'"{OUTER if file else INNER}"\r\n')
    found.append(_header("Content-Language", said.language, is_plain=is_plain))
    if file:
        found.append(f'\r\n--{OUTER}\r\nContent-Type: multipart/alternative; boundary="{INNER}"\r\n')
    found.append(f"\r\n--{INNER}\r\n{_text('plain')}\r\n{_quoted(said.text)}")
    found.append(f"\r\n--{INNER}\r\n{_text('html')}MIME-Version: 1.0\r\n\r\n{_quoted(said.markup)}")
    if file:
        about = f'Content-Type: text/calendar; method="{file.method}"; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
        encoded, base64 = _encoded(file.content), "Content-Transfer-Encoding: base64\r\n"
        if file.is_inside:
            found.append(f"\r\n--{INNER}\r\n{base64}{about}\r\n{encoded}")
        found.append(f"\r\n--{INNER}--\r\n\r\n--{OUTER}\r\n{base64}")
        found.append(f'Content-Disposition: attachment; filename="{file.name}"\r\n{about}\r\n{encoded}')
        found.append(f"\r\n--{OUTER}--\r\n")
    else:
        found.append(f"\r\n--{INNER}--\r\n")
    return "".join(found).encode()


def _header(name: str, value: str, *, is_plain: bool) -> str:
    plain = AS_THEY_STAND.get(name)
    if plain and len(name) + len(value) + 2 <= LONGEST_LINE and plain.fullmatch(value):
        return f"{name}: {value}\r\n"
    return _folded(name, value, is_plain=is_plain)


@lru_cache(HEADERS_KEPT)
def _folded(name: str, value: str, *, is_plain: bool) -> str:
    """A header as the library writes it, which takes longer than all templates of a letter; many are in every one."""
    policy = POLICY if is_plain else UNICODE_POLICY
    return str(policy.fold(*policy.header_store_parse(name, value)))


def _text(subtype: str) -> str:
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'


def _quoted(words: str) -> str:
    lines = (b"\n".join(words.encode().splitlines()) + b"\n").decode("latin-1")
    # The library looks at each line; most letters have none that is too long, or ends in white space.
    quoted = TO_BE_QUOTED.sub(lambda found: f"={ord(found[0]):02X}", lines)
    if " \n" in quoted or "\t\n" in quoted or max(map(len, quoted.split("\n"))) >= LONGEST_LINE - 1:
        quoted = quoprimime.body_encode(lines, LONGEST_LINE)
    return quoted.replace("\n", "\r\n")


def _encoded(content: bytes) -> str:
    step = LONGEST_LINE // 4 * 3
    return "".join(f"{b64encode(content[at : at + step]).decode()}\r\n" for at in range(0, len(content), step))
