"""Commands that keep right what the site knows: the register, the outlines, the special days, the times."""

import sys
from datetime import datetime
from pathlib import Path

import click

from zalenzoeker import clock
from zalenzoeker.domain.special_days import SpecialKind
from zalenzoeker.gateways import holidays, outlines, register, schematic, tables
from zalenzoeker.services import register as registering
from zalenzoeker.services import special_days, times
from zalenzoeker.storage import register as stored_register
from zalenzoeker.storage import rooms
from zalenzoeker.storage import special_days as stored_special_days
from zalenzoeker.storage import times as stored_times

DATA = Path(__file__).parent / "data"
SPECIAL_DAYS = DATA / "gent_special_days.csv"


class Trouble(click.ClickException):
    """Something a person must mend; the message says what and how."""


@click.command("import-venues")
@click.argument("directory", type=click.Path(path_type=Path), default=DATA)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_venues(directory: Path, dry_run: bool) -> None:
    """Take over the register of places from DIRECTORY (default: the one that comes with the project)."""
    try:
        changes = registering.take_over(register.read(directory), dry_run=dry_run)
    except tables.RegisterError as error:
        raise Trouble(f"nothing was taken over.\n{error}") from None
    _report(changes, dry_run=dry_run)


@click.command("import-neighbourhoods")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_neighbourhoods(file: Path, dry_run: bool) -> None:
    """Take over the official outlines of the neighbourhoods from a GeoJSON FILE."""
    try:
        changes = registering.take_over_outlines(
            outlines.read(file, stored_register.neighbourhood_names()), dry_run=dry_run
        )
    except tables.RegisterError as error:
        raise Trouble(f"nothing was taken over.\n{error}") from None
    except registering.UnknownNeighbourhood as error:
        raise Trouble(f"the neighbourhood {error} is not in the database: run import-venues first.") from None
    _report(changes, dry_run=dry_run)


def _report(changes: registering.Changes, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    for words, rows in (("new", changes.new), ("changed", changes.changed), ("removed", changes.removed)):
        click.echo(f"{len(rows):4} {would}{words}")
    click.echo(f"{len(changes.same):4} the same")
    for change in (*changes.changed, *changes.removed):
        click.echo(f"     {change}")
    for change in changes.kept:
        click.echo(f"     {change}: no longer in the register, kept because something refers to it")


@click.command("draw-schematic")
def draw_schematic() -> None:
    """Draw the schematic of the neighbourhoods anew from the register's centroids."""
    schematic.write(DATA / "schematic.json", register.read(DATA).neighbourhoods)


@click.command("import-special-days")
@click.argument("file", type=click.Path(path_type=Path), default=SPECIAL_DAYS)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_special_days(file: Path, dry_run: bool) -> None:
    """Take over school holidays, Gentse Feesten and closing days from FILE (default: the table of the project)."""
    try:
        changes = special_days.take_over(holidays.read(file), dry_run=dry_run)
    except tables.RegisterError as error:
        raise Trouble(f"nothing was taken over.\n{error}") from None
    _report(changes, dry_run=dry_run)


@click.command("recompute-times")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def recompute_times(dry_run: bool) -> None:
    """Derive every future moment anew from its wall time, after a change of zone data; tell what overlaps now."""
    with click.progressbar(stored_times.venue_ids(), label="Places", file=sys.stderr) as venues:
        found = [times.recompute(venue_id, clock.now(), dry_run=dry_run) for venue_id in venues]
    overlaps = [overlap for each in found for overlap in each.overlaps]
    would = "would be " if dry_run else ""
    click.echo(f"{sum(each.dates for each in found):4} dates looked at")
    click.echo(f"{sum(each.moved for each in found):4} {would}moved")
    click.echo(f"{len(overlaps):4} {would}kept at their former moment")
    for overlap in overlaps:
        why = f"in the way: {overlap.other}" if overlap.other else "the clock no longer shows these hours that night"
        hours = f"{overlap.slot.starts:%Y-%m-%d %H:%M} to {overlap.slot.ends:%Y-%m-%d %H:%M}"
        click.echo(f"     {overlap.what}, {hours}, {overlap.room}; {why}")
    if overlaps:
        click.echo("Let their desks know: one of the two has to move.")


def take_over_what_is_shipped() -> None:
    """Fill a database that knows no places, or no days, with what comes with the project."""
    if not rooms.all_neighbourhoods():
        click.echo("First start: taking over the register of places.")
        registering.take_over(register.read(DATA))
    if not stored_special_days.is_any_of(set(SpecialKind) - {SpecialKind.LEGAL}):
        special_days.take_over(holidays.read(SPECIAL_DAYS))


def look_ahead(now: datetime) -> None:
    """What a round of the clock does for later years."""
    special_days.top_up(now, legal=holidays.legal)


COMMANDS = (import_venues, import_neighbourhoods, draw_schematic, import_special_days, recompute_times)
