"""The weekly letter for residents: when it goes out, of which days it tells, and what of it somebody chose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zalenzoeker.domain.activities import Theme
from zalenzoeker.domain.programme import midnight
from zalenzoeker.domain.slots import epoch, to_local, to_utc

# Thursday morning: what a house adds for the weekend stands there by then, and who reads it can still plan the weekend.
SENT_ON, SENT_AT = 3, time(7)
WEEK = timedelta(days=7)
# One day more than a week: who reads on Thursday that something is on that morning learns it a week before as well.
REACHES = timedelta(days=8)
# So a letter stays short enough to be read, and mail programs show all of it.
MOST_TOLD = 40
# Who asked for the letter has so long to confirm it; then the address is forgotten.
CONFIRM_WITHIN = timedelta(days=7)
# An old letter ends the subscription as well as the newest one.
LINKS_KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Choices:
    """What somebody wants to read of: slugs of neighbourhoods, and themes; none of them means all of them."""

    neighbourhoods: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def fits(self, neighbourhood: str, theme: Theme | None) -> bool:
        """Whether something of this theme in this neighbourhood is told of."""
        is_near = not self.neighbourhoods or neighbourhood in self.neighbourhoods
        return is_near and (not self.themes or theme in self.themes)

    def as_json(self) -> dict[str, list[str]]:
        return {"neighbourhoods": [*self.neighbourhoods], "themes": [*self.themes]}

    @classmethod
    def from_json(cls, kept: dict[str, list[str]]) -> "Choices":
        return cls(tuple(kept["neighbourhoods"]), tuple(kept["themes"]))


def known_only(choices: Choices, neighbourhoods: Collection[str]) -> Choices:
    """The same without what is not there: a neighbourhood of another city, a theme of another year."""
    themes = {theme.value for theme in Theme}
    return Choices(
        tuple(one for one in choices.neighbourhoods if one in neighbourhoods),
        tuple(one for one in choices.themes if one in themes),
    )


def issue_of(now: datetime) -> date:
    """The Thursday whose letter is the newest at an aware moment: it is one until seven o'clock of the next Thursday.

    After a standstill that letter still goes out, of the days that are left; the ones missed before it never do.
    """
    local = to_local(now)
    day = local.date() - timedelta(days=(local.weekday() - SENT_ON) % 7)
    return day - WEEK if datetime.combine(day, SENT_AT) > local else day


def next_issue(now: datetime) -> date:
    return issue_of(now) + WEEK


def days_told(issue: date, now: datetime) -> tuple[int, int]:
    """From when until when the letter tells what is on, in epoch seconds: what is over by then is left out."""
    begins = epoch(to_utc(datetime.combine(issue, SENT_AT)))
    return max(begins, epoch(now)), midnight(issue + REACHES)
