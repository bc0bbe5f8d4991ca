"""The days that are not like others: the table that is shipped follows its rules, and every wrong row is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from zalenzoeker.domain.special_days import SpecialDay, SpecialKind
from zalenzoeker.gateways.holidays import LAW, legal, read
from zalenzoeker.gateways.tables import RegisterError

SHIPPED = Path(__file__).parents[2] / "zalenzoeker" / "data" / "gent_special_days.csv"
HEADER = "kind,name,first_day,last_day,rule,source"
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
SCHOOL_YEARS = range(2025, 2031)


def days_of(kind: SpecialKind, name: str = "") -> list[tuple[date, date]]:
    return [
        (one.first_day, one.last_day) for one in read(SHIPPED) if one.kind is kind and (not name or one.name == name)
    ]


def named(name: str, first: str, last: str) -> tuple[str, date, date]:
    return name, date.fromisoformat(first), date.fromisoformat(last)


def easter(year: int) -> date:
    return next(one.first_day for one in legal([year]) if one.name == "Paasmaandag") - timedelta(days=1)


def monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def stretch(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days - 1)


def autumn(year: int) -> tuple[date, date]:
    first = date(year, 11, 1)
    return stretch(monday_from(first) if first.weekday() == SUNDAY else monday_of(first), 7)


def christmas(year: int) -> tuple[date, date]:
    day = date(year, 12, 25)
    return stretch(monday_from(day) if day.weekday() >= SATURDAY else monday_of(day), 14)


def crocus(year: int) -> tuple[date, date]:
    return stretch(monday_of(easter(year + 1)) - timedelta(weeks=6), 7)


def spring(year: int) -> tuple[date, date]:
    day = easter(year + 1)
    if day.month == 3:
        return stretch(monday_from(day), 14)
    if day > date(year + 1, 4, 15):
        return stretch(monday_of(day) - timedelta(weeks=1), 14)
    return stretch(monday_from(date(year + 1, 4, 1)), 14)


def ascension(year: int) -> tuple[date, date]:
    return stretch(easter(year + 1) + timedelta(days=39), 2)


def summer(year: int) -> tuple[date, date]:
    return date(year + 1, 7, 1), date(year + 1, 8, 31)


@pytest.mark.parametrize(
    "name, rule",
    [
        ("Herfstvakantie", autumn),
        ("Kerstvakantie", christmas),
        ("Krokusvakantie", crocus),
        ("Paasvakantie", spring),
        ("Hemelvaart", ascension),
        ("Zomervakantie", summer),
    ],
)
def test_school_holidays_of_the_table_follow_their_rule(name, rule):
    assert days_of(SpecialKind.SCHOOL, name) == [rule(year) for year in SCHOOL_YEARS]


def test_school_holidays_of_the_table_are_the_published_ones():
    """The first year is printed by schools; the second was worked out by others, by the same regulation."""
    school = [(one.name, one.first_day, one.last_day) for one in read(SHIPPED) if one.kind is SpecialKind.SCHOOL]
    assert school[:10] == [
        named("Herfstvakantie", "2025-10-27", "2025-11-02"),
        named("Kerstvakantie", "2025-12-22", "2026-01-04"),
        named("Krokusvakantie", "2026-02-16", "2026-02-22"),
        named("Paasvakantie", "2026-04-06", "2026-04-19"),
        named("Hemelvaart", "2026-05-14", "2026-05-15"),
        named("Zomervakantie", "2026-07-01", "2026-08-31"),
        named("Herfstvakantie", "2026-11-02", "2026-11-08"),
        named("Kerstvakantie", "2026-12-21", "2027-01-03"),
        named("Krokusvakantie", "2027-02-08", "2027-02-14"),
        named("Paasvakantie", "2027-03-29", "2027-04-11"),
    ]


def feesten(year: int) -> tuple[date, date]:
    """Ten days from the Friday before the last Saturday before 21 July."""
    saturday = max(day for day in range(14, 21) if date(year, 7, day).weekday() == SATURDAY)
    return stretch(date(year, 7, saturday - 1), 10)


def test_feesten_are_ten_days_with_the_national_holiday():
    assert days_of(SpecialKind.FEESTEN) == [feesten(year) for year in range(2026, 2032)]
    for first, last in days_of(SpecialKind.FEESTEN):
        assert first.weekday() == FRIDAY
        assert last.weekday() == SUNDAY
        assert first <= date(first.year, 7, 21) <= last


@pytest.mark.parametrize("first", ["2017-07-14", "2018-07-13", "2019-07-19", "2022-07-15", "2023-07-14"])
def test_rule_of_the_feesten_holds_for_those_of_before(first):
    day = date.fromisoformat(first)
    assert feesten(day.year)[0] == day


def test_closing_days_of_the_table_wait_for_the_city():
    closing = [one for one in read(SHIPPED) if one.kind is SpecialKind.CITY_CLOSING]
    assert {(one.first_day.month, one.first_day.day) for one in closing} == {(7, 11), (11, 2), (12, 26)}
    assert all("te bevestigen" in one.source and one.first_day == one.last_day for one in closing)
    assert all(one.rule and one.source for one in read(SHIPPED))


def test_legal_holidays_are_the_ten_of_the_law():
    assert [(one.name, one.first_day) for one in legal([2027])] == [
        ("Nieuwjaar", date(2027, 1, 1)),
        ("Paasmaandag", date(2027, 3, 29)),
        ("Dag van de Arbeid", date(2027, 5, 1)),
        ("Onze-Lieve-Heer-Hemelvaart", date(2027, 5, 6)),
        ("Pinkstermaandag", date(2027, 5, 17)),
        ("Nationale feestdag", date(2027, 7, 21)),
        ("Onze-Lieve-Vrouw-Hemelvaart", date(2027, 8, 15)),
        ("Allerheiligen", date(2027, 11, 1)),
        ("Wapenstilstand", date(2027, 11, 11)),
        ("Kerstmis", date(2027, 12, 25)),
    ]
    assert {(one.kind, one.last_day - one.first_day, one.source) for one in legal([2026, 2027])} == {
        (SpecialKind.LEGAL, timedelta(), LAW)
    }


def test_legal_holidays_are_ten_in_every_year():
    years = range(2026, 2051)
    found = legal(years)
    assert [one.first_day for one in found] == sorted(one.first_day for one in found)
    assert {year: sum(one.first_day.year == year for one in found) for year in years} == dict.fromkeys(years, 10)
    assert legal([]) == ()


@pytest.fixture
def table(tmp_path):
    """Return a function that writes these lines below a header and reads them."""
    file = tmp_path / "dagen.csv"

    def read_lines(*lines: str, header: str = HEADER) -> tuple[SpecialDay, ...]:
        file.write_text("\n".join((header, *lines)), encoding="utf-8")
        return read(file)

    return read_lines


def test_row_of_a_table_is_read_whole(table):
    line = 'sluitingsdag,Brugdag,2027-05-07,2027-05-07,"de dag erna, één keer",Stad Gent'
    assert table(line) == (
        SpecialDay(
            SpecialKind.CITY_CLOSING,
            "Brugdag",
            date(2027, 5, 7),
            date(2027, 5, 7),
            source="Stad Gent",
            rule="de dag erna, één keer",
        ),
    )
    assert table() == ()


GOOD = "sluitingsdag,Brugdag,2027-05-07,2027-05-07,,Stad"


@pytest.mark.parametrize(
    "line, problem",
    [
        ("", None),
        ("vrij,X,2027-05-07,2027-05-07,,Stad", f"kind: 'vrij' is not one of {', '.join(SpecialKind)}"),
        ("sluitingsdag,,2027-05-07,2027-05-07,,Stad", "name: is empty"),
        ("sluitingsdag,X,,2027-05-07,,Stad", "first_day: is empty"),
        ("sluitingsdag,X,2027-05-07,,,Stad", "last_day: is empty"),
        ("sluitingsdag,X,7 mei,2027-05-07,,Stad", "first_day: '7 mei' is not a day such as 2027-01-16"),
        ("sluitingsdag,X,2027-02-29,2027-05-07,,Stad", "first_day: '2027-02-29' is not a day such as 2027-01-16"),
        ("sluitingsdag,X,0027-05-07,2027-05-07,,Stad", "first_day: '0027-05-07' is not in a year from 1990 to 2100"),
        ("sluitingsdag,X,2027-05-07,2027-05-06,,Stad", "last_day: '2027-05-06' lies before the first day"),
        ("schoolvakantie,X,2027-05-07,2028-05-07,,Stad", "last_day: '2028-05-07' is 100 days or more after the first"),
        ("sluitingsdag,X,2027-05-07,2027-05-07,,", "source: is empty"),
        ("sluitingsdag,X,2027-05-07", "has 3 cells and not 6"),
        (GOOD, "first_day: '2027-05-07' of 'Brugdag' is already on line 2"),
    ],
)
def test_wrong_row_of_a_table_is_named(table, line, problem):
    if problem is None:
        assert len(table(GOOD, line)) == 1
        return
    with pytest.raises(RegisterError) as refused:
        table(GOOD, line)
    assert [str(one) for one in refused.value.problems] == [
        f"dagen.csv, line 3, {problem}" if ": " in problem else f"dagen.csv, line 3: {problem}"
    ]


def test_table_without_a_column_or_a_file_is_refused(table, tmp_path):
    with pytest.raises(RegisterError) as refused:
        table(header="kind,name,first_day,last_day,rule")
    assert str(refused.value) == "dagen.csv, line 1, source: this column is missing"
    with pytest.raises(RegisterError) as refused:
        read(tmp_path / "niets.csv")
    assert str(refused.value) == "niets.csv: is missing"
