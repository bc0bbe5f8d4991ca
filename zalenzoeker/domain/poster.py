"""How large a poster is written, so that it is read from two metres, and where its long words may break."""

import math
from enum import StrEnum

# From here one reads it: the pavement before a door.
DISTANCE_MM = 2000
# What one reads by is the height of an x: in Fira Sans 527 thousandths of its size.
X_HEIGHT = 0.527
POINTS_PER_MM = 72 / 25.4
# A normal eye tells letters of five minutes of arc apart: that is 10/10 on a letter chart. Ten minutes are read by
# who sees half of that (5/10), and without effort by the others; seven by 7/10, as most people of seventy-five see.
EASY_MINUTES, SMALLEST_MINUTES = 10, 7
# What does not matter from two metres: the end of an event, its room, how one subscribes. Read from half as near.
NEARBY_MM = 1200

# How much larger than what is easily read a week with one or two lines becomes.
LARGER = 1.5
LONGEST_WORD, PIECE = 26, 18
ZERO_WIDTH_SPACE, JOINER = "\u200b", "\u200d"


class Format(StrEnum):
    """The sheets that a house can print or have printed."""

    A4 = "a4"
    A3 = "a3"


def type_size(minutes: float, distance_mm: float) -> float:
    """The size in points at which the x of a letter is seen under so many minutes of arc from so far."""
    height_mm = 2 * distance_mm * math.tan(math.radians(minutes / 60) / 2)
    return height_mm / X_HEIGHT * POINTS_PER_MM


def smallest() -> int:
    """The smallest size in points for a day, an hour and a title: below it nothing is written, it goes on overleaf."""
    return math.ceil(type_size(SMALLEST_MINUTES, DISTANCE_MM))


def nearby() -> int:
    """The smallest size in points for what is read from close by."""
    return math.ceil(type_size(SMALLEST_MINUTES, NEARBY_MM))


def sizes(sheet: Format) -> list[int]:
    """The sizes in points to try, the largest first: as large as the week fits on one sheet.

    A3 begins where a quiet week fills it, so that it is read from further; it goes down to the same size as A4.
    """
    easy = round(type_size(EASY_MINUTES, DISTANCE_MM))
    largest = round(easy * LARGER * (1 if sheet is Format.A4 else math.sqrt(2)))
    return [*range(largest, smallest(), -2), smallest()]


def breakable(words: str) -> str:
    """The same words, where very long ones may break: a name typed without spaces does not run off the sheet."""
    return " ".join(word if len(word) <= LONGEST_WORD else _in_pieces(word) for word in words.split())


def _in_pieces(word: str) -> str:
    written: list[str] = []
    since = 0
    for number, letter in enumerate(word):
        # Emoji are put together with a joiner; between the parts of one nothing may stand.
        is_bound = JOINER in (letter, word[number - 1]) or not letter.isalnum()
        if since >= PIECE and not is_bound:
            written.append(ZERO_WIDTH_SPACE)
            since = 0
        written.append(letter)
        since += 1
    return "".join(written)
