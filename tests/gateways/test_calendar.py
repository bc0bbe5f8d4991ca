"""Feeds and invitations: what stands in them, what cannot get in, and what three independent readers make of them."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from tests import by_icalendar
from zalenzoeker.domain.slots import BRUSSELS, Slot
from zalenzoeker.gateways import calendar, calendar_lines
from zalenzoeker.gateways.calendar import Entry

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SNAPSHOTS = HERE.parent / "snapshots" / "feeds"
STAMP = datetime(2026, 9, 1, 8, 30, 15, 999, tzinfo=UTC)


def slot(starts: str, ends: str, zone: str = BRUSSELS) -> Slot:
    return Slot(datetime.fromisoformat(starts), datetime.fromisoformat(ends), zone)


def entry(uid: str = "k7", **changes) -> Entry:
    return replace(Entry(uid, slot("2027-01-16T14:00", "2027-01-16T18:00"), "Bezet", STAMP), **changes)


def feed(*entries: Entry, name: str = "Zaal Open Huis", description: str = "Wat er gebeurt") -> bytes:
    return calendar.write(
        entries,
        name=name,
        description=description,
        source="https://zalen.example/kalender/zaal/open-huis-drongen/zaal-open-huis.ics",
        url="https://zalen.example/zalen/open-huis-drongen/zaal-open-huis",
        cancelled_prefix="Geannuleerd:",
    )


def letter(one: Entry, method: calendar.Method = "REQUEST", **changes: str) -> bytes:
    words = {"organizer": "zalen@zalen.example", "organizer_name": "Zalenzoeker", "attendee": "ann@vereniging.example"}
    return calendar.invitation(one, method=method, cancelled_prefix="Geannuleerd:", **(words | changes))


def series(*entries: Entry, **changes: str) -> bytes:
    words = {"organizer": "zalen@zalen.example", "organizer_name": "Zalenzoeker"}
    return calendar.announcement(entries, cancelled_prefix="Geannuleerd:", **(words | changes))


def unfolded(written: bytes) -> list[str]:
    return written.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def same_as_snapshot(name: str, written: bytes) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_bytes(written)
    assert written.decode().splitlines() == path.read_bytes().decode().splitlines()
    assert written == path.read_bytes()


EVERY_CASE = [
    entry("bezet", location="Zaal Open Huis, Open Huis Drongen, 9031 Drongen"),
    entry(
        "buurtfeest",
        slot=slot("2027-02-06T19:30", "2027-02-07T01:00"),
        summary="Buurtfeest & quiz; met soep, brood en een heel lange titel die over de rand van een regel loopt 🎉🎉",
        description="Iedereen welkom.\nBreng een kom mee; de soep is gratis, het brood ook.\nMap: C:\\Nieuw",
        location="Zaal, Huis, Straat 1, 9000 Gent",
        url="https://zalen.example/agenda/buurtfeest?week=2027-W05",
        lat=51.0497,
        lon=3.6592,
        categories=("Feest, samen", "Buurt"),
        sequence=2,
    ),
    entry("geannuleerd", is_cancelled=True, sequence=1, slot=slot("2027-01-23T14:00", "2027-01-23T18:00")),
    entry("dubbel-uur", slot=slot("2026-10-25T02:15", "2026-10-25T04:00")),
    entry("over-het-dubbele-uur", slot=slot("2026-10-24T22:00", "2026-10-25T04:00")),
    entry("over-het-ontbrekende-uur", slot=slot("2027-03-27T22:00", "2027-03-28T04:00")),
    entry("ontbrekend-uur", slot=slot("2027-03-28T01:00", "2027-03-28T02:30")),
    entry("zomer", slot=slot("2027-07-01T10:00", "2027-07-01T12:00")),
    entry("elders", slot=slot("2027-01-16T14:00", "2027-01-16T15:00", "Europe/Lisbon")),
]


def test_feed_with_every_case():
    same_as_snapshot("room.ics", feed(*EVERY_CASE))


def test_feed_without_entries():
    same_as_snapshot("empty.ics", feed())


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH"])
def test_invitation_of_every_method(method):
    sequence = 1 if method == "CANCEL" else 0
    same_as_snapshot(
        f"invitation-{method.lower()}.ics",
        letter(entry(url="https://zalen.example/aanvragen/k7", sequence=sequence), method),
    )


def test_announcement_of_a_series_of_which_one_date_fell_away():
    weekly = [
        entry(f"week-{week}", slot=entry().slot.moved(days=7 * week), url="https://zalen.example/aanvragen/k7")
        for week in range(3)
    ]
    same_as_snapshot("announcement.ics", series(*weekly[:2], replace(weekly[2], is_cancelled=True, sequence=1)))


def test_announcement_is_one_publish_with_each_date_by_itself():
    """RFC 5546, 3.2.1: an organizer and no attendee; 3.2.2 would allow a REQUEST one UID only."""
    read = icalendar.Calendar.from_ical(series(entry("b"), entry("a")))
    events = read.walk("VEVENT")
    assert (read["METHOD"], [str(event["UID"]) for event in events]) == ("PUBLISH", ["a@zalenzoeker", "b@zalenzoeker"])
    assert [(str(event["ORGANIZER"]), "ATTENDEE" in event) for event in events] == [
        ("mailto:zalen@zalen.example", False)
    ] * 2
    assert len(read.walk("VTIMEZONE")) == 1


def test_announcement_is_the_same_in_any_order():
    assert series(*EVERY_CASE) == series(*reversed(EVERY_CASE))


def test_feed_is_the_same_in_any_order():
    assert feed(*EVERY_CASE) == feed(*reversed(EVERY_CASE))
    dates = [line for line in unfolded(feed(*EVERY_CASE)) if line.startswith("UID:")]
    assert dates == [
        "UID:over-het-dubbele-uur@zalenzoeker",
        "UID:dubbel-uur@zalenzoeker",
        "UID:bezet@zalenzoeker",
        "UID:elders@zalenzoeker",
        "UID:geannuleerd@zalenzoeker",
        "UID:buurtfeest@zalenzoeker",
        "UID:over-het-ontbrekende-uur@zalenzoeker",
        "UID:ontbrekend-uur@zalenzoeker",
        "UID:zomer@zalenzoeker",
    ]


def test_feed_has_one_time_zone_and_no_identity_of_its_own():
    written = feed(*EVERY_CASE)
    head = written.replace(b"\r\n ", b"").decode().partition("BEGIN:VEVENT")[0]
    assert head.count(calendar_lines.TIMEZONE) == written.count(b"BEGIN:VTIMEZONE") == 1
    names = [line.partition(":")[0] for line in head.replace(calendar_lines.TIMEZONE, "").split("\r\n")[:-1]]
    assert names == [
        "BEGIN",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "X-WR-CALDESC",
        "REFRESH-INTERVAL;VALUE=DURATION",
        "X-PUBLISHED-TTL",
        "SOURCE;VALUE=URI",
        "URL",
    ]


@pytest.mark.parametrize(
    "case,starts,ends",
    [
        ("bezet", "DTSTART;TZID=Europe/Brussels:20270116T140000", "DTEND;TZID=Europe/Brussels:20270116T180000"),
        ("dubbel-uur", "DTSTART:20261025T001500Z", "DTEND:20261025T030000Z"),
        (
            "over-het-dubbele-uur",
            "DTSTART;TZID=Europe/Brussels:20261024T220000",
            "DTEND;TZID=Europe/Brussels:20261025T040000",
        ),
        (
            "over-het-ontbrekende-uur",
            "DTSTART;TZID=Europe/Brussels:20270327T220000",
            "DTEND;TZID=Europe/Brussels:20270328T040000",
        ),
        ("ontbrekend-uur", "DTSTART:20270328T000000Z", "DTEND:20270328T013000Z"),
        ("elders", "DTSTART:20270116T140000Z", "DTEND:20270116T150000Z"),
    ],
)
def test_times_are_wall_times_unless_the_clock_shows_them_twice_or_never(case, starts, ends):
    one = next(each for each in EVERY_CASE if each.uid == case)
    assert [line for line in unfolded(feed(one)) if re.match("DT(START|END)[;:].*20[0-9]{2}", line)][-2:] == [
        starts,
        ends,
    ]


ATTACKS = [
    "a\nATTACH:evil",
    "a\rATTACH:evil",
    "a\r\nATTACH:evil",
    "a\r\n ATTACH:evil",
    "a\N{LINE SEPARATOR}ATTACH:evil",
    "a\N{PARAGRAPH SEPARATOR}ATTACH:evil",
    "a\x85ATTACH:evil",
    "a\x0bATTACH:evil\x0cATTACH:evil",
    "a\x1cATTACH:evil\x1dATTACH:evil\x1eATTACH:evil",
    "a\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
    "a\\nATTACH:evil",
    "a\\\nATTACH:evil",
    'a";ATTACH="evil',
    ";,:\\",
    "\\N",
    "\x00\x07\x1b[31m\x7f",
    "\ud800",
    "a\tb",
    "🎉" * 100,
    "\u202eomgekeerd",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_no_text_becomes_a_property(attack):
    plain, attacked = (
        entry(
            words,
            summary=words,
            description=words,
            location=words,
            url=f"https://zalen.example/{words}",
            categories=(words,),
        )
        for words in ("k7", attack)
    )
    later = entry("later", slot=entry().slot.moved(days=7))
    for written, expected in (
        (feed(attacked, name=attack, description=attack), feed(plain)),
        (
            letter(attacked, organizer=attack + "@x.example", organizer_name=attack, attendee=attack + "@y.example"),
            letter(plain),
        ),
        (
            series(attacked, later, organizer=attack + "@x.example", organizer_name=attack),
            series(plain, later),
        ),
    ):
        # Python's own idea of a line is wider than RFC 5545's, and some readers are written in Python.
        assert len(unfolded(written)) == len(written.replace(b"\r\n ", b"").decode().splitlines())
        assert [name(line) for line in unfolded(written)] == [name(line) for line in unfolded(expected)]
        assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|[^\r]\n|\r[^\n]", written)


def name(line: str) -> str:
    return re.split("[;:]", line, maxsplit=1)[0]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_folding_keeps_lines_short_and_letters_whole(words):
    written = feed(entry(summary=words, description=words, location=words, categories=(words, words)), name=words)
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200))
def test_text_reads_back_as_it_was_written(words):
    read = icalendar.Calendar.from_ical(feed(entry(summary=words, description=words + "\n" + words)))
    event = read.walk("VEVENT")[0]
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (words, words + "\n" + words)


# Around both changes of the clock, in summer and in winter; one in another zone.
SLOTS = [
    slot(f"{day}T{hour:02}:30", f"{day}T{hour + 1:02}:30")
    for day in ("2027-01-16", "2027-03-28", "2027-07-01", "2027-10-31")
    for hour in (0, 1, 2, 3, 14)
] + [slot("2027-01-16T14:00", "2027-01-16T18:00", "Europe/London")]
words = st.text(max_size=80)
entries = st.builds(
    Entry,
    uid=st.one_of(st.from_regex("[A-Za-z0-9_-]{1,60}", fullmatch=True), words),
    slot=st.sampled_from(SLOTS),
    summary=words,
    stamp=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    sequence=st.integers(0, 10_000),
    is_cancelled=st.booleans(),
    is_free=st.booleans(),
    is_tentative=st.booleans(),
    is_private=st.booleans(),
    is_whole_days=st.booleans(),
    description=words,
    location=words,
    url=words,
    lat=st.one_of(st.none(), st.floats(-90, 90)),
    lon=st.one_of(st.none(), st.floats(-180, 180)),
    categories=st.lists(words, max_size=3).map(tuple),
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(entries)
def test_date_of_a_feed_is_what_the_library_writes(one):
    written = feed(one)
    assert written.count(b"BEGIN:VEVENT") == 1
    event = written[written.index(b"BEGIN:VEVENT") : written.index(b"END:VCALENDAR")]
    assert event == by_icalendar.published(one, "Geannuleerd:")


@settings(derandomize=True, max_examples=200, deadline=None)
@given(entries, words, words, st.sampled_from(["REQUEST", "CANCEL", "PUBLISH"]))
def test_file_of_a_letter_is_what_the_library_writes(one, organizer, attendee, method):
    people = {"organizer": organizer, "organizer_name": attendee, "cancelled_prefix": "Geannuleerd:"}
    written = calendar.invitation(one, method=method, attendee=attendee, **people)
    assert written == by_icalendar.letter([one], method, attendee=attendee, **people)


def test_file_of_several_dates_is_what_the_library_writes():
    people = {"organizer": "zalen@huis.example", "organizer_name": "Zalen; zoeker", "cancelled_prefix": "Geannuleerd:"}
    in_order = sorted(EVERY_CASE, key=lambda one: (one.slot.from_epoch, one.uid))
    assert calendar.announcement(EVERY_CASE, **people) == by_icalendar.letter(in_order, "PUBLISH", **people)


def test_cancel_is_written_as_cancelled_even_when_the_row_is_not():
    lines = unfolded(letter(entry(), "CANCEL"))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SUMMARY:Geannuleerd: Bezet", "TRANSP:TRANSPARENT"} <= set(lines)


# Every quarter of an hour in the two nights would be 200 dates; these are the ones where readers were seen to differ.
BOTH_CHANGES = [
    entry("voor-de-herfst", slot=slot("2026-10-24T19:00", "2026-10-24T22:00")),
    entry("nacht-herfst", slot=slot("2026-10-24T22:00", "2026-10-25T04:00")),
    entry("tot-in-het-dubbele-uur", slot=slot("2026-10-25T00:30", "2026-10-25T02:30")),
    entry("in-het-dubbele-uur", slot=slot("2026-10-25T02:00", "2026-10-25T02:45")),
    entry("om-drie-uur-herfst", slot=slot("2026-10-25T03:00", "2026-10-25T04:00")),
    entry("na-de-herfst", slot=slot("2026-10-25T19:00", "2026-10-25T22:00")),
    entry("week-later", slot=slot("2026-11-01T19:00", "2026-11-01T22:00"), is_cancelled=True),
    entry("voor-de-lente", slot=slot("2027-03-27T19:00", "2027-03-27T22:00")),
    entry("nacht-lente", slot=slot("2027-03-27T22:00", "2027-03-28T04:00")),
    entry("tot-twee-uur-lente", slot=slot("2027-03-28T01:00", "2027-03-28T01:45")),
    entry("om-drie-uur-lente", slot=slot("2027-03-28T03:00", "2027-03-28T04:00")),
    entry("na-de-lente", slot=slot("2027-03-28T19:00", "2027-03-28T22:00")),
    entry("zomer", slot=slot("2027-07-01T10:00", "2027-07-01T12:00")),
]
Instants = dict[str, tuple[int, int]]
INSTANTS: Instants = {f"{one.uid}@zalenzoeker": (one.slot.from_epoch, one.slot.to_epoch) for one in BOTH_CHANGES}


def moments(events: Iterable[tuple[str, datetime, datetime]]) -> Instants:
    found = list(events)
    assert all(starts.tzinfo and ends.tzinfo for _, starts, ends in found), "a reader lost the zone"
    # By way of UTC: two aware times of one zone are subtracted as wall times.
    return {
        uid: (int(starts.astimezone(UTC).timestamp()), int(ends.astimezone(UTC).timestamp()))
        for uid, starts, ends in found
    }


def read_by_icalendar(written: bytes) -> Instants:
    read = icalendar.Calendar.from_ical(written)
    events = recurring_ical_events.of(read).between(datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 8, 1, tzinfo=UTC))
    return moments((str(event["UID"]), event["DTSTART"].dt, event["DTEND"].dt) for event in events)


def read_by_ical(written: bytes) -> Instants:
    read = IcsCalendarStream.calendar_from_ics(written.decode())
    return moments((event.uid, event.dtstart, event.dtend) for event in read.timeline)


def read_by_ical_js(written: bytes) -> Instants:
    events = ical_js(written)
    assert [event["uid"] for event in events if event["isFloating"]] == []
    return {event["uid"]: (event["starts"], event["ends"]) for event in events}


def ical_js(written: bytes) -> list[dict]:
    if not (ROOT / "node_modules" / "ical.js").is_dir():
        pytest.fail("ical.js is not installed: run `make node_modules/.ready`.")
    node = shutil.which("node", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None:
        pytest.fail("There is no node: run `make node_modules/.ready`.")
    # A zone far away: a time that is read as floating then gives another moment.
    environment = {"TZ": "Pacific/Auckland"}
    run = subprocess.run(
        [node, HERE / "ical_js_reader.mjs"],
        input=written,
        capture_output=True,
        check=False,
        env=environment,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)


@pytest.mark.parametrize("reader", [read_by_icalendar, read_by_ical, read_by_ical_js])
def test_reader_sees_the_same_moments_over_both_changes_of_the_clock(reader):
    assert reader(feed(*BOTH_CHANGES)) == INSTANTS


@pytest.mark.parametrize("reader", [read_by_icalendar, read_by_ical, read_by_ical_js])
@pytest.mark.parametrize("uid", ["nacht-herfst", "in-het-dubbele-uur", "nacht-lente"])
def test_reader_sees_the_same_moment_in_an_invitation(reader, uid):
    one = next(each for each in BOTH_CHANGES if each.uid == uid)
    assert reader(letter(one)) == {f"{uid}@zalenzoeker": INSTANTS[f"{uid}@zalenzoeker"]}


@pytest.mark.parametrize("reader", [read_by_icalendar, read_by_ical, read_by_ical_js])
def test_reader_sees_every_date_of_an_announcement_at_its_moment(reader):
    assert reader(series(*BOTH_CHANGES)) == INSTANTS


def test_ical_js_sees_which_dates_of_an_announcement_fell_away():
    events = ical_js(series(*EVERY_CASE))
    assert [event["uid"] for event in events if event["status"] == "CANCELLED"] == ["geannuleerd@zalenzoeker"]


def test_ical_js_sees_titles_and_cancelled_dates():
    events = ical_js(feed(*EVERY_CASE))
    assert [(event["summary"], event["status"]) for event in events if event["summary"] != "Bezet"] == [
        ("Geannuleerd: Bezet", "CANCELLED"),
        (EVERY_CASE[1].summary, "CONFIRMED"),
    ]
