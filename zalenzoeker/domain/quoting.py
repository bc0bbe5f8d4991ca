"""What somebody wrote anew in an answer by mail, without the letter that it answers and without the signature."""

# Line by line and once over, so that no letter, however odd, costs more than its length. The libraries that were tried
# leave "Op … schreef …:" standing and need half a minute for twenty thousand characters of bad will.

import re
from collections.abc import Sequence

QUOTE = ">"
# A line that says who wrote what follows may be broken over so many lines.
LONGEST_HEAD = 4
LONGEST_HEAD_LETTERS = 400
BEGINS = ("op ", "on ", "le ", "am ", "el ")
WROTE = ("schreef", "geschreven", "wrote", "écrit", "schrieb", "escribió")
# Whoever tells "op zondag schreef ik:" names no address and no hour.
NAMES_A_LETTER = re.compile(r"@|\d[:.]\d\d")
RULES = (
    "oorspronkelijk bericht",
    "original message",
    "message d'origine",
    "doorgestuurd bericht",
    "forwarded message",
    "ursprüngliche nachricht",
)
FIELDS = {
    "van", "from", "de", "von",
    "verzonden", "datum", "date", "sent", "envoyé", "gesendet",
    "aan", "to", "à", "an", "onderwerp", "subject", "objet", "betreff", "cc",
}  # fmt: skip
FIRST_FIELDS = {"van", "from", "de", "von"}
FIELDS_LOOKED_AT = 6
FIELDS_NEEDED = 3
SIGNED_BY_A_PROGRAM = (
    "verzonden vanaf",
    "verzonden met",
    "verstuurd vanaf",
    "verstuurd met",
    "sent from my",
    "sent with",
    "outlook voor android",
    "outlook voor ios",
    "get outlook for",
    "download outlook",
    "envoyé de mon",
)
GAPS = re.compile(r"\n{3,}")


def without_quotes(text: str) -> str:
    """The new words of an answer; empty where there are none. Answers between quoted lines stay, the quotes go."""
    lines = [line.replace("\N{NO-BREAK SPACE}", " ").rstrip() for line in text.split("\n")]
    at, length = _head_of_quote(lines)
    above = _said(lines[:at])
    return above or _said(lines[at + length :])


def _said(lines: Sequence[str]) -> str:
    own: list[str] = []
    for line in lines:
        if line.strip() == "--":
            break
        if not line.lstrip().startswith(QUOTE):
            own.append(line)
    own = _without_program(own)
    while own and not own[-1].strip("_-=* \t"):
        own.pop()
    return GAPS.sub("\n\n", "\n".join(own)).strip()


def _without_program(lines: Sequence[str]) -> list[str]:
    """Without the last line that a telephone adds by itself."""
    for number in range(len(lines) - 1, -1, -1):
        words = lines[number].strip(" *_[]").casefold()
        if words.startswith(SIGNED_BY_A_PROGRAM):
            return [*lines[:number]]
        if words:
            break
    return [*lines]


def _head_of_quote(lines: Sequence[str]) -> tuple[int, int]:
    """Where the letter begins that is answered, and how many lines say so; the end where there is none."""
    for number, line in enumerate(lines):
        words = line.strip(" *>\t").casefold()
        if not words:
            continue
        if words.startswith("-") and words.strip("- ").startswith(RULES):
            return number, 1
        if words.startswith(BEGINS) and (length := _length_of_head(lines, number)):
            return number, length
        if _field(line) in FIRST_FIELDS and _are_fields(lines[number : number + FIELDS_LOOKED_AT]):
            return number, sum(1 for one in lines[number : number + FIELDS_LOOKED_AT] if _field(one) in FIELDS)
    return len(lines), 0


def _length_of_head(lines: Sequence[str], at: int) -> int:
    """Of how many lines "Op … schreef …:" is that begins here; 0 where it is none."""
    said = ""
    for length in range(1, LONGEST_HEAD + 1):
        if at + length > len(lines):
            return 0
        said = f"{said} {lines[at + length - 1].strip(' *>')}".strip()
        if len(said) > LONGEST_HEAD_LETTERS:
            return 0
        words = said.casefold()
        if words.endswith(":") and any(one in words for one in WROTE):
            return length if NAMES_A_LETTER.search(words) else 0
    return 0


def _field(line: str) -> str:
    """The name before the colon, as programs write it above a letter that is answered."""
    name, colon, _rest = line.strip(" *>\t").partition(":")
    return name.strip(" *").casefold() if colon and len(name) < 20 else ""


def _are_fields(lines: Sequence[str]) -> bool:
    return len({_field(line) for line in lines} & FIELDS) >= FIELDS_NEEDED
