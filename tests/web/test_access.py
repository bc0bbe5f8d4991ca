"""What limits count by, and where somebody is led after signing in."""

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
