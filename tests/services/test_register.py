"""Taking over the register: what is written, what stays, and that nothing is ever half done."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from zalenzoeker.domain.availability import TakenBy
from zalenzoeker.domain.changes import Subject
from zalenzoeker.domain.places import Confidence, CoordPrecision, Known, Manager, Operator, Unit, VenueKind
from zalenzoeker.domain.register import FacilityRow, NeighbourhoodRow, Outline, Register, RoomRow, RuleRow, VenueRow
from zalenzoeker.domain.requests import RequesterKind, Status
from zalenzoeker.domain.rules import RuleName
from zalenzoeker.gateways import register as files
from zalenzoeker.services import register
from zalenzoeker.services.register import Changes, UnknownNeighbourhood
from zalenzoeker.storage import city, desks, models, rooms
from zalenzoeker.storage import register as storage
from zalenzoeker.storage.db import db as database
from zalenzoeker.storage.models import (
    Change,
    Closure,
    Desk,
    Facility,
    HouseFact,
    HouseText,
    Neighbourhood,
    Occupancy,
    Occurrence,
    Opening,
    OwnProgramme,
    Request,
    Room,
    RoomSpace,
    RoutingLine,
    RuleLine,
    Space,
    Venue,
)
from zalenzoeker.storage.models.desks import DeskKind
from zalenzoeker.storage.models.house_texts import TextName

pytestmark = pytest.mark.both

SHIPPED = Path(__file__).parents[2] / "zalenzoeker" / "data"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
VENUE = VenueRow(
    slug="huis",
    name="Het Huis",
    kind=VenueKind.OPEN_HUIS,
    operator=Operator.CITY,
    managed_by=Manager.VOLUNTEER_GROUP,
    street="",
    house_number="",
    postal_code="9031",
    city="Drongen",
    neighbourhood="drongen",
    lat=51.05,
    lon=3.66,
    coord_precision=CoordPrecision.APPROX,
    phone="",
    email="",
    website="",
    drop_in_hours="",
    wheelchair=Known.UNKNOWN,
    notes="",
    source="een pagina",
    confidence=Confidence.HIGH,
    source_year=2018,
    confirmed_on=None,
)
ROOM = RoomRow(
    venue="huis",
    slug="zaal",
    name="Zaal",
    unit=Unit.ROOM,
    capacity_seated=75,
    capacity_standing=None,
    area_m2=None,
    is_heated=Known.UNKNOWN,
    facilities=("keuken",),
    price_note="",
    source="een pagina",
    confidence=Confidence.HIGH,
    source_year=None,
)
SEASON = RuleRow("huis", "zaal", RuleName.CLOSED_SEASON, ["11-01", "03-31"], "een pagina")
SMALL = Register(
    neighbourhoods=(NeighbourhoodRow("drongen", "Drongen", 51.05, 3.63, "stadswijken"),),
    facilities=(
        FacilityRow("keuken", "Keuken", "eten", ("kookhoek",)),
        FacilityRow("podium", "Podium", "inrichting", ()),
    ),
    venues=(VENUE,),
    rooms=(ROOM,),
    rules=(RuleRow("", "", RuleName.LEAD_DAYS, 28, "stad"), SEASON),
)


@pytest.fixture
def db(app):
    return database


def with_rooms(*rooms: RoomRow) -> Register:
    return replace(SMALL, rooms=rooms, rules=None)


def told(changes: Changes) -> dict[str, list[str]]:
    """What was told, without what stayed the same."""
    kinds = {"new": changes.new, "changed": changes.changed, "removed": changes.removed, "kept": changes.kept}
    return {kind: list(map(str, lines)) for kind, lines in kinds.items() if lines}


def everything(db) -> dict[str, list[tuple]]:
    """Every row of every table, as the database holds it; but not how often something changed."""
    db.session.rollback()
    return {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in models.Venue.metadata.sorted_tables
        if table.name != "revision"
    }


def spaces(db) -> dict[str, list[str]]:
    """The names of the spaces that each room takes."""
    lines = db.session.execute(
        select(Room.slug, Space.name)
        .join(RoomSpace, RoomSpace.room_id == Room.id)
        .join(Space, Space.id == RoomSpace.space_id)
        .order_by(Room.slug, Space.name)
    )
    found: dict[str, list[str]] = {}
    for room, space in lines:
        found.setdefault(room, []).append(space)
    return found


def add(db, *rows) -> None:
    db.session.add_all(rows)
    db.session.commit()


def room_id(db, slug: str = "zaal") -> int:
    return db.session.scalars(select(Room.id).where(Room.slug == slug)).one()


def venue_id(db, slug: str = "huis") -> int:
    return db.session.scalars(select(Venue.id).where(Venue.slug == slug)).one()


def test_register_is_taken_over(db):
    assert told(register.take_over(SMALL)) == {
        "new": [
            "neighbourhood drongen",
            "facility keuken",
            "facility podium",
            "venue huis",
            "room huis/zaal",
            "rule lead_days",
            "rule huis/zaal/closed_season",
            "desk stad",
        ]
    }
    venue = db.session.scalars(select(Venue)).one()
    assert (venue.name, venue.kind, venue.lat, venue.wheelchair, venue.source_year, venue.confirmed_on) == (
        "Het Huis",
        VenueKind.OPEN_HUIS,
        51.05,
        Known.UNKNOWN,
        2018,
        None,
    )
    room = db.session.scalars(select(Room)).one()
    assert (room.venue_id, room.capacity_seated, room.capacity_standing, room.unit) == (venue.id, 75, None, Unit.ROOM)
    assert list(db.session.execute(select(Room.slug, Facility.slug).join(Room.facilities))) == [("zaal", "keuken")]
    assert [(rule.venue_id, rule.room_id, rule.name, rule.value) for rule in db.session.scalars(select(RuleLine))] == [
        (None, None, RuleName.LEAD_DAYS, 28),
        (venue.id, room.id, RuleName.CLOSED_SEASON, ["11-01", "03-31"]),
    ]
    desk = db.session.scalars(select(Desk)).one()
    assert (desk.slug, desk.name, desk.kind, desk.email, desk.is_demo) == (
        "stad",
        "Stadsbalie",
        DeskKind.CITY,
        "",
        False,
    )
    assert spaces(db) == {"zaal": ["Zaal"]}


def test_shipped_register_is_taken_over_and_a_second_time_changes_nothing(db):
    shipped = files.read(SHIPPED)
    first = register.take_over(shipped)
    assert Counter(change.noun for change in first.new) == {
        "neighbourhood": 25,
        "facility": 40,
        "venue": 91,
        "room": 89,
        "rule": 15,
        "desk": 1,
    }
    tables = (Neighbourhood, Facility, Venue, Room, RuleLine, Space)
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in tables] == [25, 40, 91, 89, 15, 76]
    before = everything(db)
    second = register.take_over(shipped)
    assert (second.new, second.changed, second.gone, told(second), len(second.same)) == ((), (), (), {}, 261)
    assert everything(db) == before
    in_zebrastraat = select(Room.slug).join(Venue).where(Venue.slug == "zebrastraat")
    assert {slug: names for slug, names in spaces(db).items() if slug in set(db.session.scalars(in_zebrastraat))} == {
        "hele-locatie": ["Tentoonstellingsruimte"],
        "tentoonstellingsruimte": ["Tentoonstellingsruimte"],
    }


@pytest.mark.parametrize("is_empty", [True, False])
def test_dry_run_tells_the_same_and_keeps_nothing(db, is_empty):
    if not is_empty:
        register.take_over(SMALL)
    other = replace(
        SMALL, venues=(replace(VENUE, name="Ons Huis"),), rooms=(replace(ROOM, slug="grote-zaal"),), rules=()
    )
    before = everything(db)
    tried = register.take_over(other, dry_run=True)
    assert everything(db) == before
    assert register.take_over(other) == tried


def test_changed_columns_are_written_and_told_and_ids_stay(db):
    register.take_over(SMALL)
    ids = (venue_id(db), room_id(db))
    changed = replace(
        SMALL,
        neighbourhoods=(replace(SMALL.neighbourhoods[0], lat=51.06),),
        facilities=(replace(SMALL.facilities[0], synonyms=("kookhoek", "fornuis")), SMALL.facilities[1]),
        venues=(replace(VENUE, name="Ons Huis", lat=None, lon=None),),
        rooms=(replace(ROOM, capacity_seated=None, facilities=("podium",)),),
        rules=(SMALL.rules[0], replace(SEASON, value=["12-01", "02-28"])),
    )
    assert told(register.take_over(changed)) == {
        "changed": [
            "neighbourhood drongen (lat)",
            "facility keuken (synonyms)",
            "venue huis (name, lat, lon)",
            "room huis/zaal (capacity_seated, facilities)",
            "rule huis/zaal/closed_season (value)",
        ]
    }
    assert (venue_id(db), room_id(db)) == ids
    assert told(register.take_over(changed)) == {}
    assert spaces(db) == {"zaal": ["Zaal"]}


def test_confirmation_is_not_taken_back_by_files_that_say_nothing_about_it(db):
    register.take_over(SMALL)
    confirmed = replace(SMALL, venues=(replace(VENUE, confirmed_on=date(2026, 11, 5)),))
    assert told(register.take_over(confirmed)) == {"changed": ["venue huis (confirmed_on)"]}
    assert told(register.take_over(SMALL)) == {}
    assert db.session.scalars(select(Venue.confirmed_on)).one() == date(2026, 11, 5)


HALL = replace(ROOM, slug="hal", name="Hal")
SEVERAL = replace(ROOM, slug="lokalen", name="Lokalen", unit=Unit.SEVERAL)
PERMISSION = replace(ROOM, slug="secretariaat", name="Secretariaat", unit=Unit.PERMISSION)
WHOLE = replace(ROOM, slug="alles", name="Alles", unit=Unit.WHOLE_VENUE)


@pytest.mark.parametrize(
    "rooms,expected",
    [
        ((ROOM,), {"zaal": ["Zaal"]}),
        ((ROOM, HALL), {"zaal": ["Zaal"], "hal": ["Hal"]}),
        ((SEVERAL, PERMISSION), {}),
        ((WHOLE,), {"alles": ["Alles"]}),
        ((WHOLE, SEVERAL), {"alles": ["Alles"]}),
        ((WHOLE, ROOM, HALL, SEVERAL), {"alles": ["Hal", "Zaal"], "hal": ["Hal"], "zaal": ["Zaal"]}),
    ],
    ids=lambda value: "+".join(room.slug for room in value) if isinstance(value, tuple) else "",
)
def test_bookable_rooms_take_spaces(db, rooms, expected):
    register.take_over(with_rooms(*rooms))
    assert spaces(db) == expected


def test_whole_house_takes_the_space_of_a_room_that_comes_later(db):
    register.take_over(with_rooms(ROOM, WHOLE))
    assert told(register.take_over(with_rooms(ROOM, WHOLE, HALL))) == {
        "new": ["room huis/hal"],
        "changed": ["room huis/alles (spaces)"],
    }
    assert spaces(db) == {"alles": ["Hal", "Zaal"], "hal": ["Hal"], "zaal": ["Zaal"]}


def test_row_that_turns_out_to_be_one_room_gets_a_space(db):
    register.take_over(with_rooms(SEVERAL))
    assert told(register.take_over(with_rooms(replace(SEVERAL, unit=Unit.ROOM)))) == {
        "changed": ["room huis/lokalen (unit, spaces)"]
    }
    assert spaces(db) == {"lokalen": ["Lokalen"]}


def test_hall_that_the_house_cut_into_parts_stays_cut(db):
    register.take_over(with_rooms(ROOM))
    half = Space(venue_id=venue_id(db), name="Achterste helft")
    add(db, half)
    add(db, RoomSpace(room_id=room_id(db), space_id=half.id))
    assert told(register.take_over(with_rooms(ROOM))) == {}
    assert spaces(db) == {"zaal": ["Achterste helft", "Zaal"]}


GONE = replace(SMALL, neighbourhoods=(), facilities=(), venues=(), rooms=(), rules=())


def test_what_is_gone_and_nobody_uses_is_removed_with_its_spaces(db):
    register.take_over(SMALL)
    assert told(register.take_over(GONE)) == {
        "removed": [
            "rule lead_days",
            "rule huis/zaal/closed_season",
            "room huis/zaal",
            "venue huis",
            "facility keuken",
            "facility podium",
            "neighbourhood drongen",
        ]
    }
    left = {name: [row[1:6] for row in rows] for name, rows in everything(db).items() if rows}
    assert left == {"desk": [("stad", "Stadsbalie", DeskKind.CITY, "", False)]}


def test_rules_stay_when_the_files_say_nothing_about_rules(db):
    register.take_over(SMALL)
    assert told(register.take_over(replace(SMALL, rules=None))) == {}
    assert db.session.scalar(select(func.count()).select_from(RuleLine)) == 2


def occurrence(db) -> Occurrence:
    request = Request(
        code="a",
        reference="DR-1",
        status=Status.APPROVED,
        requester_kind=RequesterKind.PERSON,
        contact_name="Ann",
        contact_email="ann@x.example",
        activity="Quiz",
        people=5,
        is_public=False,
        created_at=NOW,
        changed_at=NOW,
        form_key="k",
        form_hash="h",
    )
    add(db, request)
    return Occurrence(
        request_id=request.id,
        room_id=room_id(db),
        uid="u",
        starts=datetime(2027, 1, 16, 14),
        ends=datetime(2027, 1, 16, 18),
        from_epoch=60,
        to_epoch=120,
        changed_at=NOW,
    )


def occupancy(db) -> Occupancy:
    space = db.session.scalars(select(Space.id)).one()
    return Occupancy(space_id=space, from_epoch=60, to_epoch=120, by=TakenBy.BOOKING)


def programme(db) -> OwnProgramme:
    return OwnProgramme(
        code="p", room_id=room_id(db), title="Kaarten", weekday=0, from_minute=600, to_minute=660, changed_at=NOW
    )


def closure(db) -> Closure:
    days = {"first_day": date(2027, 1, 1), "last_day": date(2027, 1, 2), "closed_at": NOW}
    return Closure(code="verlof", room_id=room_id(db), reason="Verlof", **days)


def routing_line(db) -> RoutingLine:
    desk = db.session.scalars(select(Desk.id)).one()
    return RoutingLine(position=1, venue_id=venue_id(db), room_id=room_id(db), desk_id=desk, reason="De zaal")


def opening(db) -> Opening:
    return Opening(venue_id=venue_id(db), room_id=room_id(db), weekday=0, from_minute=600, to_minute=660)


def house_fact(db) -> HouseFact:
    return HouseFact(venue_id=venue_id(db), room_id=room_id(db), name="capacity_seated", value="40")


def demo_rule(db) -> RuleLine:
    return RuleLine(venue_id=venue_id(db), room_id=room_id(db), name=RuleName.OPEN_REQUESTS, value=3, is_demo=True)


def own_rule(db) -> RuleLine:
    return RuleLine(venue_id=venue_id(db), room_id=room_id(db), name=RuleName.OPEN_REQUESTS, value=3, is_own=True)


def house_text(db) -> HouseText:
    return HouseText(venue_id=venue_id(db), room_id=room_id(db), name=TextName.ABOUT, words="Kom binnen.")


USES = [occurrence, occupancy, programme, closure, routing_line, opening, house_fact, house_text, demo_rule, own_rule]


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_what_is_gone_but_used_is_kept_and_told(db, use):
    register.take_over(SMALL)
    add(db, use(db))
    ids = (venue_id(db), room_id(db))
    assert told(register.take_over(GONE)) == {
        "removed": ["rule lead_days", "rule huis/zaal/closed_season", "facility podium"],
        "kept": ["room huis/zaal", "venue huis", "facility keuken", "neighbourhood drongen"],
    }
    assert (venue_id(db), room_id(db)) == ids
    assert told(register.take_over(SMALL)) == {
        "new": ["facility podium", "rule lead_days", "rule huis/zaal/closed_season"]
    }


@pytest.mark.parametrize(
    "use",
    [
        lambda house: HouseFact(venue_id=house, name="joined"),
        lambda house: Opening(venue_id=house, weekday=0, from_minute=600, to_minute=660),
        lambda house: RoutingLine(position=1, venue_id=house, desk_id=desks.city_id(), reason="Het huis"),
        lambda house: RuleLine(venue_id=house, name=RuleName.LEAD_DAYS, value=3, is_demo=True),
        lambda house: RuleLine(venue_id=house, name=RuleName.LEAD_DAYS, value=3, is_own=True),
        lambda house: HouseText(venue_id=house, name=TextName.ABOUT, words="Kom binnen."),
        lambda house: Change(venue_id=house, what=Subject.TRUST, after={"group": "De Eendracht"}, at=NOW),
    ],
    ids=["house_fact", "opening", "routing_line", "demo_rule", "own_rule", "house_text", "change"],
)
def test_house_that_is_gone_but_used_is_kept_without_its_unused_rooms(db, use):
    register.take_over(SMALL)
    add(db, use(venue_id(db)))
    changes = register.take_over(GONE)
    assert told(changes)["kept"] == ["venue huis", "neighbourhood drongen"]
    assert list(db.session.scalars(select(Room.slug))) == []


@pytest.mark.both
def test_rule_of_the_house_outlives_an_import_and_goes_before_the_registers(db):
    register.take_over(SMALL)
    own = {"name": RuleName.CLOSED_SEASON, "value": ["12-01", "12-31"], "source": "wij", "is_own": True}
    add(db, RuleLine(venue_id=venue_id(db), room_id=room_id(db), **own))
    assert told(register.take_over(SMALL)) == {}
    db.session.close()
    room = rooms.by_slug("huis", "zaal")
    assert rooms.rules(room).rule(RuleName.CLOSED_SEASON).value == ["12-01", "12-31"]
    assert city.city().by_id[room.id].rules.rule(RuleName.CLOSED_SEASON).value == ["12-01", "12-31"]
    assert told(register.take_over(replace(SMALL, rules=()))) == {
        "removed": ["rule lead_days", "rule huis/zaal/closed_season"]
    }
    db.session.close()
    assert rooms.rules(room).rule(RuleName.CLOSED_SEASON).value == ["12-01", "12-31"]


def test_facility_that_a_house_names_is_kept(db):
    register.take_over(SMALL)
    add(db, HouseFact(venue_id=venue_id(db), name="facility", value="podium"))
    assert told(register.take_over(replace(SMALL, facilities=SMALL.facilities[:1]))) == {"kept": ["facility podium"]}


def test_everything_that_can_hang_on_a_room_or_a_place_is_looked_at():
    own = {"room_facility.room_id", "room_space.room_id", "rule.room_id", "rule.venue_id", "space.venue_id"}
    # It says that something changed, not what: it keeps no room alive, and goes along with it.
    own |= {"calendar_mark.room_id"}
    for table, looked_at in (("room", storage.HANGS_ON_ROOM), ("venue", storage.HANGS_ON_VENUE)):
        refers = {
            f"{column.table.name}.{column.name}"
            for other in models.Venue.metadata.sorted_tables
            for column in other.columns
            for key in column.foreign_keys
            if key.column.table.name == table
        }
        assert refers - own == {f"{column.table.name}.{column.name}" for column in looked_at}


def test_demonstration_line_gives_way_to_the_line_of_the_register_and_others_stay(db):
    register.take_over(replace(SMALL, rules=()))
    place = {"venue_id": venue_id(db), "room_id": room_id(db)}
    add(
        db,
        RuleLine(**place, name=RuleName.CLOSED_SEASON, value=None, is_demo=True),
        RuleLine(**place, name=RuleName.OPEN_REQUESTS, value=3, is_demo=True),
        RuleLine(name=RuleName.LEAD_DAYS, value=3, is_demo=True),
    )
    register.take_over(SMALL)
    assert sorted((line.name.value, line.value, line.is_demo) for line in db.session.scalars(select(RuleLine))) == [
        ("closed_season", ["11-01", "03-31"], False),
        ("lead_days", 28, False),
        ("open_requests", 3, True),
    ]


def test_city_desk_that_is_there_stays_as_it_is(db):
    add(db, Desk(slug="stad", name="Balie van de stad", kind=DeskKind.CITY, email="balie@stad.example"))
    register.take_over(SMALL)
    assert [(desk.name, desk.email) for desk in db.session.scalars(select(Desk))] == [
        ("Balie van de stad", "balie@stad.example")
    ]


@pytest.mark.parametrize("statement", range(0, 36, 5))
def test_nothing_is_kept_when_the_database_fails_half_way(db, statement):
    register.take_over(with_rooms(HALL, SEVERAL))
    before = everything(db)
    count = 0

    def fail(*_):
        nonlocal count
        count += 1
        if count > statement:
            raise RuntimeError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(RuntimeError, match="the disk is full"):
            register.take_over(SMALL)
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)
    assert everything(db) == before


def test_outlines_are_kept_with_their_neighbourhoods(db):
    register.take_over(SMALL)
    ring = [[3.63, 51.04], [3.64, 51.04], [3.64, 51.05], [3.63, 51.04]]
    outline = Outline("drongen", {"type": "Polygon", "coordinates": [ring]})
    other = Outline("drongen", {"type": "Polygon", "coordinates": [[*ring[::-1]]]})
    assert told(register.take_over_outlines([outline], dry_run=True)) == {"new": ["outline drongen"]}
    assert db.session.scalars(select(Neighbourhood.outline)).one() is None
    assert told(register.take_over_outlines([outline])) == {"new": ["outline drongen"]}
    assert told(register.take_over_outlines([outline])) == {}
    assert told(register.take_over_outlines([other])) == {"changed": ["outline drongen"]}
    assert db.session.scalars(select(Neighbourhood.outline)).one() == other.geometry
    assert told(register.take_over(SMALL)) == {}
    assert db.session.scalars(select(Neighbourhood.outline)).one() == other.geometry


def test_outline_of_an_unknown_neighbourhood_keeps_nothing(db):
    register.take_over(SMALL)
    known, unknown = (Outline(slug, {"type": "Polygon", "coordinates": []}) for slug in ("drongen", "merelbeke"))
    with pytest.raises(UnknownNeighbourhood, match="merelbeke"):
        register.take_over_outlines([known, unknown])
    assert db.session.scalars(select(Neighbourhood.outline)).one() is None
