"""When a room is taken by a diary: the table of what is read, what is left out, and why."""

from datetime import UTC, datetime

import pytest

from tests.gateways.diary_files import GOOGLE, OUTLOOK, PLAIN, calendar, event
from zalenzoeker.domain.diaries import Skipped, Trouble
from zalenzoeker.domain.slots import from_epoch
from zalenzoeker.gateways import diary_dates
from zalenzoeker.gateways.diary_lines import Unfit, zone_of

FIRST = int(datetime(2026, 11, 22, 23, tzinfo=UTC).timestamp())
LAST = int(datetime(2028, 5, 22, 22, tzinfo=UTC).timestamp())


def read(raw):
    return diary_dates.read(raw, FIRST, LAST)


def said(raw):
    return [f"{from_epoch(starts):%d/%m %H:%M}-{from_epoch(ends):%d/%m %H:%M}" for starts, ends in read(raw).times]


EVENING = ["01/12 19:00-01/12 21:30"]


@pytest.mark.parametrize(
    "circumstance, lines, expected, skipped",
    [
        ("an evening", [PLAIN], EVENING, {}),
        ("a moment of the world's clock", ["DTSTART:20261201T180000Z", "DTEND:20261201T203000Z"], EVENING, {}),
        ("a floating time is Ghent's", ["DTSTART:20261201T190000", "DTEND:20261201T213000"], EVENING, {}),
        ("a length in place of an end", ["DTSTART:20261201T190000", "DURATION:PT2H30M"], EVENING, {}),
        (
            "Outlook's name of the zone",
            ["DTSTART;TZID=Romance Standard Time:20261201T190000", "DTEND;TZID=Romance Standard Time:20261201T213000"],
            EVENING,
            {},
        ),
        (
            "another zone of Outlook",
            ["DTSTART;TZID=GMT Standard Time:20261201T180000", "DTEND;TZID=GMT Standard Time:20261201T203000"],
            EVENING,
            {},
        ),
        (
            "a name in front of the zone",
            ["DTSTART;TZID=/mozilla.org/20050126_1/Europe/Brussels:20261201T190000", "DURATION:PT150M"],
            EVENING,
            {},
        ),
        (
            "a quoted zone with a colon",
            ['DTSTART;TZID="(UTC+01:00) Brussel":20261201T190000', "DURATION:PT150M"],
            EVENING,
            {Skipped.ZONE: 1},
        ),
        (
            "an unknown zone is Ghent's, and told",
            ["DTSTART;TZID=Thuis:20261201T190000", "DURATION:PT150M"],
            EVENING,
            {Skipped.ZONE: 1},
        ),
        ("a whole day", ["DTSTART;VALUE=DATE:20261201"], ["01/12 00:00-02/12 00:00"], {}),
        (
            "whole days, the end left out",
            ["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261204"],
            ["01/12 00:00-04/12 00:00"],
            {},
        ),
        ("shown as free", [PLAIN, "TRANSP:TRANSPARENT"], [], {Skipped.FREE: 1}),
        ("cancelled", [PLAIN, "STATUS:CANCELLED"], [], {Skipped.CANCELLED: 1}),
        ("not sure yet is taken", [PLAIN, "STATUS:TENTATIVE"], EVENING, {}),
        ("long ago", ["DTSTART:20201201T190000Z", "DURATION:PT1H"], [], {Skipped.OTHER_DAYS: 1}),
        ("no length", ["DTSTART:20261201T190000Z", "DTEND:20261201T190000Z"], [], {Skipped.NO_LENGTH: 1}),
        (
            "the end before the start",
            ["DTSTART:20261201T190000Z", "DTEND:20261201T180000Z"],
            [],
            {Skipped.NO_LENGTH: 1},
        ),
        ("no start", ["DTEND:20261201T190000Z"], [], {Skipped.UNREADABLE: 1}),
        ("a start that is none", ["DTSTART:morgen"], [], {Skipped.UNREADABLE: 1}),
        ("a day that is none", ["DTSTART;VALUE=DATE:20261399"], [], {Skipped.UNREADABLE: 1}),
        ("a rule of minutes", [PLAIN, "RRULE:FREQ=MINUTELY"], [], {Skipped.RULE: 1}),
        ("a rule with hours", [PLAIN, "RRULE:FREQ=DAILY;BYHOUR=1,2"], [], {Skipped.RULE: 1}),
        ("a rule that forbids", [PLAIN, "EXRULE:FREQ=DAILY"], [], {Skipped.RULE: 1}),
        ("two rules", [PLAIN, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], [], {Skipped.RULE: 1}),
        ("an interval of nothing", [PLAIN, "RRULE:FREQ=DAILY;INTERVAL=0"], [], {Skipped.RULE: 1}),
        ("no rule at all", [PLAIN, "RRULE:"], [], {Skipped.RULE: 1}),
        (
            "twice, by a rule",
            [PLAIN, "RRULE:FREQ=WEEKLY;COUNT=2"],
            [*EVENING, "08/12 19:00-08/12 21:30"],
            {},
        ),
        (
            "other dates one by one",
            [PLAIN, "RDATE;TZID=Europe/Brussels:20261203T190000"],
            [*EVENING, "03/12 19:00-03/12 21:30"],
            {},
        ),
        (
            "a time in the doubled hour starts at the first and ends at the last",
            ["DTSTART;TZID=Europe/Brussels:20271031T023000", "DTEND;TZID=Europe/Brussels:20271031T023000"],
            ["31/10 02:30-31/10 02:30"],
            {},
        ),
        (
            "a time in the missing hour",
            ["DTSTART;TZID=Europe/Brussels:20270328T023000", "DTEND;TZID=Europe/Brussels:20270328T040000"],
            ["28/03 03:30-28/03 04:00"],
            {},
        ),
    ],
)
def test_events_and_what_is_left_out(circumstance, lines, expected, skipped):
    raw = calendar(event(*lines))
    assert said(raw) == expected, circumstance
    assert read(raw).skipped == skipped, circumstance


