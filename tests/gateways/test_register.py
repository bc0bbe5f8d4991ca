"""The register's files: what is read, and how every wrong row is named."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.register import FacilityRow, NeighbourhoodRow, Register, RoomRow, RuleRow, VenueRow
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.gateways.register import RegisterError, read

SHIPPED = Path(__file__).parents[2] / "zalenzoeker" / "data"

FILES = {
    "gent_neighbourhoods.csv": "slug,name,lat,lon,source\ndrongen,Drongen,51.05119,3.633086,stadswijken\n",
    "gent_facilities.csv": (
        "slug,name_nl,group_nl,synonyms\nkeuken,Keuken,eten en drinken,kookhoek;kitchen\n"
        "servies,Servies,eten en drinken,glazen;bestek\n"
    ),
    "gent_venues.csv": (
        "slug,name,kind,operator,managed_by,street,house_number,postal_code,city,neighbourhood_slug,lat,lon,"
        "coord_precision,phone,email,website,drop_in_hours,wheelchair,notes_nl,source,confidence,source_year\n"
        "open-huis-drongen,Open Huis Drongen,open_huis,stad_gent,vrijwilligersgroep,,,9031,Drongen,drongen,51.0497,"
        '3.6592,neighbourhood,09 210 10 10,huizen@stad.example,https://stad.example,,unknown,"Zaal, keuken.",een '
        "pagina,high,2018\n"
    ),
    "gent_rooms.csv": (
        "venue_slug,slug,room_name,unit,capacity_seated,capacity_standing,area_m2,heated,facilities,price_note_nl,source,"
        "confidence,source_year\n"
        "open-huis-drongen,zaal,Zaal,room,75,,120,no,glazen;Kookhoek;bestek,Retributie.,een pagina,medium,\n"
    ),
    "gent_rules.csv": (
        "venue_slug,room_slug,name,value,source\n,,lead_days,28,stad\n"
        'open-huis-drongen,zaal,closed_season,"[""11-01"", ""03-31""]",stad\n'
    ),
}
READ = Register(
    neighbourhoods=(NeighbourhoodRow("drongen", "Drongen", 51.05119, 3.633086, "stadswijken"),),
    facilities=(
        FacilityRow("keuken", "Keuken", "eten en drinken", ("kookhoek", "kitchen")),
        FacilityRow("servies", "Servies", "eten en drinken", ("glazen", "bestek")),
    ),
    venues=(
        VenueRow(
            slug="open-huis-drongen",
            name="Open Huis Drongen",
            kind=VenueKind.OPEN_HUIS,
            operator=Operator.CITY,
            managed_by=Manager.VOLUNTEER_GROUP,
            street="",
            house_number="",
            postal_code="9031",
            city="Drongen",
            neighbourhood="drongen",
            lat=51.0497,
            lon=3.6592,
            coord_precision=CoordPrecision.NEIGHBOURHOOD,
            phone="09 210 10 10",
            email="huizen@stad.example",
            website="https://stad.example",
            drop_in_hours="",
            wheelchair=Known.UNKNOWN,
            notes="Zaal, keuken.",
            source="een pagina",
            confidence=Confidence.HIGH,
            source_year=2018,
            confirmed_on=None,
        ),
    ),
    rooms=(
        RoomRow(
            venue="open-huis-drongen",
            slug="zaal",
            name="Zaal",
            unit=Unit.ROOM,
            capacity_seated=75,
            capacity_standing=None,
            area_m2=120,
            is_heated=Known.NO,
            facilities=("servies", "keuken"),
            price_note="Retributie.",
            source="een pagina",
            confidence=Confidence.MEDIUM,
            source_year=None,
        ),
    ),
    rules=(
        RuleRow("", "", RuleName.LEAD_DAYS, 28, "stad"),
        RuleRow("open-huis-drongen", "zaal", RuleName.CLOSED_SEASON, ["11-01", "03-31"], "stad"),
    ),
)


@pytest.fixture
def directory(tmp_path):
    for file, text in FILES.items():
        (tmp_path / file).write_bytes(text.encode())
    return tmp_path


def problems_of(directory: Path) -> list[str]:
    with pytest.raises(RegisterError) as refused:
        read(directory)
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [str(problem) for problem in refused.value.problems]


def change(directory: Path, file: str, line: int, **cells: str) -> None:
    """Put other words in the cells of one line."""
    path = directory / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for column, words in cells.items():
        rows[line - 1][rows[0].index(column)] = words
    write(path, rows)


def repeat(directory: Path, file: str, line: int, **cells: str) -> None:
    """Add a line at the end that is like another one but for these cells."""
    path = directory / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    write(path, [*rows, list(rows[line - 1])])
    change(directory, file, len(rows) + 1, **cells)


def write(path: Path, rows: list[list[str]]) -> None:
    words = io.StringIO(newline="")
    csv.writer(words, lineterminator="\n").writerows(rows)
    path.write_text(words.getvalue(), encoding="utf-8", newline="")


def test_register_is_read_into_rows(directory):
    assert read(directory) == READ


def test_register_is_read_the_same_with_windows_line_ends_a_byte_order_mark_and_columns_in_another_order(directory):
    for file in FILES:
        path = directory / file
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        words = io.StringIO(newline="")
        csv.writer(words, lineterminator="\r\n").writerows([[*reversed(row), "more"] for row in rows])
        path.write_bytes(b"\xef\xbb\xbf" + words.getvalue().encode())
    assert read(directory) == READ


def test_register_without_rules_says_nothing_about_them(directory):
    (directory / "gent_rules.csv").unlink()
    assert read(directory).rules is None


def test_register_with_a_confirmation(directory):
    path = directory / "gent_venues.csv"
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},confirmed_on\n{row},2026-11-05\n", encoding="utf-8")
    assert read(directory).venues[0].confirmed_on == date(2026, 11, 5)


KINDS = "buurtcentrum, open_huis, buurthuis, lokaal_dienstencentrum, overig_groep_gent, privaat"
V, R, N, F, L = "gent_venues.csv", "gent_rooms.csv", "gent_neighbourhoods.csv", "gent_facilities.csv", "gent_rules.csv"


@pytest.mark.parametrize(
    "file,cells,reason",
    [
        (V, {"lat": "54.1"}, "lat: 54.1 lies outside Ghent"),
        (V, {"lon": "-3.7"}, "lon: -3.7 lies outside Ghent"),
        (V, {"lat": "51,05"}, "lat: '51,05' is not a number of degrees (written with a point)"),
        (V, {"lat": "nan"}, "lat: 'nan' is not a number of degrees (written with a point)"),
        (V, {"lat": "٥١"}, "lat: '٥١' is not a number of degrees (written with a point)"),
        (V, {"lat": ""}, "lat: is empty, and a point needs both lat and lon"),
        (V, {"lon": ""}, "lon: is empty, and a point needs both lat and lon"),
        (V, {"kind": "cafee"}, f"kind: 'cafee' is not one of {KINDS}"),
        (V, {"kind": ""}, f"kind: '' is not one of {KINDS}"),
        (V, {"operator": "stad"}, "operator: 'stad' is not one of stad_gent, ocmw_gent, privaat"),
        (
            V,
            {"managed_by": "ikke"},
            "managed_by: 'ikke' is not one of buurtwerker, vrijwilligersgroep, onthaal, vzw, onbekend",
        ),
        (
            V,
            {"coord_precision": "precies"},
            "coord_precision: 'precies' is not one of exact, street, neighbourhood, approx",
        ),
        (V, {"wheelchair": "maybe"}, "wheelchair: 'maybe' is not one of yes, no, unknown"),
        (V, {"confidence": "sure"}, "confidence: 'sure' is not one of high, medium, low"),
        (V, {"source_year": "218"}, "source_year: '218' is not a year from 1990 to 2100"),
        (V, {"source_year": "2O18"}, "source_year: '2O18' is not a year from 1990 to 2100"),
        (V, {"slug": "Open Huis"}, "slug: 'Open Huis' is not a slug (small letters, digits, single hyphens)"),
        (V, {"slug": "../../etc"}, "slug: '../../etc' is not a slug (small letters, digits, single hyphens)"),
        (V, {"name": " "}, "name: is empty"),
        (V, {"name": "x" * 201}, "name: is 201 characters long, more than 200"),
        (V, {"name": "Huis\x00"}, "name: holds a character that cannot be kept (U+0000)"),
        (V, {"name": "Huis\x1b[31m!"}, "name: holds a character that cannot be kept (U+001B)"),
        (V, {"name": "Huis\u202etxt"}, "name: holds a character that cannot be kept (U+202E)"),
        (V, {"notes_nl": "Caf\ufffd"}, "notes_nl: holds a character that cannot be kept (U+FFFD)"),
        (
            V,
            {"neighbourhood_slug": "atlantis"},
            "neighbourhood_slug: 'atlantis' is not a neighbourhood of this register",
        ),
        (V, {"email": "geen adres"}, "email: 'geen adres' is not an e-mail address"),
        (
            V,
            {"website": "javascript:alert(1)"},
            "website: 'javascript:alert(1)' is not a web address that begins with http:// or https://",
        ),
        (R, {"venue_slug": "nergens"}, "venue_slug: 'nergens' is not a venue of this register"),
        (R, {"slug": "zaal--1"}, "slug: 'zaal--1' is not a slug (small letters, digits, single hyphens)"),
        (R, {"room_name": ""}, "room_name: is empty"),
        (R, {"unit": "hal"}, "unit: 'hal' is not one of room, several, permission, whole_venue"),
        (R, {"capacity_seated": "0"}, "capacity_seated: '0' is not a whole number from 1 to 100000"),
        (R, {"capacity_seated": "-5"}, "capacity_seated: '-5' is not a whole number from 1 to 100000"),
        (R, {"capacity_standing": "70 à 75"}, "capacity_standing: '70 à 75' is not a whole number from 1 to 100000"),
        (R, {"area_m2": "12.5"}, "area_m2: '12.5' is not a whole number from 1 to 100000"),
        (R, {"heated": "lauw"}, "heated: 'lauw' is not one of yes, no, unknown"),
        (R, {"facilities": "glazen;zwembad"}, "facilities: 'zwembad' is not a word of gent_facilities.csv"),
        (N, {"lat": "", "lon": ""}, "lat: is empty, and a point needs both lat and lon"),
        (F, {"name_nl": ""}, "name_nl: is empty"),
    ],
    ids=ascii,
)
def test_wrong_cell_is_named(directory, file, cells, reason):
    change(directory, file, 2, **cells)
    # A slug that others refer to is then missed there too; that is told after it.
    assert problems_of(directory)[: 1 if "slug" in "".join(cells) else None] == [f"{file}, line 2, {reason}"]


RULE_NAMES = ", ".join(RuleName)


@pytest.mark.parametrize(
    "cells,field,reason",
    [
        ({"name": "lead_day"}, "name", f"'lead_day' is not one of {RULE_NAMES}"),
        ({"value": ""}, "value", "is empty"),
        ({"value": "28 days"}, "value", "'28 days' is not JSON"),
        ({"value": "NaN"}, "value", "'NaN' is not a value of the rule lead_days"),
        ({"value": "-1"}, "value", "'-1' is not a value of the rule lead_days"),
        ({"value": "true"}, "value", "'true' is not a value of the rule lead_days"),
        ({"value": '"28"'}, "value", "'\"28\"' is not a value of the rule lead_days"),
        ({"value": "1" * 501}, "value", "is 501 characters long, more than 500"),
        ({"name": "horizon_months", "value": "0"}, "value", "'0' is not a value of the rule horizon_months"),
        (
            {"name": "closed_season", "value": '["11-31", "03-31"]'},
            "value",
            '\'["11-31", "03-31"]\' is not a value of the rule closed_season',
        ),
        (
            {"name": "day_parts", "value": '{"avond": ["18:00", "22:00"]}'},
            "value",
            '\'{"avond": ["18:00", "22:00"]}\' is not a value of the rule day_parts',
        ),
        (
            {"name": "exceptions", "value": '["too_late"]'},
            "value",
            "'[\"too_late\"]' is not a value of the rule exceptions",
        ),
        ({"source": ""}, "source", "is empty"),
        ({"venue_slug": "nergens"}, "venue_slug", "'nergens' is not a venue of this register"),
        ({"room_slug": "zaal"}, "venue_slug", "is empty, but the room belongs to a venue"),
        (
            {"venue_slug": "open-huis-drongen", "room_slug": "kelder"},
            "room_slug",
            "'kelder' is not a room of 'open-huis-drongen'",
        ),
    ],
)
def test_wrong_rule_is_named(directory, cells, field, reason):
    change(directory, L, 2, **cells)
    assert problems_of(directory) == [f"gent_rules.csv, line 2, {field}: {reason}"]


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "closed_season", "value": "null"},
        {"name": "exceptions", "value": '["too_soon", "too_far"]'},
        {"name": "open_requests", "value": "3"},
        {
            "name": "day_parts",
            "value": json.dumps(
                {
                    "voormiddag": ["08:00", "12:00"],
                    "namiddag": ["12:00", "18:00"],
                    "avond": ["18:00", "23:00"],
                    "hele-dag": ["08:00", "23:00"],
                }
            ),
        },
    ],
    ids=lambda cells: cells["name"],
)
def test_rule_of_each_form_is_read(directory, cells):
    change(directory, L, 2, **cells)
    assert read(directory).rules[0] == RuleRow("", "", RuleName(cells["name"]), json.loads(cells["value"]), "stad")


@pytest.mark.parametrize(
    "file,cells,reason",
    [
        (V, {}, "line 3, slug: 'open-huis-drongen' is already on line 2"),
        (N, {}, "line 3, slug: 'drongen' is already on line 2"),
        (F, {"synonyms": ""}, "line 4, slug: 'keuken' is already on line 2"),
        (F, {"slug": "kookgerei"}, "line 4, synonyms: 'kookhoek' already means 'keuken'"),
        (R, {}, "line 3, slug: 'open-huis-drongen/zaal' is already on line 2"),
        (L, {}, "line 4, name: '//lead_days' is already on line 2"),
    ],
)
def test_row_that_is_there_twice_is_named_with_both_lines(directory, file, cells, reason):
    repeat(directory, file, 2, **cells)
    assert problems_of(directory)[0] == f"{file}, {reason}"


def bytes_of(file: str) -> bytes:
    return FILES[file].encode()


@pytest.mark.parametrize(
    "file,content,expected",
    [
        (V, None, [": is missing"]),
        (V, b"", [", line 1: has no line with the names of the columns"]),
        (V, b"\n" + bytes_of(V), [", line 1: has no line with the names of the columns"]),
        (V, bytes_of(V).replace(b"wheelchair", b"rolstoel"), [", line 1, wheelchair: this column is missing"]),
        (
            N,
            bytes_of(N).replace(b"source", b"name"),
            [", line 1, source: this column is missing", ", line 1, name: this column is there 2 times"],
        ),
        (N, bytes_of(N) + b"caf\xe9,x,51.05,3.7,x\n", [", line 3: is not UTF-8 (byte 0xe9 at position 4)"]),
        (N, b"\xff\xfe" + bytes_of(N), [", line 1: is not UTF-8 (byte 0xff at position 1)"]),
        (N, bytes_of(N) + b"a,b\n", [", line 3: has 2 cells and not 5"]),
        (N, bytes_of(N) + b'a,"b,51.05,3.7,x\n', [", line 3: is not a row of a CSV table (unexpected end of data)"]),
        (N, bytes_of(N) + b'a,"b"c,5,3,x\n', [", line 3: is not a row of a CSV table (',' expected after '\"')"]),
        (N, bytes_of(N) + b"a,b\rc,5,3,x\n", [", line 3: holds a carriage return that is not the end of the line"]),
        (N, bytes_of(N) + b"x" * 10_001 + b"\n", [", line 3: is 10001 characters long, more than 10000"]),
        (N, b"x" * 20_000_001, [": is larger than 20 MB"]),
    ],
    ids=range(13),
)
def test_broken_file_is_named(directory, file, content, expected):
    (directory / file).unlink()
    if content is not None:
        (directory / file).write_bytes(content)
    assert problems_of(directory) == [file + reason for reason in expected]


def test_every_problem_of_every_file_is_told_at_once_in_order(directory):
    change(directory, V, 2, lat="54.1", kind="cafee", neighbourhood_slug="atlantis")
    repeat(directory, V, 2, slug="tweede", name="")
    change(directory, R, 2, unit="hal")
    change(directory, L, 3, value="{")
    assert [re.sub(": .*", "", problem) for problem in problems_of(directory)] == [
        "gent_venues.csv, line 2, lat",
        "gent_venues.csv, line 2, kind",
        "gent_venues.csv, line 2, neighbourhood_slug",
        "gent_venues.csv, line 3, lat",
        "gent_venues.csv, line 3, name",
        "gent_venues.csv, line 3, kind",
        "gent_venues.csv, line 3, neighbourhood_slug",
        "gent_rooms.csv, line 2, unit",
        "gent_rules.csv, line 3, value",
    ]


def test_message_shows_nothing_that_a_terminal_would_obey(directory):
    change(directory, V, 2, kind="\x1b]0;owned\x07" + "x" * 100)
    kind, *rest = sorted(problems_of(directory))
    assert (kind, rest) == (
        "gent_venues.csv, line 2, kind: '\\x1b]0;owned\\x07xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is not one of " + KINDS,
        ["gent_venues.csv, line 2, kind: holds a character that cannot be kept (U+001B)"],
    )


def test_shipped_register_is_whole():
    register = read(SHIPPED)
    assert [len(each) for each in (register.venues, register.rooms, register.neighbourhoods, register.facilities)] == [
        91,
        89,
        25,
        40,
    ]
    assert [(rule.venue, rule.room, rule.name.value, rule.value) for rule in register.rules] == [
        ("", "", "lead_days", 28),
        ("", "", "horizon_months", 6),
        ("", "", "weekly_months", 6),
        ("open-huis-de-porre", "polyvalente-zaal", "closed_season", ["11-01", "03-31"]),
        ("open-huis-drongen", "", "latest_end", "01:00"),
        ("vredeshuis", "", "excluded", ["eredienst"]),
        ("buurthuis-prinsenhof", "", "neighbourhood_first", 0),
        ("buurthuis-prinsenhof", "", "excluded", ["verkoop"]),
        ("buurthuis-prinsenhof", "", "exceptions", ["too_soon", "neighbourhood_first"]),
        ("kerk-meulestede", "", "excluded", ["verkoop", "eredienst", "partijpolitiek"]),
        ("kerk-meulestede", "", "exceptions", ["too_soon", "excluded_activity"]),
        ("parothea", "", "least_minutes", 120),
        (
            "k22-casa-rosa",
            "",
            "day_parts",
            {
                "voormiddag": ["08:00", "12:00"],
                "namiddag": ["13:00", "17:00"],
                "avond": ["18:00", "22:00"],
                "hele-dag": ["08:00", "22:00"],
            },
        ),
        ("zaal-bredestraat-oostakker", "", "lead_days", 14),
        ("zaal-bredestraat-oostakker", "", "horizon_months", 12),
    ]


def test_shipped_register_names_its_sources_and_no_private_person():
    register = read(SHIPPED)
    assert [row.slug for row in (*register.venues, *register.rooms, *register.neighbourhoods) if not row.source] == []
    addresses = {venue.email for venue in register.venues} - {""}
    assert addresses == {"buurtvoorzieningen@stad.gent", "info@ledebergdoethetzelf.be", "info@meulestede.gent"}
    numbers = {venue.phone for venue in register.venues} - {""}
    assert numbers == {"09 210 10 10", "09 266 99 11", "09 323 65 65"}
    words = "\n".join(path.read_text(encoding="utf-8") for path in SHIPPED.glob("*.csv"))
    assert set(re.findall(r"[\w.+-]+@[\w.-]+", words)) == addresses
    assert re.findall(r"(?<![\d.])(?:0|\+32 ?)4[0-9]{2}[ ./-][0-9]{2}", words) == []
