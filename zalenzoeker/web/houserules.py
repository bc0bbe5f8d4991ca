"""The rules of a house in plain words, for its rooms and for the form."""

from flask_babel import gettext as _

from zalenzoeker.domain.availability import Code
from zalenzoeker.domain.rules import HouseRules, RuleName
from zalenzoeker.web.dates import month_day


def spoken(rules: HouseRules) -> list[tuple[str, str]]:
    """The rules of the house in plain words, each with its icon."""
    said: list[tuple[str, str]] = [
        (
            "calendar",
            _(
                "Ask at least %(days)s days and at most %(months)s months ahead",
                days=rules.lead_days,
                months=rules.horizon_months,
            ),
        ),
        ("house", _("The house's own programme always goes first")),
        ("broom", _("You set up, tidy and clean yourself")),
        ("people", _("You do not pass the room on to anybody else")),
    ]
    if Code.TOO_SOON in rules.exceptions:
        said.insert(1, ("chat", _("Later than that? Ask for an exception, with your reason")))
    if season := rules.rule(RuleName.CLOSED_SEASON).value:
        closed = _(
            "Closed every year from %(first)s to %(last)s", first=month_day(season[0]), last=month_day(season[1])
        )
        said.insert(0, ("heating", closed))
    return said
