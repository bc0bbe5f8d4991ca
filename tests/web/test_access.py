"""What limits count by, and where somebody is led after signing in."""

import secrets
import string

import pytest

from zalenzoeker.web.access import LONGEST_WAY_BACK, network_of, way_back


@pytest.mark.parametrize(
    "address,network",
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("192.0.2.7:4321", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_limits_count_by_household_and_never_by_what_a_client_can_vary(address, network):
    assert network_of(address) == network


def test_way_back_that_would_not_fit_in_a_cookie_is_left(app):
    with app.test_request_context():
        assert way_back("/" + "a" * (LONGEST_WAY_BACK - 1)) == "/" + "a" * (LONGEST_WAY_BACK - 1)
        assert way_back("/" + "a" * LONGEST_WAY_BACK) == "/mijn"


def test_way_back_to_a_series_of_sixty_dates_fits_in_a_cookie(app):
    days = [f"2027-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 11)]
    series = "/aanvragen/nieuw?zaal=open-huis-drongen/zaal&" + "&".join(f"datum={day}T19:00/22:00" for day in days)
    with app.test_request_context():
        assert way_back(series) == series


def test_way_back_that_no_cookie_can_hold_is_let_go(app):
    noise = "/" + "".join(secrets.choice(string.ascii_letters) for _ in range(3000))
    with app.test_request_context():
        assert way_back(noise) == "/mijn"