def test_series_of_outlook_over_the_change_of_the_clock():
    assert said(OUTLOOK) == [
        "01/12 19:00-01/12 21:30",
        "09/12 19:00-09/12 20:00",
        *(
            f"{day} 19:00-{day} 21:30"
            for day in ("05/01", "12/01", "19/01", "26/01", "02/02", "09/02", "16/02", "23/02")
        ),
        *(f"{day} 19:00-{day} 21:30" for day in ("02/03", "09/03", "16/03", "23/03", "30/03", "06/04", "13/04")),
    ]
    assert read(OUTLOOK).skipped[Skipped.CANCELLED] == 1


def test_diary_of_google():
    assert said(GOOGLE) == ["01/12 19:00-01/12 21:00", "31/12 00:00-02/01 00:00"]
    assert read(GOOGLE).dates == 2


def test_daily_rule_is_cut_off_and_says_so():
    found = read(calendar(event(PLAIN, "RRULE:FREQ=DAILY")))
    assert (len(found.times), found.skipped[Skipped.CUT_OFF]) == (400, 1)


def test_two_events_with_one_name_both_count():
    other = "DTSTART:20261203T190000\nDTEND:20261203T200000"
    assert said(calendar(event(PLAIN), event(other))) == [*EVENING, "03/12 19:00-03/12 20:00"]


def test_date_of_somebody_elses_series():
    assert said(calendar(event(PLAIN, "RECURRENCE-ID:20261130T190000Z"))) == EVENING


def test_one_wrong_event_stops_no_other():
    wrong = event("DTSTART:20261203T190000", "DURATION:lang", uid="b")
    assert said(calendar(wrong, event(PLAIN))) == EVENING


@pytest.mark.parametrize(
    "alphabet, mark", [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16", b"")]
)
def test_alphabets_of_old(alphabet, mark):
    raw = calendar(event(PLAIN, title="Fête à la café")).decode().encode(alphabet)
    assert said(mark + raw) == EVENING


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_line_endings_of_old_machines(ending):
    assert said(calendar(event(PLAIN)).replace(b"\r\n", ending.encode())) == EVENING


@pytest.mark.parametrize(
    "circumstance, raw, trouble",
    [
        ("nothing", b"", Trouble.NOT_A_CALENDAR),
        ("a page of the web", b"<!doctype html>", Trouble.NOT_A_CALENDAR),
        ("zeros", b"BEGIN:VCALENDAR\0", Trouble.NOT_A_CALENDAR),
        ("zipped", b"PK\x03\x04", Trouble.ZIPPED),
        ("zipped otherwise", b"\x1f\x8b", Trouble.ZIPPED),
        ("too large", b"BEGIN:VCALENDAR" + b" " * 1024 * 1024, Trouble.TOO_LARGE),
        ("too many", calendar(*[event(PLAIN)] * 2_000), Trouble.TOO_MANY),
        ("cut off", calendar(event(PLAIN))[:-20], Trouble.BROKEN),
        ("parts that end as another", calendar("BEGIN:VEVENT\nEND:VTODO"), Trouble.BROKEN),
        ("an event outside a calendar", calendar() + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", Trouble.BROKEN),
        ("too deep", calendar("BEGIN:A\n" * 5 + "END:A\n" * 5), Trouble.BROKEN),
    ],
)
def test_files_of_which_nothing_is_read(circumstance, raw, trouble):
    with pytest.raises(Unfit) as refused:
        read(raw)
    assert refused.value.trouble is trouble, circumstance


@pytest.mark.parametrize(
    "name, zone",
    [
        ("Europe/Brussels", ("Europe/Brussels", True)),
        ("Romance Standard Time", ("Europe/Paris", True)),
        ("Thuis", ("Europe/Brussels", False)),
        ("../../etc/passwd", ("Europe/Brussels", False)),
    ],
)
def test_zones_by_their_names(name, zone):
    assert zone_of(name) == zone
