"""Special days in the database: taken over by kind, each change told, and legal holidays looked up each year."""

from datetime import UTC, date, datetime

import pytest

from zalenzoeker.domain.special_days import SpecialDay, SpecialDays, SpecialKind
from zalenzoeker.gateways import holidays
from zalenzoeker.services import special_days
from zalenzoeker.storage import special_days as storage
from zalenzoeker.storage.db import db

pytestmark = pytest.mark.both


def closing(day: str, name: str = "Brugdag", **words: str) -> SpecialDay:
    return SpecialDay(
        SpecialKind.CITY_CLOSING, name, date.fromisoformat(day), date.fromisoformat(day), source="Stad", **words
    )


AUTUMN = SpecialDay(
    SpecialKind.SCHOOL, "Herfstvakantie", date(2026, 11, 2), date(2026, 11, 8), "Vlaanderen", "elk jaar"
)
BRIDGE = closing("2027-05-07")


def known() -> SpecialDays:
    db.session.close()
    return storage.known()


def test_days_are_taken_over_once(app):
    changes = special_days.take_over([BRIDGE, AUTUMN])
    assert [str(change) for change in changes.new] == [
        "special day sluitingsdag 2027-05-07 Brugdag",
        "special day schoolvakantie 2026-11-02 Herfstvakantie",
    ]
    assert known() == SpecialDays((AUTUMN, BRIDGE))
    changes = special_days.take_over([BRIDGE, AUTUMN])
    assert (changes.new, changes.changed, changes.removed, len(changes.same)) == ((), (), (), 2)
    assert known() == SpecialDays((AUTUMN, BRIDGE))


def test_days_that_changed_keep_their_row_and_say_what_changed(app):
    special_days.take_over([BRIDGE, AUTUMN])
    ids = [row.id for row in storage.of_kinds(set(SpecialKind))]
    longer = SpecialDay(BRIDGE.kind, BRIDGE.name, BRIDGE.first_day, date(2027, 5, 8), "Stad Gent", "de dag erna")
    changes = special_days.take_over([longer, AUTUMN])
    assert [str(change) for change in changes.changed] == [
        "special day sluitingsdag 2027-05-07 Brugdag (last_day, rule, source)"
    ]
    assert known() == SpecialDays((AUTUMN, longer))
    assert [row.id for row in storage.of_kinds(set(SpecialKind))] == ids


def test_days_of_a_named_kind_that_are_gone_are_removed(app):
    special_days.take_over([BRIDGE, closing("2027-07-11"), AUTUMN])
    changes = special_days.take_over([closing("2027-07-11")])
    assert [str(change) for change in changes.removed] == ["special day sluitingsdag 2027-05-07 Brugdag"]
    assert known() == SpecialDays((AUTUMN, closing("2027-07-11")))


def test_days_are_not_kept_in_a_dry_run(app):
    special_days.take_over([BRIDGE])
    changes = special_days.take_over([closing("2027-05-07", rule="nieuw"), closing("2028-05-26"), AUTUMN], dry_run=True)
    assert (len(changes.new), len(changes.changed), len(changes.removed)) == (2, 1, 0)
    assert known() == SpecialDays((BRIDGE,))


def test_legal_holidays_cover_last_year_to_three_years_ahead(app):
    assert special_days.top_up(datetime(2026, 11, 23, 9, tzinfo=UTC), legal=holidays.legal) == 50
    assert storage.years_of(SpecialKind.LEGAL) == {2025, 2026, 2027, 2028, 2029}
    assert known().is_working(date(2027, 5, 6)) is False
    assert known().is_working(date(2027, 5, 7)) is True


@pytest.mark.parametrize(
    "moment, added",
    [("2026-11-24T09:00Z", 0), ("2026-12-31T22:59Z", 0), ("2026-12-31T23:00Z", 10), ("2028-06-01T09:00Z", 20)],
)
def test_legal_holidays_are_added_when_a_year_begins_in_ghent(app, moment, added):
    special_days.top_up(datetime(2026, 11, 23, 9, tzinfo=UTC), legal=holidays.legal)
    assert special_days.top_up(datetime.fromisoformat(moment), legal=holidays.legal) == added


def test_legal_holidays_of_a_year_that_somebody_changed_stay(app):
    special_days.take_over([SpecialDay(SpecialKind.LEGAL, "Nieuwjaar", date(2027, 1, 1), date(2027, 1, 1), "Stad")])
    assert special_days.top_up(datetime(2026, 11, 23, 9, tzinfo=UTC), legal=holidays.legal) == 40
    assert known().on(date(2027, 12, 25)) == ()


def test_kinds_that_are_there_are_known(app):
    assert storage.is_any_of({SpecialKind.SCHOOL, SpecialKind.LEGAL}) is False
    special_days.take_over([AUTUMN])
    assert storage.is_any_of({SpecialKind.SCHOOL, SpecialKind.LEGAL}) is True
    assert storage.is_any_of({SpecialKind.LEGAL}) is False
