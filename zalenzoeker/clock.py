"""The clock: the only file that reads what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


class ClockError(ValueError):
    """The file that should hold the moment does not; the message names the file and the cure."""


@dataclass
class _Source:
    """Where the moment is read: in the file, or from the real clock where there is none."""

    file: Path | None = None


_source = _Source()


def set_file(path: Path | None) -> None:
    """Let the moment in this file count as now, from the next reading on; None goes back to the real clock.

    The file is read again each time, so that a year can be played through a site that runs. Whoever writes it puts a
    new file in its place (rename), because a half-written one is refused.
    """
    _source.file = path


def now() -> datetime:
    """Return the present moment in UTC, in whole seconds: mails, feeds and both databases keep no smaller ones.

    Raises ClockError when the file given to set_file does not hold a moment.
    """
    moment = datetime.now(UTC) if _source.file is None else _moment_in(_source.file)
    return moment.replace(microsecond=0)


def _moment_in(path: Path) -> datetime:
    cure = "Write one moment in it, with its offset, for instance 2027-03-28T01:30:00+01:00."
    try:
        words = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ClockError(f"The clock file {path} cannot be read ({error}). {cure}") from error
    try:
        moment = datetime.fromisoformat(words)
        if moment.tzinfo is None:
            raise ClockError(f"The clock file {path} holds {words!r}, a time without an offset. {cure}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, ClockError):
            raise
        raise ClockError(f"The clock file {path} holds {words[:40]!r}, which is not a moment. {cure}") from error
