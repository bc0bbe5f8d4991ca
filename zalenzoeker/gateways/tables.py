"""Strict reading of CSV tables: every wrong row is named with its file, line, field and reason."""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

LONGEST_LINE = 10_000
LONGEST_FILE = 20_000_000
LONGEST_TEXT = 2_000
LONGEST_NAME = 200
LONGEST_SLUG = 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
# Control, format (text direction, zero width), line and paragraph separators, private use.
REFUSED_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Co", "Cs"}
LOST_LETTER = "\N{REPLACEMENT CHARACTER}"

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where. ``line`` counts from 1, 0 is the file as a whole; ``field`` may be empty."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        place = (self.file, f"line {self.line}" if self.line else "", self.field)
        return f"{', '.join(part for part in place if part)}: {self.reason}"


class RegisterError(ValueError):
    """Files that cannot be taken over, with everything that is wrong in them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Row:
    """One line of a table, read cell by cell. A wrong cell is noted and gives a stand-in, since no such row is used."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, reason: str) -> None:
        self.problems.append(Problem(self.file, self.line, name, reason))

    def text(self, name: str, longest: int = LONGEST_TEXT, *, is_required: bool = False) -> str:
        """The words of a cell without spaces around them; a column that the table does not have is empty."""
        words = self.cells.get(name, "").strip()
        refused = next((sign for sign in words if is_refused(sign)), None)
        if refused is not None:
            self.refuse(name, f"holds a character that cannot be kept (U+{ord(refused):04X})")
        if len(words) > longest:
            self.refuse(name, f"is {len(words)} characters long, more than {longest}")
        if is_required and not words:
            self.refuse(name, "is empty")
        return words

    def slug(self, name: str) -> str:
        words = self.text(name, LONGEST_SLUG, is_required=True)
        if words and not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", words):
            self.refuse(name, f"{shown(words)} is not a slug (small letters, digits, single hyphens)")
        return words

    def reference(self, name: str, known: Collection[str] | None, what: str) -> str:
        """A slug of another table; ``known`` None: that table is broken, so nothing can be said about it."""
        words = self.text(name, LONGEST_SLUG, is_required=True)
        if words and known is not None and words not in known:
            self.refuse(name, f"{shown(words)} is not a {what} of this register")
        return words

    def choice(self, name: str, kind: type[Choice], empty: Choice | None = None) -> Choice:
        """One of the words of an enum; an empty cell is ``empty`` where that is given."""
        words = self.text(name)
        if not words and empty is not None:
            return empty
        if words not in set(kind):
            self.refuse(name, f"{shown(words)} is not one of {', '.join(kind)}")
            return next(iter(kind))
        return kind(words)

    def degrees(self, name: str, lowest: float, highest: float, area: str) -> float | None:
        words = self.text(name)
        if not words:
            return None
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", words):
            self.refuse(name, f"{shown(words)} is not a number of degrees (written with a point)")
            return None
        if not lowest <= float(words) <= highest:
            self.refuse(name, f"{words} lies outside {area}")
        return float(words)

    def count(self, name: str, highest: int = 100_000) -> int | None:
        words = self.text(name)
        if not words:
            return None
        if not re.fullmatch("[0-9]{1,9}", words) or not 1 <= int(words) <= highest:
            self.refuse(name, f"{shown(words)} is not a whole number from 1 to {highest}")
            return None
        return int(words)

    def year(self, name: str) -> int | None:
        words = self.text(name)
        if not words:
            return None
        if not re.fullmatch("[0-9]{4}", words) or not FIRST_YEAR <= int(words) <= LAST_YEAR:
            self.refuse(name, f"{shown(words)} is not a year from {FIRST_YEAR} to {LAST_YEAR}")
            return None
        return int(words)

    def day(self, name: str) -> date | None:
        words = self.text(name)
        if not words:
            return None
        try:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
                return date.fromisoformat(words)
        except ValueError:
            pass
        self.refuse(name, f"{shown(words)} is not a day such as 2027-01-16")
        return None


@dataclass
class Table:
    """The rows of one file. ``problems``: of the file and of lines that are no row; then the table is not whole."""

    file: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.problems

    @property
    def all_problems(self) -> list[Problem]:
        found = self.problems + [problem for row in self.rows for problem in row.problems]
        return sorted(found, key=lambda problem: problem.line)

    def refuse(self, line: int, name: str, reason: str) -> None:
        self.problems.append(Problem(self.file, line, name, reason))


def read_table(path: Path, columns: Collection[str]) -> Table:
    """The rows of a UTF-8 table with at least these columns, in any order. Raises nothing: problems stand in the table.

    Each line is a row of its own: a cell with a line break in it is refused, so that one stray quote spoils one line
    and not the rest of the file.
    """
    table = Table(path.name)
    lines = _lines(path, table)
    number, header = next(lines, (0, None))
    if header is None:
        return table
    _check_header(table, number, header, columns)
    if not table.problems:
        for number, cells in lines:
            if len(cells) == len(header):
                table.rows.append(Row(path.name, number, dict(zip(header, cells, strict=True))))
            else:
                table.refuse(number, "", f"has {len(cells)} cells and not {len(header)}")
    return table


def is_refused(sign: str) -> bool:
    """Whether a character has no place in a name or a remark."""
    return sign == LOST_LETTER or unicodedata.category(sign) in REFUSED_CATEGORIES


def shown(words: str) -> str:
    """Words as a message may show them: short, and nothing that a terminal would obey."""
    return repr(words if len(words) <= 40 else words[:39] + "…")


def _lines(path: Path, table: Table) -> Iterator[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > LONGEST_FILE:
            table.refuse(0, "", f"is larger than {LONGEST_FILE // 1_000_000} MB")
            return
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        table.refuse(0, "", "is missing" if is_missing else f"cannot be read ({error.strerror})")
        return
    if not lines[0].strip():
        table.refuse(1, "", "has no line with the names of the columns")
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            cells = _cells(number, line, table)
            if cells is not None:
                yield number, cells
            elif number == 1:
                return


def _cells(number: int, line: bytes, table: Table) -> list[str] | None:
    try:
        words = line.decode("utf-8").removesuffix("\r")
    except UnicodeDecodeError as error:
        table.refuse(number, "", f"is not UTF-8 (byte {line[error.start]:#04x} at position {error.start + 1})")
        return None
    if len(words) > LONGEST_LINE:
        table.refuse(number, "", f"is {len(words)} characters long, more than {LONGEST_LINE}")
        return None
    if "\r" in words:
        table.refuse(number, "", "holds a carriage return that is not the end of the line")
        return None
    try:
        return next(csv.reader([words], strict=True))
    except csv.Error as error:
        table.refuse(number, "", f"is not a row of a CSV table ({error})")
        return None


def _check_header(table: Table, number: int, header: list[str], columns: Collection[str]) -> None:
    for name in columns:
        if name not in header:
            table.refuse(number, name, "this column is missing")
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            table.refuse(number, name, f"this column is there {header.count(name)} times")
