"""Several decide: how many members of a desk must say yes, what their votes come to, and what silence means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from zalenzoeker.domain.deadlines import ANSWER_BEFORE_START
from zalenzoeker.domain.permissions import NotAllowed
from zalenzoeker.domain.slots import to_local, to_utc

USUAL_DAYS = 7
MOST_DAYS = 28
LAST_MINUTE = time(23, 59)


class AdviceKind(StrEnum):
    """What the members of a desk do together.

    NONE: each of them can decide. DECIDES: their votes are the decision. ADVISES: their votes are advice, and the city
    desk decides.
    """

    NONE = "none"
    DECIDES = "decides"
    ADVISES = "advises"


class Silence(StrEnum):
    """What it means that the time to vote ended without an outcome: a yes, a no, or nothing."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


class Outcome(StrEnum):
    """What votes come to. OPEN: it still can be either. NOTHING: the time is over, and nobody was told apart."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


class AdviceNeeded(NotAllowed):
    """Nobody of this desk decides alone: its members vote."""


@dataclass(frozen=True)
class Voting:
    """How a desk votes: so many members must say yes, within so many days, and what silence means."""

    kind: AdviceKind
    needed: int
    days: int
    silence: Silence

    @property
    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "needed": self.needed, "days": self.days, "silence": self.silence.value}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "Voting":
        kind, silence = AdviceKind(written["kind"]), Silence(written["silence"])
        return cls(kind, int(written["needed"]), int(written["days"]), silence)

    def about(self, *, is_exception: bool, is_of_a_member: bool) -> "Voting":
        """How a desk votes about such a request.

        Silence allows no exception to a rule: that takes somebody who says why. Nor is it a yes to one of the desk:
        nobody gets the room because their own people did not look.
        """
        if self.silence is Silence.YES and (is_exception or is_of_a_member):
            return replace(self, silence=Silence.NOTHING)
        return self


@dataclass(frozen=True)
class Tally:
    """How the votes stand. ``may_vote``: how many members can vote; ``needed``: how many of them must say yes."""

    yes: int
    no: int
    may_vote: int
    needed: int

    @property
    def left(self) -> int:
        """How many have not voted yet."""
        return self.may_vote - self.yes - self.no

    def outcome(self, silence: Silence, *, is_over: bool) -> Outcome:
        """What it comes to; ``is_over``: is the time to vote over? Where nobody can vote, silence means nothing."""
        if not self.may_vote:
            return Outcome.NOTHING if is_over else Outcome.OPEN
        if self.yes >= self.needed:
            return Outcome.YES
        if self.yes + self.left < self.needed:
            return Outcome.NO
        return Outcome(silence) if is_over else Outcome.OPEN


def tally(votes: Iterable[bool], *, may_vote: int, needed: int) -> Tally:
    """Count votes (yes is True). More than can vote need not say yes: nobody votes about their own request."""
    cast = list(votes)
    return Tally(sum(cast), len(cast) - sum(cast), may_vote, min(needed, may_vote))


def vote_until(came_at: datetime, days: int, starts_at: datetime) -> datetime:
    """Until when is voted: 23.59 in Ghent on the last of so many days after it came to the desk.

    Two days before the start where that comes first, but never before half of the time until then has passed.
    """
    last_day = to_local(came_at).date() + timedelta(days=days)
    ends = to_utc(datetime.combine(last_day, LAST_MINUTE))
    latest = max(starts_at - ANSWER_BEFORE_START, came_at + (starts_at - came_at) / 2)
    return max(came_at, min(ends, latest))
