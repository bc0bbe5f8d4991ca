"""The table of figures: what was measured, beside what, and whether it keeps its limit."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("figure", "measured", "baseline", "ratio", "limit", "")


@dataclass(frozen=True)
class Figure:
    """A line of the table. ``kept``: whether the limit was kept; None where there is none."""

    name: str
    measured: str
    baseline: str = ""
    ratio: float | None = None
    limit: str = ""
    kept: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.1f} x"
        verdict = {None: "", True: "ok", False: "missed"}[self.kept]
        return self.name, self.measured, self.baseline, ratio, self.limit, verdict


def at_most(name: str, measured: float, limit: float, unit: str, *, digits: int = 0) -> Figure:
    """A figure that may be so much and no more."""
    return Figure(
        name,
        f"{measured:.{digits}f} {unit}".rstrip(),
        limit=f"{limit:g} {unit}".rstrip(),
        kept=measured <= limit,
    )


def at_least(name: str, measured: float, limit: float, unit: str, *, baseline: str = "") -> Figure:
    """A figure that must be so much or more."""
    return Figure(
        name,
        f"{measured:.0f}{unit}",
        baseline,
        measured / limit,
        limit=f"{limit:.0f}{unit}",
        kept=measured >= limit,
    )


def against(name: str, seconds: float, baseline: float, *, limit: float | None = None) -> Figure:
    """A time beside the time of the floor; the limit is how many times as long it may take."""
    ratio = seconds / baseline
    return Figure(
        name,
        f"{seconds * 1000:.2f} ms",
        f"{baseline * 1000:.2f} ms",
        ratio,
        "" if limit is None else f"{limit:g} x",
        None if limit is None else ratio <= limit,
    )


def drawn(figures: Sequence[Figure]) -> str:
    """The table as text."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    return "\n".join(lines)
