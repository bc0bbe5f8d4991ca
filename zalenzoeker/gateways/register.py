"""The register's own files: five tables in a directory, read into rows, or refused with everything that is wrong."""

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.register import (
    FacilityRow,
    NeighbourhoodRow,
    Register,
    RoomRow,
    RuleRow,
    VenueRow,
    is_rule_value,
)
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.gateways.tables import LONGEST_NAME, Problem, RegisterError, Row, Table, read_table, shown

__all__ = ["Problem", "RegisterError", "read"]

NEIGHBOURHOODS = "gent_neighbourhoods.csv"
FACILITIES = "gent_facilities.csv"
VENUES = "gent_venues.csv"
ROOMS = "gent_rooms.csv"
RULES = "gent_rules.csv"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    NEIGHBOURHOODS: ("slug", "name", "lat", "lon", "source"),
    FACILITIES: ("slug", "name_nl", "group_nl", "synonyms"),
    VENUES: (
        *("slug", "name", "kind", "operator", "managed_by", "street", "house_number", "postal_code", "city"),
        *("neighbourhood_slug", "lat", "lon", "coord_precision", "phone", "email", "website", "drop_in_hours"),
        *("wheelchair", "notes_nl", "source", "confidence", "source_year"),
    ),
    ROOMS: (
        *("venue_slug", "slug", "room_name", "unit", "capacity_seated", "capacity_standing", "area_m2", "heated"),
        *("facilities", "price_note_nl", "source", "confidence", "source_year"),
    ),
    RULES: ("venue_slug", "room_slug", "name", "value", "source"),
}
# The municipality reaches from 50.980 to 51.189 north and from 3.580 to 3.850 east (its own outlines).
SOUTH, NORTH, WEST, EAST = 50.97, 51.20, 3.57, 3.86
LONGEST_RULE = 500

Made = TypeVar("Made")


def read(directory: Path) -> Register:
    """The register in a directory. Raises RegisterError with every problem of every file.

    ``gent_rules.csv`` may be absent: then the register says nothing about rules.
    """
    tables = {file: read_table(directory / file, columns) for file, columns in COLUMNS.items()}
    has_rules = (directory / RULES).exists()
    if not has_rules:
        del tables[RULES]
    neighbourhoods, facilities, venues, rooms = (tables[f] for f in (NEIGHBOURHOODS, FACILITIES, VENUES, ROOMS))
    neighbourhood_slugs, venue_slugs = _once(neighbourhoods, "slug"), _once(venues, "slug")
    _once(facilities, "slug")
    room_slugs = _once(rooms, "venue_slug", "slug")
    words = _facility_words(facilities)
    register = Register(
        neighbourhoods=_made(neighbourhoods, _neighbourhood),
        facilities=_made(facilities, _facility),
        venues=_made(venues, lambda row: _venue(row, neighbourhood_slugs)),
        rooms=_made(rooms, lambda row: _room(row, venue_slugs, words)),
        rules=_made(tables[RULES], lambda row: _rule(row, venue_slugs, room_slugs)) if has_rules else None,
    )
    if has_rules:
        _once(tables[RULES], "venue_slug", "room_slug", "name")
    problems = [problem for table in tables.values() for problem in table.all_problems]
    if problems:
        raise RegisterError(problems)
    return register


def _made(table: Table, make: Callable[[Row], Made]) -> tuple[Made, ...]:
    return tuple(make(row) for row in table.rows)


def _once(table: Table, *names: str) -> Collection[str] | None:
    """The keys of a table, each of which may be there once; None when lines of it could not be read."""
    lines: dict[str, int] = {}
    for row in table.rows:
        key = "/".join(row.cells[name].strip() for name in names)
        first = lines.setdefault(key, row.line)
        if first != row.line:
            row.refuse(names[-1], f"{shown(key)} is already on line {first}")
    return lines if table.is_whole else None


def _facility_words(table: Table) -> Mapping[str, str] | None:
    """Every word that means a facility, with the slug it means; None when the table could not be read whole."""
    words: dict[str, str] = {}
    for row in table.rows:
        slug = row.cells["slug"].strip()
        for word in (slug, *_split(row.cells["synonyms"])):
            if words.setdefault(word, slug) != slug:
                row.refuse("synonyms", f"{shown(word)} already means {shown(words[word])}")
    return words if table.is_whole else None


def _split(words: str) -> list[str]:
    return [word.strip().casefold() for word in words.split(";") if word.strip()]


def _neighbourhood(row: Row) -> NeighbourhoodRow:
    lat, lon = _point(row, is_required=True)
    return NeighbourhoodRow(
        slug=row.slug("slug"),
        name=row.text("name", LONGEST_NAME, is_required=True),
        lat=lat or 0.0,
        lon=lon or 0.0,
        source=row.text("source"),
    )


