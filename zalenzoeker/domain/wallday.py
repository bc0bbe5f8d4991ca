"""A day on the wall clock as plain numbers, for who must compare hundreds of stretches in one page."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from zalenzoeker.domain.slots import BRUSSELS, DAY, NotASlot, Slot, epoch, to_utc

HOUR = 3600
# A day goes on until six in the next morning: an evening may end then.
LONGEST_DAY = 30 * 60


@dataclass(frozen=True)
class WallDay:
    """A local day in epoch seconds: its midnight, and the moment at which the clock jumps by so many minutes."""

    day: date
    midnight: int
    jumps_at: int
    jump: int

    def minute(self, seconds: int) -> int:
        """What the clock shows at a moment, in minutes since this midnight; whole minutes, rounded down."""
        minutes = (seconds - self.midnight) // 60
        return minutes + self.jump if seconds >= self.jumps_at else minutes

    def seconds(self, minute: int) -> int:
        """The moment at which the clock shows so many minutes since this midnight; the first one, where there are two.

        A minute that the clock skips counts as the one an hour later, as ``to_utc`` does.
        """
        seconds = self.midnight + minute * 60
        return seconds - self.jump * 60 if seconds - max(0, self.jump) * 60 >= self.jumps_at else seconds

    @property
    def span(self) -> tuple[int, int]:
        """From midnight until six in the next morning, in epoch seconds."""
        return self.midnight, self.seconds(LONGEST_DAY)

    def slot(self, from_minute: int, to_minute: int) -> Slot | None:
        """The slot between two minutes, or None where the clock does not show one of them exactly once."""
        midnight = datetime.combine(self.day, time())
        starts, ends = midnight + timedelta(minutes=from_minute), midnight + timedelta(minutes=to_minute)
        if self.jump == 0:
            return Slot(starts, ends)
        try:
            return Slot.between(starts, ends)
        except NotASlot:
            return None


@lru_cache(maxsize=1024)
def wall_day(day: date, zone: str = BRUSSELS) -> WallDay:
    """The clock of one day, until six in the next morning."""
    midnight = epoch(to_utc(datetime.combine(day, time()), zone))
    end = epoch(to_utc(datetime.combine(day + timedelta(days=1), time(6)), zone))
    jump = (LONGEST_DAY * 60 - (end - midnight)) // 60
    if not jump:
        return WallDay(day, midnight, jumps_at=end + DAY * 60, jump=0)
    return WallDay(day, midnight, _jump_between(day, midnight, jump, zone), jump)


def _jump_between(day: date, midnight: int, jump: int, zone: str) -> int:
    """The moment of the jump: the first hour on the clock that is not where it would be without one."""
    start = datetime.combine(day, time())
    for hour in range(1, 31):
        naive = midnight + hour * HOUR
        if epoch(to_utc(start + timedelta(hours=hour), zone)) != naive:
            return naive - max(0, jump) * 60
    return midnight
