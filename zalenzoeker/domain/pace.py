"""How often something may be fetched, as one number for each who fetches: when they have nothing left to wait for."""

import math

from zalenzoeker.domain.limits import Limit


def fetched(settled_at: float, now: float, limit: Limit) -> tuple[float, int]:
    """One more fetch; all moments in seconds. ``settled_at``: when all fetches so far are paid for, at an even pace.

    Returns what it is from now on and for how many whole seconds the fetch must wait: 0 means that it may go on. A
    refused fetch is not counted. A moment that this limit cannot have made, by a clock that was set back or by another
    limit before, counts for nothing.
    """
    window = limit.window.total_seconds()
    step = window / limit.count
    owed = settled_at - now if now < settled_at <= now + window else 0.0
    if owed + step > window + step / 1000:
        return settled_at, math.ceil(owed + step - window)
    return now + owed + step, 0