def _facility(row: Row) -> FacilityRow:
    return FacilityRow(
        slug=row.slug("slug"),
        name=row.text("name_nl", LONGEST_NAME, is_required=True),
        group=row.text("group_nl", LONGEST_NAME, is_required=True),
        synonyms=tuple(_split(row.text("synonyms"))),
    )


def _venue(row: Row, neighbourhoods: Collection[str] | None) -> VenueRow:
    lat, lon = _point(row)
    return VenueRow(
        slug=row.slug("slug"),
        name=row.text("name", LONGEST_NAME, is_required=True),
        kind=row.choice("kind", VenueKind),
        operator=row.choice("operator", Operator),
        managed_by=row.choice("managed_by", Manager),
        street=row.text("street", LONGEST_NAME),
        house_number=row.text("house_number", 20),
        postal_code=row.text("postal_code", 10),
        city=row.text("city", LONGEST_NAME),
        neighbourhood=row.reference("neighbourhood_slug", neighbourhoods, "neighbourhood"),
        lat=lat,
        lon=lon,
        coord_precision=row.choice("coord_precision", CoordPrecision),
        phone=row.text("phone", LONGEST_NAME),
        email=_email(row),
        website=_website(row),
        drop_in_hours=row.text("drop_in_hours"),
        wheelchair=row.choice("wheelchair", Known, Known.UNKNOWN),
        notes=row.text("notes_nl"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
        source_year=row.year("source_year"),
        confirmed_on=row.day("confirmed_on"),
    )


def _room(row: Row, venues: Collection[str] | None, words: Mapping[str, str] | None) -> RoomRow:
    return RoomRow(
        venue=row.reference("venue_slug", venues, "venue"),
        slug=row.slug("slug"),
        name=row.text("room_name", LONGEST_NAME, is_required=True),
        unit=row.choice("unit", Unit),
        capacity_seated=row.count("capacity_seated"),
        capacity_standing=row.count("capacity_standing"),
        area_m2=row.count("area_m2"),
        is_heated=row.choice("heated", Known, Known.UNKNOWN),
        facilities=_facilities(row, words),
        price_note=row.text("price_note_nl"),
        source=row.text("source"),
        confidence=row.choice("confidence", Confidence),
        source_year=row.year("source_year"),
    )


def _rule(row: Row, venues: Collection[str] | None, rooms: Collection[str] | None) -> RuleRow:
    venue, room = row.text("venue_slug"), row.text("room_slug")
    if venue:
        row.reference("venue_slug", venues, "venue")
    elif room:
        row.refuse("venue_slug", "is empty, but the room belongs to a venue")
    if venue and room and rooms is not None and f"{venue}/{room}" not in rooms:
        row.refuse("room_slug", f"{shown(room)} is not a room of {shown(venue)}")
    name = row.choice("name", RuleName)
    value = _rule_value(row, name) if row.text("name") == name else None
    return RuleRow(venue, room, name, value, row.text("source", is_required=True))


def _rule_value(row: Row, name: RuleName) -> Any:
    words = row.text("value", LONGEST_RULE, is_required=True)
    if any(problem.field == "value" for problem in row.problems):
        return None
    try:
        value = json.loads(words)
    except (ValueError, RecursionError):
        row.refuse("value", f"{shown(words)} is not JSON")
        return None
    if not is_rule_value(name, value):
        row.refuse("value", f"{shown(words)} is not a value of the rule {name}")
    return value


def _point(row: Row, *, is_required: bool = False) -> tuple[float | None, float | None]:
    has_lat, has_lon = bool(row.text("lat")), bool(row.text("lon"))
    if has_lat != has_lon or (is_required and not has_lat):
        row.refuse("lon" if has_lat else "lat", "is empty, and a point needs both lat and lon")
    return row.degrees("lat", SOUTH, NORTH, "Ghent"), row.degrees("lon", WEST, EAST, "Ghent")


def _facilities(row: Row, words: Mapping[str, str] | None) -> tuple[str, ...]:
    if words is None:
        return ()
    named = _split(row.text("facilities"))
    for word in named:
        if word not in words:
            row.refuse("facilities", f"{shown(word)} is not a word of {FACILITIES}")
    # Glasses, cutlery and plates are one facility, so several words may mean it.
    return tuple(dict.fromkeys(words[word] for word in named if word in words))


def _email(row: Row) -> str:
    words = row.text("email", LONGEST_NAME)
    name, _, host = words.rpartition("@")
    if words and (not name or "@" in name or "." not in host or " " in words):
        row.refuse("email", f"{shown(words)} is not an e-mail address")
    return words


def _website(row: Row) -> str:
    words = row.text("website")
    # It becomes a link on a page, where "javascript:" would run.
    if words and (not words.startswith(("https://", "http://")) or " " in words):
        row.refuse("website", f"{shown(words)} is not a web address that begins with http:// or https://")
    return words
