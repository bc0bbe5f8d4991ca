"""Calendar files as programs write them, and as nobody should."""

ZONE_OF_OUTLOOK = """BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""

PLAIN = "DTSTART;TZID=Europe/Brussels:20261201T190000\nDTEND;TZID=Europe/Brussels:20261201T213000"


def event(*lines, uid="een", title="Bestuur van Jan Peeters"):
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*parts):
    whole = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//huis//NL", *parts, "END:VCALENDAR", ""])
    return whole.replace("\n", "\r\n").encode()


OUTLOOK = calendar(
    "METHOD:PUBLISH",
    "X-WR-TIMEZONE:Romance Standard Time",
    ZONE_OF_OUTLOOK,
    event(
        "DTSTART;TZID=Romance Standard Time:20261201T190000",
        "DTEND;TZID=Romance Standard Time:20261201T213000",
        "RRULE:FREQ=WEEKLY;COUNT=20;BYDAY=TU",
        "EXDATE;TZID=Romance Standard Time:20261222T190000,20261229T190000",
        "CLASS:PRIVATE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "ACTION:DISPLAY",
        "END:VALARM",
        uid="040000008200E00074C5B7101A82E008",
    ),
    event(
        "RECURRENCE-ID;TZID=Romance Standard Time:20261208T190000",
        "DTSTART;TZID=Romance Standard Time:20261209T190000",
        "DTEND;TZID=Romance Standard Time:20261209T200000",
        uid="040000008200E00074C5B7101A82E008",
    ),
    event(
        "RECURRENCE-ID;TZID=Romance Standard Time:20261215T190000",
        "DTSTART;TZID=Romance Standard Time:20261215T190000",
        "DTEND;TZID=Romance Standard Time:20261215T213000",
        "STATUS:CANCELLED",
        uid="040000008200E00074C5B7101A82E008",
    ),
)
GOOGLE = calendar(
    "X-WR-CALNAME:De Porre",
    "X-WR-TIMEZONE:Europe/Brussels",
    event(
        "DTSTART:20261201T180000Z", "DTEND:20261201T200000Z", "STATUS:CONFIRMED", "TRANSP:OPAQUE", uid="a@google.com"
    ),
    event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "TRANSP:TRANSPARENT", uid="b@google.com"),
    event("DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270102", "TRANSP:OPAQUE", uid="c@google.com"),
)


def rule(words, starts="20200101T000000Z"):
    return calendar(event(f"DTSTART:{starts}", "DURATION:PT1M", f"RRULE:{words}"))


def numbers(count):
    return ",".join(str(number) for number in range(count))


BOMBS = {
    "every minute": rule("FREQ=MINUTELY"),
    "every second": rule("FREQ=SECONDLY"),
    "every hour": rule("FREQ=HOURLY"),
    "every second of a year": rule(
        f"FREQ=YEARLY;BYHOUR={numbers(24)};BYMINUTE={numbers(60)};BYSECOND={numbers(60)};BYYEARDAY=1,2,3"
    ),
    "every second by a rule of a zone": calendar(
        "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100",
        "RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE",
        event("DTSTART;TZID=X:20261201T190000", "DTEND;TZID=X:20261201T213000"),
    ),
    "twenty thousand events": calendar(*(event(PLAIN, uid=str(number), title="") for number in range(20_000))),
    "as many as fit": calendar(*(event(PLAIN, uid=str(number), title="") for number in range(2_500))),
    "two thousand rules of old": calendar(
        *(
            event("DTSTART:19000101T190000", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid=str(number), title="")
            for number in range(1_999)
        )
    ),
    "fifty thousand parts in each other": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000,
    "a thousand parts in each other": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 1_000,
    "one line of a megabyte": calendar(event(PLAIN, title="x" * 1_000_000)),
    "a megabyte in folds": calendar(event(PLAIN, title="x" + "\n x" * 250_000)),
    "a start of a megabyte": calendar(event("DTSTART:" + "2" * 1_000_000)),
    "quotes without end": calendar(event('DTSTART;X="' + '":' * 300_000)),
    "a hundred thousand dates": calendar(event(PLAIN, "RDATE:" + ",".join(["20270101T120000"] * 60_000))),
    "an event of ten thousand years": calendar(event("DTSTART:00010101T000000", "DTEND:99991231T235959")),
    "a rule of the last year there is": rule("FREQ=DAILY", "99991201T000000Z"),
    "a rule that never comes": rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"),
    "an interval of nothing": rule("FREQ=DAILY;INTERVAL=0"),
    "a zipped file": b"PK\x03\x04" + bytes(1000),
    "a page of the web": b"<!doctype html><html><body>Aanmelden</body></html>",
    "nothing": b"",
    "zeros": bytes(100_000),
    "two megabytes": b"BEGIN:VCALENDAR\r\n" + b"x" * 2_000_000,
    "half a diary": calendar(event(PLAIN))[:-30],
}
