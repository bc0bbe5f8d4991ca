"""What a house adds to letters in its own words: which names in it are filled in, and nothing else."""

# A plain replacing of these names, once. A template language, or str.format, would let a text reach into our objects.

import re
from collections.abc import Mapping
from enum import StrEnum

LONGEST = 800


class Name(StrEnum):
    """What may stand between braces, as houses write it."""

    CONTACT = "naam"
    ACTIVITY = "activiteit"
    ROOM = "zaal"
    HOUSE = "huis"
    DAY = "dag"
    HOURS = "uren"
    PHONE = "telefoon"
    REFERENCE = "nummer"


BRACED = re.compile(r"\{([^{}]*)\}")


def unknown(words: str) -> list[str]:
    """What stands between braces and is none of our names, each once."""
    return [one for one in dict.fromkeys(BRACED.findall(words)) if one not in set(Name)]


def filled(words: str, values: Mapping[Name, str]) -> str:
    """The words with the names filled in; what is filled in is not looked at again, what is unknown stays."""
    return BRACED.sub(lambda found: _value(found, values), words)


def _value(found: re.Match[str], values: Mapping[Name, str]) -> str:
    return values.get(Name(found[1]), found[0]) if found[1] in set(Name) else found[0]
