"""The round that sends the letters that wait."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from zalenzoeker.domain.letters import (
    GIVE_UP_AFTER,
    GIVE_UP_SOONER,
    SERVER_AWAY_PAUSE,
    NoServer,
    Parcel,
    SendLater,
    SendNever,
    next_try,
)
from zalenzoeker.storage import outbox
from zalenzoeker.storage.db import write_unit


def deliver_waiting(
    *,
    send: Callable[[Parcel], None],
    now: Callable[[], datetime],
    chance: Random,
    limit: int = 50,
    keeps_secrets: bool = False,
) -> int:
    """Send what is due, each letter claimed before and marked after, never sent inside a transaction.

    ``send`` raises SendLater or SendNever about a letter, or NoServer, which ends the round and is raised. Returns how
    many left the house. A worker killed between sending and marking leaves a lease that ends: the letter goes again,
    with the same Message-ID. ``keeps_secrets``: codes stay readable here, for the letter box of a demonstration.
    """
    count = 0
    for _ in range(limit):
        with write_unit():
            parcel = outbox.claim(now())
        if parcel is None:
            break
        try:
            send(parcel)
        except SendNever as error:
            _mark_failed(parcel, str(error), None)
        except SendLater as error:
            _mark_failed(parcel, str(error), _next_try(parcel, now(), chance))
        except NoServer as error:
            with write_unit():
                outbox.unclaim(parcel.code, str(error), now() + SERVER_AWAY_PAUSE)
            raise
        else:
            with write_unit():
                outbox.sent(parcel, now(), keeps_secret=keeps_secrets)
            count += 1
    return count


def _next_try(parcel: Parcel, now: datetime, chance: Random) -> datetime | None:
    patience = GIVE_UP_SOONER.get(parcel.kind, GIVE_UP_AFTER)
    return next_try(outbox.tries_of(parcel.code), parcel.created_at, now, chance, give_up_after=patience)


def _mark_failed(parcel: Parcel, reason: str, next_try_at: datetime | None) -> None:
    with write_unit():
        outbox.failed(parcel.code, reason, next_try_at)
        if next_try_at is None:
            outbox.forget_secret(parcel)
